"""Asking a source over HTTP: who we are, how long we wait, what is tried again, and what is never believed."""

import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import stamina
from django.conf import settings
from django.utils import timezone

from papersite.catalogue.sources.records import SourceError

# Answers that pass: too many requests, and faults of the other side.
PASSING = frozenset({429, 500, 502, 503, 504})
LONGEST_WAIT = 120.0
MAX_REDIRECTS = 3
# So much of an answer is unpacked at once: what is packed a thousand times must not fill the memory first.
UNPACKED_AT_ONCE = 1_000_000
# What zlib is to expect: a header of gzip or of zlib, whichever is there.
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS


class Refused(SourceError):
    """The source answered with a status that will not pass by itself."""

    def __init__(self, message: str, answer: "Answer") -> None:
        super().__init__(message)
        self.answer = answer


class Busy(Exception):
    """An answer that may be another one later; ``seconds`` is what the source asks us to wait, or 0."""

    def __init__(self, reason: str, answer: "Answer | None" = None, seconds: float = 0.0) -> None:
        super().__init__(reason)
        self.answer = answer
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Answer:
    """What a source said. ``body`` is unpacked and of a bounded size."""

    url: str
    status: int
    headers: httpx.Headers
    body: bytes

    @property
    def is_unchanged(self) -> bool:
        return self.status == httpx.codes.NOT_MODIFIED

    @property
    def text(self) -> str:
        try:
            return self.body.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise SourceError(f"{self.url}: not UTF-8 (byte {error.start + 1})") from error


class SourceClient:
    """One connection to a source. Every failure ends as a SourceError of one line.

    ``slot`` is entered around each single request; ``on_fault`` hears what was waited out;
    ``passing`` are the statuses that are; ``looks_busy`` sees the body of an answer of status 200.
    """

    def __init__(
        self,
        base_url: str,
        *,
        accept: str,
        headers: Mapping[str, str] | None = None,
        slot: Callable[[], AbstractContextManager[None]] = nullcontext,
        on_fault: Callable[[str], None] = lambda _fault: None,
        passing: frozenset[int] = PASSING,
        looks_busy: Callable[[bytes], bool] = lambda _body: False,
    ) -> None:
        contact = settings.HARVEST_CONTACT or settings.SITE_URL
        self._client = httpx.Client(
            headers={
                "User-Agent": f"papersite/0.1 (+{contact})",
                "Accept": accept,
                "Accept-Encoding": "gzip, deflate",
                **(headers or {}),
            },
            timeout=httpx.Timeout(settings.HARVEST_TIMEOUT, connect=10),
        )
        self._base_url = base_url
        self._slot = slot
        self._on_fault = on_fault
        self._passing = passing
        self._looks_busy = looks_busy

    def __enter__(self) -> "SourceClient":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def get(
        self, path: str = "", params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """A successful or unchanged answer. What may pass by itself is asked again, as late as the source says.

        Raises Refused for any other status, SourceError where there is no answer that can be used.
        """
        url = str(httpx.URL(self._base_url + path).copy_merge_params(dict(params or {})))
        try:
            for attempt in stamina.retry_context(
                on=_when_to_ask_again,
                attempts=settings.HARVEST_ATTEMPTS,
                timeout=None,
                wait_initial=settings.HARVEST_WAIT,
                wait_max=LONGEST_WAIT,
                wait_jitter=settings.HARVEST_WAIT,
            ):
                with attempt:
                    return self._ask(url, headers or {})
        except Busy as busy:
            raise _given_up(url, busy) from busy
        raise AssertionError("a retry that neither returns nor raises")

    def _ask(self, url: str, headers: Mapping[str, str]) -> Answer:
        """One answer, after redirects within the source's own host."""
        try:
            for _ in range(1 + MAX_REDIRECTS):
                with self._slot():
                    answer = self._read(url, headers)
                if answer.status not in (301, 302, 303, 307, 308):
                    return self._judged(answer)
                url = _same_host(answer)
        except httpx.TransportError as error:
            raise self._busy(f"{url}: {type(error).__name__}") from error
        except httpx.HTTPError as error:
            raise SourceError(f"{url}: {type(error).__name__}") from error
        raise SourceError(f"{url}: redirected more than {MAX_REDIRECTS} times")

    def _read(self, url: str, headers: Mapping[str, str]) -> Answer:
        """Reads an answer no longer and no further than is sane: a trickle and a flood are faults."""
        deadline = time.monotonic() + 2 * settings.HARVEST_TIMEOUT
        with self._client.stream("GET", url, headers=dict(headers)) as response:
            body = bytearray()
            for chunk in _unpacked(response):
                body += chunk
                if len(body) > settings.HARVEST_MAX_BYTES:
                    raise SourceError(f"{url}: an answer of more than {settings.HARVEST_MAX_BYTES} bytes was cut off")
                if time.monotonic() > deadline:
                    raise self._busy(f"{url}: the answer took longer than {2 * settings.HARVEST_TIMEOUT:g} s")
            return Answer(url, response.status_code, response.headers, bytes(body))

    def _judged(self, answer: Answer) -> Answer:
        if answer.status in self._passing:
            seconds = _retry_after(answer.headers.get("Retry-After", ""))
            waits = f", to be asked again in {seconds:g} s" if seconds else ""
            raise self._busy(f"{answer.url}: answered {answer.status}{waits}", answer, seconds)
        if answer.status >= 400:
            raise Refused(f"{answer.url}: answered {answer.status}", answer)
        if not answer.is_unchanged and self._looks_busy(answer.body):
            raise self._busy(f"{answer.url}: answered {answer.status} but said that it is busy")
        return answer

    def _busy(self, reason: str, answer: Answer | None = None, seconds: float = 0.0) -> Busy:
        self._on_fault(reason)
        return Busy(reason, answer, seconds)


def _unpacked(response: httpx.Response) -> Iterator[bytes]:
    """The body in pieces of a bounded size, however tightly it is packed. Raises SourceError where it is damaged."""
    coding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if coding == "identity":
        yield from response.iter_raw()
        return
    if coding not in ("gzip", "x-gzip", "deflate"):
        raise SourceError(f"{response.url}: packed as {coding[:40]!r}, which nobody asked for")
    unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
    try:
        for chunk in response.iter_raw():
            packed = chunk
            while packed:
                yield unpacker.decompress(packed, UNPACKED_AT_ONCE)
                packed = unpacker.unconsumed_tail
    except zlib.error as error:
        raise SourceError(f"{response.url}: its packing is damaged ({error})") from error
    if not unpacker.eof:
        raise SourceError(f"{response.url}: its packing ends before its end")


def _when_to_ask_again(error: Exception) -> bool | float:
    """Whether to ask again, or after how many seconds."""
    return (error.seconds or True) if isinstance(error, Busy) else False


def _given_up(url: str, busy: Busy) -> SourceError:
    message = f"{busy}; asked {settings.HARVEST_ATTEMPTS} times"
    return SourceError(message) if busy.answer is None else Refused(message, busy.answer)


def _same_host(answer: Answer) -> str:
    """Where an answer redirects to. Another host is another source, which nobody chose, and so is one without TLS:
    it would be handed our token."""
    target: str = urljoin(answer.url, answer.headers.get("Location", ""))
    here, there = urlsplit(answer.url), urlsplit(target)
    if (here.hostname, here.port) != (there.hostname, there.port) or there.scheme not in (here.scheme, "https"):
        raise SourceError(
            f"{answer.url}: redirects to another host, {there.scheme}://{there.hostname}; set the source's new address"
        )
    return target


def _retry_after(value: str) -> float:
    """Seconds from a Retry-After header, a number or a date; 0 where it says nothing useful."""
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(value) - timezone.now()).total_seconds()
        except (TypeError, ValueError):
            return 0.0
    return min(max(seconds, 0.0), LONGEST_WAIT) if seconds == seconds else 0.0  # noqa: PLR0124  NaN
