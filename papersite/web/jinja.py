"""What templates of Jinja know: those of parts that stand on a page many times."""

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from django.urls import reverse
from jinja2 import Environment, StrictUndefined

MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
MONTHS = tuple(name[:3] for name in MONTH_NAMES)


def environment(**options: Any) -> Environment:
    """With Django's options; a name that a template is not given is an error."""
    strictly = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    found = Environment(**options | strictly)  # noqa: S701  Django asks for escaping
    found.globals["url"] = url
    found.filters |= {"day": day, "short_day": short_day, "month": month, "thousands": thousands}
    return found


@lru_cache(maxsize=20_000)
def url(page: str, of: str | int | None = None) -> str:
    """The address of a page; lists name the same ones again and again."""
    return reverse(page, args=None if of is None else [of])


def day(moment: datetime) -> str:
    """The day of a moment in UTC, as addresses have it."""
    return moment.astimezone(UTC).date().isoformat()


def short_day(moment: datetime) -> str:
    """Such as "7 Nov", in UTC."""
    local = moment.astimezone(UTC)
    return f"{local.day} {MONTHS[local.month - 1]}"


def month(day: date) -> str:
    """Such as "November 2026"."""
    return f"{MONTH_NAMES[day.month - 1]} {day.year}"


def thousands(number: int) -> str:
    """Such as "12,345"."""
    return f"{number:,}"
