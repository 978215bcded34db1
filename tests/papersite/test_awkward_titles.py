"""Pages, mails and feeds with every awkward character in what sources wrote: each is shown once, as itself."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from lxml import etree

from accounts.models import User
from digest.composing.digest_mail import HTML_CARD, TEXT_CARD, Parts, brief, card, subject_of
from digest.models import Delivery, Subscription
from papersite.catalogue import ingest, reading_list
from papersite.catalogue.models import Paper
from papersite.catalogue.sources.records import SourcePaper
from tests.factories import sent

TITLE = 'Ada\'s "graph" & <b> of 5 < 6 > 4, “α” – ‖x‖ $5 {a} 100% C:\\x #1 ~ `y` ß İ 图 שלום'
ABSTRACT = (
    f"We show {TITLE}. It's 12% better & <i> than Bo's. " + "Words go on and say no more. " * 20 + "Late zebra's end."
)
DOUBLED = re.compile(r"&amp;(?:#x?[0-9a-f]+|amp|lt|gt|quot|nbsp|apos);|&#x26;", re.IGNORECASE)

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(index: Any) -> Paper:
    now = timezone.now()
    record = SourcePaper(
        place="here", title=TITLE, abstract=ABSTRACT, summary="", source="jsonl", arxiv_id="2605.00001",
        authors=("Ada O'Hara & Co", "Bo \"B\" <Ek>"), comment="It's <12> & \"more\"", journal_ref="J. of A's & B's",
        announced_at=now - timedelta(hours=1), organisation="O'Hara & Sons <Ltd>",
    )  # fmt: skip
    ingest.run([record], source="jsonl")
    index()
    return Paper.objects.get()


def addresses(paper: Paper, delivery: Delivery) -> list[str]:
    author = paper.authors.order_by("pk").first()
    assert author is not None
    day = f"{paper.announced_at:%Y-%m-%d}"
    return [
        "/", paper.get_absolute_url(), author.get_absolute_url(), f"/papers/{day}/", "/search/?q=graph",
        "/search/?q=zebra",
        "/search/?q=Ada%27s+%26+graph", "/search/suggest/?q=graph", "/saved/", delivery.get_absolute_url(),
        "/subscription/",
        f"/d/{delivery.token}/p/{paper.public_id}/more/", "/archive/",
        f"/archive/{day}/", f"/subscription/sent/{paper.public_id}/", "/subscription/preview/",
        "/subscription/for-you/",
    ]  # fmt: skip


def test_no_page_shows_an_entity_for_a_character(
    paper: Paper, subscription: Subscription, reader: User, reader_client: Client
) -> None:
    reading_list.save(paper, reader, timezone.now())
    delivery = sent(subscription, papers=0)
    delivery.items.create(subscription=subscription, paper=paper, position=0, reasons=[["trending", ""]])
    found = {address: reader_client.get(address, follow=True) for address in addresses(paper, delivery)}

    pages = {address: answer.content.decode() for address, answer in found.items() if answer.status_code == 200}
    assert len(pages) >= 9
    assert {address: DOUBLED.findall(page) for address, page in pages.items() if DOUBLED.search(page)} == {}
    text = {address: html.unescape(re.sub("<[^>]*>", "", page)) for address, page in pages.items()}
    for address in ("/", paper.get_absolute_url(), "/search/?q=graph", "/saved/"):
        assert paper.title in text[address]
    assert "zebra's end" in text["/search/?q=zebra"]


def test_no_mail_and_no_feed_shows_an_entity_for_a_character(paper: Paper, client: Client) -> None:
    in_html, in_text = (str(card(brief(paper), Parts(why="why"), one)) for one in (HTML_CARD, TEXT_CARD))
    feed = etree.fromstring(client.get("/search/feed/?q=graph").content)

    assert not DOUBLED.search(in_html)
    assert paper.title in html.unescape(in_html)
    assert paper.title in in_text
    assert subject_of([paper]).startswith('Ada\'s "graph" & <b>')
    assert [entry.text for entry in feed.iterfind("{*}entry/{*}title")] == [paper.title]
