"""What rows and pages say of a paper, and the rows themselves."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from django import template
from django.template import loader
from django.utils import timezone
from django.utils.safestring import SafeString

from papersite.catalogue import excerpts, issues, venues
from papersite.catalogue.lists import Page
from papersite.catalogue.models import Paper
from papersite.catalogue.search import highlighting
from papersite.catalogue.search.highlighting import Marks
from papersite.catalogue.templatetags.authors import few_authors

register = template.Library()


@register.filter
def contribution(paper: Paper) -> str:
    """One sentence of its brief."""
    return excerpts.contribution(paper.brief)


@register.filter
def venue(paper: Paper) -> str:
    """Where it was accepted, as its authors say."""
    return venues.venue(paper.comment) if paper.comment else ""


SAY = SimpleNamespace(
    contribution=contribution,
    venue=venue,
    few_authors=few_authors,
    marked=highlighting.highlight,
    excerpt=highlighting.excerpt,
)


@register.simple_tag(takes_context=True)
def paper_cards(
    context: Any,
    papers: Sequence[Paper],
    *,
    heading: str = "",
    page: Page | None = None,
    author: int | None = None,
    marks: Marks | None = None,
) -> SafeString:
    """Papers as cards, numbered where they are the first ``page`` of a list.

    Of the page's context: ``user``, ``request``, ``voted``, ``saved`` and ``is_detailed``. ``marks``: what a search
    wants to see.
    """
    is_numbered = page is not None and page.is_first
    values = (
        _of_reader(context, can_vote=context["user"].is_authenticated)
        | _of_curator(context)
        | {
            "cards": [(paper, number if is_numbered else None) for number, paper in enumerate(papers, 1)],
            "heading": heading or "h2",
            "detailed": context.get("is_detailed", False),
            "author": author,
            "marks": marks,
            "say": SAY,
        }
    )
    return _rendered("_partials/paper_cards.jinja", values)


@register.simple_tag
def plain_card(paper: Paper, heading: str = "h2") -> SafeString:
    """A paper as a card that nobody votes on or saves from: where it is shown as it was mailed."""
    values = {
        "cards": [(paper, None)],
        "heading": heading,
        "detailed": False,
        "author": None,
        "marks": None,
        "say": SAY,
    }
    of_nobody = _of_reader({}, can_vote=False) | {"can_pin": False}
    return _rendered("_partials/paper_cards.jinja", values | of_nobody)


@register.simple_tag(takes_context=True)
def vote_button(context: Any) -> SafeString:
    values = _of_reader(context, can_vote=context.get("can_vote"))
    del values["saved"]
    return _button("vote", paper=context["paper"], on_page=context.get("on_page", False), **values)


@register.simple_tag(takes_context=True)
def save_button(context: Any) -> SafeString:
    values = _of_reader(context, can_vote=context.get("can_vote"))
    del values["voted"]
    return _button("save", paper=context["paper"], **values)


@register.simple_tag(takes_context=True)
def pin_button(context: Any) -> SafeString:
    """For curators, what puts the page's paper into today's edition; nothing for others. ``said``: what came of it."""
    values = _of_curator(context)
    if not values.pop("can_pin"):
        return SafeString("")
    said, token = context.get("said", ""), str(context["csrf_token"])
    return _button("pin", paper=context["paper"], csrf_token=token, said=said, **values)


def _of_curator(context: Any) -> dict[str, Any]:
    """Whether somebody picks papers, and which are picked. Readers, who have no such rights, are asked nothing."""
    user = context["user"]
    if not (user.is_authenticated and user.is_staff and user.has_perm("digest.change_edition")):
        return {"can_pin": False}
    back = context.get("back") or context["request"].get_full_path()
    return {"can_pin": True, "pinned": issues.picked(timezone.now().date()), "back": back}


def _of_reader(context: Any, *, can_vote: Any) -> dict[str, Any]:
    return {
        "voted": context.get("voted") or (),
        "saved": context.get("saved") or (),
        "can_vote": bool(can_vote),
        # Only where there is a form: a page with a token in it is a page for one reader.
        "csrf_token": str(context["csrf_token"]) if can_vote else "",
    }


def _button(name: str, **values: Any) -> SafeString:
    module: Any = _template("_partials/buttons.jinja").template.module
    return SafeString(getattr(module, name)(**values))  # Jinja escapes


def _rendered(name: str, values: dict[str, Any]) -> SafeString:
    return SafeString(_template(name).template.render(values))


def _template(name: str) -> Any:
    return loader.get_template(name, using="jinja2")
