"""Follows as a list that people read, write, keep and bring along. One a line:

    Graph learning              a topic, by its name
    topic:graph-learning        the same, by the end of its address
    author:Ada Lovelace         an author
    "protein folding" -review   whatever is nothing else is a search
    cs.LG                       a category of arXiv, which is the search cat:cs.LG
    search:graph learning       a search, even if it could be something else
    trending                    trending overall
    -topic:agents               a minus in front leaves such papers out
    # a remark

A table (CSV) with a column ``kind``, as the export of one's data holds it, is read as the same lines.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from digest.following import follows
from digest.models import Follow
from papersite.catalogue.models import Author, Topic
from papersite.catalogue.reading.cleaning import name_key
from papersite.catalogue.topics.taxonomy import NAMES

MAX_BYTES = 100_000
MAX_LINES = 1000
LONGEST_LINE = follows.LONGEST_SEARCH + 20
BEGINNING = "# What I follow by mail, one a line; a minus in front leaves such papers out."
REPEATED = "stands above already"

_CODES = {code.lower(): code for code in NAMES}
_KINDS = {"topic", "author", "search"}
_TRENDING = {"trending", "trending overall"}
_YES = {"1", "true", "yes", "on", "t", "y"}


class NoText(ValueError):
    """What was brought is no list at all."""


@dataclass(slots=True)
class Line:
    """One line of a list: what it asks for, or why it cannot be read, and what became of it."""

    number: int
    text: str
    follow: Follow | None = None
    problem: str = ""
    note: str = ""
    outcome: str = ""


def decode(raw: bytes) -> tuple[str, str]:
    """The text of a file, and a remark where its encoding had to be guessed."""
    if len(raw) > MAX_BYTES:
        raise NoText(f"This is larger than {MAX_BYTES // 1000} kB: no list of follows is.")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace"), ""
    if b"\0" in raw:
        raise NoText("This is no text file.")
    try:
        return raw.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace"), "The file is not in UTF-8: it was read as Windows-1252."


def read(text: str) -> list[Line]:
    """Every line that asks for something, in three queries however many there are."""
    lines = _table(text) if _is_table(text) else list(_plain(text))
    if len(lines) > MAX_LINES:
        raise NoText(f"A list may have {MAX_LINES} lines; this one has {len(lines)}.")
    _resolve(lines)
    seen: set[follows.Target] = set()
    for line in lines:
        if line.follow is not None:
            if follows.target(line.follow) in seen:
                line.follow, line.outcome = None, REPEATED
            else:
                seen.add(follows.target(line.follow))
    return lines


def one(text: str) -> Follow | None:
    """What a single line asks for; None where it makes no sense."""
    if "\n" in text.strip() or not text.strip():
        return None
    lines = list(_plain(text))
    _resolve(lines)
    return lines[0].follow if lines else None


def write(held: Iterable[Follow]) -> str:
    return "\n".join([BEGINNING, *(line_of(follow) for follow in held)]) + "\n"


def line_of(follow: Follow) -> str:
    """One follow, so that reading it gives the same one."""
    sign = "-" if follow.mutes else ""
    match follow.kind:
        case Follow.Kind.TOPIC:
            assert follow.topic is not None
            return f"{sign}topic:{follow.topic.slug}"
        case Follow.Kind.AUTHOR:
            return f"{sign}author:{follows.one_line(str(follow.author))}"
        case Follow.Kind.SEARCH:
            return f"{sign}search:{follows.one_line(follow.search)}"
        case _:
            return "trending"


def _plain(text: str) -> Iterator[Line]:
    for number, written in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        line = follows.one_line(written)
        if line and not line.startswith("#"):
            yield Line(number, line)


def _is_table(text: str) -> bool:
    first = next((line for line in text.splitlines() if line.strip()), "").lower()
    return "," in first and "kind" in [name.strip(' "') for name in first.split(",")]


def _table(text: str) -> list[Line]:
    """The rows of a table, each as the line that says the same."""
    rows = csv.reader(io.StringIO(text.lstrip()), strict=False)
    try:
        names = [name.strip().lower() for name in next(rows)]
        return [
            Line(rows.line_num, _as_line(dict(zip(names, row, strict=False))))
            for row in rows
            if any(cell.strip() for cell in row)
        ]
    except csv.Error as error:
        raise NoText(f"This table cannot be read: {error}.") from error


def _as_line(row: dict[str, str]) -> str:
    kind = row.get("kind", "").strip().lower()
    sign = "-" if row.get("mutes", "").strip().lower() in _YES else ""
    if kind in _KINDS:
        # A quote in front keeps a spreadsheet from reckoning with what follows.
        value = re.sub(r"^'(?=[=+\-@])", "", follows.one_line(row.get(kind) or row.get("name") or ""))
        return f"{sign}{kind}:{value}"
    return f"{sign}{kind}" if kind in _TRENDING else ", ".join(filter(None, row.values()))


def _resolve(lines: list[Line]) -> None:
    known = _Known(lines)
    for line in lines:
        if len(line.text) > LONGEST_LINE:
            line.problem = f"This line is longer than {LONGEST_LINE} characters."
        else:
            known.read(line)


class _Known:
    """The topics and authors that lines may mean, read once for all of them."""

    def __init__(self, lines: list[Line]) -> None:
        self.topics: dict[str, Topic] = {}
        for topic in Topic.objects.all():
            self.topics |= {topic.name.casefold(): topic, topic.slug.casefold(): topic}
        keys = {name_key(name) for line in lines if (name := _after("author", _signless(line.text)[1]))}
        self.authors = {author.key: author for author in Author.objects.filter(key__in=keys - {""})} if keys else {}

    def read(self, line: Line) -> None:
        mutes, text = _signless(line.text)
        if search := _after("search", text):
            return self._search(line, search, mutes)
        if text.lower().rstrip(": ") in _KINDS and text.endswith(":"):
            line.problem = f"“{text}” asks for nothing."
        elif topic := self.topics.get(text.casefold()):
            line.follow = follows.of_topic(topic, mutes=mutes)
        elif text.casefold() in _TRENDING:
            self._trending(line, mutes)
        elif text.lower() in _CODES:
            self._search(line, f"cat:{_CODES[text.lower()]}", mutes)
        elif name := _after("topic", text):
            self._topic(line, name, text, mutes)
        elif name := _after("author", text):
            self._author(line, name, text, mutes)
        else:
            self._search(line, text, mutes)
        return None

    def _topic(self, line: Line, name: str, text: str, mutes: bool) -> None:
        topic = self.topics.get(name.casefold()) or self.topics.get(name.strip('"').casefold())
        if topic is not None:
            line.follow = follows.of_topic(topic, mutes=mutes)
        elif _is_search(name):
            self._search(line, text, mutes)
        else:
            line.problem = f"There is no topic “{name}” here."

    def _author(self, line: Line, name: str, text: str, mutes: bool) -> None:
        if author := self.authors.get(name_key(name)):
            line.follow = follows.of_author(author, mutes=mutes)
        elif _is_search(name):
            self._search(line, text, mutes)
        else:
            plain = name.strip('"')
            self._search(line, f'author:"{plain}"' if " " in plain else f"author:{plain}", mutes)
            line.note = "No paper by this author is here yet: kept as a search for the name."

    def _trending(self, line: Line, mutes: bool) -> None:
        if mutes:
            line.problem = "Trending overall cannot be left out: leave its line away."
        else:
            line.follow = follows.trending()

    def _search(self, line: Line, text: str, mutes: bool) -> None:
        line.problem = follows.problem_of(text)
        if not line.problem:
            line.follow = follows.of_search(text, mutes=mutes)


def _signless(text: str) -> tuple[bool, str]:
    """Whether it mutes, and the rest."""
    return (True, text[1:].lstrip()) if text.startswith("-") else (False, text)


def _after(prefix: str, text: str) -> str:
    """What follows such as ``topic:``; "" where it does not begin so."""
    begins, _, rest = text.partition(":")
    return rest.strip() if begins.lower() == prefix else ""


def _is_search(text: str) -> bool:
    """Whether more than a name follows: a second field, a choice, a minus, a bracket."""
    return bool(re.search(r':|\bOR\b|\s-|[()*]|".*"\s*\S', text))
