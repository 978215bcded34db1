"""Papers close to what a reader saved, voted for and wanted more of."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from digest.choosing import for_you as choosing
from digest.forms.schedule import CloseForm
from digest.models import Subscription
from digest.planning import changes
from digest.views.gate import subscription_of


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def for_you(request: HttpRequest) -> HttpResponse:
    """The papers with their reasons, and how many of them mails may have."""
    if not settings.TASTE:
        raise Http404("This site learns nothing of what its readers like.")
    assert request.user.is_authenticated
    if request.method == "POST":
        form = CloseForm(request.POST)
        if form.is_valid():
            changes.change(subscription_of(request), now=timezone.now(), **form.cleaned_data)
            messages.success(request, "Saved.")
        return redirect("digest:for_you")
    held = Subscription.objects.filter(reader=request.user).first()
    found = choosing.of(request.user, held, timezone.now())
    context = {
        "subscription": held,
        "form": CloseForm(initial={"close_to_saved": held.close_to_saved}) if held else None,
        "found": found,
        "papers": [([paper], [reason]) for paper, reason in found.papers],
        "voted": found.marks.voted,
        "saved": found.marks.saved,
    }
    return render(request, "digest/for_you.html", context)
