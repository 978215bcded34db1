"""What the links in a mail lead to. The token in the address is what authorises: there is no login."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from digest.composing import digest_mail
from digest.ledger import history
from digest.models import Edition
from digest.views.gate import delivery_of


@require_safe
@never_cache
def delivery_detail(request: HttpRequest, token: str) -> HttpResponse:
    """A mail on the web; its address is the secret that opens it."""
    delivery = delivery_of(token)
    entries = history.of_deliveries([delivery]).get(delivery.pk, [])
    papers = digest_mail.papers_with({entry.paper_id for entry in entries})
    context = {
        "delivery": delivery,
        "lines": [history.Line(entry, papers.get(entry.paper_id)) for entry in entries],
        "edition": Edition.objects.filter(day=delivery.day).first(),
    }
    return render(request, "digest/delivery_detail.html", context)
