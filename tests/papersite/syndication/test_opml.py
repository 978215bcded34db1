"""Lists of feeds, read by a parser and asked for as people do."""

from typing import Any

import pytest
from django.test import Client
from lxml import etree

from papersite.syndication import opml
from tests.factories import TopicFactory


def feeds(document: bytes) -> dict[str, str]:
    root = etree.fromstring(document)
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    return {one.get("text", ""): one.get("xmlUrl", "") for one in root.iterfind(".//outline[@xmlUrl]")}


def test_any_name_makes_a_list() -> None:
    written = opml.write(
        "All \x00<b>", [opml.Outline('A "b" & <c>\x0b', "https://a.example/feed/", "https://a.example/")]
    )

    assert feeds(written) == {'A "b" & <c>': "https://a.example/feed/"}


@pytest.mark.django_db
def test_the_topics_on_offer_are_one_list(client: Client, settings: Any) -> None:
    TopicFactory.create(name="Graphs", slug="graphs")
    TopicFactory.create(name="Closed", is_offered=False)

    answer = client.get("/topics.opml")

    assert answer.headers["Content-Type"] == "text/x-opml; charset=utf-8"
    assert feeds(answer.content) == {"Graphs": f"{settings.SITE_URL}/topics/graphs/feed/"}
