"""The catalogue's pages."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.db.models.functions import TruncDate
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from papersite.catalogue import (
    citations,
    co_authors,
    plots,
    ranking,
    reading_list,
    repositories,
    scoring,
    signals,
    topic_weeks,
    trending,
    votes,
)
from papersite.catalogue.calendar import day_bounds
from papersite.catalogue.models import Author, Category, Paper, PaperQuerySet, Topic
from papersite.catalogue.search import results
from papersite.limits import limited
from papersite.viewing import is_detailed, remembers_view

PAGE_SIZE = 30
SHOWN_TOPICS = 12
# A day with fewer papers goes on with the days before it, so many at most.
THIN_DAY = 10
DAYS_BEFORE = 10


@require_safe
@remembers_view
def home(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    context = {
        "topics": _busiest_topics(now),
        "page": _page(request, Paper.objects.trending()),
        "today": now.date(),
    }
    return _listing(request, "catalogue/home.html", context)


@require_safe
@remembers_view
def day(request: HttpRequest, day: date) -> HttpResponse:
    """A day's papers. A thin day is not the end of the page: the days before follow under their own headings."""
    context = _period(day, day + timedelta(days=1), "day", before=day - timedelta(days=1))
    context["page"] = page = _page(request, Paper.objects.trending().announced_on(day))
    if page.paginator.count < THIN_DAY:
        context["earlier"] = _days_before(day, THIN_DAY - page.paginator.count)
    return _listing(request, "catalogue/period.html", context)


@require_safe
@remembers_view
def week(request: HttpRequest, day: date) -> HttpResponse:
    after = day + timedelta(days=7)
    context = _period(day, after, "week", before=day - timedelta(days=7))
    return _listing(request, "catalogue/period.html", context | {"page": _ranking(request, day, after)})


@require_safe
@remembers_view
def month(request: HttpRequest, day: date) -> HttpResponse:
    after = (day + timedelta(days=31)).replace(day=1)
    context = _period(day, after, "month", before=(day - timedelta(days=1)).replace(day=1))
    return _listing(request, "catalogue/period.html", context | {"page": _ranking(request, day, after)})


def _period(first: date, after: date, kind: str, *, before: date) -> dict[str, Any]:
    """The time from ``first`` until before ``after``, with its neighbours; Http404 beyond the catalogue's ends."""
    today = timezone.now().date()
    begins = Paper.objects.visible().first_day() or today
    if first > today or after <= begins:
        raise Http404("The catalogue has no papers of that time.")
    return {
        "kind": kind,
        "first": first,
        "last": after - timedelta(days=1),
        "before": before if first > begins else None,
        "after": after if after <= today else None,
    }


def _ranking(request: HttpRequest, first: date, after: date) -> Page:
    """The papers of a time by what they earned in it."""
    return _numbered(request, Paginator(ranking.Ranking(first, after), PAGE_SIZE))


def _days_before(day: date, wanted: int) -> list[tuple[date, list[Paper]]]:
    """Earlier days with their hottest papers, as many as fill a page's beginning."""
    start = day_bounds(day)[0]
    recent = Paper.objects.visible().announced_between(start - timedelta(days=DAYS_BEFORE), start)
    counts = recent.order_by().values_list(TruncDate("announced_at", tzinfo=UTC)).annotate(Count("pk"))
    days: list[date] = []
    for found, count in sorted(counts, reverse=True):
        if wanted > 0:
            days.append(found)
            wanted -= count
    if not days:
        return []
    papers = Paper.objects.trending().announced_between(day_bounds(days[-1])[0], start).for_cards()[:PAGE_SIZE]
    by_day: dict[date, list[Paper]] = {found: [] for found in days}
    for paper in papers:
        by_day[paper.announced_at.astimezone(UTC).date()].append(paper)
    return [(found, papers) for found, papers in by_day.items() if papers]


@require_safe
def paper_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    paper = _paper(public_id)
    if paper.public_id != public_id:
        return redirect(paper, permanent=True)
    context = {
        "paper": paper,
        **_place(paper),
        "versions": [(number, datetime.fromisoformat(moment)) for number, moment in paper.versions],
        "repository": repositories.known(paper.code_url),
        "similar": results.similar_papers(paper),
        "voted": votes.papers_voted_for(request.user, [paper]) if request.user.is_authenticated else set(),
        "saved": reading_list.papers_saved_by(request.user, [paper]) if request.user.is_authenticated else set(),
    }
    return render(request, "catalogue/paper_detail.html", context)


def _place(paper: Paper) -> dict[str, Any]:
    """What a paper's place in trending is made of, as parts of a bar, and how its signals grew."""
    parts = scoring.parts_of(paper)
    told = [(one.signal, one.label, one.points) for one in signals.series(paper)]
    bar = plots.bar([(part.signal, part.hours) for part in parts] + [("boost", max(paper.boost, 0))])
    return {"parts": parts, "bar": bar, "lines": plots.lines(told, timezone.now().date())}


@require_safe
def cite(request: HttpRequest, public_id: str) -> HttpResponse:
    """A paper's reference to copy, in three forms."""
    paper = _paper(public_id)
    forms = [
        ("BibTeX", citations.bibtex([paper])),
        ("RIS", citations.ris([paper]).replace("\r\n", "\n")),
        ("Plain text", citations.plain(paper)),
    ]
    return render(request, "catalogue/cite.html", {"paper": paper, "forms": forms})


@require_POST
@limited("vote")
def vote(request: HttpRequest, public_id: str) -> HttpResponse:
    """Casts the reader's vote, or takes it back where ``take_back`` is sent."""
    paper = _paper(public_id)
    if not request.user.is_authenticated:
        return redirect_to_login(paper.get_absolute_url())
    if "take_back" in request.POST:
        votes.take_back(paper, request.user)
    else:
        votes.cast(paper, request.user, address=get_adapter(request).get_client_ip(request))
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(paper)
    paper.refresh_from_db(fields=["vote_count"])
    context = {"paper": paper, "voted": votes.papers_voted_for(request.user, [paper]), "can_vote": True}
    if "on_page" in request.POST:
        context |= _place(paper) | {"on_page": True}
    return render(request, "_partials/voted.html", context)


@require_safe
def trending_how(request: HttpRequest) -> HttpResponse:
    """The formula with the numbers now in force, worked through for one paper."""
    weights = scoring.weights()
    example = trending.parts({"hf_upvotes": 120, "vote_count": 3}, weights)
    context = {
        "weights": [(trending.NAMES[name], hours) for name, hours in weights.items()],
        "example": [part for part in example if part.count],
        "counted_from_one_network": votes.COUNTED_FROM_ONE_NETWORK,
    }
    return render(request, "catalogue/trending_how.html", context)


@require_safe
def topic_list(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    weeks = topic_weeks.of_topics(now)
    topics = Topic.objects.offered().filter(is_catch_all=False).with_counts(now)
    return render(request, "catalogue/topic_list.html", {"topics": [(topic, weeks.get(topic.pk)) for topic in topics]})


@require_safe
@remembers_view
def topic_detail(request: HttpRequest, slug: str) -> HttpResponse:
    topic = get_object_or_404(Topic, slug=slug)
    context = {
        "topic": topic,
        "categories": topic.categories.all(),
        "page": _page(request, Paper.objects.trending().in_topic(topic)),
    }
    return _listing(request, "catalogue/topic_detail.html", context)


@require_safe
@remembers_view
def category_detail(request: HttpRequest, code: str) -> HttpResponse:
    category = get_object_or_404(Category, code=code)
    page = _page(request, Paper.objects.trending().in_category(category))
    return _listing(request, "catalogue/category_detail.html", {"category": category, "page": page})


@require_safe
@remembers_view
def author_detail(request: HttpRequest, pk: int) -> HttpResponse:
    author = get_object_or_404(Author, pk=pk)
    page = _page(request, Paper.objects.trending().by_author(author))
    context = {"author": author, "page": page, "co_authors": co_authors.of(author)}
    return _listing(request, "catalogue/author_detail.html", context)


def _busiest_topics(now: datetime) -> list[tuple[Topic, int]]:
    """The topics with most papers of the last seven days, and how many."""
    counts = dict(Topic.objects.week_counts(now))
    topics = sorted(Topic.objects.offered().filter(is_catch_all=False), key=lambda topic: -counts.get(topic.pk, 0))
    return [(topic, counts.get(topic.pk, 0)) for topic in topics[:SHOWN_TOPICS]]


def _paper(public_id: str) -> Paper:
    return get_object_or_404(Paper.objects.visible().for_cards().named(public_id))


def _page(request: HttpRequest, papers: PaperQuerySet) -> Page:
    """One page of cards."""
    return _numbered(request, Paginator(papers.for_cards(), PAGE_SIZE))


def _numbered(request: HttpRequest, paginator: Paginator) -> Page:
    """The page that is asked for. A number that is none, or past the end, is no page."""
    number = request.GET.get("page", "1")
    if not number.isascii() or not number.isdigit() or len(number) > 9 or not 1 <= int(number) <= paginator.num_pages:
        raise Http404("There is no such page.")
    return paginator.page(int(number))


def _listing(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    papers = list(context["page"].object_list)
    voted = votes.papers_voted_for(request.user, papers) if request.user.is_authenticated else set()
    saved = reading_list.papers_saved_by(request.user, papers) if request.user.is_authenticated else set()
    more = {"papers": papers, "voted": voted, "saved": saved, "is_detailed": is_detailed(request)}
    return render(request, template, {"today": timezone.now().date()} | context | more)
