"""Loose text read."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.converters import PaperIdConverter
from papersite.catalogue.models import Paper
from papersite.catalogue.sources.text import arxiv_id, count, loose_moment, moment


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("2605.29801", "2605.29801"), ("2605.29801v3", "2605.29801"), ("arXiv:0704.0001", "0704.0001"),
        ("hep-th/9901001v2", "hep-th/9901001"), ("math.GT/0309136", "math/0309136"), ("29801", ""), ("", ""),
        ("2605.29801 and more", ""),
    ],
)  # fmt: skip
def test_arxiv_id_is_without_version(text: str, identifier: str) -> None:
    assert arxiv_id(text) == identifier


@given(st.text())
def test_arxiv_id_finds_itself_again(text: str) -> None:
    assert arxiv_id(arxiv_id(text)) == arxiv_id(text)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("2026-08-21T10:00:00.000Z", datetime(2026, 8, 21, 10, tzinfo=UTC)),
        ("2026-08-21T10:00:00+02:00", datetime(2026, 8, 21, 8, tzinfo=UTC)),
        ("2026-08-21", datetime(2026, 8, 21, tzinfo=UTC)),
        ("yesterday", None), (7, None), (None, None),
    ],
)  # fmt: skip
def test_moment_is_in_utc_or_none(value: object, found: datetime | None) -> None:
    assert moment(value) == found


@pytest.mark.parametrize(("value", "found"), [(0, 0), (7, 7), (-1, None), (True, None), ("7", None), (None, None)])
def test_count_keeps_missing_apart_from_zero(value: object, found: int | None) -> None:
    assert count(value) == found


identifiers = st.from_regex(r"[0-9]{2}(0[1-9]|1[0-2])(\.[0-9]{4,5}|)", fullmatch=True).map(
    lambda digits: digits if "." in digits else f"hep-th/{digits}001"
)


@given(identifiers, st.sampled_from(["", "arXiv:", "arxiv:"]), st.sampled_from(["", "v1", "v12"]))
def test_arxiv_id_is_the_same_with_prefix_and_version(identifier: str, prefix: str, version: str) -> None:
    assert arxiv_id(f" {prefix}{identifier}{version}\n") == identifier


@pytest.mark.parametrize(
    "text",
    ["2605.29801", "２６０５.29801", "HEP-TH/9901001", "math.gt/0309136", "an-archive-that-never-was/0309136"],
)
def test_arxiv_id_finds_only_what_has_an_address_and_a_place_in_the_catalogue(text: str) -> None:
    found = arxiv_id(text)

    assert found == "" or re.fullmatch(PaperIdConverter.regex, found, re.ASCII) is not None
    assert len(found) <= (Paper._meta.get_field("arxiv_id").max_length or 0)


@given(st.text())
def test_loose_text_is_read_without_failing(text: str) -> None:
    assert moment(text) is None or moment(text) == moment(text.strip())


@pytest.mark.parametrize("value", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_moment_outside_of_all_days_is_none(value: str) -> None:
    assert moment(value) is None


def test_count_that_no_column_holds_is_not_known() -> None:
    assert count(2**31) is None


@pytest.mark.parametrize(
    ("value", "found"),
    [
        *[
            (shown, datetime(2026, 9, 3, tzinfo=UTC))
            for shown in (
                "Sept 3, 2026",
                "Sep. 3, 2026",
                "3rd September, 2026",
                "3-Sep-2026",
                "September 3 2026",
                "2026年9月3日",
            )
        ],
        ("2026-09-03 10:00:00 UTC", datetime(2026, 9, 3, 10, tzinfo=UTC)),
        ("Sep 2026", datetime(2026, 9, 1, tzinfo=UTC)),
        ("04/02/2007", None),
    ],
)
def test_loose_moment_is_read_where_it_is_plain(value: str, found: datetime | None) -> None:
    assert loose_moment(value) == found
