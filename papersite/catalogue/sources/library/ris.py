"""RIS of any program, read by rispy once its lines are in order.

Programs leave out the end of a record, break long values over lines, and write one blank where two belong.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

from rispy.parser import RisParser

from papersite.catalogue.sources.library import identifiers
from papersite.catalogue.sources.library.dates import day_of, year_of
from papersite.catalogue.sources.library.marks import marks
from papersite.catalogue.sources.library.records import Entry
from papersite.catalogue.sources.names import is_group
from papersite.catalogue.sources.records import Rejected

LONGEST_VALUE = 100_000
# Lines of one record: a collaboration has thousands of authors.
LONGEST_RECORD = 20_000
# Lines that one value is broken over.
LONGEST_BREAK = 2000
_TAG = re.compile(r"\ufeff?\s{0,3}([A-Z][A-Z0-9])\s{1,2}-(?:\s(.*)|$)", re.DOTALL)
_TITLES = ("title", "primary_title", "secondary_title", "caption", "short_title")
_PEOPLE = ("authors", "first_authors", "secondary_authors")
_PLACES = ("accession_number", "number", "volume", "custom7", "note", "database_provider", "name_of_database", "label")
_JOURNALS = ("secondary_title", "journal_name", "alternate_title3", "alternate_title2", "custom3")


def read(lines: Iterable[str], *, origin: str) -> Iterator[Entry | Rejected]:
    """The entries of a file, one record in memory after the other."""
    for line, record in _records(lines):
        place = f"{origin}, line {line}"
        if len(record) > LONGEST_RECORD:
            yield Rejected(place, f"it has more than {LONGEST_RECORD} lines")
            continue
        parser = RisParser(list_tags=[*RisParser.DEFAULT_LIST_TAGS, "DO", "M1", "RN", "L1", "L2"])
        found = parser.parse_lines(f"{tag}  - {value}" for tag, value in chain(record, [("ER", "")]))
        for one in found:
            yield _entry(one, place)


def _records(lines: Iterable[str]) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """Each record's tags and values with the number of its first line, whether its end is written or not."""
    begun = 0
    record: list[tuple[str, list[str]]] = []
    for number, line in enumerate(lines, start=1):
        tagged = _TAG.match(line)
        if tagged and tagged[1] in ("TY", "ER"):
            if begun:
                yield begun, _joined(record)
            begun, record = (number, [("TY", [tagged[2] or ""])]) if tagged[1] == "TY" else (0, [])
        elif begun and len(record) <= LONGEST_RECORD:
            if tagged:
                record.append((tagged[1], [tagged[2] or ""]))
            elif len(record[-1][1]) < LONGEST_BREAK:
                record[-1][1].append(line)
    if begun:
        yield begun, _joined(record)


def _joined(record: list[tuple[str, list[str]]]) -> list[tuple[str, str]]:
    """Each value on one line, as RIS has it."""
    return [(tag, " ".join("".join(parts).split())[:LONGEST_VALUE]) for tag, parts in record]


def _entry(record: dict[str, Any], place: str) -> Entry:
    texts = {name: value for name, value in record.items() if isinstance(value, str)}
    lists = {name: [str(one) for one in value] for name, value in record.items() if isinstance(value, list)}
    title = next(filter(None, map(texts.get, _TITLES)), "")
    addresses = [*lists.get("urls", ()), *lists.get("file_attachments1", ()), *lists.get("file_attachments2", ())]
    # Some write it where the kind of work stands.
    dois = [*lists.get("doi", ()), texts.get("type_of_work", ""), *addresses]
    # A remark that names arXiv's number tells the identifier, and is no note.
    notes = lists.get("notes", [])
    leading = next(filter(None, map(identifiers.leading_arxiv_id, notes)), "")
    extras = [note for note in notes if identifiers.leading_arxiv_id(note)]
    own = marks(
        [*(note for note in notes if note not in extras), *lists.get("research_notes", ())],
        lists.get("keywords", ()),
        extra="\n".join(extras),
    )
    journal = next((texts[name] for name in _JOURNALS if texts.get(name) and texts[name] != title), "")
    places = [*(texts.get(name, "") for name in _PLACES), *lists.get("note", ()), journal]
    identifier = identifiers.arxiv_id_of([*dois, *places]) or leading
    abstract = texts.get("abstract") or texts.get("notes_abstract") or ""
    on = day_of(texts.get("date", "")) or day_of(texts.get("year", "")) or day_of(texts.get("publication_year", ""))
    told = texts.get("year") or texts.get("publication_year") or texts.get("date") or ""
    return Entry(
        place=place,
        title=title,
        authors=tuple(filter(None, map(spoken, islice(_people(lists), 10_000)))),
        year=year_of(told) or (on.year if on else None),
        on=on,
        arxiv_id=identifier,
        maybe_arxiv_id=identifiers.arxiv_id_of([*notes, *lists.get("research_notes", ())]),
        doi=identifiers.doi_of(dois),
        journal="" if "arxiv" in journal.lower() else _journal(journal, texts),
        abstract=abstract,
        keywords=own.keywords,
        note=own.note,
        is_read=own.is_read,
        read_at=own.read_at,
    )


def _people(lists: dict[str, list[str]]) -> Iterator[str]:
    yield from next(filter(None, map(lists.get, _PEOPLE)), [])


def _journal(name: str, texts: dict[str, str]) -> str:
    if not name:
        return ""
    pages = "-".join(filter(None, (texts.get("start_page"), texts.get("end_page"))))
    parts = ", ".join(filter(None, (name, texts.get("volume"), pages)))
    year = year_of(texts.get("year", "") or texts.get("publication_year", ""))
    return f"{parts} ({year})" if parts and year else parts


def spoken(name: str) -> str:
    """ "Byron, Ada, Jr." as it is spoken; a group as it is."""
    parts = [part.strip() for part in name.split(",")]
    if len(parts) == 1 or (len(parts) == 2 and is_group(name)):
        return " ".join(name.split())
    family, given, *suffix = parts
    return " ".join(filter(None, (given, family, *suffix)))
