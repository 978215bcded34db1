"""What curators say and pick, on pages of the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import template

from digest.models import Edition
from papersite.catalogue.models import Paper

register = template.Library()


@dataclass(frozen=True, slots=True)
class Picked:
    """A pick as a line."""

    title: str
    address: str
    note: str


@register.inclusion_tag("_partials/edition.html")
def edition_of(day: date) -> dict[str, Any]:
    """The intro and the picks of a day, in one query."""
    fields = ("intro", "picks__note", *(f"picks__paper__{name}" for name in ("pk", "arxiv_id", "title", "title_html")))
    rows = Edition.objects.filter(day=day).order_by("picks__position", "picks__pk")
    intro, picks = "", []
    for said, note, pk, arxiv_id, title, title_html, is_hidden in rows.values_list(*fields, "picks__paper__is_hidden"):
        intro = said
        if pk is not None and not is_hidden:
            paper = Paper(pk=pk, arxiv_id=arxiv_id, title=title, title_html=title_html)
            picks.append(Picked(paper.shown_title, paper.get_absolute_url(), note))
    return {"intro": intro, "picks": picks}


@register.filter
def of_day(by_day: Mapping[date, Any], day: date) -> Any:
    """What a mapping holds of a day."""
    return by_day.get(day)
