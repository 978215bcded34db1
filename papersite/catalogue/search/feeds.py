"""A feed for every search."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from papersite import links
from papersite.catalogue.models import Paper
from papersite.catalogue.search import language, results
from papersite.catalogue.search.folder import Unavailable
from papersite.feeds import TextFeed

LENGTH = 50


class SearchFeed(Feed):  # type: ignore[type-arg]
    """The newest papers that a search finds, whatever order the page shows them in."""

    feed_type = TextFeed

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().__call__(request, *args, **kwargs)
        except Unavailable:
            response = HttpResponse("The search index is being built.", status=503, content_type="text/plain")
            response["Retry-After"] = "60"
            return response

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        # XML takes no control characters, not even escaped.
        asked = request.GET.get("q", "")[: language.MAX_LENGTH]
        return "".join(char if char.isprintable() else " " for char in asked)

    def title(self, text: str) -> str:
        return f"{text or 'New papers'} · {settings.SITE_NAME}"

    def link(self, text: str) -> str:
        return links.absolute(f"{reverse('catalogue:search')}?{urlencode({'q': text})}")

    def feed_url(self, text: str) -> str:
        return links.absolute(f"{reverse('catalogue:search_feed')}?{urlencode({'q': text})}")

    def subtitle(self, text: str) -> str:
        return "The newest papers that this search finds."

    def items(self, text: str) -> list[Paper]:
        return results.search(text, timezone.now(), size=LENGTH, sort="new").papers

    def item_link(self, item: Paper) -> str:
        return links.absolute(item.get_absolute_url())

    def item_title(self, item: Paper) -> str:
        return item.title

    def item_description(self, item: Paper) -> str:
        return item.summary or item.abstract

    def item_author_name(self, item: Paper) -> str:
        return ", ".join(row.author.name for row in item.authorships.all()[:20])

    def item_pubdate(self, item: Paper) -> datetime:
        return item.announced_at

    def item_updateddate(self, item: Paper) -> datetime:
        return item.announced_at

    def item_categories(self, item: Paper) -> list[str]:
        return [row.topic.name for row in getattr(item, "shown_topics", [])]
