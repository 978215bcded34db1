"""Leaving, less of it instead, and coming back: by the link in a mail, without login, and signed in."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from digest.models import Subscription
from digest.planning import changes
from digest.readers import alternatives, mail_status
from digest.views.gate import delivery_of, from_a_mail, signed_in, subscription_of


# A mail provider posts without cookies, so there is neither login nor CSRF token here
# (RFC 8058); the token in the address is what authorises. GET must change nothing:
# scanners open every link of a mail.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@from_a_mail
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    delivery = delivery_of(token)
    if request.method == "POST":
        changes.end(delivery.subscription, now=timezone.now())
    context = {
        "delivery": delivery,
        "has_left": delivery.subscription.ended_at is not None,
        "alternatives": alternatives.ALTERNATIVES,
    }
    return render(request, "digest/unsubscribe.html", context)


@never_cache
@require_POST
@from_a_mail
def resubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """One click back, from the page that says good-bye."""
    held = delivery_of(token).subscription
    changes.resume(held, now=timezone.now())
    return _back(request, held, "Welcome back")


@never_cache
@require_POST
@from_a_mail
def less(request: HttpRequest, token: str) -> HttpResponse:
    """A pause or fewer mails instead of leaving, or after it."""
    held = delivery_of(token).subscription
    alternatives.take(held, _choice(request), now=timezone.now())
    return _back(request, held, "Your digest is changed")


def _choice(request: HttpRequest) -> str:
    name = request.POST.get("choice", "")
    if name not in alternatives.ALTERNATIVES:
        raise Http404("There is no such choice.")
    return name


def _back(request: HttpRequest, held: Subscription, title: str) -> HttpResponse:
    context = {"subscription": held, "mail_status": mail_status.of(held, now=timezone.now()), "title": title}
    return render(request, "digest/resubscribed.html", context)


@require_POST
@signed_in
def end(request: HttpRequest) -> HttpResponse:
    changes.end(subscription_of(request), now=timezone.now())
    messages.success(request, "You are unsubscribed: no more digests.")
    return redirect("digest:schedule")


@require_POST
@signed_in
def resume(request: HttpRequest) -> HttpResponse:
    changes.resume(subscription_of(request), now=timezone.now())
    messages.success(request, "Welcome back: your digest goes on.")
    return redirect("digest:schedule")


@require_POST
@signed_in
def less_of_it(request: HttpRequest) -> HttpResponse:
    alternatives.take(subscription_of(request), _choice(request), now=timezone.now())
    messages.success(request, "Saved.")
    return redirect("digest:schedule")
