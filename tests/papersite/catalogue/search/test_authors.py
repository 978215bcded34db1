"""Authors named in full or by an initial; more of it in test_compiling.py."""

from typing import Any, cast

import pytest

from papersite.catalogue.search.authors import by_author
from tests.papersite.catalogue.search.held import Held, record

SOURCE = Held(
    record(1, "One", authors=["Chiyu Ma"]),
    record(2, "Two", authors=["Chen Ma", "C. Ma"]),
    record(3, "Three", authors=["Dan Ma"]),
    record(4, "Four", authors=["Eva Sol"]),
    record(5, "Five", authors=["E. Sol", "Chiyu Sol"]),
    record(6, "Six", authors=["Ma Sol"]),
    record(7, "Seven", authors=["Geoffrey E. Hinton", "Conor O'Brien"]),
    record(8, "Eight", authors=["Ann Geoffrey", "E. Hinton"]),
    record(10, "Ten", authors=["Ming-Hsuan Yang", "Jürgen Hu"]),
    record(11, "Eleven", authors=["Manuel Gödel", "Michal Ek"]),
    record(12, "Twelve", authors=["Michael Ek"]),
    record(9, "Nine", authors=["Geoffrey Lee Hinton"]),
)


@pytest.mark.parametrize(
    ("name", "papers"), [(("chiyu", "ma"), {1}), (("c", "ma"), {1, 2}), (("d", "ma"), {3}),
        (("ma",), {1, 2, 3, 6}), (("e", "ma"), set()), (("c",), {2}),
        (("eva", "sol"), {4, 5}), (("ezra", "sol"), set()), (("chen", "ma"), {2}), (("sol",), {4, 5, 6}),
        (("geoffrey", "hinton"), {7}), (("g", "hinton"), {7}), (("hinton", "g"), {7}), (("ma", "d"), {3}),
        (("m", "h", "yang"), {10}), (("m", "k", "yang"), set()), (("juergen", "hu"), {10}), (("goedel",), {11}),
        (("michael", "ek"), {12}), (("manuel", "goedel"), set()),
        (("obrien",), {7}), (("brien",), {7}), (("geoffrey", "lee", "hinton"), {9})]
)  # fmt: skip
def test_by_author_finds_whom_the_name_may_mean(name: tuple[str, ...], papers: set[int]) -> None:
    hits = SOURCE.searcher.search(by_author(SOURCE.searcher, name), 10).hits

    assert {int(n or 0) for n in SOURCE.searcher.fast_field_values("paper", [place for _, place in hits])} == papers


LONG = [f"G{one}{another * 40} Ek" for one in "abcdefghijklmnopqrst" for another in "xyz"]
MANY = Held(*(record(number, "One", authors=[name]) for number, name in enumerate(LONG)))


@pytest.mark.parametrize(
    "name",
    [("g", "ek"), ("g", "g", "ek"), ("g", "g", "g", "ek"), ("gaa", "x" * 1500), ("g", "x" * 1500), ("x" * 1500, "ek"),
     ("g", "c++"), ("c++", "ek"), ("g", "[a"), (".*", "ek"), ("g", ".*", "ek"), ("ek", "g"), ("g", "é" * 300)],
)  # fmt: skip
def test_no_name_is_an_error_of_the_index(name: tuple[str, ...]) -> None:
    """What Tantivy refuses would be taken for a broken index, by which nobody could search."""
    MANY.searcher.search(by_author(MANY.searcher, name), 10)


def test_no_more_initials_are_looked_up_than_somebody_has() -> None:
    asked: list[str] = []

    class Counting:
        def __getattr__(self, name: str) -> Any:
            asked.append(name)
            return getattr(SOURCE.searcher, name)

    by_author(cast("Any", Counting()), ("m", "h", "yang"))
    few = len(asked)
    asked.clear()
    by_author(cast("Any", Counting()), (*"abcdefghijklmnopqrstuvwxyz" * 20, "yang"))

    assert 0 < few <= 3
    assert asked == []
