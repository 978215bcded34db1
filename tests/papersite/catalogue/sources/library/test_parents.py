"""What entries of BibTeX have from the volumes that they stand in, and from what was written apart."""

import io
import itertools
from datetime import date

import pytest

from papersite.catalogue.sources.library import bibtex, parents
from papersite.catalogue.sources.library.records import Entry
from papersite.catalogue.sources.records import Rejected

# As DBLP hands it out.
PAPER = """@inproceedings{DBLP:conf/icml/Byron26,
  author       = {Ada Byron},
  title        = {Graphs of Graphs},
  pages        = {1--9},
  crossref     = {DBLP:conf/icml/2026},
  doi          = {10.1000/graphs}
}
"""
VOLUME = """@proceedings{DBLP:conf/icml/2026,
  editor       = {Grace Hopper},
  title        = {International Conference on Machine Learning, {ICML} 2026},
  series       = {Proceedings of Machine Learning Research},
  volume       = {202},
  publisher    = {PMLR},
  year         = {2026},
  month        = jul,
  url          = {https://arxiv.org/abs/2601.00001v1},
  doi          = {10.1000/icml.2026},
  abstract     = {A volume.},
  keywords     = {everything}
}
"""


def read(text: str) -> list[Entry | Rejected]:
    return list(bibtex.read(io.StringIO(text), origin="library.bib"))


def entries(text: str) -> list[Entry]:
    return [one for one in read(text) if isinstance(one, Entry)]


@pytest.mark.parametrize("written", [PAPER + VOLUME.replace("url ", "was "), VOLUME.replace("url ", "was ") + PAPER])
def test_a_paper_has_from_its_volume_what_it_lacks_and_the_volume_is_no_paper(written: str) -> None:
    (paper,) = read(written)

    assert isinstance(paper, Entry)
    assert paper.journal == "International Conference on Machine Learning, ICML 2026, 202, 1-9 (2026)"
    assert (paper.year, paper.on) == (2026, date(2026, 7, 1))
    # Neither who made the volume nor what it is known by.
    assert (paper.authors, paper.doi, paper.arxiv_id) == (("Ada Byron",), "10.1000/graphs", "")
    assert (paper.abstract, paper.keywords) == ("", ())


def test_a_volume_that_arxiv_has_is_a_paper_too_and_so_is_one_that_nobody_stands_in() -> None:
    assert {one.arxiv_id for one in entries(PAPER + VOLUME)} == {"", "2601.00001"}
    assert [one.title[:13] for one in entries(VOLUME)] == ["International"]
    book = "@book{b, title={A Book}, author={Ada Byron}, year={2001}}\n@inbook{c, title={A Chapter}, crossref={B}}\n"
    assert [(one.title, one.authors, one.journal) for one in entries(book)] == [
        ("A Book", ("Ada Byron",), ""),
        ("A Chapter", ("Ada Byron",), "A Book (2001)"),
    ]


def test_its_own_words_count_and_two_dates_are_never_mixed() -> None:
    own = PAPER.replace("pages ", "booktitle = {ICML}, year = {2025}, pages ")
    (paper,) = entries(own + VOLUME.replace("month ", "date = {2026-07-13}, was ").replace("url ", "x "))

    assert paper.journal == "ICML, 202, 1-9 (2025)"
    assert (paper.year, paper.on) == (2025, None)


def test_a_volume_may_say_what_its_papers_write_for_it() -> None:
    volume = VOLUME.replace("series ", "booktitle = {Proc. of ICML}, series ").replace("url ", "x ")

    (paper,) = entries(PAPER + volume)

    assert paper.journal == "Proc. of ICML, 202, 1-9 (2026)"


def test_what_is_written_apart_is_shared_and_no_entry() -> None:
    apart = "@xdata{lncs, publisher={Springer}, xdata={of-2026, nowhere}}\n@xdata{of-2026, year={2026}}\n"
    paper = "@inproceedings{a, title={A}, booktitle={Of A}, xdata={LNCS}}\n"

    for written in (apart + paper, paper + apart):
        (found,) = read(written)
        assert isinstance(found, Entry)
        assert (found.year, found.journal) == (2026, "Of A (2026)")


@pytest.mark.parametrize(
    "written",
    [
        "@inproceedings{a, title={A}, crossref={a}}\n",
        "@inproceedings{a, title={A}, crossref={b}}\n@book{b, title={B}, crossref={a}}\n",
        "@inproceedings{a, title={A}, xdata={x,y}}\n@xdata{x, xdata={y,x}}\n@xdata{y, xdata={x,y}}\n",
        "@inproceedings{a, title={A}, crossref={nobody}}\n",
        "@inproceedings{, title={A}, crossref={}}\n",
    ],
)
def test_who_names_themselves_or_nobody_is_read_all_the_same(written: str) -> None:
    assert "A" in {one.title for one in entries(written)}


def test_a_long_chain_ends() -> None:
    links = [f"@book{{k{n}, title={{T{n}}}, crossref={{k{n + 1}}}}}\n" for n in range(1000)]
    last = "@book{k1000, year={1999}}\n"

    assert len(entries("".join(links) + last)) == 1001
    assert [one.year for one in entries("".join(links[-5:]) + last)][:5] == [1999] * 5


def test_of_two_volumes_with_one_key_the_first_counts_and_long_values_stay_where_they_are() -> None:
    second = VOLUME.replace("202", "9").replace("2026}", "2027}").replace("url ", "x ")
    long = VOLUME.replace("PMLR", "P" * 2000).replace("202}", "2" * 2000 + "}").replace("url ", "x ")

    assert entries(PAPER + VOLUME.replace("url ", "x ") + second)[0].year == 2026
    assert "222" not in entries(PAPER + long)[0].journal


def test_a_file_beyond_all_room_goes_on_without_holding_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parents, "ROOM", 50_000)
    read_so_far = 0

    def lines() -> itertools.chain[str]:
        def counted(number: int) -> str:
            nonlocal read_so_far
            read_so_far = number
            volume = f"@proceedings{{v{number}, title={{Volume}}, year={{{1900 + number % 100}}}}}\n"
            return f"@inproceedings{{p{number}, title={{Paper {number}}}, crossref={{v{number}}}}}\n{volume}"

        return itertools.chain.from_iterable(counted(number).splitlines(keepends=True) for number in range(3000))

    found = bibtex.read(lines(), origin="library.bib")
    first = next(found)
    assert read_so_far < 1000
    rest = [first, *found]

    assert len(rest) == 3000
    assert all(isinstance(one, Entry) and one.year == 1900 + int(one.title.split()[1]) % 100 for one in rest)


def test_what_waits_for_nobody_who_comes_goes_once_there_is_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parents, "ROOM", 20_000)
    orphans = "".join(f"@inproceedings{{p{n}, title={{Paper {n}}}, crossref={{v{n}}}}}\n" for n in range(500))

    assert len(entries(orphans)) == 500
