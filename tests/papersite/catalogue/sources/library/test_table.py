"""Tables of Zotero, of this site, and of others that name their columns much alike."""

import csv
import io
from typing import Any

import pytest

from papersite.catalogue.sources.library import table
from papersite.catalogue.sources.records import SourceError

ZOTERO = {
    "Key": "ABCD1234", "Item Type": "preprint", "Publication Year": "2017", "Author": "Vaswani, Ashish; Shazeer, Noam",
    "Title": "Attention Is All You Need", "Publication Title": "", "DOI": "10.48550/arXiv.1706.03762",
    "Url": "http://arxiv.org/abs/1706.03762", "Abstract Note": "It.", "Date": "2017-06-12",
    "Date Added": "2024-01-02 03:04:05", "Extra": "arXiv:1706.03762 [cs]", "Notes": "<p>The one, with heads.</p>",
    "Manual Tags": "heads; read", "Archive": "arXiv",
}  # fmt: skip
OURS = {
    "title": "'-1 is not a title", "authors": "Ada Byron; Ann Roe", "announced": "2017-06-12", "arxiv_id": "1706.03762",
    "doi": "10.1/x", "address": "https://arxiv.org/abs/1706.03762", "pdf": "", "code": "", "note": "Mine.",
    "saved_at": "2024-01-02T03:04:05+00:00", "read_at": "2024-02-03T04:05:06+00:00",
}  # fmt: skip


def read(*rows: dict[str, str], delimiter: str = ",") -> list[Any]:
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0], delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return list(table.read(io.StringIO(text.getvalue()), origin="library.csv"))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_row_of_zotero(delimiter: str) -> None:
    (found,) = read(ZOTERO, delimiter=delimiter)

    assert (found.title, found.arxiv_id, found.doi, found.year) == ("Attention Is All You Need", "1706.03762", "", 2017)
    assert found.authors == ("Ashish Vaswani", "Noam Shazeer")
    assert (found.note, found.is_read, found.keywords) == ("The one, with heads.", True, ("heads",))
    assert f"{found.added_at:%Y-%m-%d}" == "2024-01-02"


def test_a_row_of_this_site_s_own_list() -> None:
    (found,) = read(OURS)

    assert (found.title, found.authors) == ("-1 is not a title", ("Ada Byron", "Ann Roe"))
    assert (found.arxiv_id, found.note, found.is_read) == ("1706.03762", "Mine.", True)
    assert f"{found.read_at:%Y-%m-%d}" == "2024-02-03"


def test_a_table_without_titles_or_with_a_field_without_end_is_refused() -> None:
    for text, says in (("author,year\nx,1\n", "no column called Title"), ('title,year\n"' + "x" * 200_000, "line 2: ")):
        with pytest.raises(SourceError, match=says):
            list(table.read(io.StringIO(text), origin="library.csv"))


def test_short_and_long_rows_are_read_as_far_as_they_go() -> None:
    text = "title,doi\nOne\n\nTwo,10.1000/x,more,and more\n"

    found: list[Any] = list(table.read(io.StringIO(text), origin=""))
    assert [(one.title, one.doi) for one in found] == [
        ("One", ""),
        ("Two", "10.1000/x"),
    ]


def test_full_names_without_a_databases_numbers() -> None:
    full = {"Author full names": "Roe, Ann (57210001); Doe, Bo (57210002)"}
    (found,) = read({"Authors": "Roe A.; Doe B.", **full, "Title": "One", "Year": "2021"})

    assert found.authors == ("Ann Roe", "Bo Doe")
