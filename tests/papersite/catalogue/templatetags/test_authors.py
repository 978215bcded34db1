"""Authors in templates, however many."""

from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from papersite.catalogue import ingest
from papersite.catalogue.citing.citations import bibtex, ris
from papersite.catalogue.models import Paper
from papersite.catalogue.sources.records import SourcePaper
from papersite.catalogue.templatetags.authors import few_authors
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def paper_of(count: int, **fields: Any) -> Paper:
    names = tuple(f"Ann{chr(97 + number % 26)} <Roe{number}x>" for number in range(count))
    ingest.run(
        [SourcePaper("here", f"Of {count}", abstract="It.", authors=names, announced_at=NOW, **fields)], source="jsonl"
    )
    return Paper.objects.for_cards().get(title=f"Of {count}")


def shown(paper: Paper, *, everyone: bool) -> str:
    return render_to_string("_partials/authors.html", {"paper": paper, "all": everyone})


def test_a_page_shows_the_first_ten_the_last_and_all_folded_away() -> None:
    in_html = shown(paper_of(3000), everyone=True)

    before, _, folded = in_html.partition("<details")
    assert before.count("<a ") == 11
    assert "Roe9x" in before
    assert "Roe10x" not in before
    assert "Roe2999x" in before
    assert "All 3,000 authors" in folded
    assert folded.count("<a ") == 3000
    assert "<Roe" not in in_html


def test_a_card_shows_six_and_how_many_more() -> None:
    assert shown(paper_of(3000), everyone=False).count("<a ") == 6
    assert "and 1,494 more" in shown(paper_of(1500), everyone=False)


def test_a_short_list_is_whole_and_says_that_there_are_others() -> None:
    in_html = shown(paper_of(11, has_more_authors=True), everyone=True)

    assert in_html.count("<a ") == 11
    assert "and others" in in_html
    assert "<details" not in in_html


def test_three_thousand_authors_cost_no_more_queries_than_three(client: Client) -> None:
    few, many = paper_of(3), paper_of(3000)

    counts = []
    for paper in (few, many):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(paper.get_absolute_url()).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    with CaptureQueriesContext(connection) as queries:
        assert bibtex([many]).count(" and ") >= 2999
        assert ris([many]).count("AU  - ") == 3000
    assert len(queries) == 0


def test_a_row_shows_the_first_three_and_the_last_and_the_marked_one_before_them() -> None:
    paper = paper_of(9)
    rows = list(paper.authorships.all())

    plainly, marked = few_authors(paper), few_authors(paper, rows[5].author_id)

    assert (plainly.count("<a "), "… 5 more …" in plainly) == (4, True)
    assert marked.startswith(f"<strong>{escape(rows[5].author.name)}</strong>, <a ")
    assert (marked.count("<a "), "… 4 more …" in marked) == (4, True)
    assert few_authors(paper_of(4)).count("<a ") == 4
    assert few_authors(paper_of(1), None).count("<a ") == 1


def test_those_who_are_marked_by_name_come_first_wherever_they_stand() -> None:
    paper = paper_of(9)
    late, last = (row.author.name for row in list(paper.authorships.all())[-2:])

    line = few_authors(paper, frozenset({late, last}))

    assert line.startswith(f"<strong>{escape(late)}</strong>, <strong>{escape(last)}</strong>, ")
    assert "3 more" in line
    assert few_authors(paper_of(1), frozenset({"Anna <Roe0x>"})) == f"<strong>{escape('Anna <Roe0x>')}</strong>"
