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
RECEIVES_UNTIL = time(14)
# 2026 as arXiv published it. 2027 is not published yet: the same holidays on the days on which
# they are kept that year. Of other years only the weekends are known.
HOLIDAYS = frozenset(
    [date(2026, *day) for day in [(1, 1), (1, 19), (6, 19), (7, 3), (9, 7), (11, 26), (12, 25), (12, 29), (12, 31)]]
    + [date(2027, *day) for day in [(1, 1), (1, 18), (6, 18), (7, 5), (9, 6), (11, 25), (12, 24), (12, 29), (12, 31)]]
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


def next_announcement(after: datetime) -> datetime:
    """The first announcement after a moment, in UTC."""
    days = 7
    while not (found := announcements(after, after + timedelta(days=days))):
        days += 7
    return found[0]


def last_announcement(until: datetime) -> datetime:
    """The newest announcement up to a moment, in UTC."""
    days = 7
    while not (found := announcements(until - timedelta(days=days), until)):
        days += 7
    return found[-1]


def announced_for(submitted_at: datetime) -> datetime:
    """When a paper submitted at a moment is announced, in UTC, unless moderation holds it back.

    What arrives on a weekday until 14:00 Eastern time is announced that evening, or on the next
    evening on which arXiv announces; what arrives later counts for the next weekday.
    """
    local = submitted_at.astimezone(EASTERN)
    day = local.date() if local.time() < RECEIVES_UNTIL else local.date() + timedelta(days=1)
    while day.weekday() >= 5 or day in HOLIDAYS:
        day += timedelta(days=1)
    evening = datetime.combine(day, ANNOUNCES_AT, tzinfo=EASTERN).astimezone(UTC)
    return next_announcement(evening - timedelta(seconds=1))


def evening_before(midnight: datetime) -> datetime:
    """The announcement whose papers a feed dated at a midnight in Eastern time lists."""
    day = midnight.astimezone(EASTERN).date() - timedelta(days=1)
    return datetime.combine(day, ANNOUNCES_AT, tzinfo=EASTERN).astimezone(UTC)


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
