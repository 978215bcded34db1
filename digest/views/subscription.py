"""A reader's own first page: when the next mail comes, and what was sent."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from digest import registration
from digest.models import Delivery, Subscription
from digest.views.gate import signed_in, subscription_of

LEDGER_LENGTH = 30


@login_required
@never_cache
@require_safe
def subscription(request: HttpRequest) -> HttpResponse:
    """The next mail and the ledger."""
    held = Subscription.objects.filter(reader_id=request.user.pk).first()
    if held is None:
        return render(request, "digest/subscription_start.html", {"consent": registration.CONSENT})
    ledger = held.deliveries.exclude(state__in=Delivery.OPEN).prefetch_related("items__paper")[:LEDGER_LENGTH]
    context = {
        "subscription": held,
        "ledger": ledger,
        "sent_count": held.items.filter(delivery__state=Delivery.State.SENT).count(),
    }
    return render(request, "digest/subscription.html", context)


@require_POST
@signed_in
def start(request: HttpRequest) -> HttpResponse:
    """A subscription for someone who has an account without one; their address is confirmed already."""
    assert request.user.is_authenticated
    now = timezone.now()
    opened = registration.open_subscription(request.user, now=now, time_zone=request.POST.get("time_zone", ""))
    registration.confirm(opened, now=now)
    return redirect("digest:welcome")


@require_POST
@signed_in
def resume(request: HttpRequest) -> HttpResponse:
    registration.resume(subscription_of(request), now=timezone.now())
    messages.success(request, "Welcome back: your digest goes on.")
    return redirect("digest:subscription")


@require_POST
@signed_in
def end(request: HttpRequest) -> HttpResponse:
    registration.end(subscription_of(request), now=timezone.now())
    messages.success(request, "You are unsubscribed: no more digests.")
    return redirect("digest:subscription")
