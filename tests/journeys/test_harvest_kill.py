"""A harvest that is killed at any moment and started again ends where an undisturbed one does."""

import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from tests import arxiv_answers
from tests.site import Site
from tests.source_server import Answer, Request, Source, source

pytestmark = [pytest.mark.long, pytest.mark.processes]

A_PAGE = 25
SUBMITTED = datetime(2026, 11, 5, 12, tzinfo=UTC)

STATE = """
import json
from papersite.catalogue.models import Paper
papers = [
    [p.arxiv_id, p.title, p.abstract, round(p.heat, 4), p.sources, p.versions, p.needs_sorting,
     sorted(c.code for c in p.categories.all()), [a.author.name for a in p.authorships.all()],
     sorted([t.topic.slug, t.why] for t in p.paper_topics.select_related("topic"))]
    for p in Paper.objects.order_by("arxiv_id").prefetch_related("categories", "authorships__author")
]
print(json.dumps(papers))
"""


def page_of(category: str, number: int, pages: int) -> Answer:
    """A page of the so many in a category's set, in a little while, so that there is something to interrupt."""
    first = {"stat.ML": 0, "stat.ME": 5000}[category] + number * A_PAGE
    records = [
        arxiv_answers.archive_record(
            f"2611.{first + step:05}", SUBMITTED + timedelta(minutes=step), categories=category
        )
        for step in range(A_PAGE)
    ]
    token = f"{category} {number + 1}" if number + 1 < pages else ""
    return Answer(arxiv_answers.archive(records, token), stalls=0.05)


def answer(request: Request, pages: int) -> Answer:
    if token := request.query.get("resumptionToken"):
        category, _, number = token.partition(" ")
        return page_of(category, int(number), pages)
    category = request.query["set"].rpartition(":")[2]
    if category not in ("ML", "ME"):
        return Answer(arxiv_answers.archive([], error="noRecordsMatch"))
    return page_of(f"stat.{category}", 0, pages)


@pytest.fixture
def served(pages: int) -> Iterator[Source]:
    with source(partial(answer, pages=pages)) as served:
        yield served


@pytest.fixture
def sites(tmp_path: Path, served: Source) -> Iterator[tuple[Site, Site]]:
    found = []
    for name in ("undisturbed", "killed"):
        (tmp_path / name).mkdir()
        site = Site(
            tmp_path / name,
            ARXIV_OAI_URL=f"{served.url}/oai", ARXIV_ARCHIVES="stat", ARXIV_PAUSE_SECONDS="0.01",
            HARVEST_LEASE_SECONDS="1",
        )  # fmt: skip
        site.manage("load_topics")
        found.append(site)
    yield found[0], found[1]
    for site in found:
        site.close()


HARVEST = ("harvest", "arxiv-oai", "--since", "2026-11-01")


@pytest.mark.parametrize(("kills", "pages"), [(10, 12)])
def test_a_harvest_that_is_killed_ends_as_an_undisturbed_one(
    sites: tuple[Site, Site], served: Source, kills: int, pages: int
) -> None:
    undisturbed, killed = sites
    undisturbed.manage(*HARVEST)
    chance = random.Random(20261124)

    for _ in range(kills):
        interrupt(killed, served, after=chance.choice((1, 2)), pause=chance.uniform(0, 0.15))
    finish(killed)

    assert killed.python(STATE) == undisturbed.python(STATE)
    assert len(killed.python(STATE)) == 2 * pages * A_PAGE


def interrupt(site: Site, served: Source, *, after: int, pause: float) -> None:
    """Kills a run a little after it asked for so many pages: while it waits, reads or writes."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        before = len(served.requests)
        process = site.start(*HARVEST)
        while len(served.requests) < before + after and process.poll() is None:
            time.sleep(0.01)
        time.sleep(pause)
        if process.poll() is None:
            site.kill(process)
            return
        # The run before still held its lease.
    raise AssertionError((site.folder / "processes.log").read_text()[-2000:])


def finish(site: Site) -> None:
    """Starts again until a run comes to its end."""
    deadline = time.monotonic() + 60
    while site.start(*HARVEST).wait(60):
        assert time.monotonic() < deadline, (site.folder / "processes.log").read_text()[-2000:]
