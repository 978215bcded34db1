"""A reader's reading list as a private feed. The key in its address is what authorises."""

from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import User
from papersite import links
from papersite.catalogue import entries
from papersite.catalogue.models import SavedPaper
from papersite.catalogue.saved import lists
from papersite.syndication import feeds
from papersite.syndication.atom import Entry, Feed

LENGTH = 50


@require_safe
def saved(request: HttpRequest, key: str) -> HttpResponse:
    """The papers saved last, with the reader's notes."""
    reader = get_object_or_404(User, feed_key=key, is_active=True)
    page = feeds.page_of(request, lists.listed(reader), LENGTH)
    address = links.absolute(reverse("catalogue:saved_feed", args=[key]))
    feed = Feed(
        # Stays the same when the feed's key is renewed.
        id=feeds.tag(reader.joined_at, f"reader/{reader.pk}/saved"),
        title=f"Saved papers · {settings.SITE_NAME}",
        subtitle="The papers you saved, the latest first.",
        url=links.absolute(reverse("catalogue:saved")),
        **page.links(address),
        author=str(settings.SITE_NAME),
        entries=_entries(page.rows),
    )
    return feeds.private(request, feed)


def _entries(saved: list[SavedPaper]) -> list[Entry]:
    """Each is the paper's own entry, which changed at the latest when it was saved."""
    notes = {one.paper_id: one.note for one in saved}
    found = entries.of_numbers(list(notes), notes)
    return [
        replace(entry, updated=max(entry.updated, one.saved_at)) for one in saved if (entry := found.get(one.paper_id))
    ]
