"""A feed for every search."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from papersite import links
from papersite.catalogue import entries
from papersite.catalogue.lists import NoSuchPage
from papersite.catalogue.search import finding, language, results
from papersite.catalogue.search.folder import Unavailable
from papersite.syndication import feeds
from papersite.syndication.atom import Feed
from papersite.web.limits import limited
from papersite.web.shared_pages import shared

LENGTH = 50
ICON = "/favicon.ico"


@shared("q", "after")
@require_safe
@limited("search")
def search(request: HttpRequest) -> HttpResponse:
    """The newest papers that a search finds, whatever order the page shows them in."""
    asked = request.GET.get("q", "")[: language.MAX_LENGTH]
    text = "".join(char if char.isprintable() else " " for char in asked)
    after = request.GET.get("after", "")
    try:
        page = results.newest(text, timezone.now(), after=after, size=LENGTH)
    except finding.NoSuchPage:
        raise NoSuchPage from None
    except Unavailable:
        headers = {"Retry-After": "60", "Cache-Control": "no-store"}
        return HttpResponse("The search index is being built.", status=503, content_type="text/plain", headers=headers)
    if after and not page.paper_ids:
        raise NoSuchPage
    first = _address(text)
    feed = Feed(
        id=first,
        title=f"{text or 'New papers'} · {settings.SITE_NAME}",
        subtitle="The newest papers that this search finds.",
        url=links.absolute(f"{reverse('catalogue:search')}?{urlencode({'q': text})}"),
        itself=_address(text, after) if after else first,
        first=first if after else "",
        next=_address(text, page.after) if page.after else "",
        author=str(settings.SITE_NAME),
        entries=list(entries.of_numbers(page.paper_ids).values()),
        icon=links.absolute(ICON),
    )
    return feeds.public(request, feed)


def _address(text: str, after: str = "") -> str:
    asked = {"q": text} | ({"after": after} if after else {})
    return links.absolute(f"{reverse('catalogue:search_feed')}?{urlencode(asked)}")
