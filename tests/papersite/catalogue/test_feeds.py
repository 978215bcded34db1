"""A feed for every list of papers."""

import gzip
import re
from datetime import timedelta
from typing import Any

import feedparser
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import etree

from papersite.catalogue import curation, ingest, votes
from papersite.catalogue.feeds import SIZE, Place, page_of
from papersite.catalogue.models import Authorship, FormerSlug, Paper, PaperCategory, PaperTopic
from papersite.catalogue.sources.records import ARXIV, SourcePaper
from tests.atom_rules import ATOM, checked
from tests.factories import NOW, AuthorFactory, CategoryFactory, PaperFactory, TopicFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_week_later")]


def feed(client: Client, address: str) -> etree._Element:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    return checked(answer.content)


def titles(root: etree._Element) -> list[str]:
    return [entry.findtext("a:title", "", ATOM) for entry in root.iterfind("a:entry", ATOM)]


def link(root: etree._Element, rel: str) -> str:
    return next((one.get("href", "") for one in root.iterfind("a:link", ATOM) if one.get("rel") == rel), "")


@pytest.fixture
def paper() -> Paper:
    """In each of the lists, beside a hidden one."""
    topic, category = TopicFactory.create(slug="graphs", name="Graphs"), CategoryFactory.create(code="cs.LG")
    author = AuthorFactory.create(name="Ada Byron")
    for is_hidden in (True, False):
        paper: Paper = PaperFactory.create(
            title="Here" if not is_hidden else "Hidden", is_hidden=is_hidden, in_topics=[topic], by=[author],
            arxiv_id="" if is_hidden else "2611.00001", abstract="Once k<n and m>k.", summary="In short.",
        )  # fmt: skip
        paper.categories.add(category)
    PaperFactory.create(title="Of a day to come", announced_at=NOW + timedelta(days=90))
    return paper


def lists(paper: Paper) -> list[str]:
    (row,) = paper.authorships.all()
    return [
        *("/", "/papers/2026-11-23/", "/papers/week/2026-W48/", "/papers/month/2026-11/", "/topics/graphs/"),
        *("/categories/cs.LG/", f"/authors/{row.author_id}/"),
    ]


def test_every_list_has_a_feed_of_its_visible_papers(client: Client, paper: Paper, settings: Any) -> None:
    for address in lists(paper):
        root = feed(client, f"{address}feed/")
        assert titles(root) == ["Here"], address
        assert link(root, "self") == f"{settings.SITE_URL}{address}feed/"
        assert link(root, "alternate") == f"{settings.SITE_URL}{address}"


def test_an_entry_tells_what_a_program_needs(client: Client, paper: Paper, settings: Any) -> None:
    (entry,) = feedparser.parse(client.get("/feed/").content).entries

    host = settings.SITE_URL.partition("://")[2].partition(":")[0]
    assert entry.id == f"tag:{host},{paper.added_at.year}:paper/{paper.pk}"
    assert entry.link == f"{settings.SITE_URL}/papers/2611.00001/"
    assert entry.published == entry.updated == NOW.isoformat()
    assert [author.name for author in entry.authors] == ["Ada Byron"]
    assert "<p>In short.</p><p>Once k&lt;n and m&gt;k.</p>" in entry.content[0].value
    assert [(tag.scheme, tag.term) for tag in entry.tags] == [
        ("http://arxiv.org/schemas/atom", "cs.LG"),
        (f"{settings.SITE_URL}/topics/", "graphs"),
    ]
    assert [(one.type, one.href) for one in entry.links if one.rel == "related"] == [
        ("text/html", "https://arxiv.org/abs/2611.00001"),
        ("application/pdf", "https://arxiv.org/pdf/2611.00001"),
    ]


def test_addresses_and_ids_are_the_sites_whatever_host_asked(client: Client, paper: Paper, settings: Any) -> None:
    settings.ALLOWED_HOSTS, settings.SITE_URL = ["*"], "https://papers.example.org:8443"

    text = client.get("/feed/", headers={"Host": "evil.example"}).content.decode()

    assert "evil.example" not in text
    assert f"<id>tag:papers.example.org,{paper.added_at.year}:paper/{paper.pk}</id>" in text


def test_nothing_comes_back_as_new(client: Client, settings: Any) -> None:
    """Read before and after a day of votes, a summary, a new version, and an id that came later."""
    settings.PAGES_FRESH_SECONDS = 0
    told: dict[str, Any] = {"title": "First of all", "abstract": "An abstract.", "place": "1"}
    ingest.run([SourcePaper(**told, observed_at=NOW)], source="jsonl")
    paper = Paper.objects.get()
    Paper.objects.update(announced_at=NOW)

    def read() -> tuple[str, str]:
        (entry,) = feedparser.parse(client.get("/feed/").content).entries
        return entry.id, entry.updated

    first = read()
    votes.cast(paper, UserFactory.create(), address="192.0.2.1")
    Paper.objects.update(summary="Short.", boost=3)
    voted = read()
    later = NOW + timedelta(days=2)
    record = SourcePaper(
        **told, arxiv_id="2611.00001", source=ARXIV, observed_at=later, versions=((1, NOW), (2, later))
    )
    ingest.run([record], source="arxiv")
    ingest.run([record], source="arxiv")
    revised = read()

    assert Paper.objects.get().public_id == "2611.00001"
    assert voted == first
    assert revised == (first[0], later.isoformat())


def test_all_of_the_newest_day_stand_first_and_the_rest_page_by_page(client: Client, settings: Any) -> None:
    names = [f"New {number}" for number in range(SIZE + 5)]
    for name in names:
        PaperFactory.create(title=name)
    for number in range(SIZE + 2):
        PaperFactory.create(title=f"Old {number}", announced_at=NOW - timedelta(days=1, minutes=number))

    pages, address = [], "/feed/"
    while address:
        root = feed(client, address)
        pages.append(titles(root))
        address = link(root, "next").removeprefix(settings.SITE_URL)

    assert [len(page) for page in pages] == [SIZE + 5, SIZE, 2]
    assert pages[0] == names[::-1]
    assert len({title for page in pages for title in page}) == 2 * SIZE + 7


@pytest.mark.parametrize("count", [1, SIZE])
def test_a_feed_costs_the_same_few_queries_however_long_it_is(client: Client, paper: Paper, count: int) -> None:
    for _ in range(count - 1):
        other = PaperFactory.create(by=AuthorFactory.create_batch(2), in_topics=[TopicFactory.create()])
        other.categories.add(CategoryFactory.create())

    for address in lists(paper):
        with CaptureQueriesContext(connection) as asked:
            client.get(f"{address}feed/")
        assert 4 <= len(asked) <= 6, address


@pytest.mark.parametrize(
    ("index", "links"),
    [
        ("topic_by_date", PaperTopic.objects.filter(topic=1, belongs=True)),
        ("category_by_date", PaperCategory.objects.filter(category=1)),
        ("author_by_date", Authorship.objects.filter(author=1)),
    ],
)
def test_the_newest_of_a_topic_category_or_author_are_read_off_an_index_in_their_order(index: str, links: Any) -> None:
    """A feed costs the same however many papers there are: nothing is put in order for it."""
    with CaptureQueriesContext(connection) as asked:
        page_of(links.filter(paper__is_hidden=False), Place(NOW, 7))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Of tables that are as good as empty each way is as cheap: asked is whether an index gives the order.
            for way in ["seqscan", "bitmapscan", "sort"]:
                cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"EXPLAIN {'QUERY PLAN' if connection.vendor == 'sqlite' else ''} {asked[0]['sql']}")
        plan = "\n".join(str(row[-1]) for row in cursor.fetchall())

    assert index in plan
    assert not re.search("TEMP B-TREE|Sort|SCAN|Seq Scan", plan)


def test_a_paper_moves_in_its_topics_feed_when_its_day_does(client: Client, paper: Paper) -> None:
    older = PaperFactory.create(title="Older", announced_at=NOW - timedelta(days=1), in_topics=[paper.topics.get()])
    assert titles(feed(client, "/topics/graphs/feed/")) == ["Here", "Older"]

    Paper.objects.filter(pk=older.pk).update(announced_at=NOW + timedelta(hours=1))

    assert page_of(PaperTopic.objects.filter(topic__slug="graphs", paper__is_hidden=False), None)[0] == [
        older.pk,
        paper.pk,
    ]


def test_who_has_it_is_told_so_and_it_goes_out_packed(client: Client, paper: Paper) -> None:
    headers = {"Accept-Encoding": "gzip"}
    first: Any = client.get("/feed/", headers=headers)
    votes.cast(paper, UserFactory.create(), address="192.0.2.1")

    again = client.get("/feed/", headers=headers | {"If-None-Match": first.headers["ETag"]})

    assert not first.headers["ETag"].startswith("W/")
    assert first.headers["Cache-Control"].startswith("public, max-age=")
    assert checked(gzip.decompress(first.content)) is not None
    assert (again.status_code, again.content) == (304, b"")


def test_a_former_address_of_a_topic_leads_on(client: Client, paper: Paper) -> None:
    FormerSlug.objects.create(slug="nets", topic=paper.topics.get())

    answer = client.get("/topics/nets/feed/")

    assert (answer.status_code, answer.headers["Location"]) == (301, "/topics/graphs/feed/")


ODD = {
    "/feed/?before=x": 404,
    "/feed/?before=1_": 404,
    "/feed/?before=-9999999999999999_1": 404,
    "/feed/?before=9999999999999999_999999999999999999": 200,
    "/feed/?before=99999999999999999_1": 404,
    "/feed/?before=%00": 404,
    "/feed/?before=" + "9" * 2000: 404,
    "/feed/?page=2": 200,
    "/papers/2026-13-45/feed/": 404,
    "/papers/2099-12-31/feed/": 200,
    "/papers/1900-01-01/feed/": 200,
    "/papers/week/2026-W99/feed/": 404,
    "/papers/month/2026-13/feed/": 404,
    "/topics/none/feed/": 404,
    "/topics/%00/feed/": 404,
    "/categories/no.NE/feed/": 404,
    "/authors/99999999999999999999/feed/": 404,
    "/authors/x/feed/": 404,
}


@pytest.mark.parametrize("address", ODD)
def test_what_is_none_is_said_plainly(client: Client, paper: Paper, address: str) -> None:
    answer = client.get(address, headers={"Accept": "nonsense/;;q=", "Accept-Encoding": "\x7f;q=x"})

    assert answer.status_code == ODD[address]
    assert client.post(address).status_code in (404, 405)


def test_what_a_curator_corrects_counts_as_a_change_and_a_boost_does_not(client: Client, paper: Paper) -> None:
    paper.boost = 5
    curation.save_paper(paper, edited=["boost"])
    assert Paper.objects.get(pk=paper.pk).changed_at == NOW

    paper.title = "There"
    curation.save_paper(paper, edited=["title"])
    assert Paper.objects.get(pk=paper.pk).changed_at >= NOW + timedelta(days=7)
