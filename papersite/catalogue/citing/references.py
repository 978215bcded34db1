"""Papers and lists as files for reference managers, open to everybody."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, timedelta
from itertools import batched

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from papersite.catalogue import revisions
from papersite.catalogue.calendar import day_bounds
from papersite.catalogue.citing import citations
from papersite.catalogue.converters import month_of
from papersite.catalogue.models import Author, Category, Paper, Tally, Topic
from papersite.catalogue.models.papers import PaperQuerySet
from papersite.catalogue.reading.readable import READER
from papersite.catalogue.search import language, results
from papersite.catalogue.search.folder import Unavailable
from papersite.syndication.feeds import unless_known
from papersite.web import streams
from papersite.web.etags import is_known
from papersite.web.limits import limited

Written = Callable[[Iterable[Paper]], Iterator[str]]
FORMATS: dict[str, tuple[str, Written]] = {
    "bib": ("application/x-bibtex; charset=utf-8", citations.bibtex_entries),
    "ris": ("application/x-research-info-systems; charset=utf-8", citations.ris_records),
    "json": ("application/vnd.citationstyles.csl+json", citations.csl),
}
# So many papers are in memory at once.
CHUNK = 500
# Of the front page, which has no end, and of a search that finds half the catalogue.
HOTTEST = 1000
MOST_FOUND = 100_000
PAGE = 2000


@require_safe
def paper(request: HttpRequest, public_id: str, kind: str) -> HttpResponse:
    found = get_object_or_404(Paper.objects.visible().for_cards().named(public_id))
    content_type, written = FORMATS[kind]
    answer = unless_known(request, "".join(written([found])).encode(), content_type)
    return _told(answer, public_id.replace("/", "-"), kind)


@require_safe
def trending(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The hottest papers, which the front page begins with."""
    hottest = sorted(Paper.objects.trending().values_list("pk", flat=True)[:HOTTEST])
    # Votes move heat and are no change to a paper: which ones these are is a part of the list's state.
    return _listed(request, Paper.objects.filter(pk__in=hottest), "trending", kind, which=f"{hottest}")


@require_safe
def archive(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The month that the archive's page shows: the one that is asked for, or the newest with papers."""
    written = request.GET.get("month", "")
    found = month_of(written) if written else _newest_month()
    if found is None:
        raise Http404("There is no such month.")
    return month(request, found, kind)


@require_safe
@limited("search")
def search(request: HttpRequest, kind: str) -> HttpResponseBase:
    """All that a search finds, the newest of it where that is very much."""
    text = request.GET.get("q", "").replace("\x00", " ")[: language.MAX_LENGTH]
    if not text.strip():
        raise Http404("Nothing is searched for.")
    state = _state(request, f"search {text}", kind)
    if (known := _if_known(request, state)) is not None:
        return _told(known, "search", kind, state)
    try:
        numbers = _found(text)
    except Unavailable:
        headers = {"Retry-After": "60", "Cache-Control": "no-store"}
        return HttpResponse("The search index is being built.", status=503, content_type="text/plain", headers=headers)
    papers = (paper for some in batched(sorted(numbers), CHUNK) for paper in _in_order(some))
    return _streamed(request, papers, "search", kind, state)


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
    if (found := Category.spelt(code)) is None:
        raise Http404("There is no such category.")
    if found.code != code:
        return redirect("catalogue:category_references", found.code, kind, permanent=True)
    return _listed(request, Paper.objects.all().in_category(found), code, kind)


@require_safe
def author(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    found = get_object_or_404(Author, pk=pk)
    return _listed(request, Paper.objects.all().by_author(found), f"author-{pk}", kind)


def _between(first: date, after: date) -> PaperQuerySet:
    return Paper.objects.all().announced_between(day_bounds(first)[0], day_bounds(after)[0])


def _newest_month() -> date | None:
    before, _ = Tally.objects.nearest(timezone.now().astimezone(UTC).date() + timedelta(days=1))
    return before.replace(day=1) if before else None


def _found(text: str) -> list[int]:
    """The numbers of what a search finds, read page by page."""
    numbers: list[int] = []
    after, now = "", timezone.now()
    while len(numbers) < MOST_FOUND:
        page = results.newest(text, now, after=after, size=PAGE)
        numbers += page.paper_ids
        after = page.after
        if not after:
            break
    return numbers


def _in_order(numbers: Iterable[int]) -> list[Paper]:
    return list(Paper.objects.visible().for_cards().filter(pk__in=list(numbers)).order_by("pk"))


def _listed(request: HttpRequest, papers: PaperQuerySet, name: str, kind: str, *, which: str = "") -> HttpResponseBase:
    """In the order of their numbers, so that keys stay; written while it is read."""
    state = _state(request, f"{name}{which}", kind)
    if (known := _if_known(request, state)) is not None:
        return _told(known, name, kind, state)
    rows = papers.visible().for_cards().order_by("pk").iterator(chunk_size=CHUNK)
    return _streamed(request, rows, name, kind, state)


def _streamed(request: HttpRequest, papers: Iterable[Paper], name: str, kind: str, state: str) -> StreamingHttpResponse:
    content_type, written = FORMATS[kind]
    return _told(streams.stream(request, written(papers), content_type), name, kind, state)


def _state(request: HttpRequest, name: str, kind: str) -> str:
    """What a list's ETag says: the same as long as no paper at all was changed. Packed it is another one.

    "" while something changed so lately that it has no number yet.
    """
    number = revisions.settled()
    if number is None:
        return ""
    told = f"{name}:{kind}:{number}:{READER}:{settings.SITE_URL}"
    digest = hashlib.sha256(told.encode()).hexdigest()[:32]
    return quote_etag(f"{digest}-gzip" if streams.is_packed(request) else digest)


def _if_known(request: HttpRequest, state: str) -> HttpResponse | None:
    return streams.varying(HttpResponseNotModified()) if state and is_known(request, state) else None


def _told[Answer: HttpResponseBase](answer: Answer, name: str, kind: str, state: str = "") -> Answer:
    if answer.status_code == 200:
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    if state:
        answer.headers["ETag"] = state
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer
