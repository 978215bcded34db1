"""Gives the catalogue's page of a day what curators say and pick."""

from datetime import date
from typing import Any

from digest.models import Edition
from papersite.catalogue import issues


def of(day: date) -> issues.Issue:
    """In one query; nothing where the day has no edition."""
    rows: Any = Edition.objects.filter(day=day).order_by("picks__position", "picks__pk")
    found = list(rows.values_list("intro", "picks__paper", "picks__note"))
    picks = tuple((paper_id, note) for _, paper_id, note in found if paper_id is not None)
    return issues.Issue(found[0][0], picks) if found else issues.Issue()


def contribute() -> None:
    issues.read_with(of)
