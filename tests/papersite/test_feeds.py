"""Feeds of plain text."""

from lxml import etree

from papersite.feeds import TextFeed


def test_a_summary_is_text_and_says_so() -> None:
    feed = TextFeed("T", "https://a.example/", "D")
    feed.add_item("a < b & c", "https://a.example/1", "x < y & <b>z</b>")

    summary = etree.fromstring(feed.writeString("utf-8").encode()).find("{*}entry/{*}summary")

    assert summary is not None
    assert (summary.get("type"), summary.text) == ("text", "x < y & <b>z</b>")
