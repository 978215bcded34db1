"""Whether a digest may go to a reader at all."""

from datetime import date, timedelta
from typing import Any

import pytest

from digest import tokens
from digest.models import Subscription, Suppression
from digest.planning.eligibility import LEFT, why_ineligible
from tests.factories import NOW

pytestmark = pytest.mark.django_db
TODAY: date = NOW.date()


def test_who_confirmed_and_did_not_leave_may_be_mailed(subscription: Subscription) -> None:
    assert why_ineligible(subscription, TODAY) == ""


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"ended_at": NOW}, LEFT),
        ({"confirmed_at": None}, "Your address is not confirmed."),
        ({"paused_until": TODAY + timedelta(days=1)}, f"Paused until {TODAY + timedelta(days=1):%d %B %Y}."),
        ({"paused_until": TODAY}, ""),
        ({"paused_until": TODAY - timedelta(days=1)}, ""),
    ],
)
def test_the_reason_is_in_words(subscription: Subscription, changed: dict[str, Any], reason: str) -> None:
    for name, value in changed.items():
        setattr(subscription, name, value)

    assert why_ineligible(subscription, TODAY) == reason


def test_a_closed_account_and_a_suppressed_address_are_not_mailed(subscription: Subscription) -> None:
    Suppression.objects.create(address_hash=tokens.address_hash(subscription.reader.email), reason="It bounced.")
    assert why_ineligible(subscription, TODAY) == "Mail to this address bounced or was refused."

    subscription.reader.is_active = False
    assert why_ineligible(subscription, TODAY) == "Your account is closed."
