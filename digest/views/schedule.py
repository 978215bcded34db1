"""When mail comes, and how much of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from digest import registration
from digest.forms.schedule import ScheduleForm
from digest.views.gate import subscription_of


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def schedule(request: HttpRequest) -> HttpResponse:
    held = subscription_of(request)
    form = ScheduleForm(request.POST or None, instance=held)
    if request.method == "POST" and form.is_valid():
        registration.change(form.save(commit=False), now=timezone.now())
        messages.success(request, "Saved.")
        return redirect("digest:schedule")
    context = {"subscription": held, "form": form}
    return render(request, "digest/schedule.html", context, status=400 if form.errors else 200)
