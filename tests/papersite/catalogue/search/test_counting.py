"""How a search's papers spread."""

from datetime import date, timedelta
from typing import Any

import pytest

from papersite.catalogue.search import language
from papersite.catalogue.search.counting import SHOWN, counts, since
from papersite.catalogue.search.finding import Search
from papersite.catalogue.search.folder import Folder, Unavailable
from papersite.catalogue.search.reading import Reader
from tests.factories import NOW
from tests.papersite.catalogue.search.held import Held, record

TODAY = NOW.date()


def ago(days: int, **fields: Any) -> dict[str, Any]:
    return {"announced_at": NOW - timedelta(days=days), **fields}


SOURCE = Held(
    record(1, "Graph", **ago(0, topics=["graphs", "agents"], categories=["cs.LG", "math.CO"], has_code=True)),
    record(2, "Graph", **ago(1, topics=["graphs"], categories=["cs.LG"])),
    record(3, "Graph", **ago(7, topics=["graphs"], categories=["cs.AI"], has_code=True)),
    record(4, "Graph", **ago(31)),
    record(5, "Graph", **ago(366, categories=["cs.LG"])),
    record(6, "Graph", **ago(367)),
    record(7, "Sound", **ago(0, topics=["sound"], categories=["cs.SD"], has_code=True)),
)


def count(text: str) -> Any:
    return counts(language.parse(text).node, TODAY, SOURCE)


def test_counts_are_those_of_the_papers_that_fit_the_most_first() -> None:
    found = count("graph")

    assert found.topics == [("graphs", 3), ("agents", 1)]
    assert (found.categories[0], sorted(found.categories[1:])) == (("cs.lg", 3), [("cs.ai", 1), ("math.co", 1)])
    assert found.with_code == 2


def test_counts_since_a_day_hold_all_that_is_newer() -> None:
    assert [(begin, number) for begin, _, number in count("graph").since] == [
        (date(2026, 11, 22), 2), (date(2026, 11, 16), 3), (date(2026, 10, 23), 4), (date(2025, 11, 22), 5),
    ]  # fmt: skip


def test_counts_since_a_day_are_what_a_search_after_it_finds() -> None:
    for begin, _, number in count("graph").since:
        assert number == Search(language.parse(f"graph after:{begin}"), NOW, source=SOURCE).page().total


def test_counts_of_nothing_asked_for_are_those_of_all_papers() -> None:
    assert dict(count("").topics) == {"graphs": 3, "agents": 1, "sound": 1}
    assert count("").with_code == 3


def test_counts_of_nothing_found_are_none() -> None:
    found = count("nowhere")

    assert (found.topics, found.categories, found.with_code) == ([], [], 0)
    assert [number for _, _, number in found.since] == [0, 0, 0, 0]


def test_a_paper_announced_tomorrow_counts_as_new() -> None:
    source = Held(record(1, "Graph", **ago(-1)))

    assert [number for _, _, number in counts(None, TODAY, source).since] == [1, 1, 1, 1]


def test_only_so_many_are_shown() -> None:
    source = Held(record(1, "Graph", topics=[f"topic-{number}" for number in range(SHOWN + 3)]))

    assert len(counts(None, TODAY, source).topics) == SHOWN


def test_counts_without_an_index_are_unavailable(tmp_path: Any) -> None:
    with pytest.raises(Unavailable):
        counts(None, TODAY, Reader(Folder(tmp_path)))


def test_since_counts_each_search_from_a_day_on() -> None:
    nodes = [language.parse(text).node for text in ("graph", "cat:cs.LG", "sound", "video", "")]

    assert since(nodes, TODAY - timedelta(days=7), SOURCE) == [3, 2, 1, 0, 0]
