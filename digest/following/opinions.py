"""Readers' words on single papers: more like this, or less."""

from datetime import datetime

from digest.models import Opinion, Subscription
from papersite.catalogue.models import Paper


def give(subscription: Subscription, paper: Paper, kind: str, now: datetime) -> Opinion:
    """A reader's word on a paper; another word on the same paper takes its place."""
    opinion, _ = Opinion.objects.update_or_create(
        subscription=subscription, paper=paper, defaults={"kind": kind, "given_at": now}
    )
    return opinion


def take_back(subscription: Subscription, paper: Paper) -> None:
    Opinion.objects.filter(subscription=subscription, paper=paper).delete()
