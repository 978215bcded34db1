"""The jsonl format."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.sources import jsonl
from papersite.catalogue.sources.records import Rejected, SourceError, SourcePaper

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
FIELDS = ["id", "abstract", "summary", "authors", "categories", "topics", "comments", "code_url", "announced_at"]


def test_read_knows_every_field() -> None:
    day = datetime(2026, 5, 29, tzinfo=UTC)
    line = json.dumps(
        {
            "id": "2605.00001v2", "title": "First", "abstract": "About it.", "summary": "In short.", "summary_by": "us",
            "authors": ["Ada"], "categories": ["cs.LG"], "topics": ["graphs"], "comments": "8 pages",
            "code_url": "https://example.org/c", "project_url": "https://example.org/p",
            "submitted_at": "2026-05-28T00:00:00Z", "announced_at": "2026-05-29",
        }
    )  # fmt: skip

    assert list(jsonl.read([line, "\n"], origin="p.jsonl")) == [
        SourcePaper(
            source="jsonl",
            place="p.jsonl, line 1", title="First", abstract="About it.", summary="In short.", summary_by="us",
            arxiv_id="2605.00001", authors=("Ada",), categories=("cs.LG",), topics=("graphs",), comment="8 pages",
            code_url="https://example.org/c", project_url="https://example.org/p",
            submitted_at=datetime(2026, 5, 28, tzinfo=UTC), announced_at=day, observed_at=day,
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({"abstract": "x"}, "it has no title"),
        ([1], "not an object"),
        ({"title": "x", "id": "7"}, "its id is no arXiv id"),
    ],
)
def test_read_refuses_one_entry_and_goes_on(entry: Any, reason: str) -> None:
    found = list(jsonl.read([json.dumps(entry), '{"title": "Fine"}'], origin="p.jsonl"))

    assert [one.reason for one in found if isinstance(one, Rejected)] == [reason]
    assert [one.title for one in found if isinstance(one, SourcePaper)] == ["Fine"]


@pytest.mark.parametrize("line", ['{"title": "cut sho', "nonsense", "[" * 100_000])
def test_read_calls_a_broken_line_a_damaged_file(line: str) -> None:
    with pytest.raises(SourceError, match=r"p.jsonl, line 2: not JSON, or cut short"):
        list(jsonl.read(['{"title": "Fine"}', line], origin="p.jsonl"))


@given(st.dictionaries(st.sampled_from(FIELDS), values), values)
def test_read_takes_any_type_in_any_field(fields: dict[str, Any], title: Any) -> None:
    found = jsonl.record({"title": title, **fields}, "here")

    assert isinstance(found, SourcePaper | Rejected)


def test_read_calls_a_number_that_is_no_number_a_damaged_file() -> None:
    with pytest.raises(SourceError, match=r"p.jsonl, line 1: "):
        list(jsonl.read([f'{{"title": "Fine", "abstract": "It.", "pages": {"9" * 5000}}}'], origin="p.jsonl"))


@pytest.mark.parametrize("field", ["submitted_at", "announced_at", "first_seen"])
def test_record_takes_a_day_before_all_days_for_none(field: str) -> None:
    found = jsonl.record({"title": "Fine", "abstract": "It.", field: "0001-01-01T00:00:00+14:00"}, "here")

    assert found == SourcePaper(source="jsonl", place="here", title="Fine", abstract="It.")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"title": 7}, "its title is no text"),
        ({"abstract": ["It."]}, "its abstract is no text"),
        ({"authors": [["Roe", "Ann"]]}, "its authors are no list of names"),
        ({"authors": 7}, "its authors are no list of names"),
        ({"authors": [None]}, "its authors are no list of names"),
        ({"categories": {"cs": 1}}, "its categories are no list of codes"),
        ({"categories": [1]}, "its categories are no list of codes"),
        ({"announced_at": "last week"}, "its announced_at is no date: last week"),
        ({"submitted_at": "04/02/2007"}, "its submitted_at is no date: 04/02/2007"),
        ({"first_seen": {"day": 1}}, "its first_seen is no date: {'day': 1}"),
        ({"paperId": "a"}, "it is a record of Semantic Scholar, which is not read"),
        ({"authorships": []}, "it is a record of OpenAlex, which is not read"),
    ],
)
def test_what_has_another_shape_is_rejected_with_its_reason(fields: dict[str, Any], reason: str) -> None:
    found = jsonl.record({"title": "Fine", "abstract": "It.", **fields}, "here")

    assert isinstance(found, Rejected)
    assert found.reason == reason


@pytest.mark.parametrize(
    ("fields", "name", "value"),
    [
        ({"authors": "Ann Roe, Bo Ek and Cy Lee"}, "authors", ("Ann Roe", "Bo Ek", "Cy Lee")),
        ({"authors": [{"name": "Ann Roe"}, {"given": "Bo", "family": "Ek"}]}, "authors", ("Ann Roe", "Bo Ek")),
        ({"categories": "cs.LG cs.CL"}, "categories", ("cs.LG", "cs.CL")),
        ({"categories": "cs.LG, stat.ML"}, "categories", ("cs.LG", "stat.ML")),
        ({"announced_at": "Mon, 25 May 2026 10:00:00 GMT"}, "announced_at", datetime(2026, 5, 25, 10, tzinfo=UTC)),
        ({"announced_at": "2026/05/25"}, "announced_at", datetime(2026, 5, 25, tzinfo=UTC)),
        ({"announced_at": "25 May 2026"}, "announced_at", datetime(2026, 5, 25, tzinfo=UTC)),
        ({"announced_at": 1779667200}, "announced_at", datetime(2026, 5, 25, tzinfo=UTC)),
        ({"announced_at": "2026-05"}, "announced_at", datetime(2026, 5, 1, tzinfo=UTC)),
        ({"submitted_at": "2007-05-25"}, "announced_at", datetime(2007, 5, 25, tzinfo=UTC)),
        ({"id": "0705.0001"}, "announced_at", datetime(2007, 5, 1, tzinfo=UTC)),
    ],
)
def test_what_can_be_read_is_read(fields: dict[str, Any], name: str, value: object) -> None:
    assert getattr(jsonl.record({"title": "Fine", "abstract": "It.", **fields}, "here"), name) == value


def test_a_line_of_arxivs_snapshot_is_read_as_arxivs_word() -> None:
    entry = {
        "id": "0704.0001", "submitter": "P. N.", "authors": "C. Bal\\'azs, E. L. Berger",
        "title": "Diphotons\n  at the LHC",
        "comments": "37 pages", "journal-ref": "Phys.Rev.D76:013009,2007", "doi": "10.1103/PhysRevD.76.013009",
        "categories": "hep-ph hep-ex", "abstract": "  A calculation.\n", "update_date": "2008-11-26",
        "versions": [{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"}, {"version": "v2",
        "created": "Tue, 24 Jul 2007 20:10:27 GMT"}],
        "authors_parsed": [["Balázs", "C.", ""], ["Berger", "E. L.", "Jr."]],
    }  # fmt: skip

    found = jsonl.record(entry, "here")

    assert isinstance(found, SourcePaper)
    assert (found.source, found.arxiv_id, found.categories) == ("arxiv", "0704.0001", ("hep-ph", "hep-ex"))
    assert found.authors == ("C. Balázs", "E. L. Berger Jr.")
    assert found.submitted_at == datetime(2007, 4, 2, 19, 18, 42, tzinfo=UTC)
    assert found.announced_at == datetime(2007, 4, 4, 0, tzinfo=UTC)
    assert [number for number, _ in found.versions] == [1, 2]
