"""The daily feeds over HTTP."""

from datetime import UTC, datetime

from papersite.catalogue.sources.arxiv import feed
from papersite.catalogue.sources.http import SourceClient
from papersite.catalogue.sources.records import Rejected
from tests import arxiv_answers
from tests.source_server import Answer, Request, source

MIDNIGHT = datetime(2026, 11, 24, 5, tzinfo=UTC)


def answer(request: Request) -> Answer:
    if request.headers.get("If-None-Match") == '"one"':
        return Answer("", status=304)
    entry = arxiv_answers.feed_entry("2611.00001", MIDNIGHT)
    return Answer(arxiv_answers.feed(MIDNIGHT, entry), headers={"ETag": '"one"'})


def test_fetch_asks_again_only_for_what_changed() -> None:
    with source(answer) as served, SourceClient(served.url, accept="application/atom+xml") as client:
        first, found = feed.fetch(client, "cs")
        second, unchanged = feed.fetch(client, "cs", first.headers["ETag"])

    assert found is not None
    assert (len(found.records), second.is_unchanged, unchanged) == (1, True, None)
    assert [request.path for request in served.requests] == ["/atom/cs", "/atom/cs"]


def test_a_feed_of_two_thousand_is_full() -> None:
    reject = Rejected("here", "why")

    assert feed.is_full((reject,) * 2000)
    assert not feed.is_full((reject,) * 1999)
