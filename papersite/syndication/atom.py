"""Atom (RFC 4287), in pages where there is more (RFC 5005). Pure: what to say comes in, bytes go out."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

NAMESPACE = "http://www.w3.org/2005/Atom"
_IN = f"{{{NAMESPACE}}}"
# All that XML 1.0 holds but what parts words; U+FFFE and U+FFFF are no characters, single surrogates no text.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Nothing was ever changed before: of a feed without entries.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Category:
    term: str
    scheme: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    href: str
    rel: str = "alternate"
    type: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing of a list. Its id stays for ever; moments are aware."""

    id: str
    title: str
    url: str
    published: datetime
    updated: datetime
    content: str
    """HTML."""
    summary: str = ""
    """Plain text."""
    authors: Sequence[str] = ()
    categories: Sequence[Category] = ()
    links: Sequence[Link] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """A list, or one page of it. Who stands for entries without authors is ``author``."""

    id: str
    title: str
    url: str
    """The page for people."""
    itself: str
    author: str
    entries: Sequence[Entry]
    subtitle: str = ""
    first: str = ""
    """Of a later page: where the list begins."""
    next: str = ""
    icon: str = ""


def text(words: str) -> str:
    """The same without what no XML can hold, escaped or not."""
    return words if words.isprintable() else _NOT_XML.sub("", words)


def write(feed: Feed) -> bytes:
    """The document, the same bytes for the same feed: nothing in it says when it was written."""
    root = etree.fromstring(f'<feed xmlns="{NAMESPACE}"/>')
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    if feed.subtitle:
        _add(root, "subtitle", feed.subtitle)
    _add(root, "updated", _moment(max((entry.updated for entry in feed.entries), default=NEVER)))
    if feed.icon:
        _add(root, "icon", feed.icon)
    _link(root, Link(feed.itself, "self", "application/atom+xml"))
    _link(root, Link(feed.url, "alternate", "text/html"))
    for rel, href in (("first", feed.first), ("next", feed.next)):
        if href:
            _link(root, Link(href, rel, "application/atom+xml"))
    _author(root, feed.author)
    for entry in feed.entries:
        _entry(root, entry)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _entry(root: etree._Element, entry: Entry) -> None:
    found = etree.SubElement(root, _IN + "entry")
    _add(found, "id", entry.id)
    _add(found, "title", entry.title or "Untitled")
    _add(found, "published", _moment(entry.published))
    _add(found, "updated", _moment(entry.updated))
    for name in _named(entry.authors):
        _author(found, name)
    for category in entry.categories:
        told = {"term": category.term, "scheme": category.scheme, "label": category.label}
        etree.SubElement(found, _IN + "category", {name: text(value) for name, value in told.items() if value})
    _link(found, Link(entry.url, "alternate", "text/html"))
    for link in entry.links:
        _link(found, link)
    if entry.summary:
        _add(found, "summary", entry.summary).set("type", "text")
    _add(found, "content", entry.content).set("type", "html")


def _named(names: Iterable[str]) -> list[str]:
    return [shown for name in names if (shown := text(name).strip())]


def _add(parent: etree._Element, name: str, words: str) -> etree._Element:
    found = etree.SubElement(parent, _IN + name)
    found.text = text(words)
    return found


def _author(parent: etree._Element, name: str) -> None:
    _add(etree.SubElement(parent, _IN + "author"), "name", name)


def _link(parent: etree._Element, link: Link) -> None:
    told = {"href": link.href, "rel": link.rel, "type": link.type, "title": link.title}
    etree.SubElement(parent, _IN + "link", {name: text(value) for name, value in told.items() if value})


def _moment(moment: datetime) -> str:
    """RFC 3339, in UTC."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")
