"""Years and days in the forms that reference managers write."""

import re
from datetime import date

from papersite.catalogue.sources.text import loose_moment

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?![0-9])")
_PARTS = re.compile(r"^((?:19|20)[0-9]{2})[ /.,-]+([0-9]{1,2}|[A-Za-z{}\"]{3,12})\.?(?:[ /.,-]+([0-9]{1,2}))?(?![0-9])")


def year_of(written: str) -> int | None:
    """The first year of a text; None where it names none that a paper may have."""
    found = _YEAR.search(written[:100])
    return int(found[1]) if found else None


def day_of(written: str) -> date | None:
    """A day; the first one of a month that is named alone; None where there is no more than a year."""
    text = written[:60].strip()
    found = _PARTS.match(text)
    if found is None:
        moment = None if re.fullmatch(r"[0-9]{0,4}/*", text) else loose_moment(text)
        return moment.date() if moment else None
    name = found[2].strip('{}"').lower()
    month = (
        int(name)
        if name.isascii() and name.isdigit()
        else next((at for at, one in enumerate(_MONTHS, 1) if name.startswith(one)), 0)
    )
    try:
        return date(int(found[1]), month, int(found[3] or 1))
    except ValueError:
        return None
