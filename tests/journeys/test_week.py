"""A week of arXiv, Hugging Face and GitHub with all its faults: the catalogue ends up complete."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine

from papersite.catalogue import harvesting
from papersite.catalogue.calendar import EASTERN, announced_for, announcements
from papersite.catalogue.harvesting.huggingface import DAYS_AGAIN
from papersite.catalogue.models import Harvest, Paper, Reject
from papersite.catalogue.sources.records import SourceError
from tests import arxiv_answers
from tests.source_server import Answer, Request, source

pytestmark = [pytest.mark.long, pytest.mark.django_db]

MONDAY = date(2026, 11, 9)
PAPERS_A_DAY = 6


def midnight(day: date) -> datetime:
    """At which arXiv dates the feed of a day."""
    return datetime.combine(day, time(), tzinfo=EASTERN).astimezone(UTC)


def at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=UTC)


def ids_of(day: date) -> list[str]:
    """The papers in the feed of a day: those announced the evening before."""
    return [f"2611.{day.day:02}{number:03}" for number in range(PAPERS_A_DAY)]


@dataclass
class World:
    """The three services as they are at ``now``, and the faults that are to come first, by path."""

    now: datetime
    faults: dict[str, list[Answer]] = field(default_factory=dict)
    stars: int = 100

    def answer(self, request: Request) -> Answer:
        kind = next(name for name in ("/atom", "/oai", "/api/daily_papers", "/repos") if request.path.startswith(name))
        if waiting := self.faults.get(kind):
            return waiting.pop(0)
        return {"/atom": self.feed, "/oai": self.archive, "/api/daily_papers": self.daily, "/repos": self.repository}[
            kind
        ](request)

    def day(self) -> date:
        return self.now.astimezone(EASTERN).date()

    def feed(self, request: Request) -> Answer:
        day = self.day()
        has_news = bool(announcements(midnight(day) - timedelta(hours=5), midnight(day)))
        entries = [arxiv_answers.feed_entry(name, midnight(day)) for name in ids_of(day)] if has_news else []
        if day == MONDAY + timedelta(days=3):
            # The first paper of Tuesday comes again, better.
            again = ids_of(MONDAY + timedelta(days=1))[0]
            entries.append(
                arxiv_answers.feed_entry(again, midnight(day), kind="replace", version=2, title="A better title")
            )
        return Answer(arxiv_answers.feed(midnight(day), *entries), headers={"ETag": f'"{day}"'})

    def archive(self, request: Request) -> Answer:
        if request.query["set"] != "cs:cs:LG":
            return Answer(arxiv_answers.archive([], error="noRecordsMatch"))
        since = date.fromisoformat(request.query["from"])
        days = [since + timedelta(days=number) for number in range((self.day() - since).days + 1)]
        records = [
            arxiv_answers.archive_record(name, midnight(day) - timedelta(hours=12), datestamp=str(day))
            for day in days
            for name in ids_of(day)
            if day.weekday() < 5
        ]
        return Answer(arxiv_answers.archive(records))

    def daily(self, request: Request) -> Answer:
        """Each weekday lists two papers of the day before; their upvotes grow by the day."""
        day = date.fromisoformat(request.query["date"])
        if day.weekday() in (5, 6) or day < MONDAY or day > self.day():
            return Answer("[]")
        age = (self.now.date() - day).days
        papers = [
            {
                "paper": {
                    "id": name, "title": f"Paper {name}", "summary": f"About {name}.", "upvotes": 5 + 10 * age,
                    "submittedOnDailyAt": f"{day}T00:00:00.000Z", "githubRepo": f"https://github.com/lab/r{name[-5:]}",
                    "ai_summary": "In short.", "organization": {"fullname": "A Lab"},
                }
            }
            for name in ids_of(day)[:2]
        ]  # fmt: skip
        return Answer(json.dumps([*papers, {"paper": {"id": "not an id", "title": "Bad", "summary": "Bad."}}]))

    def repository(self, request: Request) -> Answer:
        if request.path.endswith("/history"):
            return Answer(
                json.dumps([{"week": int(at(self.now.date(), 0).timestamp()), "days": [7, 0, 0, 0, 0, 0, 0]}])
            )
        name = request.path.removeprefix("/repos/")
        if name.endswith("10000"):
            return Answer("{}", status=404)
        told = {"full_name": name, "html_url": f"https://github.com/{name}", "stargazers_count": self.stars}
        return Answer(json.dumps(told))


@pytest.fixture
def world(settings: Any) -> Iterator[World]:
    world = World(at(MONDAY, 10))
    with source(world.answer) as served:
        settings.ARXIV_FEED_URL = settings.ARXIV_API_URL = settings.HUGGINGFACE_URL = settings.GITHUB_URL = served.url
        settings.ARXIV_OAI_URL = f"{served.url}/oai"
        settings.ARXIV_ARCHIVES = ["cs"]
        settings.ARXIV_PAUSE = 0.0
        settings.HARVEST_ATTEMPTS = 3
        yield world


def play(world: World, day: date, hour: int, *sources: str) -> None:
    """Runs sources at an hour, as beat would; what fails is the next run's to mend."""
    world.now = at(day, hour)
    with time_machine.travel(world.now):
        for name in sources:
            with suppress(SourceError):
                harvesting.SOURCES[name](world.now)


ALL = ("arxiv", "huggingface", "github")


def test_a_week_with_all_its_faults_ends_complete(world: World) -> None:
    days = [MONDAY + timedelta(days=number) for number in range(7)]
    monday, tuesday, _, thursday, friday, saturday, sunday = days
    world.faults = {"/atom": [Answer("", status=503, headers={"Retry-After": "0.01"}), Answer("Rate exceeded.")]}
    play(world, monday, 10, *ALL)

    # An empty feed although arXiv announced, mended an hour later; a list that is no list.
    world.faults = {
        "/atom": [Answer(arxiv_answers.feed(midnight(tuesday)))],
        "/api/daily_papers": [Answer("<html>Busy</html>")],
    }
    play(world, tuesday, 10, *ALL)
    play(world, tuesday, 11, *ALL)

    # Nothing runs on Wednesday. On Thursday the feed is late, then good; GitHub has had enough.
    yesterday = arxiv_answers.feed_entry(ids_of(tuesday)[0], midnight(tuesday))
    world.faults = {
        "/atom": [Answer(arxiv_answers.feed(midnight(tuesday), yesterday))],
        "/oai": [Answer(hangs_up=True)],
        "/repos": [Answer("{}", status=403, headers={"X-RateLimit-Remaining": "0"})],
    }
    play(world, thursday, 10, *ALL)
    play(world, thursday, 12, *ALL)
    play(world, friday, 10, *ALL)
    world.faults = {"/api/daily_papers": [Answer("", status=500), Answer("", status=429)]}
    play(world, saturday, 10, *ALL)
    play(world, sunday, 10, *ALL)

    assert set(Paper.objects.values_list("arxiv_id", flat=True)) == {name for day in days[:5] for name in ids_of(day)}
    check_papers(days[:5])
    check_faults()


def check_papers(days: list[date]) -> None:
    """Each paper once, under its own evening, with what each source knows of it."""
    for day in days:
        for number, name in enumerate(ids_of(day)):
            paper = Paper.objects.get(arxiv_id=name)
            assert paper.announced_at <= announced_for(midnight(day) - timedelta(hours=12))
            assert paper.authorships.count() in (2, 3)
            assert paper.sources == (["arxiv", "huggingface"] if number < 2 else ["arxiv"])
            if number < 2:
                # A list is read again for three days after the newest one that was read.
                age = min((MONDAY + timedelta(days=6) - day).days, 1 + DAYS_AGAIN)
                assert paper.hf_upvotes == 5 + 10 * age
                assert paper.github_stars is None if name.endswith("10000") else paper.github_stars == 100
                assert (paper.summary, paper.organisation) == ("In short.", "A Lab")
    better = Paper.objects.get(arxiv_id=ids_of(days[1])[0])
    assert better.title == "A better title"
    assert better.announced_at < midnight(days[2])


def check_faults() -> None:
    """Every fault stands in a row that a curator can read."""
    said = "\n".join(f"{run.source}: {run.notes} {run.error}" for run in Harvest.objects.all())
    for fault in (
        "answered 503, to be asked again in 0.01 s", "said that it is busy", "empty, though arXiv announces",
        "daily papers of", "not made anew since the announcement", "RemoteProtocolError", "GitHub's quota is used up",
        "answered 500", "answered 429",
    ):  # fmt: skip
        assert fault in said, fault
    assert Harvest.objects.filter(finished_at__isnull=True).count() == 0
    assert set(Reject.objects.values_list("reason", flat=True)) == {"its id is no arXiv id"}
