"""The site's own search, from what was typed to the papers shown."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from papersite.catalogue import rows
from papersite.catalogue.meaning import site
from papersite.catalogue.models import Paper
from papersite.catalogue.search import by_meaning, language, similar, spelling
from papersite.catalogue.search.finding import PAGE_SIZE, Page, Search
from papersite.catalogue.search.folder import Unavailable
from papersite.catalogue.search.highlighting import Marks, marks
from papersite.catalogue.search.language import All, AnyOf, Node, Prefix, Query, Words
from papersite.catalogue.search.reading import reader

SIMILAR = 6
# Of a search that finds fewer it is asked whether another was meant.
FEW = 10


@dataclass(frozen=True, slots=True)
class Results:
    """One page of a search, ready to be shown."""

    query: Query
    sort: str
    papers: list[Paper]
    page: Page
    marks: Marks = field(default_factory=Marks)
    mended: str = ""
    """The search that was made instead, where nothing matched what was typed."""
    likelier: str = ""
    """What may have been meant, where little matched what was typed and that matches much more."""

    @property
    def loose(self) -> list[Paper]:
        """Those that have only some of the words."""
        return self.papers[self._whole :]

    @property
    def whole(self) -> list[Paper]:
        return self.papers[: self._whole]

    @property
    def _whole(self) -> int:
        if self.page.loose_from is None:
            return len(self.papers)
        # A paper that was hidden a moment ago is no longer among those that were read.
        ids = set(self.page.paper_ids[: self.page.loose_from])
        return sum(paper.pk in ids for paper in self.papers)


def search(
    text: str,
    now: datetime,
    *,
    after: str = "",
    size: int = PAGE_SIZE,
    sort: str = "",
    is_being_typed: bool = False,
    as_rows: bool = False,
    for_programs: bool = False,
) -> Results:
    """A page of what a search finds. ``sort`` outranks what the text says; ``is_being_typed``: its last
    word may be the beginning of one; ``as_rows``: its papers are of ``rows``, else they are ``for_cards``,
    or, ``for_programs``, bare.

    Raises NoSuchPage, and Unavailable where there is no index.
    """
    query, page, mended, likelier = _found(text, now, after, size, sort, is_being_typed=is_being_typed)
    read = bare if for_programs else rows_of if as_rows else cards
    shown = read(page.paper_ids)
    return Results(query, Search(query, now).sort, shown, page, marks(query.node), mended, likelier)


def newest(text: str, now: datetime, *, after: str = "", size: int = PAGE_SIZE) -> Page:
    """The same papers by their numbers alone, the newest first. Raises NoSuchPage and Unavailable."""
    return _found(text, now, after, size, "new")[1]


def _found(
    text: str, now: datetime, after: str, size: int, sort: str, *, is_being_typed: bool = False
) -> tuple[Query, Page, str, str]:
    query = language.parse(text)
    query = replace(query, sort=sort or query.sort)
    if is_being_typed and text[-1:].isalnum():
        query = replace(query, node=_begun(query.node))
    query = by_meaning.resolved(query, site.in_search())
    page = Search(query, now).page(after, size)
    mended = likelier = ""
    if page.total < FEW and not after and query.node is not None:
        better, found = _mended(text[: language.MAX_LENGTH], query, now, size)
        if not page.total and found is not None:
            query, page, mended = better[1], found, better[0]
        elif found is not None and found.total > page.total:
            likelier = better[0]
    return query, page, mended, likelier


def _mended(text: str, query: Query, now: datetime, size: int) -> tuple[tuple[str, Query], Page | None]:
    """The search that may have been meant, and its first page if it finds anything."""
    mended = reader().ask(lambda searcher: spelling.mended(searcher, text, query.node))
    better = replace(language.parse(mended), sort=query.sort)
    page = Search(better, now).page(size=size) if mended else None
    return (mended, better), page if page is not None and page.total else None


def similar_papers(paper: Paper, size: int = SIMILAR) -> list[Paper]:
    """The papers most like one, without their authors and topics; none while there is no index."""
    try:
        found = similar.to_text(paper.title, f"{paper.abstract}\n{paper.summary}", size=size + 1)
    except Unavailable:
        return []
    wanted = [pk for pk in found if pk != paper.pk][:size]
    papers = Paper.objects.visible().in_bulk(wanted)
    return [papers[pk] for pk in wanted if pk in papers]


def cards(paper_ids: list[int]) -> list[Paper]:
    """These papers in this order, as cards; those hidden meanwhile are left out."""
    found = Paper.objects.visible().for_cards().in_bulk(paper_ids)
    return [found[pk] for pk in paper_ids if pk in found]


def bare(paper_ids: list[int]) -> list[Paper]:
    """The same without what they are shown with, for programs."""
    found = rows.bare(Paper.objects.visible()).in_bulk(paper_ids)
    return [found[pk] for pk in paper_ids if pk in found]


def rows_of(paper_ids: list[int]) -> list[Paper]:
    """The same as rows; what is said of them is looked for in all of their abstracts."""
    found = rows.of(Paper.objects.visible(), "source_abstract").in_bulk(paper_ids)
    return [found[pk] for pk in paper_ids if pk in found]


def _begun(node: Node | None) -> Node | None:
    """A search whose last word may go on."""
    match node:
        case All(nodes):
            last = _begun(nodes[-1])
            # One letter says nothing yet.
            is_letter = isinstance(last, Words) and len(last.shown) == 1
            return All(nodes[:-1]) if is_letter else All((*nodes[:-1], last or nodes[-1]))
        case Words(words=(word,), field=name) if len(word) >= language.SHORTEST_PREFIX:
            return AnyOf((node, Prefix(word, name)))
    return node
