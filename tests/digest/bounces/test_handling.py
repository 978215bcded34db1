"""What becomes of bounces and complaints: once, with evidence, and beyond the account."""

from datetime import datetime, timedelta

import pytest

from digest import tokens
from digest.bounces import handling
from digest.models import Delivery, MailEvent, Subscription, Suppression
from digest.types import Claim
from tests.digest.bounces.test_reports import ARF, ORDINARY, dsn, plain
from tests.factories import NOW, DeliveryFactory, SubscriptionFactory

pytestmark = pytest.mark.django_db

READER = "reader@example.org"


def tell(kind: str, *, event_id: str = "esp:1", now: datetime = NOW, delivery: Delivery | None = None) -> None:
    pk = delivery.pk if delivery else None
    handling.keep(event_id, "esp", kind, READER, now, delivery_id=pk, said=f"550 <{READER}> is what it is")
    handling.apply_new(now)


def claim_of(one: Delivery) -> Claim:
    return Claim(one.pk, one.day, one.subscription_id, one.due_at, READER, token=one.token)


def suppressed() -> dict[str, str]:
    return dict(Suppression.objects.values_list("address_hash", "reason"))


@pytest.mark.parametrize("kind", ["hard", "complaint", "unsubscribed"])
def test_what_lasts_suppresses_at_once_with_its_evidence_and_without_the_address(kind: str) -> None:
    tell(kind)

    (held,) = Suppression.objects.all()
    assert (held.address_hash, held.suppressed_at) == (tokens.address_hash(READER), NOW)
    assert held.evidence == f"event {MailEvent.objects.get().pk}, esp, 2026-11-23 12:00 UTC: 550 … is what it is"
    assert READER not in f"{held.evidence}{MailEvent.objects.values().get()}"


def test_a_thousand_replays_are_one_event() -> None:
    for _ in range(1000):
        handling.keep("esp:1", "esp", "hard", READER, NOW)
    handling.apply_new(NOW)
    Suppression.objects.all().delete()
    tell("hard")

    assert MailEvent.objects.count() == 1
    assert suppressed() == {}


def test_refusals_suppress_only_after_several_days() -> None:
    for day in range(handling.SOFT_DAYS - 1):
        for time in range(5):
            tell("soft", event_id=f"esp:{day}-{time}", now=NOW + timedelta(days=day, minutes=time))
    assert suppressed() == {}

    tell("soft", event_id="esp:last", now=NOW + timedelta(days=handling.SOFT_DAYS - 1))

    assert list(suppressed().values()) == ["Mail was refused on 5 days within 30."]


def test_refusals_of_long_ago_do_not_count() -> None:
    for month in range(handling.SOFT_DAYS + 1):
        tell("soft", event_id=f"esp:{month}", now=NOW + timedelta(days=20 * month))

    assert suppressed() == {}


def test_a_complaint_ends_the_subscription(subscription: Subscription) -> None:
    tell("complaint", delivery=DeliveryFactory.create(subscription=subscription))

    subscription.refresh_from_db()
    assert (subscription.ended_at, subscription.next_due_at) == (NOW, None)


def test_a_suppression_outlives_the_account(subscription: Subscription) -> None:
    tell("hard", delivery=DeliveryFactory.create(subscription=subscription))

    subscription.reader.delete()

    assert list(suppressed()) == [tokens.address_hash(READER)]
    assert MailEvent.objects.get().delivery is None
    again = DeliveryFactory.create(subscription__reader__email=READER)
    assert Delivery.objects.filter(pk=again.pk).exists()


def test_an_event_of_an_unknown_delivery_is_kept_without_it() -> None:
    handling.keep("esp:1", "esp", "hard", READER, NOW, delivery_id=999_999)

    assert MailEvent.objects.get().delivery is None


def test_events_out_of_order_come_to_the_same() -> None:
    handling.keep("esp:2", "esp", "complaint", READER, NOW + timedelta(hours=1))
    handling.keep("esp:1", "esp", "hard", READER, NOW)
    handling.apply_new(NOW + timedelta(hours=2))

    assert list(suppressed().values()) == ["The address does not exist any more."]


def test_a_session_that_hears_that_nobody_is_there_suppresses(subscription: Subscription) -> None:
    one = DeliveryFactory.create(subscription=subscription)

    handling.refused(claim_of(one), "550 5.1.1 no such user", NOW)

    assert list(suppressed()) == [tokens.address_hash(READER)]


def test_a_session_that_hears_of_a_full_mailbox_only_counts(subscription: Subscription) -> None:
    one = DeliveryFactory.create(subscription=subscription)

    handling.refused(claim_of(one), "552 5.2.2 mailbox full", NOW)

    assert suppressed() == {}
    assert MailEvent.objects.get().kind == "soft"


@pytest.mark.parametrize(("raw", "kinds"), [(dsn(), ["hard"]), (ARF % b"abuse", ["complaint"])])
def test_take_report_suppresses_the_reader_whose_token_it_came_with(
    subscription: Subscription, raw: bytes, kinds: list[str]
) -> None:
    one = DeliveryFactory.create(subscription=subscription)

    assert handling.take_report(raw, one.token, NOW) == kinds
    assert handling.take_report(raw, one.token, NOW) == kinds

    assert list(suppressed()) == [tokens.address_hash(READER)]
    assert MailEvent.objects.count() == 1


def test_take_report_suppresses_the_address_that_was_mailed_not_the_one_the_reader_has_now(
    subscription: Subscription,
) -> None:
    one = DeliveryFactory.create(subscription=subscription)
    subscription.reader.email = "later@example.org"
    subscription.reader.save()

    handling.take_report(dsn(), one.token, NOW)

    assert list(suppressed()) == [tokens.address_hash(READER)]


VICTIM = "victim@example.org"
FORGED = {
    "another's address in the fields": dsn().replace(b"Reader@Example.org", VICTIM.encode()),
    "another's address in the returned mail": dsn().replace(b"To: reader@example.org", b"To: " + VICTIM.encode()),
    "another's address everywhere": dsn().lower().replace(b"reader@example.org", VICTIM.encode()),
    "another's complaint": (ARF % b"abuse").replace(b"reader@example.org", VICTIM.encode()),
    "a text": plain("MAILER-DAEMON@x.org", "Undeliverable", f"<{VICTIM}>: 550 5.1.1 user unknown", To="x@y.org"),
}


@pytest.mark.parametrize("name", FORGED)
def test_take_report_never_suppresses_another_than_the_one_whose_mail_it_was(
    subscription: Subscription, name: str
) -> None:
    SubscriptionFactory.create(reader__email=VICTIM)
    one = DeliveryFactory.create(subscription=subscription)

    handling.take_report(FORGED[name], one.token, NOW)

    assert list(suppressed()) == [tokens.address_hash(READER)]
    assert set(MailEvent.objects.values_list("address_hash", flat=True)) == {tokens.address_hash(READER)}


def test_take_report_of_a_mail_that_never_left_changes_nothing(subscription: Subscription) -> None:
    one = DeliveryFactory.create(subscription=subscription, mailed_to="")

    assert handling.take_report(dsn(), one.token, NOW) == []


def test_a_thousand_reports_of_one_delivery_are_one_event_of_each_kind(subscription: Subscription) -> None:
    first, second = (
        DeliveryFactory.create(subscription=subscription, day=NOW.date() - timedelta(day)) for day in (0, 1)
    )
    for number in range(30):
        handling.take_report(dsn(status="4.2.2", said=f"452 full {number}"), first.token, NOW)
    handling.take_report(dsn(status="4.2.2", said="452 full"), second.token, NOW)

    assert MailEvent.objects.count() == 2
    names = "".join(MailEvent.objects.values_list("event_id", flat=True))
    assert first.token not in names


def test_one_dead_member_does_not_end_an_alias(subscription: Subscription) -> None:
    one = DeliveryFactory.create(subscription=subscription)
    member = b"Final-Recipient: rfc822; %b\r\nAction: failed\r\nStatus: %b\r\n\r\n"
    fields = member % (b"gone@example.net", b"5.1.1") + member % (b"full@example.net", b"5.2.2")
    raw = dsn().replace(b"Final-Recipient: rfc822; Reader@Example.org", fields + b"Final-Recipient: rfc822; x@y.org")

    assert handling.take_report(raw, one.token, NOW) == ["soft"]
    assert suppressed() == {}


@pytest.mark.parametrize("said", ["550 5.1.8 Sender address rejected", "550 5.7.1 blocked using dnsbl.example.net"])
def test_what_is_said_of_us_never_suppresses_however_often(subscription: Subscription, said: str) -> None:
    for day in range(handling.SOFT_DAYS + 2):
        one = DeliveryFactory.create(subscription=subscription, day=NOW.date() + timedelta(day))
        moment = NOW + timedelta(days=day)
        assert handling.take_report(dsn(status="5.1.8", said=said), one.token, moment) == ["ours"]
        handling.refused(claim_of(one), said, moment)

    assert suppressed() == {}
    assert set(MailEvent.objects.values_list("kind", flat=True)) == {"ours"}


@pytest.mark.parametrize("name", ORDINARY)
def test_take_report_changes_nothing_for_ordinary_mail(subscription: Subscription, name: str) -> None:
    one = DeliveryFactory.create(subscription=subscription)

    assert handling.take_report(ORDINARY[name], one.token, NOW) == []
    assert (suppressed(), MailEvent.objects.count()) == ({}, 0)


def test_take_report_believes_no_forged_token(subscription: Subscription) -> None:
    one = DeliveryFactory.create(subscription=subscription)

    assert handling.take_report(dsn(), f"{one.pk}.forged", NOW) == []
    assert suppressed() == {}


def test_is_reader_knows_addresses_whatever_their_case() -> None:
    SubscriptionFactory.create(reader__email=READER)

    assert handling.is_reader(" Reader@Example.ORG ") is True
    assert handling.is_reader("stranger@example.org") is False


def test_lift_of_a_bounce_keeps_what_was_lifted_as_evidence(subscription: Subscription) -> None:
    tell("hard")

    assert handling.lift(subscription, now=NOW)
    assert handling.lift(subscription, now=NOW)

    assert suppressed() == {}
    (event,) = MailEvent.objects.filter(kind="lifted")
    assert (event.source, event.address_hash) == ("reader", tokens.address_hash(READER))
    assert event.said == "Stopped on 2026-11-23: The address does not exist any more."


@pytest.mark.parametrize(("days", "is_lifted"), [(6, False), (7, True)])
def test_lift_of_a_bounce_is_allowed_once_in_a_week(subscription: Subscription, days: int, is_lifted: bool) -> None:
    tell("hard")
    handling.lift(subscription, now=NOW)
    tell("hard", event_id="esp:2")

    assert handling.lift(subscription, now=NOW + timedelta(days=days)) == is_lifted
    assert bool(suppressed()) != is_lifted


@pytest.mark.parametrize("kind", ["complaint", "unsubscribed"])
def test_lift_of_a_complaint_takes_words(subscription: Subscription, kind: str) -> None:
    tell(kind)

    assert not handling.lift(subscription, now=NOW)
    assert handling.lift(subscription, now=NOW, words=handling.WANTED_AGAIN)

    assert suppressed() == {}
    assert (subscription.consent, subscription.signed_up_at) == (handling.WANTED_AGAIN, NOW)


def test_refusals_before_a_lift_do_not_count_after_it(subscription: Subscription) -> None:
    for day in range(handling.SOFT_DAYS):
        tell("soft", event_id=f"esp:{day}", now=NOW + timedelta(days=day))
    assert suppressed()
    later = NOW + timedelta(days=6)
    handling.lift(subscription, now=later)

    tell("soft", event_id="esp:after", now=later + timedelta(days=1))

    assert suppressed() == {}
