"""What accounts set in motion here."""

import pytest
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.test import RequestFactory

from digest.models import Subscription
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def confirmed(address: EmailAddress) -> None:
    email_confirmed.send(sender=EmailAddress, request=RequestFactory().get("/"), email_address=address)


def test_a_confirmed_address_without_subscription_gets_none() -> None:
    user = UserFactory.create()

    confirmed(EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True))

    assert Subscription.objects.count() == 0


def test_a_confirmed_address_does_not_bring_back_who_left(subscription: Subscription) -> None:
    Subscription.objects.update(ended_at=subscription.confirmed_at, next_due_at=None, next_due_on=None)

    confirmed(EmailAddress.objects.get())

    assert Subscription.objects.get().is_active is False
