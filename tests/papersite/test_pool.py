"""The embedded worker's pool goes on whichever of its processes is killed, at whatever moment."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

# One of two idle processes always waits at the pipe, with the lock in its hands.
KILL_EACH = """
import os, signal, time
from papersite.pool import TaskPool

if __name__ == "__main__":
    pool = TaskPool.BlockingPool(processes=2)
    try:
        for turn in range(2):
            time.sleep(0.3)
            for process in list(pool._pool):
                os.kill(process.pid, signal.SIGKILL)
            print(pool.apply_async(abs, [-turn - 1]).get(timeout=10), flush=True)
    finally:
        pool.terminate()
"""


def test_a_pool_whose_idle_processes_are_killed_goes_on_working() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", KILL_EACH], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )

    assert ran.stdout.split() == ["1", "2"], ran.stderr
