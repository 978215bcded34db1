"""What the catalogue hands to a reader, and takes back when they close their account."""

import pytest

from accounts import closing
from accounts.models import User
from papersite.catalogue import export, voting
from tests.factories import PaperFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_tables_hold_the_votes_with_their_papers(reader: User) -> None:
    voting.cast(PaperFactory.create(title="A paper"), reader)

    tables = {name: [row["paper"] for row in rows] for name, rows in export.tables(reader)}

    assert tables == {"votes": ["A paper"], "saved_papers": []}


@pytest.mark.parametrize("is_hidden", [False, True])
def test_no_paper_keeps_the_heat_of_a_vote_that_went(reader: User, is_hidden: bool) -> None:
    paper = PaperFactory.create()
    before = paper.heat
    voting.cast(paper, UserFactory.create())
    paper.refresh_from_db()
    with_one = paper.heat
    voting.cast(paper, reader)
    type(paper).objects.filter(pk=paper.pk).update(is_hidden=is_hidden)

    closing.close(reader)

    paper.refresh_from_db()
    assert (paper.vote_count, paper.heat) == (1, with_one)
    assert with_one > before
