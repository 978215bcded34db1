"""The small parts of which queries of Tantivy's are put together."""

from tantivy import Occur, Query

from papersite.catalogue.search.schema import schema

NOTHING = Query.empty_query()
EVERYTHING = Query.const_score_query(Query.all_query(), 0.0)


def with_bonus(query: Query, bonus: list[Query]) -> Query:
    return Query.boolean_query([(Occur.Must, query), *((Occur.Should, one) for one in bonus)]) if bonus else query


def any_of(queries: list[Query]) -> Query:
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Should, query) for query in queries]) if queries else NOTHING


def best_of(queries: list[Query]) -> Query:
    """Papers that fit any of these, each by the one that it fits best: to say it in two ways is no more."""
    return queries[0] if len(queries) == 1 else Query.disjunction_max_query(queries)


def phrase(field: str, words: tuple[str, ...]) -> Query:
    if len(words) == 1:
        return term(field, words[0])
    return Query.phrase_query(schema(), field, list(words))


def term(field: str, word: str) -> Query:
    return Query.term_query(schema(), field, word)
