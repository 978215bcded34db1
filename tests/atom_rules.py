"""What RFC 4287 asks of a feed's structure, in RELAX NG, and what no grammar says, in words."""

from datetime import datetime
from functools import cache

from lxml import etree

ATOM = {"a": "http://www.w3.org/2005/Atom"}
_MOMENT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+\-][0-9]{2}:[0-9]{2})"
_GRAMMAR = f"""
<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="http://www.w3.org/2005/Atom"
         datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <define name="some"><data type="string"><param name="pattern">(.|\\n|\\r)*\\S(.|\\n|\\r)*</param></data></define>
  <define name="address"><data type="anyURI"><param name="pattern">[a-z]+:.+</param></data></define>
  <define name="moment"><data type="string"><param name="pattern">{_MOMENT}</param></data></define>
  <define name="said"><optional><attribute name="type" ns="">
    <choice><value>text</value><value>html</value></choice></attribute></optional><text/></define>
  <define name="person"><element name="name"><ref name="some"/></element></define>
  <define name="link"><element name="link">
    <attribute name="href" ns=""><ref name="address"/></attribute>
    <optional><attribute name="rel" ns=""><data type="NMTOKEN"/></attribute></optional>
    <optional><attribute name="type" ns="">
      <data type="string"><param name="pattern">.+/.+</param></data></attribute></optional>
    <optional><attribute name="title" ns=""/></optional></element></define>
  <define name="category"><element name="category">
    <attribute name="term" ns=""><ref name="some"/></attribute>
    <optional><attribute name="scheme" ns=""><ref name="address"/></attribute></optional>
    <optional><attribute name="label" ns=""/></optional></element></define>
  <start><element name="feed"><interleave>
    <ref name="common"/>
    <optional><element name="subtitle"><ref name="said"/></element></optional>
    <optional><element name="icon"><ref name="address"/></element></optional>
    <zeroOrMore><ref name="entry"/></zeroOrMore></interleave></element></start>
  <define name="entry"><element name="entry"><interleave>
    <ref name="common"/>
    <optional><element name="published"><ref name="moment"/></element></optional>
    <optional><element name="summary"><ref name="said"/></element></optional>
    <optional><element name="content"><ref name="said"/></element></optional></interleave></element></define>
  <define name="common"><interleave>
    <element name="id"><ref name="address"/></element>
    <element name="title"><ref name="said"/></element>
    <element name="updated"><ref name="moment"/></element>
    <zeroOrMore><element name="author"><ref name="person"/></element></zeroOrMore>
    <zeroOrMore><ref name="category"/></zeroOrMore>
    <oneOrMore><ref name="link"/></oneOrMore></interleave></define>
</grammar>
"""


def checked(document: bytes) -> etree._Element:
    """The feed, once it keeps every rule; fails with the first that it breaks."""
    root = etree.fromstring(document)
    _schema().assertValid(root)
    for place in (root, *root.iterfind("a:entry", ATOM)):
        _addresses(place)
        for name in ("updated", "published"):
            if moment := place.findtext(f"a:{name}", None, ATOM):
                assert datetime.fromisoformat(moment).tzinfo is not None, moment
    entries = root.findall("a:entry", ATOM)
    ids = [entry.findtext("a:id", "", ATOM) for entry in entries]
    assert len(ids) == len(set(ids)), "an entry stands there twice (4.1.1)"
    has_author = root.find("a:author", ATOM) is not None
    assert has_author or all(entry.find("a:author", ATOM) is not None for entry in entries), "no author (4.1.1)"
    assert [link.get("rel") for link in root.findall("a:link", ATOM)].count("self") == 1
    newest = max((entry.findtext("a:updated", "", ATOM) for entry in entries), default="")
    assert not entries or root.findtext("a:updated", "", ATOM) >= newest
    return root


def _addresses(place: etree._Element) -> None:
    alternates = [
        (link.get("type"), link.get("hreflang"))
        for link in place.findall("a:link", ATOM)
        if link.get("rel", "alternate") == "alternate"
    ]
    assert len(alternates) == len(set(alternates)), "two alternates of one type and language (4.1.1)"
    has_content = place.find("a:content", ATOM) is not None or place.tag.endswith("feed")
    assert alternates or has_content, "neither content nor an alternate (4.1.2)"


@cache
def _schema() -> etree.RelaxNG:
    return etree.RelaxNG(etree.fromstring(_GRAMMAR))
