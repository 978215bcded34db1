"""Papers kept for later."""

import pytest

from accounts.models import User
from papersite.catalogue import reading_list
from papersite.catalogue.models import SavedPaper
from tests.factories import NOW, PaperFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_paper_saved_twice_is_on_the_list_once_with_its_note(reader: User) -> None:
    paper = PaperFactory.create()
    saved = reading_list.save(paper, reader, NOW)
    SavedPaper.objects.update(note="Mine.")

    again = reading_list.save(paper, reader, NOW)

    assert (again.pk, again.note) == (saved.pk, "Mine.")


def test_what_was_removed_comes_back_as_it_was(reader: User) -> None:
    paper = PaperFactory.create()
    reading_list.save(paper, reader, NOW)
    SavedPaper.objects.update(note="Mine.", read_at=NOW)

    removed = reading_list.remove(paper, reader)
    assert removed is not None
    assert reading_list.remove(paper, reader) is None
    for _ in range(2):
        reading_list.put_back(removed, reader)

    back = SavedPaper.objects.get()
    assert (back.paper, back.note, back.saved_at, back.read_at) == (paper, "Mine.", NOW, NOW)


def test_a_paper_that_is_gone_does_not_come_back(reader: User) -> None:
    paper = PaperFactory.create()
    reading_list.save(paper, reader, NOW)
    removed = reading_list.remove(paper, reader)
    assert removed is not None
    paper.delete()

    reading_list.put_back(removed, reader)

    assert not SavedPaper.objects.exists()


def test_papers_saved_by_are_the_readers_own(reader: User) -> None:
    mine, theirs, neither = PaperFactory.create_batch(3)
    reading_list.save(mine, reader, NOW)
    reading_list.save(theirs, UserFactory.create(), NOW)

    assert reading_list.papers_saved_by(reader, [mine, theirs, neither]) == {mine.pk}
