"""The newest papers that are close to one reader's taste, whatever they follow."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from accounts.models import User
from digest.choosing import lifts, mutes, taste
from digest.choosing.assembly import FIRST_WINDOW
from digest.choosing.rankings import Rankings, find_on_site
from digest.models import Follow, Subscription
from digest.types import Close, Reason
from papersite.catalogue import rows
from papersite.catalogue.models import Paper
from papersite.catalogue.rows import Marks

SIZE = 30


class ForYou(NamedTuple):
    """What a reader's page shows."""

    papers: list[tuple[Paper, Reason]]
    marks: Marks
    has_examples: bool
    """Whether they said anything to learn from."""


def of(reader: User, subscription: Subscription | None, now: datetime) -> ForYou:
    """The closest of the last two weeks, without what is muted; in as many queries for many papers as for one."""
    key = subscription.pk if subscription else 0
    rankings = Rankings(read_at=now, find=find_on_site)
    wants = {key: taste.Wants(reader.pk, Subscription.CloseToSaved.THIRD)}
    tastes = taste.read(wants, lifts.latest([key], now), rankings, now)
    found = tastes.closest(key, 2 * SIZE, since=now - FIRST_WINDOW)
    muted = _muted(subscription, found, rankings) if subscription and found else set()
    shown = {one.paper_id: reason for one, reason in found if one.paper_id not in muted}
    papers = rows.of(Paper.objects.visible().filter(pk__in=list(shown)[:SIZE])).in_bulk()
    listed = [papers[number] for number in shown if number in papers]
    marks = rows.complete(listed, reader)
    return ForYou([(paper, shown[paper.pk]) for paper in listed], marks, tastes.knows(key))


def _muted(subscription: Subscription, found: list[Close], rankings: Rankings) -> set[int]:
    ids = {one.paper_id for one, _ in found}
    targets = [
        (one.kind, one.topic_id or one.author_id or one.search)
        for one in Follow.objects.filter(subscription=subscription, mutes=True)
    ]
    kept_out = mutes.muted(targets, Q(paper__in=ids), lambda searches: rankings.find(searches, ids))
    return set().union(*kept_out.values()) if kept_out else set()
