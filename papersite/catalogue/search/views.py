"""The search page, its help, and what it suggests while somebody types."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from papersite.catalogue import rows
from papersite.catalogue.meaning import site
from papersite.catalogue.models import Category, Topic
from papersite.catalogue.search import counting, language, recognising, results, suggesting, typed
from papersite.catalogue.search.finding import NoSuchPage
from papersite.catalogue.search.folder import Unavailable
from papersite.web.limits import limited
from papersite.web.shared_pages import shared

EXAMPLES = (
    "retrieval-augmented generation",
    '"chain of thought" -multimodal',
    "diffusion has:code after:2026-01 sort:new",
    "author:hinton OR author:bengio",
)
NO_SUCH_PAGE = "There is no such page of these results; this is the first."


@shared("q", "after", "page", has_pieces=True)
@require_safe
@limited("search")
def search(request: HttpRequest) -> HttpResponse:
    """Results for ``q``; what names one paper goes straight to it. While somebody types, only the results."""
    text = _text(request)
    htmx = request.htmx  # type: ignore[attr-defined]
    # What htmx restores from its history is a whole page.
    is_being_typed = bool(htmx) and not htmx.history_restore_request
    if not is_being_typed and "after" not in request.GET and (paper := recognising.paper(text)):
        return redirect(paper)
    template = "catalogue/search.html#results" if is_being_typed else "catalogue/search.html"
    context: dict[str, Any] = {"q": text, "examples": EXAMPLES}
    try:
        context |= _found(request, text, is_being_typed=is_being_typed) if text.strip() else {}
    except Unavailable:
        context["is_unavailable"] = True
        # htmx shows no answer that is an error.
        rests = render(request, template, context, status=200 if is_being_typed else 503)
        rests.headers["Cache-Control"] = "no-store"
        return rests
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _found(request: HttpRequest, text: str, *, is_being_typed: bool) -> dict[str, Any]:
    now = timezone.now()
    after, problem = request.GET.get("after", ""), ""
    if request.GET.get("page", "1") != "1":
        problem = NO_SUCH_PAGE
    try:
        found = results.search(text, now, after=after, is_being_typed=is_being_typed, as_rows=True)
        if after and not found.page.paper_ids:
            raise NoSuchPage
    except NoSuchPage:
        found, after, problem = results.search(text, now, as_rows=True), "", NO_SUCH_PAGE
    asked = found.mended or text
    marks = rows.complete(found.papers, request.user)
    filters = _filters(found, asked, counting.counts(found.query.node, now.date())) if found.page.total else []
    return {
        "found": found,
        "is_first_page": not after,
        "problem": problem,
        "voted": marks.voted,
        "saved": marks.saved,
        "sorts": [Choice(name, _address(_sorted_by(asked, name)), is_on=found.sort == name) for name in language.SORTS],
        "filters": filters,
        "is_narrowed": any(choice.is_on for _, choices in filters for choice in choices),
        "next": f"{_address(asked)}&{urlencode({'after': found.page.after})}" if found.page.after else "",
        "feed": f"{reverse('catalogue:search_feed')}?{urlencode({'q': asked})}",
        "files": {kind: f"/search.{kind}?{urlencode({'q': asked})}" for kind in ("bib", "ris")},
        "asked": asked,
        "suggestions": suggesting.suggestions(asked) if not after else None,
    }


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that changes the search."""

    name: str
    address: str
    count: int | None = None
    is_on: bool = False


def _filters(found: results.Results, text: str, counts: counting.Counts) -> list[tuple[str, list[Choice]]]:
    """What narrows a search, each with how many papers are left; and what is narrowed already, to widen it again."""
    names, codes = _names()
    topics = [(f"topic:{slug}", names.get(slug, slug), count) for slug, count in counts.topics]
    categories = [(f"cat:{codes.get(code, code)}", codes.get(code, code), count) for code, count in counts.categories]
    times = [(f"after:{day}", name, count) for day, name, count in counts.since]
    groups = [
        ("Time", times),
        ("Topic", topics),
        ("Category", categories),
        ("Code", [("has:code", "with code", counts.with_code)]),
    ]
    return [(title, shown) for title, held in groups if (shown := _choices(text, held, found.page.total))]


def _names() -> tuple[dict[str, str], dict[str, str]]:
    """What topics are called, by slug, and how categories are written, by small letters; in one query."""
    topics = Topic.objects.order_by().values_list(Value("topic"), "slug", "name")
    categories = Category.objects.order_by().values_list(Value("category"), "code", "code")
    found = list(topics.union(categories, all=True).order_by())
    return (
        {slug: name for kind, slug, name in found if kind == "topic"},
        {code.lower(): code for kind, code, _ in found if kind == "category"},
    )


def _choices(text: str, rows: list[tuple[str, str, int]], total: int) -> list[Choice]:
    terms = set(text.lower().split())
    return [
        Choice(name, _address(typed.without(text, term)), is_on=True)
        if term.lower() in terms
        else Choice(name, _address(language.narrowed(text, term)), count)
        for term, name, count in rows
        if term.lower() in terms or 0 < count < total
    ]


def _sorted_by(text: str, name: str) -> str:
    plain = typed.without_sort(text)
    return f"{plain}{'"' if plain.count('"') % 2 else ''} sort:{name}"


def _address(text: str) -> str:
    return f"{reverse('catalogue:search')}?{urlencode({'q': text})}"


@shared("q", has_pieces=True)
@require_safe
@limited("suggest")
def suggest(request: HttpRequest) -> HttpResponse:
    """Topics, authors and titles for what is typed so far: a fragment for the box's list."""
    try:
        found = suggesting.suggestions(_text(request)[:200])
    except Unavailable:
        found = suggesting.Suggestions()
    return render(request, "catalogue/_suggestions.html", {"found": found, "q": _text(request)})


@shared()
@require_safe
def search_help(request: HttpRequest) -> HttpResponse:
    has_model = site.in_search() is not None
    return render(request, "catalogue/search_help.html", {"examples": EXAMPLES, "has_model": has_model})


def _text(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\x00", " ")[: language.MAX_LENGTH * 6]
