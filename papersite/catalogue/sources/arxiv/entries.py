"""What arXiv's three ways of telling a paper have in common."""

import re
from datetime import UTC, datetime, time, timedelta
from email.utils import parsedate_to_datetime

from papersite.catalogue.sources.text import month_of

_WITHDRAWN = re.compile(
    r"\b(?:this|the) (?:paper|article|submission|manuscript|work|version|preprint)"
    r" (?:has been|was|is(?: being)?) withdrawn\b|^\W*withdrawn\b|\bwithdrawn by (?:the )?(?:authors?|arxiv)\b",
    re.IGNORECASE,
)


def is_withdrawn(abstract: str, comment: str) -> bool:
    """Whether arXiv's texts on a paper's newest version say that it was withdrawn."""
    return bool(_WITHDRAWN.search(comment) or _WITHDRAWN.match(abstract[:200].strip()))


def is_possible(found: datetime | None) -> bool:
    """Whether a moment lies where arXiv's calendar can be asked about it."""
    return found is not None and 1990 <= found.year <= 2100


def http_date(value: str) -> datetime | None:
    """A moment in UTC from a date such as ``Fri, 11 Sep 2026 13:55:30 GMT``, or None."""
    try:
        found = parsedate_to_datetime(value)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def not_after_its_month(announced_at: datetime, arxiv_id: str) -> datetime:
    """An announcement as its identifier allows: arXiv gives it in the month of the announcement.

    A replaced or cross-listed paper is announced again, but it is not new.
    """
    first = month_of(arxiv_id)
    after = (first + timedelta(days=32)).replace(day=1)
    # The evening of the last day in Eastern time is the next day in UTC.
    latest = datetime.combine(after, time(1), tzinfo=UTC)
    return min(announced_at, latest)
