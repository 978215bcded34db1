"""The site's query language: text in, a small tree out. It never fails.

    words "exact phrase" -not OR (brackets) title: author: cat: topic: id: has:code after: before:

Words that stand beside each other must all match. What cannot be understood is left
out and said in ``Query.problems``, in words for the person who typed it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from papersite.catalogue.search.words import fold, stems, words

TEXT_FIELDS = frozenset({"title", "author"})
EXACT_FIELDS = frozenset({"cat", "topic", "id"})
DATE_FIELDS = frozenset({"after", "before"})
FIELDS = TEXT_FIELDS | EXACT_FIELDS | DATE_FIELDS | {"has"}
MAX_LENGTH = 2000
MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Words:
    """Stems that must follow one another, in one field or anywhere in the text.

    Names are not words of a language: those of ``author:`` are kept whole.
    """

    stems: tuple[str, ...]
    shown: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Exact:
    """A value that must be equal: a category, a topic's slug, an identifier, ``has:code``."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Announced:
    """Announced on or after a day, or before it."""

    field: str
    day: date


@dataclass(frozen=True, slots=True)
class Not:
    node: "Node"


@dataclass(frozen=True, slots=True)
class All:
    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    nodes: tuple["Node", ...]


Node = Words | Exact | Announced | Not | All | AnyOf


@dataclass(frozen=True, slots=True)
class Query:
    """What was understood. ``node`` is None where nothing was asked for."""

    node: Node | None
    problems: tuple[str, ...] = ()


def parse(text: str) -> Query:
    """The tree of a query; equal text gives an equal tree."""
    problems: list[str] = []
    if len(text) > MAX_LENGTH:
        problems.append(f"Only the first {MAX_LENGTH} characters were read.")
    tokens = list(_tokens(text[:MAX_LENGTH]))
    parser = _Parser(tokens, problems)
    return Query(parser.parse(), tuple(dict.fromkeys(problems)))


_TOKEN = re.compile(
    r"""(?P<open>\() | (?P<close>\)) |
    (?P<minus>-)?(?:(?P<field>[A-Za-z]+):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s()"]+))""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # "(" ")" "or" "term" "-("
    text: str = ""
    field: str = ""
    is_negated: bool = False
    is_phrase: bool = False


def _tokens(text: str) -> Iterator[_Token]:
    text = text.replace("“", '"').replace("”", '"')
    for match in _TOKEN.finditer(text):
        if match["open"]:
            yield _Token("(")
        elif match["close"]:
            yield _Token(")")
        elif match["word"] == "OR" and not match["field"] and not match["minus"]:
            yield _Token("or")
        elif match["word"] == "-" and text[match.end() : match.end() + 1] == "(":
            yield _Token("-")
        else:
            is_phrase = match["phrase"] is not None
            yield _Token(
                "term",
                match["phrase"] if is_phrase else match["word"],
                (match["field"] or "").lower(),
                bool(match["minus"]),
                is_phrase,
            )


@dataclass(slots=True)
class _Parser:
    """Recursive descent: any := all (OR all)*, all := item*, item := -? ( any ) | term."""

    tokens: list[_Token]
    problems: list[str]
    position: int = field(default=0)

    def parse(self) -> Node | None:
        nodes = []
        while self.position < len(self.tokens):
            if (node := self._any(0)) is not None:
                nodes.append(node)
            if self._peek() == ")":
                self.problems.append("A closing bracket has no opening one.")
                self.position += 1
        return _joined(All, nodes)

    def _peek(self) -> str:
        return self.tokens[self.position].kind if self.position < len(self.tokens) else ""

    def _any(self, depth: int) -> Node | None:
        branches = [self._all(depth)]
        while self._peek() == "or":
            self.position += 1
            branches.append(self._all(depth))
        return _joined(AnyOf, [node for node in branches if node is not None])

    def _all(self, depth: int) -> Node | None:
        nodes = []
        while self._peek() not in ("", ")", "or"):
            if (node := self._item(depth)) is not None:
                nodes.append(node)
        return _joined(All, nodes)

    def _item(self, depth: int) -> Node | None:
        token = self.tokens[self.position]
        self.position += 1
        if token.kind == "-":
            inner = self._item(depth)
            return None if inner is None else Not(inner)
        if token.kind == "(":
            return self._brackets(depth)
        node = _term(token, self.problems)
        return Not(node) if node is not None and token.is_negated else node

    def _brackets(self, depth: int) -> Node | None:
        if depth >= MAX_DEPTH:
            self.problems.append(f"Brackets deeper than {MAX_DEPTH} were left out.")
            return None
        node = self._any(depth + 1)
        if self._peek() == ")":
            self.position += 1
        else:
            self.problems.append("An opening bracket has no closing one.")
        return node


def _joined(kind: type[All] | type[AnyOf], nodes: list[Node]) -> Node | None:
    if not nodes:
        return None
    return nodes[0] if len(nodes) == 1 else kind(tuple(nodes))


def _term(token: _Token, problems: list[str]) -> Node | None:
    if token.field in DATE_FIELDS:
        return _announced(token, problems)
    if token.field == "has":
        if token.text.lower() == "code":
            return Exact("has", "code")
        problems.append(f"“has:{token.text}” is not known; there is has:code.")
        return None
    if token.field in EXACT_FIELDS:
        return Exact(token.field, fold(token.text))
    known = token.field in TEXT_FIELDS
    # "note: this" is a word with a colon, not a field.
    text = token.text if known or not token.field else f"{token.field} {token.text}"
    found = tuple(words(text) if token.field == "author" else stems(text))
    if not found:
        problems.append(f"“{token.text}” holds no word.")
        return None
    return Words(found, text, token.field if known else "")


def _announced(token: _Token, problems: list[str]) -> Node | None:
    try:
        return Announced(token.field, date.fromisoformat(token.text))
    except ValueError:
        problems.append(f"“{token.text}” is not a day; write it as 2026-01-31.")
        return None
