"""What this week brought: how many papers each follow would have, and the hottest of each topic."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from digest.following.follows import Target, target
from digest.models import Follow
from papersite.catalogue.models import Authorship, Paper, PaperTopic, Topic
from papersite.catalogue.search import counting, language
from papersite.catalogue.search.folder import Unavailable

WEEK = timedelta(days=7)
GOOD_FOR = 300
EXAMPLES = 2


def counts(wanted: Iterable[Follow], now: datetime) -> dict[Target, int | None]:
    """Papers of the last seven days, by what is followed or muted; None while searches cannot be asked.

    At most three queries and one visit to the index, and for some minutes none.
    """
    asked = {target(follow) for follow in wanted}
    held = cache.get_many([_key(one) for one in asked])
    found: dict[Target, int | None] = {one: held[_key(one)] for one in asked if _key(one) in held}
    fresh = _count(asked - found.keys(), now)
    cache.set_many({_key(one): count for one, count in fresh.items() if count is not None}, GOOD_FOR)
    return found | fresh


def of_search(text: str, now: datetime) -> int | None:
    """The same for one search, also while it is being typed."""
    return counts([Follow(kind=Follow.Kind.SEARCH, search=text)], now)[Follow.Kind.SEARCH, text]


def examples(now: datetime) -> dict[int, list[Paper]]:
    """The hottest papers of the week by topic, some titles each, in one query."""
    place = Window(RowNumber(), partition_by=F("topic"), order_by=[F("paper__heat").desc(), F("paper").desc()])
    pairs = PaperTopic.objects.filter(
        belongs=True, paper__announced_at__gte=now - WEEK, paper__is_hidden=False, paper__is_withdrawn=False
    )
    hottest = pairs.annotate(place=place).filter(place__lte=EXAMPLES).select_related("paper")
    found: dict[int, list[Paper]] = defaultdict(list)
    for pair in hottest.order_by("topic", "place"):
        found[pair.topic_id].append(pair.paper)
    return found


def _count(asked: set[Target], now: datetime) -> dict[Target, int | None]:
    by_kind: dict[str, list[Target]] = defaultdict(list)
    for one in asked:
        by_kind[one[0]].append(one)
    found: dict[Target, int | None] = dict.fromkeys(asked, 0)
    if topics := by_kind[Follow.Kind.TOPIC]:
        by_topic = Topic.objects.filter(pk__in=[value for _, value in topics]).week_counts(now)
        found |= {(Follow.Kind.TOPIC, pk): count for pk, count in by_topic.items()}
    if authors := by_kind[Follow.Kind.AUTHOR]:
        written = Authorship.objects.filter(
            author__in=[value for _, value in authors], paper__announced_at__gte=now - WEEK, paper__is_hidden=False
        )
        by_author = written.order_by().values_list("author").annotate(Count("pk"))
        found |= {(Follow.Kind.AUTHOR, pk): count for pk, count in by_author}
    if trending := by_kind[Follow.Kind.TRENDING]:
        found[trending[0]] = Paper.objects.visible().filter(announced_at__gte=now - WEEK).count()
    return found | _count_searches(by_kind[Follow.Kind.SEARCH], now)


def _count_searches(asked: list[Target], now: datetime) -> dict[Target, int | None]:
    nodes = [language.parse(str(text)).node for _, text in asked]
    try:
        return dict(zip(asked, counting.since(nodes, (now - WEEK).date()), strict=True)) if asked else {}
    except Unavailable:
        return dict.fromkeys(asked)


def _key(one: Target) -> str:
    kind, value = one
    return f"weekly:{kind}:{hashlib.sha256(str(value).encode()).hexdigest()[:24]}"
