"""Becoming a reader, changing one's mind, leaving."""

import time
from datetime import date, timedelta
from datetime import time as daytime

import pytest

from digest import registration
from digest.models import Delivery, Hand, Subscription
from tests.factories import NOW, DeliveryFactory, UserFactory, sent

pytestmark = pytest.mark.django_db


def follows(subscription: Subscription) -> set[tuple[str, str, bool]]:
    return {(follow.kind, follow.label, follow.mutes) for follow in subscription.follows.all()}


def test_open_subscription_again_is_the_same_one() -> None:
    reader = UserFactory.create()
    first = registration.open_subscription(reader, now=NOW)
    first.follows.all().delete()

    assert registration.open_subscription(reader, now=NOW) == first
    assert follows(first) == set()


def test_confirm_twice_keeps_the_first_moment() -> None:
    subscription = registration.open_subscription(UserFactory.create(), now=NOW)
    registration.confirm(subscription, now=NOW)

    registration.confirm(subscription, now=NOW.replace(day=25))

    assert subscription.confirmed_at == NOW


@pytest.mark.parametrize(("name", "zone"), [("Asia/Tokyo", "Asia/Tokyo"), ("nowhere", "UTC"), ("", "UTC")])
def test_known_zone_falls_back_to_utc(name: str, zone: str) -> None:
    assert registration.known_zone(name) == zone


def test_wait_for_mail_in_hand_waits_while_a_worker_has_one_and_no_longer_than_it_must(
    subscription: Subscription,
) -> None:
    one = DeliveryFactory.create(subscription=subscription)
    Hand.objects.create(worker="x" * 32, begun=one.pk, lease_until=NOW + timedelta(minutes=1))
    began = time.monotonic()

    registration.wait_for_mail_in_hand(subscription, now=NOW, seconds=0.3)
    waited = time.monotonic() - began
    registration.wait_for_mail_in_hand(subscription, now=NOW + timedelta(minutes=2), seconds=30)

    assert 0.3 <= waited < 5
    assert time.monotonic() - began < 10


def test_end_frees_the_papers_of_a_mail_that_never_left(subscription: Subscription) -> None:
    waiting = sent(subscription)
    Delivery.objects.filter(pk=waiting.pk).update(state="due")

    registration.end(subscription, now=NOW)

    assert list(Delivery.objects.values_list("state", "reason")) == [("skipped", "You unsubscribed.")]
    assert subscription.items.count() == 0


def test_end_keeps_the_papers_of_a_mail_that_may_have_arrived(subscription: Subscription) -> None:
    waiting = sent(subscription)
    Delivery.objects.filter(pk=waiting.pk).update(state="due", is_uncertain=True)

    registration.end(subscription, now=NOW)

    assert subscription.items.count() == 1


def test_who_leaves_and_comes_back_before_the_hour_has_todays_mail(subscription: Subscription) -> None:
    morning = NOW.replace(day=24, hour=7)
    registration.end(subscription, now=morning)

    registration.resume(subscription, now=morning)

    assert (subscription.next_due_on, subscription.next_due_at) == (date(2026, 11, 24), NOW.replace(day=24, hour=8))


def test_resume_keeps_the_words_of_the_new_consent_and_their_time(subscription: Subscription) -> None:
    registration.end(subscription, now=NOW)
    later = NOW + timedelta(days=3)

    registration.resume(subscription, now=later)
    registration.resume(subscription, now=later + timedelta(days=3))

    assert (subscription.consent, subscription.signed_up_at) == (registration.CONSENT, later)


def test_change_saves_what_is_new_beside_what_another_tab_saved(subscription: Subscription) -> None:
    Subscription.objects.update(cap=3)

    registration.change(subscription, now=NOW, send_at=daytime(9))

    assert (subscription.cap, subscription.send_at) == (3, daytime(9))
