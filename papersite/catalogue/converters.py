"""How papers and times stand in addresses."""

from datetime import date


class PaperIdConverter:
    """An arXiv id, new or old style, or ``p`` and a row's number."""

    regex = r"p\d{1,18}|\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class DayConverter:
    """A day such as 2026-11-23."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        return value if isinstance(value, str) else value.isoformat()


class WeekConverter:
    """The Monday of an ISO week such as 2026-W47."""

    regex = r"\d{4}-W\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisocalendar(int(value[:4]), int(value[6:]), 1)

    def to_url(self, value: date | str) -> str:
        return value if isinstance(value, str) else f"{value:%G-W%V}"


class MonthConverter:
    """The first day of a month such as 2026-11."""

    regex = r"\d{4}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(f"{value}-01")

    def to_url(self, value: date | str) -> str:
        return value if isinstance(value, str) else f"{value:%Y-%m}"
