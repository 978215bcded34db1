"""Records of BibTeX and RIS: as old as they say, never of today."""

import io
from datetime import UTC, datetime

import pytest

from papersite.catalogue.sources import bibliography
from papersite.catalogue.sources.records import Rejected, SourcePaper

BIBTEX = r"""@article{a,
  title = {{G}raphs of {M\"u}ller}, author = {Roe, Ann and others}, abstract = {It.}, journal = {Nature}, year = {2015},
  month = mar, doi = {10.1038/nature14539}, note = {With code}
}
@misc{b, title = {Sets}, eprint = {1706.03762}, archiveprefix = {arXiv}, primaryclass = {cs.CL}, year = {2019}}
@misc{c, title = {Old}, year = {1936}}
@misc{d, title = {To come}, year = {2099}, month = dec}
@misc{e, title = {Cut
"""


def bibtex() -> list[SourcePaper | Rejected]:
    return list(bibliography.read_bibtex(io.StringIO(BIBTEX), origin="a.bib"))


def test_what_a_record_tells() -> None:
    first, second, *_ = bibtex()

    assert isinstance(first, SourcePaper)
    assert (first.source, first.place, first.authors, first.has_more_authors) == (
        "bibtex",
        "a.bib, line 1",
        ("Ann Roe",),
        True,
    )
    assert (first.journal_ref, first.doi, first.comment) == ("Nature (2015)", "10.1038/nature14539", "With code")
    assert isinstance(second, SourcePaper)
    assert (second.arxiv_id, second.categories) == ("1706.03762", ("cs.CL",))


def test_it_is_as_old_as_its_id_or_as_its_file_says_and_never_of_today() -> None:
    *papers, broken = bibtex()

    moments = [paper.announced_at for paper in papers if isinstance(paper, SourcePaper)]
    assert moments == [datetime(2015, 3, 1, tzinfo=UTC), datetime(2017, 6, 1, tzinfo=UTC), None, None]
    assert isinstance(broken, Rejected)


@pytest.mark.parametrize("end", ["ER  - \n", ""])
def test_ris_tells_the_same(end: str) -> None:
    text = f"TY  - JOUR\nTI  - Graphs\nAU  - Roe, Ann\nAB  - It.\nPY  - 2015\nT2  - Nature\n{end}"

    (paper,) = bibliography.read_ris(io.StringIO(text), origin="a.ris")

    assert isinstance(paper, SourcePaper)
    assert (paper.source, paper.title, paper.journal_ref) == ("ris", "Graphs", "Nature (2015)")
    assert paper.announced_at == datetime(2015, 1, 1, tzinfo=UTC)
