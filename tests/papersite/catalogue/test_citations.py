"""References as BibTeX and RIS."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue import citations
from papersite.catalogue.models import Paper
from tests.factories import AuthorFactory, CategoryFactory, PaperFactory


def paper_of(**fields: object) -> Paper:
    paper = PaperFactory.create(
        title="Graphs & 50% of {them}",
        arxiv_id="2611.01234",
        primary_category=CategoryFactory.create(code="cs.LG"),
        by=[AuthorFactory.create(name="Ada M. Byron"), AuthorFactory.create(name="Plato")],
        **fields,
    )
    return Paper.objects.for_cards().get(pk=paper.pk)


@pytest.mark.django_db
def test_bibtex_names_what_a_reference_needs() -> None:
    paper = paper_of()

    assert citations.bibtex([paper]) == (
        f"@misc{{byron2026p{paper.pk},\n"
        "  title = {{Graphs \\& 50\\% of \\{them\\}}},\n"
        "  author = {Ada M. Byron and Plato},\n"
        "  year = {2026},\n"
        "  eprint = {2611.01234},\n"
        "  archiveprefix = {arXiv},\n"
        "  primaryclass = {cs.LG},\n"
        "  url = {https://arxiv.org/abs/2611.01234},\n"
        "}\n"
    )


@pytest.mark.django_db
def test_ris_names_the_same() -> None:
    paper = paper_of(journal_ref="Journal of Graphs 7", doi="10.1000/1")

    assert citations.ris([paper]).split("\r\n") == [
        "TY  - JOUR",
        "TI  - Graphs & 50% of {them}",
        "AU  - Byron, Ada M.",
        "AU  - Plato",
        "PY  - 2026",
        "DA  - 2026/11/23",
        "AB  - What the paper found, in some sentences.",
        "JO  - Journal of Graphs 7",
        "DO  - 10.1000/1",
        "UR  - https://arxiv.org/abs/2611.01234",
        "ER  - ",
        "",
        "",
    ]


@given(st.text(max_size=60))
def test_whatever_a_title_is_made_of_it_ends_no_entry_and_no_line(title: str) -> None:
    written = citations.tex(citations.one_line(title))

    without_commands = re.sub(r"\\text\w+\{\}", "", written)
    assert not re.search(r"(?<!\\)[{}%$&#_]", without_commands)
    assert len(citations.one_line(title).splitlines()) <= 1


@pytest.mark.django_db
def test_keys_are_never_the_same_for_two_papers() -> None:
    papers = list(Paper.objects.for_cards().filter(pk__in=[PaperFactory.create().pk for _ in range(3)]))

    assert len({citations.key(paper) for paper in papers}) == 3
    assert citations.key(papers[0]).startswith("paper2026p")


@pytest.mark.django_db
def test_a_doi_with_braces_writes_no_field_of_its_own() -> None:
    paper = PaperFactory.create(doi="10.1000/x}, note = {evil_y")

    found = citations.bibtex(Paper.objects.for_cards().filter(pk=paper.pk))

    assert "  doi = {10.1000/x, note = evil_y},\n" in found


@pytest.mark.parametrize(
    ("name", "key"), [("Lù", "lu"), ("Müller", "muller"), ("Ørskov", "orskov"), ("Đức", "duc"), ("Łoś", "los")]
)
@pytest.mark.django_db
def test_a_key_folds_the_letters_of_a_name(name: str, key: str) -> None:
    paper = PaperFactory.create(by=[AuthorFactory.create(name=f"Ann {name}")])

    assert citations.key(Paper.objects.for_cards().get(pk=paper.pk)).startswith(f"{key}2026p")


@pytest.mark.django_db
def test_plain_has_authors_year_title_and_place() -> None:
    paper = PaperFactory.create(title="Why?", journal_ref="Journal 7", doi="10.1/x", by=AuthorFactory.create_batch(2))

    first, second = (row.author.name for row in paper.authorships.all())
    assert citations.plain(paper) == f"{first} and {second} (2026). Why? Journal 7. https://doi.org/10.1/x"
    assert citations.plain(PaperFactory.create(title="Alone", pk=7)).startswith("(2026). Alone. http")
