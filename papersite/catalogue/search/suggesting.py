"""What somebody may be about to type: topics, phrases, authors, titles."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tantivy import Occur, Query, Searcher

from papersite.catalogue.models import Author, Authorship, Paper, Topic
from papersite.catalogue.search.compiling import Compiler
from papersite.catalogue.search.queries import any_of, term
from papersite.catalogue.search.reading import Reader, reader
from papersite.catalogue.search.words import LITTLE, spellings, stem, words

SHOWN = 5
# Authors are found among those of so many papers, the hottest.
LOOKED_AT = 60
SHORTEST = 2
PHRASES = 3
# A phrase is in so many of these titles at least, and goes on as long as most of them do.
IN_TITLES = 3
MOST_GO_ON = 0.6
LONGER_BY = 3


@dataclass(frozen=True, slots=True)
class Suggestions:
    topics: list[Topic] = field(default_factory=list)
    phrases: list[str] = field(default_factory=list)
    """What many titles go on with."""
    authors: list[Author] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.topics or self.phrases or self.authors or self.papers)


def suggestions(text: str, source: Reader | None = None) -> Suggestions:
    """Raises Unavailable where there is no index."""
    typed = words(text)[-8:]
    if len("".join(typed)) < SHORTEST:
        return Suggestions()
    by_title, by_author = (source or reader()).ask(
        lambda searcher: (_papers(searcher, typed, "title"), _papers(searcher, typed, "author"))
    )
    titled = _in_order(by_title)
    phrases = phrases_of([paper.title for paper in titled], typed)
    return Suggestions(_topics(typed), phrases, _authors(typed, by_author), titled[:SHOWN])


def phrases_of(titles: list[str], typed: list[str]) -> list[str]:
    """What several titles have in common that begins as was typed, the commonest first: a whole phrase
    rather than its beginning. What was typed already is none."""
    counts = Counter(found for title in titles for found in set(_beginnings(words(title), typed)))
    known = [one for one, count in counts.most_common() if count >= IN_TITLES and len(one) > 1]
    chosen: list[tuple[str, ...]] = []
    for one in known:
        longer = [more for more in known if more[: len(one)] == one and counts[more] >= counts[one] * MOST_GO_ON]
        best = max(longer, key=len)
        # Neither what goes on with another, nor the same in the plural.
        is_new = all(list(map(stem, best[: len(other)])) != list(map(stem, other)) for other in chosen)
        if is_new and best != tuple(typed) and best[-1] not in LITTLE:
            chosen.append(best)
    return [" ".join(one) for one in chosen[:PHRASES]]


def _beginnings(held: list[str], typed: list[str]) -> Iterator[tuple[str, ...]]:
    """Runs of a title's words that begin with what was typed, to the end of a phrase at most."""
    *whole, last = typed
    for place in range(len(held) - len(whole)):
        end = place + len(typed)
        if held[place : end - 1] == whole and held[end - 1].startswith(last):
            for stop in range(end, min(len(held), end + LONGER_BY) + 1):
                if stop > end and held[stop - 1] in LITTLE:
                    break
                yield tuple(held[place:stop])


def _topics(typed: list[str]) -> list[Topic]:
    offered = Topic.objects.offered().filter(is_catch_all=False)
    return [topic for topic in offered if _begins(typed, words(topic.name))][:SHOWN]


def _authors(typed: list[str], paper_ids: list[int]) -> list[Author]:
    """Authors of these papers whose names have what was typed, those of most papers first."""
    if not paper_ids:
        return []
    written = Authorship.objects.filter(paper__in=paper_ids).select_related("author")
    authors = {row.author_id: row.author for row in written}
    counts = Counter(row.author_id for row in written)
    fitting = [pk for pk, author in authors.items() if _begins(typed, words(author.name))]
    return [authors[pk] for pk in sorted(fitting, key=lambda pk: (-counts[pk], authors[pk].name))[:SHOWN]]


def _begins(typed: list[str], held: list[str]) -> bool:
    """Whether every typed word begins one of the words of a name."""
    return all(any(word.startswith(start) for word in held) for start in typed)


def _papers(searcher: Searcher, typed: list[str], field: str) -> list[int]:
    """The hottest papers that have all typed words in one field, the last of them, and any part of a name,
    perhaps not typed to its end."""
    *whole, last = typed
    compiler = Compiler(searcher)
    if field == "author":
        must = [any_of([term(field, word) for word in compiler.begun(field, start)]) for start in typed]
    else:
        must = [any_of([term(field, one) for one in spellings(word)]) for word in whole]
        completed = [term("word", word) for word in compiler.begun("word", last)]
        must.append(any_of([term(field, one) for one in spellings(last)] + completed))
    query = Query.boolean_query([(Occur.Must, one) for one in must])
    hits = searcher.search(query, LOOKED_AT, count=False, order_by_field="hot").hits
    return [int(paper) for paper in searcher.fast_field_values("paper", [place for _, place in hits]) if paper]


def _in_order(paper_ids: list[int]) -> list[Paper]:
    found = Paper.objects.visible().only("pk", "arxiv_id", "title").in_bulk(paper_ids)
    return [found[pk] for pk in paper_ids if pk in found]
