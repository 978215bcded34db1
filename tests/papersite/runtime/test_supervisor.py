"""Children of one command: started, watched, started again, and ended with it."""

import logging
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from papersite.runtime import processes, supervisor
from papersite.runtime.supervisor import AlreadyRunning, Life, Processes, Stopped, free_port
from tests.site import wait_until

pytestmark = [pytest.mark.processes, pytest.mark.pure]


@pytest.fixture(autouse=True)
def small_children(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any) -> None:
    """``sleep`` stays, ``end`` ends at once, ``deaf`` does not hear SIGTERM."""
    settings.DATA_DIR = tmp_path
    code = {
        "sleep": "import time; time.sleep(60)",
        "end": "pass",
        "deaf": "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); time.sleep(60)",
        "parent": "import subprocess, time; subprocess.Popen(['sleep', '60']); print(1, flush=True); time.sleep(60)",
    }
    monkeypatch.setattr(processes, "command", lambda name, **options: [sys.executable, "-S", "-c", code[name]])
    monkeypatch.setattr(supervisor, "stop_within", lambda name: 0.5)
    monkeypatch.setattr(supervisor, "FIRST_PAUSE", 0.05)


def children(tmp_path: Path) -> Processes:
    return Processes(port=1, site_url="http://localhost:1", beat_schedule="x", logs=tmp_path)


def wait_for_word_of(tmp_path: Path, name: str) -> None:
    wait_until(lambda: (tmp_path / f"{name}.log").read_text() != "", 10, name)


def test_the_block_ends_all_children(tmp_path: Path) -> None:
    with children(tmp_path) as running:
        running.start(["sleep"])
        (child,) = running.children.values()
        assert running.ended() == ""

    assert child.poll() == -signal.SIGTERM


def test_a_child_that_ends_is_named(tmp_path: Path) -> None:
    with children(tmp_path) as running:
        running.start(["sleep", "end"])

        wait_until(lambda: running.ended() == "end", 10, "the end")


def test_a_child_that_is_killed_is_started_again(tmp_path: Path) -> None:
    with children(tmp_path) as running:
        running.start(["sleep"])
        first = running.children["sleep"]
        first.kill()

        running.supervise(lambda: running.children["sleep"] is not first)

        assert running.ended() == ""


@pytest.mark.long
def test_one_that_ends_again_and_again_rests_and_the_others_go_on(tmp_path: Path) -> None:
    with children(tmp_path) as running:
        running.start(["sleep", "end"])
        running.supervise(lambda: running.lives["end"].failures >= 3)

        assert running.children["sleep"].poll() is None


def test_the_pause_grows_up_to_a_minute_and_begins_anew_after_a_good_start() -> None:
    life = Life()

    pauses = [life.pause(now=1.0) for _ in range(12)]

    assert pauses == sorted(pauses)
    assert pauses[-1] == supervisor.LONGEST_PAUSE
    assert life.pause(now=1.0 + supervisor.WELL_AFTER) == pauses[0]


@pytest.mark.long
def test_what_a_killed_child_leaves_behind_is_ended(tmp_path: Path) -> None:
    with children(tmp_path) as running:
        running.start(["parent"])
        wait_for_word_of(tmp_path, "parent")
        killed = running.children["parent"]
        killed.kill()
        killed.wait()
        running.look()
        assert [len(group.left) for group in running._groups] == [1]

        running.supervise(lambda: not running._groups)


def test_a_second_command_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    with children(tmp_path), pytest.raises(AlreadyRunning, match=str(os.getpid())), children(tmp_path):
        pass


def test_what_a_killed_command_left_behind_is_ended_by_the_next(tmp_path: Path, caplog: Any) -> None:
    killed = children(tmp_path)
    killed.start(["deaf"])
    wait_for_word_of(tmp_path, "deaf")

    with caplog.at_level(logging.WARNING), pytest.MonkeyPatch.context() as patch:
        patch.setattr(supervisor, "ORPHANS_STOP_WITHIN", 0.1)
        with children(tmp_path):
            pass

    assert killed.children["deaf"].wait(5) == -signal.SIGKILL
    assert "processes.orphans_ended count=1" in caplog.text


def test_a_guard_that_is_killed_is_started_again(tmp_path: Path) -> None:
    with children(tmp_path) as running:
        first = running._guard
        assert first is not None
        first.kill()
        first.wait()

        running.look()

        assert running._guard is not None
        assert running._guard.poll() is None


@pytest.mark.long
def test_a_child_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    with children(tmp_path) as running:
        running.start(["deaf"])
        (child,) = running.children.values()
        wait_for_word_of(tmp_path, "deaf")

    assert child.poll() == -signal.SIGKILL


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_block_and_its_children(tmp_path: Path, number: signal.Signals) -> None:
    running = children(tmp_path)

    with pytest.raises(Stopped):
        stop_itself(running, number)

    (child,) = running.children.values()
    assert child.poll() == -signal.SIGTERM


@pytest.mark.long
def test_a_second_signal_while_ending_leaves_no_child_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    running = children(tmp_path)

    with running:
        running.start(["deaf"])
        wait_for_word_of(tmp_path, "deaf")
        (child,) = running.children.values()
        send = child.send_signal

        def and_be_interrupted(number: int) -> None:
            send(number)
            os.kill(os.getpid(), signal.SIGINT)

        monkeypatch.setattr(child, "send_signal", and_be_interrupted)

    assert child.poll() == -signal.SIGKILL


def stop_itself(running: Processes, number: signal.Signals) -> None:
    with running:
        running.start(["sleep"])
        os.kill(os.getpid(), number)
        time.sleep(5)


def test_free_port_passes_over_one_that_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert free_port(port) > port
