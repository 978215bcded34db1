"""Tomorrow's mail, today."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from digest.choosing import preview as previewing
from digest.views.gate import subscription_of


@login_required
@never_cache
@require_safe
def preview(request: HttpRequest) -> HttpResponse:
    """What the next digest would hold if it left now."""
    held = subscription_of(request)
    context = {"subscription": held, "preview": previewing.of(held, timezone.now())}
    return render(request, "digest/preview.html", context)
