"""Papers close to what a reader saved, voted for and wanted more of, and why."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from digest.choosing import lifts, preview, taste
from digest.choosing.rankings import Rankings
from digest.following import opinions
from digest.models import Delivery, DeliveryItem, Subscription
from digest.sending import drain
from digest.types import Candidate, Close
from papersite.catalogue import reading_list, tasting, votes
from papersite.catalogue.meaning import site
from papersite.catalogue.models import Paper
from papersite.catalogue.taste.readers import LEAST_READERS
from tests.factories import (
    NOW,
    AuthorFactory,
    DeliveryFactory,
    FollowFactory,
    PaperFactory,
    TopicFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

LONG_AGO = NOW - timedelta(days=60)
TOKAMAK = "Plasma confinement in spherical tokamaks"


def paper_of(**fields: Any) -> Paper:
    """A paper that says no more than its title."""
    return PaperFactory.create(abstract="", **fields)


def kept(subscription: Subscription, title: str = TOKAMAK, **more: Any) -> Paper:
    """A paper of long ago that the reader saved."""
    paper = paper_of(title=title, announced_at=LONG_AGO, **more)
    reading_list.save(paper, subscription.reader, NOW)
    return paper


def close(subscription: Subscription, size: int = 9) -> list[tuple[str, tuple[str, str]]]:
    """Titles of what is close to their taste, with the reasons."""
    wants = {subscription.pk: taste.Wants(subscription.reader_id, "third")}
    said = lifts.latest([subscription.pk], NOW)
    found = taste.read(wants, said, Rankings(), NOW).closest(subscription.pk, size)
    titles = dict(Paper.objects.values_list("pk", "title"))
    return [(titles[one.candidate.paper_id], one.reason) for one in found]


def test_each_word_of_a_reader_brings_what_is_like_it_and_is_named(subscription: Subscription) -> None:
    kept(subscription)
    votes.cast(paper_of(title="Dialects of whales", announced_at=LONG_AGO), subscription.reader)
    opinions.give(subscription, paper_of(title="Braiding sweetgrass fields"), "more", NOW)
    opinions.give(subscription, paper_of(title="Volcanic glass"), "less", NOW)
    for title in ("Tokamaks spherical and steady", "Whales and their dialects", "Sweetgrass fields", "Glass, volcanic"):
        paper_of(title=title)

    assert sorted(close(subscription)) == [
        ("Sweetgrass fields", ("like", "Braiding sweetgrass fields")),
        ("Tokamaks spherical and steady", ("saved", TOKAMAK)),
        ("Whales and their dialects", ("voted", "Dialects of whales")),
    ]


def test_an_author_of_a_saved_paper_is_enough(subscription: Subscription) -> None:
    author = AuthorFactory.create()
    kept(subscription, by=[author])
    paper_of(title="Something else entirely", by=[author])

    assert close(subscription) == [("Something else entirely", ("saved", TOKAMAK))]


def test_what_readers_with_like_lists_kept_is_told_of_five_of_them(subscription: Subscription) -> None:
    mine, theirs = kept(subscription), paper_of(title="Birdsong")
    for _ in range(LEAST_READERS - 1):
        other = UserFactory.create()
        reading_list.save(mine, other, NOW)
        votes.cast(theirs, other)
    assert close(subscription) == []

    tasting.site_taste.cache_clear()
    other = UserFactory.create()
    reading_list.save(theirs, other, NOW)
    votes.cast(mine, other)
    assert close(subscription) == [("Birdsong", ("kept", TOKAMAK))]


def test_none_of_a_readers_papers_takes_all_places() -> None:
    one, other = ("saved", "One"), ("saved", "Other")
    closest = [Close(Candidate(number, 0, NOW, NOW), reason) for number, reason in enumerate([one, one, one, other])]

    assert [each.candidate.paper_id for each in taste.in_turn(closest)] == [0, 3, 1, 2]


@pytest.mark.parametrize(("cap", "few", "third"), [(1, 0, 0), (3, 1, 1), (5, 1, 1), (10, 2, 3), (30, 6, 10)])
def test_at_most_a_third_of_a_mail(cap: int, few: int, third: int) -> None:
    assert (taste.Wants(1, "few").places(cap), taste.Wants(1, "third").places(cap)) == (few, third)


@pytest.fixture
def follower(subscription: Subscription) -> Subscription:
    """Who follows one topic, of which there is news, and saved a paper of another subject."""
    topic = TopicFactory.create(name="Graphs")
    FollowFactory.create(subscription=subscription, kind="topic", topic=topic)
    PaperFactory.create_batch(3, abstract="", in_topics=[topic], hf_upvotes=500)
    kept(subscription)
    return subscription


def mailed(subscription: Subscription) -> dict[str, Any]:
    """Titles of what the real drain sent, with the reasons of the ledger."""
    DeliveryFactory.create(subscription=subscription)
    drain.drain_due(lambda: NOW)
    rows = DeliveryItem.objects.filter(subscription=subscription).values_list("paper__title", "reasons")
    return dict(rows)


def test_a_close_paper_comes_by_mail_with_its_reason_everywhere(follower: Subscription) -> None:
    paper_of(title="Spherical tokamaks, cheaply")
    seen = [choice.reasons for paper, choice in preview.of(follower, NOW).choices if "tokamaks" in paper.title]
    reasons = mailed(follower)

    assert reasons["Spherical tokamaks, cheaply"] == [["saved", TOKAMAK]]
    assert len(reasons) == 4
    assert seen == [(("saved", TOKAMAK),)]
    words = f"Close to “{TOKAMAK}”, which you saved"
    (message,) = mail.outbox
    bodies = [part.get_content() for part in message.message().walk() if part.get_content_maintype() == "text"]
    assert [words in " ".join(body.split()) for body in bodies] == [True, True]


@pytest.mark.parametrize("why", ["site", "reader", "muted", "sent", "old", "no room", "own"])
def test_no_close_paper_comes_where_it_must_not(follower: Subscription, settings: Any, why: str) -> None:
    topic = TopicFactory.create()
    paper = paper_of(
        title="Spherical tokamaks", in_topics=[topic], announced_at=NOW - timedelta(days=20 if why == "old" else 0)
    )  # fmt: skip
    settings.TASTE = why != "site"
    if why == "muted":
        FollowFactory.create(subscription=follower, kind="topic", topic=topic, mutes=True)
    if why == "sent":
        before = DeliveryFactory.create(subscription=follower, day=NOW.date() - timedelta(days=1), state="sent")
        DeliveryItem.objects.create(delivery=before, subscription=follower, paper=paper, position=0)
    if why == "own":
        reading_list.save(paper, follower.reader, NOW)
    Subscription.objects.update(close_to_saved="off" if why == "reader" else "third", cap=2 if why == "no room" else 9)

    assert "Spherical tokamaks" not in mailed(follower) or why == "sent"
    assert DeliveryItem.objects.filter(subscription=follower, paper=paper).count() == (why == "sent")
    assert Delivery.objects.filter(state="sent").exists()


def test_a_close_paper_alone_makes_no_mail(subscription: Subscription) -> None:
    FollowFactory.create(subscription=subscription, kind="topic", topic=TopicFactory.create())
    kept(subscription)
    paper_of(title="Spherical tokamaks")

    assert mailed(subscription) == {}


def test_a_failure_is_logged_and_the_mail_goes_without(
    follower: Subscription, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    paper_of(title="Spherical tokamaks")
    monkeypatch.setattr(tasting, "_read", lambda numbers: {}[numbers])

    assert len(mailed(follower)) == 3
    assert "taste.failed" in caplog.text


def test_vectors_that_are_no_numbers_are_said_in_the_log_and_words_do_the_work(
    subscription: Subscription, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def vectors_of(self, numbers: list[int]) -> tuple[list[int], list[list[float]]]:
            return numbers, [[float("nan"), 1.0]] * len(numbers)

    kept(subscription)
    paper_of(title="Spherical tokamaks")
    monkeypatch.setattr(site, "in_mail", Broken)

    assert close(subscription) == [("Spherical tokamaks", ("saved", TOKAMAK))]
    assert "taste.vectors unsound=2" in caplog.text
