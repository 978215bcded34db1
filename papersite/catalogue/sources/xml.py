"""XML as sources send it, read with distrust: no document types, no entities of its own, no other files."""

from collections.abc import Iterator
from typing import IO

from lxml import etree

from papersite.catalogue.sources.records import SourceError

Element = etree._Element


def elements(stream: IO[bytes], *tags: str, origin: str) -> Iterator[Element]:
    """Each element of one of these tags, in order, forgotten once the next is asked for.

    Raises SourceError where the stream is not well-formed XML, or is more than that.
    """
    parsed = etree.iterparse(
        stream, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    root = None
    try:
        for event, element in parsed:
            if root is None:
                root = element
                _refuse_document_type(root, origin)
            if event == "end" and element.tag in tags:
                yield element
                _forget(element)
    except (etree.XMLSyntaxError, etree.LxmlError, ValueError, LookupError) as error:
        reason = " ".join(str(error).split())
        raise SourceError(f"{origin}: not XML, or cut short ({reason})") from error


def root_tag(stream: IO[bytes], *, origin: str) -> str:
    """The tag of the outermost element."""
    parsed = etree.iterparse(stream, events=("start",), resolve_entities=False, no_network=True)
    try:
        for _, element in parsed:
            return str(element.tag)
    except (etree.LxmlError, ValueError, LookupError) as error:
        raise SourceError(f"{origin}: not XML, or cut short ({' '.join(str(error).split())})") from error
    raise SourceError(f"{origin}: it is empty")


def text_of(element: Element, path: str) -> str:
    """All text below the first element of a path, or ""."""
    found = element.find(path)
    return "" if found is None else "".join(map(str, found.itertext())).strip()


def texts_of(element: Element, path: str) -> tuple[str, ...]:
    return tuple("".join(map(str, found.itertext())).strip() for found in element.iterfind(path))


def _refuse_document_type(root: Element, origin: str) -> None:
    if root.getroottree().docinfo.doctype:  # type: ignore[attr-defined]
        raise SourceError(f"{origin}: it declares a document type, which no source needs")


def _forget(element: Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and (before := element.getprevious()) is not None:
        parent.remove(before)
