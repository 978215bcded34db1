"""RIS as real programs write it: with ends and without, with one blank or two, broken over lines."""

import io
from typing import Any

import pytest

from papersite.catalogue.sources.library import ris
from papersite.catalogue.sources.records import Rejected

ZOTERO = """TY  - GEN
TI  - Attention Is All You Need
AU  - Vaswani, Ashish
AU  - Shazeer, Noam
AB  - The dominant sequence transduction models.
DA  - 2017/06/12/
PY  - 2017
DO  - 10.48550/arXiv.1706.03762
DP  - arXiv.org
PB  - arXiv
UR  - http://arxiv.org/abs/1706.03762
KW  - read
KW  - heads
N1  - arXiv:1706.03762 [cs]
N1  - <p>The one with the heads.</p>
ER  -

"""
MENDELEY = """TY  - JOUR
T1  - Attention Is All You Need
A1  - Vaswani, Ashish
Y1  - 2017/06/12
N2  - It.
JF  - arXiv
UR  - http://arxiv.org/abs/1706.03762
RN  - The one with the heads.
ER  -
"""
ENDNOTE = (
    "TY  - JOUR\r\nAU  - Vaswani, Ashish\r\nPY  - 2017\r\nTI  - Attention Is\r\n"
    "All You Need\r\nJO  - arXiv preprint arXiv:1706.03762\r\nID  - 1\r\n\r\n"
)
READCUBE = """TY  - JOUR
AU  - Vaswani, Ashish
T1  - Attention Is All You Need
JO  - arXiv
M1  - 1706.03762
M3  - 10.48550/arXiv.1706.03762
L1  - https://arxiv.org/pdf/1706.03762.pdf
PY  - 2017
ER  -
"""
ONE_BLANK = (
    "TY - JOUR\nTI - Attention Is All You Need\nAU - Vaswani, Ashish\n"
    "PY - 2017\nUR - https://arxiv.org/abs/1706.03762v1\nER -\n"
)


def read(text: str) -> list[Any]:
    return list(ris.read(io.StringIO(text, newline=None), origin="library.ris"))


@pytest.mark.parametrize("text", [ZOTERO, MENDELEY, ENDNOTE, READCUBE, ONE_BLANK])
def test_the_same_paper_of_every_program(text: str) -> None:
    (found,) = read(text)

    assert found.title == "Attention Is All You Need"
    assert found.authors[0] == "Ashish Vaswani"
    assert (found.arxiv_id, found.year, found.doi) == ("1706.03762", 2017, "")


def test_notes_and_marks_come_along() -> None:
    (zotero,), (mendeley,) = read(ZOTERO), read(MENDELEY)

    assert (zotero.note, zotero.is_read, zotero.keywords) == ("The one with the heads.", True, ("heads",))
    assert (mendeley.note, mendeley.abstract) == ("The one with the heads.", "It.")


def test_records_without_an_end_are_parted_by_the_next_beginning() -> None:
    assert [entry.title for entry in read("TY  - JOUR\nTI  - One\nTY  - JOUR\nTI  - Two\nER  - \nTI  - Lost\n")] == [
        "One",
        "Two",
    ]


def test_what_was_published_keeps_its_doi_and_its_place() -> None:
    (found,) = read(
        "TY  - JOUR\nTI  - X\nT2  - Nature\nVL  - 521\nSP  - 436\nEP  - 444\nPY  - 2015\nDO  - 10.1038/nature14539\n"
    )

    assert (found.journal, found.doi) == ("Nature, 521, 436-444 (2015)", "10.1038/nature14539")


def test_a_name_with_a_suffix_and_a_group_are_names() -> None:
    (found,) = read("TY  - JOUR\nTI  - X\nAU  - Daumé, Hal, III\nAU  - Qwen Team\nER  - \n")

    assert found.authors == ("Hal Daumé III", "Qwen Team")


def test_a_record_of_more_lines_than_any_is_told() -> None:
    assert read("TY  - JOUR\n" + "AU  - a\n" * 30_000) == [
        Rejected("library.ris, line 1", "it has more than 20000 lines")
    ]


@pytest.mark.parametrize("text", ["", "ER  - \n", "TI  - X\n", "TY  - \n", "TY\n", "TY  - JOUR\nmore\n\x0c\n"])
def test_nonsense_is_no_error(text: str) -> None:
    assert all(not entry.title for entry in read(text))


def test_a_doi_where_the_kind_of_work_stands_and_no_journal_of_pages_alone() -> None:
    (found,) = read("TY  - CONF\nT1  - One\nM3  - doi: 10.1109/CVPR.2016.90\nSP  - 770\nEP  - 778\nER  - \n")

    assert (found.doi, found.journal) == ("10.1109/CVPR.2016.90", "")


def test_what_databases_count_is_nobodys_note() -> None:
    counted = "Times Cited in Web of Science Core Collection:  100\nTotal Times Cited:  120"
    (found,) = read(
        f"TY  - CONF\nTI  - One\nC3  - Proc. Graphs\nPY  - 2016\nN1  - {counted}\nN1  - Cited By :9\nN1  - Mine\n"
    )

    assert (found.note, found.journal) == ("Mine", "Proc. Graphs (2016)")
