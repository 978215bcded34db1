"""The embedded worker's pool goes on whichever of its processes is killed, at whatever moment."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

# Its fork dies with the lock in its hands, as a process that waits for work does.
KILL_THE_HOLDER = """
import os, signal, sys, time
from papersite.runtime.pool import RecordLock

lock = RecordLock()
reading, writing = os.pipe()
holder = os.fork()
if holder == 0:
    lock.acquire()
    os.write(writing, b"held")
    time.sleep(60)
os.read(reading, 4)
waiter = os.fork()
if waiter == 0:
    lock.acquire()
    print("mine", flush=True)
    os._exit(0)
time.sleep(0.2)
assert os.waitpid(waiter, os.WNOHANG) == (0, 0), "two had it at once"
os.kill(holder, signal.SIGKILL)
os.waitpid(waiter, 0)
"""
WIRED = """
from papersite.runtime.pool import RecordLock, TaskPool

pool = TaskPool.BlockingPool(processes=1)
print(isinstance(pool._inqueue._rlock, RecordLock), isinstance(pool._outqueue._wlock, RecordLock), flush=True)
print(pool.apply_async(abs, [-7]).get(timeout=30), flush=True)
pool.close()
pool.join()
"""


def run(script: str) -> list[str]:
    command = [sys.executable, "-c", script]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=90, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.split()


@pytest.mark.long
def test_the_lock_of_a_killed_process_goes_to_one_that_waits() -> None:
    assert run(KILL_THE_HOLDER) == ["mine"]


@pytest.mark.long
def test_the_pool_reads_and_answers_under_such_locks() -> None:
    assert run(WIRED) == ["True", "True", "7"]
