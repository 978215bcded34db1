"""Atom, as it is written."""

from datetime import UTC, datetime, timedelta, timezone

import feedparser
from hypothesis import given
from hypothesis import strategies as st

from papersite.syndication import atom
from tests.atom_rules import ATOM, checked
from tests.conftest import examples

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


def feed(**more: object) -> atom.Feed:
    told = {"id": "tag:a.example,2026:f", "title": "T", "url": "https://a.example/", "author": "A site"}
    return atom.Feed(**(told | {"itself": "https://a.example/feed/", "entries": ()} | more))  # type: ignore[arg-type]


def entry(**more: object) -> atom.Entry:
    told = {"id": "tag:a.example,2026:1", "title": "One", "url": "https://a.example/1/", "content": "<p>x</p>"}
    return atom.Entry(**(told | {"published": AT, "updated": AT} | more))  # type: ignore[arg-type]


def test_a_feed_without_entries_was_never_changed() -> None:
    assert checked(atom.write(feed())).findtext("a:updated", "", ATOM) == "1970-01-01T00:00:00+00:00"


def test_moments_are_told_in_utc_and_the_newest_is_the_feeds() -> None:
    east = timezone(timedelta(hours=9))
    later = entry(id="tag:a.example,2026:2", updated=datetime(2026, 11, 24, 1, 30, tzinfo=east))

    root = checked(atom.write(feed(entries=[entry(), later])))

    assert root.findtext("a:updated", "", ATOM) == "2026-11-23T16:30:00+00:00"


def test_html_and_text_reach_a_reader_as_they_are() -> None:
    content = "<p>Once k&lt;n and m&gt;k, &amp;amp; stays.</p>"

    read = feedparser.parse(atom.write(feed(entries=[entry(title="a < b & c", content=content, summary="k<n & m>k")])))

    assert not read.bozo
    assert (read.entries[0].content[0].type, read.entries[0].content[0].value) == ("text/html", content)
    assert read.entries[0].summary_detail.type == "text/plain"
    assert read.entries[0].summary == "k<n & m>k"


def test_whatever_stands_in_an_address_or_a_label_is_read_as_it_was() -> None:
    odd = "a\"b'c<d>e&f\tg\nh\ri"
    told = entry(categories=[atom.Category("t", label=odd)], links=[atom.Link('https://a.example/?q="&', title=odd)])

    root = checked(atom.write(feed(title=odd, entries=[told])))

    assert root.findtext("a:title", "", ATOM) == odd
    assert [one.get("label") for one in root.iterfind("a:entry/a:category", ATOM)] == [odd]
    link = root.findall("a:entry/a:link", ATOM)[1]
    assert (link.get("href"), link.get("title")) == ('https://a.example/?q="&', odd)


def test_nobody_without_a_name_is_an_author() -> None:
    root = checked(atom.write(feed(entries=[entry(authors=["", " ", "\x01", "Ada"])])))

    assert [name.text for name in root.iterfind("a:entry/a:author/a:name", ATOM)] == ["Ada"]


@examples(100)
@given(st.text())
def test_whatever_is_said_makes_a_document(words: str) -> None:
    words = f"{words}\x00\x0b\ufffe\uffff\ud800"
    category = atom.Category(term="t", label=words)
    told = entry(title=words, content=words, summary=words, authors=[words], categories=[category])

    root = checked(atom.write(feed(title=words, subtitle=words, entries=[told])))

    assert "￾" not in (root.findtext("a:title", "", ATOM))
    assert feedparser.parse(atom.write(feed(entries=[told]))).entries
