"""Papers and lists as files for reference managers, open to everybody."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from papersite.catalogue import citations
from papersite.catalogue.calendar import day_bounds
from papersite.catalogue.models import Author, Category, Paper, Topic
from papersite.catalogue.models.papers import PaperQuerySet

Written = Callable[[Iterable[Paper]], Iterator[str]]
FORMATS: dict[str, tuple[str, Written]] = {
    "bib": ("application/x-bibtex; charset=utf-8", citations.bibtex_entries),
    "ris": ("application/x-research-info-systems; charset=utf-8", citations.ris_records),
    "json": ("application/vnd.citationstyles.csl+json", citations.csl),
}
# So many papers are in memory at once.
CHUNK = 500


@require_safe
def paper(request: HttpRequest, public_id: str, kind: str) -> HttpResponse:
    found = get_object_or_404(Paper.objects.visible().for_cards().named(public_id))
    content_type, written = FORMATS[kind]
    answer = HttpResponse("".join(written([found])), content_type=content_type)
    return _told(answer, public_id.replace("/", "-"), kind)


@require_safe
def day(request: HttpRequest, day: date, kind: str) -> HttpResponseBase:
    return _listed(request, Paper.objects.announced_on(day), f"{day}", kind)


@require_safe
def week(request: HttpRequest, day: date, kind: str) -> HttpResponseBase:
    return _listed(request, _between(day, day + timedelta(days=7)), f"{day:%G-W%V}", kind)


@require_safe
def month(request: HttpRequest, day: date, kind: str) -> HttpResponseBase:
    after = (day + timedelta(days=31)).replace(day=1)
    return _listed(request, _between(day, after), f"{day:%Y-%m}", kind)


@require_safe
def topic(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    return _listed(request, Paper.objects.all().in_topic(get_object_or_404(Topic, slug=slug)), slug, kind)


@require_safe
def category(request: HttpRequest, code: str, kind: str) -> HttpResponseBase:
    found = get_object_or_404(Category, code=code)
    return _listed(request, Paper.objects.all().in_category(found), code, kind)


@require_safe
def author(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    found = get_object_or_404(Author, pk=pk)
    return _listed(request, Paper.objects.all().by_author(found), f"author-{pk}", kind)


def _between(first: date, after: date) -> PaperQuerySet:
    return Paper.objects.all().announced_between(day_bounds(first)[0], day_bounds(after)[0])


def _listed(request: HttpRequest, papers: PaperQuerySet, name: str, kind: str) -> HttpResponseBase:
    """In the order of their numbers, so that keys stay; written while it is read."""
    content_type, written = FORMATS[kind]
    rows = papers.visible().for_cards().order_by("pk").iterator(chunk_size=CHUNK)
    pieces: Iterable[str] = () if request.method == "HEAD" else written(rows)
    return _told(StreamingHttpResponse(pieces, content_type=content_type), name, kind)


def _told[Answer: HttpResponseBase](answer: Answer, name: str, kind: str) -> Answer:
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    answer["X-Robots-Tag"] = "noindex"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
