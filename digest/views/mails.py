"""What the links in a mail lead to. The token in the address is what authorises: there is no login."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from digest import composition, ledger, registration
from digest.models import Edition
from digest.views.gate import delivery_of


@require_safe
@never_cache
def delivery_detail(request: HttpRequest, token: str) -> HttpResponse:
    """A mail on the web; its address is the secret that opens it."""
    delivery = delivery_of(token)
    entries = ledger.of_deliveries([delivery]).get(delivery.pk, [])
    papers = composition.papers_with({entry.paper_id for entry in entries})
    context = {
        "delivery": delivery,
        "lines": [ledger.Line(entry, papers.get(entry.paper_id)) for entry in entries],
        "edition": Edition.objects.filter(day=delivery.day).first(),
    }
    return render(request, "digest/delivery_detail.html", context)


# A mail provider posts without cookies, so there is neither login nor CSRF token here
# (RFC 8058); the token in the address is what authorises. GET must change nothing:
# scanners open every link of a mail.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    delivery = delivery_of(token)
    if request.method == "POST":
        registration.end(delivery.subscription, now=timezone.now())
    context = {"delivery": delivery, "has_left": delivery.subscription.ended_at is not None}
    return render(request, "digest/unsubscribe.html", context)


@never_cache
@require_POST
def resubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """One click back, from the page that says good-bye."""
    delivery = delivery_of(token)
    registration.resume(delivery.subscription, now=timezone.now())
    return render(request, "digest/resubscribed.html", {"subscription": delivery.subscription})
