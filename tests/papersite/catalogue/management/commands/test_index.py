"""The index by hand, and in step for as long as the site runs."""

import io
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from papersite.catalogue import revisions
from papersite.catalogue.models import Paper
from papersite.catalogue.search.folder import Folder
from papersite.catalogue.search.writing import Report, compare
from tests.factories import PaperFactory
from tests.site import Site, wait_until

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_pulse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its thread would go on beating in the tests that come after."""
    monkeypatch.setattr("papersite.observability.heartbeats.Pulse.start", lambda pulse: None)


Index = Callable[[], Report]


def run(*arguments: str) -> str:
    output = io.StringIO()
    call_command("index", *arguments, stdout=output)
    return re.sub("seconds=[0-9.]+", "seconds=…", output.getvalue())


def test_index_says_what_it_wrote(index: Index) -> None:
    paper, other = PaperFactory.create_batch(2)

    assert run() == "written=2 removed=0 seconds=… rebuilt\n"
    revisions.mark([paper.pk, other.pk])
    Paper.objects.filter(pk=paper.pk).update(is_hidden=True)
    assert run() == "written=1 removed=1 seconds=…\n"
    assert run() == "written=0 removed=0 seconds=…\n"


def test_index_rebuild_begins_anew(index: Index, settings: Any) -> None:
    index()
    PaperFactory.create()

    assert run("--rebuild") == "written=1 removed=0 seconds=… rebuilt\n"
    assert compare(Folder(settings.INDEX_DIR)).missing == []


def test_index_check_finds_no_difference(index: Index) -> None:
    PaperFactory.create_batch(2)
    index()

    assert run("--check") == "papers=2 missing=0 left=0 stale=0\n"


def test_index_check_names_what_differs_and_fails(index: Index) -> None:
    stale, left = PaperFactory.create_batch(2)
    index()
    missing = PaperFactory.create()
    Paper.objects.filter(pk=stale.pk).update(title="Otherwise")
    Paper.objects.filter(pk=left.pk).update(is_hidden=True)
    output = io.StringIO()

    with pytest.raises(CommandError, match=r"The index differs from the database; “manage\.py index --rebuild”"):
        call_command("index", "--check", stdout=output)

    assert output.getvalue().splitlines() == [
        "papers=2 missing=1 left=1 stale=1", f"  missing: {missing.pk}", f"  left: {left.pk}", f"  stale: {stale.pk}",
    ]  # fmt: skip


def test_index_check_names_only_the_first_of_many(index: Index) -> None:
    index()
    papers = PaperFactory.create_batch(21)
    output = io.StringIO()

    with pytest.raises(CommandError):
        call_command("index", "--check", stdout=output)

    assert output.getvalue().splitlines()[1] == f"  missing: {', '.join(str(paper.pk) for paper in papers[:20])} …"


def test_index_check_without_an_index_says_what_to_do(settings: Any, tmp_path: Path) -> None:
    settings.INDEX_DIR = tmp_path

    with pytest.raises(CommandError, match=r"Run “manage\.py index”"):
        call_command("index", "--check")


@pytest.mark.parametrize("arguments", [[], ["--follow"]])
def test_a_second_writer_is_told_who_the_first_is(index: Index, settings: Any, arguments: list[str]) -> None:
    with (
        Folder(settings.INDEX_DIR).locked(),
        pytest.raises(CommandError, match=r"^Process \d+ is writing this index already\. One index has one writer\.$"),
    ):
        call_command("index", *arguments)


def test_a_rebuild_beside_another_writer_is_left_to_that_one(index: Index, settings: Any) -> None:
    PaperFactory.create()
    index()
    with Folder(settings.INDEX_DIR).locked():
        told = run("--rebuild")

    assert told == f"Process {os.getpid()} is writing this index already. It will build it anew.\n"
    assert index().was_rebuilt
    assert not index().was_rebuilt


def test_index_does_one_thing_at_a_time() -> None:
    with pytest.raises(CommandError, match="not allowed with argument"):
        call_command("index", "--rebuild", "--check")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    yield site
    site.close()


ADD_AND_FIND = """
import json, time
from django.utils import timezone
from papersite.catalogue import ingest
from papersite.catalogue.sources.records import SourcePaper
ingest.run([SourcePaper(place="1", title="A graph of its own", abstract="An abstract.")], source="test")
from papersite.catalogue.search import results
found, until = [], time.monotonic() + 20
while not found and time.monotonic() < until:
    time.sleep(0.1)
    found = [paper.title for paper in results.search("graph", timezone.now()).papers]
print(json.dumps(found))
"""


@pytest.mark.long
@pytest.mark.processes
def test_index_follow_picks_up_what_changes_and_ends_when_asked(site: Site) -> None:
    folder = Folder(site.folder / "data" / "index")
    process = site.start("index", "--follow")
    wait_until(lambda: folder.current() is not None, 20, "the first index")

    found = site.python(ADD_AND_FIND)
    process.terminate()

    assert (found, process.wait(20)) == (["A graph of its own"], 0)
