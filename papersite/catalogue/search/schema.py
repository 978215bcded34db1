"""What the index holds of a paper: fields to be found by, and numbers to be ordered by. No text.

Readers see the database's words; the index only says which papers, and in which order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from hashlib import blake2b
from operator import attrgetter

import tantivy

from papersite.catalogue.search.compounds import also_written
from papersite.catalogue.search.words import AS_THEY_ARE, ENGLISH, fold, plain

# A new number makes every site build its index anew: raise it with any change of fields or analysers.
VERSION = 3

# Order by one number with the paper's own behind it: no two papers are equal, and a page
# goes on exactly after the last paper of the one before.
_PAPER_BITS = 30
# Hours either way; a curator's boost may be any number.
_HOTTEST = 2_000_000.0


@dataclass(frozen=True, slots=True)
class Record:
    """A paper on its way into the index."""

    paper_id: int
    title: str
    abstract: str
    summary: str
    authors: Sequence[str]
    categories: Sequence[str]
    topics: Sequence[str]
    identifiers: Sequence[str]
    has_code: bool
    announced_at: datetime
    heat: float


_FIELDS = attrgetter(*Record.__slots__)


@cache
def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("paper", indexed=True, fast=True)
    # All of a paper's own words; the parts do not touch, so that no phrase runs from one into the next.
    builder.add_text_field("text", tokenizer_name="as_they_are")
    # Their stems, and what they are in other spellings: most searches ask for these, and phrases never do.
    builder.add_text_field("stem", tokenizer_name="english", index_option="freq")
    builder.add_text_field("title", tokenizer_name="english")
    builder.add_text_field("author", tokenizer_name="as_they_are")
    # The words of titles, not cut to stems: what is begun is completed from here, and slips are mended.
    builder.add_text_field("word", tokenizer_name="as_they_are")
    for name in ("category", "topic", "archive"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=name != "archive")
    builder.add_text_field("identifier", tokenizer_name="raw", index_option="basic")
    builder.add_boolean_field("code", indexed=True, fast=True)
    builder.add_integer_field("day", fast=True)
    builder.add_integer_field("hot", fast=True)
    builder.add_integer_field("new", fast=True)
    builder.add_unsigned_field("stamp", fast=True)
    return builder.build()


def register(index: tantivy.Index) -> tantivy.Index:
    """Gives an opened index its analysers; Tantivy keeps only their names."""
    index.register_tokenizer("english", ENGLISH)
    index.register_tokenizer("as_they_are", AS_THEY_ARE)
    return index


def document(record: Record) -> tantivy.Document:
    """A paper as Tantivy takes it."""
    one = tantivy.Document()
    one.add_unsigned("paper", record.paper_id)
    title = plain(record.title)
    one.add_text("title", title)
    one.add_text("word", title)
    others = also_written(title)
    for other in others:
        one.add_text("title", other)
    for part in filter(None, (title, plain(record.abstract), plain(record.summary))):
        one.add_text("text", part)
        one.add_text("stem", part)
        if part is not title:
            others += also_written(part)
    if others:
        one.add_text("stem", " ".join(others))
    for name in record.authors:
        one.add_text("author", plain(name))
    for code in {fold(code) for code in record.categories}:
        one.add_text("category", code)
    for archive in {fold(code).partition(".")[0] for code in record.categories}:
        one.add_text("archive", archive)
    for slug in record.topics:
        one.add_text("topic", fold(slug))
    for identifier in record.identifiers:
        one.add_text("identifier", fold(identifier))
    one.add_boolean("code", record.has_code)
    one.add_integer("day", days(record.announced_at.astimezone(UTC).date()))
    one.add_integer("hot", by_heat(record.heat, record.paper_id))
    one.add_integer("new", by_age(record.announced_at, record.paper_id))
    one.add_unsigned("stamp", stamp(record))
    return one


def stamp(record: Record) -> int:
    """Tells one state of a paper from another, so that the index can be held against the database."""
    told = "\0".join(map(str, _FIELDS(record)))
    return int.from_bytes(blake2b(told.encode(), digest_size=6).digest())


def days(day: date) -> int:
    """A day as the index counts it."""
    return day.toordinal()


def by_heat(heat: float, paper_id: int) -> int:
    """A paper's place among the hottest: its heat in seconds, then its number."""
    within = max(-_HOTTEST, min(_HOTTEST, heat))
    return (round(within * 3600) << _PAPER_BITS) + paper_id


def by_age(announced_at: datetime, paper_id: int) -> int:
    """A paper's place among the newest: its second, then its number."""
    return (int(announced_at.timestamp()) << _PAPER_BITS) + paper_id


def heat_of(place: int) -> float:
    """The heat, in hours, that stands in a place among the hottest."""
    return (place >> _PAPER_BITS) / 3600
