"""What was sent reads the same from rows and from folded months."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from digest.ledger import folding, history
from digest.models import Delivery, DeliveryItem, Subscription
from papersite.catalogue.models import Paper
from tests.factories import DeliveryFactory, PaperFactory, SubscriptionFactory, sent

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LONG_AGO = date(2026, 7, 10)
THEN = datetime(2026, 7, 9, tzinfo=UTC)


def make_old() -> None:
    """The papers so far were known before they were sent."""
    Paper.objects.update(added_at=THEN, announced_at=THEN)


@pytest.fixture(params=["rows", "months"])
def fold(request: pytest.FixtureRequest) -> Any:
    return (lambda: folding.fold(NOW)) if request.param == "months" else lambda: None


def test_of_deliveries_gives_each_its_papers_in_order(subscription: Subscription, fold: Any) -> None:
    old, new = sent(subscription, LONG_AGO, papers=3), sent(subscription, NOW.date(), papers=2)
    papers = {one.pk: list(one.items.values_list("paper", flat=True)) for one in (old, new)}
    sent(SubscriptionFactory.create(), LONG_AGO)
    fold()

    found = history.of_deliveries([new, old])

    assert {pk: [entry.paper_id for entry in held] for pk, held in found.items()} == papers
    assert found[old.pk][0].reasons == [["topic", "Graphs"], ["topic", "Sound"]]
    assert history.of_deliveries([]) == {}


def test_of_deliveries_asks_twice_whatever_was_folded(
    subscription: Subscription, fold: Any, django_assert_num_queries: Any
) -> None:
    deliveries = [sent(subscription, LONG_AGO + timedelta(days=7 * number)) for number in range(12)]
    fold()

    with django_assert_num_queries(2):
        assert len(history.of_deliveries(deliveries)) == 12


def test_of_reader_is_newest_first_and_leaves_out_mail_in_the_making(subscription: Subscription, fold: Any) -> None:
    for number in range(3):
        sent(subscription, LONG_AGO + timedelta(days=60 * number), papers=2)
    waiting = DeliveryFactory.create(subscription=subscription)
    waiting.items.create(subscription=subscription, paper=PaperFactory.create(), position=0)
    sent(SubscriptionFactory.create(), LONG_AGO)
    fold()

    found = history.of_reader(subscription.pk)

    days = [LONG_AGO + timedelta(days=60 * number) for number in (2, 2, 1, 1, 0, 0)]
    assert [(entry.day, entry.position) for entry in found] == list(zip(days, [0, 1] * 3, strict=True))
    assert history.count_of(subscription.pk) == 6


def test_find_knows_the_day_and_the_reason(subscription: Subscription, fold: Any) -> None:
    one = sent(subscription, LONG_AGO, papers=2)
    make_old()
    paper = one.items.get(position=1).paper
    elsewhere = sent(SubscriptionFactory.create(), LONG_AGO).items.get().paper
    fold()

    found = history.find(subscription.pk, Paper.objects.get(pk=paper.pk))

    assert found is not None
    assert (found.delivery_id, found.day, found.reasons[0]) == (one.pk, LONG_AGO, ["topic", "Graphs"])
    assert history.find(subscription.pk, elsewhere) is None


def test_folded_among_finds_whoever_was_sent_a_paper(subscription: Subscription) -> None:
    one, other = sent(subscription, LONG_AGO, papers=2), SubscriptionFactory.create()
    make_old()
    paper, new = one.items.get(position=0).paper_id, PaperFactory.create()
    sent(other, LONG_AGO)
    folding.fold(NOW)

    found = history.folded_among([subscription.pk, other.pk], {paper: THEN, new.pk: THEN})

    assert found == [(subscription.pk, paper)]
    assert history.folded_among([other.pk], {paper: THEN}) == []


def test_what_is_folded_between_two_reads_is_not_missed(
    subscription: Subscription, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = sent(subscription, LONG_AGO, papers=2)
    rows = history._rows_of

    def then_folded(subscription_id: int) -> Any:
        found = rows(subscription_id)
        folding.fold(NOW)
        return found

    monkeypatch.setattr(history, "_rows_of", then_folded)

    assert [entry.delivery_id for entry in history.of_reader(subscription.pk)] == [one.pk, one.pk]
    assert (DeliveryItem.objects.count(), Delivery.objects.count()) == (0, 1)
