"""What was sent long ago moves into months, and nothing of it is forgotten."""

import itertools
from datetime import UTC, date, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.db.models import ProtectedError

from digest.ledger import folding, history
from digest.ledger.codec import Entry
from digest.models import Delivery, DeliveryItem, LedgerMonth, MailedPaper, Subscription
from papersite.catalogue import curation
from papersite.catalogue.models import Paper
from tests.factories import DeliveryFactory, PaperFactory, SubscriptionFactory, sent

pytestmark = pytest.mark.django_db

LONG_AGO = date(2026, 7, 10)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
STEPS = [(LedgerMonth, "bulk_create"), (MailedPaper, "bulk_create"), (DeliveryItem, "filter")]


def everything() -> dict[int, list[Entry]]:
    return {one.pk: history.of_reader(one.pk) for one in Subscription.objects.order_by("pk")}


def test_whole_months_fold_once_they_are_past_their_time(subscription: Subscription) -> None:
    old = sent(subscription, LONG_AGO, papers=3)
    sent(subscription, LONG_AGO + timedelta(days=1), papers=2)
    # Its month ended 84 days ago.
    kept = sent(subscription, date(2026, 8, 5), papers=2)
    before = everything()

    assert folding.fold(NOW) is None

    assert set(DeliveryItem.objects.values_list("delivery", flat=True)) == {kept.pk}
    assert list(LedgerMonth.objects.values_list("month", "paper_count")) == [(date(2026, 7, 1), 5)]
    assert everything() == before
    assert len(history.of_deliveries([old])[old.pk]) == 3


def test_the_setting_says_how_long_rows_are_kept(subscription: Subscription, settings: Any) -> None:
    sent(subscription, LONG_AGO)
    settings.DIGEST_LEDGER_DAYS = 365

    folding.fold(NOW)

    assert LedgerMonth.objects.count() == 0


@pytest.mark.parametrize(("days", "months"), [(31, 5), (92, 3), (114, 3), (115, 2), (400, 0)])
def test_only_months_that_are_past_their_time_in_whole_are_folded(settings: Any, days: int, months: int) -> None:
    settings.DIGEST_LEDGER_DAYS = days

    # The 23rd of November: 115 days back is the 31st of July.
    assert len(folding.months_to_fold(date(2026, 5, 1), NOW)) == months
    assert folding.months_to_fold(None, NOW) == []


def test_folding_again_changes_nothing(subscription: Subscription) -> None:
    sent(subscription, LONG_AGO, papers=2)
    folding.fold(NOW)
    kept = list(LedgerMonth.objects.values())

    folding.fold(NOW)

    assert list(LedgerMonth.objects.values()) == kept


def test_a_month_that_was_folded_takes_what_comes_late(subscription: Subscription) -> None:
    sent(subscription, LONG_AGO, papers=2)
    folding.fold(NOW)
    late = sent(subscription, LONG_AGO + timedelta(days=2))

    folding.fold(NOW)

    assert LedgerMonth.objects.get().paper_count == len(history.of_reader(subscription.pk)) == 3
    assert len(history.of_deliveries([late])[late.pk]) == 1


def test_months_are_folded_back_to_the_oldest_row(subscription: Subscription) -> None:
    for month in (1, 4, 7):
        sent(subscription, date(2026, month, 3))

    folding.fold(NOW)

    assert [row.month.month for row in LedgerMonth.objects.order_by("month")] == [1, 4, 7]


def test_a_mail_in_the_making_keeps_its_rows(subscription: Subscription) -> None:
    sent(subscription, LONG_AGO)
    waiting = sent(subscription, LONG_AGO + timedelta(days=1))
    Delivery.objects.filter(pk=waiting.pk).update(state="due")

    folding.fold(NOW)

    assert list(DeliveryItem.objects.values_list("delivery", flat=True)) == [waiting.pk]


def test_what_may_have_arrived_is_folded_too(subscription: Subscription) -> None:
    one = DeliveryFactory.create(
        subscription=subscription, day=LONG_AGO, state="failed", reason="It broke off.", is_uncertain=True
    )
    one.items.create(subscription=subscription, paper=PaperFactory.create(), position=0)

    folding.fold(NOW)

    assert DeliveryItem.objects.count() == 0
    assert [entry.delivery_id for entry in history.of_reader(subscription.pk)] == [one.pk]


@pytest.mark.parametrize(("model", "step"), STEPS, ids=lambda value: getattr(value, "__name__", value))
def test_a_run_that_breaks_anywhere_loses_and_doubles_nothing(
    subscription: Subscription, monkeypatch: pytest.MonkeyPatch, model: Any, step: str
) -> None:
    sent(subscription, LONG_AGO, papers=3)
    before, rows = everything(), DeliveryItem.objects.count()
    manager = type(model.objects)
    real, broken = getattr(manager, step), []

    def breaks(self: Any, *args: Any, **kwargs: Any) -> Any:
        if self.model is model and (step != "filter" or "pk__in" in kwargs):
            broken.append(step)
            raise KeyboardInterrupt
        return real(self, *args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(manager, step, breaks)
        with pytest.raises(KeyboardInterrupt):
            folding.fold(NOW)

    assert broken
    assert (DeliveryItem.objects.count(), LedgerMonth.objects.count()) == (rows, 0)
    folding.fold(NOW)
    assert (DeliveryItem.objects.count(), everything()) == (0, before)


def test_a_run_that_was_stopped_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "READERS", 2)
    readers = SubscriptionFactory.create_batch(5)
    for day, one in itertools.product((LONG_AGO - timedelta(days=31), LONG_AGO), readers):
        sent(one, day)
    before, place, runs = everything(), None, 0

    while runs == 0 or place is not None:
        place = folding.fold(NOW, place, is_stopping=lambda: True)
        runs += 1

    assert runs == 7
    assert (DeliveryItem.objects.count(), everything()) == (0, before)


def test_a_paper_that_somebody_was_sent_cannot_be_deleted_after_folding_either(subscription: Subscription) -> None:
    paper = sent(subscription, LONG_AGO).items.get().paper
    folding.fold(NOW)

    with pytest.raises(ProtectedError):
        curation.remove(Paper.objects.filter(pk=paper.pk))


def test_a_paper_that_went_past_the_site_keeps_nobodys_month_from_being_folded(subscription: Subscription) -> None:
    gone = sent(subscription, LONG_AGO, papers=2).items.first()
    assert gone is not None
    Paper.objects.filter(pk=gone.paper_id)._raw_delete(using="default")

    folding.fold(NOW)

    assert (DeliveryItem.objects.count(), len(history.of_reader(subscription.pk))) == (0, 2)


def test_a_closed_account_takes_its_months_along(subscription: Subscription) -> None:
    sent(subscription, LONG_AGO)
    folding.fold(NOW)

    subscription.reader.delete()

    assert LedgerMonth.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_fold_everything_once(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite gives one writer its turn after the other; this asks PostgreSQL")
    monkeypatch.setattr(folding, "READERS", 2)
    for one in SubscriptionFactory.create_batch(12):
        sent(one, LONG_AGO, papers=3)
    before, errors = everything(), []

    def run() -> None:
        try:
            folding.fold(NOW)
        except Exception as error:  # noqa: BLE001  shown below
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    # What one passed over because another held it is left for the next.
    folding.fold(NOW)
    assert (DeliveryItem.objects.count(), everything()) == (0, before)


@pytest.mark.parametrize("readers", [1, folding.READERS])
def test_a_batch_costs_the_same_queries_for_one_reader_and_for_all_it_takes(
    readers: int, django_assert_num_queries: Any
) -> None:
    for one in SubscriptionFactory.create_batch(readers):
        sent(one, LONG_AGO, papers=2)

    with django_assert_num_queries(14):
        folding.fold(NOW)
