"""arXiv's archive in arXivRaw: sets, pages, versions and deleted records."""

import io
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.sources.arxiv import oai
from papersite.catalogue.sources.http import SourceClient
from papersite.catalogue.sources.records import Rejected, SourceError, SourcePaper
from tests.arxiv_answers import archive, archive_deleted, archive_record
from tests.source_server import Answer, source

V1, V2 = datetime(2026, 9, 11, 13, 55, 30, tzinfo=UTC), datetime(2026, 10, 1, 8, tzinfo=UTC)


def read(text: str) -> list[SourcePaper | Rejected]:
    return list(oai.read(io.BytesIO(text.encode()), origin="page"))


def test_read_takes_the_first_versions_date_as_the_submission() -> None:
    (found,) = read(archive([archive_record("2609.12871", V1, V2, comments="This paper is withdrawn.")]))

    assert found == SourcePaper(
        place="page, record 1", source="arxiv", title="Paper 2609.12871", abstract="About 2609.12871.",
        arxiv_id="2609.12871", authors=("Ada Byron", "Bo Díaz"), categories=("cs.LG", "cs.AI"),
        comment="This paper is withdrawn.", doi="10.1/2609.12871", is_withdrawn=True, tells_all=True, versions=((1,
            V1), (2, V2)),
        submitted_at=V1, announced_at=datetime(2026, 9, 14, 0, tzinfo=UTC),
        observed_at=datetime(2026, 11, 23, tzinfo=UTC),
    )  # fmt: skip


def test_a_deleted_record_says_only_that() -> None:
    (found,) = read(archive([archive_deleted("2609.12871")]))

    assert isinstance(found, SourcePaper)
    assert (found.arxiv_id, found.is_deleted, found.title) == ("2609.12871", True, "")


@pytest.mark.parametrize(
    ("category", "name"),
    [
        ("cs.LG", "cs:cs:LG"), ("hep-th", "physics:hep-th"), ("astro-ph.CO", "physics:astro-ph:CO"),
        ("physics.optics", "physics:physics:optics"), ("q-bio.BM", "q-bio:q-bio:BM"),
    ],
)  # fmt: skip
def test_set_of_names_the_leaf(category: str, name: str) -> None:
    assert oai.set_of(category) == name


def test_fetch_sends_a_token_back_as_it_came() -> None:
    token = "verb=ListRecords&metadataPrefix=arXivRaw&from=2026-11-01&skip=1300"
    pages = [archive([archive_record("2609.00001", V1)], token), archive([archive_record("2609.00002", V1)], "")]

    with (
        source(lambda request: Answer(pages.pop(0))) as served,
        SourceClient(served.url + "/oai", accept="text/xml") as client,
    ):
        first = oai.fetch(client, "cs.LG", date(2026, 11, 1))
        last = oai.fetch(client, "cs.LG", date(2026, 11, 1), first.token)

    assert (first.token, last.token) == (token, "")
    assert served.requests[0].query == {
        "verb": "ListRecords",
        "metadataPrefix": "arXivRaw",
        "set": "cs:cs:LG",
        "from": "2026-11-01",
    }
    assert served.requests[1].query == {"verb": "ListRecords", "resumptionToken": token}
    assert served.requests[1].path == "/oai"


def test_nothing_since_that_day_is_no_error() -> None:
    assert read(archive([], error="noRecordsMatch")) == []


@pytest.mark.parametrize(
    ("text", "kind", "says"),
    [
        (archive([], error="badResumptionToken"), oai.TokenExpired, "badResumptionToken"),
        (archive([], error="badArgument"), SourceError, "arXiv reports badArgument: said so"),
        ("<html/>", SourceError, "not an answer of OAI-PMH"),
        ("<OAI-PMH", SourceError, "not XML, or cut short"),
    ],
)
def test_errors_are_reported(text: str, kind: type[SourceError], says: str) -> None:
    with pytest.raises(kind, match=says):
        read(text)


def test_records_that_cannot_be_used_are_rejected_and_the_rest_read() -> None:
    without_date = archive_record("2609.00001")
    far = archive_record("2609.00002", V1).replace("2026 13:55", "9999 13:55")
    empty = "<record><header><identifier>oai:arXiv.org:2609.00003</identifier></header></record>"

    found = read(archive([without_date, far, empty, archive_record("2609.00004", V1)]))

    assert [one.reason if isinstance(one, Rejected) else "" for one in found] == [
        "the date of a version is missing or impossible", "the date of a version is missing or impossible",
        "it holds no arXivRaw", "",
    ]  # fmt: skip


@given(st.binary(max_size=300))
def test_read_of_garbage_raises_nothing_but_its_own_error(body: bytes) -> None:
    with pytest.raises(SourceError):
        list(oai.read(io.BytesIO(b"<OAI-PMH>" + body), origin="page"))
