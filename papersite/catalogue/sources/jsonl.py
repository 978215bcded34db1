"""The ``jsonl`` format: one JSON object a line, the catalogue's own words for its fields.

``title`` is needed; so is one of ``abstract`` and ``summary``. The rest is optional:
``id`` (arXiv id), ``authors`` (list of names), ``categories`` (codes, the first is the
primary one), ``topics`` (slugs), ``comments``, ``code_url``, ``project_url``,
``summary_by``, ``journal_ref``, ``doi``, ``organisation``, ``keywords``, ``submitted_at`` and
``announced_at`` (ISO or another plain form; ``first_seen`` is read as ``announced_at``). Fields it does not
know are ignored. A line of arXiv's snapshot on Kaggle is read as what it is.
"""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time
from typing import Any

from papersite.catalogue.sources import foreign, names
from papersite.catalogue.sources.arxiv import snapshot
from papersite.catalogue.sources.links import web_url
from papersite.catalogue.sources.records import Rejected, SourceError, SourcePaper
from papersite.catalogue.sources.text import arxiv_id, excerpt, loose_moment, month_of, text


def read(lines: Iterable[str], *, origin: str) -> Iterator[SourcePaper | Rejected]:
    """The records of a file.

    Raises SourceError where a line is not JSON: such a file is damaged or cut short.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        place = f"{origin}, line {number}"
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise SourceError(f"{place}: not JSON, or cut short ({error})") from error
        yield record(entry, place) if isinstance(entry, dict) else Rejected(place, "not an object", excerpt(line))


def record(entry: dict[str, Any], place: str) -> SourcePaper | Rejected:
    """One object's paper, or why it cannot be used: what has another shape is said, never dropped in silence."""
    if snapshot.is_one(entry):
        return snapshot.record(entry, place)
    if name := foreign.name_of_json(entry):
        return Rejected(place, f"it is a record of {name}, which is not read", excerpt(json.dumps(entry)))
    try:
        return _record(entry, place)
    except _OddError as error:
        return Rejected(place, str(error), excerpt(json.dumps(entry)))


class _OddError(Exception):
    """A field of a shape that cannot be read."""


def _record(entry: dict[str, Any], place: str) -> SourcePaper:
    title = _text(entry, "title")
    if not title.strip():
        raise _OddError("it has no title")
    identifier = arxiv_id(text(entry.get("id")))
    if entry.get("id") and not identifier:
        raise _OddError("its id is no arXiv id")
    submitted_at = _moment(entry, "submitted_at")
    announced_at = _moment(entry, "announced_at") or _moment(entry, "first_seen")
    listed = entry.get("authors")
    return SourcePaper(
        place=place,
        source="jsonl",
        title=title,
        abstract=_text(entry, "abstract"),
        summary=_text(entry, "summary"),
        summary_by=_text(entry, "summary_by"),
        arxiv_id=identifier,
        authors=_authors(listed),
        has_more_authors=isinstance(listed, str) and names.has_more(listed),
        categories=_codes(entry, "categories"),
        topics=_codes(entry, "topics"),
        comment=_text(entry, "comments"),
        journal_ref=_text(entry, "journal_ref"),
        doi=_text(entry, "doi"),
        organisation=_text(entry, "organisation"),
        keywords=strings(entry.get("keywords")),
        code_url=web_url(entry.get("code_url")),
        project_url=web_url(entry.get("project_url")),
        submitted_at=submitted_at,
        announced_at=announced_at or submitted_at or _month(identifier),
        observed_at=announced_at,
    )


def strings(value: Any) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def _text(entry: dict[str, Any], name: str) -> str:
    value = entry.get(name)
    if value is None or isinstance(value, str):
        return value or ""
    raise _OddError(f"its {name} is no text")


def _moment(entry: dict[str, Any], name: str) -> datetime | None:
    value = entry.get(name)
    if value in (None, ""):
        return None
    found = loose_moment(value)
    if found is None and not (isinstance(value, str) and value[:4] in ("0000", "0001", "9999")):
        raise _OddError(f"its {name} is no date: {excerpt(str(value), 60)}")
    return found


def _month(identifier: str) -> datetime | None:
    """Without another date, the beginning of the month in which arXiv gave the identifier."""
    return datetime.combine(month_of(identifier), time(), tzinfo=UTC) if identifier else None


def _authors(value: Any) -> tuple[str, ...]:
    """A list of names, of objects with a name, or one text of all names."""
    if value in (None, "", []):
        return ()
    if isinstance(value, str):
        return names.split(value)
    found = [_name(item) for item in value] if isinstance(value, list) else [""]
    if not all(found):
        raise _OddError("its authors are no list of names")
    return tuple(found)


def _name(item: Any) -> str:
    if isinstance(item, dict):
        parts = (item.get("given") or item.get("first"), item.get("family") or item.get("last"))
        item = item.get("name") or " ".join(part for part in parts if isinstance(part, str))
    return item.strip() if isinstance(item, str) else ""


def _codes(entry: dict[str, Any], name: str) -> tuple[str, ...]:
    """A list of codes, or one text of them."""
    value = entry.get(name)
    if value is None:
        return ()
    if isinstance(value, str):
        return tuple(re.split(r"[\s,;|]+", value.strip())) if value.strip() else ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _OddError(f"its {name} are no list of codes")
    return tuple(value)
