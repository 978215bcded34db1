"""A reader's own first page: when the next mail comes, and what was sent."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from digest.following import follows, opinions
from digest.ledger import history
from digest.models import Follow, Opinion, Subscription
from digest.planning import changes
from digest.readers import mail_status, registration
from digest.views.gate import signed_in, subscription_of
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
    """What a paper is to whoever asks: when and why it was sent, and what they may say of it and follow because of it.

    A page, of which the paper's own page takes the part that counts.
    """
    paper = get_object_or_404(Paper.objects.visible().for_cards().named(public_id))
    held = Subscription.objects.filter(reader_id=request.user.pk).first()
    context: dict[str, Any] = {"paper": paper, "held": held}
    if held is not None:
        entry = history.find(held.pk, paper)
        context["line"] = history.lines_of([entry])[0] if entry is not None else None
        context["opinion"] = (
            Opinion.objects.filter(subscription=held, paper=paper).values_list("kind", flat=True).first()
        )
        context["offers"] = _offers(held, paper)
    return render(request, "digest/was_sent.html", context)


def _offers(held: Subscription, paper: Paper) -> list[tuple[Follow, Follow | None]]:
    """The paper's topics and its first author, each with the reader's own row of it, in one query."""
    topics = [row.topic for row in getattr(paper, "shown_topics", []) if not row.topic.is_catch_all]
    authors = [row.author for row in paper.authorships.all()[:1]]
    wanted = [*map(follows.of_topic, topics), *map(follows.of_author, authors)]
    own = follows.targets(held.follows.filter(Q(topic__in=topics) | Q(author__in=authors)))
    return [(one, own.get(follows.target(one))) for one in wanted]


@require_POST
@signed_in
def say(request: HttpRequest, public_id: str) -> HttpResponse:
    """More like this, less like this, or neither any more, from the paper's own page."""
    paper = get_object_or_404(Paper.objects.visible().named(public_id))
    held, act = subscription_of(request), request.POST.get("act", "")
    if act in (Opinion.Kind.MORE, Opinion.Kind.LESS):
        opinions.give(held, paper, act, timezone.now())
    elif act == "unsay":
        opinions.take_back(held, paper)
    else:
        raise Http404("There is no such answer.")
    if "for_you" in request.POST:
        return redirect("digest:for_you")
    return (
        redirect("digest:was_sent", public_id=paper.public_id) if request.headers.get("HX-Request") else redirect(paper)
    )


@require_POST
@signed_in
def start(request: HttpRequest) -> HttpResponse:
    """A subscription for someone who has an account without one; their address is confirmed already."""
    assert request.user.is_authenticated
    now = timezone.now()
    opened = registration.open_subscription(request.user, now=now, time_zone=request.POST.get("time_zone", ""))
    registration.confirm(opened, now=now)
    return redirect("digest:welcome")
