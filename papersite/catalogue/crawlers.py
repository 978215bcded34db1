"""What crawlers and browsers ask every site for: where they may go, what there is, how it is searched."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import batched
from pathlib import Path

from django.conf import settings
from django.db.models import Max, TextField
from django.db.models.functions import Cast, Substr
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.views.decorators.http import require_safe

from papersite import links
from papersite.catalogue import months
from papersite.catalogue.calendar import day_bounds
from papersite.catalogue.converters import CategoryConverter
from papersite.catalogue.models import Category, Paper, Tally, Topic
from papersite.web import streams
from papersite.web.shared_pages import shared

# A sitemap holds at most 50,000 addresses (sitemaps.org/protocol.html).
PART = 45_000
CHUNK = 2000
AT_ONCE = 500
XML = "application/xml; charset=utf-8"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"
# Of one reader, of staff, or without end.
CLOSED = ("/accounts/", "/admin/", "/copy/", "/d/", "/metrics/", "/outbox/", "/saved/", "/search/", "/subscription/")
EVER = (date(1900, 1, 1), date(2101, 1, 1))
# RFC 9116, 2.5.5 wants less than a year.
GOOD_FOR = timedelta(days=180)


@shared()
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """RFC 9309."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in CLOSED),
        "",
        f"Sitemap: {links.absolute('/sitemap.xml')}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@shared()
@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The sitemaps, one or more a month of papers, read from the tallies in two queries."""
    counts: dict[date, int] = {}
    newest: dict[date, datetime] = {}
    for day, count in Tally.objects.days(*EVER).items():
        month = day.replace(day=1)
        counts[month] = counts.get(month, 0) + count
        newest[month] = day_bounds(day)[0]
    for month, moment in _revised().items():
        if month in newest:
            newest[month] = max(newest[month], moment)
    pages = [(reverse("catalogue:sitemap_site"), max(newest.values(), default=None))]
    pages += [
        (reverse("catalogue:sitemap", args=[month, part]), newest[month])
        for month, count in sorted(counts.items(), reverse=True)
        for part in range(1, -(-count // PART) + 1)
    ]
    rows = "".join(_row("sitemap", *page) for page in pages)
    return HttpResponse(f'{HEAD}<sitemapindex xmlns="{SCHEMA}">\n{rows}</sitemapindex>\n', content_type=XML)


def _revised() -> dict[date, datetime]:
    """When papers of a month last changed, by its first day; read off the index ``paper_revised``."""
    # As text the moment begins with its month on either database, in UTC.
    month = Substr(Cast("announced_at", TextField()), 1, 7)
    rows = Paper.objects.filter(revised_at__isnull=False).annotate(month=month).order_by().values_list("month")
    return {date.fromisoformat(f"{name}-01"): moment for name, moment in rows.annotate(Max("revised_at"))}


@require_safe
def sitemap_site(request: HttpRequest) -> StreamingHttpResponse:
    """Everything but papers: what there is always, topics, categories, days."""
    return _streamed(request, _site())


@require_safe
def sitemap(request: HttpRequest, month: date, part: int) -> StreamingHttpResponse:
    """A month's papers, so many at most, written while they are read."""
    after = months.after(month)
    _, count = Tally.objects.span(month, after)
    if not 1 <= part <= -(-count // PART):
        raise Http404("There is no such sitemap.")
    inside = Paper.objects.visible().announced_between(day_bounds(month)[0], day_bounds(after)[0])
    chosen = inside.order_by("announced_at", "pk")[(part - 1) * PART : part * PART]
    papers = chosen.only("arxiv_id", "announced_at", "revised_at").iterator(chunk_size=CHUNK)
    base = escape(links.absolute("/papers/"))
    rows = (f"<url><loc>{base}{escape(paper.public_id)}/</loc>{_moment(paper.changed_at)}</url>\n" for paper in papers)
    return _streamed(request, rows)


def _site() -> Iterator[str]:
    for name in ("home", "topic_list", "trending_how", "search_help"):
        yield _row("url", reverse(f"catalogue:{name}"))
    for topic in Topic.objects.order_by("slug").iterator():
        yield _row("url", topic.get_absolute_url())
    for code in Category.objects.order_by("code").values_list("code", flat=True).iterator():
        # Some file may have named one that has no address.
        if re.fullmatch(CategoryConverter.regex, code):
            yield _row("url", f"/categories/{code}/")
    for day in reversed(Tally.objects.days(*EVER)):
        yield _row("url", f"/papers/{day}/", day_bounds(day)[0])


def _row(kind: str, path: str, changed_at: datetime | None = None) -> str:
    moment = _moment(changed_at) if changed_at else ""
    return f"<{kind}><loc>{escape(links.absolute(path))}</loc>{moment}</{kind}>\n"


def _moment(moment: datetime) -> str:
    return f"<lastmod>{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z</lastmod>"


def _streamed(request: HttpRequest, rows: Iterable[str]) -> StreamingHttpResponse:
    def written() -> Iterator[str]:
        yield f'{HEAD}<urlset xmlns="{SCHEMA}">\n'
        # Each piece is a journey through the server and its threads.
        for some in batched(rows, AT_ONCE):
            yield "".join(some)
        yield "</urlset>\n"

    response = streams.stream(request, written(), XML)
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@shared()
@require_safe
def opensearch(request: HttpRequest) -> HttpResponse:
    """How browsers search the site from their address bar (OpenSearch 1.1, draft 6)."""
    name, find = escape(settings.SITE_NAME), escape(links.absolute("/search/?q="))
    feed, icon = escape(links.absolute("/search/feed/?q=")), escape(links.absolute("/favicon.ico"))
    return HttpResponse(
        f'{HEAD}<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
        f"<ShortName>{escape(settings.SITE_NAME[:16])}</ShortName>\n"
        f"<Description>Research papers on {name}</Description>\n"
        f'<Url type="text/html" template="{find}{{searchTerms}}"/>\n'
        f'<Url type="application/atom+xml" template="{feed}{{searchTerms}}"/>\n'
        f'<Image width="32" height="32" type="image/x-icon">{icon}</Image>\n'
        "<InputEncoding>UTF-8</InputEncoding>\n</OpenSearchDescription>\n",
        content_type="application/opensearchdescription+xml; charset=utf-8",
    )


@shared()
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a device needs to keep the site beside its applications (W3C, Web Application Manifest)."""
    icons = [{"src": static("img/icon.svg"), "sizes": "any", "type": "image/svg+xml"}]
    icons += [
        {"src": static(f"img/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"} for size in (192, 512)
    ]
    described = {
        "id": "/",
        "name": settings.SITE_NAME,
        "short_name": settings.SITE_NAME[:12],
        "description": "Trending research papers in your inbox once a day.",
        "start_url": "/",
        "scope": "/",
        "display": "minimal-ui",
        "background_color": "#fbfaf7",
        "theme_color": "#8a3324",
        "lang": "en-GB",
        "icons": icons,
    }
    return JsonResponse(described, content_type="application/manifest+json")


@shared()
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Where to tell of a weakness (RFC 9116); the address exists only where the operator says whom."""
    if not settings.SECURITY_CONTACT:
        raise Http404("Nobody is named.")
    contact = settings.SECURITY_CONTACT
    contact = contact if ":" in contact else f"mailto:{contact}"
    # By the day, so that the file is the same for whoever asks again.
    until = timezone.now().astimezone(UTC).date() + GOOD_FOR
    lines = [
        f"Contact: {contact}",
        f"Expires: {until}T00:00:00Z",
        "Preferred-Languages: en",
        f"Canonical: {links.absolute('/.well-known/security.txt')}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """For those that ask for it unasked."""
    headers = {"Cache-Control": "public, max-age=86400"}
    return HttpResponse(
        _icon(settings.BASE_DIR / "static/img/favicon.ico"), content_type="image/x-icon", headers=headers
    )


@lru_cache(maxsize=1)
def _icon(path: Path) -> bytes:
    return path.read_bytes()
