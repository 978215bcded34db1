"""Which papers a query fits, one paper at a time and without an index."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from papersite.catalogue.search.language import All, Announced, AnyOf, Exact, Node, Not, Words
from papersite.catalogue.search.words import fold, stems, words


@dataclass(frozen=True, slots=True)
class Document:
    """A paper as search sees it."""

    identifier: str
    title: tuple[str, ...]
    text: tuple[str, ...]
    title_vocabulary: frozenset[str]
    vocabulary: frozenset[str]
    authors: tuple[tuple[str, ...], ...]
    categories: frozenset[str]
    topics: frozenset[str]
    has_code: bool
    announced_on: date


def document(
    *,
    identifier: str,
    title: str,
    texts: Iterable[str],
    authors: Iterable[str] = (),
    categories: Iterable[str] = (),
    topics: Iterable[str] = (),
    has_code: bool = False,
    announced_on: date,
) -> Document:
    """A document; the search text is the title and all ``texts``."""
    title_stems = tuple(stems(title))
    # The mark between parts keeps a phrase from running from one text into the next.
    body = [part for text in texts for part in (*stems(text), "")]
    return Document(
        identifier=fold(identifier),
        title=title_stems,
        text=(*title_stems, "", *body),
        title_vocabulary=frozenset(title_stems),
        vocabulary=frozenset((*title_stems, *body)),
        authors=tuple(tuple(words(name)) for name in authors),
        categories=frozenset(fold(code) for code in categories),
        topics=frozenset(fold(slug) for slug in topics),
        has_code=has_code,
        announced_on=announced_on,
    )


def matches(node: Node | None, paper: Document) -> bool:  # noqa: PLR0911  one line for each kind of node
    """Whether a paper fits. No query fits nothing: an empty topic must not take every paper."""
    match node:
        case None:
            return False
        case All(nodes):
            return all(matches(inner, paper) for inner in nodes)
        case AnyOf(nodes):
            return any(matches(inner, paper) for inner in nodes)
        case Not(inner):
            return not matches(inner, paper)
        case Words():
            return _has_words(node, paper)
        case Exact(field, value):
            return _has_value(field, value, paper)
        case Announced("after", day):
            return paper.announced_on >= day
        case Announced(_, day):
            return paper.announced_on < day


def why(node: Node | None, paper: Document) -> str:
    """The first thing in a query that this paper has, as the person wrote it; "" where nothing is."""
    match node:
        case All(nodes) | AnyOf(nodes):
            return next((found for inner in nodes if (found := why(inner, paper))), "")
        case Words() if _has_words(node, paper):
            return node.shown
        case Exact(field, value) if _has_value(field, value, paper):
            return f"{field}:{value}"
    return ""


def _has_words(wanted: Words, paper: Document) -> bool:
    if wanted.field == "author":
        return any(_contains(name, wanted.stems) for name in paper.authors)
    is_title = wanted.field == "title"
    vocabulary = paper.title_vocabulary if is_title else paper.vocabulary
    if not vocabulary.issuperset(wanted.stems):
        return False
    return len(wanted.stems) == 1 or _contains(paper.title if is_title else paper.text, wanted.stems)


def _contains(text: tuple[str, ...], run: tuple[str, ...]) -> bool:
    start = 0
    for _ in range(text.count(run[0])):
        start = text.index(run[0], start)
        if text[start : start + len(run)] == run:
            return True
        start += 1
    return False


def _has_value(field: str, value: str, paper: Document) -> bool:
    match field:
        case "cat":
            return value in paper.categories or any(code.startswith(f"{value}.") for code in paper.categories)
        case "topic":
            return value in paper.topics
        case "id":
            return value == paper.identifier
        case _:
            return paper.has_code
