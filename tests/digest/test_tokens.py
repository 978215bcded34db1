"""Tokens in mails: only ours open anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest import tokens


@given(st.integers(min_value=1, max_value=2**63 - 1))
def test_a_token_leads_back_to_its_delivery(number: int) -> None:
    assert tokens.read(tokens.make(number)) == number


@given(st.integers(min_value=1, max_value=10**6), st.data())
def test_a_changed_token_opens_nothing(number: int, data: st.DataObject) -> None:
    token = tokens.make(number)
    place = data.draw(st.integers(min_value=0, max_value=len(token) - 1))
    letter = data.draw(st.sampled_from("abcXYZ019-_.é\x00").filter(lambda letter: letter != token[place]))

    assert tokens.read(token[:place] + letter + token[place + 1 :]) is None


@pytest.mark.parametrize("token", ["", ".", "1", "1.", ".x", "12.34", "½.x", "a" * 5000, "1.2.3"])
def test_what_was_never_a_token_opens_nothing(token: str) -> None:
    assert tokens.read(token) is None


@given(st.integers(min_value=1, max_value=10**6), st.integers(min_value=1, max_value=50))
def test_a_cut_token_opens_nothing(number: int, length: int) -> None:
    token = tokens.make(number)

    assert tokens.read(token[: -min(length, len(token))]) is None
