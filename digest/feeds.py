"""A reader's digests as a private feed: whoever has its address can read it."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.feedgenerator import Atom1Feed

from digest.ledger import history
from digest.models import Delivery, Subscription
from papersite import links

LENGTH = 30

Digest = tuple[Delivery, list[history.Line]]


class DigestFeed(Feed):  # type: ignore[type-arg]
    """One entry a digest, with its papers and why each is there."""

    feed_type = Atom1Feed

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        response = super().__call__(request, *args, **kwargs)
        add_never_cache_headers(response)
        response["X-Robots-Tag"] = "noindex"
        return response

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Subscription:
        held = Subscription.objects.select_related("reader").filter(
            reader__feed_key=kwargs["key"], reader__is_active=True
        )
        found = held.first()
        if found is None:
            raise Http404("There is no such feed.")
        return found

    def title(self, held: Subscription) -> str:
        return f"My digests · {settings.SITE_NAME}"

    def link(self, held: Subscription) -> str:
        return links.absolute(reverse("digest:subscription"))

    def feed_url(self, held: Subscription) -> str:
        return links.absolute(reverse("digest:feed", args=[held.reader.feed_key]))

    def author_name(self, held: Subscription) -> str:
        return str(settings.SITE_NAME)

    def items(self, held: Subscription) -> list[Digest]:
        sent = held.deliveries.filter(state=Delivery.State.SENT).select_related("subscription__reader")
        return history.lines_of_each(list(sent.order_by("-day", "-extra")[:LENGTH]))

    def item_title(self, item: Digest) -> str:
        delivery, _ = item
        return _printable(delivery.subject or f"Digest of {delivery.day:%d %B %Y}")

    def item_link(self, item: Digest) -> str:
        """A copy to read: whoever the feed is passed on to must not find what unsubscribes its reader."""
        return links.absolute(reverse("digest:copy", args=[item[0].copy_token]))

    def item_guid(self, item: Digest) -> str:
        """Stays the same when the feed's key is renewed (RFC 2392)."""
        return f"mid:{item[0].message_id.strip('<>')}"

    def item_description(self, item: Digest) -> str:
        delivery, lines = item
        context = {"delivery": delivery, "lines": lines, "site_url": settings.SITE_URL}
        return _printable(render_to_string("digest/_ledger_feed_entry.html", context))

    def item_pubdate(self, item: Digest) -> datetime:
        return item[0].settled_at or item[0].due_at

    def item_updateddate(self, item: Digest) -> datetime:
        return self.item_pubdate(item)


def _printable(text: str) -> str:
    """XML takes no control characters, not even escaped."""
    return "".join(char if char.isprintable() or char == "\n" else " " for char in text)
