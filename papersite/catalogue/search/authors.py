"""Authors as they are named in searches: in full, or with an initial for a name."""

from tantivy import Query, Searcher

from papersite.catalogue.search.queries import any_of, phrase, term

# So many of the names that an initial may stand for, those of most papers first.
MOST_NAMES = 50


def by_author(searcher: Searcher, name: tuple[str, ...]) -> Query:
    """Papers by an author of this name. "C. Ma" is every Ma whose first name begins so. "Chiyu Ma" is also
    found where only "C. Ma" stands, unless that may be somebody else."""
    first, *rest = name
    if not rest or len(rest[-1]) == 1:
        return phrase("author", name)
    if len(first) == 1:
        return any_of([phrase("author", one) for one in dict.fromkeys([name, *_begun(searcher, first, rest)])])
    short = (first[0], *rest)
    is_signed_so = _is_found(searcher, short)
    others = (one for one in _begun(searcher, first[0], rest) if one not in (short, name))
    if is_signed_so and not any(_is_found(searcher, one) for one in others):
        return any_of([phrase("author", name), phrase("author", short)])
    return phrase("author", name)


def _begun(searcher: Searcher, initial: str, rest: list[str]) -> list[tuple[str, ...]]:
    """What an initial may stand for, among the papers that have the name behind it."""
    among = term("author", rest[-1])
    return [(full, *rest) for full, _ in searcher.terms_with_prefix("author", initial, among, MOST_NAMES)]


def _is_found(searcher: Searcher, name: tuple[str, ...]) -> bool:
    return bool(searcher.search(phrase("author", name), 1).hits)
