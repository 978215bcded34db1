"""With whom an author writes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def test_a_name_is_several_peoples_where_its_papers_are_by_groups_that_never_meet(
    django_assert_num_queries: Any,
) -> None:
    common, one, alone, new, head = AuthorFactory.create_batch(5)
    for _ in range(5):
        PaperFactory.create(by=[common, AuthorFactory.create()])
        PaperFactory.create(by=[alone])
        PaperFactory.create(by=[*AuthorFactory.create_batch(2), head])
    PaperFactory.create(by=[head, AuthorFactory.create()])
    group = AuthorFactory.create_batch(6)
    for number in range(5):
        PaperFactory.create(by=[*group[number : number + 2], one])
    PaperFactory.create(by=[new, AuthorFactory.create()])

    many = AuthorFactory.create()
    for place in [0, *[3] * 9]:
        group = AuthorFactory.create_batch(3)
        PaperFactory.create(by=[*group[:place], many, *group[place:]])

    with django_assert_num_queries(2):
        found = co_authors.shared_names({common.pk, one.pk, alone.pk, new.pk, head.pk, many.pk})

    assert found == {common.pk, many.pk}
    with django_assert_num_queries(0):
        assert co_authors.shared_names(set()) == set()


people = st.lists(st.sets(st.integers(1, 12), max_size=4), max_size=10)


@given(people, st.randoms())
def test_groups_are_the_same_in_any_order_and_one_more_paper_joins_or_adds(papers: list[set[int]], chance: Any) -> None:
    count = co_authors.groups(papers)
    mixed = chance.sample(papers, len(papers))

    assert co_authors.groups(mixed) == count
    assert co_authors.groups([*papers, {99}]) == count + 1
    assert co_authors.groups([*papers, set(range(1, 13))]) == 1
