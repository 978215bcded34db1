"""The time zones there are. Python looks through hundreds of files each time it is asked for them."""

from functools import cache
from zoneinfo import available_timezones


@cache
def names() -> frozenset[str]:
    """The names of all zones, such as Europe/Berlin; new ones are known once the process starts anew."""
    return frozenset(available_timezones())
