"""Ends what belongs to one run of the site's processes, whatever became of the command that started them.

    lifeline.py launch PARENT COMMAND…      becomes the command, which the system asks to stop when its parent dies
    lifeline.py guard PARENT MARK SECONDS   waits for the parent's death, then ends all that bears the mark

All children of a run carry its mark in their environment, and so do theirs. It is run as a script, by a Python that
loads nothing else, and uses Python's own library alone. Marks and the system's help are Linux's; elsewhere a command
that is killed leaves its children behind.
"""

import ctypes
import os
import select
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

VARIABLE = "SERVED_BY"
PR_SET_PDEATHSIG = 1
# In seconds: so long after SIGKILL nobody waits, since only a dead disk keeps a process then.
GIVES_UP = 5.0


def marked(mark: str) -> list[int]:
    """Processes of this user whose mark begins like this, but the one that asks."""
    wanted = f"{VARIABLE}={mark}".encode()
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        # Others' processes, and those that have ended since.
        with suppress(OSError):
            if any(one.startswith(wanted) for one in path.read_bytes().split(b"\0")):
                found.append(int(path.parent.name))
    return [pid for pid in found if pid != os.getpid()]


def end(find: Callable[[], list[int]], seconds: float) -> int:
    """Asks those to stop who lead a group, and kills after so long whoever is left; how many there were."""
    there = find()
    for pid in there:
        with suppress(ProcessLookupError):
            if os.getpgid(pid) == pid:
                os.kill(pid, signal.SIGTERM)
    count = len(there)
    deadline = time.monotonic() + seconds
    while there and time.monotonic() < deadline + GIVES_UP:
        if time.monotonic() >= deadline:
            for pid in there:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
        there = find()
    return count


def launch(parent: int, command: list[str]) -> None:
    """Becomes the command; the system keeps the wish beyond ``exec``, and for no child of the command."""
    if sys.platform == "linux":
        stop_with_parent(signal.SIGTERM)
        if os.getppid() != parent:
            sys.exit("The command that wanted this has ended.")
    os.execv(command[0], command)  # noqa: S606  a command of ours, without a shell


def stop_with_parent(number: signal.Signals) -> None:
    """This process gets the signal when the thread that started it ends, however it ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)


def guard(parent: int, mark: str, seconds: float) -> None:
    try:
        watched = os.pidfd_open(parent)
    except OSError:
        pass
    else:
        poll = select.poll()
        poll.register(watched, select.POLLIN)
        poll.poll()
    end(lambda: marked(mark), seconds)


if __name__ == "__main__":
    if sys.argv[1] == "launch":
        launch(int(sys.argv[2]), sys.argv[3:])
    else:
        guard(int(sys.argv[2]), sys.argv[3], float(sys.argv[4]))
