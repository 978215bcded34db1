"""Asking a source over HTTP: who we are, how long we wait, and what is tried again."""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any

import httpx
import stamina
from django.conf import settings
from django.utils import timezone

from papersite.catalogue.records import SourceError

# Answers that pass: too many requests, and faults of the other side.
PASSING = frozenset({429, 500, 502, 503, 504})
LONGEST_WAIT = 120.0


class SourceClient:
    """One connection to a source. Every failure ends as a SourceError of one line."""

    def __init__(self, base_url: str, *, accept: str) -> None:
        contact = settings.HARVEST_CONTACT or settings.SITE_URL
        self._client = httpx.Client(
            base_url=base_url,
            headers={"User-Agent": f"papersite/0.1 (+{contact})", "Accept": accept},
            timeout=httpx.Timeout(settings.HARVEST_TIMEOUT, connect=10),
            follow_redirects=True,
        )

    def __enter__(self) -> "SourceClient":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def get(self, path: str, params: Mapping[str, Any]) -> httpx.Response:
        """A successful answer. What may pass by itself is asked again, as late as the source says."""
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
                    return self._client.get(path, params=dict(params)).raise_for_status()
        except httpx.HTTPStatusError as error:
            raise SourceError(f"{error.request.url}: answered {error.response.status_code}") from error
        except httpx.HTTPError as error:
            raise SourceError(f"{error.request.url}: {type(error).__name__}") from error
        raise AssertionError("a retry that neither returns nor raises")


def _when_to_ask_again(error: Exception) -> bool | float:
    """Whether to ask again, or after how many seconds."""
    if isinstance(error, httpx.HTTPStatusError):
        if error.response.status_code not in PASSING:
            return False
        return _retry_after(error.response.headers.get("Retry-After", "")) or True
    return isinstance(error, httpx.TransportError)


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
