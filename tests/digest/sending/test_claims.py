"""The steps of a delivery's life, each tried against a second worker and against a change of mind."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest

from digest.models import BatchCursor, Delivery, Relay, Subscription, Suppression
from digest.planning.eligibility import LEFT
from digest.sending import claims
from digest.sending.claims import SENT, advance, claim, release, release_others, retry, settle, settle_accepted, sweep
from digest.types import Claim, Outcome
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


def batch(count: int) -> list[Claim]:
    """So many deliveries in one worker's hands."""
    DeliveryFactory.create_batch(count)
    return claim(ME, NOW, count)


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def in_hand() -> tuple[int, int]:
    return BatchCursor.objects.values_list("done", "begun").get(worker=ME)


def pks(claims: list[Claim]) -> list[int]:
    return [one.pk for one in claims]


def test_claim_takes_what_is_longest_due_up_to_the_limit_in_the_order_of_numbers() -> None:
    latest, later, late = (DeliveryFactory.create(due_at=NOW - timedelta(hours=hours)) for hours in (1, 2, 3))

    assert pks(claim(ME, NOW, 2)) == [later.pk, late.pk]
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
    assert list(BatchCursor.objects.values_list("worker", flat=True)) == [ME]


def test_advance_says_what_was_accepted_and_what_is_in_hand_in_one_go() -> None:
    first, second = batch(2)

    assert advance(ME, NOW, begun=first) == "sending"
    assert in_hand() == (0, first.pk)
    assert advance(ME, NOW, settled=(first, SENT), begun=second) == "sending"
    assert in_hand() == (first.pk, second.pk)
    assert advance(ME, NOW, settled=(second, SENT)) == ""
    assert in_hand() == (second.pk, second.pk)


def test_advance_taken_again_changes_nothing_even_if_no_mail_may_leave_any_more() -> None:
    first, second = batch(2)
    advance(ME, NOW, begun=first)
    for _ in range(2):
        assert advance(ME, NOW, settled=(first, SENT), begun=second, again=True) == "sending"
    assert in_hand() == (first.pk, second.pk)

    Relay.objects.create(pk=1, is_paused=True)

    assert advance(ME, NOW, settled=(first, SENT), begun=second, again=True) == "held"
    assert in_hand() == (first.pk, first.pk)


def test_advance_keeps_the_lease_of_the_whole_batch_running() -> None:
    first, _ = batch(2)
    advance(ME, LATER, begun=first)

    assert sweep(LATER + timedelta(seconds=119)) == (0, 0)
    assert sweep(LATER + timedelta(seconds=121)) == (1, 1)


def test_advance_begins_nothing_that_is_behind_the_hand() -> None:
    first, second = batch(2)
    advance(ME, NOW, begun=second)
    advance(ME, NOW, settled=(second, SENT))

    assert advance(ME, NOW, begun=first) == "due"
    assert in_hand() == (second.pk, second.pk)


def test_settle_accepted_writes_down_what_the_hand_says() -> None:
    first, second = batch(2)
    first.subject = "3 papers"
    advance(ME, NOW, begun=first)
    advance(ME, NOW, settled=(first, SENT), begun=second)

    settle_accepted(ME, NOW, [first])

    one = Delivery.objects.get(pk=first.pk)
    assert (one.state, one.subject, one.attempts, one.accepted_count) == ("sent", "3 papers", 1, 1)
    assert (one.settled_at, one.claimed_by, one.lease_until) == (NOW, "", None)
    assert states() == ["sent", "claimed"]


def test_settle_accepted_leaves_what_was_swept_meanwhile_and_sounds_no_alarm() -> None:
    first, second = batch(2)
    advance(ME, NOW, begun=first)
    advance(ME, NOW, settled=(first, SENT), begun=second)
    sweep(LATER)

    settle_accepted(ME, LATER, [first])

    assert list(Delivery.objects.order_by("pk").values_list("state", "accepted_count")) == [("sent", 1), ("due", 0)]
    assert not Relay.objects.exclude(alarm="").exists()


def test_a_mail_accepted_after_its_hand_was_swept_is_counted_and_a_second_one_sounds_the_alarm() -> None:
    (mine,) = batch(1)
    advance(ME, NOW, begun=mine)
    sweep(LATER)

    assert advance(ME, LATER, settled=(mine, SENT)) == ""
    assert not Relay.objects.exclude(alarm="").exists()

    (theirs,) = claim(OTHER, LATER, 1)
    assert theirs.accepted_count == 1
    advance(OTHER, LATER, begun=theirs)
    advance(OTHER, LATER, settled=(theirs, SENT))
    settle_accepted(OTHER, LATER, [theirs])

    assert Relay.objects.get().alarm == f"Delivery {mine.pk} was accepted by the mail server more than once."


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
def test_advance_skips_a_reader_who_became_ineligible_since_the_claim(
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
    sent, sending, _ = batch(3)
    advance(ME, NOW, begun=sent)
    advance(ME, NOW, settled=(sent, SENT), begun=sending)

    assert release(ME) == 1
    assert states() == ["claimed", "claimed", "due"]
    assert sweep(LATER) == (0, 1)
    assert states() == ["sent", "due", "due"]


def test_give_back_lays_down_the_hand_when_it_is_empty() -> None:
    sent, _ = batch(2)
    advance(ME, NOW, begun=sent)
    advance(ME, NOW, settled=(sent, SENT))
    settle_accepted(ME, NOW, [sent])

    assert release(ME, not_before=LATER) == 1
    assert states() == ["sent", "due"]
    assert not BatchCursor.objects.exists()


def test_keep_makes_due_again_what_has_no_mail() -> None:
    _, second = batch(2)

    release_others(ME, [second.pk])

    assert states() == ["due", "claimed"]


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
    assert (state(one), one.is_uncertain, one.attempts) == ("due", True, 1)


def test_sweep_settles_what_was_accepted_and_nothing_else() -> None:
    refused, accepted, sending, _ = batch(4)
    advance(ME, NOW, begun=refused)
    advance(ME, NOW, settled=(refused, Outcome("failed", "550 no such user")), begun=accepted)
    advance(ME, NOW, settled=(accepted, SENT), begun=sending)

    assert sweep(LATER) == (1, 1)
    assert states() == ["failed", "sent", "due", "due"]
    assert list(Delivery.objects.filter(is_uncertain=True).values_list("pk", flat=True)) == [sending.pk]
    assert sweep(LATER) == (0, 0)


def test_sweep_frees_what_an_older_release_claimed_without_a_hand() -> None:
    held = {"claimed_by": OTHER, "lease_until": NOW}
    DeliveryFactory.create(state="claimed", **held)
    DeliveryFactory.create(state="sending", **held)

    assert sweep(LATER) == (1, 1)
    assert states() == ["due", "due"]


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


def test_only_what_can_be_claimed_is_counted_as_due() -> None:
    DeliveryFactory.create(not_before=LATER)

    assert claims.count_due(NOW, 9) == 0
    assert claims.count_due(LATER, 9) == 1


def test_new_worker_is_a_new_name_each_time() -> None:
    assert claims.new_worker() != claims.new_worker()


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


def test_the_first_claim_makes_a_key_which_later_ones_keep() -> None:
    one = claimed(key=None)
    token, message_id = one.token, one.message_id
    assert one.key is not None

    release(ME)
    (again,) = claim(OTHER, LATER, 10)

    assert (again.token, again.message_id) == (token, message_id)
    assert len({held.token for held in batch(30)} | {token}) == 31


def test_a_mail_that_a_former_release_had_begun_keeps_going_by_its_number() -> None:
    """Also one that it claimed a moment ago and sends: what carries no key must open by none."""
    one = claimed(key=None, assembled_at=NOW - timedelta(hours=1))

    assert one.key is None
    assert claim_of(one).message_id == f"<d.{one.pk}.20261123@papers.example.org>"
    assert Delivery.objects.with_token(one.token) == one
