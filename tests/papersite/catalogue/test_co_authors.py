"""With whom an author writes."""

from typing import Any

import pytest

from papersite.catalogue import co_authors
from tests.factories import AuthorFactory, PaperFactory

pytestmark = pytest.mark.django_db


def test_those_who_share_most_come_first(django_assert_num_queries: Any) -> None:
    ada, often, once, hidden = AuthorFactory.create_batch(4)
    PaperFactory.create_batch(2, by=[ada, often])
    PaperFactory.create(by=[once, ada])
    PaperFactory.create(by=[ada, hidden], is_hidden=True)

    with django_assert_num_queries(2):
        assert [one.pk for one in co_authors.of(ada)] == [often.pk, once.pk]
    assert co_authors.of(hidden) == []


def test_of_a_thousand_names_only_the_first_count() -> None:
    authors = AuthorFactory.create_batch(40)
    PaperFactory.create(by=authors)

    assert {one.pk for one in co_authors.of(authors[0])} <= {one.pk for one in authors[1:30]}
