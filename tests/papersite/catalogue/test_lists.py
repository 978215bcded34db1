"""Lists that go on by key: each paper once, in order, at the same cost however deep."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from papersite.catalogue import lists
from papersite.catalogue.heat import scoring
from papersite.catalogue.lists import Key, NoSuchPage, Page
from papersite.catalogue.models import Author, Category, Paper, Topic
from tests.factories import NOW, AuthorFactory, CategoryFactory, PaperFactory, TopicFactory

pytestmark = pytest.mark.django_db

KINDS: dict[str, Callable[[lists.Part], Page]] = {
    "all": lambda part: lists.of_heat(Paper.objects.visible(), part),
    "topic": lambda part: lists.of_topic(Topic.objects.get(), part),
    "category": lambda part: lists.of_category(Category.objects.get(), part),
    "author": lambda part: lists.of_author(Author.objects.get(), part),
}


def make(count: int) -> list[int]:
    """Papers in threes of one heat; their numbers, the hottest first."""
    topic, author, category = TopicFactory.create(), AuthorFactory.create(), CategoryFactory.create()
    for number in range(count):
        paper = PaperFactory.create(in_topics=[topic], by=[author], heat=1 / 3 + number // 3)
        paper.categories.add(category)
    PaperFactory.create(in_topics=[topic], by=[author], is_hidden=True)
    return list(Paper.objects.trending().values_list("pk", flat=True))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [1, 4, 30])
def test_pages_hold_each_paper_once_and_in_order(kind: str, size: int) -> None:
    expected = make(8)

    found: list[int] = []
    page = KINDS[kind](lists.Part(size=size))
    assert page.is_first
    while True:
        assert len(page.papers) == min(size, len(expected) - len(found))
        found += [paper.pk for paper in page.papers]
        if not page.after:
            break
        page = KINDS[kind](lists.Part(page.after, size))
        assert not page.is_first

    assert found == expected


@pytest.mark.parametrize("kind", KINDS)
def test_a_deep_page_costs_what_the_first_costs(kind: str, django_assert_num_queries: Any) -> None:
    make(70)
    cost = 1
    owner = 0 if kind == "all" else 1  # the test's own look-up

    after = ""
    for _ in range(3):
        with django_assert_num_queries(cost + owner):
            page = KINDS[kind](lists.Part(after))
        after = page.after


@pytest.mark.parametrize(
    "written", ["x", "1", "_1", "1_", "1.2.3_4", "nan_1", "inf_1", "1_-1", " 1_1", "1" * 40 + "_1"]
)
def test_what_is_no_key_is_no_page(written: str) -> None:
    make(3)

    with pytest.raises(NoSuchPage):
        KINDS["all"](lists.Part(written))


def test_past_the_end_is_no_page_but_an_empty_list_has_one() -> None:
    assert KINDS["all"](lists.Part()) == Page([], "", True, beside=[])
    with pytest.raises(NoSuchPage):
        KINDS["all"](lists.Part("5.0_5"))


@given(st.floats(-1e6, 1e6) | st.floats(-0.01, 0.01), st.integers(1, 10**17))
@example(0.00012345678901234567, 1)
@example(-0.0010898078148805217, 10**17)
@example(5e-324, 1)
@example(-999999.9999999999, 1)
def test_a_key_is_read_as_it_was_written(heat: float, pk: int) -> None:
    assert Key.read(str(Key(heat, pk))) == Key(heat, pk)


@pytest.mark.parametrize("kind", ["topic", "category", "author"])
def test_a_list_of_a_time_holds_what_was_announced_since_and_a_curators_hand_moves_nothing_out(kind: str) -> None:
    topic, author, category = TopicFactory.create(), AuthorFactory.create(), CategoryFactory.create()
    since = NOW - timedelta(days=2)
    for title, moment, boost in [
        ("Old and hot", since - timedelta(seconds=1), 500), ("First", since, 0), ("New", NOW, 0),
        ("Put back", NOW, -200),
    ]:  # fmt: skip
        paper = PaperFactory.create(in_topics=[topic], by=[author], title=title, announced_at=moment, boost=boost)
        paper.categories.add(category)
    scoring.rescore()
    owner: Any = {"topic": topic, "category": category, "author": author}[kind]

    page = getattr(lists, f"of_{kind}")(owner, lists.Part(since=since), 4)

    assert [paper.title for paper in page.papers] == ["New", "First", "Put back"]
    assert page.count is None
