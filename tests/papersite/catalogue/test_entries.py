"""Papers as entries of feeds; the feeds themselves are in test_feeds.py."""

import pytest

from papersite.catalogue import entries
from papersite.catalogue.models import Paper
from tests.factories import AuthorFactory, PaperFactory

pytestmark = pytest.mark.django_db


def test_entries_come_in_the_order_asked_for_without_what_is_hidden() -> None:
    first, second, hidden = PaperFactory.create(), PaperFactory.create(), PaperFactory.create(is_hidden=True)

    found = entries.of_numbers([second.pk, hidden.pk, 0, first.pk])

    assert list(found) == [second.pk, first.pk]


def test_a_note_stands_first_and_is_text() -> None:
    paper = PaperFactory.create(abstract="Once k<n.", summary="Brief & good.")

    entry = entries.of_numbers([paper.pk], {paper.pk: "Read <this>"})[paper.pk]

    assert entry.content.startswith(
        "<p>Your note: Read &lt;this&gt;</p><p>Brief &amp; good.</p><p>Once k&lt;n.</p><p><a href="
    )
    assert entry.summary == "Your note: Read <this>\n\nBrief & good."


def test_an_id_that_comes_later_changes_the_address_and_not_the_name() -> None:
    paper = PaperFactory.create()
    before = entries.of_numbers([paper.pk])[paper.pk]
    Paper.objects.update(arxiv_id="2611.00001")

    after = entries.of_numbers([paper.pk])[paper.pk]

    assert after.id == before.id
    assert (before.url, before.links) != (after.url, after.links)


def test_of_thousands_of_authors_the_first_are_named() -> None:
    paper = PaperFactory.create(by=[AuthorFactory.create(name=f"A {number}") for number in range(103)])

    assert entries.of_numbers([paper.pk])[paper.pk].authors == [f"A {number}" for number in range(100)]
