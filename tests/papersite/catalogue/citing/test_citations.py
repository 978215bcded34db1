"""References as BibTeX, RIS and CSL."""

import dataclasses
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import rispy
from bibtexparser.entrypoint import parse_string as parsed
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import parse_string

from papersite.catalogue.citing import citations
from papersite.catalogue.models import Author, Authorship, Category, Paper
from papersite.catalogue.reading import cleaning
from papersite.catalogue.sources import files
from papersite.catalogue.sources.records import SourcePaper
from tests.factories import NOW, AuthorFactory, CategoryFactory, PaperFactory


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
    paper = paper_of(comment="9 pages")

    assert citations.bibtex([paper]) == (
        "@misc{byron2026graphs,\n"
        "  title = {{Graphs \\& 50\\% of \\textbraceleft{}them\\textbraceright{}}},\n"
        "  author = {Byron, Ada M. and {Plato}},\n"
        "  year = {2026},\n"
        "  eprint = {2611.01234},\n"
        "  eprinttype = {arxiv},\n"
        "  archiveprefix = {arXiv},\n"
        "  primaryclass = {cs.LG},\n"
        "  doi = {10.48550/arXiv.2611.01234},\n"
        "  url = {https://arxiv.org/abs/2611.01234},\n"
        "  abstract = {What the paper found, in some sentences.},\n"
        "  keywords = {cs.LG},\n"
        "  note = {9 pages},\n"
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
        "T2  - Journal of Graphs 7",
        "AN  - arXiv:2611.01234",
        "KW  - cs.LG",
        "DO  - 10.1000/1",
        "UR  - https://arxiv.org/abs/2611.01234",
        "L1  - https://arxiv.org/pdf/2611.01234",
        "ER  - ",
        "",
        "",
    ]


@pytest.mark.django_db
def test_csl_names_the_same() -> None:
    assert json.loads("".join(citations.csl([paper_of()]))) == [
        {
            "id": "byron2026graphs",
            "type": "article",
            "title": "Graphs & 50% of {them}",
            "author": [{"family": "Byron", "given": "Ada M."}, {"literal": "Plato"}],
            "issued": {"date-parts": [[2026, 11, 23]]},
            "abstract": "What the paper found, in some sentences.",
            "publisher": "arXiv",
            "number": "arXiv:2611.01234",
            "DOI": "10.48550/arXiv.2611.01234",
            "URL": "https://arxiv.org/abs/2611.01234",
            "keyword": "cs.LG",
        }
    ]
    assert json.loads("".join(citations.csl([]))) == []


def of(record: SourcePaper, pk: int) -> Paper:
    """A paper that no database holds."""
    paper = Paper(
        pk=pk,
        title=record.title,
        abstract=record.abstract,
        arxiv_id=record.arxiv_id,
        comment=record.comment,
        doi=record.doi,
        source_title=record.source_title,
        source_abstract=record.source_abstract,
        source_comments=record.source_comments,
        primary_category=Category(code=record.categories[0]) if record.categories else None,
        announced_at=record.announced_at or NOW,
    )
    rows = [Authorship(author=Author(name=name), position=at) for at, name in enumerate(record.authors)]
    paper._prefetched_objects_cache = {"authorships": rows}  # type: ignore[attr-defined]
    return paper


def real_papers(folder: Path, *, every: int) -> Iterator[Paper]:
    """Each so many-eth paper of the real data, cleaned as ingest does it."""
    numbers = itertools.count()
    for place in ("hf_daily", "000_ed20440609c8a2fa.txt", "arxiv/arxiv_cs_2025_2026.jsonl.gz"):
        for path in files.files_in(folder / place):
            for record in files.read(path):
                if (pk := next(numbers)) % every or not isinstance(record, SourcePaper):
                    continue
                if isinstance(cleaned := cleaning.clean(record, NOW), SourcePaper):
                    yield of(cleaned, pk)


@pytest.mark.parametrize(
    "every", [pytest.param(1, marks=[pytest.mark.long, pytest.mark.pure, pytest.mark.timeout(600)]), 400]
)
def test_reference_managers_read_every_real_paper(shared_data: Path, every: int) -> None:
    """pybtex stops at the first fault, bibtexparser lists what it cannot read, rispy gives fewer records."""
    papers = list(real_papers(shared_data, every=every))
    written = citations.bibtex(papers)

    strict = parse_string(written, "bibtex").entries
    library = parsed(written)
    records = rispy.loads(citations.ris(papers))
    items = json.loads("".join(citations.csl(papers)))

    assert len(papers) > 20_000 // every
    assert library.failed_blocks == []
    assert len(strict) == len(library.entries) == len(records) == len(items) == len(papers)
    for paper, (name, entry), block, record, item in zip(
        papers, strict.items(), library.entries, records, items, strict=True
    ):
        authors = paper.authorships.all()
        assert name == block.key == item["id"]
        assert len(entry.persons.get("author", [])) == len(record.get("authors", [])) == len(authors), name
        assert record["title"] == item["title"] == citations.one_line(paper.title)
        assert entry.fields["title"].startswith("{"), name
        assert entry.fields.get("eprint", "") == paper.arxiv_id
        assert record.get("doi", "") == item.get("DOI", "") == entry.fields.get("doi", "") == citations.doi(paper)
        assert {field.key for field in block.fields} >= set(entry.fields), name


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("On $k_1 < n$ \\& more", "On $k_1 < n$ \\& more"),
        ("50% of a_b", "50\\% of a\\_b"),
        ("{\\L}o\\'s", "{\\L}o\\'s"),
        ("ends }, note = {here", "PLAIN"),
        ("escaped \\} alone", "PLAIN"),
        ("costs 5$", "PLAIN"),
        ("a slash \\", "PLAIN"),
    ],
)
def test_the_source_s_tex_stands_where_it_can_end_nothing(written: str, expected: str) -> None:
    paper = of(SourcePaper("here", "PLAIN", source_title=written, arxiv_id="2611.01234"), 1)

    entry = citations.bibtex([paper])

    assert f"  title = {{{{{expected}}}}},\n" in entry
    assert list(parse_string(entry, "bibtex").entries["paper2026plain"].fields) == [
        *("title", "year", "eprint", "eprinttype", "archiveprefix", "doi", "url")
    ]


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_text_ends_a_field_for_any_reader(written: str, name: str) -> None:
    record = SourcePaper("here", "Of it", authors=(name,), doi=written, abstract="x", comment=name)
    paper = of(dataclasses.replace(record, source_title=written, source_abstract=written), 1)

    entry = citations.bibtex([paper])

    assert set(parse_string(entry, "bibtex").entries["".join(citations.key(paper))].fields) <= {
        *("title", "year", "doi", "url", "abstract", "note")
    }
    assert len(parsed(entry).entries) == 1
    assert len(rispy.loads(citations.ris([paper]))) == 1


def test_groups_and_parts_of_names_are_told_apart() -> None:
    names = ("Lonneke van der Plas", "Hal Daumé III", "Qwen Team")
    paper = of(SourcePaper("here", "Of it", authors=names), 1)

    assert "  author = {van der Plas, Lonneke and Daumé, III, Hal and {Qwen Team}},\n" in citations.bibtex([paper])
    people = parse_string(citations.bibtex([paper]), "bibtex").entries["vanderplas2026of"].persons["author"]
    assert [person.last_names for person in people] == [["Plas"], ["Daumé"], ["{Qwen Team}"]]
    assert people[0].prelast_names == ["van", "der"]
    assert rispy.loads(citations.ris([paper]))[0]["authors"] == [
        "van der Plas, Lonneke",
        "Daumé, Hal, III",
        "Qwen Team",
    ]


@given(st.text(max_size=60))
def test_whatever_a_title_is_made_of_it_ends_no_entry_and_no_line(title: str) -> None:
    written = citations.tex(citations.one_line(title))

    without_commands = re.sub(r"\\text\w+\{\}", "", written)
    assert not re.search(r"(?<!\\)[{}%$&#_]", without_commands)
    assert len(citations.one_line(title).splitlines()) <= 1


def test_papers_of_one_key_are_set_apart_by_a_letter_the_same_every_time() -> None:
    papers = [of(SourcePaper("here", "Of it"), pk) for pk in range(28)]

    found = list(parse_string(citations.bibtex(papers), "bibtex").entries)

    assert found[:3] == ["paper2026of", "paper2026of-a", "paper2026of-b"]
    assert found[-2:] == ["paper2026of-z", "paper2026of-aa"]
    assert citations.bibtex(papers) == citations.bibtex(papers)


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

    assert citations.key(Paper.objects.for_cards().get(pk=paper.pk)).startswith(f"{key}2026")


@pytest.mark.django_db
def test_plain_has_authors_year_title_and_place() -> None:
    paper = PaperFactory.create(title="Why?", journal_ref="Journal 7", doi="10.1/x", by=AuthorFactory.create_batch(2))

    first, second = (row.author.name for row in paper.authorships.all())
    assert citations.plain(paper) == f"{first} and {second} (2026). Why? Journal 7. https://doi.org/10.1/x"
    assert citations.plain(PaperFactory.create(title="Alone", pk=7)).startswith("(2026). Alone. http")
