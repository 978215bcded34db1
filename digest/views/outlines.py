"""What a reader follows, as a list of feeds."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from digest.models import Follow, Subscription
from digest.views.gate import subscription_of
from papersite import links
from papersite.syndication import opml


@login_required
@never_cache
@require_safe
def outlines(request: HttpRequest) -> HttpResponse:
    """The feeds of what a reader follows, and of their own lists, to download."""
    held = subscription_of(request)
    included = held.follows.filter(mutes=False).select_related("topic", "author").order_by("kind", "pk")
    mine = [
        opml.Outline("My digests", _own("digest:feed", held), links.absolute(reverse("digest:subscription")), "Mine"),
        opml.Outline(
            "Saved papers", _own("catalogue:saved_feed", held), links.absolute(reverse("catalogue:saved")), "Mine"
        ),
    ]
    written = opml.write(f"What I follow on {settings.SITE_NAME}", [*map(_followed, included), *mine])
    headers = {"Content-Disposition": 'attachment; filename="follows.opml"'}
    return HttpResponse(written, content_type=opml.CONTENT_TYPE, headers=headers)


def _own(name: str, held: Subscription) -> str:
    return links.absolute(reverse(name, args=[held.reader.feed_key]))


def _followed(follow: Follow) -> opml.Outline:
    match follow.kind:
        case Follow.Kind.TOPIC if follow.topic:
            return opml.outline(follow.label, follow.topic.get_absolute_url(), "Topics")
        case Follow.Kind.AUTHOR if follow.author:
            return opml.outline(follow.label, follow.author.get_absolute_url(), "Authors")
        case Follow.Kind.SEARCH:
            asked = urlencode({"q": follow.search})
            page, feed = reverse("catalogue:search"), reverse("catalogue:search_feed")
            return opml.Outline(
                follow.label, links.absolute(f"{feed}?{asked}"), links.absolute(f"{page}?{asked}"), "Searches"
            )
        case _:
            return opml.outline(follow.label, reverse("catalogue:home"))
