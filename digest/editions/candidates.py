"""What may be in a day's mails, hottest first, as the curators' page lists it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from digest.editions import states, tallies
from digest.models import Edition
from papersite.catalogue import trending
from papersite.catalogue.heat import scoring
from papersite.catalogue.models import Paper

BACK = timedelta(days=7)
LISTED = 30


@dataclass(frozen=True, slots=True)
class CandidatePaper:
    """One paper, why it stands where it stands, and what was done to it."""

    paper: Paper
    parts: Sequence[trending.Part]
    """What its heat is made of besides its age and its promise."""
    promise: float
    """In hours."""
    is_picked: bool
    is_left_out: bool
    mailed: int
    """How many mails of this day and the week before carry it."""

    @property
    def may_be_picked(self) -> bool:
        return not (self.is_picked or self.paper.is_hidden or self.paper.is_withdrawn)


def of_day(day: date, edition: Edition | None) -> list[CandidatePaper]:
    """The hottest that a mail of the day may reach back to, hidden and withdrawn ones among them; picks last."""
    picked = [pick.paper_id for pick in edition.picks.all()] if edition else []
    left_out = set(edition.left_out.values_list("pk", flat=True)) if edition else set()
    since, until = states.first_slot(day) - BACK, states.last_slot(day)
    hottest = Paper.objects.filter(announced_at__gte=since, announced_at__lte=until).order_by("-heat", "-pk")
    papers = list(hottest.for_cards()[:LISTED])
    others = {*picked, *left_out} - {paper.pk for paper in papers}
    papers += Paper.objects.filter(pk__in=others).order_by("-heat", "-pk").for_cards() if others else []
    carried = tallies.carried(day - BACK, day).papers
    weights = scoring.weights()
    return [
        CandidatePaper(
            paper,
            _parts(paper, weights),
            _promised(paper, weights),
            paper.pk in picked,
            paper.pk in left_out,
            carried[paper.pk],
        )
        for paper in papers
    ]


def _parts(paper: Paper, weights: Mapping[str, float]) -> list[trending.Part]:
    return [part for part in trending.parts(scoring.signals_of(paper), weights) if part.count]


def _promised(paper: Paper, weights: Mapping[str, float]) -> float:
    return trending.promised(scoring.signals_of(paper), weights)
