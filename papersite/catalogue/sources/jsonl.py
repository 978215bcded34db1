"""The ``jsonl`` format: one JSON object a line, the catalogue's own words for its fields.

``title`` is needed; so is one of ``abstract`` and ``summary``. The rest is optional:
``id`` (arXiv id), ``authors`` (list of names), ``categories`` (codes, the first is the
primary one), ``topics`` (slugs), ``comments``, ``code_url``, ``project_url``,
``summary_by``, ``journal_ref``, ``doi``, ``organisation``, ``keywords``, ``submitted_at`` and
``announced_at`` (ISO; ``first_seen`` is read as ``announced_at``). Fields it does not know are ignored.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from papersite.catalogue.sources.links import web_url
from papersite.catalogue.sources.records import Rejected, SourceError, SourcePaper
from papersite.catalogue.sources.text import arxiv_id, excerpt, moment, text


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
    if not text(entry.get("title")).strip():
        return Rejected(place, "it has no title", excerpt(json.dumps(entry)))
    if entry.get("id") and not arxiv_id(text(entry["id"])):
        return Rejected(place, "its id is no arXiv id", excerpt(str(entry["id"])))
    abstract = text(entry.get("abstract"))
    comment = text(entry.get("comments"))
    announced_at = moment(entry.get("announced_at") or entry.get("first_seen"))
    return SourcePaper(
        place=place,
        source="jsonl",
        title=entry["title"],
        abstract=abstract,
        summary=text(entry.get("summary")),
        summary_by=text(entry.get("summary_by")),
        arxiv_id=arxiv_id(text(entry.get("id"))),
        authors=strings(entry.get("authors")),
        categories=strings(entry.get("categories")),
        topics=strings(entry.get("topics")),
        comment=comment,
        journal_ref=text(entry.get("journal_ref")),
        doi=text(entry.get("doi")),
        organisation=text(entry.get("organisation")),
        keywords=strings(entry.get("keywords")),
        code_url=web_url(entry.get("code_url")),
        project_url=web_url(entry.get("project_url")),
        submitted_at=moment(entry.get("submitted_at")),
        announced_at=announced_at,
        observed_at=announced_at,
    )


def strings(value: Any) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()
