"""What papers earned, and when."""

from datetime import date, timedelta
from typing import Any

import pytest

from papersite.catalogue import ingest, votes
from papersite.catalogue.heat import signals
from papersite.catalogue.models import Paper, Reading, Vote
from papersite.catalogue.sources.records import SourcePaper
from tests.factories import NOW, PaperFactory, UserFactory

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)


def read(paper: Paper, days_ago: int, value: int, signal: str = "hf_upvotes") -> None:
    Reading.objects.create(paper=paper, signal=signal, day=MONDAY - days_ago * DAY, value=value)


def earned(first: date = MONDAY, days: int = 7) -> dict[int, dict[str, int]]:
    return signals.earned(first, first + days * DAY)


def test_a_run_keeps_one_reading_a_day_and_the_highest() -> None:
    def tell(upvotes: int, hours: int) -> None:
        told = SourcePaper(
            place="x",
            source="huggingface",
            title="One",
            abstract="It.",
            hf_upvotes=upvotes,
            observed_at=NOW + timedelta(hours=hours),
        )
        ingest.run([told], source="test")

    for upvotes, hours in ((3, 0), (9, 1), (8, 2), (12, 24)):
        tell(upvotes, hours)

    assert list(Reading.objects.values_list("day", "value")) == [(MONDAY, 9), (MONDAY + DAY, 12)]


def test_readings_that_are_there_cost_no_write(django_assert_num_queries: Any) -> None:
    paper = PaperFactory.create()
    told = SourcePaper(place="x", title="One", hf_upvotes=3, github_stars=5, observed_at=NOW)
    signals.keep_readings([(paper, told)])

    with django_assert_num_queries(1):
        signals.keep_readings([(paper, told)])


def test_a_new_paper_earned_all_its_upvotes_and_an_old_one_its_growth() -> None:
    new, old, unseen = (
        PaperFactory.create(),
        PaperFactory.create(announced_at=NOW - 40 * DAY),
        PaperFactory.create(announced_at=NOW - 40 * DAY),
    )
    read(new, 0, 20)
    read(old, 3, 100)
    read(old, 0, 130)
    read(unseen, 0, 500)

    assert earned() == {new.pk: {"hf_upvotes": 20}, old.pk: {"hf_upvotes": 30}}


def test_stars_count_as_growth_alone() -> None:
    paper = PaperFactory.create()
    read(paper, 0, 5000, "github_stars")
    read(paper, -2, 5040, "github_stars")

    assert earned() == {paper.pk: {"github_week": 40}}


def test_votes_count_when_they_were_first_cast_and_while_they_stand() -> None:
    paper, hidden = PaperFactory.create(), PaperFactory.create()
    for days_ago in (0, 1, 9):
        Vote.objects.create(paper=paper, reader=UserFactory.create(), voted_at=NOW - days_ago * DAY)
    Vote.objects.create(paper=paper, reader=UserFactory.create(), voted_at=NOW, taken_back_at=NOW)
    Vote.objects.create(paper=paper, reader=UserFactory.create(), voted_at=NOW, is_counted=False)
    Vote.objects.create(paper=hidden, reader=UserFactory.create(), voted_at=NOW)
    Paper.objects.filter(pk=hidden.pk).update(is_hidden=True)

    assert earned() == {paper.pk: {"vote_count": 1}}
    assert earned(MONDAY - 6 * DAY, 7) == {paper.pk: {"vote_count": 2}}


def test_series_add_up_votes_and_leave_out_what_never_moved() -> None:
    paper = PaperFactory.create(vote_count=3)
    for days_ago in (2, 2, 0):
        Vote.objects.create(paper=paper, reader=UserFactory.create(), voted_at=NOW - days_ago * DAY)
    read(paper, 1, 0, "github_stars")
    read(paper, 1, 7)

    found = {one.signal: one.points for one in signals.series(paper)}

    assert found == {"vote_count": ((MONDAY - 2 * DAY, 2), (MONDAY, 3)), "hf_upvotes": ((MONDAY - DAY, 7),)}


def test_a_vote_cast_again_next_week_is_not_earned_again() -> None:
    paper, reader = PaperFactory.create(), UserFactory.create()
    Vote.objects.create(paper=paper, reader=reader, voted_at=NOW - 9 * DAY)

    votes.take_back(paper, reader)
    votes.cast(paper, reader)

    assert earned() == {}
