"""What rows and pages say of a paper, and the rows themselves."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from django import template
from django.template import loader
from django.utils import timezone
from django.utils.safestring import SafeString

from papersite.catalogue import issues, own_parts
from papersite.catalogue.lists import Page
from papersite.catalogue.models import Paper
from papersite.catalogue.own_parts import OF_PAPER, PLACE, SAVE, VOTE, Part
from papersite.catalogue.reading import excerpts, venues
from papersite.catalogue.search import highlighting
from papersite.catalogue.search.highlighting import Marks
from papersite.catalogue.templatetags.authors import few_authors
from papersite.web import sheets

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
    gaps = _gaps(context)
    of_reader = _of_reader(context, can_vote=context["user"].is_authenticated)
    values = (
        of_reader
        | _of_curator(context)
        | {
            "gap": gaps and (lambda name, paper: gaps.leave(OF_PAPER, Part(name, paper.pk, paper.public_id))),
            "cards": [(paper, number if is_numbered else None) for number, paper in enumerate(papers, 1)],
            "heading": heading or "h2",
            "detailed": context.get("is_detailed", False),
            "author": author,
            "marks": marks,
            "why": "",
            "say": SAY,
        }
    )
    return _rendered("_partials/paper_cards.jinja", values)


@register.simple_tag
def plain_card(paper: Paper, heading: str = "h2", reasons: Sequence[tuple[str, str]] = ()) -> SafeString:
    """A paper as a card that nobody votes on or saves from: where it is shown as it was mailed, with its reasons: the
    authors among these are always named."""
    values = {
        "gap": None,
        "cards": [(paper, None)],
        "heading": heading,
        "detailed": False,
        "author": frozenset(label for kind, label in reasons if kind in ("author", "name")),
        "marks": None,
        "why": SafeString(loader.render_to_string("_partials/why.html", {"reasons": reasons}).strip())
        if reasons
        else "",
        "say": SAY,
    }
    of_nobody = _of_reader({}, can_vote=None) | {"can_pin": False}
    return _rendered("_partials/paper_cards.jinja", values | of_nobody)


@register.simple_tag(takes_context=True)
def vote_button(context: Any) -> SafeString:
    paper, on_page = context["paper"], context.get("on_page", False)
    if gaps := _gaps(context):
        return gaps.leave(OF_PAPER, Part(VOTE, paper.pk, paper.public_id, bool(on_page)))
    values = _of_reader(context, can_vote=bool(context.get("can_vote")))
    del values["saved"]
    return own_parts.button(VOTE, paper=paper, on_page=on_page, **values)


@register.simple_tag(takes_context=True)
def save_button(context: Any) -> SafeString:
    paper = context["paper"]
    if gaps := _gaps(context):
        return gaps.leave(OF_PAPER, Part(SAVE, paper.pk, paper.public_id))
    values = _of_reader(context, can_vote=bool(context.get("can_vote")))
    del values["voted"]
    return own_parts.button(SAVE, paper=paper, **values)


@register.simple_tag(takes_context=True)
def place_in_trending(context: Any) -> SafeString:
    """The section of a paper's own page on its place, which follows a vote at once."""
    paper = context["paper"]
    if gaps := _gaps(context):
        return gaps.leave(OF_PAPER, Part(PLACE, paper.pk))
    values = {"paper": paper, **own_parts.place_of(paper)}
    return SafeString(loader.render_to_string("catalogue/_place.html", values))


def _gaps(context: Any) -> sheets.Gaps | None:
    return sheets.gaps_of(context.get("request"))


@register.simple_tag(takes_context=True)
def pin_button(context: Any) -> SafeString:
    """For curators, what puts the page's paper into today's edition; nothing for others. ``said``: what came of it."""
    values = _of_curator(context)
    if not values.pop("can_pin"):
        return SafeString("")
    said, token = context.get("said", ""), str(context["csrf_token"])
    return own_parts.button("pin", paper=context["paper"], csrf_token=token, said=said, **values)


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
        "can_vote": None if can_vote is None else bool(can_vote),
        # Only where there is a form: a page with a token in it is a page for one reader.
        "csrf_token": str(context["csrf_token"]) if can_vote else "",
    }


def _rendered(name: str, values: dict[str, Any]) -> SafeString:
    return SafeString(_template(name).template.render(values))


def _template(name: str) -> Any:
    return loader.get_template(name, using="jinja2")
