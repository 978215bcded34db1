"""Atom (RFC 4287), in pages where there is more (RFC 5005). Pure: what to say comes in, bytes go out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

NAMESPACE = "http://www.w3.org/2005/Atom"
ATOM = "application/atom+xml"
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
    """The document, the same bytes for the same feed: nothing in it says when it was written.

    It is put together as text: a tree of it took as long as all else that a feed takes.
    """
    parts = [
        f"<?xml version='1.0' encoding='utf-8'?>\n<feed xmlns=\"{NAMESPACE}\">",
        *(_element("id", feed.id), _element("title", feed.title)),
        _element("subtitle", feed.subtitle) if feed.subtitle else "",
        _element("updated", _moment(max((entry.updated for entry in feed.entries), default=NEVER))),
        _element("icon", feed.icon) if feed.icon else "",
        _link(Link(feed.itself, "self", ATOM)),
        _link(Link(feed.url, "alternate", "text/html")),
        _link(Link(feed.first, "first", ATOM)) if feed.first else "",
        _link(Link(feed.next, "next", ATOM)) if feed.next else "",
        _author(feed.author),
        *map(_entry, feed.entries),
        "</feed>",
    ]
    return "".join(parts).encode()


def _entry(entry: Entry) -> str:
    parts = [
        "<entry>",
        *(_element("id", entry.id), _element("title", entry.title or "Untitled")),
        *(_element("published", _moment(entry.published)), _element("updated", _moment(entry.updated))),
        *(_author(shown) for name in entry.authors if (shown := text(name).strip())),
        *map(_category, entry.categories),
        _link(Link(entry.url, "alternate", "text/html")),
        *map(_link, entry.links),
        _element("summary", entry.summary, ' type="text"') if entry.summary else "",
        _element("content", entry.content, ' type="html"'),
        "</entry>",
    ]
    return "".join(parts)


def _element(name: str, words: str, attributes: str = "") -> str:
    return f"<{name}{attributes}>{_escaped(words)}</{name}>"


def _author(name: str) -> str:
    return f"<author><name>{_escaped(name)}</name></author>"


def _category(told: Category) -> str:
    first = f"{_attribute('term', told.term)}{_attribute('scheme', told.scheme)}"
    return f"<category{first}{_attribute('label', told.label)}/>"


def _link(told: Link) -> str:
    first = f"{_attribute('href', told.href)}{_attribute('rel', told.rel)}"
    return f"<link{first}{_attribute('type', told.type)}{_attribute('title', told.title)}/>"


def _attribute(name: str, words: str) -> str:
    if not words:
        return ""
    value = _escaped(words)
    if '"' in value or not value.isprintable():
        # A reader of XML takes each of these for a space.
        value = value.replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
    return f' {name}="{value}"'


def _escaped(words: str) -> str:
    # A reader of XML takes a bare carriage return for the end of a line.
    return text(words).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def _moment(moment: datetime) -> str:
    """RFC 3339, in UTC."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")
