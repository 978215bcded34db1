"""What a sign-up and a confirmed address set in motion. Accounts know nothing of digests."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed, user_signed_up
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from digest import registration
from digest.models import Subscription


@receiver(user_signed_up, dispatch_uid="digest.open_subscription")
def open_subscription(request: HttpRequest, user: User, **kwargs: Any) -> None:
    registration.open_subscription(user, now=timezone.now(), time_zone=request.POST.get("time_zone", ""))


@receiver(email_confirmed, dispatch_uid="digest.confirm_subscription")
def confirm_subscription(email_address: EmailAddress, **kwargs: Any) -> None:
    subscription = Subscription.objects.filter(reader_id=email_address.user_id).first()
    if subscription is not None:
        registration.confirm(subscription, now=timezone.now())
