"""Gives the catalogue's page of a day what curators say and pick, as far as it may be shown."""

from datetime import date

from digest.editions import states
from digest.models import Pick
from papersite import markdown
from papersite.catalogue import issues


def of(day: date) -> issues.Issue:
    """The revision that mails are made from; nothing where the day has no edition, or one that is held back."""
    revision = states.on_pages([day]).get(day)
    if revision is None:
        return issues.Issue()
    picks = tuple((paper_id, markdown.html_of_line(note)) for paper_id, note, _ in revision.picks)
    return issues.Issue(markdown.html_of(revision.intro), picks)


def picked(day: date) -> frozenset[int]:
    return frozenset(Pick.objects.filter(edition__day=day).order_by().values_list("paper", flat=True))


def contribute() -> None:
    issues.read_with(of, picked)
