"""How papers and times stand in addresses."""

import re
from datetime import date

from papersite.catalogue.sources.text import arxiv_id


class AsItStands:
    """What stands in the address is the value."""

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class PaperIdConverter(AsItStands):
    """An arXiv id, new or old style, or ``p`` and a row's number."""

    regex = r"p[0-9]{1,18}|[0-9]{4}\.[0-9]{4,5}|[a-z-]{2,12}/[0-9]{7}"


class AnyPaperIdConverter(AsItStands):
    """The same as programs write it: with a version, and with "arXiv:" in front. Its value has neither."""

    regex = (
        r"p[0-9]{1,18}"
        r"|(?:[aA]r[xX]iv:)?(?:[0-9]{4}\.[0-9]{4,5}|[a-z-]{2,12}(?:\.[A-Z]{2})?/[0-9]{7})(?:v[0-9]{1,3})?"
    )

    def to_python(self, value: str) -> str:
        return value if value.startswith("p") and value[1:].isdigit() else arxiv_id(value) or value


class CategoryConverter(AsItStands):
    """An arXiv category such as cs.LG or hep-th, in whatever letters: views lead on from others than its own."""

    regex = r"[A-Za-z-]{2,12}(?:\.[A-Za-z-]{2,12})?"


class ReferenceConverter(AsItStands):
    """How a file for reference managers ends."""

    regex = r"bib|ris|json"


class DayConverter:
    """A day such as 2026-11-23."""

    # Of years that have a year before and after them in every calendar.
    regex = r"(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        return value if isinstance(value, str) else value.isoformat()


class WeekConverter:
    """The Monday of an ISO week such as 2026-W47."""

    regex = r"(?:19|20)[0-9]{2}-W[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisocalendar(int(value[:4]), int(value[6:]), 1)

    def to_url(self, value: date | str) -> str:
        return value if isinstance(value, str) else f"{value:%G-W%V}"


def month_of(written: str) -> date | None:
    """The first day of a month such as 2026-11; None where there is none."""
    try:
        return MonthConverter().to_python(written) if re.fullmatch(MonthConverter.regex, written) else None
    except ValueError:
        return None


class MonthConverter:
    """The first day of a month such as 2026-11."""

    regex = r"(?:19|20)[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(f"{value}-01")

    def to_url(self, value: date | str) -> str:
        return value if isinstance(value, str) else f"{value:%Y-%m}"
