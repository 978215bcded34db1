"""What the catalogue holds of a reader: handed to them, and taken back when they close their account."""

from collections.abc import Iterator

from accounts import closing, export
from accounts.models import User
from papersite.catalogue import votes
from papersite.catalogue.models import Paper, Vote


def tables(reader: User) -> Iterator[export.Table]:
    yield from export.belonging("catalogue", reader)


def take_back_votes(reader: User) -> None:
    """The votes go, and no paper keeps their heat. Always in the same order, so that two who leave never deadlock."""
    papers = Paper.objects.select_for_update().filter(votes__reader=reader).order_by("pk")
    for paper in papers:
        Vote.objects.filter(paper=paper, reader=reader).delete()
        votes.recount(paper)


def contribute() -> None:
    export.contribute("catalogue", tables)
    closing.before_closing("catalogue", take_back_votes)
