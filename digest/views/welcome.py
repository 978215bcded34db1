"""A newcomer's three steps: topics, the hour, and a look at tomorrow's mail. Each can be left out and come back to."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from digest.choosing import preview
from digest.following import follows, weekly_counts
from digest.forms.follows import TopicsForm
from digest.forms.schedule import ScheduleForm
from digest.models import Subscription
from digest.planning import changes
from digest.views.gate import subscription_of
from papersite.catalogue.models import Topic


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def topics(request: HttpRequest) -> HttpResponse:
    if not Subscription.objects.filter(reader=request.user.pk).exists():
        return redirect("digest:subscription")
    held = subscription_of(request)
    form = TopicsForm(request.POST or None, subscription=held)
    if request.method == "POST" and form.is_valid():
        chosen = [topic.pk for topic in form.cleaned_data["topics"]]
        follows.set_topics(held, chosen, trending=form.cleaned_data["trending"])
        return redirect("digest:welcome_schedule")
    context = {"form": form, "others": form.others, "rows": _rows(form)}
    return render(request, "digest/welcome_topics.html", context, status=400 if form.errors else 200)


def _rows(form: TopicsForm) -> list[tuple[object, Topic, int | None, list[object]]]:
    """Each topic's box, what the topic brought this week, and its hottest papers."""
    now = timezone.now()
    boxes = [(box, box.data["value"].instance) for box in form["topics"].subwidgets]
    counts = weekly_counts.counts([follows.of_topic(topic) for _, topic in boxes], now)
    examples = weekly_counts.examples(now)
    return [(box, topic, counts["topic", topic.pk], [*examples.get(topic.pk, [])]) for box, topic in boxes]


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def schedule(request: HttpRequest) -> HttpResponse:
    held = subscription_of(request)
    form = ScheduleForm(request.POST if request.method == "POST" else None, subscription=held)
    if request.method == "POST" and form.is_valid():
        changes.change(held, now=timezone.now(), **form.changes)
        return redirect("digest:welcome_preview")
    return render(request, "digest/welcome_schedule.html", {"form": form}, status=400 if form.errors else 200)


@login_required
@never_cache
@require_safe
def look(request: HttpRequest) -> HttpResponse:
    held = subscription_of(request)
    context = {"subscription": held, "preview": preview.of(held, timezone.now())}
    return render(request, "digest/welcome_preview.html", context)
