"""What staff fill in about mail and its readers."""

import pytest

from digest import tokens
from digest.bounces import handling
from digest.forms.desk import FollowForm, LiftForm, RelayForm, SuppressForm, hash_of
from digest.models import Relay

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("typed", ["Ada@Example.org", "  ada@example.org ", "ada@example.org"])
def test_an_address_is_kept_as_the_hash_that_mail_is_asked_by(typed: str) -> None:
    assert hash_of(typed) == tokens.address_hash("ada@example.org")


def test_words_are_no_address() -> None:
    assert hash_of("asked by telephone") == ""


def test_a_domain_of_another_alphabet_is_the_one_that_is_mailed() -> None:
    form = SuppressForm({"address": "Ada@BÜCHER.example", "reason": "asked"})

    assert form.is_valid(), form.errors
    assert form.cleaned_data["address"] == "ada@xn--bcher-kva.example"


@pytest.mark.parametrize("form", [LiftForm, SuppressForm])
@pytest.mark.parametrize("reason", ["", "ada@example.org asked", handling.REASONS[handling.Kind.HARD]])
def test_a_reason_is_in_words_of_its_own_and_names_no_address(form: type, reason: str) -> None:
    assert "reason" in form({"address": "ada@example.org", "reason": reason}).errors


@pytest.mark.parametrize(("typed", "is_valid"), [("", True), ("Two mails.", True), ("All is well.", False)])
def test_an_alarm_is_emptied_and_not_rewritten(typed: str, is_valid: bool) -> None:
    relay = Relay.objects.create(pk=1, alarm="Two mails.")

    assert RelayForm({"alarm": typed}, instance=relay).is_valid() is is_valid


@pytest.mark.parametrize(("search", "kept"), [("graph   learning", "graph learning"), ("after:yesterdayish", None)])
def test_a_search_is_followed_as_the_readers_page_would_take_it(search: str, kept: str | None) -> None:
    form = FollowForm({"kind": "search", "search": search})
    form.is_valid()

    assert form.cleaned_data.get("search") == kept
