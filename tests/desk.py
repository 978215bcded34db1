"""A process of a site that stays: it runs code and commands for a test, since starting one for each takes longer.

Run by itself it is that process; ``Desk`` is the test's end of it.
"""

import contextlib
import io
import json
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


class Desk:
    """Started in the site's folder, with its environment. One order at a time."""

    def __init__(self, environment: dict[str, str], log: Path, root: Path = ROOT) -> None:
        self.environment = dict(environment)
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.desk"], cwd=root, env=self.environment, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, start_new_session=True,
            )  # fmt: skip

    def python(self, code: str) -> Any:
        """What the code printed last, read as JSON."""
        printed = self._ask("python", code)
        return json.loads(printed.splitlines()[-1]) if printed else None

    def start(self, arguments: tuple[str, ...], output: Path) -> "Command":
        """A command of manage.py in a process of its own, not waited for."""
        return Command(self, self._ask("start", [list(arguments), str(output)]))

    def ended(self, pid: int) -> int | None:
        """The exit code of what it started, or None while it runs."""
        code: int | None = self._ask("ended", pid)
        return code

    def _ask(self, kind: str, what: object) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([kind, what]) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, "the site's process has ended"
        is_well, said = json.loads(answer)
        assert is_well, said
        return said

    def close(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()
        self.process.kill()
        self.process.wait()


class Command:
    """What a desk started, as ``subprocess.Popen`` would show it."""

    stdout = None

    def __init__(self, desk: Desk, pid: int) -> None:
        self.desk = desk
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = self.desk.ended(self.pid)
        return self.returncode

    def wait(self, timeout: float = 60) -> int:
        deadline = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
            time.sleep(0.01)
        return code

    def terminate(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, 15)


def serve() -> None:
    """Takes orders from the test, a line of JSON each, until it goes away."""
    import django

    django.setup()
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        kind, what = json.loads(line)
        try:
            said = [True, HANDLERS[kind](what)]
        except (Exception, SystemExit):  # noqa: BLE001  told to the test
            said = [False, traceback.format_exc()]
        answers.write(json.dumps(said) + "\n")
        answers.flush()


def _python(code: str) -> str:
    from django.db import connection

    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(code, "<desk>", "exec"), {"__name__": "__desk__"})
    finally:
        # Servers are restarted meanwhile, and a child must not inherit it.
        connection.close()
    return printed.getvalue()


def _start(what: tuple[list[str], str]) -> int:
    from django.core.management import execute_from_command_line

    arguments, output = what
    if pid := os.fork():
        return pid
    code = 1
    try:
        os.setsid()
        file = os.open(output, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        for descriptor in (1, 2):
            os.dup2(file, descriptor)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        execute_from_command_line(["manage.py", *arguments])
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except Exception:  # noqa: BLE001  told in the log
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _ended(pid: int) -> int | None:
    found, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if found else None


HANDLERS: dict[str, Callable[[Any], Any]] = {"python": _python, "start": _start, "ended": _ended}

if __name__ == "__main__":
    serve()
