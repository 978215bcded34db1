"""Turns the tree of a query into a query of Tantivy's."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from tantivy import FieldType, Occur, Query, Searcher

from papersite.catalogue.search.language import All, Announced, AnyOf, Exact, Node, Not, Prefix, Words
from papersite.catalogue.search.schema import days, schema
from papersite.catalogue.search.words import spellings, stem

# So many of the commonest words that begin as asked for.
COMPLETIONS = 50


@dataclass(frozen=True, slots=True)
class Weights:
    """What each part of a paper counts for. The README's table says how these were found."""

    title: float = 0.6
    author: float = 1.0


WEIGHTS = Weights()


@dataclass(frozen=True, slots=True)
class Compiler:
    """``names``: words may be authors' names too, as in the search box; a topic's words are about its subject."""

    searcher: Searcher
    names: bool = True
    weights: Weights = WEIGHTS

    def filter(self, node: Node) -> Query:  # noqa: PLR0911  one line for each kind of node
        """Which papers fit. Words score by how rare they are; what is only true or false scores nothing."""
        match node:
            case All(nodes):
                return self._all(nodes)
            case AnyOf(nodes):
                return any_of([self.filter(inner) for inner in nodes])
            case Not(inner):
                return Query.boolean_query([(Occur.Must, EVERYTHING), (Occur.MustNot, self.filter(inner))])
            case Words():
                return self.words(node)
            case Prefix():
                return self._prefix(node)
            case Exact(field, value):
                return Query.const_score_query(_exact(field, value), 0.0)
            case Announced(field, day):
                return Query.const_score_query(_announced(field, days(day)), 0.0)

    def ranked(self, node: Node) -> Query:
        """The same papers, those first that say it in their titles."""
        return with_bonus(self.filter(node), self.title_bonus(node))

    def title_bonus(self, node: Node) -> list[Query]:
        """What more a paper scores for each word in its title."""
        return [Query.boost_query(self._in_title(words), self.weights.title) for words in asked_for(node)]

    def words(self, node: Words) -> Query:
        """Words one after the other, in one field or wherever they may be."""
        if node.field == "author":
            return phrase("author", node.words)
        if node.field == "title":
            return self._in_title(node)
        found = spelt("text", node.words)
        if not self.names:
            return found
        return any_of([found, Query.boost_query(phrase("author", node.words), self.weights.author)])

    def _all(self, nodes: tuple[Node, ...]) -> Query:
        clauses = [self._clause(inner) for inner in nodes]
        if all(occur == Occur.MustNot for occur, _ in clauses):
            # Leaving out needs something to be left out of.
            clauses.append((Occur.Must, EVERYTHING))
        return Query.boolean_query(clauses)

    def _clause(self, node: Node) -> tuple[Occur, Query]:
        if isinstance(node, Not):
            return (Occur.MustNot, self.filter(node.node))
        return (Occur.Must, self.filter(node))

    def _in_title(self, node: Words) -> Query:
        return spelt("title", node.words)

    def _prefix(self, node: Prefix) -> Query:
        if node.field == "author":
            return any_of([term("author", word) for word in self.begun("author", node.start)])
        field = node.field or "text"
        found = {
            *self.begun(field, node.start),
            *(stem(word) for word in self.begun("word", node.start)),
            stem(node.start),
        }
        queries = [term(field, one) for one in sorted(found) if one]
        if self.names and not node.field:
            queries += [term("author", word) for word in self.begun("author", node.start)]
        return any_of(queries)

    def begun(self, field: str, start: str) -> list[str]:
        """The commonest words of a field that begin so."""
        return [word for word, _ in self.searcher.terms_with_prefix(field, start, limit=COMPLETIONS)]


NOTHING = Query.empty_query()
EVERYTHING = Query.const_score_query(Query.all_query(), 0.0)


def asked_for(node: Node | None) -> Iterator[Words]:
    """The words that a query wants anywhere: not those it leaves out, nor those of one field."""
    match node:
        case Words(field=""):
            yield node
        case All(nodes) | AnyOf(nodes):
            yield from chain.from_iterable(asked_for(inner) for inner in nodes)


def with_bonus(query: Query, bonus: list[Query]) -> Query:
    return Query.boolean_query([(Occur.Must, query), *((Occur.Should, one) for one in bonus)]) if bonus else query


def any_of(queries: list[Query]) -> Query:
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Should, query) for query in queries]) if queries else NOTHING


def spelt(field: str, words: tuple[str, ...]) -> Query:
    """English words one after the other, as they are spelt on either side of the ocean."""
    forms = [spellings(word) for word in words]
    american_or_british = dict.fromkeys([tuple(form[0] for form in forms), tuple(form[-1] for form in forms)])
    return any_of([phrase(field, stems) for stems in american_or_british])


def phrase(field: str, words: tuple[str, ...]) -> Query:
    if len(words) == 1:
        return term(field, words[0])
    return Query.phrase_query(schema(), field, list(words))


def term(field: str, word: str) -> Query:
    return Query.term_query(schema(), field, word)


def _exact(field: str, value: str) -> Query:
    match field:
        case "cat":
            return any_of([term("category", value), term("archive", value)])
        case "topic":
            return term("topic", value)
        case "id":
            return term("identifier", value)
        case _:
            return Query.term_query(schema(), "code", True)


def _announced(field: str, day: int) -> Query:
    if field == "after":
        return Query.range_query(schema(), "day", FieldType.Integer, day, None)
    return Query.range_query(schema(), "day", FieldType.Integer, None, day, include_upper=False)
