"""The former release goes on while the database is upgraded, and again when the new one is taken back."""

import copy
import io
import subprocess
import sys
import tarfile
import threading
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from tests import migrated
from tests.conftest import missing
from tests.site import ROOT, Site, free_port, wait_until

pytestmark = [
    pytest.mark.long,
    pytest.mark.processes,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="on SQLite a site stands still for an upgrade"),
]

PAGES = ("/", "/topics/", "/archive/", "/search/?q=subject", "/accounts/login/", "/health/")
# Where nothing is tagged: what stood before the last changes of the database that came to the main branch.
CHANGES = 3


@pytest.fixture
def former(tmp_path: Path) -> Path:
    """The former release, unpacked."""
    commit = _git("describe", "--tags", "--abbrev=0", "HEAD^").decode().strip()
    if not commit:
        changed = _git("log", "--first-parent", "--format=%H", f"-{CHANGES}", "--", "*/migrations/0*.py").split()
        commit = f"{changed[-1].decode()}^" if changed else ""
    packed = _git("archive", commit) if commit else b""
    if not packed:
        missing("the project's history")
    with tarfile.open(fileobj=io.BytesIO(packed)) as files:
        files.extractall(tmp_path / "former", filter="data")
    return tmp_path / "former"


def _git(*arguments: str) -> bytes:
    """What it says, and nothing where there is no history."""
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=False, timeout=60).stdout


def of_release(site: Site, root: Path) -> Site:
    """The same site, as it runs from another folder."""
    other = copy.copy(site)
    other.root, other.desks, other.processes = root, [], []
    return other


@contextmanager
def serving(site: Site, *, port: int) -> Iterator[list[tuple[str, int]]]:
    """Web, workers and beat of a release, whose pages are asked for all the time; the answers so far."""
    answers: list[tuple[str, int]] = []
    supervisor = site._start([sys.executable, "manage.py", "serve", "--port", str(port)])
    over = threading.Event()
    visitor = threading.Thread(target=_visit, args=(port, answers, over))
    try:
        wait_until(lambda: _ask(port, "/health/") == 200, 90, "the site", every=0.2)
        visitor.start()
        yield answers
    finally:
        over.set()
        if visitor.is_alive():
            visitor.join(30)
        supervisor.terminate()
        supervisor.wait(60)


def _visit(port: int, answers: list[tuple[str, int]], over: threading.Event) -> None:
    while not over.wait(0.1):
        answers.extend((page, _ask(port, page)) for page in PAGES)


def _ask(port: int, page: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{page}", timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def add_readers(site: Site, kind: str, count: int) -> set[str]:
    """Confirmed by that release, each with a delivery due now."""
    addresses = [f"{kind}{number}@example.org" for number in range(count)]
    site.python(f"ADDRESSES = {addresses!r}\nfrom tests.site import PREPARE\nexec(PREPARE)")
    return set(addresses)


def all_mailed(site: Site, readers: set[str]) -> bool:
    """Orders again, as beat would."""
    site.order("wake")
    return set(mailed(site)) == readers


def mailed(site: Site) -> Counter[str]:
    return Counter(mail["to"] for mail in site.mails())


def test_both_releases_mail_everybody_once_from_the_new_database(tmp_path: Path, former: Path) -> None:
    new = Site(tmp_path)
    old = of_release(new, former)
    try:
        new.start_sink(seconds_a_mail=0.1)
        migrated.drop_database(new.server, new.database)
        migrated._run(new.server, f'CREATE DATABASE "{new.database}"')
        old.environment = new.environment
        old.manage("migrate", "--verbosity", "0")
        readers = add_readers(old, "before", 80)
        port = free_port()

        with serving(old, port=port) as answers:
            wait_until(lambda: len(mailed(new)) > 5, 60, "the first mails")
            new.manage("migrate", "--verbosity", "0")
            asked_before = len(answers)
            readers |= add_readers(old, "meanwhile", 10)
            wait_until(lambda: all_mailed(old, readers), 90, "the former release's mails", every=0.5)
            wait_until(lambda: len(answers) >= asked_before + 2 * len(PAGES), 60, "pages after the upgrade")
        assert {status for _, status in answers} == {200}, Counter(answers)

        readers |= add_readers(new, "after", 10)
        with serving(new, port=port) as answers:
            wait_until(lambda: all_mailed(new, readers), 90, "the new release's mails", every=0.5)
            wait_until(lambda: len(answers) >= len(PAGES), 60, "the new release's pages")
        assert {status for _, status in answers} == {200}, Counter(answers)

        readers |= add_readers(new, "taken-back", 10)
        with serving(old, port=port) as answers:
            wait_until(
                lambda: all_mailed(old, readers), 90, "the mails of the release that was brought back", every=0.5
            )
            wait_until(lambda: len(answers) >= len(PAGES), 60, "its pages")
        assert {status for _, status in answers} == {200}, Counter(answers)

        assert mailed(new) == dict.fromkeys(readers, 1)
        assert set(new.states()) == {"sent"}
    finally:
        old.close_processes()
        new.close()
