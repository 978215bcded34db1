"""Suppressions that staff type and lift."""

from datetime import timedelta

import pytest

from digest import tokens
from digest.bounces import by_hand, handling
from digest.models import MailEvent, Subscription, Suppression
from tests.factories import NOW

pytestmark = pytest.mark.django_db

ADDRESS = "reader@example.org"


def test_a_typed_address_is_suppressed_once_and_kept_as_a_hash() -> None:
    first, is_new = by_hand.suppress(ADDRESS, reason="asked by letter", now=NOW)
    second, is_new_again = by_hand.suppress(" Reader@Example.org", reason="again", now=NOW + timedelta(days=1))

    assert (is_new, is_new_again, first.pk) == (True, False, second.pk)
    held = Suppression.objects.get()
    assert held.address_hash == tokens.address_hash(ADDRESS)
    assert (held.reason, held.suppressed_at) == ("asked by letter", NOW)
    assert handling.kind_of(held) is None


def test_what_is_lifted_is_kept_with_both_reasons() -> None:
    held, _ = by_hand.suppress(ADDRESS, reason="asked by letter", now=NOW)

    assert by_hand.lift(held, reason="asked again", now=NOW + timedelta(days=1))
    assert not by_hand.lift(held, reason="asked again", now=NOW + timedelta(days=1))

    assert not Suppression.objects.exists()
    event = MailEvent.objects.get()
    assert (event.kind, event.source, event.address_hash) == ("lifted", "staff", tokens.address_hash(ADDRESS))
    assert event.said == "asked again Stopped on 2026-11-23: asked by letter"


def test_lifting_brings_nobody_back_who_left(subscription: Subscription) -> None:
    handling.keep("esp:1", "esp", handling.Kind.HARD, ADDRESS, NOW)
    handling.apply_new(NOW)
    Subscription.objects.update(ended_at=NOW, next_due_on=None, next_due_at=None)

    by_hand.lift(Suppression.objects.get(), reason="the mailbox is there again", now=NOW)

    assert Subscription.objects.get().ended_at == NOW


def test_what_was_lifted_before_a_restore_does_not_hinder_the_same_number_again() -> None:
    held, _ = by_hand.suppress(ADDRESS, reason="asked", now=NOW)
    by_hand.lift(held, reason="asked again", now=NOW)
    again = Suppression.objects.create(pk=held.pk, address_hash=held.address_hash, reason="asked")

    assert by_hand.lift(again, reason="asked again", now=NOW + timedelta(seconds=1))
    assert MailEvent.objects.count() == 2
