"""A writer of the search index that is killed at any moment loses no paper and breaks no search."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site import ROOT, Site

pytestmark = [pytest.mark.long, pytest.mark.processes]

PAPERS = 300

# Each line asks for a new process: one that writes until it is killed, or one that searches once.
FORKS = """
import itertools, os, random, sys, traceback
import django
django.setup()
from django.conf import settings
from django.utils import timezone
from papersite.catalogue import curation, ingest
from papersite.catalogue.models import Paper
from papersite.catalogue.sources.records import SourcePaper
from papersite.catalogue.search import writing
from papersite.catalogue.search.finding import Search
from papersite.catalogue.search.folder import Folder
from papersite.catalogue.search.language import parse

folder = Folder(settings.INDEX_DIR)


def take_in(numbers, told):
    papers = [SourcePaper(place="1", title=f"Graph {one}", abstract=f"Told {told}.") for one in numbers]
    ingest.run(papers, source="test", classifies=False)


def write(seed):
    chance = random.Random(seed)
    with writing.writer(folder) as writer:
        for turn in itertools.count(seed):
            print("turn", os.getpid(), flush=True)
            take_in([chance.randrange(2 * PAPERS) for _ in range(10)], chance.random())
            chosen = Paper.objects.filter(title=f"Graph {chance.randrange(PAPERS)}")
            (curation.hide if turn % 2 else curation.show)(chosen)
            writer.rebuild() if turn % 3 == 2 else writer.update()


for line in sys.stdin:
    PAPERS, seed = map(int, line.split())
    if child := os.fork():
        os.waitpid(child, 0)
        continue
    try:
        if seed >= 0:
            write(seed)
        elif not folder.current():
            take_in(range(PAPERS), 0)
            with writing.writer(folder) as writer:
                writer.update()
        print("found", Search(parse("graph sort:new"), timezone.now()).page().total, flush=True)
    except BaseException:
        traceback.print_exc()
        print("found failure", flush=True)
    finally:
        os._exit(0)
"""


class Forks:
    """Processes of a site that begin at once."""

    def __init__(self, site: Site) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", FORKS], cwd=ROOT, env=site.environment, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        site.processes.append(self._process)

    def search(self) -> str:
        """How many papers a fresh process finds."""
        self._ask(-1)
        return self._read("found")

    def write_and_be_killed(self, seed: int, *, turns: int, after: float) -> None:
        """Kills a writer a little after it began one of its turns."""
        self._ask(seed)
        for _ in range(turns):
            writer = int(self._read("turn"))
        time.sleep(after)
        os.kill(writer, signal.SIGKILL)

    def _ask(self, seed: int) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{PAPERS} {seed}\n")
        self._process.stdin.flush()

    def _read(self, word: str) -> str:
        """What stands behind the next line that begins so."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            first, _, rest = line.strip().partition(" ")
            if first == word:
                return rest
        raise AssertionError("the processes of the site ended")

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(20)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    yield site
    site.close()


@pytest.mark.parametrize(("kills", "changes"), [(20, 10)])
def test_a_writer_that_is_killed_loses_no_paper_and_breaks_no_search(site: Site, kills: int, changes: int) -> None:
    forks = Forks(site)
    chance = random.Random(20261124)
    found = [forks.search()]

    for seed in range(kills):
        forks.write_and_be_killed(seed, turns=chance.randint(1, 4), after=chance.uniform(0, 0.08))
        found.append(forks.search())
    forks.close()
    site.manage("index")

    assert found[0] == str(PAPERS)
    assert [total for total in found if not total.isdigit() or int(total) < PAPERS - 10 * kills] == []
    assert len(set(found)) > changes
    assert site.manage("index", "--check").split()[1:] == ["missing=0", "left=0", "stale=0"]
