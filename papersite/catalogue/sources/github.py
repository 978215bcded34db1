"""GitHub: a repository's stars, and those it gained in seven days.

Each question costs one of an hour's quota: 60 without a token, 5,000 with one. The service says
how many are left with every answer, and that is believed rather than counted here
(https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api).
"""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

from papersite.catalogue.sources.http import Answer, Refused, SourceClient
from papersite.catalogue.sources.links import web_url
from papersite.catalogue.sources.records import SourceError, SourceRepository
from papersite.catalogue.sources.text import count, text

API_VERSION = "2026-03-10"
ACCEPT = "application/vnd.github+json"
WEB = "https://github.com/"
# Two questions a repository; one more so that a person on the same address may ask too.
RESERVE = 3
_GONE = frozenset({404, 410, 451})


class QuotaUsed(Exception):
    """The hour's quota is used up until ``until``, where the service says when."""

    def __init__(self, until: datetime | None) -> None:
        super().__init__(
            f"GitHub's quota is used up until {until:%H:%M} UTC." if until else "GitHub's quota is used up."
        )
        self.until = until


class GitHub:
    """The API through one client, with what is left of the quota as far as it is known."""

    def __init__(self, client: SourceClient) -> None:
        self._client = client
        self._left: int | None = None
        self._until: datetime | None = None

    def repository(self, url: str, now: datetime, etag: str = "") -> SourceRepository:
        """A repository as it is now. Raises QuotaUsed before it asks in vain, and SourceError."""
        if self._left is not None and self._left < RESERVE and not (self._until and self._until <= now):
            raise QuotaUsed(self._until)
        name = url.removeprefix(WEB)
        try:
            answer = self._ask(f"/repos/{name}", etag)
        except Refused as refused:
            if refused.answer.status in _GONE:
                return SourceRepository(url, is_gone=True)
            raise
        if answer.is_unchanged:
            return SourceRepository(url, week_stars=self._week_stars(name, now), etag=etag)
        told = _object(answer)
        full_url = web_url(told.get("html_url")) or url
        return SourceRepository(
            url,
            full_url=full_url,
            stars=count(told.get("stargazers_count")),
            week_stars=self._week_stars(full_url.removeprefix(WEB), now),
            is_archived=told.get("archived") is True,
            etag=answer.headers.get("ETag", "")[:200],
        )

    def _week_stars(self, name: str, now: datetime) -> int | None:
        """Stars of the last seven days that are still held; None where the history is refused."""
        try:
            answer = self._ask(f"/repos/{name}/stargazers/history?per_page=2")
        except Refused:
            return None
        try:
            return stars_since(json.loads(answer.text), now.astimezone(UTC).date() - timedelta(days=7))
        except (ValueError, RecursionError):
            return None

    def _ask(self, path: str, etag: str = "") -> Answer:
        try:
            answer = self._client.get(path, headers={"If-None-Match": etag} if etag else {})
        except Refused as refused:
            self._note_quota(refused.answer)
            if refused.answer.status in (403, 429) and (self._left == 0 or "Retry-After" in refused.answer.headers):
                raise QuotaUsed(self._until) from refused
            raise
        self._note_quota(answer)
        return answer

    def _note_quota(self, answer: Answer) -> None:
        left, until = answer.headers.get("X-RateLimit-Remaining", ""), answer.headers.get("X-RateLimit-Reset", "")
        if left.isascii() and left.isdigit():
            self._left = int(left)
        if until.isascii() and until.isdigit() and len(until) < 12:
            self._until = datetime.fromtimestamp(int(until), UTC)


def stars_since(weeks: Any, day: date) -> int | None:
    """The stars gained after a day, of weeks as the history tells them; None where it tells nothing."""
    if not isinstance(weeks, list):
        return None
    total = None
    for week in weeks:
        start = count(week.get("week")) if isinstance(week, dict) else None
        days = week.get("days") if isinstance(week, dict) else None
        if start is None or not isinstance(days, list):
            continue
        first = datetime.fromtimestamp(start, UTC).date()
        gained = [count(stars) or 0 for number, stars in enumerate(days) if first + timedelta(days=number) > day]
        total = (total or 0) + sum(gained)
    return total


def _object(answer: Answer) -> dict[str, Any]:
    try:
        found = json.loads(answer.text)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{answer.url}: not JSON") from error
    if not isinstance(found, dict) or not text(found.get("full_name")):
        raise SourceError(f"{answer.url}: not a repository")
    return found
