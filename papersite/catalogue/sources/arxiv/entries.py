"""What arXiv's three ways of telling a paper have in common."""

import re
from datetime import UTC, datetime, time, timedelta
from email.utils import parsedate_to_datetime

from papersite.catalogue import calendar
from papersite.catalogue.sources.text import month_of

_NOUN = r"(?:arxiv )?(?:paper|article|submission|manuscript|work|version|preprint|note|draft|report)"
# Withdrawn from a conference is not withdrawn from arXiv.
_ELSEWHERE = r"(?!\W+from\s+(?!(?:the\s+)?(?:arxiv|public|archive|repository)\b))"
_GONE = "(?:withdrawn|retracted)"
_IS = rf"(?:(?:has|have|had) (?:now |since )?been|was|is(?: being)?|been)\s+(?:\w+ly\s+)?{_GONE}\b{_ELSEWHERE}"
_SAYS_SO = (
    re.compile(rf"\b(?:this|the|our|my)\s+{_NOUN}(?:\s+\([^)]*\))?\s+{_IS}", re.IGNORECASE),
    re.compile(
        rf"\b(?:i|we|authors?)\b[^.;]{{0,40}}?\bwithdr(?:aw|ew|awn|aws|awing)\s+(?:this|the|our|my)\s+{_NOUN}\b{_ELSEWHERE}"
        r"(?!\s+(?:to|at)\s+(?!(?:the\s+)?arxiv))",
        re.IGNORECASE,
    ),
    re.compile(rf"\b(?:request|ask)\w*\s+(?:for )?(?:the )?withdrawal of (?:this|our|the)\s+{_NOUN}", re.IGNORECASE),
    # Nothing else stands in front of it.
    re.compile(
        rf"^\W*(?:(?:this |the |our )?{_NOUN}\s+)?(?:(?:is|has been|was|are)\s+)?(?:\w+ly\s+)?{_GONE}\b{_ELSEWHERE}"
        r"(?=\W*$|\s*[.,;:!()\]–—]|\s*-(?!\w)"
        r"|\s+(?:by|due|because|for|until|pending|since|as|to|while|after|temporarily|from|on|in order"
        r"|at (?:the |an? )?(?:\w+\W?s?\W? )?request)\b)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:this|the|our|my)\s+{_NOUN}\s+(?:has been|was) removed (?:from arxiv )?"
        r"by (?:arxiv|(?:the |its |all )?authors?)\b",
        re.IGNORECASE,
    ),
    re.compile(rf"\b{_GONE} by (?:the |its |all )?(?:authors?|arxiv|submitter)\b{_ELSEWHERE}", re.IGNORECASE),
)
# What is said after these is said of another paper.
_ANOTHER = re.compile(
    r"\b(?:replac\w+|supersed\w+|which|that|earlier|previous|former|another|duplicat\w+|extends|see"
    r"|submi(?:ssion|tted)\s+(?:to|at)(?!\s+(?:the\s+)?arxiv))\b",
    re.IGNORECASE,
)
_OF_ITSELF = re.compile(rf"\W*(?:(?:this|the|our|my)\s+{_NOUN}\b|retracted\b|it\b)", re.IGNORECASE)
# Most texts hold none of these, which is seen faster than by a pattern.
_SIGNS = ("withdr", "retract", "removed by", "removed from arxiv")
_CLAUSE = re.compile(r"(?<=[.;!])\s+|\s*\|\s*")


def is_withdrawn(abstract: str, comment: str) -> bool:
    """Whether arXiv's texts on a paper's newest version say that it was withdrawn from arXiv.

    A comment may say it anywhere, an abstract in its first sentence only: a paper may be about withdrawal. Of what
    was retracted more is written: there the sentence must be about its own paper.
    """
    if not any(sign in text for text in (comment.lower(), abstract[:300].lower()) for sign in _SIGNS):
        return False
    if any(map(_said, _CLAUSE.split(comment[:4000]))):
        return True
    first = _CLAUSE.split(abstract[:300].strip())[0]
    said = _said(first)
    return said != "" and ("retract" not in said.lower() or _OF_ITSELF.match(first) is not None)


def _said(clause: str) -> str:
    """What of a clause says it; "" where nothing does."""
    for pattern in _SAYS_SO:
        if (found := pattern.search(clause)) and not _ANOTHER.search(clause[: found.start()]):
            return found[0]
    return ""


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


def within_its_month(announced_at: datetime, arxiv_id: str) -> datetime:
    """An announcement as its identifier allows: arXiv gives it in the month of the announcement.

    A replaced or cross-listed paper is announced again, but it is not new. One that a moderator held for weeks came
    when its month began, or after.
    """
    first = month_of(arxiv_id)
    begun = datetime.combine(first, time(), tzinfo=UTC)
    if announced_at < begun:
        return calendar.announced_for(begun)
    after = (first + timedelta(days=32)).replace(day=1)
    # The evening of the last day in Eastern time is the next day in UTC.
    return min(announced_at, datetime.combine(after, time(1), tzinfo=UTC))
