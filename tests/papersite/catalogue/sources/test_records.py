"""Plain records: what was not told stays untold."""

from dataclasses import FrozenInstanceError

import pytest

from papersite.catalogue.sources.records import Rejected, SourceError, SourcePaper


def test_a_source_paper_tells_no_number_and_no_moment_by_itself() -> None:
    found = SourcePaper(place="line 1", title="First")

    assert [found.hf_upvotes, found.hf_comments, found.github_stars] == [None, None, None]
    assert [found.submitted_at, found.announced_at, found.observed_at] == [None, None, None]


@pytest.mark.parametrize("record", [SourcePaper(place="line 1", title="First"), Rejected("line 1", "it has no title")])
def test_a_record_stays_as_its_source_told_it(record: SourcePaper | Rejected) -> None:
    with pytest.raises(FrozenInstanceError):
        record.place = "line 2"  # type: ignore[misc]


def test_a_source_error_is_the_line_that_a_person_reads() -> None:
    assert str(SourceError("list.txt: the file is empty")) == "list.txt: the file is empty"
