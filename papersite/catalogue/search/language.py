"""The query language, as text and as a tree.

    words             all of them, in the title, abstract, summary or among the authors;
                      little ones such as "the" only where nothing else is asked for
    "exact phrase"    these very words, one after the other; all kinds of quotes
    multi-modal       as one word or as two
    neur*             any word that begins so
    -not  NOT this  a OR b  a AND b  (brackets)
    title: author:    in one field only
    cat: topic: id: has:code
    after: before:    days, months or years; the first belongs to the time, the second does not
    meaning:          papers that mean this, whatever their words, where the site has a model
    sort:             relevance, new or hot

Whatever is typed gives a query: what makes no sense is left out and named in ``problems``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from papersite.catalogue.search.compounds import signed
from papersite.catalogue.search.typed import as_typed
from papersite.catalogue.search.words import LITTLE, fold, words

TEXT_FIELDS = frozenset({"title", "author"})
EXACT_FIELDS = frozenset({"cat", "topic", "id"})
# What people call them who do not know their names.
_OTHER_NAMES = {"authors": "author", "titles": "title"}
_AUTHORS = frozenset({"author", "authors"})
DATE_FIELDS = frozenset({"after", "before"})
SORTS = ("relevance", "new", "hot")
MAX_LENGTH = 2000
MAX_DEPTH = 20
# More would make one search as dear as hundreds.
MAX_TERMS = 200
# So many authors of a search are found by other forms of their names too: each is looked up, which takes a while.
MAX_LOOKED_UP = 10
SHORTEST_PREFIX = 3


@dataclass(frozen=True, slots=True)
class Words:
    """Words that must follow one another, in one field or anywhere in the text."""

    words: tuple[str, ...]
    shown: str
    field: str = ""
    is_exact: bool = False
    """These very words: other forms of them will not do, nor of an author's name."""


@dataclass(frozen=True, slots=True)
class Prefix:
    """Any word that begins so."""

    start: str
    field: str = ""

    @property
    def shown(self) -> str:
        return f"{self.start}*"


@dataclass(frozen=True, slots=True)
class Exact:
    """A value that must be equal: a category, a topic's slug, an identifier, ``has:code``."""

    field: str
    value: str

    @property
    def shown(self) -> str:
        return f"{self.field}:{self.value}"


@dataclass(frozen=True, slots=True)
class Announced:
    """Announced on or after a day, or before it."""

    field: str
    day: date


@dataclass(frozen=True, slots=True)
class Meaning:
    """What means this. Until it is known which papers do, its words stand for it."""

    text: str
    paper_ids: tuple[int, ...] = ()
    """The closest first, once they were looked up."""


@dataclass(frozen=True, slots=True)
class Not:
    node: "Node"


@dataclass(frozen=True, slots=True)
class All:
    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    nodes: tuple["Node", ...]


Node = Words | Prefix | Exact | Announced | Meaning | Not | All | AnyOf


@dataclass(frozen=True, slots=True)
class Query:
    """What was understood. ``node`` is None where nothing was asked for, ``sort`` is "" where no order was."""

    node: Node | None
    problems: tuple[str, ...] = ()
    sort: str = ""
    plain: str = field(default="", compare=False)
    """What was typed as a sentence: without fields, orders and what is left out."""


def parse(text: str) -> Query:
    """The tree of a query; equal text gives an equal tree."""
    problems: list[str] = []
    if len(text) > MAX_LENGTH:
        problems.append(f"Only the first {MAX_LENGTH} characters were read.")
    tokens = list(_tokens(as_typed(text[:MAX_LENGTH])))
    if len(tokens) > MAX_TERMS:
        problems.append(f"Only the first {MAX_TERMS} words were read.")
    asked = [token for token in tokens[:MAX_TERMS] if token.field != "sort"]
    parser = _Parser(_with_few_looked_up(asked, problems), problems)
    node = _or_signed_so(text, parser.parse())
    sort = _sort([token.text for token in tokens if token.field == "sort"], problems)
    plain = " ".join(token.text for token in tokens[:MAX_TERMS] if _is_said(token))
    return Query(node, tuple(dict.fromkeys(problems)), sort, plain)


# "Y. LeCun", "LeCun, Y."
_INITIALED = re.compile(
    r"\s*(?:(?P<initials>(?:[^\W\d_]\.[ -]?)+) ?(?P<name>[^\W\d_][\w'’-]+(?: [^\W\d_][\w'’-]+)?)"
    r"|(?P<first>[^\W\d_][\w'’-]+),? (?P<last>(?:[^\W\d_]\.[ -]?)+))\s*"
)


def _or_signed_so(text: str, node: Node | None) -> Node | None:
    """A search for nothing but a name with initials is for its author too."""
    found = _INITIALED.fullmatch(text)
    name = tuple(words(f"{found['initials'] or found['last']} {found['name'] or found['first']}")) if found else ()
    if node is None or len(name) < 2:
        return node
    names = [name] if "-" in text else [name, (name[0], name[-1])]
    return AnyOf((node, *(Words(one, text.strip(), "author") for one in dict.fromkeys(names))))


def _is_said(token: "_Token") -> bool:
    return token.kind == "term" and not token.field and not token.is_negated


_TOKEN = re.compile(
    r"""(?P<open>\() | (?P<close>\)) |
    (?P<minus>-)?(?:(?P<field>[A-Za-z]+):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s()"]+))""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # "(" ")" "or" "and" "-" "term"
    text: str = ""
    field: str = ""
    is_negated: bool = False
    is_phrase: bool = False
    is_literal: bool = False


_DASHES = "-‐‑‒–—−"
_OPERATORS = {"OR": "or", "NOT": "-", "AND": "and"}


def _with_few_looked_up(tokens: list["_Token"], problems: list[str]) -> list["_Token"]:
    """The authors after the first so many are looked for as they are typed, and that is said."""
    late = [place for place, token in enumerate(tokens) if token.field in _AUTHORS][MAX_LOOKED_UP:]
    if late:
        problems.append(f"Only the first {MAX_LOOKED_UP} authors were looked up with their initials too.")
    return [replace(token, is_literal=place in late) for place, token in enumerate(tokens)] if late else tokens


def _tokens(text: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(text):
        is_bare = not match["field"] and not match["minus"]
        if match["open"]:
            yield _Token("(")
        elif match["close"]:
            yield _Token(")")
        elif is_bare and match["word"] in _OPERATORS:
            yield _Token(_OPERATORS[match["word"]])
        elif match["word"] == "-" and text[match.end() : match.end() + 1] == "(":
            yield _Token("-")
        elif is_bare and match["word"] and len(match["word"]) == 1 and match["word"] in _DASHES:
            continue  # between the parts of a sentence
        else:
            is_phrase = match["phrase"] is not None
            yield _Token(
                "term",
                match["phrase"] if is_phrase else match["word"],
                (match["field"] or "").lower(),
                bool(match["minus"]),
                is_phrase,
            )


def narrowed(text: str, term: str) -> str:
    """A search with one more filter, which then holds for all of it."""
    whole = f'{text.strip()}"' if text.count('"') % 2 else text.strip()
    return f"({whole}) {term}" if isinstance(parse(whole).node, AnyOf) else f"{whole} {term}".strip()


_ENDS = ("", ")", "or")


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
        while self._peek() not in _ENDS:
            if (node := self._item(depth)) is not None:
                nodes.append(node)
        return _joined(All, _without_little_words(nodes))

    def _item(self, depth: int) -> Node | None:
        token = self.tokens[self.position]
        self.position += 1
        if token.kind == "and":
            return None
        if token.kind == "-":
            inner = self._item(depth) if self._peek() not in _ENDS else None
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


def _without_little_words(nodes: list[Node]) -> list[Node]:
    """A question as people ask it: "how to train" asks for "train". Little words alone stay."""
    kept = [
        node
        for node in nodes
        if not (isinstance(node, Words) and not node.field and not node.is_exact and LITTLE.issuperset(node.words))
    ]
    return kept if any(isinstance(node, (Words, Prefix, Meaning, AnyOf, All)) for node in kept) else nodes


def _joined(kind: type[All] | type[AnyOf], nodes: list[Node]) -> Node | None:
    # Asked for twice is asked for once.
    different = tuple(dict.fromkeys(nodes))
    if not different:
        return None
    return different[0] if len(different) == 1 else kind(different)


def _sort(asked: list[str], problems: list[str]) -> str:
    """The last order asked for that there is."""
    known = [name.lower() for name in asked if name.lower() in SORTS]
    problems += [
        f"“sort:{name}” is not known; there are sort:new, sort:hot and sort:relevance."
        for name in asked
        if name.lower() not in SORTS
    ]
    return known[-1] if known else ""


def _term(token: _Token, problems: list[str]) -> Node | None:
    if token.field in DATE_FIELDS:
        return _announced(token, problems)
    if token.field == "has":
        if token.text.lower() == "code":
            return Exact("has", "code")
        problems.append(f"“has:{token.text}” is not known; there is has:code.")
        return None
    if token.field in EXACT_FIELDS:
        return _exact(token, problems)
    if token.field == "meaning":
        return _meaning(token, problems)
    return _words(token, problems)


def _exact(token: _Token, problems: list[str]) -> Node | None:
    if value := fold(token.text).strip():
        return Exact(token.field, value)
    problems.append(f"“{token.field}:” asks for nothing.")
    return None


def _meaning(token: _Token, problems: list[str]) -> Node | None:
    if any(words(token.text)):
        return Meaning(token.text.strip())
    problems.append("“meaning:” asks for nothing.")
    return None


def _words(token: _Token, problems: list[str]) -> Node | None:
    field = _OTHER_NAMES.get(token.field, token.field)
    known = field in TEXT_FIELDS
    # "note: this" is a word with a colon, not a field.
    text = token.text if known or not token.field else f"{token.field} {token.text}"
    field = field if known else ""
    if field == "author":
        return _author(text, problems, is_literal=token.is_literal)
    if "*" in text and not token.is_phrase:
        return _begun(text, field, problems)
    names, rest = signed(text)
    # Beside other words of a phrase a sign is looked for too; alone it is all that is asked for.
    found = tuple(words(text if token.is_phrase and words(rest) else rest))
    nodes: list[Node] = [Words((name,), text, field) for name in names]
    if found:
        nodes.insert(0, Words(found, text, field, is_exact=token.is_phrase))
    elif not nodes:
        problems.append(f"“{token.text}” holds no word.")
    return _joined(All, nodes)


def _begun(text: str, field: str, problems: list[str]) -> Node | None:
    found = tuple(words(text))
    if text.endswith("*") and len(found) == 1 and len(found[0]) >= SHORTEST_PREFIX:
        return Prefix(found[0], field)
    if not found:
        problems.append(f"“{text}” holds no word.")
        return None
    problems.append("A star may stand at the end of one word of three letters or more; others were left out.")
    return Words(found, text.replace("*", " ").strip(), field)


def _author(text: str, problems: list[str], *, is_literal: bool) -> Node | None:
    """A name in the order in which papers have it: "Ma, Chiyu" is Chiyu Ma."""
    family, comma, given = text.partition(",")
    if "*" in text:
        return _begun(text, "author", problems)
    if found := tuple(words(f"{given} {family}" if comma else text)):
        return Words(found, text, "author", is_exact=is_literal)
    problems.append(f"“{text}” holds no word.")
    return None


_YEAR_OR_MONTH = re.compile(r"[0-9]{4}(-[0-9]{2})?")


def _announced(token: _Token, problems: list[str]) -> Node | None:
    text = token.text
    if _YEAR_OR_MONTH.fullmatch(text):
        text += "-01-01"[-3 * (3 - len(text.split("-"))) :]
    try:
        return Announced(token.field, date.fromisoformat(text))
    except ValueError:
        problems.append(f"“{token.text}” is not a day; write it as 2026-01-31.")
        return None
