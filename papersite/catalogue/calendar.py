"""Days of the catalogue, and arXiv's calendar of announcements. Pure.

The catalogue's day is the UTC date on which a source announced a paper. arXiv announces
at 20:00 Eastern time, Sunday to Thursday, except on its holidays
(https://info.arxiv.org/help/availability.html).
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")
ANNOUNCES_AT = time(20)
NO_ANNOUNCEMENT_ON = frozenset({4, 5})  # Friday and Saturday evening
# As arXiv published them; of other years only the weekends are known.
HOLIDAYS = frozenset(
    date(2026, month, day)
    for month, day in [(1, 1), (1, 19), (6, 19), (7, 3), (9, 7), (11, 26), (12, 25), (12, 29), (12, 31)]
)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The first moment of a day and of the next, both in UTC."""
    start = datetime.combine(day, time.min, tzinfo=UTC)
    return start, start + timedelta(days=1)


def weekdays_back(today: date, count: int) -> list[date]:
    """The last ``count`` weekdays up to and with ``today``, newest first."""
    days: list[date] = []
    day = today
    while len(days) < count:
        if day.weekday() < 5:
            days.append(day)
        day -= timedelta(days=1)
    return days


def announcements(after: datetime, until: datetime) -> list[datetime]:
    """The moments, in UTC, at which arXiv announces after one moment and up to another."""
    return [moment for day, moment in _evenings(after, until) if not _is_quiet(day)]


def why_quiet(after: datetime, until: datetime) -> str:
    """Why arXiv announced nothing between two moments: "holiday", "weekend", or "" where it did
    or where no evening lies between them."""
    evenings = [day for day, _ in _evenings(after, until)]
    if not evenings or not all(_is_quiet(day) for day in evenings):
        return ""
    return "holiday" if HOLIDAYS & set(evenings) else "weekend"


def _evenings(after: datetime, until: datetime) -> list[tuple[date, datetime]]:
    """Each day on whose evening, in Eastern time, arXiv might announce, with that moment in UTC."""
    day = after.astimezone(EASTERN).date()
    found = []
    while (moment := datetime.combine(day, ANNOUNCES_AT, tzinfo=EASTERN).astimezone(UTC)) <= until:
        if moment > after:
            found.append((day, moment))
        day += timedelta(days=1)
    return found


def _is_quiet(day: date) -> bool:
    return day.weekday() in NO_ANNOUNCEMENT_ON or day in HOLIDAYS
