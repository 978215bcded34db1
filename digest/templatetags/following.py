"""The buttons that follow something, or the box of subscribing with it, on any page that shows it."""

from typing import Any

from django import template
from django.conf import settings

from digest.following import follow_lists, follows
from digest.models import Follow
from papersite.catalogue.models import Author, Category, Topic

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
    return buttons(wanted, request.user.pk) | {
        "user": request.user,
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
