"""How answers leave the web server's threads: whole, so that none waits for a visitor who reads slowly or not at all.

The server asks for the next piece of an answer once the visitor has taken the last, and a thread is held until then.
What is whole in memory needs no thread any more. Files of any length are written while they are read; so few may be on
their way at once that threads stay for pages.
"""

import threading
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

    def __init__(self, application: Application, most_streams: int) -> None:
        """At most ``most_streams`` long answers are on their way at once; the next is a 503."""
        self.application = application
        self._free = threading.Semaphore(most_streams)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        heads: list[tuple[str, list[tuple[str, str]]]] = []
        answer = self.application(environ, lambda status, headers, *_: heads.append((status, headers)))
        if not _is_long(answer):
            start_response(*heads[-1])
            with closing(answer):
                return [b"".join(answer)]
        if not self._free.acquire(blocking=False):
            answer.close()
            start_response("503 Service Unavailable", _busy_headers())
            return [BUSY]
        start_response(*heads[-1])
        return _Stream(answer, self._free.release)


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
