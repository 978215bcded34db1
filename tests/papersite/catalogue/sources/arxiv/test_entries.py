"""What arXiv's three ways of telling a paper have in common."""

from datetime import UTC, datetime

import pytest

from papersite.catalogue.sources.arxiv.entries import http_date, is_possible, is_withdrawn, within_its_month

NOVEMBER = datetime(2026, 11, 24, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("abstract", "comment", "found"),
    [
        ("", "Article withdrawn at the request of a co-author", True),
        ("", "This submission was removed by arXiv administrators because its license was not granted", True),
        ("", "The submission to ICSE was withdrawn by the authors", False),
        ("", "withdrawn-goods logistics, 5 pages", False),
        ("This paper has been withdrawn.", "", True),
        ("About it.", "Withdrawn due to an error", True),
        ("About it.", "withdrawn by arXiv administrators", True),
        ("About troops that were withdrawn by the army.", "", False),
        ("We study withdrawn papers.", "12 pages", False),
        ("About it.", "Paper withdrawn", True),
        ("About it.", "The authors have withdrawn this paper", True),
        ("About it.", "I am withdrawing this paper because of an error in Lemma 2", True),
        ("About it.", "This paper has been temporarily withdrawn", True),
        ("About it.", "Our paper has been withdrawn", True),
        ("About it.", "This arXiv submission has been withdrawn", True),
        ("About it.", "12 pages. Withdrawn.", True),
        ("About it.", "We withdraw our manuscript until the proof is mended", True),
        ("About it.", "The author requests the withdrawal of this paper", True),
        ("About it.", "This paper has been withdrawn by the author due to an error in a previous version", True),
        ("About it.", "This paper has been withdrawn from arXiv by the authors", True),
        ("The paper is withdrawn: equation 3 is wrong.", "", True),
        ("Withdrawn", "", True),
        ("About it.", "Withdrawn from ICLR; accepted at TMLR", False),
        ("About it.", "Replaces 2401.00001, which was withdrawn by the authors", False),
        ("About it.", "This submission was withdrawn from ICLR 2026, accepted at TMLR", False),
        ("Withdrawn goods are a problem in retail.", "", False),
        ("About it.", "Supersedes our paper that has been withdrawn", False),
        ("About it.", "The workshop version has been withdrawn from the proceedings; 12 pages", False),
        ("We withdraw money. This paper has been withdrawn is what some authors write.", "9 pages", False),
        ("About it.", "We have withdrawn our submission to ICML", False),
        ("About it.", "We withdraw our submission to arXiv", True),
        ("About it.", "[WITHDRAWN] 5 pages", True),
        ("About it.", "Withdrawn at author's request", True),
        ("About it.", "Withdrawn at the authors' request", True),
        ("About it.", "The paper has been retracted by the authors", True),
        ("About it.", "Retracted due to an error", True),
        ("This paper has been removed by the authors.", "", True),
        ("We study retracted papers and how they are cited.", "12 pages", False),
        ("About it.", "Replaces a paper that has been retracted", False),
        ("A ban was removed by the authors of the law.", "", False),
        ("Retracted articles go on being cited.", "", False),
        ("Citations go on long after the paper has been retracted.", "", False),
        ("We study 1,200 articles retracted by the authors.", "12 pages", False),
        ("This paper has been retracted due to an error.", "", True),
        ("Retracted by the authors.", "", True),
        ("Users withdrew consent; the paper is about that.", "", False),
    ],
)
def test_is_withdrawn(abstract: str, comment: str, found: bool) -> None:
    assert is_withdrawn(abstract, comment) is found


@pytest.mark.parametrize(
    ("identifier", "announced_at"),
    [
        ("2611.00001", NOVEMBER),
        ("2610.00001", datetime(2026, 11, 1, 1, tzinfo=UTC)),
        ("hep-th/9912001", datetime(2000, 1, 1, 1, tzinfo=UTC)),
    ],
)
def test_no_paper_is_announced_after_the_month_of_its_id(identifier: str, announced_at: datetime) -> None:
    assert within_its_month(NOVEMBER, identifier) == announced_at


@pytest.mark.parametrize(
    ("identifier", "submitted", "announced_at"),
    [
        # Held by a moderator: its first version is of January.
        ("2604.00936", datetime(2026, 1, 9, 1, tzinfo=UTC), datetime(2026, 4, 2, tzinfo=UTC)),
        # The month begins on a Sunday.
        ("2611.00001", datetime(2026, 9, 9, 1, tzinfo=UTC), datetime(2026, 11, 3, 1, tzinfo=UTC)),
        ("2611.00001", datetime(2026, 11, 2, 1, tzinfo=UTC), datetime(2026, 11, 2, 1, tzinfo=UTC)),
    ],
)
def test_no_paper_is_announced_before_the_month_of_its_id(
    identifier: str, submitted: datetime, announced_at: datetime
) -> None:
    assert within_its_month(submitted, identifier) == announced_at


@pytest.mark.parametrize("value", ["", "soon", "Fri, 99 Sep 2026 13:55:30 GMT", "Fri, 11 Sep 99999 13:55:30 GMT"])
def test_http_date_of_no_date_is_none(value: str) -> None:
    assert http_date(value) is None


def test_http_date_is_in_utc() -> None:
    assert http_date("Tue, 24 Nov 2026 00:00:00 -0500") == datetime(2026, 11, 24, 5, tzinfo=UTC)


def test_is_possible_leaves_out_the_years_no_calendar_holds() -> None:
    assert [is_possible(NOVEMBER.replace(year=year)) for year in (1, 1990, 2100, 9999)] == [False, True, True, False]
    assert not is_possible(None)
