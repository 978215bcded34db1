"""Visitors who ask and then read nothing keep no thread of the web server: pages come for everybody else."""

import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from papersite.runtime import processes
from tests.site import Site, free_port, wait_until

pytestmark = [pytest.mark.long, pytest.mark.processes]

PAPERS = """
from papersite.catalogue import ingest
from papersite.catalogue.sources.records import SourcePaper
text = "A sentence about the subject. " * 300
ingest.run([SourcePaper(place=str(n), title=f"Paper {n}", abstract=text) for n in range(800)], source="test")
"""
THREADS = 2
VISITORS = 24
PAGES = ("/", "/health/live/", "/topics/")


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """A web server with two threads, and a list that is a long file."""
    site = Site(tmp_path, WEB_WORKERS="1", WEB_THREADS=str(THREADS))
    try:
        site.python(PAPERS)
        port = free_port()
        site._start(processes.command("web", port=port))
        # Who comes first waits for templates to be read, whoever else is there.
        for path in PAGES:
            wait_until(partial(is_there, port, path), 60, path)
        yield port
    finally:
        site.close()


def is_there(port: int, path: str) -> bool:
    return status_of(port, path) == 200


def status_of(port: int, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as page:
            page.read()
            return int(page.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@pytest.mark.parametrize("asked", ["/", "/trending.bib"])
def test_pages_come_while_many_read_nothing(port: int, asked: str) -> None:
    with ExitStack() as held:
        for _ in range(VISITORS):
            visitor = held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
            visitor.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            visitor.sendall(f"GET {asked} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode() * 30)
        time.sleep(1)

        found = [status_of(port, path) for path in PAGES * 3]

        assert found == [200] * len(found)
        # One long file is on its way and is not read: who asks for another is told to come again.
        assert status_of(port, "/trending.bib") in ((503,) if asked != "/" else (200,))
    wait_until(lambda: status_of(port, "/trending.bib") == 200, 30, "a free place")
