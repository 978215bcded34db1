"""What somebody may be about to type: topics, authors, titles."""

from collections import Counter
from dataclasses import dataclass, field

from tantivy import Occur, Query, Searcher

from papersite.catalogue.models import Author, Authorship, Paper, Topic
from papersite.catalogue.search.compiling import Compiler
from papersite.catalogue.search.queries import any_of, term
from papersite.catalogue.search.reading import Reader, reader
from papersite.catalogue.search.words import spellings, stem, words

SHOWN = 5
# Authors are found among those of so many papers, the hottest.
LOOKED_AT = 60
SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Suggestions:
    topics: list[Topic] = field(default_factory=list)
    authors: list[Author] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.topics or self.authors or self.papers)


def suggestions(text: str, source: Reader | None = None) -> Suggestions:
    """Raises Unavailable where there is no index."""
    typed = words(text)[-8:]
    if len("".join(typed)) < SHORTEST:
        return Suggestions()
    by_title, by_author = (source or reader()).ask(
        lambda searcher: (_papers(searcher, typed, "title"), _papers(searcher, typed, "author"))
    )
    return Suggestions(_topics(typed), _authors(typed, by_author), _in_order(by_title[:SHOWN]))


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
    """The hottest papers that have all typed words in one field, the last of them perhaps not typed to its end."""
    *whole, last = typed
    compiler = Compiler(searcher)
    must = [
        term(field, word) if field == "author" else any_of([term(field, one) for one in spellings(word)])
        for word in whole
    ]
    completed = [term(field, word) for word in compiler.begun(field, last)]
    if field == "title":
        completed += [term(field, stem(word)) for word in compiler.begun("word", last)]
    query = Query.boolean_query([(Occur.Must, one) for one in [*must, any_of(completed)]])
    hits = searcher.search(query, LOOKED_AT, count=False, order_by_field="hot").hits
    return [int(paper) for paper in searcher.fast_field_values("paper", [place for _, place in hits]) if paper]


def _in_order(paper_ids: list[int]) -> list[Paper]:
    found = Paper.objects.visible().only("pk", "arxiv_id", "title").in_bulk(paper_ids)
    return [found[pk] for pk in paper_ids if pk in found]
