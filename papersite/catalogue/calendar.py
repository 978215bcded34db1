"""Days of the catalogue, and arXiv's calendar of announcements. Pure.

The catalogue's day is the UTC date on which a source announced a paper. arXiv announces
at 20:00 Eastern time, Sunday to Thursday, except on its holidays
(https://info.arxiv.org/help/availability.html).
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")
ANNOUNCES_AT = time(20)
NO_ANNOUNCEMENT_ON = frozenset({4, 5})  # Friday and Saturday evening
RECEIVES_UNTIL = time(14)
NEW_FOR_MONTHS = 2
MONDAY, THURSDAY = 0, 3
RULES_SINCE = 2026


@cache
def holidays(year: int) -> frozenset[date]:
    """The days on whose evening arXiv announces nothing, by the rules that give those it published for 2026.

    They stand for years that are not published yet; of those before 2026 only the weekends are known.
    """
    if year < RULES_SINCE:
        return frozenset()
    kept = [_kept(date(year, *day)) for day in [(1, 1), (6, 19), (7, 4), (12, 25)]]
    found = [_nth(year, 1, MONDAY, 3), _nth(year, 9, MONDAY, 1), _nth(year, 11, THURSDAY, 4)]
    return frozenset([*kept, *found, date(year, 12, 29), date(year, 12, 31)])


def _kept(day: date) -> date:
    """On a weekend the weekday beside it is kept instead."""
    return day + timedelta(days={5: -1, 6: 1}.get(day.weekday(), 0))


def _nth(year: int, month: int, weekday: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))


def _is_holiday(day: date) -> bool:
    return day in holidays(day.year)


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
    return _announced_for(local.date() if local.time() < RECEIVES_UNTIL else local.date() + timedelta(days=1))


@lru_cache(maxsize=20_000)
def _announced_for(day: date) -> datetime:
    """When what counts for a day is announced, in UTC. Archives have many papers of each of few days."""
    while day.weekday() >= 5 or _is_holiday(day):
        day += timedelta(days=1)
    evening = datetime.combine(day, ANNOUNCES_AT, tzinfo=EASTERN).astimezone(UTC)
    return next_announcement(evening - timedelta(seconds=1))


def month_before(listed_at: datetime, came_out: date) -> date | None:
    """The first day of the month in which a paper came out, where that is not the month of its list nor the one
    before: a reader would take it for a new one."""
    months = (listed_at.year - came_out.year) * 12 + listed_at.month - came_out.month
    return came_out.replace(day=1) if months >= NEW_FOR_MONTHS else None


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
    return "holiday" if any(map(_is_holiday, evenings)) else "weekend"


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
    return day.weekday() in NO_ANNOUNCEMENT_ON or _is_holiday(day)
