"""arXiv's own metadata as Kaggle hands it out."""

from datetime import UTC, datetime
from typing import Any

import pytest

from papersite.catalogue.sources.arxiv import snapshot
from papersite.catalogue.sources.records import Rejected, SourcePaper

ENTRY: dict[str, Any] = {
    "id": "0704.0001", "authors": "C. Bal\\'azs and others", "title": "Diphotons",
    "comments": None, "journal-ref": None,
    "doi": "10.1103/PhysRevD.76.013009", "categories": "hep-ph hep-ex", "abstract": "A calculation.",
    "versions": [{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"}], "update_date": "2008-11-26",
}  # fmt: skip


def test_record_reads_a_line_as_arxivs_word() -> None:
    found = snapshot.record(ENTRY, "here")

    assert isinstance(found, SourcePaper)
    assert (found.source, found.tells_all, found.categories) == ("arxiv", True, ("hep-ph", "hep-ex"))
    assert (found.authors, found.has_more_authors) == (("C. Balázs",), True)
    assert found.observed_at == datetime(2008, 11, 26, tzinfo=UTC)
    assert found.announced_at is not None
    assert found.announced_at.year == 2007


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"id": "x"}, "its id is no arXiv id"),
        ({"versions": []}, "the date of a version is missing or impossible"),
        ({"versions": [{"version": "v1", "created": "once"}]}, "the date of a version is missing or impossible"),
        ({"versions": "v1"}, "the date of a version is missing or impossible"),
    ],
)
def test_record_refuses_what_it_cannot_date_or_name(fields: dict[str, Any], reason: str) -> None:
    found = snapshot.record(ENTRY | fields, "here")

    assert isinstance(found, Rejected)
    assert found.reason == reason


def test_is_one_tells_it_from_other_objects() -> None:
    assert snapshot.is_one(ENTRY)
    assert not snapshot.is_one({"id": "0704.0001", "title": "Diphotons"})
