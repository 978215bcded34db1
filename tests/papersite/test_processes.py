"""Children of one command: started, watched, and ended with it."""

import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from papersite import processes
from papersite.processes import NAMES, TABLE, Processes, Stopped, command, free_port
from papersite.settings import QUEUES

pytestmark = pytest.mark.processes


@pytest.fixture(autouse=True)
def small_children(monkeypatch: pytest.MonkeyPatch) -> None:
    """``sleep`` stays, ``end`` ends at once, ``deaf`` does not hear SIGTERM."""
    code = {
        "sleep": "import time; time.sleep(60)",
        "end": "pass",
        "deaf": "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); time.sleep(60)",
    }
    monkeypatch.setattr(processes, "command", lambda name, **options: [sys.executable, "-c", code[name]])


def children(tmp_path: Path) -> Processes:
    return Processes(port=1, site_url="http://localhost:1", beat_schedule="x", logs=tmp_path)


def test_the_block_ends_all_children(tmp_path: Path) -> None:
    with children(tmp_path) as running:
        running.start(["sleep"])
        (child,) = running.children.values()
        assert running.ended() == ""

    assert child.poll() == -signal.SIGTERM


def test_a_child_that_ends_is_named(tmp_path: Path) -> None:
    with children(tmp_path) as running:
        running.start(["sleep", "end"])

        assert running.watch() == "end"


def test_a_child_that_does_not_listen_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "STOP_WITHIN", 0.5)
    with children(tmp_path) as running:
        running.start(["deaf"])
        (child,) = running.children.values()
        while not (tmp_path / "deaf.log").read_text():
            time.sleep(0.01)

    assert child.poll() == -signal.SIGKILL


def test_sigterm_ends_the_block_and_its_children(tmp_path: Path) -> None:
    running = children(tmp_path)

    with pytest.raises(Stopped):
        stop_itself(running)

    (child,) = running.children.values()
    assert child.poll() == -signal.SIGTERM


def test_a_second_signal_while_ending_leaves_no_child_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "STOP_WITHIN", 0.5)
    running = children(tmp_path)
    send = processes._signal

    def and_be_interrupted(child: Any, number: signal.Signals) -> None:
        send(child, number)
        os.kill(os.getpid(), signal.SIGINT)

    with running:
        running.start(["deaf"])
        while not (tmp_path / "deaf.log").read_text():
            time.sleep(0.01)
        monkeypatch.setattr(processes, "_signal", and_be_interrupted)

    (child,) = running.children.values()
    assert child.poll() == -signal.SIGKILL


def stop_itself(running: Processes) -> None:
    with running:
        running.start(["sleep"])
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(5)


def test_free_port_passes_over_one_that_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert free_port(port) > port


def test_the_table_takes_every_queue_once() -> None:
    taken = [queue for one in TABLE for queue in one.queues]

    assert sorted(taken) == sorted(QUEUES)
    assert len(set(NAMES)) == len(TABLE)


@pytest.mark.parametrize("name", NAMES)
def test_each_process_of_the_table_has_a_command_that_names_what_it_serves(name: str) -> None:
    words = command(name, port=8123, bind="0.0.0.0", beat_schedule="/somewhere/beat", python="python", manage="manage")

    one = processes.process(name)
    assert words[0] == "python"
    assert not one.queues or words[words.index("--queues") + 1] == ",".join(one.queues)
    assert (name == "web") == ("8123" in words) == ("0.0.0.0" in words)
    assert (name == "beat") == ("/somewhere/beat" in words)
    assert 0 < one.stop_within <= processes.STOP_WITHIN
