"""Which repositories to ask about, and what the answers do."""

from dataclasses import replace
from datetime import timedelta

import pytest

from papersite.catalogue import repositories
from papersite.catalogue.models import Paper, Reading, Repository
from papersite.catalogue.sources.records import SourceRepository
from tests.factories import NOW, PaperFactory

pytestmark = pytest.mark.django_db
URL = "https://github.com/a/b"
TOLD = SourceRepository(URL, full_url=URL, stars=120, week_stars=7, etag='"one"')


def due() -> list[str]:
    return [row.url for row in repositories.due(NOW)]


def test_due_are_those_of_recent_papers_once_each_and_the_longest_unasked_first() -> None:
    for path, days_ago in (("a/b", 0), ("a/b", 3), ("c/d", 5), ("old/one", 200)):
        PaperFactory.create(code_url=f"https://github.com/{path}", announced_at=NOW - timedelta(days=days_ago))
    PaperFactory.create(code_url="https://gitlab.example/x/y")
    PaperFactory.create(code_url="https://github.com/e/f", is_hidden=True)
    Repository.objects.create(url=URL, asked_at=NOW - timedelta(days=2))

    assert due() == ["https://github.com/c/d", URL]


def test_what_was_asked_today_or_is_gone_waits() -> None:
    for path, hours, is_gone in (("a/today", 5, False), ("b/gone", 48, True), ("c/long-gone", 24 * 20, True)):
        url = f"https://github.com/{path}"
        PaperFactory.create(code_url=url)
        Repository.objects.create(url=url, asked_at=NOW - timedelta(hours=hours), is_gone=is_gone)

    assert due() == ["https://github.com/c/long-gone"]


def test_what_was_asked_before_the_clock_was_set_back_is_asked_again() -> None:
    PaperFactory.create(code_url=URL)
    Repository.objects.create(url=URL, asked_at=NOW + timedelta(days=300))

    assert due() == [URL]


def test_keep_moves_the_papers_at_once_and_keeps_a_reading() -> None:
    paper = PaperFactory.create(code_url=URL)
    repositories.due(NOW)

    assert repositories.keep(TOLD, NOW) == 1
    assert repositories.keep(TOLD, NOW) == 0

    found = Paper.objects.get()
    assert (found.github_stars, found.github_week) == (120, 7)
    assert found.heat == pytest.approx(paper.heat + 9)
    assert list(Reading.objects.values_list("signal", "value")) == [("github_stars", 120)]


def test_stars_of_a_week_come_from_our_own_readings_where_github_refuses_its_own() -> None:
    paper = PaperFactory.create(code_url=URL)
    Reading.objects.create(paper=paper, signal="github_stars", day=(NOW - timedelta(days=8)).date(), value=100)
    repositories.due(NOW)

    repositories.keep(replace(TOLD, week_stars=None), NOW)

    assert Paper.objects.get().github_week == 20


def test_an_unchanged_answer_keeps_the_count() -> None:
    PaperFactory.create(code_url=URL)
    repositories.due(NOW)
    repositories.keep(TOLD, NOW)

    repositories.keep(SourceRepository(URL, week_stars=31, etag='"one"'), NOW)

    assert (Paper.objects.get().github_stars, Paper.objects.get().github_week) == (120, 31)
    assert Repository.objects.get().stars == 120


def test_a_repository_that_vanished_lifts_nobody_and_keeps_its_last_count() -> None:
    paper = PaperFactory.create(code_url=URL)
    repositories.due(NOW)
    repositories.keep(TOLD, NOW)

    repositories.keep(SourceRepository(URL, is_gone=True), NOW)

    found = Paper.objects.get()
    assert (found.github_stars, found.github_week) == (120, None)
    assert found.heat == pytest.approx(paper.heat)
    row = repositories.state_of(repositories.with_state(Paper.objects.all()).get())
    assert row is not None
    assert row.is_gone


def test_a_rename_is_remembered_and_the_link_stays_as_the_authors_gave_it() -> None:
    PaperFactory.create(code_url=URL)
    repositories.due(NOW)

    repositories.keep(replace(TOLD, full_url="https://github.com/c/d", is_archived=True), NOW)

    row = Repository.objects.get()
    assert (row.renamed_to, row.is_archived, Paper.objects.get().code_url) == ("https://github.com/c/d", True, URL)


def days_ago(days: int, value: int) -> Reading:
    paper = Paper.objects.get()
    return Reading(paper=paper, signal=Reading.Signal.GITHUB_STARS, day=NOW.date() - timedelta(days=days), value=value)


@pytest.mark.parametrize(
    ("told", "stars", "week"),
    [
        ([(10, 7000), (8, 0), (7, 0), (1, 7005)], 7005, 5),
        ([(10, 7000), (9, 12), (7, 7002)], 7005, 3),
        ([(8, 0), (7, 0), (1, 7005)], 7005, None),
        ([(7, 0), (3, 2), (1, 10)], 40, 40),
        ([(7, 100), (3, 0), (1, 104)], 105, 5),
        ([(7, 7000)], 6990, 0),
        ([(1, 7000)], 7005, None),
    ],
)
def test_a_source_that_fails_for_days_makes_no_star_count_jump(
    told: list[tuple[int, int]], stars: int, week: int | None
) -> None:
    PaperFactory.create(code_url=URL, announced_at=NOW)
    Repository.objects.create(url=URL)
    Reading.objects.bulk_create([days_ago(days, value) for days, value in told])

    repositories.keep(replace(TOLD, stars=stars, week_stars=None), NOW)

    assert Paper.objects.get().github_week == week
