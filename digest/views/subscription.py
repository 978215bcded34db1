"""A reader's own first page: when the next mail comes, and what was sent."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from digest.ledger import history
from digest.models import Subscription
from digest.planning import changes
from digest.readers import mail_status, registration
from digest.views.gate import signed_in
from papersite.catalogue.models import Paper

DAYS = 14
FOUND = 50
LONGEST_SEARCH = 200


@login_required
@never_cache
@require_safe
def subscription(request: HttpRequest) -> HttpResponse:
    """The next mail and the ledger."""
    held = Subscription.objects.select_related("reader").filter(reader_id=request.user.pk).first()
    if held is None:
        return render(request, "digest/subscription_start.html", {"consent": changes.CONSENT})
    text = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    shown = _found(request, held, text) if text else _days(request, held)
    context = {
        "subscription": held,
        "mail_status": mail_status.of(held, now=timezone.now()),
        "q": text,
        "sent_count": history.count_of(held.pk),
    }
    return render(request, "digest/subscription.html", context | shown)


def _days(request: HttpRequest, held: Subscription) -> dict[str, Any]:
    """Every delivery, newest first, with what it held."""
    page = _page(request, Paginator(held.deliveries.order_by("-day", "-extra"), DAYS))
    return {"page": page, "days": history.lines_of_each(list(page.object_list))}


def _found(request: HttpRequest, held: Subscription, text: str) -> dict[str, Any]:
    page = _page(request, Paginator(history.search(history.of_reader(held.pk), text), FOUND))
    return {"page": page, "found": history.lines_of(page.object_list)}


def _page(request: HttpRequest, paginator: "Paginator[Any]") -> "Page[Any]":
    """The page that is asked for. A number that is none, or past the end, is no page."""
    number = request.GET.get("page", "1")
    if not number.isascii() or not number.isdigit() or len(number) > 9 or not 1 <= int(number) <= paginator.num_pages:
        raise Http404("There is no such page.")
    return paginator.page(int(number))


@login_required
@never_cache
@require_safe
def was_sent(request: HttpRequest, public_id: str) -> HttpResponse:
    """Whether, when and why a paper was sent to whoever asks: a page, or its one line for the paper's own page."""
    numbered = public_id.startswith("p") and public_id[1:].isdigit()
    wanted = {"pk": int(public_id[1:])} if numbered else {"arxiv_id": public_id}
    paper = get_object_or_404(Paper.objects.visible(), **wanted)
    held = Subscription.objects.filter(reader_id=request.user.pk).first()
    entry = history.find(held.pk, paper) if held is not None else None
    line = history.lines_of([entry])[0] if entry is not None else None
    template = "digest/was_sent.html"
    if request.headers.get("HX-Request"):
        template += "#answer"
    return render(request, template, {"paper": paper, "line": line})


@require_POST
@signed_in
def start(request: HttpRequest) -> HttpResponse:
    """A subscription for someone who has an account without one; their address is confirmed already."""
    assert request.user.is_authenticated
    now = timezone.now()
    opened = registration.open_subscription(request.user, now=now, time_zone=request.POST.get("time_zone", ""))
    registration.confirm(opened, now=now)
    return redirect("digest:welcome")
