"""What programs for Hugging Face's daily papers ask for: they work by changing the host (``HF_ENDPOINT``).

No slash at the end, ``Authorization`` ignored, unknown parameters ignored, pages past the end empty.
"""

import json
import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from papersite.api import huggingface_errors
from papersite.catalogue import rows
from papersite.catalogue.api import huggingface_shape as shape
from papersite.catalogue.api.shapes import authors_of
from papersite.catalogue.calendar import day_bounds
from papersite.catalogue.converters import AnyPaperIdConverter
from papersite.catalogue.models import Paper
from papersite.catalogue.models.papers import PaperQuerySet
from papersite.catalogue.search import results
from papersite.catalogue.search.folder import Unavailable
from papersite.web.shared_pages import shared

SIZE, MOST = 50, 100
FOUND, MOST_FOUND = 20, 120
LONGEST_SEARCH = 250
# Nobody reads further, and each page by number costs more than the one before.
DEEPEST = 50_000
ORDERS = {"publishedAt": ("-announced_at", "-pk"), "trending": ("-heat", "-pk")}
_ID = re.compile(AnyPaperIdConverter.regex)


class Wrong(Exception):
    """A parameter that is none: answered with 400."""


View = Callable[..., HttpResponse]


def _told(view: View) -> View:
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Wrong as error:
            return huggingface_errors.answer(400, str(error))

    return answer


@shared("date", "week", "month", "p", "limit", "sort", "submitter")
@csrf_exempt
@require_safe
@_told
def daily_papers(request: HttpRequest) -> HttpResponse:
    """The papers of a day, a week or a month, or the newest of all."""
    asked = request.GET
    order = ORDERS.get(asked.get("sort", "publishedAt"))
    if order is None:
        raise Wrong("sort is publishedAt or trending")
    size = min(_number(asked.get("limit"), SIZE, "limit", least=1), MOST)
    first = _number(asked.get("p"), 0, "p", least=0) * size
    # Papers come here from sources, and from nobody's account.
    if asked.get("submitter") or first >= DEEPEST:
        return _json([])
    found = rows.bare(_listed(asked.get("date"), asked.get("week"), asked.get("month"))).order_by(*order)
    return _json(_entries(list(found[first : first + size])))


@shared("q", "limit")
@csrf_exempt
@require_safe
@_told
def search(request: HttpRequest) -> HttpResponse:
    """Papers by the site's own search; without words the hottest."""
    text = request.GET.get("q", "")
    if len(text) > LONGEST_SEARCH:
        raise Wrong(f"q has at most {LONGEST_SEARCH} characters")
    size = min(_number(request.GET.get("limit"), FOUND, "limit", least=1), MOST_FOUND)
    try:
        papers = results.search(text, timezone.now(), size=size, for_programs=True).papers
    except Unavailable:
        return huggingface_errors.answer(503, "The search index is being built.", headers={"Retry-After": "60"})
    return _json(_entries(papers))


@shared()
@csrf_exempt
@require_safe
def paper(request: HttpRequest, name: str) -> HttpResponse:
    """One paper, flat: by arXiv's id, with or without version, or by ``p`` and its number."""
    found = _named(name) if _ID.fullmatch(name) else None
    if found is None:
        return huggingface_errors.answer(404, "Paper not found")
    return _json(shape.flat(found, _names([found])[0]) | {"numComments": found.hf_comments or 0})


@shared()
@require_safe
def as_markdown(request: HttpRequest, public_id: str) -> HttpResponse:
    """``/papers/<id>.md``."""
    found = _named(public_id)
    if found is None:
        return huggingface_errors.answer(404, "Paper not found")
    return HttpResponse(shape.markdown(found, _names([found])[0]), content_type="text/markdown; charset=utf-8")


@csrf_exempt
def nothing_here(request: HttpRequest, rest: str) -> HttpResponse:
    return huggingface_errors.answer(404, "Not found")


def _entries(papers: Sequence[Paper]) -> list[shape.Shape]:
    return [shape.entry(paper, names) for paper, names in zip(papers, _names(papers), strict=True)]


def _names(papers: Sequence[Paper]) -> list[list[str]]:
    """Of the authors of each."""
    authors = authors_of([paper.pk for paper in papers])
    return [[author.name for author in authors[paper.pk]] for paper in papers]


def _named(name: str) -> Paper | None:
    return rows.bare(Paper.objects.visible().named(AnyPaperIdConverter().to_python(name))).first()


def _listed(day: str | None, week: str | None, month: str | None) -> PaperQuerySet:
    """Raises Wrong where what is asked for is in no calendar."""
    papers = Paper.objects.visible()
    try:
        if day:
            first = date.fromisoformat(_like(day, r"(?:19|20)\d\d-\d\d-\d\d"))
            return papers.announced_on(first)
        if week:
            written = _like(week, r"(?:19|20)\d\d-W\d\d")
            first = date.fromisocalendar(int(written[:4]), int(written[6:]), 1)
            return papers.announced_between(day_bounds(first)[0], day_bounds(first + timedelta(days=7))[0])
        if month:
            first = date.fromisoformat(f"{_like(month, r'(?:19|20)\d\d-\d\d')}-01")
            after = (first + timedelta(days=31)).replace(day=1)
            return papers.announced_between(day_bounds(first)[0], day_bounds(after)[0])
    except ValueError:
        raise Wrong("date is like 2026-07-01, week like 2026-W27, month like 2026-07") from None
    return papers.filter(announced_at__lte=timezone.now())


def _like(written: str, form: str) -> str:
    if not re.fullmatch(form, written, re.ASCII):
        raise ValueError(written)
    return written


def _number(written: str | None, default: int, name: str, *, least: int) -> int:
    if written is None or written == "":
        return default
    if not re.fullmatch(r"[0-9]{1,9}", written) or int(written) < least:
        raise Wrong(f"{name} is a number, {least} or more")
    return int(written)


def _json(told: Any) -> HttpResponse:
    return HttpResponse(json.dumps(told, ensure_ascii=False), content_type="application/json; charset=utf-8")
