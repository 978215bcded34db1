"""The buttons that follow something, or the box of subscribing with it, on any page that shows it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.template import loader

from digest.following import follow_lists, follows
from digest.models import Follow, Subscription
from papersite.catalogue.models import Author, Category, Topic
from papersite.web import sheets

register = template.Library()


@register.inclusion_tag("_partials/following.html", takes_context=True)
def following(
    context: Any,
    *,
    topic: Topic | None = None,
    author: Author | None = None,
    category: Category | None = None,
    search: str = "",
) -> dict[str, Any]:
    """For a reader the buttons; for a stranger the box, which carries the choice along."""
    if category is not None:
        search = f"cat:{category.code}"
    wanted = follows.of_topic(topic) if topic else follows.of_author(author) if author else follows.of_search(search)
    request = context["request"]
    if gaps := sheets.gaps_of(request):
        return {"gap": gaps.leave(BUTTONS, Buttons(wanted, request.get_full_path()))}
    return buttons(wanted, request.user.pk) | {
        "is_reader": request.user.is_authenticated,
        "next": request.get_full_path(),
        "is_folded": wanted.kind == Follow.Kind.SEARCH and category is None,
        "name": category.name if category else "",
    }


def buttons(wanted: Follow, reader_id: int | None) -> dict[str, Any]:
    """What the buttons show: what is wanted, and the reader's own row of it."""
    if reader_id is None:
        return {"wanted": wanted}
    has_subscription, held = follows.standing(reader_id, wanted)
    return {"wanted": wanted, "held": held, "has_subscription": has_subscription}


class Buttons(NamedTuple):
    """What a page offers to follow, and where its forms lead back to."""

    wanted: Follow
    next: str


def _states(reader: Any, asked: Sequence[Buttons]) -> list[tuple[bool, bool | None]]:
    """Whether the reader has a subscription, and whether it mutes what is wanted: None where it is no follow."""
    found = [follows.standing(reader.pk, one.wanted) for one in asked]
    return [(has_subscription, held.mutes if held else None) for has_subscription, held in found]


def _words(asked: Buttons, state: tuple[bool, bool | None]) -> str:
    has_subscription, mutes = state
    values = {
        "wanted": asked.wanted,
        "held": None if mutes is None else Follow(mutes=mutes),
        "has_subscription": has_subscription,
        "next": asked.next,
        "csrf_token": sheets.TOKEN,
        "is_reader": True,
    }
    return loader.render_to_string("_partials/following.html", values)


BUTTONS = sheets.Kind(_states, _words)


@register.inclusion_tag("_partials/offered_follows.html", takes_context=True)
def offered_follows(context: Any, lines: list[str]) -> dict[str, Any]:
    """Boxes to tick for lines of a list of follows: those that mean something and that the reader has no word on."""
    subscription = Subscription.objects.filter(reader=context["request"].user.pk).first()
    known = follows.targets(subscription.follows.all()) if subscription else {}
    read = follow_lists.read("\n".join(lines)) if lines else []
    wanted = [one.follow for one in read if one.follow is not None and not one.note]
    offered = [(one, follow_lists.line_of(one)) for one in wanted if follows.target(one) not in known]
    return {"offered": offered, "subscription": subscription, "csrf_token": context.get("csrf_token")}


@register.simple_tag
def has_taste() -> bool:
    """Whether the site learns what a reader will like."""
    return settings.TASTE


@register.filter
def line(wanted: Follow) -> str:
    """A follow as the line of a list, which signing up carries along."""
    return follow_lists.line_of(wanted)


@register.filter
def chosen(written: str | None) -> str:
    """What such a line asks for, in words for people; "" where it makes no sense."""
    wanted = follow_lists.one(written or "")
    return wanted.label if wanted is not None else ""
