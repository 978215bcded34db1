"""Nobody waits for a database that does not answer."""

import socket
import time
from typing import Any

import pytest
from django.db import OperationalError

from papersite.runtime import breaker as module
from papersite.runtime.breaker import Breaker


class Held:
    """A connection as the driver has it: something with a socket."""

    def __init__(self, end: socket.socket) -> None:
        self.end = end

    def fileno(self) -> int:
        return self.end.fileno()


def test_an_answer_that_does_not_come_hangs_up_who_waits(caplog: pytest.LogCaptureFixture) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        breaker = Breaker()
        held = Held(ours)
        breaker._connections.add(held)
        breaker._asked_at = time.monotonic() - module.PATIENCE + 2
        breaker._look()
        assert not breaker.is_away

        breaker._asked_at -= 3
        breaker._look()

        ours.settimeout(5)
        assert ours.recv(1) == b""
    assert breaker.is_away
    assert "database.away" in caplog.text


@pytest.mark.django_db
def test_refused_twice_is_away_and_one_answer_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone:
        def cursor(self) -> Any:
            raise OperationalError

        def close(self) -> None:
            pass

    breaker = Breaker()
    with monkeypatch.context() as patched:
        patched.setattr(module, "connection", Gone())
        breaker._ask()
        assert not breaker.is_away
        breaker._ask()
        assert breaker.is_away

    breaker._ask()

    assert not breaker.is_away
