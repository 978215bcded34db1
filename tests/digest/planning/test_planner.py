"""Opening deliveries: once a reader and day, however often and however late."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from digest.models import Delivery, Subscription
from digest.planning import planner
from digest.planning.planner import MISSED, open_deliveries, open_extra, open_today, reschedule
from tests.factories import NOW, DeliveryFactory, SubscriptionFactory

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def deliveries() -> list[tuple[date, str, str]]:
    return list(Delivery.objects.order_by("pk").values_list("day", "state", "reason"))


def test_open_deliveries_opens_nothing_before_the_hour(subscription: Subscription) -> None:
    assert open_deliveries(MORNING - timedelta(seconds=1)) == 0
    assert deliveries() == []


def test_open_deliveries_opens_the_readers_day_and_moves_on(subscription: Subscription) -> None:
    opened = open_deliveries(MORNING)

    subscription.refresh_from_db()
    assert opened == 1
    assert deliveries() == [(date(2026, 11, 24), "due", "")]
    assert (subscription.next_due_on, subscription.next_due_at) == (date(2026, 11, 25), MORNING + timedelta(days=1))


def test_open_deliveries_twice_opens_nothing_more(subscription: Subscription) -> None:
    open_deliveries(MORNING)

    assert open_deliveries(MORNING) == 0
    assert len(deliveries()) == 1


def test_open_deliveries_keeps_a_day_that_is_there_already(subscription: Subscription) -> None:
    DeliveryFactory.create(subscription=subscription, day=date(2026, 11, 24), state="sent")

    open_deliveries(MORNING)

    assert deliveries() == [(date(2026, 11, 24), "sent", "")]


def test_open_deliveries_late_within_the_grace_still_sends(subscription: Subscription) -> None:
    open_deliveries(MORNING + timedelta(hours=5))

    assert deliveries() == [(date(2026, 11, 24), "due", "")]


def test_open_deliveries_after_the_grace_says_that_the_day_was_missed(subscription: Subscription) -> None:
    open_deliveries(MORNING + timedelta(hours=7))

    assert deliveries() == [(date(2026, 11, 24), "skipped", MISSED)]


def test_open_deliveries_after_days_of_downtime_counts_only_the_latest_morning(subscription: Subscription) -> None:
    open_deliveries(MORNING + timedelta(days=9, hours=1))

    subscription.refresh_from_db()
    assert deliveries() == [(date(2026, 12, 3), "due", "")]
    assert subscription.next_due_on == date(2026, 12, 4)


def test_open_deliveries_passes_over_those_who_left_or_never_confirmed() -> None:
    SubscriptionFactory.create(ended_at=NOW, next_due_on=None, next_due_at=None)
    SubscriptionFactory.create(confirmed_at=None, next_due_on=None, next_due_at=None)
    active = SubscriptionFactory.create()

    open_deliveries(MORNING)

    assert list(Delivery.objects.values_list("subscription", flat=True)) == [active.pk]


def test_open_deliveries_works_through_more_than_one_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planner, "BATCH", 2)
    SubscriptionFactory.create_batch(5)

    assert open_deliveries(MORNING) == 5
    assert Delivery.objects.count() == 5


@pytest.mark.parametrize("readers", [1, 30])
def test_open_deliveries_costs_the_same_queries_for_one_and_for_thirty(
    readers: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    SubscriptionFactory.create_batch(readers)

    with django_assert_num_queries(8):
        open_deliveries(MORNING)


def test_open_today_opens_at_once_and_uses_the_day_up(subscription: Subscription) -> None:
    at_six = MORNING - timedelta(hours=2)

    opened = open_today([subscription], at_six)

    subscription.refresh_from_db()
    assert opened == 1
    assert deliveries() == [(date(2026, 11, 24), "due", "")]
    assert subscription.next_due_on == date(2026, 11, 25)


def test_open_today_opens_no_second_one_for_a_day(subscription: Subscription) -> None:
    open_today([subscription], MORNING)

    assert open_today([subscription], MORNING + timedelta(hours=3)) == 0


def test_open_today_means_the_readers_own_date() -> None:
    tokyo = SubscriptionFactory.create(time_zone="Asia/Tokyo")

    open_today([tokyo], datetime(2026, 11, 23, 20, tzinfo=UTC))

    assert deliveries() == [(date(2026, 11, 24), "due", "")]


def test_reschedule_gives_no_second_slot_to_a_day_that_had_its_digest(subscription: Subscription) -> None:
    open_deliveries(MORNING)
    subscription.refresh_from_db()
    subscription.send_at = time(18)

    reschedule(subscription, MORNING + timedelta(hours=1))

    assert subscription.next_due_on == date(2026, 11, 25)


def test_reschedule_to_a_later_hour_of_today_keeps_today(subscription: Subscription) -> None:
    subscription.send_at = time(18)

    reschedule(subscription, MORNING - timedelta(hours=1))

    assert (subscription.next_due_on, subscription.next_due_at) == (
        date(2026, 11, 24),
        datetime(2026, 11, 24, 18, tzinfo=UTC),
    )


def test_reschedule_leaves_nothing_due_for_those_who_left(subscription: Subscription) -> None:
    subscription.ended_at = NOW

    reschedule(subscription, MORNING)

    assert (subscription.next_due_on, subscription.next_due_at) == (None, None)


def test_reschedule_to_an_hour_that_is_over_keeps_todays_mail_where_it_was(subscription: Subscription) -> None:
    subscription.send_at = time(6)

    reschedule(subscription, MORNING - timedelta(hours=1))
    subscription.save()
    open_deliveries(MORNING + timedelta(seconds=1))

    subscription.refresh_from_db()
    assert deliveries() == [(date(2026, 11, 24), "due", "")]
    assert subscription.next_due_at == datetime(2026, 11, 25, 6, tzinfo=UTC)


def test_a_kept_moment_is_not_taken_for_one_that_was_missed(subscription: Subscription) -> None:
    """18:00 moved to 07:00 at noon: at 18:00 the new hour is eleven hours over, and the mail is not late."""
    subscription.next_due_at = MORNING + timedelta(hours=10)
    subscription.send_at = time(7)

    reschedule(subscription, MORNING + timedelta(hours=4))
    subscription.save()
    open_deliveries(MORNING + timedelta(hours=10))

    assert deliveries() == [(date(2026, 11, 24), "due", "")]


def test_reschedule_in_the_minute_of_the_mail_does_not_lose_it(subscription: Subscription) -> None:
    subscription.cap = 3

    reschedule(subscription, MORNING + timedelta(seconds=20))
    subscription.save()
    open_deliveries(MORNING + timedelta(seconds=40))

    assert deliveries() == [(date(2026, 11, 24), "due", "")]


def test_a_day_that_was_skipped_has_its_mail_after_all_if_its_hour_is_still_to_come(subscription: Subscription) -> None:
    DeliveryFactory.create(subscription=subscription, day=date(2026, 11, 24), state="skipped", reason="Paused.")

    reschedule(subscription, MORNING - timedelta(hours=1))
    subscription.save()
    open_deliveries(MORNING)

    assert deliveries() == [(date(2026, 11, 24), "due", "")]


def test_a_mail_that_may_have_arrived_is_a_days_mail_even_if_it_was_skipped_then(subscription: Subscription) -> None:
    day = {"day": date(2026, 11, 24), "state": "skipped", "reason": "You unsubscribed."}
    DeliveryFactory.create(subscription=subscription, is_uncertain=True, **day)

    reschedule(subscription, MORNING - timedelta(hours=1))

    assert subscription.next_due_on == date(2026, 11, 25)
    assert open_today([subscription], MORNING) == 0


def test_open_today_opens_a_day_that_was_skipped(subscription: Subscription) -> None:
    open_deliveries(MORNING + timedelta(hours=7))

    assert open_today([subscription], MORNING + timedelta(hours=8)) == 1
    assert deliveries() == [(date(2026, 11, 24), "due", "")]


def test_open_extra_counts_on_and_leaves_the_plan_as_it_is(subscription: Subscription) -> None:
    open_today([subscription], MORNING - timedelta(hours=1))

    open_extra(subscription, MORNING)
    open_extra(subscription, MORNING)

    found = list(Delivery.objects.order_by("pk").values_list("day", "extra"))
    assert found == [(date(2026, 11, 24), 0), (date(2026, 11, 24), 1), (date(2026, 11, 24), 2)]
    subscription.refresh_from_db()
    assert subscription.next_due_on == date(2026, 11, 25)
