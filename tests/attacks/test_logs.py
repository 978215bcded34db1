"""Who reads the logs gets no way into a mail, a feed or an account."""

import logging
from typing import Any

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.contrib.auth.tokens import default_token_generator
from django.test import Client

from digest.models import Subscription
from tests.factories import DeliveryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def secrets(subscription: Subscription) -> dict[str, str]:
    """Addresses that open something, by what stands in them."""
    reader = subscription.reader
    token = DeliveryFactory.create(subscription=subscription).token
    confirmation = EmailConfirmationHMAC(EmailAddress.objects.get(user=reader)).key
    reset = default_token_generator.make_token(reader)
    return {
        f"/d/{token}/": token,
        f"/copy/{token}/": token,
        f"/d/{token}/resubscribe/": token,
        f"/d/{token}/less/": token,
        f"/saved/feed/{reader.feed_key}/": reader.feed_key,
        f"/subscription/feed/{reader.feed_key}/": reader.feed_key,
        f"/accounts/confirm-email/{confirmation}/": confirmation,
        f"/accounts/password/reset/key/{reader.pk}-{reset}/": reset,
        f"/accounts/github/login/callback/?code={token}&state=x": token,
    }


@pytest.mark.parametrize("method", ["get", "post", "put"])
def test_no_line_holds_a_secret(
    secrets: dict[str, str], method: str, caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    """Refused, not allowed, not found, or broken: whatever is logged of it."""
    caplog.set_level(logging.DEBUG)
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    for address in secrets:
        getattr(client, method)(address)
        getattr(client, method)(address.rstrip("/") + "x/nowhere/")
    written = "\n".join(record.getMessage() + (record.exc_text or "") for record in caplog.records)

    assert len(caplog.records) >= len(secrets)
    assert [secret for secret in secrets.values() if secret in written] == []
    assert "…" in written
