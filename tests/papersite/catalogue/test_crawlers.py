"""What crawlers and browsers ask for."""

import gzip
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import etree

from papersite.catalogue import crawlers
from papersite.catalogue.models import Paper
from tests.factories import NOW, CategoryFactory, PaperFactory, TopicFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_week_later")]


def sitemap(client: Client, address: str) -> dict[str, str]:
    """Addresses and when what is there changed."""
    answer: Any = client.get(address)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/xml; charset=utf-8")
    root = etree.fromstring(b"".join(answer.streaming_content) if answer.streaming else answer.content)
    return {row.findtext("{*}loc", ""): row.findtext("{*}lastmod", "") for row in root}


def test_robots_find_the_sitemap_and_nothing_of_anybodys(client: Client, settings: Any) -> None:
    text = client.get("/robots.txt").content.decode()

    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in text
    for path in ("/accounts/", "/admin/", "/d/", "/copy/", "/saved/", "/subscription/"):
        assert f"Disallow: {path}\n" in text


def test_every_visible_paper_is_in_one_sitemap_with_its_last_change(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawlers, "PART", 2)
    old = PaperFactory.create(arxiv_id="2609.00001", announced_at=NOW - timedelta(days=60))
    Paper.objects.filter(pk=old.pk).update(revised_at=NOW - timedelta(hours=1))
    papers = [PaperFactory.create() for _ in range(3)]
    PaperFactory.create(is_hidden=True)

    index = sitemap(client, "/sitemap.xml")

    host = settings.SITE_URL
    assert index == {
        f"{host}/sitemaps/site.xml": "2026-11-23T11:00:00Z",
        f"{host}/sitemaps/2026-11/1.xml": "2026-11-23T00:00:00Z",
        f"{host}/sitemaps/2026-11/2.xml": "2026-11-23T00:00:00Z",
        f"{host}/sitemaps/2026-09/1.xml": "2026-11-23T11:00:00Z",
    }
    found: dict[str, str] = {}
    for address in list(index)[1:]:
        found |= sitemap(client, address.removeprefix(host))
    assert found == {f"{host}/papers/2609.00001/": "2026-11-23T11:00:00Z"} | {
        f"{host}{paper.get_absolute_url()}": "2026-11-23T12:00:00Z" for paper in papers
    }


def test_topics_categories_and_days_are_in_the_sites_own(client: Client, settings: Any) -> None:
    PaperFactory.create()
    topic, category = TopicFactory.create(), CategoryFactory.create(code="cs.LG")
    CategoryFactory.create(code="odd 1/<>")

    found = sitemap(client, "/sitemaps/site.xml")

    for path in ("/", topic.get_absolute_url(), category.get_absolute_url(), "/papers/2026-11-23/"):
        assert f"{settings.SITE_URL}{path}" in found


@pytest.mark.parametrize("count", [1, 20])
def test_sitemaps_cost_the_same_few_queries(client: Client, count: int) -> None:
    PaperFactory.create_batch(count)

    for address, most in (("/sitemap.xml", 2), ("/sitemaps/site.xml", 3), ("/sitemaps/2026-11/1.xml", 2)):
        with CaptureQueriesContext(connection) as asked:
            sitemap(client, address)
        assert len(asked) == most, address


def test_a_sitemap_goes_out_in_pieces_of_many_rows_while_it_is_read(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawlers, "AT_ONCE", 3)
    PaperFactory.create_batch(7)

    answer: Any = client.get("/sitemaps/2026-11/1.xml")

    assert answer.streaming
    assert [piece.count(b"<url>") for piece in answer] == [0, 3, 3, 1, 0]


@pytest.mark.parametrize("address", ["/sitemaps/site.xml", "/sitemaps/2026-11/1.xml"])
def test_a_sitemap_goes_out_packed_to_who_takes_that(client: Client, address: str) -> None:
    PaperFactory.create_batch(3)

    plain: Any = client.get(address)
    packed: Any = client.get(address, headers={"Accept-Encoding": "gzip"})
    head = client.head(address, headers={"Accept-Encoding": "gzip"})

    assert gzip.decompress(b"".join(packed.streaming_content)) == b"".join(plain.streaming_content)
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    assert packed.headers["Content-Encoding"] == "gzip"
    assert head.headers == packed.headers


@pytest.mark.parametrize(
    "address", ["2026-13/1", "2026-11/0", "2026-11/2", "1999-01/1", "2026-11/99999999999999999999"]
)
def test_a_sitemap_that_is_none_is_not_found(client: Client, address: str) -> None:
    PaperFactory.create()

    assert client.get(f"/sitemaps/{address}.xml").status_code == 404


def test_browsers_learn_how_to_search_and_how_to_keep_the_site(client: Client, settings: Any) -> None:
    settings.SITE_NAME = "A & B <papers> of a name"

    described = etree.fromstring(client.get("/opensearch.xml").content)
    manifest = client.get("/manifest.webmanifest").json()

    assert described.find("{*}Url").get("template") == f"{settings.SITE_URL}/search/?q={{searchTerms}}"  # type: ignore[union-attr]
    assert described.findtext("{*}ShortName") == "A & B <papers> o"
    assert manifest["name"] == "A & B <papers> of a name"
    assert {icon["sizes"] for icon in manifest["icons"]} == {"any", "192x192", "512x512"}
    icon = client.get("/favicon.ico")
    assert (icon.headers["Content-Type"], icon.content[:4]) == ("image/x-icon", b"\x00\x00\x01\x00")


def test_a_weakness_is_told_to_whom_the_operator_names(client: Client, settings: Any) -> None:
    assert client.get("/.well-known/security.txt").status_code == 404

    settings.SECURITY_CONTACT = "security@example.org"
    text = client.get("/.well-known/security.txt").content.decode()

    assert "Contact: mailto:security@example.org\n" in text
    assert "Expires: 2027-05-29T00:00:00Z\n" in text


HABITS = {
    "/abs/2611.00001": "/papers/2611.00001/",
    "/abs/2611.00001v3/": "/papers/2611.00001/",
    "/pdf/2611.00001v2.pdf": "/papers/2611.00001/",
    "/abs/math.GT/0309136": "/papers/math/0309136/",
    "/papers/2611.00001v2/": "/papers/2611.00001/",
    "/papers/arXiv:2611.00001/": "/papers/2611.00001/",
    "/papers/math.GT/0309136v1/": "/papers/math/0309136/",
    "/categories/cs.lg/": "/categories/cs.LG/",
}


@pytest.mark.parametrize("address", HABITS)
def test_addresses_that_people_are_used_to_lead_on_for_good(client: Client, address: str) -> None:
    CategoryFactory.create(code="cs.LG")
    PaperFactory.create(arxiv_id="2611.00001")

    answer = client.get(address)

    assert (answer.status_code, answer.headers["Location"]) == (301, HABITS[address])
    assert client.post(address).status_code == 405


@pytest.mark.parametrize(
    "address",
    ["/abs/", "/abs/x", "/abs/2613.00001", "/pdf/..%2f..", "/papers/arXiv:x/", "/categories/no.ne/", "/abs/%00"],
)
def test_what_leads_nowhere_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404
