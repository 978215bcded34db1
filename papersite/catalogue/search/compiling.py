"""Turns the tree of a query into a query of Tantivy's."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TypeGuard

from tantivy import FieldType, Occur, Query, Searcher

from papersite.catalogue.search.authors import by_author, one_name
from papersite.catalogue.search.compounds import halves, without_sign
from papersite.catalogue.search.language import All, Announced, AnyOf, Exact, Meaning, Node, Not, Prefix, Words, parse
from papersite.catalogue.search.meanings import own_forms
from papersite.catalogue.search.queries import EVERYTHING, NOTHING, any_of, best_of, phrase, term, with_bonus
from papersite.catalogue.search.schema import days, schema
from papersite.catalogue.search.words import overseas, spellings, stem
from papersite.catalogue.sources.text import arxiv_id

# So many of the commonest words that begin as asked for.
COMPLETIONS = 50
MOST_HALVES = 2


@dataclass(frozen=True, slots=True)
class Weights:
    """What each part of a paper counts for. The README's table says how these were found."""

    title: float = 0.3
    own: float = 0.2
    """A word as it was typed, beside what other words of its stem count for."""
    own_alone: float = 2.0
    """The same where nothing else is asked for: then those with other forms come after all that have it."""
    halves: float = 0.25
    """One word that is written as two: each of them is rarer, and neither says more."""
    author: float = 1.0
    identifier: float = 5.0
    """An identifier among other words: whatever these are, its paper is meant."""


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
            case Meaning(text, paper_ids):
                return self._meant(text, paper_ids)
            case Announced(field, day):
                return Query.const_score_query(_announced(field, days(day)), 0.0)

    def _meant(self, text: str, paper_ids: tuple[int, ...]) -> Query:
        """The papers that were looked up, or those with its words."""
        if paper_ids:
            return Query.const_score_query(Query.term_set_query(schema(), "paper", list(paper_ids)), 0.0)
        words = parse(text).node
        return self.filter(words) if words is not None else NOTHING

    def ranked(self, node: Node) -> Query:
        """The same papers, those first that say it in their titles and in these very words."""
        return with_bonus(self.filter(node), self.bonus(node))

    def bonus(self, node: Node) -> list[Query]:
        """What more a paper scores for each word in its title, and for each in the form that was typed."""
        asked = list(asked_for(node))
        in_title = [Query.boost_query(self._in_title(words), self.weights.title) for words in asked]
        weight = self.weights.own_alone if len(asked) == 1 else self.weights.own
        own = [Query.boost_query(term("text", one.words[0]), weight) for one in asked if is_loose_word(one) and weight]
        return in_title + own

    def words(self, node: Words) -> Query:
        """Words one after the other, in one field or wherever they may be."""
        if node.field == "author":
            return phrase("author", node.words) if node.is_exact else by_author(self.searcher, node.words)
        if node.field == "title":
            return self._in_title(node)
        found = phrase("text", node.words) if node.is_exact else self._spelt(node.words)
        if not self.names:
            return found
        if identifier := _identifier(node.words):
            found = any_of([found, Query.boost_query(term("identifier", identifier), self.weights.identifier)])
        named = one_name(*node.words) if len(node.words) == 1 else phrase("author", node.words)
        return any_of([found, Query.boost_query(named, self.weights.author)])

    def side_by_side(self, words: tuple[str, ...]) -> Query:
        return self._spelt(words)

    def _spelt(self, words: tuple[str, ...]) -> Query:
        """One word in all its spellings, be it written as one or in parts."""
        if len(words) == 1:
            (word,) = words
            if (base := without_sign(word)) and not any(self.searcher.doc_freq("stem", one) for one in spellings(word)):
                # Nobody writes k-means with its signs: then it is k-means.
                return self._spelt((base,))
            found = [self._forms(word, "stem", "text")]
            apart = [phrase("text", pair) for pair in self._known_halves(word)]
            return best_of(found + [Query.boost_query(one, self.weights.halves) for one in apart])
        together = spellings("".join(words))
        parts = [phrase("text", form) for form in other_forms(words)]
        return best_of([*(term("stem", one) for one in together if self.searcher.doc_freq("stem", one)), *parts])

    def _forms(self, word: str, stemmed: str, as_written: str) -> Query:
        """A word in all its forms: by its stem, unless that has words that mean something else."""
        if own := own_forms(word):
            known = [form for form in own if form == word or self.searcher.doc_freq(as_written, form)]
            return any_of([term(as_written, form) for form in known])
        return any_of([term(stemmed, one) for one in spellings(word)])

    def _known_halves(self, word: str) -> list[tuple[str, str]]:
        """How a word may be written in two, the likeliest first."""
        pairs = [(min(self.searcher.doc_freq("text", part) for part in pair), pair) for pair in halves(word)]
        return [pair for held, pair in sorted(pairs, reverse=True)[:MOST_HALVES] if held]

    def _all(self, nodes: tuple[Node, ...]) -> Query:
        clauses, place = [], 0
        while place < len(nodes):
            clause, taken = self._apart_or_together(nodes[place : place + 2])
            clauses.append(clause)
            place += taken
        if all(occur == Occur.MustNot for occur, _ in clauses):
            # Leaving out needs something to be left out of.
            clauses.append((Occur.Must, EVERYTHING))
        return Query.boolean_query(clauses)

    def _apart_or_together(self, nodes: tuple[Node, ...]) -> tuple[tuple[Occur, Query], int]:
        """The clause of the first node, or of the first two where they are also one word; and how many it is of."""
        joined = self._together(*nodes) if len(nodes) > 1 else None
        if joined is None:
            return self._clause(nodes[0]), 1
        return (Occur.Must, best_of([Query.boolean_query([*map(self._clause, nodes)]), joined])), 2

    def some_of(self, nodes: list[Node]) -> list[Query]:
        """What each of these finds, of two that are one word either."""
        queries, place = [], 0
        while place < len(nodes):
            pair = nodes[place : place + 2]
            joined = self._together(*pair) if len(pair) > 1 else None
            if joined is None:
                queries.append(self.filter(nodes[place]))
                place += 1
            else:
                queries.append(best_of([any_of([*map(self.filter, pair)]), joined]))
                place += 2
        return queries

    def _together(self, one: Node, two: Node) -> Query | None:
        """Two words in a row as one, "multi modal" as multimodal, where papers write it so."""
        if not (is_loose_word(one) and is_loose_word(two)):
            return None
        known = [word for word in spellings(one.words[0] + two.words[0]) if self.searcher.doc_freq("stem", word)]
        return any_of([term("stem", word) for word in known]) if known else None

    def _clause(self, node: Node) -> tuple[Occur, Query]:
        if isinstance(node, Not):
            return (Occur.MustNot, self.filter(node.node))
        return (Occur.Must, self.filter(node))

    def _in_title(self, node: Words) -> Query:
        if node.is_exact:
            return phrase("word", node.words)
        if len(node.words) == 1:
            return self._forms(node.words[0], "title", "word")
        forms = dict.fromkeys(tuple(map(stem, form)) for form in other_forms(node.words))
        together = [term("title", one) for one in spellings("".join(node.words))]
        return best_of([*(phrase("title", form) for form in forms), *together])

    def _prefix(self, node: Prefix) -> Query:
        if node.field == "author":
            return any_of([term("author", word) for word in self.begun("author", node.start)])
        field = "word" if node.field else "text"
        queries = [term(field, word) for word in self.begun(field, node.start)]
        if self.names and not node.field:
            queries += [term("author", word) for word in self.begun("author", node.start)]
        return any_of(queries)

    def begun(self, field: str, start: str) -> list[str]:
        """The commonest words of a field that begin so."""
        return [word for word, _ in self.searcher.terms_with_prefix(field, start, limit=COMPLETIONS)]


def asked_for(node: Node | None) -> Iterator[Words]:
    """The words that a query wants anywhere: not those it leaves out, nor those of one field."""
    match node:
        case Words(field=""):
            yield node
        case All(nodes) | AnyOf(nodes):
            yield from chain.from_iterable(asked_for(inner) for inner in nodes)


def is_loose_word(node: Node) -> TypeGuard[Words]:
    """One word, in any form and anywhere."""
    return isinstance(node, Words) and len(node.words) == 1 and not node.field and not node.is_exact


def _identifier(words: tuple[str, ...]) -> str:
    """The arXiv id that a word is or, as a link, ends with."""
    first, last = words[-2:] if len(words) > 1 else ("", "")
    return arxiv_id(f"{first}.{last}") if first.isdecimal() and len(first) == 4 else ""


def other_forms(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Words as they were typed, and as they are spelt on the other side of the ocean."""
    return list(dict.fromkeys([words, tuple(map(overseas, words))]))


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
