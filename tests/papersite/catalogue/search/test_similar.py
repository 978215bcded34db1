"""Papers like a paper."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from papersite.catalogue.search.folder import Folder, Unavailable
from papersite.catalogue.search.reading import Reader
from papersite.catalogue.search.similar import telling, to_paper, to_text
from tests.factories import NOW
from tests.papersite.catalogue.search.held import Held, record

GRAPHS = "Graph networks for molecules"
SOURCE = Held(
    record(1, GRAPHS, abstract="We train them on molecules."),
    record(2, "Molecules and their graphs", abstract="A network."),
    record(3, "Speech in noise", abstract="We train them on audio."),
    record(4, "Audio of speech", abstract="A noise."),
)


def test_to_text_finds_the_paper_itself_first_and_then_the_most_like_it() -> None:
    assert to_text(GRAPHS, "We train them on molecules.", size=2, source=SOURCE) == [1, 2]


def test_the_title_counts_for_more_than_the_abstract() -> None:
    assert to_text("Speech", "molecules", size=4, source=SOURCE)[0] in (3, 4)


@pytest.mark.parametrize("text", ["", "of the and", "nowhere", "x y z"])
def test_a_text_without_a_telling_word_is_like_no_paper(text: str) -> None:
    assert to_text(text, "", size=3, source=SOURCE) == []


def test_telling_words_are_often_in_the_text_and_seldom_elsewhere() -> None:
    counts = Counter({"graph": 4, "train": 1, "network": 1, "the": 9, "a": 9, "nowhere": 3})

    found = telling(SOURCE.searcher, counts, 10)

    assert found[0][0] == "graph"
    assert {word for word, _ in found} == {"graph", "train", "network"}
    assert telling(SOURCE.searcher, counts, 1) == found[:1]


def test_telling_words_of_equal_weight_come_in_one_order() -> None:
    words = ["speech", "nois", "audio"]

    one, other = Counter(words), Counter(reversed(words))

    assert telling(SOURCE.searcher, one, 3) == telling(SOURCE.searcher, other, 3)


def test_without_an_index_there_is_no_answer(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        to_text(GRAPHS, "", size=3, source=Reader(Folder(tmp_path)))


LONG_AGO = date(2000, 1, 1)


def test_to_paper_says_how_much_others_are_like_it_beside_itself() -> None:
    alike = to_paper(1, GRAPHS, "We train them on molecules.", since=LONG_AGO, size=4, source=SOURCE)

    assert list(alike) == [2, 3]
    assert 1 > alike[2] > alike[3] > 0


def test_to_paper_looks_at_recent_papers_only_though_it_is_old_itself() -> None:
    old = NOW - timedelta(days=90)
    source = Held(
        record(1, GRAPHS, abstract="Atoms.", announced_at=old),
        record(2, GRAPHS, abstract="Bonds.", announced_at=old),
        record(3, GRAPHS, abstract="Rings."),
    )

    alike = to_paper(1, GRAPHS, "Atoms.", since=NOW.date() - timedelta(days=7), size=4, source=source)

    assert list(alike) == [3]


@pytest.mark.parametrize(("paper_id", "title"), [(99, GRAPHS), (1, "of the and")])
def test_to_paper_finds_nothing_like_a_paper_that_is_not_there_or_says_nothing(paper_id: int, title: str) -> None:
    assert to_paper(paper_id, title, "", since=LONG_AGO, size=4, source=SOURCE) == {}


def test_meaning_counts_beside_words_where_it_is_known() -> None:
    close = {2: 0.1, 3: 0.9, 4: 0.95}
    text = "Graph molecules speech", "Audio in noise and networks."

    by_words = to_text(*text, size=4, source=SOURCE)
    by_both = to_text(
        *text, size=4, source=SOURCE, closeness=lambda ids: {one: close[one] for one in ids if one in close}
    )

    assert set(by_both) == set(by_words)
    assert [one for one in by_both if one in (3, 4)] == [4, 3] or by_both.index(2) > by_both.index(3)


def test_without_vectors_meaning_changes_nothing() -> None:
    assert to_text(GRAPHS, "audio", size=4, source=SOURCE, closeness=lambda ids: {}) == to_text(
        GRAPHS, "audio", size=4, source=SOURCE
    )
    alike = to_paper(1, GRAPHS, "molecules", since=LONG_AGO, size=3, source=SOURCE)
    assert to_paper(1, GRAPHS, "molecules", since=LONG_AGO, size=3, source=SOURCE, closeness=lambda ids: {}) == alike


def test_papers_close_in_meaning_are_more_alike() -> None:
    alike = to_paper(1, GRAPHS, "molecules", since=LONG_AGO, size=3, source=SOURCE)
    both = to_paper(1, GRAPHS, "molecules", since=LONG_AGO, size=3, source=SOURCE, closeness=lambda ids: {2: 1.0})

    assert both[2] == pytest.approx((alike[2] + 1) / 2)
