"""Entries meet their papers by arXiv id, DOI and title, and nobody else's."""

from typing import Any

import pytest

from papersite.catalogue.libraries.recognising import recognise
from papersite.catalogue.sources.library.records import Entry
from tests.factories import AuthorFactory, PaperFactory

pytestmark = pytest.mark.django_db
LONG = "Learning to speak of graphs with large models of language"


def found(**told: Any) -> int | None:
    return recognise([Entry("line 1", **told)])[0]


@pytest.fixture
def paper() -> int:
    by = [AuthorFactory.create(name="Ada Byron"), AuthorFactory.create(name="Jörg van der Müller")]
    return PaperFactory.create(title=LONG, arxiv_id="2611.00001", doi="10.1000/ABC", by=by).pk


def test_by_its_arxiv_id_and_its_doi_whatever_the_title(paper: int) -> None:
    assert found(title="Another", arxiv_id="2611.00001") == paper
    assert found(title="Another", doi="https://doi.org/10.1000/abc") == paper
    assert found(title="Another", doi="10.1000/other", arxiv_id="2611.99999") is None


@pytest.mark.parametrize("author", ["Ada Byron", "A. Byron", "Jörg van der Müller", r"J{\"o}rg van der M{\"u}ller"])
def test_by_its_title_in_any_spelling_if_its_people_agree(paper: int, author: str) -> None:
    assert found(title=f"{LONG.upper()}.", authors=(author,)) == paper
    assert found(title=f"{{{LONG}}}", authors=(author,), year=2019) == paper
    assert found(title=LONG, authors=("Ann Roe",), year=2026) is None


def test_a_long_title_alone_is_enough_a_short_one_needs_the_year(paper: int) -> None:
    assert found(title=LONG) == paper
    assert found(title=LONG, year=1990) is None
    short = PaperFactory.create(title="On graphs").pk
    assert found(title="On graphs") is None
    assert found(title="On graphs", year=2025) == short
    assert found(title="?!", year=2025) is None


def test_of_two_papers_with_one_title_the_people_and_then_the_year_decide() -> None:
    ada, ann = AuthorFactory.create(name="Ada Byron"), AuthorFactory.create(name="Ann Roe")
    first = PaperFactory.create(title="Editorial", by=[ada], arxiv_id="2601.00001").pk
    second = PaperFactory.create(title="Editorial", by=[ann], arxiv_id="2602.00001").pk

    entries = [Entry("", title="Editorial", authors=(name,)) for name in ("Ada Byron", "Ann Roe", "Jane Doe")]

    assert recognise(entries) == [first, second, None]


def test_a_remark_that_names_an_id_is_believed_if_the_people_agree(paper: int) -> None:
    assert found(title="Extended", maybe_arxiv_id="2611.00001", authors=("Ada Byron",)) == paper
    assert found(title="Reply to it", maybe_arxiv_id="2611.00001", authors=("Ann Roe",)) is None
    assert found(title="Nobody's", maybe_arxiv_id="2611.00001") is None


def test_hidden_papers_are_nobodys() -> None:
    PaperFactory.create(title=LONG, arxiv_id="2611.00001", doi="10.1000/abc", is_hidden=True)

    assert found(title=LONG, arxiv_id="2611.00001", doi="10.1000/abc", maybe_arxiv_id="2611.00001") is None


def test_a_thousand_entries_cost_the_queries_of_some_hundreds(paper: int, django_assert_max_num_queries: Any) -> None:
    entries = [
        Entry("", title=f"{LONG} {number}", arxiv_id=f"2610.{number:05}", doi=f"10.1000/{number}", authors=("Ann Roe",))
        for number in range(1000)
    ]

    with django_assert_max_num_queries(8):
        assert set(recognise([*entries, Entry("", arxiv_id="2611.00001")])) == {None, paper}
