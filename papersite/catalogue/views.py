"""The catalogue's pages."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from papersite.catalogue import co_authors, issues, lists, own_parts, reading_list, repositories, rows, trending, votes
from papersite.catalogue.calendar import day_bounds, last_announcement
from papersite.catalogue.citing import citations
from papersite.catalogue.heat import ranking, scoring
from papersite.catalogue.models import Author, Category, FormerSlug, Paper, Tally, Topic
from papersite.catalogue.search import results
from papersite.catalogue.topics import weeks
from papersite.web import page_store
from papersite.web.limits import limited
from papersite.web.missing import Missing
from papersite.web.shared_pages import shared
from papersite.web.sheets import on_a_sheet
from papersite.web.viewing import is_detailed, remembers_view

SHOWN_TOPICS = 12
# A day with fewer papers goes on with the days before it, so many at most.
THIN_DAY = 10
DAYS_BEFORE = 10
DAYS_AFTER = 10


@shared("after", "page", "view")
@on_a_sheet
@require_safe
@remembers_view
def home(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    issue = _issue(now.date())
    page = lists.of_heat(Paper.objects.visible(), _part(request), beside={pk for pk, _ in issue.picks})
    beside = {paper.pk: paper for paper in page.beside}
    context = {
        "topics": page_store.parts.get(
            "topic line", settings.PAGES_FRESH_SECONDS, lambda: _busiest_topics(timezone.now())
        ),
        "page": page,
        "intro": issue.intro,
        "picks": [(beside[pk], note) for pk, note in issue.picks if pk in beside],
    }
    return _listing(request, "catalogue/home.html", context)


@shared("after", "page", "view")
@on_a_sheet
@require_safe
@remembers_view
def day(request: HttpRequest, day: date) -> HttpResponse:
    """A day's issue: what curators say and pick, then its papers. An empty day leads to the nearest with papers.

    A thin day is not the end of the page: the days before follow under their own headings.
    """
    if day > timezone.now().date():
        raise _beyond_the_ends(*Tally.objects.nearest(day))
    days = Tally.objects.days(day - timedelta(days=DAYS_BEFORE), day + timedelta(days=DAYS_AFTER))
    issue = _issue(day)
    if day not in days and not issue:
        return redirect("catalogue:day", _nearest(day))
    picks = [pk for pk, _ in issue.picks]
    earlier = _days_before(day, days) if "after" not in request.GET else []
    papers = Paper.objects.visible().announced_on(day)
    page = lists.of_heat(
        papers.exclude(pk__in=picks) if picks else papers,
        _part(request),
        count=days.get(day, 0),
        beside={*picks, *(pk for _, pks in earlier for pk in pks)},
    )
    beside = {paper.pk: paper for paper in page.beside}
    context = _day(day, days) | {
        "page": page,
        "intro": issue.intro,
        "picks": [(beside[pk], note) for pk, note in issue.picks if pk in beside] if page.is_first else [],
        "earlier": [(found, [beside[pk] for pk in pks if pk in beside]) for found, pks in earlier],
    }
    return _listing(request, "catalogue/period.html", context)


@shared("after", "page", "view")
@on_a_sheet
@require_safe
@remembers_view
def week(request: HttpRequest, day: date) -> HttpResponse:
    after = day + timedelta(days=7)
    return _ranked(request, _period(day, after, "week", before=day - timedelta(days=7)), after)


@shared("after", "page", "view")
@on_a_sheet
@require_safe
@remembers_view
def month(request: HttpRequest, day: date) -> HttpResponse:
    after = (day + timedelta(days=31)).replace(day=1)
    return _ranked(request, _period(day, after, "month", before=(day - timedelta(days=1)).replace(day=1)), after)


def _ranked(request: HttpRequest, period: dict[str, Any], after: date) -> HttpResponse:
    """The papers of a time by what they earned in it."""
    page = ranking.Ranking(period["first"], after, period["count"]).page(_part(request))
    return _listing(request, "catalogue/period.html", period | {"page": page})


@require_safe
def no_such_time(request: HttpRequest, **written: str) -> HttpResponse:
    raise Missing("There is no such day in any calendar.", ((reverse("digest:archive"), "To the days there are"),))


def _day(day: date, days: dict[date, int]) -> dict[str, Any]:
    """What a day's page says of where it stands: the days with papers before and after it."""
    before = max((one for one in days if one < day), default=None)
    after = min((one for one in days if one > day), default=None)
    today = timezone.now().date()
    if before is None or (after is None and day + timedelta(days=DAYS_AFTER) <= today):
        # The next ones may be further off than was looked.
        first, last = Tally.objects.nearest(day)
        before, after = before or first, after or last
    return {
        "kind": "day",
        "first": day,
        "last": day,
        "before": before,
        "after": after if after is not None and after <= today else None,
    }


def _nearest(day: date) -> date:
    """The day with papers that is nearest to one without; raises Missing beyond the catalogue's ends."""
    before, after = Tally.objects.nearest(day)
    if before is None:
        raise _beyond_the_ends(before, after)
    is_before = after is None or after > timezone.now().date() or day - before <= after - day
    return before if is_before or after is None else after


def _beyond_the_ends(before: date | None, after: date | None) -> Missing:
    nearest = before or after
    if nearest is None:
        return Missing("The catalogue has no papers yet.")
    address = reverse("catalogue:day", args=[nearest])
    return Missing(
        "The catalogue has no papers of that time.",
        ((address, f"To {nearest.day} {nearest:%B %Y}, the nearest day with papers"),),
    )


def _period(first: date, after: date, kind: str, *, before: date) -> dict[str, Any]:
    """The time from ``first`` until before ``after``, with its neighbours; Missing beyond the catalogue's ends."""
    today = timezone.now().date()
    begins, count = Tally.objects.span(first, after)
    if first > today or after <= (begins or today):
        raise _beyond_the_ends(*Tally.objects.nearest(first))
    return {
        "kind": kind,
        "first": first,
        "count": count,
        "last": after - timedelta(days=1),
        "before": before if begins and first > begins else None,
        "after": after if after <= today else None,
    }


def _days_before(day: date, days: dict[date, int]) -> list[tuple[date, list[int]]]:
    """Earlier days with their hottest papers, by number, as many as fill a thin day's page."""
    wanted = THIN_DAY - days.get(day, 0)
    if wanted <= 0:
        return []
    chosen: list[date] = []
    for found in sorted((one for one in days if one < day), reverse=True):
        if wanted > 0:
            chosen.append(found)
            wanted -= days[found]
    if not chosen:
        return []
    papers = Paper.objects.trending().announced_between(day_bounds(chosen[-1])[0], day_bounds(day)[0])
    by_day: dict[date, list[int]] = {found: [] for found in chosen}
    for pk, moment in papers.values_list("pk", "announced_at")[: lists.SIZE]:
        by_day[moment.astimezone(UTC).date()].append(pk)
    return list(by_day.items())


@shared()
@on_a_sheet
@require_safe
def paper_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    papers: Any = repositories.with_state(Paper.objects.visible().for_cards().named(public_id))
    if request.user.is_authenticated:
        papers = reading_list.with_marks(papers, request.user)
    paper = get_object_or_404(papers)
    if paper.public_id != public_id:
        return redirect(paper, permanent=True)
    context = {
        "paper": paper,
        "versions": [(number, datetime.fromisoformat(moment)) for number, moment in paper.versions],
        "repository": repositories.state_of(paper),
        "similar": results.similar_papers(paper),
        "voted": {paper.pk} if getattr(paper, "is_voted", False) else (),
        "saved": {paper.pk} if getattr(paper, "is_saved", False) else (),
    }
    return render(request, "catalogue/paper_detail.html", context)


@shared()
@on_a_sheet
@require_safe
def cite(request: HttpRequest, public_id: str) -> HttpResponse:
    """A paper's reference to copy, in three forms."""
    paper = _paper(public_id)
    forms = [
        ("BibTeX", citations.bibtex([paper])),
        ("RIS", citations.ris([paper]).replace("\r\n", "\n")),
        ("Plain text", citations.plain(paper)),
    ]
    address = paper.get_absolute_url().rstrip("/")
    return render(request, "catalogue/cite.html", {"paper": paper, "forms": forms, "address": address})


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
        context |= own_parts.place_of(paper) | {"on_page": True}
    return render(request, "_partials/voted.html", context)


@shared()
@on_a_sheet
@require_safe
def trending_how(request: HttpRequest) -> HttpResponse:
    """The formula with the numbers now in force, worked through for one paper."""
    weights = scoring.weights()
    example = trending.parts({"hf_upvotes": 120, "vote_count": 3}, weights)
    context = {
        "weights": [(trending.NAMES[name], hours) for name, hours in weights.items() if name != trending.PROMISE],
        "promise": weights[trending.PROMISE] if settings.PROMISE else 0,
        "most_promise": trending.MOST_PROMISE,
        "promise_halved_by": trending.FADES * weights[trending.PROMISE],
        "example": [part for part in example if part.count],
        "counted_from_one_network": votes.COUNTED_FROM_ONE_NETWORK,
    }
    return render(request, "catalogue/trending_how.html", context)


@shared()
@on_a_sheet
@require_safe
def topic_list(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    brought = weeks.of_topics(now)
    topics = Topic.objects.offered().filter(is_catch_all=False).with_counts(now)
    return render(
        request, "catalogue/topic_list.html", {"topics": [(topic, brought.get(topic.pk)) for topic in topics]}
    )


@shared("after", "page", "time", "view")
@on_a_sheet
@require_safe
@remembers_view
def topic_detail(request: HttpRequest, slug: str) -> HttpResponse:
    topic: Any = Topic.objects.with_counts(timezone.now()).filter(slug=slug).first()
    if topic is None:
        return redirect(get_object_or_404(FormerSlug, slug=slug).topic, permanent=True)
    context = {
        "topic": topic,
        "categories": topic.categories.all(),
        "page": lists.of_topic(topic, _part(request, _since(request)), topic.paper_count),
    }
    return _listing(request, "catalogue/topic_detail.html", context)


@shared("after", "page", "time", "view")
@on_a_sheet
@require_safe
@remembers_view
def category_detail(request: HttpRequest, code: str) -> HttpResponse:
    if (category := Category.spelt(code)) is None:
        raise Http404("There is no such category.")
    if category.code != code:
        return redirect(category, permanent=True)
    count = Tally.objects.ever(Tally.Kind.CATEGORY, category.pk)
    page = lists.of_category(category, _part(request, _since(request)), count)
    return _listing(request, "catalogue/category_detail.html", {"category": category, "page": page})


@shared("after", "page", "time", "view")
@on_a_sheet
@require_safe
@remembers_view
def author_detail(request: HttpRequest, pk: int) -> HttpResponse:
    shown = Q(authorships__paper__is_hidden=False)
    author: Any = get_object_or_404(Author.objects.annotate(paper_count=Count("authorships", filter=shown)), pk=pk)
    page = lists.of_author(author, _part(request, _since(request)), author.paper_count)
    context = {"author": author, "page": page, "co_authors": co_authors.of(author)}
    return _listing(request, "catalogue/author_detail.html", context)


def _issue(day: date) -> issues.Issue:
    return page_store.parts.get(f"issue of {day}", settings.PAGES_FRESH_SECONDS, lambda: issues.of(day))


def _busiest_topics(now: datetime) -> list[tuple[Topic, int]]:
    """The topics with most papers of the last seven days, and how many."""
    topics = Topic.objects.offered().filter(is_catch_all=False)
    counts = topics.week_counts(now)
    return sorted(((topic, counts.get(topic.pk, 0)) for topic in topics), key=lambda pair: -pair[1])[:SHOWN_TOPICS]


def _paper(public_id: str) -> Paper:
    return get_object_or_404(Paper.objects.visible().for_cards().named(public_id))


def _part(request: HttpRequest, since: datetime | None = None) -> lists.Part:
    """The part of a list that is asked for. Lists had numbered pages once: those are no page any more."""
    if request.GET.get("page", "1") != "1":
        raise lists.NoSuchPage
    return lists.Part(request.GET.get("after", ""), since=since)


def _since(request: HttpRequest) -> datetime | None:
    """The first moment of the time that a list is narrowed to. "today" is arXiv's newest day: it has days of rest."""
    now = timezone.now()
    match request.GET.get("time"):
        case "today":
            return day_bounds(last_announcement(now).date())[0]
        case "week":
            return day_bounds(now.date() - timedelta(days=6))[0]
        case "month":
            return day_bounds(now.date() - timedelta(days=29))[0]
    return None


def _listing(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    papers = context["page"].papers
    author = context.get("author")
    beside = context["page"].beside
    marks = rows.complete([*papers, *beside], request.user, author=author.pk if author else None)
    more = {"papers": papers, "voted": marks.voted, "saved": marks.saved, "is_detailed": is_detailed(request)}
    return render(request, template, {"today": timezone.now().date()} | context | more)
