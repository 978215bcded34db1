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
