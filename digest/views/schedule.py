"""When mail comes, how much of it, and which."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import notifications
from digest import tasks
from digest.bounces import handling
from digest.choosing import on_demand
from digest.forms.schedule import PauseForm, ScheduleForm, SwitchesForm
from digest.models import Subscription
from digest.planning import changes
from digest.readers import alternatives, mail_status
from digest.views.gate import signed_in, subscription_of


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def schedule(request: HttpRequest) -> HttpResponse:
    held = subscription_of(request)
    form = ScheduleForm(request.POST if request.method == "POST" else None, subscription=held)
    if request.method == "POST" and form.is_valid():
        changes.change(held, now=timezone.now(), **form.changes)
        messages.success(request, "Saved.")
        return redirect("digest:schedule")
    return _page(request, held, form=form)


def _page(request: HttpRequest, held: Subscription, **forms: Form) -> HttpResponse:
    """All panels, with what was wrong in the one that was sent."""
    now = timezone.now()
    context = {
        "subscription": held,
        "mail_status": mail_status.of(held, now=now),
        "form": ScheduleForm(subscription=held),
        "pause_form": PauseForm(subscription=held, now=now),
        "switches": SwitchesForm(
            initial={
                "digest": held.is_active,
                "news": held.wants_news,
                "security": held.reader.wants_security_mail,
            }
        ),
        "alternatives": alternatives.ALTERNATIVES,
    } | forms
    status = 400 if any(form.errors for form in forms.values()) else 200
    return render(request, "digest/schedule.html", context, status=status)


@require_POST
@signed_in
def pause(request: HttpRequest) -> HttpResponse:
    """Until a day, or no longer."""
    held, now = subscription_of(request), timezone.now()
    if "end" in request.POST:
        changes.change(held, now=now, paused_until=None)
        messages.success(request, "The pause is over.")
        return redirect("digest:schedule")
    form = PauseForm(request.POST, subscription=held, now=now)
    if not form.is_valid():
        return _page(request, held, pause_form=form)
    changes.change(held, now=now, paused_until=form.cleaned_data["until"])
    messages.success(request, "Paused.")
    return redirect("digest:schedule")


@require_POST
@signed_in
def switches(request: HttpRequest) -> HttpResponse:
    """Turns each kind of mail on or off."""
    held, now = subscription_of(request), timezone.now()
    form = SwitchesForm(request.POST)
    form.full_clean()
    wanted = form.cleaned_data
    if held.wants_news != wanted["news"]:
        changes.change(held, now=now, wants_news=wanted["news"])
    notifications.switch(held.reader, wanted=wanted["security"], now=now)
    if wanted["digest"] and held.ended_at is not None:
        changes.resume(held, now=now)
    elif not wanted["digest"]:
        changes.end(held, now=now)
    messages.success(request, "Saved.")
    return redirect("digest:schedule")


@require_POST
@signed_in
def ask(request: HttpRequest) -> HttpResponse:
    """A digest at once."""
    held = subscription_of(request)
    asked = on_demand.ask(held, now=timezone.now())
    if asked.answer == on_demand.Answer.COMING:
        tasks.order()
    words = {"asked": asked, "at": _on_their_clock(asked.at, held)}
    level = messages.SUCCESS if asked.answer == on_demand.Answer.COMING else messages.WARNING
    messages.add_message(request, level, render_to_string("digest/messages/asked.txt", words).strip())
    return redirect("digest:schedule")


def _on_their_clock(moment: datetime | None, held: Subscription) -> datetime | None:
    return moment.astimezone(ZoneInfo(held.time_zone)).replace(tzinfo=None) if moment else None


@require_POST
@signed_in
def let_go(request: HttpRequest) -> HttpResponse:
    """Mail to an address that bounced or complained, again."""
    words = handling.WANTED_AGAIN if "wanted_again" in request.POST else ""
    if handling.lift(subscription_of(request), now=timezone.now(), words=words):
        messages.success(request, "Mail goes to your address again.")
    else:
        messages.warning(request, "Not yet: see below.")
    return redirect("digest:schedule")
