"""What a reader changes, and what becomes of the mail that was planned."""

import time
from datetime import date, timedelta
from datetime import time as daytime

import pytest

from digest.models import BatchCursor, Delivery, Subscription
from digest.planning import changes
from tests.factories import NOW, DeliveryFactory, sent

pytestmark = pytest.mark.django_db


def test_wait_for_mail_being_sent_waits_while_a_worker_has_one_and_no_longer_than_it_must(
    subscription: Subscription,
) -> None:
    one = DeliveryFactory.create(subscription=subscription)
    BatchCursor.objects.create(worker="x" * 32, begun=one.pk, lease_until=NOW + timedelta(minutes=1))
    began = time.monotonic()

    changes.wait_for_mail_being_sent(subscription, now=NOW, seconds=0.3)
    waited = time.monotonic() - began
    changes.wait_for_mail_being_sent(subscription, now=NOW + timedelta(minutes=2), seconds=30)

    assert 0.3 <= waited < 5
    assert time.monotonic() - began < 10


def test_end_frees_the_papers_of_a_mail_that_never_left(subscription: Subscription) -> None:
    waiting = sent(subscription)
    Delivery.objects.filter(pk=waiting.pk).update(state="due")

    changes.end(subscription, now=NOW)

    assert list(Delivery.objects.values_list("state", "reason")) == [("skipped", "You unsubscribed.")]
    assert subscription.items.count() == 0


def test_end_keeps_the_papers_of_a_mail_that_may_have_arrived(subscription: Subscription) -> None:
    waiting = sent(subscription)
    Delivery.objects.filter(pk=waiting.pk).update(state="due", is_uncertain=True)

    changes.end(subscription, now=NOW)

    assert subscription.items.count() == 1


def test_who_leaves_and_comes_back_before_the_hour_has_todays_mail(subscription: Subscription) -> None:
    morning = NOW.replace(day=24, hour=7)
    changes.end(subscription, now=morning)

    changes.resume(subscription, now=morning)

    assert (subscription.next_due_on, subscription.next_due_at) == (date(2026, 11, 24), NOW.replace(day=24, hour=8))


def test_resume_keeps_the_words_of_the_new_consent_and_their_time(subscription: Subscription) -> None:
    changes.end(subscription, now=NOW)
    later = NOW + timedelta(days=3)

    changes.resume(subscription, now=later)
    changes.resume(subscription, now=later + timedelta(days=3))

    assert (subscription.consent, subscription.signed_up_at) == (changes.CONSENT, later)


def test_change_saves_what_is_new_beside_what_another_tab_saved(subscription: Subscription) -> None:
    Subscription.objects.update(cap=3)

    changes.change(subscription, now=NOW, send_at=daytime(9))

    assert (subscription.cap, subscription.send_at) == (3, daytime(9))
