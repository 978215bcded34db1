"""Reads, for a whole batch of deliveries at once, what decides each of them.

The number of queries depends on how many different things the batch follows, not on
how many readers it has.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import chain

from django.conf import settings
from django.db.models import Case, OuterRef, Q, Subquery, Value, When

from digest.choosing import lifts, mutes, taste
from digest.choosing.assembly import FIRST_WINDOW, WINDOW, window_start
from digest.choosing.rankings import FollowRow, Rankings, Target, find_on_site, follow_row
from digest.editions import states
from digest.editions.states import InForce
from digest.ledger import history, remainders
from digest.models import Delivery, DeliveryItem, Follow, Subscription
from digest.types import Claim, Inputs, Lift, Pinned, Reason

USUAL_WINDOW = WINDOW + timedelta(days=1)
_FOLLOW = (
    "subscription", "kind", "topic", "author", "search", "mutes", "topic__name", "author__name",
)  # fmt: skip


def gather(
    claims: list[Claim],
    rankings: Rankings,
    now: datetime,
    editions: InForce | None = None,
    made_up: Mapping[int, tuple[list[FollowRow], datetime]] | None = None,
) -> dict[int, Inputs]:
    """What decides each delivery, by its number; ``editions`` are those to choose by, if not those in force.

    ``made_up`` are readers that no row is of, by a number that no subscription has: their follows and last digest.
    """
    editions = editions or states.in_force({claim.day for claim in claims})
    return _Reading(claims, rankings, now, editions, made_up or {}).by_delivery()


def gather_one(claim: Claim, now: datetime, editions: InForce | None = None) -> Inputs:
    """The same for one reader who waits for it; as many queries for thirty follows as for one."""
    held = Rankings(read_at=now, find=find_on_site)
    topics = Follow.objects.filter(subscription=claim.subscription_id, mutes=False, kind=Follow.Kind.TOPIC)
    held.load_topics([one.topic_id for one in topics.only("topic") if one.topic_id])
    return gather([claim], held, now, editions)[claim.pk]


class _Reading:
    def __init__(
        self,
        claims: list[Claim],
        rankings: Rankings,
        now: datetime,
        editions: InForce,
        made_up: Mapping[int, tuple[list[FollowRow], datetime]],
    ) -> None:
        self.claims = claims
        self.rankings = rankings
        self.editions = editions
        self.subscription_ids = {claim.subscription_id for claim in claims}
        self.follows: dict[int, list[FollowRow]] = defaultdict(list)
        rows = Follow.objects.filter(subscription__in=self.subscription_ids).order_by("pk")
        for subscription_id, *row in rows.values_list(*_FOLLOW):
            self.follows[subscription_id].append(follow_row(*row))
        self.follows |= {one: held for one, (held, _) in made_up.items()}
        rankings.load({one.target for follows in self.follows.values() for one in follows if not one.mutes})
        rankings.load_picks(editions.revisions.values())
        self.picked = {
            one.candidate.paper_id for held in editions.revisions.values() for one in rankings.picks_of(held)
        }
        if self.picked:
            included = (one.target for follows in self.follows.values() for one in follows if not one.mutes)
            rankings.match_picks({str(value) for kind, value in included if kind == "search"})
        self.waited: dict[int, dict[Reason, int]] = {}
        self.unfolded: set[int] = set()
        self.taste_places: dict[int, taste.Wants] = {}
        self.last_digest = self._last_digest() | {one: last for one, (_, last) in made_up.items()}
        self.newest_at = rankings.newest_at()
        self.inputs = {claim.pk: self._inputs_of(claim) for claim in claims}
        self.since = {claim.subscription_id: window_start(self.inputs[claim.pk], now) for claim in claims}
        self.said = lifts.latest(self.subscription_ids, now)
        # Before the mutes are asked: what may come on account of taste must be among the known.
        self.tastes = taste.read(self.taste_places, self.said, rankings, now)
        self.muted = self._muted()
        self.sent = self._sent(now)
        self.lifts = self._lifts(now)

    def by_delivery(self) -> dict[int, Inputs]:
        return {claim.pk: self._known(claim) for claim in self.claims}

    def _inputs_of(self, claim: Claim) -> Inputs:
        last = self.last_digest.get(claim.subscription_id)
        included = [one for one in self.follows[claim.subscription_id] if not one.mutes]
        revision = self.editions.revisions.get(claim.day)
        return Inputs(
            cap=claim.cap,
            follows=[self.rankings.follow(one) for one in included],
            picks=[(one.candidate, one.note) for one in self._picks_for(claim, included)],
            picks_a_mail=self.editions.picks_a_mail,
            left_out=frozenset(revision.left_out) if revision else (),
            folds_alike=claim.subscription_id not in self.unfolded,
            waited=self.waited.get(claim.subscription_id, {}),
            last_digest_at=last,
            is_quiet_catalogue=self.newest_at is None or (last is not None and self.newest_at <= last),
        )

    def _picks_for(self, claim: Claim, included: list[FollowRow]) -> list[Pinned]:
        """Those that fit what the reader follows, and those that are for all."""
        return [
            one
            for one in self.rankings.picks_of(self.editions.revisions.get(claim.day))
            if one.is_for_all or any(self.rankings.fits(each.target, one.candidate.paper_id) for each in included)
        ]

    def _known(self, claim: Claim) -> Inputs:
        """The same, with what must not come."""
        kept_out = [self.muted[one.target] for one in self.follows[claim.subscription_id] if one.mutes]
        inputs = self.inputs[claim.pk]
        inputs.sent = self.sent[claim.subscription_id]
        inputs.lifts = self.lifts.get(claim.subscription_id, {})
        inputs.muted = set().union(*kept_out) if kept_out else ()
        if (wants := self.taste_places.get(claim.subscription_id)) is not None:
            inputs.close_places = wants.places(claim.cap)
            blocked = {*inputs.sent, *inputs.muted, *inputs.left_out}
            since = self.since[claim.subscription_id]
            inputs.close = self.tastes.closest(
                claim.subscription_id, 2 * inputs.most_close, since=since, without=blocked
            )
        return inputs

    def _lifts(self, now: datetime) -> dict[int, dict[int, Lift]]:
        """How far each reader's opinions move which papers."""
        said = self.said
        similarity = self.rankings.similarity
        similarity.load({one.paper_id for one in chain(*said.values())}, min(now, self.newest_at or now) - FIRST_WINDOW)
        return {subscription: lifts.lifts(held, similarity, now) for subscription, held in said.items()}

    def _last_digest(self) -> dict[int, datetime]:
        """When each reader's last digest was put together; what it left waiting goes into ``waited``, who wants
        papers on one thing apart into ``unfolded``, and what taste may bring into ``taste_places``."""
        # One with a reason is a note that there was none. Asked reader by reader in the order of the index: the
        # index of days would be read whole, as of today's rows no statistics tell how many there are.
        sent = Delivery.objects.filter(subscription=OuterRef("pk"), state=Delivery.State.SENT, reason="")
        latest = sent.order_by("-day", "-extra")
        first_item = DeliveryItem.objects.filter(delivery=OuterRef("pk"), position=0)
        left = latest.annotate(left=Subquery(first_item.values("remainders"))).values("left")[:1]
        crowded = self._crowded()
        rows = (
            Subscription.objects.filter(pk__in=self.subscription_ids)
            .order_by()
            .annotate(last=Subquery(latest.values("assembled_at")[:1]))
            # Asked only for those to whom it matters, and with the rest.
            .annotate(left=Case(When(pk__in=crowded, then=Subquery(left))) if crowded else Value(""))
        )
        found: dict[int, datetime] = {}
        columns = ("pk", "reader", "folds_alike", "close_to_saved", "last", "left")
        for pk, reader, folds, close, last, text in rows.values_list(*columns):
            if not folds:
                self.unfolded.add(pk)
            if settings.TASTE and close != Subscription.CloseToSaved.OFF:
                self.taste_places[pk] = taste.Wants(reader, close)
            if last is not None:
                found[pk] = last
                self.waited[pk] = {one[:2]: one.waited for one in remainders.loads(text) if one.waited}
        return found

    def _crowded(self) -> set[int]:
        """Readers who follow more than one mail has places for."""
        return {
            claim.subscription_id
            for claim in self.claims
            if sum(not one.mutes for one in self.follows[claim.subscription_id])
            > claim.cap - min(claim.cap // 2, len(self.rankings.picks_of(self.editions.revisions.get(claim.day))))
        }

    def _muted(self) -> dict[Target, set[int]]:
        """Which papers each mute keeps out, of those that may be chosen."""
        muting = [(subscription, one) for subscription, follows in self.follows.items() for one in follows if one.mutes]
        if not muting:
            return {}
        since = min(self.since[subscription] for subscription, _ in muting)
        may_come = Q(paper__gte=self.rankings.lowest_since(since)) | Q(paper__in=self.picked)
        among = self.rankings.known_since(since) | self.picked
        return mutes.muted(
            {one.target for _, one in muting}, may_come, lambda searches: self.rankings.find(searches, among)
        )

    def _sent(self, now: datetime) -> dict[int, set[int]]:
        """What each reader got already, of the papers that may be chosen.

        Few readers look further back than a week, so that the others are not asked about older papers.
        """
        sent: dict[int, set[int]] = defaultdict(set)
        for is_usual in (True, False):
            group = {one: since for one, since in self.since.items() if (since >= now - USUAL_WINDOW) == is_usual}
            if group:
                since = min(group.values())
                # Asked apart: an OR of the two would read all that these readers were ever sent.
                for may_come in (Q(paper__gte=self.rankings.lowest_since(since)), Q(paper__in=self.picked)):
                    rows = DeliveryItem.objects.filter(may_come, subscription__in=group)
                    for subscription_id, paper_id in rows.order_by().values_list("subscription", "paper"):
                        sent[subscription_id].add(paper_id)
                # Old papers may be news: announced anew, picked by a curator, or to one who was long away.
                old = self.rankings.seen_before(now - history.NEVER_FOLDED, since=since, also=self.picked)
                for subscription_id, paper_id in history.folded_among(group, old) if old else ():
                    sent[subscription_id].add(paper_id)
        return sent
