"""Which of these papers fit these searches: asked by topics and by readers' follows, of new papers.

A few thousand papers are indexed in memory, in a moment, and asked hundreds of searches. It is the
same engine as the site's index, so a search never means one thing here and another there.
"""

from collections.abc import Hashable, Mapping, Sequence
from functools import cached_property

import tantivy

from papersite.catalogue.search.compiling import Compiler
from papersite.catalogue.search.language import All, AnyOf, Exact, Node, Prefix, Query, Words
from papersite.catalogue.search.schema import Record, document, register, schema

# The least that Tantivy takes; a few thousand papers fit.
_WRITER_BYTES = 15_000_000


def find[Key: Hashable](
    searches: Mapping[Key, Query], papers: Sequence[Record], *, names: bool = True
) -> dict[Key, set[int]]:
    """The numbers of the papers that fit, by search. A search that asks for nothing fits nothing."""
    known = Papers(papers, names=names)
    return {key: known.fitting(query.node) for key, query in searches.items()}


class Papers:
    """Papers ready to be asked. ``names``: words may be authors' names too."""

    def __init__(self, papers: Sequence[Record], *, names: bool = True) -> None:
        self._papers = papers
        self._names = names
        self._found: dict[Node, set[int]] = {}

    def fitting(self, node: Node | None) -> set[int]:
        """The numbers of the papers that fit. No query fits nothing: an empty topic must not take every paper."""
        if node is None or not self._papers:
            return set()
        if node not in self._found:
            self._found[node] = self._search(node)
        return self._found[node]

    def why(self, node: Node | None, paper_id: int) -> str:
        """The first thing in a query that a paper has, as the person wrote it; "" where nothing is."""
        match node:
            case All(nodes) | AnyOf(nodes):
                return next((found for inner in nodes if (found := self.why(inner, paper_id))), "")
            case Words() | Prefix() | Exact() if paper_id in self.fitting(node):
                return node.shown
        return ""

    def _search(self, node: Node) -> set[int]:
        searcher = self._compiler.searcher
        hits = searcher.search(self._compiler.filter(node), len(self._papers), count=False).hits
        return {int(paper) for paper in searcher.fast_field_values("paper", [place for _, place in hits]) if paper}

    @cached_property
    def _compiler(self) -> Compiler:
        index = register(tantivy.Index(schema()))
        writer = index.writer(_WRITER_BYTES, 1)
        for paper in self._papers:
            writer.add_document(document(paper))
        writer.commit()
        index.reload()
        return Compiler(index.searcher(), names=self._names)
