"""Programs against a live server: what it gives them is what they take."""

import urllib.request
from datetime import timedelta
from typing import Any
from urllib.error import HTTPError

import extruct
import feedparser
import pytest
from lxml import etree

from digest.models import Subscription
from papersite.catalogue import ingest, reading_list, votes
from papersite.catalogue.models import Paper
from papersite.catalogue.sources.records import ARXIV, SourcePaper
from papersite.web import page_store
from tests.atom_rules import checked
from tests.factories import NOW, AuthorFactory, CategoryFactory, PaperFactory, TopicFactory, UserFactory, sent

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("a_week_later")]


def fetched(address: str, **headers: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=20) as answer:
            return answer.status, answer.read()
    except HTTPError as error:
        return error.code, error.read()


@pytest.fixture
def site(live_server: Any, settings: Any) -> str:
    settings.SITE_URL = live_server.url
    settings.PAGES_FRESH_SECONDS = 0
    return str(live_server.url)


def test_every_feed_is_read_by_programs(site: str, index: Any, subscription: Subscription) -> None:
    topic, category = TopicFactory.create(slug="graphs"), CategoryFactory.create(code="cs.LG")
    author = AuthorFactory.create(name="Ada Byron")
    paper = PaperFactory.create(
        title="Graphs k<n & m>k \x0b", abstract="Once k<n and m>k.", arxiv_id="2611.00001", by=[author],
        in_topics=[topic],
    )  # fmt: skip
    paper.categories.add(category)
    reading_list.save(paper, subscription.reader, NOW)
    sent(subscription)
    index()
    key = subscription.reader.feed_key
    papers = [
        *("/", "/papers/2026-11-23/", "/papers/week/2026-W48/", "/papers/month/2026-11/", "/topics/graphs/"),
        *("/categories/cs.LG/", f"/authors/{author.pk}/", "/search/"),
    ]
    for address in [f"{site}{list_}feed/" for list_ in papers] + [f"{site}/saved/feed/{key}/"]:
        status, body = fetched(f"{address}?q=graphs")
        checked(body)
        read = feedparser.parse(body)
        assert (status, read.bozo, read.version) == (200, False, "atom10"), address
        entry = next(one for one in read.entries if one.link.endswith("/papers/2611.00001/"))
        assert entry.title == "Graphs k<n & m>k"
        assert "k&lt;n and m&gt;k" in entry.content[0].value
        assert entry.authors == [{"name": "Ada Byron"}]
    for address in (f"{site}/archive/feed/", f"{site}/subscription/feed/{key}/"):
        body = fetched(address)[1]
        checked(body)
        assert len(feedparser.parse(body).entries) == 1
    for address in ("/topics.opml", "/sitemap.xml", "/sitemaps/site.xml", "/sitemaps/2026-11/1.xml", "/opensearch.xml"):
        etree.fromstring(fetched(site + address)[1])
    page = extruct.extract(
        fetched(f"{site}/papers/2611.00001/")[1].decode(), base_url=site, syntaxes=["json-ld", "opengraph"]
    )
    assert page["json-ld"][0]["@type"] == "ScholarlyArticle"
    assert dict(page["opengraph"][0]["properties"])["og:url"] == f"{site}/papers/2611.00001/"


def test_a_feed_reader_that_comes_every_day_sees_each_paper_once(site: str) -> None:
    """Through a day of votes, a new version, an id that came later, an earlier announcement, and a new paper."""
    told: dict[str, Any] = {"title": "First of all", "abstract": "An abstract.", "place": "1"}
    ingest.run([SourcePaper(**told, announced_at=NOW, observed_at=NOW)], source="jsonl")
    seen: dict[str, str] = {}
    new: list[int] = []

    def come() -> None:
        page_store.store.memory.clear()
        entries = feedparser.parse(fetched(f"{site}/feed/")[1]).entries
        new.append(sum(entry.id not in seen for entry in entries))
        for entry in entries:
            assert entry.updated >= seen.get(entry.id, "")
            seen[entry.id] = entry.updated

    come()
    for _ in range(3):
        votes.cast(Paper.objects.get(), UserFactory.create(), address="192.0.2.1")
    before = dict(seen)
    come()
    assert seen == before
    versions = ((1, NOW), (2, NOW + timedelta(days=2)))
    for more in ({}, {"versions": versions}, {"announced_at": NOW - timedelta(days=1)}):
        record = {"arxiv_id": "2611.00001", "source": ARXIV, "observed_at": NOW + timedelta(days=3)}
        ingest.run([SourcePaper(**told | record | more)], source="arxiv")
        come()
    PaperFactory.create(title="Another")
    come()

    assert new == [1, 0, 0, 0, 0, 1]
    assert len(seen) == 2
