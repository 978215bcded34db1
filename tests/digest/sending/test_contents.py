"""What a delivery holds is decided and saved before its mail leaves."""

from datetime import datetime, timedelta

import pytest

from digest.choosing import assembly, inputs
from digest.choosing.rankings import Rankings
from digest.ledger import remainders
from digest.models import Delivery, DeliveryItem, Subscription
from digest.sending.claims import claim, new_worker
from digest.sending.contents import choose_for
from digest.types import Choice, Claim, Inputs
from tests.factories import NOW, DeliveryFactory, FollowFactory, PaperFactory, TopicFactory

pytestmark = pytest.mark.django_db

ME = new_worker()


def batch(limit: int = 10) -> list[Claim]:
    return claim(ME, NOW, limit)


def test_choose_for_saves_papers_in_order_with_their_reasons(subscription: Subscription) -> None:
    FollowFactory.create(subscription=subscription)
    papers = PaperFactory.create_batch(3)
    one = DeliveryFactory.create(subscription=subscription)

    choices, empty = choose_for(ME, batch(), Rankings(), NOW)

    assert empty == []
    saved = list(one.items.values_list("position", "paper", "subscription", "reasons"))
    wanted = [
        (place, paper.pk, subscription.pk, [["trending", "Trending overall"]])
        for place, paper in enumerate(reversed(papers))
    ]
    assert saved == wanted
    assert [choice.paper_id for choice in choices[one.pk]] == [paper for _, paper, _, _ in wanted]


def test_choose_for_keeps_what_an_earlier_attempt_saved(subscription: Subscription) -> None:
    FollowFactory.create(subscription=subscription)
    kept, _ = PaperFactory.create_batch(2)
    one = DeliveryFactory.create(subscription=subscription)
    one.items.create(subscription=subscription, paper=kept, position=0, reasons=[["topic", 'A "quoted" \\ name']])

    choices, _ = choose_for(ME, batch(), Rankings(), NOW)

    assert choices[one.pk] == [Choice(kept.pk, (("topic", 'A "quoted" \\ name'),))]
    assert one.items.count() == 1


def test_choose_for_saves_what_did_not_fit_and_gives_the_turn_to_who_waited(subscription: Subscription) -> None:
    Subscription.objects.update(cap=2)
    topics = TopicFactory.create_batch(3)
    for number, topic in enumerate(topics):
        FollowFactory.create(subscription=subscription, kind="topic", topic=topic)
        # The last is the coolest by far.
        PaperFactory.create_batch(5, in_topics=[topic], announced_at=NOW - timedelta(hours=9 * number))
    read: list[list[tuple[str, int, int]]] = []
    named: list[set[str]] = []

    for days in (2, 1, 0):
        now = NOW - timedelta(days=days)
        one = DeliveryFactory.create(subscription=subscription, day=now, due_at=now)
        worker = new_worker()
        choices, _ = choose_for(worker, claim(worker, NOW, 10), Rankings(), NOW)
        one.refresh_from_db()
        read.append([one[1:] for one in remainders.loads(one.items.get(position=0).remainders)])
        named.append({choice.reasons[0][1] for choice in choices[one.pk]})
        Delivery.objects.update(state="sent", claimed_by="", lease_until=None, assembled_at=now)
        PaperFactory.create(in_topics=topics[:1])

    first, second, third = (topic.name for topic in topics)
    assert named == [{first, second}, {third, first}, {second, first}]
    assert read[0] == [(third, 5, 1), (first, 4, 0), (second, 4, 0)]
    assert read[1] == [(second, 4, 1), (first, 4, 0), (third, 4, 0)]


def test_choose_for_settles_what_holds_nothing(subscription: Subscription) -> None:
    one = DeliveryFactory.create(subscription=subscription)

    _, ((claimed, outcome),) = choose_for(ME, batch(), Rankings(), NOW)

    one.refresh_from_db()
    assert (claimed.pk, outcome.state, one.state) == (one.pk, "empty", "empty")


def test_choose_for_gives_two_days_of_one_reader_different_papers(subscription: Subscription) -> None:
    FollowFactory.create(subscription=subscription)
    PaperFactory.create_batch(3)
    subscription.cap = 2
    subscription.save()
    for days in (1, 0):
        DeliveryFactory.create(subscription=subscription, day=NOW - timedelta(days=days))

    choose_for(ME, batch(), Rankings(), NOW)

    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["claimed", "claimed"]
    papers = list(DeliveryItem.objects.values_list("paper", flat=True))
    assert len(papers) == len(set(papers)) == 3


def test_choose_for_chooses_again_where_another_worker_took_a_paper_meanwhile(
    subscription: Subscription, monkeypatch: pytest.MonkeyPatch
) -> None:
    FollowFactory.create(subscription=subscription)
    papers = PaperFactory.create_batch(2)
    yesterday = DeliveryFactory.create(subscription=subscription, day=NOW - timedelta(days=1), state="sent")
    one = DeliveryFactory.create(subscription=subscription)
    gather = inputs.gather

    def late(claims: list[Claim], rankings: Rankings, now: object, editions: object) -> object:
        found = gather(claims, rankings, NOW)
        if not yesterday.items.exists():
            yesterday.items.create(subscription=subscription, paper=papers[1], position=0)
        return found

    monkeypatch.setattr(inputs, "gather", late)
    choices, _ = choose_for(ME, batch(), Rankings(), NOW)

    assert [choice.paper_id for choice in choices[one.pk]] == [papers[0].pk]


def test_choose_for_fails_only_the_reader_whose_follows_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    PaperFactory.create_batch(2)
    broken, fine = (DeliveryFactory.create(subscription=FollowFactory.create().subscription) for _ in range(2))
    choose = assembly.choose

    def break_one(wanted: Inputs, now: datetime) -> list[Choice]:
        if wanted.cap == 7:
            raise ValueError("what a wish")
        return choose(wanted, now)

    Subscription.objects.filter(pk=broken.subscription_id).update(cap=7)
    monkeypatch.setattr(assembly, "choose", break_one)
    choices, ((claimed, outcome),) = choose_for(ME, batch(), Rankings(), NOW)

    broken.refresh_from_db()
    assert (claimed.pk, outcome.state) == (broken.pk, "failed")
    assert (broken.state, broken.reason) == ("failed", "The papers could not be chosen.")
    assert (len(choices[fine.pk]), choices[broken.pk]) == (2, [])
