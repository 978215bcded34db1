"""Reads of a reading list."""

from datetime import timedelta

import pytest

from accounts.models import User
from papersite.catalogue import reading_list
from papersite.catalogue.models import SavedPaper
from papersite.catalogue.saved import lists
from tests.factories import NOW, AuthorFactory, PaperFactory, UserFactory

pytestmark = pytest.mark.django_db


def titles(reader: User, **asked: str) -> list[str]:
    return [one.paper.title for one in lists.with_papers(lists.listed(reader, **asked))]


@pytest.fixture
def two(reader: User) -> None:
    """B, saved first and announced last, read; A, saved last, unread."""
    reading_list.save(PaperFactory.create(title="B"), reader, NOW)
    SavedPaper.objects.update(read_at=NOW)
    reading_list.save(
        PaperFactory.create(title="A", announced_at=NOW - timedelta(days=1)), reader, NOW + timedelta(hours=1)
    )
    reading_list.save(PaperFactory.create(title="Hidden", is_hidden=True), reader, NOW)
    reading_list.save(PaperFactory.create(title="Another's"), UserFactory.create(), NOW)


@pytest.mark.usefixtures("two")
def test_listed_in_every_order_and_by_what_was_read(reader: User) -> None:
    assert titles(reader) == ["A", "B"]
    assert titles(reader, sort="announced") == ["B", "A"]
    assert titles(reader, sort="title") == ["A", "B"]
    assert titles(reader, show="read") == ["B"]
    assert titles(reader, show="unread") == ["A"]
    assert lists.counts(reader) == {"all": 2, "read": 1, "unread": 1}


def test_as_csv_is_safe_in_a_spreadsheet(reader: User) -> None:
    paper = PaperFactory.create(title='=HYPERLINK("x")', by=[AuthorFactory.create(name="Ada Byron")])
    reading_list.save(paper, reader, NOW)
    SavedPaper.objects.update(note="+1, “read”\nit")

    head, row = lists.as_csv(lists.with_papers(lists.listed(reader))).split("\r\n", 1)

    assert head.startswith("title,authors,announced,arxiv_id,doi,address")
    assert row.startswith('"\'=HYPERLINK(""x"")",Ada Byron,2026-11-23,,,https://papers.example.org/papers/p')
    assert '"\'+1, “read”\nit"' in row
