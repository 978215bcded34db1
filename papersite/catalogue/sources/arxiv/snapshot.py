"""arXiv's own metadata as Kaggle hands it out: a JSON object a line, with all versions and flat authors."""

from typing import Any

from papersite.catalogue import calendar
from papersite.catalogue.sources import names
from papersite.catalogue.sources.arxiv.entries import http_date, is_possible, is_withdrawn, within_its_month
from papersite.catalogue.sources.records import ARXIV, Rejected, SourcePaper
from papersite.catalogue.sources.text import arxiv_id, excerpt, moment, text


def is_one(entry: dict[str, Any]) -> bool:
    return "versions" in entry and ("authors_parsed" in entry or "update_date" in entry)


def record(entry: dict[str, Any], place: str) -> SourcePaper | Rejected:
    identifier = arxiv_id(text(entry.get("id")))
    if not identifier:
        return Rejected(place, "its id is no arXiv id", excerpt(str(entry.get("id"))))
    told = entry["versions"] if isinstance(entry["versions"], list) else []
    pairs = [one for one in told if isinstance(one, dict)]
    dates = {_number(one): http_date(text(one.get("created"))) for one in pairs}
    versions = {number: date for number, date in dates.items() if number and date and is_possible(date)}
    if 1 not in versions:
        return Rejected(place, "the date of a version is missing or impossible", identifier)
    abstract, comment = text(entry.get("abstract")), text(entry.get("comments"))
    authors = text(entry.get("authors"))
    return SourcePaper(
        place=place,
        source=ARXIV,
        title=text(entry.get("title")),
        abstract=abstract,
        arxiv_id=identifier,
        authors=_parsed(entry.get("authors_parsed")) or names.split(authors),
        has_more_authors=names.has_more(authors),
        categories=tuple(text(entry.get("categories")).split()),
        comment=comment,
        journal_ref=text(entry.get("journal-ref")),
        doi=text(entry.get("doi")).partition(" ")[0],
        is_withdrawn=is_withdrawn(abstract, comment),
        tells_all=True,
        versions=tuple(sorted(versions.items())),
        submitted_at=versions[1],
        announced_at=within_its_month(calendar.announced_for(versions[1]), identifier),
        observed_at=moment(entry.get("update_date")),
    )


def _number(version: dict[str, Any]) -> int:
    digits = text(version.get("version")).removeprefix("v")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 4 else 0


def _parsed(value: Any) -> tuple[str, ...]:
    """Lists of a family name, given names and a suffix, as they are spoken."""
    found = []
    for parts in value if isinstance(value, list) else ():
        if isinstance(parts, list) and parts and all(isinstance(part, str) for part in parts):
            family, given, suffix, *_ = [*parts, "", "", ""]
            found.append(" ".join(filter(None, (given.strip(), family.strip(), suffix.strip()))))
    return tuple(found)
