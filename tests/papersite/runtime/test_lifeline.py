"""What one run started ends with it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from papersite.runtime import lifeline
from papersite.runtime.supervisor import LIFELINE
from tests.site import wait_until

pytestmark = [
    pytest.mark.processes,
    pytest.mark.pure,
    pytest.mark.skipif(sys.platform != "linux", reason="marks and the death of a parent are Linux's to tell"),
]
SLEEP = [sys.executable, "-S", "-c", "import time; time.sleep(60)"]
DEAF = [sys.executable, "-S", "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)"]


@pytest.fixture
def mark() -> Iterator[str]:
    name = f"test:{uuid4().hex}"
    yield name
    lifeline.end(lambda: lifeline.marked(name), 0.0)


def start(command: list[str], mark: str, **more: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, env=os.environ | {lifeline.VARIABLE: mark}, start_new_session=True, **more)


def test_whoever_bears_the_mark_is_found_with_their_children_and_nobody_else(mark: str) -> None:
    parent = start(["/bin/sh", "-c", "sleep 60 & wait"], mark)
    other = start(SLEEP, f"{mark[:-1]}-another")

    wait_until(lambda: len(lifeline.marked(mark)) == 2, 10, "the child")

    assert parent.pid in lifeline.marked(mark)
    assert other.pid not in lifeline.marked(mark)
    other.kill()
    other.wait()
    lifeline.end(lambda: lifeline.marked(mark), 0.0)
    parent.wait()


def test_who_does_not_hear_is_killed_after_the_time_given(mark: str) -> None:
    child = start(DEAF, mark)
    wait_until(lambda: _ignores(child.pid), 10, "the child to be deaf")

    assert lifeline.end(lambda: lifeline.marked(mark), 0.2) == 1
    assert child.wait(5) == -signal.SIGKILL


def _ignores(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status").read_text()
    ignored = next(line for line in status.splitlines() if line.startswith("SigIgn"))
    return bool(int(ignored.split()[1], 16) & 1 << (signal.SIGTERM - 1))


# A parent that launches a child, says its number, and is killed.
PARENT = """
import os, subprocess, sys, time
child = subprocess.Popen([*{lifeline!r}, "launch", str(os.getpid()), *{command!r}], start_new_session=True)
{guard}
print(child.pid, flush=True)
time.sleep(60)
"""
GUARD = """
subprocess.Popen([*{lifeline!r}, "guard", str(os.getpid()), {mark!r}, "0.3"], start_new_session=True)
"""


@pytest.mark.parametrize(("command", "guard"), [(SLEEP, ""), (DEAF, GUARD)], ids=["sleeps", "deaf"])
def test_a_parent_that_is_killed_takes_its_children_along(mark: str, command: list[str], guard: str) -> None:
    code = PARENT.format(lifeline=LIFELINE, command=command, guard=guard.format(lifeline=LIFELINE, mark=mark))
    parent = start([sys.executable, "-S", "-c", code], mark, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.stdout.close()
    wait_until(lambda: not guard or _ignores(child), 10, "the child to be deaf")

    parent.kill()
    parent.wait()

    wait_until(lambda: child not in lifeline.marked(mark), 10, "the child to end")


def test_a_command_whose_parent_is_gone_does_not_begin(mark: str) -> None:
    began = time.monotonic()
    child = start([*LIFELINE, "launch", "1", *SLEEP], mark, stderr=subprocess.DEVNULL)

    assert child.wait(10) == 1
    assert time.monotonic() - began < 10
