"""What the catalogue hands to a reader, and takes back when they close their account."""

import pytest

from accounts import closing
from accounts.models import User
from papersite.catalogue import export, reading_list, votes
from papersite.catalogue.models import SavedPaper
from tests.factories import NOW, PaperFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_tables_hold_the_votes_with_their_papers(reader: User) -> None:
    votes.cast(PaperFactory.create(title="A paper"), reader)

    tables = {name: [row["paper"] for row in rows] for name, rows in export.tables(reader)}

    assert tables == {"votes": ["A paper"], "saved_papers": [], "brought_libraries": [], "weights_changes": []}


def test_the_reading_list_is_handed_out_with_its_notes_and_ends_with_the_account(reader: User) -> None:
    saved = reading_list.save(PaperFactory.create(title="A paper"), reader, NOW)
    SavedPaper.objects.filter(pk=saved.pk).update(note="Read twice.")

    rows = dict(export.tables(reader))["saved_papers"]

    assert [(row["paper"], row["note"]) for row in rows] == [("A paper", "Read twice.")]
    closing.close(reader)
    assert not SavedPaper.objects.exists()


@pytest.mark.parametrize("is_hidden", [False, True])
def test_no_paper_keeps_the_heat_of_a_vote_that_went(reader: User, is_hidden: bool) -> None:
    paper = PaperFactory.create()
    before = paper.heat
    votes.cast(paper, UserFactory.create())
    paper.refresh_from_db()
    with_one = paper.heat
    votes.cast(paper, reader)
    type(paper).objects.filter(pk=paper.pk).update(is_hidden=is_hidden)

    closing.close(reader)

    paper.refresh_from_db()
    assert (paper.vote_count, paper.heat) == (1, with_one)
    assert with_one > before
