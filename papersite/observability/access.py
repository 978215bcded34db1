"""Every request: its id in all that is logged of it, a line when it is done, and its share of the figures."""

import logging
import re
import threading
import time
from bisect import bisect_left
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from papersite.observability import logs

logger = logging.getLogger(__name__)

# In seconds.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
GIVEN = re.compile(r"[\w-]{8,64}")
# Asked by machines every few seconds.
QUIET = re.compile(r"/(?:health|metrics|static)/")


class Counts:
    """Of this process, since it began."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._statuses: dict[str, int] = {}
        self._buckets = [0] * (len(BUCKETS) + 1)
        self._seconds = 0.0

    def add(self, status: int, seconds: float) -> None:
        kind = f"{status // 100}xx"
        with self._lock:
            self._statuses[kind] = self._statuses.get(kind, 0) + 1
            self._buckets[bisect_left(BUCKETS, seconds)] += 1
            self._seconds += seconds

    def figures(self) -> dict[str, Any]:
        """For the heartbeat: how many by kind of status, how many in each bucket of time, and all time together."""
        with self._lock:
            return {
                "statuses": dict(self._statuses),
                "buckets": list(self._buckets),
                "seconds": round(self._seconds, 3),
            }


counts = Counts()


class Access:
    """Stands around all other middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        name = _name(request)
        began = time.perf_counter()
        with logs.about(request=name):
            response = self.get_response(request)
            seconds = time.perf_counter() - began
            counts.add(response.status_code, seconds)
            if settings.ACCESS_LOG and not QUIET.match(request.path_info):
                logger.info(
                    "request.done method=%s path=%r status=%s ms=%.1f",
                    request.method, request.path_info, response.status_code, 1000 * seconds,
                )  # fmt: skip
        if response.status_code >= 500:
            # Whoever writes about it can name the lines in the log.
            response.headers["X-Request-ID"] = name
        return response


def _name(request: HttpRequest) -> str:
    """What the proxy calls it, so that its log and ours agree; else a name of our own."""
    given = request.META.get("HTTP_X_REQUEST_ID", "") if settings.BEHIND_PROXY else ""
    return given if GIVEN.fullmatch(given) else uuid4().hex[:16]
