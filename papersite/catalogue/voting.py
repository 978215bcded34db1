"""Readers' votes, and the heat they give."""

from django.db import transaction
from django.db.models import F

from accounts.models import User
from papersite.catalogue import scoring
from papersite.catalogue.models import Paper, Vote


def cast(paper: Paper, reader: User) -> None:
    """A reader's vote; a second one is the same vote."""
    _set(paper, reader, is_for=True)


def take_back(paper: Paper, reader: User) -> None:
    _set(paper, reader, is_for=False)


def papers_voted_for(reader: User, papers: list[Paper]) -> set[int]:
    return set(Vote.objects.filter(reader=reader, paper__in=papers).values_list("paper", flat=True))


@transaction.atomic
def _set(paper: Paper, reader: User, *, is_for: bool) -> None:
    # The lock on the paper's row puts two clicks one after the other.
    locked = Paper.objects.select_for_update().get(pk=paper.pk)
    held = Vote.objects.filter(paper=locked, reader=reader)
    if held.exists() == is_for:
        return
    if is_for:
        Vote.objects.create(paper=locked, reader=reader)
    else:
        held.delete()
    Paper.objects.filter(pk=locked.pk).update(vote_count=F("vote_count") + (1 if is_for else -1))
    locked.refresh_from_db(fields=["vote_count"])
    Paper.objects.filter(pk=locked.pk).update(heat=scoring.heat_of(locked, scoring.weights()))
