"""Tokens in mails: only ours open anything, and each its own delivery."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest import tokens
from digest.composing.digest_mail import TOKEN, bounce_address
from digest.models import Delivery
from tests.factories import NOW, DeliveryFactory

KEYS = st.none() | st.uuids()
NUMBERS = st.integers(min_value=1, max_value=10**18 - 1)


@given(NUMBERS, KEYS)
def test_a_token_leads_back_to_its_delivery(number: int, key: UUID | None) -> None:
    token = tokens.make(number, key)

    assert tokens.number_in(token) == number
    assert tokens.opens(token, number, key)
    assert len(token) <= len(TOKEN)


@given(NUMBERS, st.uuids())
def test_a_token_with_a_key_outlives_mail_servers_that_fold_addresses_and_fits_before_the_at(
    number: int, key: UUID
) -> None:
    token = tokens.make(number, key)

    assert token == token.lower()
    assert tokens.opens(token.upper(), number, key)
    assert len(bounce_address(token).partition("@")[0]) <= 64


@given(NUMBERS, KEYS, st.data())
def test_a_changed_token_opens_nothing(number: int, key: UUID | None, data: st.DataObject) -> None:
    token = tokens.make(number, key)
    place = data.draw(st.integers(min_value=0, max_value=len(token) - 1))
    letter = data.draw(
        st.sampled_from("abcXYZ019-_.é\x00").filter(lambda letter: letter.lower() != token[place].lower())
    )
    changed = token[:place] + letter + token[place + 1 :]

    assert not tokens.opens(changed, number, key)
    assert not tokens.opens(token[:place], number, key)


@pytest.mark.parametrize(
    "token", ["", ".", "1", "1.", ".x", "½.x", "a" * 5000, "1.2.3", "0.x", "-1.x", "9" * 19 + ".x"]
)
def test_what_was_never_a_token_names_no_delivery(token: str) -> None:
    assert tokens.number_in(token) is None


def test_a_number_that_comes_again_is_opened_by_no_token_of_another_key() -> None:
    key, other = uuid4(), uuid4()

    assert not tokens.opens(tokens.make(7, other), 7, key)
    assert not tokens.opens(tokens.make(7, None), 7, key)
    assert not tokens.opens(tokens.make(7, key), 7, None)
    assert tokens.message_id(7, NOW.date(), key) != tokens.message_id(7, NOW.date(), other)


def test_what_a_former_release_mailed_keeps_its_token_and_message_id(settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "later", ["earlier"]

    assert tokens.opens("12.n1qch73QM9BtAY2rYzG_2CIwphiudZbas5FCcrreibM", 12, None)
    assert tokens.message_id(12, date(2026, 11, 23), None) == "<d.12.20261123@papers.example.org>"


def test_a_message_id_which_servers_log_does_not_tell_the_key() -> None:
    key = uuid4()

    assert key.hex[:8] not in tokens.message_id(7, NOW.date(), key)


@pytest.mark.django_db
def test_a_delivery_without_a_key_is_opened_once_a_worker_had_it() -> None:
    """Before that no mail of it can have left: the number's signature is another delivery's, from before a restore."""
    delivery = DeliveryFactory.create(key=None)
    token = tokens.make(delivery.pk, None)
    assert Delivery.objects.with_token(token) is None

    Delivery.objects.update(assembled_at=NOW)

    assert Delivery.objects.with_token(token) == delivery


def test_a_copy_is_opened_by_the_keys_of_its_feed_and_delivery_alone() -> None:
    key = uuid4()
    copy = tokens.of_copy(7, key, "a feed's key")

    assert tokens.number_in(copy) == 7
    assert len({copy, tokens.of_copy(7, key, "another"), tokens.of_copy(7, uuid4(), "a feed's key")}) == 3
    assert not tokens.opens(copy, 7, key)
