"""arXiv's OAI-PMH archive in the format ``arXivRaw``, for what happened since a day.

``arXivRaw`` alone tells the date of the first version. A set is a leaf such as ``cs:cs:LG``:
the sets of whole archives hardly answer. A resumption token is sent back as it came.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import IO

from papersite.catalogue import calendar
from papersite.catalogue.sources import names
from papersite.catalogue.sources.arxiv.entries import http_date, is_possible, is_withdrawn, within_its_month
from papersite.catalogue.sources.http import SourceClient
from papersite.catalogue.sources.records import ARXIV, Rejected, SourceError, SourcePaper
from papersite.catalogue.sources.text import arxiv_id, excerpt, moment
from papersite.catalogue.sources.xml import Element, elements, text_of

OAI = "{http://www.openarchives.org/OAI/2.0/}"
RAW = "{http://arxiv.org/OAI/arXivRaw/}"
# Archives that stand alone within physics, and have no categories of their own.
_PHYSICS = frozenset(
    {"astro-ph", "cond-mat", "gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math-ph"}
    | {"nlin", "nucl-ex", "nucl-th", "physics", "quant-ph"}
)


class TokenExpired(SourceError):
    """The resumption token is of another day: the set must be asked from its beginning."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some records of a set, and the token for the next ones, "" after the last."""

    records: tuple[SourcePaper | Rejected, ...]
    token: str


def set_of(category: str) -> str:
    """The name of a category's set: ``cs.LG`` is ``cs:cs:LG``, ``hep-th`` is ``physics:hep-th``."""
    archive, _, subject = category.partition(".")
    group = "physics" if archive in _PHYSICS else archive
    return ":".join(filter(None, (group, archive, subject)))


def fetch(client: SourceClient, category: str, since: date, token: str = "") -> Page:
    """One page of what changed in a category since a day. Raises TokenExpired, or SourceError."""
    if token:
        answer = client.get("", {"verb": "ListRecords", "resumptionToken": token})
    else:
        asked = {"verb": "ListRecords", "metadataPrefix": "arXivRaw", "set": set_of(category), "from": str(since)}
        answer = client.get("", asked)
    records: list[SourcePaper | Rejected] = []
    next_token = ""
    for found in _read(io.BytesIO(answer.body), answer.url):
        if isinstance(found, str):
            next_token = found
        else:
            records.append(found)
    return Page(tuple(records), next_token)


def read(stream: IO[bytes], *, origin: str) -> Iterator[SourcePaper | Rejected]:
    """The papers of a saved answer, one at a time. Raises SourceError where it is none, or an error."""
    for found in _read(stream, origin):
        if not isinstance(found, str):
            yield found


def _read(stream: IO[bytes], origin: str) -> Iterator[SourcePaper | Rejected | str]:
    """Records, and the resumption token as text."""
    number, is_answer = 0, False
    tags = ("record", "resumptionToken", "error", "OAI-PMH")
    for element in elements(stream, *(f"{OAI}{tag}" for tag in tags), origin=origin):
        match str(element.tag).removeprefix(OAI):
            case "record":
                number += 1
                yield record(element, f"{origin}, record {number}")
            case "resumptionToken":
                yield (element.text or "").strip()
            case "error":
                _raise_error(element, origin)
                is_answer = True
            case _:
                is_answer = True
    if not is_answer:
        raise SourceError(f"{origin}: not an answer of OAI-PMH")


def record(element: Element, place: str) -> SourcePaper | Rejected:
    header = element.find(f"{OAI}header")
    name = "" if header is None else text_of(header, f"{OAI}identifier")
    identifier = arxiv_id(name.removeprefix("oai:arXiv.org:"))
    if header is None or not identifier:
        return Rejected(place, "its id is no arXiv id", excerpt(name))
    if header.get("status") == "deleted":
        return SourcePaper(place=place, source=ARXIV, title="", arxiv_id=identifier, is_deleted=True)
    raw = element.find(f"{OAI}metadata/{RAW}arXivRaw")
    if raw is None:
        return Rejected(place, "it holds no arXivRaw", identifier)
    versions = {
        number: date
        for found in raw.iterfind(f"{RAW}version")
        if (date := http_date(text_of(found, f"{RAW}date"))) and (number := _version_number(found))
    }
    submitted_at = versions.get(1)
    if submitted_at is None or not all(map(is_possible, versions.values())):
        return Rejected(place, "the date of a version is missing or impossible", identifier)
    abstract, comment = text_of(raw, f"{RAW}abstract"), text_of(raw, f"{RAW}comments")
    authors = text_of(raw, f"{RAW}authors")
    return SourcePaper(
        place=place,
        source=ARXIV,
        title=text_of(raw, f"{RAW}title"),
        abstract=abstract,
        arxiv_id=identifier,
        authors=names.split(authors),
        has_more_authors=names.has_more(authors),
        tells_all=True,
        categories=tuple(text_of(raw, f"{RAW}categories").split()),
        comment=comment,
        journal_ref=text_of(raw, f"{RAW}journal-ref"),
        doi=text_of(raw, f"{RAW}doi").partition(" ")[0],
        is_withdrawn=is_withdrawn(abstract, comment),
        versions=tuple(sorted(versions.items())),
        submitted_at=submitted_at,
        announced_at=within_its_month(calendar.announced_for(submitted_at), identifier),
        observed_at=moment(text_of(header, f"{OAI}datestamp")),
    )


def _version_number(version: Element) -> int | None:
    digits = version.get("version", "").removeprefix("v")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 4 else None


def _raise_error(element: Element, origin: str) -> None:
    """``noRecordsMatch`` is no error: nothing happened since that day."""
    code = element.get("code", "")
    said = f"{origin}: arXiv reports {code}: {excerpt((element.text or '').strip(), 200)}"
    if code == "badResumptionToken":
        raise TokenExpired(said)
    if code != "noRecordsMatch":
        raise SourceError(said)
