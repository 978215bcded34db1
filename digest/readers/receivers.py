"""What a sign-up, a confirmed address and a provider's news set in motion. None of them knows of digests."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed, user_signed_up
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from digest.following import follow_lists, follows
from digest.models import Subscription
from digest.readers import registration


@receiver(user_signed_up, dispatch_uid="digest.open_subscription")
def open_subscription(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """It follows what was chosen before; whoever only typed somebody's address changes nothing for that person."""
    opened = registration.open_subscription(user, now=timezone.now(), time_zone=request.POST.get("time_zone", ""))
    wanted = follow_lists.one(request.POST.get("follow", ""))
    if wanted is not None and not wanted.mutes:
        follows.begin_with(opened, wanted)


@receiver(email_confirmed, dispatch_uid="digest.confirm_subscription")
def confirm_subscription(email_address: EmailAddress, **kwargs: Any) -> None:
    subscription = Subscription.objects.filter(reader_id=email_address.user_id).first()
    if subscription is not None:
        registration.confirm(subscription, now=timezone.now())
