"""Authors as they are named in searches: in full, or with an initial for a name."""

from tantivy import Query, Searcher

from papersite.catalogue.search.queries import any_of, phrase, term

# So many of the names that an initial may stand for, those of most papers first.
MOST_NAMES = 50


def by_author(searcher: Searcher, name: tuple[str, ...]) -> Query:
    """Papers by an author of this name. "C. Ma" is every Ma whose first name begins so; a paper that has
    only the initial is found by it as well."""
    first, *rest = name
    if len(first) > 1 or not rest or len(rest[-1]) == 1:
        return phrase("author", name)
    among = term("author", rest[-1])
    begun = searcher.terms_with_prefix("author", first, filter_query=among, limit=MOST_NAMES)
    names = dict.fromkeys([name, *((full, *rest) for full, _ in begun)])
    return any_of([phrase("author", one) for one in names])
