"""How answers leave the web server's threads: whole, so that none waits for a visitor who reads slowly or not at all.

The server asks for the next piece of an answer once the visitor has taken the last, and a thread is held until then.
What is whole in memory needs no thread any more. Files of any length are written while they are read; so few may be on
their way at once that threads stay for pages, and of these one network has half at most.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from typing import Any

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

StartResponse = Callable[[str, list[tuple[str, str]]], Any]
Application = Callable[[dict[str, Any], Any], Any]

# In bytes: every script, style and picture of the site is smaller.
WHOLE = 1_000_000
RETRY_AFTER = 30
BUSY = b"Too many long files are on their way: ask again in half a minute.\n"


class Answers:
    """A WSGI application around Django's."""

    def __init__(
        self, application: Application, most_streams: int, network_of: Callable[[dict[str, Any]], str]
    ) -> None:
        """At most ``most_streams`` long answers are on their way at once, half of them to one network; the next is a
        503. ``network_of`` says which one asks, from what the server tells of a request."""
        self.application = application
        self._places = _Places(most_streams)
        self._network_of = network_of

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        heads: list[tuple[str, list[tuple[str, str]]]] = []
        answer = self.application(environ, lambda status, headers, *_: heads.append((status, headers)))
        if not _is_long(answer):
            start_response(*heads[-1])
            with closing(answer):
                return [b"".join(answer)]
        network = self._network_of(environ)
        if not self._places.take(network):
            answer.close()
            start_response("503 Service Unavailable", _busy_headers())
            return [BUSY]
        start_response(*heads[-1])
        return _Stream(answer, lambda: self._places.give(network))


class _Places:
    """Who has how many long answers on their way."""

    def __init__(self, most: int) -> None:
        self._most, self._most_each = most, max(1, most // 2)
        self._held: Counter[str] = Counter()
        self._lock = threading.Lock()

    def take(self, network: str) -> bool:
        with self._lock:
            if self._held.total() >= self._most or self._held[network] >= self._most_each:
                return False
            self._held[network] += 1
            return True

    def give(self, network: str) -> None:
        with self._lock:
            self._held[network] -= 1
            if not self._held[network]:
                del self._held[network]


def _is_long(answer: HttpResponseBase) -> bool:
    """Whether an answer has no end that is known to be near."""
    if not isinstance(answer, StreamingHttpResponse):
        return False
    length = answer.headers.get("Content-Length", "")
    return not (isinstance(answer, FileResponse) and length.isdigit() and int(length) <= WHOLE)


def _busy_headers() -> list[tuple[str, str]]:
    return [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(BUSY))),
        ("Retry-After", str(RETRY_AFTER)),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
    ]


class _Stream:
    """An answer on its way. Its place is free again once it is closed, or let go without a word."""

    def __init__(self, answer: StreamingHttpResponse, release: Callable[[], None]) -> None:
        self._answer = answer
        self._release: Callable[[], None] | None = release

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._answer)

    def close(self) -> None:
        release, self._release = self._release, None
        if release is not None:
            release()
            self._answer.close()

    __del__ = close
