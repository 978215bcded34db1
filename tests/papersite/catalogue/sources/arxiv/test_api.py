"""Single papers by their identifiers."""

from datetime import UTC, datetime

from papersite.catalogue.sources.arxiv import api
from papersite.catalogue.sources.http import SourceClient
from papersite.catalogue.sources.records import Rejected, SourcePaper
from tests.arxiv_answers import query, query_entry
from tests.factories import NOW
from tests.source_server import Answer, Request, source

MOMENT = datetime(2026, 11, 5, 17, tzinfo=UTC)


def answer(request: Request) -> Answer:
    known = [name for name in request.query["id_list"].split(",") if name != "2611.00002"]
    return Answer(query(*(query_entry(name, MOMENT, MOMENT) for name in known)))


def test_fetch_asks_for_many_at_once_and_names_those_that_are_unknown() -> None:
    ids = [f"2611.{number:05}" for number in range(1, 151)]

    with source(answer) as served, SourceClient(served.url, accept="application/atom+xml") as client:
        found = list(api.fetch(client, ids, NOW))

    assert [request.query["max_results"] for request in served.requests] == ["100", "50"]
    assert len([one for one in found if isinstance(one, SourcePaper) and one.observed_at == NOW]) == 149
    assert [one for one in found if isinstance(one, Rejected)] == [
        Rejected("arXiv query, 2611.00002", "arXiv knows no such paper", "2611.00002")
    ]
