"""Lists of feeds, for feed readers to take in at once (OPML 2.0, opml.org/spec2.opml)."""

from collections.abc import Iterable
from typing import NamedTuple

from lxml import etree

from papersite import links
from papersite.syndication.atom import text

CONTENT_TYPE = "text/x-opml; charset=utf-8"


class Outline(NamedTuple):
    """One feed: its name, its own address, and that of the page it is of. Under ``group``, where that is said."""

    title: str
    feed: str
    page: str
    group: str = ""


def outline(title: str, page: str, group: str = "") -> Outline:
    """That of a list of this site, by its page's path."""
    return Outline(title, links.absolute(f"{page}feed/"), links.absolute(page), group)


def write(title: str, outlines: Iterable[Outline]) -> bytes:
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = text(title)
    body = etree.SubElement(root, "body")
    groups = {"": body}
    for one in outlines:
        if one.group not in groups:
            name = text(one.group)
            groups[one.group] = etree.SubElement(body, "outline", {"text": name, "title": name})
        name = text(one.title)
        # "rss" is the type of every feed there, Atom's too.
        told = {"text": name, "title": name, "type": "rss", "version": "ATOM", "xmlUrl": one.feed, "htmlUrl": one.page}
        etree.SubElement(groups[one.group], "outline", told)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
