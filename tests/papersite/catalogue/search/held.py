"""Papers and indexes in memory, for tests of what an index is asked."""

from collections.abc import Callable
from typing import Any

import tantivy

from papersite.catalogue.search import language
from papersite.catalogue.search.finding import Page, Search
from papersite.catalogue.search.reading import Reader
from papersite.catalogue.search.schema import Record, document, register, schema
from tests.factories import NOW


def record(paper_id: int = 1, title: str = "", **fields: Any) -> Record:
    """The plainest paper on its way into an index."""
    told: dict[str, Any] = {
        "abstract": "", "summary": "", "authors": [], "categories": [], "topics": [], "identifiers": [],
        "has_code": False, "announced_at": NOW, "heat": 1000.0,
    }  # fmt: skip
    return Record(paper_id=paper_id, title=title, **(told | fields))


class Held(Reader):
    """An index without a folder: no database, no files."""

    def __init__(self, *records: Record) -> None:
        index = register(tantivy.Index(schema()))
        writer = index.writer(15_000_000, 1)
        for one in records:
            writer.add_document(document(one))
        writer.commit()
        index.reload()
        self.searcher = index.searcher()

    def ask[Answer](self, question: Callable[[tantivy.Searcher], Answer]) -> Answer:
        return question(self.searcher)


def no_texts(paper_ids: list[int]) -> list[str]:
    return []


def page(
    source: Held, text: str, after: str = "", size: int = 20, texts: Callable[[list[int]], list[str]] = no_texts
) -> Page:
    """A page of what a search finds, with no database to tell what papers say."""
    return Search(language.parse(text), NOW, texts=texts, source=source).page(after, size)


def found(source: Held, text: str) -> list[int]:
    return page(source, text).paper_ids
