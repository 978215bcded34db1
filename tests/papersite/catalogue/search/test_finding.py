"""Which papers a search finds, in which order, page by page."""

from collections.abc import Callable, Iterable
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papersite.catalogue import trending
from papersite.catalogue.search import language
from papersite.catalogue.search.finding import DEEPEST, NoSuchPage, Page, Search, among, texts_of
from papersite.catalogue.search.schema import Record
from tests.factories import NOW, PaperFactory
from tests.papersite.catalogue.search.held import Held, found, page, record

TODAY = trending.hours(NOW)


def walk(source: Held, text: str, size: int) -> list[int]:
    """All papers, page by page."""
    ids, after = list[int](), ""
    while True:
        one = page(source, text, after, size)
        ids += one.paper_ids
        if not (after := one.after):
            return ids


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("graph", "relevance"), ("graph sort:new", "new"), ("graph sort:hot", "hot"), ("", "hot"), ("cat:cs", "hot"),
        ("cat:cs sort:relevance", "hot"), ("sort:new", "new"), ("neur*", "relevance"), ("-graph", "hot"),
        ("author:ada", "hot"), ("a OR cat:cs", "relevance"),
    ],
)  # fmt: skip
def test_the_order_is_that_asked_for_or_the_hottest_where_no_word_is(text: str, sort: str) -> None:
    assert Search(language.parse(text), NOW).sort == sort


def some(ages: Iterable[int]) -> list[Record]:
    """Papers of these ages in hours, every third of them warm."""
    return [
        record(
            number, f"Graph {'network' if number % 2 else 'sound'}", announced_at=NOW - timedelta(hours=age),
            heat=TODAY - age + 50.0 * (number % 3 == 0),
        )
        for number, age in enumerate(ages, 1)
    ]  # fmt: skip


def in_order(records: Iterable[Record], sort: str) -> list[int]:
    """As the database orders them."""
    by_sort: dict[str, Callable[[Record], tuple[object, int]]] = {
        "new": lambda one: (one.announced_at, one.paper_id),
        "hot": lambda one: (one.heat, one.paper_id),
    }
    return [one.paper_id for one in sorted(records, key=by_sort[sort], reverse=True)]


pages = st.lists(st.integers(0, 20), max_size=25)


@settings(max_examples=25, deadline=None)
@given(pages, st.integers(1, 8), st.sampled_from(["new", "hot"]))
def test_walking_the_newest_or_hottest_is_the_order_of_the_database(ages: list[int], size: int, sort: str) -> None:
    records = some(ages)

    assert walk(Held(*records), f"graph sort:{sort}", size) == in_order(records, sort)


@settings(max_examples=25, deadline=None)
@given(pages, st.integers(1, 8))
def test_walking_by_relevance_yields_every_paper_once_in_the_order_of_one_page(ages: list[int], size: int) -> None:
    source = Held(*some(ages))

    ids = walk(source, "graph", size)

    assert ids == page(source, "graph", size=100).paper_ids
    assert sorted(ids) == list(range(1, len(ages) + 1))


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7])
def test_papers_with_some_words_follow_those_with_all_whatever_the_size_of_a_page(size: int) -> None:
    source = Held(*(record(number, "Graph network" if number <= 4 else "Network") for number in range(1, 8)))

    ids = walk(source, "graph network", size)

    assert (sorted(ids[:4]), sorted(ids[4:])) == ([1, 2, 3, 4], [5, 6, 7])


def test_walking_by_relevance_crosses_the_windows_it_is_refined_in() -> None:
    source = Held(*(record(number, "Graphs", heat=TODAY - number % 7) for number in range(1, 251)))

    assert sorted(walk(source, "graphs", 30)) == list(range(1, 251))
    assert walk(source, "graphs", 30)[:90] == walk(source, "graphs", 45)[:90]


def test_a_page_says_how_many_there_are_wherever_it_lies() -> None:
    source = Held(*some(range(7)))

    for text in ("graph sort:new", "graph sort:hot", "graph"):
        first = page(source, text, size=3)
        second = page(source, text, first.after, size=3)
        assert (first.total, second.total, len(second.paper_ids)) == (7, 7, 3)


@pytest.mark.parametrize("sort", ["new", "hot"])
def test_a_page_stays_the_same_when_papers_are_added_in_front(sort: str) -> None:
    records = some(range(6))
    first = page(Held(*records), f"graph sort:{sort}", size=2)
    newer = [
        record(number, "Graph", announced_at=NOW + timedelta(days=1), heat=TODAY + 1000) for number in range(100, 105)
    ]

    before = page(Held(*records), f"graph sort:{sort}", first.after, size=2)
    later = page(Held(*records, *newer), f"graph sort:{sort}", first.after, size=2)

    assert (later.paper_ids, later.after) == (before.paper_ids, before.after)
    assert later.total == before.total + 5


FORGED = ["x", "hot", "hot-", "hot-x", "hot--", "hot-1e5", "hot-٣", "hot- 5", f"hot-{1 << 63}", "hot-" + "9" * 30, "-5"]


@pytest.mark.parametrize("after", [*FORGED, "new-5", "relevance-20", "HOT-5"])
def test_a_cursor_that_no_page_of_this_order_gave_is_no_page(after: str) -> None:
    with pytest.raises(NoSuchPage):
        page(Held(record(1, "Graph")), "graph sort:hot", after)


@pytest.mark.parametrize("after", [f"relevance-{DEEPEST}", "relevance-100000", "new-5", "hot-5", "relevance-x"])
def test_nobody_reads_so_far_by_relevance(after: str) -> None:
    with pytest.raises(NoSuchPage):
        page(Held(record(1, "Graph")), "graph", after)


def test_a_paper_colder_than_any_day_still_has_a_next_page() -> None:
    source = Held(*(record(number, "Graph", heat=-float(number)) for number in (1, 2, 3)))

    assert walk(source, "graph sort:hot", 1) == [1, 2, 3]


def test_nothing_asked_for_is_every_paper() -> None:
    records = some(range(5))

    assert found(Held(*records), "") == in_order(records, "hot")
    assert found(Held(*records), "sort:new") == in_order(records, "new")


def test_an_empty_index_has_one_empty_page() -> None:
    for text in ("graph", "graph network", "", "sort:new"):
        assert page(Held(), text) == Page([], 0)


@pytest.mark.django_db
def test_texts_of_are_what_papers_say_in_the_order_of_their_numbers() -> None:
    one = PaperFactory.create(title="One", abstract="A.", summary="S.")
    two = PaperFactory.create(title="Two", abstract="B.")

    assert texts_of([two.pk, one.pk]) == ["One\nA.\nS.", "Two\nB.\n"]


def test_among_finds_only_those_of_the_given_papers() -> None:
    source = Held(*[record(number, "Graph" if number % 2 else "Sound") for number in range(1, 9)])
    nodes = [language.parse(text).node for text in ("graph", "sound", "video", "")]

    assert among(nodes, [1, 2, 3, 99], source) == [{1, 3}, {2}, set(), set()]
    assert among(nodes, [], source) == [set()] * 4
