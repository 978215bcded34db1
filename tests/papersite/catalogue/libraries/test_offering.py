"""What a library has often is offered, and what it has once is not."""

import pytest

from papersite.catalogue.libraries.offering import offers
from papersite.catalogue.sources.library.records import Entry
from tests.factories import AuthorFactory, CategoryFactory, PaperFactory, TopicFactory

pytestmark = pytest.mark.django_db


def test_topics_authors_categories_and_words_that_it_has_often() -> None:
    often, rare = AuthorFactory.create(name="Ada Byron"), AuthorFactory.create(name="Ann Roe")
    topic, rest = TopicFactory.create(slug="graphs"), TopicFactory.create(slug="rest", is_catch_all=True)
    category = CategoryFactory.create(code="cs.LG")
    papers = [
        PaperFactory.create(by=[often, *([rare] if number < 2 else [])], in_topics=[topic, rest],
                            primary_category=category).pk
        for number in range(3)
    ]  # fmt: skip
    entries = [Entry("", title=f"The protein folding of {number} things", keywords=("docking",)) for number in range(3)]

    assert sorted(offers(entries, papers)) == [
        '"protein folding"', "author:Ada Byron", "cs.LG", "search:docking", "topic:graphs",
    ]  # fmt: skip


def test_an_empty_library_offers_nothing() -> None:
    assert offers([], []) == []
