"""A reader's own pages, the archive, and what the links in a mail lead to."""

from datetime import date, timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.db.models.functions import TruncDate
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from digest import composition, metrics, registration, tokens
from digest.forms import FollowForm, SubscriptionForm
from digest.models import Delivery, Edition, Subscription
from papersite.catalogue.models import Paper

LEDGER_LENGTH = 30
ARCHIVE_DAYS = 60
EDITION_LENGTH = 20

# After signing in a form cannot be sent again by itself: better the page it stands on.
signed_in = login_required(redirect_field_name=None)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def subscription(request: HttpRequest) -> HttpResponse:
    """The reader's schedule, follows and ledger."""
    held = (
        Subscription.objects.filter(reader_id=request.user.pk)
        .prefetch_related("follows__topic", "follows__author")
        .first()
    )
    if held is None:
        return render(request, "digest/subscription_start.html", {"consent": registration.CONSENT})
    form = SubscriptionForm(request.POST or None, instance=held)
    if request.method == "POST" and form.is_valid():
        registration.change(form.save(commit=False), now=timezone.now())
        registration.follow_topics(
            held, [topic.pk for topic in form.cleaned_data["topics"]], trending=form.cleaned_data["trending"]
        )
        messages.success(request, "Saved.")
        return redirect("digest:subscription")
    return _subscription_page(request, held, form, FollowForm())


def _subscription_page(
    request: HttpRequest, held: Subscription, form: SubscriptionForm, follow_form: FollowForm
) -> HttpResponse:
    ledger = held.deliveries.exclude(state__in=Delivery.OPEN).prefetch_related("items__paper")[:LEDGER_LENGTH]
    context = {
        "subscription": held,
        "form": form,
        "follow_form": follow_form,
        "other_follows": [
            follow for follow in held.follows.all() if follow.kind in ("author", "search") or follow.mutes
        ],
        "ledger": ledger,
        "sent_count": held.items.filter(delivery__state=Delivery.State.SENT).count(),
    }
    return render(
        request, "digest/subscription.html", context, status=400 if form.errors or follow_form.errors else 200
    )


@require_POST
@signed_in
def start(request: HttpRequest) -> HttpResponse:
    """A subscription for someone who has an account without one; their address is confirmed already."""
    assert request.user.is_authenticated
    now = timezone.now()
    opened = registration.open_subscription(request.user, now=now, time_zone=request.POST.get("time_zone", ""))
    registration.confirm(opened, now=now)
    return redirect("digest:subscription")


@require_POST
@signed_in
def resume(request: HttpRequest) -> HttpResponse:
    registration.resume(get_object_or_404(Subscription, reader=request.user), now=timezone.now())
    messages.success(request, "Welcome back: your digest goes on.")
    return redirect("digest:subscription")


@require_POST
@signed_in
def end(request: HttpRequest) -> HttpResponse:
    registration.end(get_object_or_404(Subscription, reader=request.user), now=timezone.now())
    messages.success(request, "You are unsubscribed: no more digests.")
    return redirect("digest:subscription")


@require_POST
@signed_in
def follow(request: HttpRequest) -> HttpResponse:
    held = get_object_or_404(Subscription.objects.prefetch_related("follows__topic"), reader=request.user)
    form = FollowForm(request.POST)
    if not form.is_valid():
        return _subscription_page(request, held, SubscriptionForm(instance=held), form)
    added = registration.follow(
        held, form.cleaned_data["kind"], mutes=form.cleaned_data["mutes"], **form.cleaned_data["targets"]
    )
    messages.success(request, f"{'Muted' if added.mutes else 'Following'}: {added.label}")
    return redirect("digest:subscription")


@require_POST
@signed_in
def unfollow(request: HttpRequest, pk: int) -> HttpResponse:
    held = get_object_or_404(Subscription, reader=request.user)
    held.follows.filter(pk=pk).delete()
    return redirect("digest:subscription")


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """The latest days with papers, newest first, and what curators said of them."""
    newest = Paper.objects.visible().order_by("-announced_at").values_list("announced_at", flat=True).first()
    since = (newest or timezone.now()) - timedelta(days=ARCHIVE_DAYS)
    papers = Paper.objects.visible().filter(announced_at__gte=since, announced_at__lte=timezone.now())
    days = (
        papers.annotate(day=TruncDate("announced_at")).values("day").annotate(paper_count=Count("pk")).order_by("-day")
    )
    editions = {edition.day: edition for edition in Edition.objects.filter(day__gte=since.date())}
    rows = [row | {"edition": editions.get(row["day"])} for row in days]
    return render(request, "digest/archive.html", {"days": rows})


@require_safe
def edition_detail(request: HttpRequest, day: date) -> HttpResponse:
    """The site's issue of a day: the curator's intro and picks, then the day's hottest."""
    if day > timezone.now().date():
        raise Http404("This day has not come yet.")
    edition = Edition.objects.filter(day=day).first()
    picks = list(edition.picks.select_related("paper").filter(paper__is_hidden=False)) if edition else []
    papers = Paper.objects.trending().for_cards()
    by_id = {paper.pk: paper for paper in papers.filter(pk__in=[pick.paper_id for pick in picks])}
    for pick in picks:
        pick.paper = by_id[pick.paper_id]
    context = {
        "day": day,
        "edition": edition,
        "picks": picks,
        "papers": papers.announced_on(day).exclude(pk__in=by_id)[:EDITION_LENGTH],
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1) if day < timezone.now().date() else None,
    }
    return render(request, "digest/edition_detail.html", context)


@require_safe
@never_cache
def delivery_detail(request: HttpRequest, token: str) -> HttpResponse:
    """A mail on the web; its address is the secret that opens it."""
    delivery = _delivery(token)
    items = list(delivery.items.all())
    papers = composition.papers_of(items)
    for item in items:
        item.paper = papers[item.paper_id]
    edition = Edition.objects.filter(day=delivery.day).first()
    return render(request, "digest/delivery_detail.html", {"delivery": delivery, "items": items, "edition": edition})


# A mail provider posts without cookies, so there is neither login nor CSRF token here
# (RFC 8058); the token in the address is what authorises. GET must change nothing:
# scanners open every link of a mail.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    delivery = _delivery(token)
    if request.method == "POST":
        registration.end(delivery.subscription, now=timezone.now())
    context = {"delivery": delivery, "has_left": delivery.subscription.ended_at is not None}
    return render(request, "digest/unsubscribe.html", context)


@never_cache
@require_POST
def resubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """One click back, from the page that says good-bye."""
    delivery = _delivery(token)
    registration.resume(delivery.subscription, now=timezone.now())
    return render(request, "digest/resubscribed.html", {"subscription": delivery.subscription})


@require_safe
@never_cache
def metrics_page(request: HttpRequest) -> HttpResponse:
    """For a monitor that brings the token; without one set there is no such page."""
    wanted = f"Bearer {settings.METRICS_TOKEN}"
    if not settings.METRICS_TOKEN or not constant_time_compare(request.headers.get("Authorization", ""), wanted):
        raise Http404("There is no such page.")
    return HttpResponse(metrics.exposition(timezone.now()), content_type=CONTENT_TYPE_LATEST)


def _delivery(token: str) -> Delivery:
    pk = tokens.read(token)
    if pk is None:
        raise Http404("This link is not one of ours.")
    return get_object_or_404(Delivery.objects.select_related("subscription__reader"), pk=pk)
