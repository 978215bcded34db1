"""CSL JSON of Zotero, Better BibTeX and pandoc."""

import json
from datetime import date
from typing import Any

import pytest

from papersite.catalogue.sources.library import csl
from papersite.catalogue.sources.records import Rejected, SourceError

ITEM = {
    "id": "http://zotero.org/users/1/items/A",
    "type": "article",
    "abstract": "It.",
    "DOI": "10.48550/arXiv.1706.03762",
    "note": "arXiv:1706.03762 [cs]\nRead_Status: Read\nThe one with the heads.",
    "number": "arXiv:1706.03762",
    "publisher": "arXiv",
    "title": "Attention Is All You Need",
    "URL": "http://arxiv.org/abs/1706.03762",
    "author": [{"family": "Vaswani", "given": "Ashish"}, {"literal": "Qwen Team"}],
    "issued": {"date-parts": [["2017", 6, 12]]},
}


def read(items: Any) -> list[Any]:
    return list(csl.read([json.dumps(items)], origin="library.json"))


def test_an_item_of_zotero() -> None:
    (found,) = read([ITEM])

    assert (found.title, found.arxiv_id, found.doi, found.year) == ("Attention Is All You Need", "1706.03762", "", 2017)
    assert found.authors == ("Ashish Vaswani", "Qwen Team")
    assert (found.note, found.is_read) == ("The one with the heads.", True)


@pytest.mark.parametrize(
    "item",
    [
        {"title": ["X"], "author": "Ada", "issued": "2017", "DOI": 7, "URL": None},
        {"title": "X", "author": [1, None, {}], "issued": {"date-parts": [[]]}},
        {"title": "X", "issued": {"raw": "June 2017"}, "keyword": [], "note": {}},
        {"title": "X", "issued": {"date-parts": "2017"}, "author": {"family": "Ada"}},
    ],
)
def test_odd_shapes_are_read_as_far_as_they_go(item: dict[str, Any]) -> None:
    (found,) = read([item])

    assert (found.title, found.authors) == ("X", ())


def test_what_is_no_item_is_told_and_what_is_no_list_refused() -> None:
    assert read([1, ITEM])[0] == Rejected("library.json, entry 1", "not an object", "1")
    with pytest.raises(SourceError):
        list(csl.read(['[{"title": "X"'], origin="library.json"))


@pytest.mark.parametrize(
    ("issued", "year", "day"),
    [
        ("2019-05-24", 2019, date(2019, 5, 24)), ("2019-05", 2019, date(2019, 5, 1)), ("2019", 2019, None),
        (2019, 2019, None), ({"date-parts": [2018, "3"]}, 2018, date(2018, 3, 1)), ("2019-21", 2019, None),
        ({"date-parts": [[2018], [2019]]}, 2018, None), ("soon", None, None),
    ],
)  # fmt: skip
def test_dates_that_are_texts_or_flat(issued: Any, year: int | None, day: date | None) -> None:
    (found,) = read([{"title": "X", "issued": issued, "author": ["Roe, Ann", {"name": "Bo Diaz"}]}])

    assert (found.year, found.on, found.authors) == (year, day, ("Ann Roe", "Bo Diaz"))
