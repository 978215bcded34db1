"""The whole site by one command, each of whose processes may be killed."""

import os
import signal
import socket
import sys
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command

from papersite.management.commands import serve
from papersite.runtime import lifeline, processes
from tests.site import ROOT, Site, free_port, wait_until

READERS = [f"reader{number}@example.org" for number in range(160)]


def test_serve_names_a_port_that_is_taken(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(CommandError, match=f"Port {port} is taken; choose another with --port."):
            call_command("serve", port=port)


@pytest.mark.parametrize(
    ("debug", "said", "expected"),
    [
        (True, None, "http://localhost:8123"),
        (True, "http://papers.example.org", django_settings.SITE_URL),
        (False, None, django_settings.SITE_URL),
    ],
)
def test_only_who_tries_the_site_out_need_not_say_its_address(
    settings: Any, monkeypatch: pytest.MonkeyPatch, debug: bool, said: str | None, expected: str
) -> None:
    settings.DEBUG = debug
    monkeypatch.delenv("SITE_URL", raising=False)
    if said:
        monkeypatch.setenv("SITE_URL", said)

    assert serve._site_url(8123) == expected


class Served:
    """A site by ``manage.py serve``, and its processes by name."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.port = free_port()
        self.log = site.folder / "one.log"
        self.start()

    def start(self) -> None:
        command = [sys.executable, "manage.py", "serve", "--port", str(self.port), "--log", str(self.log)]
        self.supervisor = self.site._start(command)
        wait_until(self.answers, 60, "the first page")

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/", timeout=2) as page:
                return bool(page.status == 200)
        except OSError:
            return False

    def pids(self, name: str) -> list[int]:
        """Those of a name, the one that leads them first."""
        words = {
            "web": "granian", "beat": "beat", "index": "--follow", "guard": "guard",
            **{one.name: f"{one.name}@%h" for one in processes.TABLE if one.queues},
        }[name]  # fmt: skip
        found = [pid for pid in descendants(self.supervisor.pid) if words in command_of(pid)]
        return sorted(found, key=lambda pid: os.getpgid(pid) != pid)

    def kill(self, name: str, place: int = 0) -> None:
        """And wait for the one that comes instead."""
        wait_until(lambda: len(self.pids(name)) > place, 60, name)
        killed = self.pids(name)[place]
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: len(set(self.pids(name)) - {killed}) > place, 60, f"another {name}")

    def left(self) -> list[int]:
        return lifeline.marked(f"{self.site.environment['DATA_DIR']}:")


def descendants(pid: int) -> list[int]:
    found = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(one) for one in path.read_text().split()]
        except OSError:
            continue
        for child in children:
            found += [child, *descendants(child)]
    return found


def command_of(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return []


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    # One session with the relay: who kills a worker of several kills several that send.
    site = Site(tmp_path, WEB_WORKERS="2", RELAY_SESSIONS="1")
    try:
        site.start_sink(seconds_a_mail=0.25)
        site.add_readers(READERS)
        made = Served(site)
        yield made
        if made.supervisor.poll() is None:
            made.supervisor.terminate()
            made.supervisor.wait(processes.STOP_WITHIN + 20)
        assert made.left() == []
    finally:
        site.close()


def some_mails_more(served: Served, count: int = 5) -> None:
    wanted = min(len(served.site.mails()) + count, len(READERS))
    wait_until(lambda: _mails(served) >= wanted, 60, f"{wanted} mails", every=0.5)


def _mails(served: Served) -> int:
    """Orders again, as beat would."""
    served.site.order("wake")
    return len(served.site.mails())


@pytest.mark.long
@pytest.mark.processes
def test_every_process_and_the_command_itself_may_be_killed_while_mails_leave(served: Served) -> None:
    some_mails_more(served)
    kills = [("web", 0), ("web", 1), ("mail", 0), ("mail", 1), ("doors", 0), ("harvest", 0), ("beat", 0), ("index", 0)]
    for name, place in [*kills, ("guard", 0)]:
        served.kill(name, place)
        some_mails_more(served, 2)
        wait_until(served.answers, 30, f"a page after {name}")

    served.supervisor.kill()
    served.supervisor.wait()
    # Whoever has nothing in hand ends at once; a worker has its time for a mail.
    wait_until(lambda: not served.left(), processes.STOP_WITHIN + 10, "all to end with the command")
    served.start()
    wait_until(lambda: _mails(served) >= len(READERS), 120, "all mails", every=0.5)
    wait_until(lambda: served.site.states() == {"sent": len(READERS)}, 30, "all settled", every=0.5)

    counted = Counter(one["to"] for one in served.site.mails())
    assert set(counted) == set(READERS)
    # The worker, a process of its pool and the command were killed amid mails: at most one repeat each.
    assert sum(counted.values()) - len(READERS) <= 3
    log = served.log.read_text()
    assert log.count("process.started_again name=web") >= 1
    assert "process.ended name=mail code=-9" in log


@pytest.mark.long
@pytest.mark.processes
def test_sigterm_ends_all_within_the_stated_time_and_doubles_no_mail(served: Served) -> None:
    some_mails_more(served)

    served.supervisor.terminate()
    assert served.supervisor.wait(processes.STOP_WITHIN + 5) == 0

    assert served.left() == []
    assert max(Counter(one["to"] for one in served.site.mails()).values()) == 1
    assert processes.MANAGE.parent == ROOT


@pytest.mark.long
@pytest.mark.processes
def test_an_orphan_of_its_own_gives_the_port_back(served: Served) -> None:
    """The command and its guard are killed at once, and the web server does not hear that it should stop."""
    wait_until(lambda: bool(served.pids("web") and served.pids("guard")), 60, "the web server and the guard")
    (leader, *_) = served.pids("web")
    guard = served.pids("guard")[0]
    for pid in (leader, served.supervisor.pid):
        os.kill(pid, signal.SIGSTOP)
    os.kill(guard, signal.SIGKILL)
    served.supervisor.kill()
    served.supervisor.wait()
    assert leader in served.left()

    served.start()

    wait_until(lambda: leader not in served.left(), 60, "the orphan to end")
    wait_until(lambda: bool(served.pids("web")), 60, "a web server of the new command")
    wait_until(served.answers, 60, "its first page")
    assert served.supervisor.poll() is None
