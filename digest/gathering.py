"""Reads, for a whole batch of deliveries at once, what decides each of them.

The number of queries depends on how many different things the batch follows, not on
how many readers it has.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Max, QuerySet

from digest.assembly import Candidate, Reason, Wish, Wishes
from digest.models import Delivery, DeliveryItem, Follow, Pick
from papersite.catalogue.models import Authorship, Paper, PaperTopic
from papersite.catalogue.search import language, matching, records

# Deep enough that a reader with the largest cap, who was sent the top of every day of
# the window, still has a choice.
RANKING = 300
SEARCHED = 1000
Target = tuple[str, object]


def gather(deliveries: list[Delivery]) -> dict[int, Wishes]:
    """What decides each delivery, by its number. ``subscription`` must be selected with them."""
    return _Gathering(deliveries).by_delivery()


class _Gathering:
    def __init__(self, deliveries: list[Delivery]) -> None:
        self.deliveries = deliveries
        self.subscription_ids = {delivery.subscription_id for delivery in deliveries}
        self.follows: dict[int, list[Follow]] = defaultdict(list)
        for follow in Follow.objects.filter(subscription__in=self.subscription_ids).select_related("topic", "author"):
            self.follows[follow.subscription_id].append(follow)
        self.rankings = self._rankings()
        self.picks = self._picks({delivery.day for delivery in deliveries})
        self.candidates = {
            candidate.paper_id
            for found in (*self.rankings.values(), *([c for c, _ in day] for day in self.picks.values()))
            for candidate in found
        }
        self.muted = self._muted()
        self.sent = self._sent()
        self.last_digest = dict(
            Delivery.objects.filter(subscription__in=self.subscription_ids, state=Delivery.State.SENT)
            .values_list("subscription")
            .annotate(Max("assembled_at"))
        )
        newest = Paper.objects.visible().aggregate(Max("announced_at"), Max("added_at"))
        self.newest_at: datetime | None = max(filter(None, newest.values()), default=None)

    def by_delivery(self) -> dict[int, Wishes]:
        return {delivery.pk: self._wishes(delivery) for delivery in self.deliveries}

    def _wishes(self, delivery: Delivery) -> Wishes:
        follows = self.follows[delivery.subscription_id]
        last = self.last_digest.get(delivery.subscription_id)
        return Wishes(
            cap=delivery.subscription.cap,
            wishes=[Wish(_reason(follow), self.rankings[_target(follow)]) for follow in follows if not follow.mutes],
            picks=self.picks.get(delivery.day, ()),
            sent=self.sent[delivery.subscription_id],
            muted=set().union(*(self.muted[_target(follow)] for follow in follows if follow.mutes)),
            last_digest_at=last,
            is_quiet_catalogue=self.newest_at is None or (last is not None and self.newest_at <= last),
        )

    def _all(self, *, mutes: bool) -> list[Follow]:
        """One follow for each distinct target."""
        distinct = {_target(f): f for follows in self.follows.values() for f in follows if f.mutes == mutes}
        return list(distinct.values())

    def _rankings(self) -> dict[Target, list[Candidate]]:
        included = self._all(mutes=False)
        rankings = {_target(f): _candidates(_papers(f)) for f in included if f.kind != Follow.Kind.SEARCH}
        searches = [f for f in included if f.kind == Follow.Kind.SEARCH]
        if searches:
            pool = _candidates(Paper.objects.all(), SEARCHED)
            found = _search(searches, [candidate.paper_id for candidate in pool])
            rankings |= {
                target: [candidate for candidate in pool if candidate.paper_id in ids] for target, ids in found.items()
            }
        return rankings

    def _picks(self, days: set[date]) -> dict[date, list[tuple[Candidate, str]]]:
        picks: dict[date, list[tuple[Candidate, str]]] = defaultdict(list)
        rows = Pick.objects.filter(
            edition__day__in=days, paper__is_hidden=False, paper__is_withdrawn=False
        ).select_related("paper", "edition")
        for pick in rows:
            paper = pick.paper
            candidate = Candidate(paper.pk, paper.heat, paper.announced_at, paper.added_at)
            picks[pick.edition.day].append((candidate, pick.note))
        return picks

    def _muted(self) -> dict[Target, set[int]]:
        """Which candidates each mute keeps out."""
        muting = self._all(mutes=True)
        muted: dict[Target, set[int]] = {_target(follow): set() for follow in muting}
        topics = [follow.topic_id for follow in muting if follow.kind == Follow.Kind.TOPIC]
        authors = [follow.author_id for follow in muting if follow.kind == Follow.Kind.AUTHOR]
        searches = [follow for follow in muting if follow.kind == Follow.Kind.SEARCH]
        if topics:
            pairs = PaperTopic.objects.filter(topic__in=topics, belongs=True, paper__in=self.candidates)
            for topic_id, paper_id in pairs.values_list("topic", "paper"):
                muted["topic", topic_id].add(paper_id)
        if authors:
            written = Authorship.objects.filter(author__in=authors, paper__in=self.candidates)
            for author_id, paper_id in written.values_list("author", "paper"):
                muted["author", author_id].add(paper_id)
        return muted | _search(searches, self.candidates) if searches else muted

    def _sent(self) -> dict[int, set[int]]:
        sent: dict[int, set[int]] = defaultdict(set)
        rows = DeliveryItem.objects.filter(subscription__in=self.subscription_ids, paper__in=self.candidates)
        for subscription_id, paper_id in rows.values_list("subscription", "paper"):
            sent[subscription_id].add(paper_id)
        return sent


def _target(follow: Follow) -> Target:
    match follow.kind:
        case Follow.Kind.TOPIC:
            return ("topic", follow.topic_id)
        case Follow.Kind.AUTHOR:
            return ("author", follow.author_id)
        case Follow.Kind.SEARCH:
            return ("search", follow.search)
        case _:
            return ("trending", None)


def _reason(follow: Follow) -> Reason:
    return (str(follow.kind), follow.label)


def _papers(follow: Follow) -> QuerySet[Paper]:
    if follow.topic is not None:
        return Paper.objects.in_topic(follow.topic)
    if follow.author is not None:
        return Paper.objects.by_author(follow.author)
    return Paper.objects.all()


def _candidates(papers: QuerySet[Paper], limit: int = RANKING) -> list[Candidate]:
    hottest = papers.filter(is_hidden=False, is_withdrawn=False).order_by("-heat", "-pk")[:limit]
    return [Candidate(*row) for row in hottest.values_list("pk", "heat", "announced_at", "added_at")]


def _search(follows: Iterable[Follow], paper_ids: Iterable[int]) -> dict[Target, set[int]]:
    queries = {_target(follow): language.parse(follow.search) for follow in follows}
    return matching.find(queries, records.of(paper_ids))
