"""What a paper's page tells programs, read by extruct."""

import json
from typing import Any

import extruct
import pytest
from django.test import Client
from lxml import html

from papersite.catalogue.models import Paper
from tests.factories import NOW, AuthorFactory, CategoryFactory, PaperFactory, TopicFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_week_later")]
# Nothing of it may leave the place it stands in.
HOSTILE = 'Ends </script><script>alert(1)</script> & "here" <!-- \u2028 \x0b'


@pytest.fixture
def paper() -> Paper:
    names = ["Lonneke van der Plas", "Hal Daumé III", "Qwen Team"]
    found: Paper = PaperFactory.create(
        title=HOSTILE, abstract=HOSTILE, arxiv_id="2611.00001", by=[AuthorFactory.create(name=name) for name in names],
        in_topics=[TopicFactory.create(name="Graphs")], primary_category=CategoryFactory.create(code="cs.LG"),
    )  # fmt: skip
    return found


def page(client: Client, paper: Paper) -> str:
    return client.get(paper.get_absolute_url()).content.decode()


def metas(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for meta in html.fromstring(text).iterfind(".//meta"):
        found.setdefault(meta.get("name") or meta.get("property") or "", []).append(meta.get("content") or "")
    return found


def test_reference_managers_find_all_they_ask_for(client: Client, paper: Paper, settings: Any) -> None:
    found = metas(page(client, paper))

    assert found["citation_author"] == ["van der Plas, Lonneke", "Daumé, Hal, III", "Qwen Team"]
    assert found["citation_title"] == [" ".join(HOSTILE.replace("\x0b", " ").replace("\u2028", " ").split())]
    assert found["citation_publication_date"] == [f"{NOW:%Y/%m/%d}"]
    assert found["citation_arxiv_id"] == ["2611.00001"]
    assert found["citation_doi"] == ["10.48550/arXiv.2611.00001"]
    assert found["citation_pdf_url"] == ["https://arxiv.org/pdf/2611.00001"]
    assert found["citation_abstract_html_url"] == [f"{settings.SITE_URL}/papers/2611.00001/"]
    assert found["citation_keywords"] == ["cs.LG; Graphs"]
    assert found["DC.type"] == ["preprint"]
    assert "citation_journal_title" not in found


def test_a_published_paper_names_its_journal_and_is_no_preprint(client: Client, paper: Paper) -> None:
    Paper.objects.update(journal_ref="J. of Tests 3 (2026)", doi="10.1000/x<y>")

    found = metas(page(client, paper))

    assert found["citation_journal_title"] == ["J. of Tests 3 (2026)"]
    assert found["citation_doi"] == ["10.1000/x<y>"]
    assert "DC.type" not in found


def test_linked_data_and_previews_are_read(client: Client, paper: Paper, settings: Any) -> None:
    text = page(client, paper)

    read = extruct.extract(text, base_url=settings.SITE_URL, syntaxes=["json-ld", "opengraph", "dublincore"])

    (article,) = read["json-ld"]
    address = f"{settings.SITE_URL}/papers/2611.00001/"
    assert (article["@type"], article["url"]) == ("ScholarlyArticle", address)
    assert article["name"] == " ".join(HOSTILE.replace("\x0b", " ").replace("\u2028", " ").split())
    assert [author["@type"] for author in article["author"]] == ["Person", "Person", "Organization"]
    assert article["author"][0]["familyName"] == "van der Plas"
    (graph,) = read["opengraph"]
    properties = dict(graph["properties"])
    assert properties["og:url"] == address
    assert properties["og:image"] == f"{settings.SITE_URL}/papers/2611.00001.png"
    assert text.count("</script>") == text.count("<script")
    assert "<script>alert" not in text


def test_the_one_address_and_the_files_beside_it(client: Client, paper: Paper, settings: Any) -> None:
    root = html.fromstring(page(client, paper))

    assert [one.get("href") for one in root.iterfind(".//link[@rel='canonical']")] == [
        f"{settings.SITE_URL}/papers/2611.00001/"
    ]
    for one in root.iterfind(".//link[@rel='alternate']"):
        answer = client.get(one.get("href") or "")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith(one.get("type") or "nothing")


def test_what_has_neither_authors_nor_id_says_what_it_can(client: Client) -> None:
    text = page(client, PaperFactory.create(abstract=""))

    found = metas(text)
    assert "citation_author" not in found
    assert "citation_doi" not in found
    assert json.loads(html.fromstring(text).findtext(".//script[@type='application/ld+json']") or "")["name"]


@pytest.mark.parametrize(
    "address", ["/", "/papers/2026-11-23/", "/papers/week/2026-W48/", "/papers/month/2026-11/", "/topics/topic-x/"]
)
def test_every_list_names_its_feed_and_files(client: Client, address: str, settings: Any) -> None:
    PaperFactory.create(in_topics=[TopicFactory.create(slug="topic-x")])

    root = html.fromstring(client.get(address).content)

    found = {one.get("type"): one.get("href") or "" for one in root.iterfind(".//link[@rel='alternate']")}
    assert found["application/atom+xml"] == f"{address}feed/"
    for href in found.values():
        assert client.get(href).status_code == 200
    assert [one.get("href") for one in root.iterfind(".//link[@rel='canonical']")] == [f"{settings.SITE_URL}{address}"]
