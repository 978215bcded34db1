"""CSL JSON (citation-style-language/schema, csl-data.json), as Zotero, Mendeley and pandoc write it."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from papersite.catalogue.sources import json_list
from papersite.catalogue.sources.library import identifiers
from papersite.catalogue.sources.library.dates import day_of, year_of
from papersite.catalogue.sources.library.marks import marks
from papersite.catalogue.sources.library.records import Entry
from papersite.catalogue.sources.library.ris import spoken
from papersite.catalogue.sources.records import Rejected
from papersite.catalogue.sources.text import excerpt

_PLACES = ("number", "archive_location", "archive", "volume", "call-number", "container-title")


def read(pieces: Iterable[str], *, origin: str) -> Iterator[Entry | Rejected]:
    """The items of a list. Raises SourceError where it is none, or cut short."""
    for number, item in enumerate(json_list.entries(pieces, origin=origin), start=1):
        place = f"{origin}, entry {number}"
        if isinstance(item, dict):
            yield _entry(item, place)
        else:
            yield Rejected(place, "not an object", excerpt(str(item)))


def _entry(item: dict[str, Any], place: str) -> Entry:
    doi, url, remark = _text(item, "DOI"), _text(item, "URL"), _text(item, "note")
    keywords = [word.strip() for word in _text(item, "keyword").replace(";", ",").split(",") if word.strip()]
    own = marks([_text(item, "annote")], keywords, extra=remark)
    on, year = _issued(item.get("issued"))
    people = item.get("author") or item.get("editor")
    journal = _text(item, "container-title")
    return Entry(
        place=place,
        title=_text(item, "title"),
        authors=tuple(filter(None, map(_name, people[:10_000] if isinstance(people, list) else ()))),
        year=year,
        on=on,
        arxiv_id=identifiers.arxiv_id_of([doi, url, *(_text(item, name) for name in _PLACES)])
        or identifiers.leading_arxiv_id(remark),
        maybe_arxiv_id=identifiers.arxiv_id_of([remark, _text(item, "annote")]),
        doi=identifiers.doi_of([doi, url]),
        journal="" if "arxiv" in journal.lower() else journal,
        abstract=_text(item, "abstract"),
        keywords=own.keywords,
        note=own.note,
        is_read=own.is_read,
        read_at=own.read_at,
    )


def _text(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    if isinstance(value, list):
        value = next(iter(value), "")
    return str(value)[:100_000].strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _name(person: Any) -> str:
    if isinstance(person, str):
        return spoken(person[:1000])
    if not isinstance(person, dict):
        return ""
    if literal := _text(person, "literal") or _text(person, "name"):
        return literal
    names = ("given", "dropping-particle", "non-dropping-particle", "family", "suffix")
    return " ".join(filter(None, (_text(person, name) for name in names)))


def _issued(told: Any) -> tuple[date | None, int | None]:
    """By the schema's parts of dates, or as a text, as CSL 1.1 has them and programs that know no better."""
    if isinstance(told, str | int):
        told = {"raw": told}
    if not isinstance(told, dict):
        return None, None
    parts = told.get("date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list):
        parts = parts[0]
    if isinstance(parts, list) and parts:
        written = "-".join(str(part)[:4] for part in parts[:3])
    else:
        written = _text(told, "raw") or _text(told, "literal")
    on = day_of(written)
    return on, on.year if on else year_of(written)
