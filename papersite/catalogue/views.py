"""The catalogue's pages."""

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.forms import SubscribeForm
from papersite.catalogue import scoring, trending, voting
from papersite.catalogue.calendar import day_bounds
from papersite.catalogue.models import Author, Paper, SignalWeight, Topic
from papersite.catalogue.querysets import PaperQuerySet

PAGE_SIZE = 30
SHOWN_TOPICS = 12


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    context = {
        "form": SubscribeForm(),
        "topics": _busiest_topics(now),
        "page": _page(request, Paper.objects.trending()),
        "today": now.date(),
    }
    return _listing(request, "catalogue/home.html", context)


@require_safe
def day(request: HttpRequest, day: date) -> HttpResponse:
    return _period(request, day, day + timedelta(days=1), "day", before=day - timedelta(days=1))


@require_safe
def week(request: HttpRequest, day: date) -> HttpResponse:
    return _period(request, day, day + timedelta(days=7), "week", before=day - timedelta(days=7))


@require_safe
def month(request: HttpRequest, day: date) -> HttpResponse:
    after = (day + timedelta(days=31)).replace(day=1)
    return _period(request, day, after, "month", before=(day - timedelta(days=1)).replace(day=1))


def _period(request: HttpRequest, first: date, after: date, kind: str, *, before: date) -> HttpResponse:
    """The papers announced from ``first`` until before ``after``."""
    papers = Paper.objects.trending().announced_between(day_bounds(first)[0], day_bounds(after)[0])
    context = {
        "kind": kind,
        "first": first,
        "last": after - timedelta(days=1),
        "before": before,
        "after": after if after <= timezone.now().date() else None,
        "page": _page(request, papers),
    }
    return _listing(request, "catalogue/period.html", context)


@require_safe
def paper_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    paper = _paper(public_id)
    if paper.public_id != public_id:
        return redirect(paper, permanent=True)
    context = {
        "paper": paper,
        "parts": scoring.parts_of(paper),
        "signal_names": dict(SignalWeight.Signal.choices),
        "voted": voting.papers_voted_for(request.user, [paper]) if request.user.is_authenticated else set(),
    }
    return render(request, "catalogue/paper_detail.html", context)


@require_POST
def vote(request: HttpRequest, public_id: str) -> HttpResponse:
    """Casts the reader's vote, or takes it back where ``take_back`` is sent."""
    paper = _paper(public_id)
    if not request.user.is_authenticated:
        return redirect_to_login(paper.get_absolute_url())
    if "take_back" in request.POST:
        voting.take_back(paper, request.user)
    else:
        voting.cast(paper, request.user)
    return redirect(paper)


@require_safe
def trending_how(request: HttpRequest) -> HttpResponse:
    names = dict(SignalWeight.Signal.choices)
    weights = [(names.get(name, name), hours) for name, hours in scoring.weights().items()]
    example = trending.parts({"hf_upvotes": 31}, scoring.weights())
    hours = next(part.hours for part in example if part.signal == "hf_upvotes")
    return render(request, "catalogue/trending_how.html", {"weights": weights, "example_hours": hours})


@require_safe
def topic_list(request: HttpRequest) -> HttpResponse:
    return render(request, "catalogue/topic_list.html", {"topics": Topic.objects.offered().with_counts(timezone.now())})


@require_safe
def topic_detail(request: HttpRequest, slug: str) -> HttpResponse:
    topic = get_object_or_404(Topic, slug=slug)
    context = {
        "topic": topic,
        "categories": topic.categories.all(),
        "page": _page(request, Paper.objects.trending().in_topic(topic)),
    }
    return _listing(request, "catalogue/topic_detail.html", context)


@require_safe
def author_detail(request: HttpRequest, pk: int) -> HttpResponse:
    author = get_object_or_404(Author, pk=pk)
    page = _page(request, Paper.objects.trending().by_author(author))
    return _listing(request, "catalogue/author_detail.html", {"author": author, "page": page})


def _busiest_topics(now: datetime) -> list[tuple[Topic, int]]:
    """The topics with most papers of the last seven days, and how many."""
    counts = dict(Topic.objects.week_counts(now))
    topics = sorted(Topic.objects.offered(), key=lambda topic: -counts.get(topic.pk, 0))
    return [(topic, counts.get(topic.pk, 0)) for topic in topics[:SHOWN_TOPICS]]


def _paper(public_id: str) -> Paper:
    """A visible paper by what stands in its address; a row's number finds it always."""
    papers = Paper.objects.visible().for_cards()
    if public_id.startswith("p") and public_id[1:].isdigit():
        return get_object_or_404(papers, pk=int(public_id[1:]))
    return get_object_or_404(papers, arxiv_id=public_id)


def _page(request: HttpRequest, papers: PaperQuerySet) -> Page:
    """One page of cards. A page number that is none, or past the end, is no page."""
    number = request.GET.get("page", "1")
    paginator = Paginator(papers.for_cards(), PAGE_SIZE)
    if not number.isascii() or not number.isdigit() or not 1 <= int(number) <= paginator.num_pages:
        raise Http404("There is no such page.")
    return paginator.page(int(number))


def _listing(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    papers = list(context["page"].object_list)
    voted = voting.papers_voted_for(request.user, papers) if request.user.is_authenticated else set()
    return render(request, template, context | {"papers": papers, "voted": voted})
