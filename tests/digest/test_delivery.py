"""The steps of a delivery's life, each tried against a second worker and against a change of mind."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest

from digest import delivery
from digest.delivery import SENT, Claim, Outcome, advance, claim, give_back, retry, settle, sweep
from digest.models import Delivery, Subscription, Suppression
from digest.registration import LEFT
from tests.digest.claims import claim_of
from tests.factories import NOW, DeliveryFactory, PaperFactory, SubscriptionFactory

pytestmark = pytest.mark.django_db

ME, OTHER = "a" * 32, "b" * 32
LATER = NOW + timedelta(minutes=10)


def state(one: Delivery) -> str:
    one.refresh_from_db()
    return one.state


def claimed(**fields: Any) -> Delivery:
    made = DeliveryFactory.create(**fields)
    assert made.pk in [one.pk for one in claim(ME, NOW, 100)]
    made.refresh_from_db()
    return made


def begun(**fields: Any) -> Delivery:
    one = claimed(**fields)
    assert advance(ME, NOW, begun=claim_of(one)) == "sending"
    return one


def pks(claims: list[Claim]) -> list[int]:
    return [one.pk for one in claims]


def test_claim_takes_what_is_due_longest_due_first_up_to_the_limit() -> None:
    late, later, latest = (DeliveryFactory.create(due_at=NOW - timedelta(hours=hours)) for hours in (3, 2, 1))

    assert pks(claim(ME, NOW, 2)) == [late.pk, later.pk]
    assert state(latest) == "due"


def test_claim_leaves_what_is_not_due_yet_or_must_wait() -> None:
    DeliveryFactory.create(due_at=NOW + timedelta(seconds=1))
    DeliveryFactory.create(not_before=NOW + timedelta(seconds=1))
    DeliveryFactory.create(state="sent")

    assert claim(ME, NOW, 10) == []


def test_claim_says_who_wants_news_of_the_site() -> None:
    for wants_news in (True, False):
        DeliveryFactory.create(subscription__wants_news=wants_news)

    assert [one.wants_news for one in claim(ME, NOW, 2)] == [True, False]


def test_claim_gives_no_delivery_to_two_workers() -> None:
    mine = DeliveryFactory.create()

    assert pks(claim(ME, NOW, 10)) == [mine.pk]
    assert claim(OTHER, NOW, 10) == []


def test_advance_begins_a_delivery_and_counts_the_attempt() -> None:
    one = begun()

    assert state(one) == "sending"
    assert one.attempts == 1


def test_advance_settles_one_and_begins_the_next_in_one_go() -> None:
    first, second = begun(), claimed()

    assert advance(ME, NOW, settled=(claim_of(first), SENT), begun=claim_of(second)) == "sending"
    assert (state(first), state(second)) == ("sent", "sending")
    assert first.settled_at == NOW


def test_advance_begins_nothing_that_was_lost_to_another_worker() -> None:
    one = claimed()
    sweep(LATER)
    claim(OTHER, LATER, 10)

    assert advance(ME, LATER, begun=claim_of(one)) == "lost"
    assert (state(one), one.claimed_by) == ("claimed", OTHER)


def leave(subscription: Subscription) -> None:
    Subscription.objects.filter(pk=subscription.pk).update(ended_at=NOW, next_due_on=None, next_due_at=None)


def pause(subscription: Subscription) -> None:
    Subscription.objects.filter(pk=subscription.pk).update(paused_until=NOW.date() + timedelta(days=1))


def close(subscription: Subscription) -> None:
    subscription.reader.is_active = False
    subscription.reader.save()


def suppress(subscription: Subscription) -> None:
    address_hash = hashlib.sha256(subscription.reader.email.lower().encode()).hexdigest()
    Suppression.objects.create(address_hash=address_hash, reason="bounced")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (leave, LEFT),
        (pause, "Paused until 24 November 2026."),
        (close, "Your account is closed."),
        (suppress, "Mail to this address bounced or was refused."),
    ],
)
def test_advance_skips_a_reader_who_became_unwelcome_since_the_claim(
    subscription: Subscription, change: Any, reason: str
) -> None:
    one = claimed(subscription=subscription)
    one.items.create(subscription=subscription, paper=PaperFactory.create(), position=0)
    change(subscription)

    assert advance(ME, NOW, begun=claim_of(one)) == "skipped"
    assert (state(one), one.reason, one.items.count()) == ("skipped", reason, 0)


def test_advance_begins_nothing_of_a_reader_who_was_deleted_since_the_claim(subscription: Subscription) -> None:
    claim_held = claim_of(claimed(subscription=subscription))
    subscription.reader.delete()

    assert advance(ME, NOW, begun=claim_held) == "lost"


def test_advance_sends_to_a_reader_whose_pause_ends_that_day(subscription: Subscription) -> None:
    one = claimed(subscription=subscription)
    Subscription.objects.update(paused_until=one.day)

    assert advance(ME, NOW, begun=claim_of(one)) == "sending"


def test_settle_ends_nothing_that_another_worker_holds() -> None:
    one = begun()
    sweep(LATER)

    assert settle(ME, LATER, claim_of(one), SENT) is False
    assert state(one) == "due"


def test_settle_frees_the_papers_of_a_digest_that_did_not_arrive(subscription: Subscription) -> None:
    one = begun(subscription=subscription)
    one.items.create(subscription=subscription, paper=PaperFactory.create(), position=0)

    settle(ME, NOW, claim_of(one), Outcome("failed", "550 no such user"))

    assert (state(one), one.reason, one.items.count()) == ("failed", "550 no such user", 0)


def test_settle_as_due_keeps_the_papers_for_the_next_attempt(subscription: Subscription) -> None:
    one = begun(subscription=subscription)
    one.items.create(subscription=subscription, paper=PaperFactory.create(), position=0)

    settle(ME, NOW, claim_of(one), Outcome("due", not_before=LATER))

    assert (state(one), one.not_before, one.items.count(), one.settled_at) == ("due", LATER, 1, None)


def test_give_back_returns_claims_but_not_what_is_being_sent() -> None:
    sending, waiting = begun(), claimed()

    assert give_back(ME) == 1
    assert (state(sending), state(waiting)) == ("sending", "due")


def test_sweep_leaves_leases_that_still_run() -> None:
    one = claimed()

    assert sweep(NOW + timedelta(seconds=119)) == (0, 0)
    assert state(one) == "claimed"


def test_sweep_makes_lost_claims_due_again() -> None:
    one = claimed()

    assert sweep(LATER) == (1, 0)
    assert (state(one), one.is_uncertain) == ("due", False)


def test_sweep_marks_what_may_have_gone_out() -> None:
    one = begun()

    assert sweep(LATER) == (0, 1)
    assert (state(one), one.is_uncertain) == ("due", True)


def test_retry_waits_longer_after_each_attempt() -> None:
    pauses = []
    for attempts in (1, 2, 3):
        outcome = retry(Claim(10, NOW.date(), 1, NOW, attempts=attempts), NOW, "451")
        assert outcome.not_before is not None
        pauses.append(outcome.not_before - NOW)

    assert pauses == [timedelta(minutes=2), timedelta(minutes=4), timedelta(minutes=8)]


def test_retry_gives_up_when_the_readers_day_is_over() -> None:
    one = Claim(10, NOW.date(), 1, NOW - timedelta(hours=16), attempts=9)

    assert retry(one, NOW, "451") == Outcome("failed", "The mail server did not accept it all day: 451")


def test_has_due_sees_only_what_can_be_claimed() -> None:
    DeliveryFactory.create(not_before=LATER)

    assert delivery.has_due(NOW) is False
    assert delivery.has_due(LATER) is True


def test_new_worker_is_a_new_name_each_time() -> None:
    assert delivery.new_worker() != delivery.new_worker()


def test_a_reader_has_one_delivery_a_day_whatever_the_code_does() -> None:
    from django.db import IntegrityError

    one = DeliveryFactory.create()

    with pytest.raises(IntegrityError):
        DeliveryFactory.create(subscription=one.subscription, day=one.day)


def test_a_paper_reaches_a_reader_once_whatever_the_code_does() -> None:
    from django.db import IntegrityError

    subscription, paper = SubscriptionFactory.create(), PaperFactory.create()
    DeliveryFactory.create(subscription=subscription).items.create(subscription=subscription, paper=paper, position=0)
    next_day = DeliveryFactory.create(subscription=subscription, day=NOW.date() + timedelta(days=1))

    with pytest.raises(IntegrityError):
        next_day.items.create(subscription=subscription, paper=paper, position=0)
