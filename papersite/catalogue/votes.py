"""Readers' votes, and the heat they give.

One vote a person. Taken back it stays as a row, so that casting it again and again is still the
same vote of the same day. Many accounts that vote for one paper from one network within a day
are counted as a few: the rest is kept, marked as not counted, for a curator to see.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import User
from papersite.catalogue import revisions
from papersite.catalogue.heat import scoring
from papersite.catalogue.models import Paper, Vote
from papersite.web.networks import network_of

# Of one network, for one paper, within a day: a shared office, not a hall of made-up accounts.
COUNTED_FROM_ONE_NETWORK = 3


def cast(paper: Paper, reader: User, *, address: str = "") -> None:
    """A reader's vote; a second one is the same vote. ``address`` is the network address it came from.

    Raises Paper.DoesNotExist where the paper is hidden.
    """
    with transaction.atomic():
        locked = _locked(paper)
        vote = Vote.objects.filter(paper=locked, reader=reader).first()
        if vote is None:
            network = _network(address)
            Vote.objects.create(paper=locked, reader=reader, network=network, is_counted=_may_count(locked, network))
        elif vote.taken_back_at is not None:
            vote.taken_back_at = None
            vote.save(update_fields=["taken_back_at"])
        recount(locked)


def take_back(paper: Paper, reader: User) -> None:
    with transaction.atomic():
        locked = _locked(paper)
        standing = Vote.objects.filter(paper=locked, reader=reader, taken_back_at__isnull=True)
        standing.update(taken_back_at=timezone.now())
        recount(locked)


def papers_voted_for(reader: User, papers: list[Paper]) -> set[int]:
    votes = Vote.objects.filter(reader=reader, paper__in=papers, taken_back_at__isnull=True)
    return set(votes.values_list("paper", flat=True))


def set_counted(votes: list[Vote], *, is_counted: bool) -> None:
    """A curator's word on single votes."""
    for vote in votes:
        with transaction.atomic():
            locked = Paper.objects.select_for_update().get(pk=vote.paper_id)
            Vote.objects.filter(pk=vote.pk).update(is_counted=is_counted)
            recount(locked)


def _locked(paper: Paper) -> Paper:
    """The paper's row under a lock, which puts two clicks one after the other."""
    return Paper.objects.visible().select_for_update().get(pk=paper.pk)


def recount(paper: Paper) -> None:
    """Counts a paper's standing votes, and its heat with them. The paper must be locked."""
    paper.vote_count = Vote.objects.standing().filter(paper=paper).count()
    heat = scoring.heat_of(paper, scoring.weights())
    Paper.objects.filter(pk=paper.pk).update(vote_count=paper.vote_count, heat=heat)
    revisions.mark([paper.pk])


def _network(address: str) -> str:
    """A name for the network of an address that nobody can turn back, and that is another one tomorrow."""
    if not address:
        return ""
    return salted_hmac("votes", f"{timezone.now():%Y-%m-%d} {network_of(address)}", algorithm="sha256").hexdigest()[:16]


def _may_count(paper: Paper, network: str) -> bool:
    if not network:
        return True
    recent = Vote.objects.filter(paper=paper, network=network, voted_at__gte=timezone.now() - timedelta(days=1))
    return recent.filter(is_counted=True).count() < COUNTED_FROM_ONE_NETWORK
