"""Which papers a reader's own page shows."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from digest.choosing import for_you
from digest.models import Subscription
from papersite.catalogue import reading_list, tasting
from papersite.catalogue.models import Paper
from tests.factories import NOW, AuthorFactory, FollowFactory, PaperFactory, TopicFactory

pytestmark = pytest.mark.django_db


def titles(subscription: Subscription) -> list[str]:
    tasting.site_taste.cache_clear()
    return [paper.title for paper, _ in for_you.of(subscription.reader, subscription, NOW).papers]


def test_mutes_of_each_kind_keep_papers_out(subscription: Subscription) -> None:
    topic, author = TopicFactory.create(), AuthorFactory.create()
    kept = PaperFactory.create(
        title="Tokamaks, stellarators, mirrors, pinches and jets", abstract="", announced_at=NOW - timedelta(days=60)
    )
    reading_list.save(kept, subscription.reader, NOW)
    for title, more in (
        ("Tokamaks", {"in_topics": [topic]}), ("Stellarators", {"by": [author]}),
        ("Mirrors on blockchains", {}), ("Pinches", {}), ("Jets", {"is_hidden": True}),
    ):  # fmt: skip
        PaperFactory.create(title=title, abstract="", **more)
    assert len(titles(subscription)) == 4

    FollowFactory.create(subscription=subscription, kind="topic", topic=topic, mutes=True)
    FollowFactory.create(subscription=subscription, kind="author", author=author, mutes=True)
    FollowFactory.create(subscription=subscription, kind="search", search="blockchains", mutes=True)
    assert titles(subscription) == ["Pinches"]


@pytest.mark.parametrize(("is_hidden", "found"), [(False, ["Stellarators"]), (True, [])])
def test_what_a_curator_hid_is_no_reason(subscription: Subscription, is_hidden: bool, found: list[str]) -> None:
    kept = PaperFactory.create(title="More stellarators", abstract="", announced_at=NOW - timedelta(days=60))
    reading_list.save(kept, subscription.reader, NOW)
    PaperFactory.create(title="Stellarators", abstract="")
    Paper.objects.filter(pk=kept.pk).update(is_hidden=is_hidden)

    assert titles(subscription) == found


def test_many_papers_cost_as_many_queries_as_one(subscription: Subscription) -> None:
    # What a process asks once, whatever it was doing before.
    for_you.of(subscription.reader, subscription, NOW)
    counts = []
    for count in (1, 20):
        for number in range(count):
            # A word that two papers share and no others: what all have tells nothing of a taste.
            paper: Paper = PaperFactory.create(title=f"Tokamak kind{number}of{count} alone")
            saved = PaperFactory.create(title=f"The kind{number}of{count} of {paper.pk}")
            reading_list.save(saved, subscription.reader, NOW)
        tasting.site_taste.cache_clear()
        with CaptureQueriesContext(connection) as asked:
            for_you.of(subscription.reader, subscription, NOW)
        counts.append(len(asked))
    assert counts[0] == counts[1] < 20
