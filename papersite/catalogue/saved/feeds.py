"""A reader's reading list as a private feed. The key in its address is what authorises."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from accounts.models import User
from papersite import links
from papersite.catalogue.models import SavedPaper
from papersite.catalogue.saved import lists
from papersite.feeds import TextFeed

LENGTH = 50


class SavedFeed(Feed):  # type: ignore[type-arg]
    """The papers saved last, with the reader's notes."""

    feed_type = TextFeed

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().__call__(request, *args, **kwargs)
        add_never_cache_headers(response)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> User:
        return get_object_or_404(User, feed_key=kwargs["key"], is_active=True)

    def title(self, reader: User) -> str:
        return f"Saved papers · {settings.SITE_NAME}"

    def link(self, reader: User) -> str:
        return links.absolute(reverse("catalogue:saved"))

    def feed_url(self, reader: User) -> str:
        return links.absolute(reverse("catalogue:saved_feed", args=[reader.feed_key]))

    def subtitle(self, reader: User) -> str:
        return "The papers you saved, the latest first."

    def items(self, reader: User) -> list[SavedPaper]:
        return lists.with_papers(lists.listed(reader)[:LENGTH])

    def item_title(self, item: SavedPaper) -> str:
        return _written(item.paper.title)

    def item_link(self, item: SavedPaper) -> str:
        return links.absolute(item.paper.get_absolute_url())

    def item_description(self, item: SavedPaper) -> str:
        note = f"Your note: {item.note}\n\n" if item.note else ""
        return _written(note + (item.paper.summary or item.paper.abstract))

    def item_author_name(self, item: SavedPaper) -> str:
        return _written(", ".join(row.author.name for row in item.paper.authorships.all()[:20]))

    def item_pubdate(self, item: SavedPaper) -> datetime:
        return item.saved_at

    def item_updateddate(self, item: SavedPaper) -> datetime:
        return item.saved_at

    def item_categories(self, item: SavedPaper) -> list[str]:
        return [row.topic.name for row in getattr(item.paper, "shown_topics", [])]


def _written(text: str) -> str:
    """XML takes no control characters, not even escaped."""
    return "".join(char if char.isprintable() or char == "\n" else " " for char in text)
