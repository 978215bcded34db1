"""What every adapter needs to make a record of loose text."""

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any

# What a database's integer holds; a larger number is no count of anything.
_LARGEST = 2**31 - 1
# New style, YYMM.number; or old style, archive[.class]/YYMMnumber.
_ARXIV_ID = re.compile(
    r"(?:arxiv:)?(?:([0-9]{2}(?:0[1-9]|1[0-2])\.[0-9]{4,5})|([a-z-]{2,12})(?:\.[a-z]{2})?/([0-9]{2}(?:0[1-9]|1[0-2])[0-9]{3}))(?:v([0-9]{1,3}))?",
    re.IGNORECASE,
)


def arxiv_id(text: str) -> str:
    """The identifier without version, or "" where the text is none.

    Of the old style the class is left out, as arXiv does: ``math.GT/0309136`` is ``math/0309136``.
    """
    return arxiv_id_and_version(text)[0]


def arxiv_id_and_version(text: str) -> tuple[str, int | None]:
    match = _ARXIV_ID.fullmatch(text.strip())
    if match is None:
        return "", None
    identifier = match[1] or f"{match[2].lower()}/{match[3]}"
    return identifier, int(match[4]) if match[4] else None


def month_of(arxiv_id: str) -> date:
    """The first day of the month in which arXiv gave an identifier: that of the announcement."""
    digits = arxiv_id.rpartition("/")[2][:4]
    year = int(digits[:2])
    return date(1900 + year if year > 90 else 2000 + year, int(digits[2:]), 1)


def moment(value: Any) -> datetime | None:
    """An aware moment in UTC from ISO text (a day counts from its midnight), or None."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):  # no date, or one whose hour in UTC lies outside all years
        return None


_ORDINAL = re.compile(r"(?<=[0-9])(?:st|nd|rd|th)\b")
_MONTH = re.compile(r"\b(Sep)t\b|(?<=[A-Za-z]{3})\.|(?<=[0-9]),(?=\s[0-9])|(?<=[A-Za-z]),(?=\s[0-9]{4}$)")
_CHINESE = re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日")
_DATES = (
    "%Y/%m/%d",
    "%Y-%m-%d",
    "%Y.%m.%d",
    "%d %B %Y",
    "%d %b %Y",
    "%B %d, %Y",
    "%b %d, %Y",
    "%B %d %Y",
    "%b %d %Y",
    "%d-%b-%Y",
    "%B %Y",
    "%b %Y",
    "%Y-%m",
    "%Y/%m",
    "%Y",
)


def loose_moment(value: Any) -> datetime | None:
    """From whatever form of a date is plain: that of mail, a month, seconds since 1970; not from 04/02/2007."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _since_1970(value)
    if not isinstance(value, str):
        return None
    shown = value.strip()
    plainer = _plainer(shown)
    if (found := moment(shown) or moment(plainer)) is not None:
        return found
    for form in _DATES:
        try:
            return datetime.strptime(plainer, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    try:
        return parsedate_to_datetime(shown).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def _plainer(shown: str) -> str:
    """Without what some write into a date: 3rd, Sept., a comma."""
    shown = _MONTH.sub(lambda found: found[1] or "", _ORDINAL.sub("", shown))
    return _CHINESE.sub(r"\1-\2-\3", shown).removesuffix(" UTC").removesuffix(" GMT")


def _since_1970(value: float) -> datetime | None:
    """Seconds, or thousandths of them; a year where it is as small as one."""
    if isinstance(value, int) and 1900 <= value <= 2100:
        return datetime(value, 1, 1, tzinfo=UTC)
    try:
        return datetime.fromtimestamp(value / 1000 if value > 10**11 else value, UTC) if value > 10**8 else None
    except (ValueError, OverflowError, OSError):
        return None


def text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def count(value: Any) -> int | None:
    """A number a paper has earned; None where the source tells none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST else None


def excerpt(value: str, length: int = 120) -> str:
    """The beginning of a text, fit for any database and page."""
    return value[:length].replace("\x00", "�").encode(errors="replace").decode()
