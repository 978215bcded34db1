"""Live runs: from where the last one stopped, one at a time, and nothing lost when one breaks."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from papersite.catalogue.harvesting import runs
from papersite.catalogue.harvesting.huggingface import harvest
from papersite.catalogue.harvesting.runs import AlreadyRunning
from papersite.catalogue.models import Harvest, Paper
from papersite.catalogue.sources.records import SourceError
from tests.factories import NOW
from tests.source_server import Answer, Request, source

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_week_later")]


def entry(day: str, number: int = 1, upvotes: int = 3) -> dict[str, Any]:
    return {
        "paper": {
            "id": f"26{day[5:7]}.{day[8:10]}{number:03}", "title": f"Paper {number} of {day}", "summary": "About it.",
            "submittedOnDailyAt": f"{day}T00:00:00.000Z", "upvotes": upvotes,
        }
    }  # fmt: skip


def one_a_day(request: Request) -> Answer:
    assert request.path == "/api/daily_papers"
    return Answer(json.dumps([entry(request.query["date"])]))


def days(requests: list[Request]) -> list[str]:
    return [request.query["date"] for request in requests]


def test_the_first_run_reads_two_weeks_and_keeps_its_cursor(settings: Any) -> None:
    with source(one_a_day) as served:
        settings.HUGGINGFACE_URL = served.url
        report = harvest(NOW)

    assert str(report) == "seen=15 created=15 updated=0 rejected=0"
    assert (days(served.requests)[0], days(served.requests)[-1]) == ("2026-11-09", "2026-11-23")
    run = Harvest.objects.get()
    assert (run.source, run.is_live, run.cursor, run.seen, run.error) == (
        "huggingface",
        True,
        '{"day": "2026-11-23"}',
        15,
        "",
    )
    assert run.finished_at is not None


def test_the_next_run_goes_on_and_reads_the_last_days_again_for_their_upvotes(settings: Any) -> None:
    with source(one_a_day) as served:
        settings.HUGGINGFACE_URL = served.url
        harvest(NOW)
    with source(lambda request: Answer(json.dumps([entry(request.query["date"], upvotes=9)]))) as served:
        settings.HUGGINGFACE_URL = served.url
        report = harvest(NOW + timedelta(days=1))

    assert days(served.requests) == ["2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23", "2026-11-24"]
    assert str(report) == "seen=5 created=1 updated=4 rejected=0"


def test_after_a_clock_that_was_set_back_the_last_days_are_read(settings: Any) -> None:
    with source(one_a_day) as served:
        settings.HUGGINGFACE_URL = served.url
        harvest(NOW + timedelta(days=400), period="2026-11-23")
        Harvest.objects.update(cursor='{"day": "2027-12-28"}')
        served.requests.clear()
        harvest(NOW)

    assert days(served.requests) == ["2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23"]
    assert json.loads(Harvest.objects.order_by("-pk")[0].cursor) == {"day": "2026-11-23"}


def test_a_full_day_is_read_page_by_page(settings: Any) -> None:
    def answer(request: Request) -> Answer:
        if request.query["date"] != "2026-11-23":
            return Answer("[]")
        first = 100 * int(request.query["p"])
        return Answer(json.dumps([entry("2026-11-23", number) for number in range(first, min(first + 100, 250))]))

    with source(answer) as served:
        settings.HUGGINGFACE_URL = served.url
        report = harvest(NOW)

    assert report.created == 250
    assert [request.query["p"] for request in served.requests if request.query["date"] == "2026-11-23"] == [
        "0",
        "1",
        "2",
    ]
    assert {request.query["limit"] for request in served.requests} == {"100"}


@pytest.mark.long
@pytest.mark.parametrize(
    "fault", [Answer(status=404), Answer("<html>Busy.</html>"), Answer('[{"paper": '), Answer("{}")]
)
def test_a_run_that_breaks_keeps_what_it_read_and_the_next_goes_on(settings: Any, fault: Answer) -> None:
    def answer(request: Request) -> Answer:
        return fault if request.query["date"] == "2026-11-12" else one_a_day(request)

    with source(answer) as served:
        settings.HUGGINGFACE_URL = served.url
        with pytest.raises(SourceError):
            harvest(NOW)

    broken = Harvest.objects.get()
    assert (broken.cursor, broken.seen, Paper.objects.count()) == ('{"day": "2026-11-11"}', 3, 3)
    assert broken.error != ""
    with source(one_a_day) as served:
        settings.HUGGINGFACE_URL = served.url
        harvest(NOW)
    assert days(served.requests)[0] == "2026-11-08"
    assert Paper.objects.count() == 16


def test_a_record_that_cannot_be_used_stops_nothing_and_is_kept_once(settings: Any) -> None:
    def answer(request: Request) -> Answer:
        return Answer(json.dumps([{"paper": {"id": "2611.00001"}}, entry(request.query["date"])]))

    with source(answer) as served:
        settings.HUGGINGFACE_URL = served.url
        harvest(NOW)

    run = Harvest.objects.get()
    assert (run.created, run.rejected, run.rejects.count()) == (15, 15, 15)


def test_two_runs_of_a_source_never_overlap(settings: Any) -> None:
    Harvest.objects.create(source="huggingface", is_live=True, alive_until=timezone.now() + timedelta(minutes=5))

    with source(one_a_day) as served:
        settings.HUGGINGFACE_URL = served.url
        with pytest.raises(AlreadyRunning, match="A run of huggingface is under way"):
            harvest(NOW)

    assert served.requests == []


def test_a_run_that_was_killed_makes_room_and_its_cursor_counts(settings: Any) -> None:
    killed = Harvest.objects.create(
        source="huggingface",
        is_live=True,
        started_at=NOW,
        alive_until=timezone.now() - timedelta(seconds=1),
        cursor='{"day": "2026-11-20"}',
    )

    with source(one_a_day) as served:
        settings.HUGGINGFACE_URL = served.url
        harvest(NOW)

    killed.refresh_from_db()
    assert killed.error == runs.LOST
    assert days(served.requests)[0] == "2026-11-17"
