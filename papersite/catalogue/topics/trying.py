"""What a topic's search finds this week, before it is put into force."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from papersite.catalogue.models import Paper, PaperTopic
from papersite.catalogue.search import documents, finding, language, matching
from papersite.catalogue.search.folder import Unavailable

WEEK = timedelta(days=7)
# A source may bring a month at once: so many of the hottest tell enough.
ASKED = 5000
SHOWN = 30
# Of fewer papers it tells nothing that a search finds all or none.
FEW = 10


@dataclass(frozen=True, slots=True)
class Trial:
    """Numbers, and the hottest of each."""

    of: int
    found: int
    gained: int
    lost: int
    papers: Sequence[tuple[Paper, str]]
    """With "gained", "lost" or nothing."""


def papers_of_week(now: datetime) -> list[int]:
    """The papers of the week up to the newest, hottest first."""
    newest = Paper.objects.visible().filter(announced_at__lte=now).order_by("-announced_at").first()
    if newest is None:
        return []
    week = Paper.objects.trending().filter(announced_at__gt=newest.announced_at - WEEK, announced_at__lte=now)
    return list(week.values_list("pk", flat=True)[:ASKED])


def found(text: str, papers: Collection[int]) -> set[int]:
    """Which of them a search finds, asked of the site's index, or of one of their own where there is none."""
    query = language.parse(text)
    try:
        return finding.among([query.node], list(papers))[0]
    except Unavailable:
        return matching.find({"": query}, documents.of(papers))[""]


def trial(text: str, topic_id: int | None, now: datetime) -> Trial:
    """Against what stands under the topic by its search now; what sources and curators decided stays."""
    week = papers_of_week(now)
    rows = PaperTopic.objects.filter(topic=topic_id, paper__in=week) if topic_id else PaperTopic.objects.none()
    settled = set(rows.exclude(origin=PaperTopic.Origin.SEARCH).values_list("paper", flat=True))
    has = set(rows.filter(origin=PaperTopic.Origin.SEARCH, belongs=True).values_list("paper", flat=True))
    finds = found(text, week) - settled
    gained, lost = finds - has, has - finds
    shown = [*[pk for pk in week if pk in finds][:SHOWN], *[pk for pk in week if pk in lost][:SHOWN]]
    papers = Paper.objects.in_bulk(shown)
    named = [(papers[pk], "gained" if pk in gained else "lost" if pk in lost else "") for pk in shown if pk in papers]
    return Trial(len(week), len(finds), len(gained), len(lost), named)
