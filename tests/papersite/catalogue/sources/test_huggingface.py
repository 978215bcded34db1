"""Hugging Face's daily papers: every optional field may be missing, and missing is not zero."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.sources import files, huggingface
from papersite.catalogue.sources.records import Rejected, SourceError, SourcePaper

ENTRY: dict[str, Any] = {
    "paper": {
        "id": "2605.00001",
        "authors": [{"name": "Ada Byron", "hidden": False}, {"name": "A Ghost", "hidden": True}],
        "publishedAt": "2026-05-27T10:00:00.000Z",
        "submittedOnDailyAt": "2026-05-29T00:00:00.000Z",
        "title": "First",
        "summary": "About it.",
        "upvotes": 7,
        "githubRepo": "https://github.com/a/b",
        "githubStars": 3,
        "ai_summary": "In short.",
        "projectPage": "https://example.org/p",
    },
    "publishedAt": "2026-05-28T00:00:00.000Z",
    "numComments": 2,
}
values = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.lists(st.integers(), max_size=2)


def test_record_reads_all_it_is_told() -> None:
    listed = datetime(2026, 5, 29, tzinfo=UTC)

    assert huggingface.record(ENTRY, "day.json, entry 1") == SourcePaper(
        source="huggingface",
        place="day.json, entry 1", title="First", abstract="About it.", summary="In short.", summary_by="Hugging Face",
        arxiv_id="2605.00001", authors=("Ada Byron",), code_url="https://github.com/a/b",
        project_url="https://example.org/p", submitted_at=datetime(2026, 5, 27, 10, tzinfo=UTC), announced_at=listed,
        observed_at=listed, hf_upvotes=7, hf_comments=2, github_stars=3,
    )  # fmt: skip


ABOUT_LARKS = (
    "Larks sing before dawn in meadows across northern valleys. Microphones recorded fourteen choirs in spring, and "
    "listeners counted every melody twice. Choirs with older singers began earlier, changed songs more often, and "
    "answered their neighbours within seconds; younger birds stayed silent until sunrise warmed their feathers."
)


@pytest.mark.parametrize(
    ("abstract", "summary", "is_kept"),
    [
        (ABOUT_LARKS, "Recorded choirs of larks show that older singers begin earlier and answer neighbours.", True),
        (ABOUT_LARKS, "Pumps powered by sunlight water deserts cheaply where diesel engines failed farmers.", False),
        (ABOUT_LARKS, "Pumps powered by sunlight.", True),
        ("", "Pumps powered by sunlight water deserts cheaply where diesel engines failed farmers.", True),
    ],
)
def test_a_summary_of_another_paper_is_none(abstract: str, summary: str, is_kept: bool) -> None:
    entry = {"paper": {"id": "2605.00001", "title": "On larks", "summary": abstract, "ai_summary": summary}}

    found = huggingface.record(entry, "here")

    assert isinstance(found, SourcePaper)
    assert (found.summary, found.summary_by) == ((summary, "Hugging Face") if is_kept else ("", ""))


def test_record_keeps_missing_numbers_apart_from_zero() -> None:
    found = huggingface.record({"paper": {"id": "2605.00001", "title": "First", "summary": "x"}}, "here")

    assert isinstance(found, SourcePaper)
    assert (found.hf_upvotes, found.hf_comments, found.github_stars, found.announced_at) == (None, None, None, None)


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({}, "it holds no paper"),
        ({"paper": {"id": "2605.00001"}}, "it has no title"),
        ({"paper": {"id": "none", "title": "First"}}, "its id is no arXiv id"),
        ("text", "it holds no paper"),
    ],
)
def test_record_refuses(entry: Any, reason: str) -> None:
    found = huggingface.record(entry, "here")

    assert isinstance(found, Rejected)
    assert found.reason == reason


@given(
    st.dictionaries(st.sampled_from(sorted(ENTRY["paper"])), values),
    st.dictionaries(st.sampled_from(["publishedAt", "numComments"]), values),
)
def test_record_takes_any_type_in_any_field(paper: dict[str, Any], outer: dict[str, Any]) -> None:
    found = huggingface.record({**ENTRY, **outer, "paper": {**ENTRY["paper"], **paper}}, "here")

    assert isinstance(found, SourcePaper | Rejected)


@pytest.mark.parametrize("text", ['[{"paper": ', "{}", "7", "[" * 100_000])
def test_read_refuses_what_is_no_list(text: str) -> None:
    with pytest.raises(SourceError, match=r"day.json: not"):
        list(huggingface.read([text], origin="day.json"))


def test_read_goes_on_after_a_refused_entry() -> None:
    found = list(huggingface.read([json.dumps([{}, ENTRY])], origin="day.json"))

    assert [type(one) for one in found] == [Rejected, SourcePaper]


def test_read_takes_all_of_the_recorded_days(shared_data: Path) -> None:
    found = [one for path in files.files_in(shared_data / "hf_daily") for one in files.read(path)]

    assert len(found) == 1093
    assert len({one.arxiv_id for one in found if isinstance(one, SourcePaper)}) == 1092


NUMBERS = {"upvotes": "hf_upvotes", "githubStars": "github_stars", "numComments": "hf_comments"}


def with_numbers(told: dict[str, Any]) -> SourcePaper | Rejected:
    """The entry with just these numbers."""
    paper = {name: value for name, value in ENTRY["paper"].items() if name not in NUMBERS}
    outer = {name: value for name, value in told.items() if name == "numComments"}
    return huggingface.record(
        {"paper": {**paper, **{n: v for n, v in told.items() if n not in outer}}, **outer}, "here"
    )


@given(st.dictionaries(st.sampled_from(sorted(NUMBERS)), st.integers(min_value=0, max_value=10**6)))
def test_record_takes_a_missing_number_for_unknown_and_keeps_the_others(told: dict[str, int]) -> None:
    found = with_numbers(told)

    assert {name: getattr(found, field) for name, field in NUMBERS.items()} == {
        name: told.get(name) for name in NUMBERS
    }


@given(
    st.sampled_from(sorted(NUMBERS)),
    st.none() | st.booleans() | st.text() | st.floats() | st.lists(st.integers()) | st.integers(max_value=-1),
)
def test_record_takes_a_number_of_another_kind_for_unknown(name: str, value: object) -> None:
    found = with_numbers({name: value})

    assert getattr(found, NUMBERS[name]) is None


OPTIONAL = sorted(set(ENTRY["paper"]) - {"id", "title"})


@given(st.sets(st.sampled_from(OPTIONAL)))
def test_record_needs_no_more_than_an_id_and_a_title(missing: set[str]) -> None:
    paper = {name: value for name, value in ENTRY["paper"].items() if name not in missing}

    found = huggingface.record({"paper": paper}, "here")

    assert isinstance(found, SourcePaper)
    assert (found.arxiv_id, found.title) == ("2605.00001", "First")


def test_read_calls_a_number_that_is_no_number_a_damaged_answer() -> None:
    with pytest.raises(SourceError, match=r"day.json: "):
        list(huggingface.read([f'[{{"paper": {{"upvotes": {"9" * 5000}}}}}]'], origin="day.json"))


@pytest.mark.parametrize("said", [ABOUT_LARKS, ABOUT_LARKS.rsplit(" ", 2)[0]], ids=["all of it", "nearly all of it"])
def test_a_summary_that_is_the_abstract_is_none(said: str) -> None:
    entry = {"paper": {"id": "2605.00001", "title": "On larks", "summary": f"{ABOUT_LARKS}\n", "ai_summary": said}}

    found = huggingface.record(entry, "here")

    assert isinstance(found, SourcePaper)
    assert (found.abstract.strip(), found.summary, found.summary_by) == (ABOUT_LARKS, "", "")
