"""The index as every thread reads it."""

from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
import tantivy
from tantivy import Query, Searcher

from papersite.catalogue import revisions
from papersite.catalogue.search import reading, writing
from papersite.catalogue.search.folder import Folder, Generation, Unavailable
from papersite.catalogue.search.reading import Reader, reader
from papersite.catalogue.search.schema import document, schema
from papersite.catalogue.search.writing import Report
from tests.factories import PaperFactory
from tests.papersite.catalogue.search.held import record

pytestmark = pytest.mark.django_db
Index = Callable[[], Report]


def papers(searcher: Searcher) -> int:
    return len(searcher.search(Query.all_query(), 1000).hits)


def current(folder: Folder) -> Generation:
    generation = folder.current()
    assert generation is not None
    return generation


def test_without_an_index_there_is_nothing_to_ask(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"There is no index yet\."):
        Reader(Folder(tmp_path)).ask(papers)


def test_a_reader_sees_each_commit_and_each_swap_without_being_told(index: Index, settings: Any) -> None:
    one = Reader(Folder(settings.INDEX_DIR))
    seen = []

    for number in range(4):
        revisions.mark([PaperFactory.create().pk])
        if number == 2:
            with writing.writer(one.folder) as writer:
                writer.rebuild()
        else:
            index()
        seen.append(one.ask(papers))

    assert seen == [1, 2, 3, 4]


def test_a_reader_that_found_no_index_finds_it_once_it_is_there(index: Index) -> None:
    with pytest.raises(Unavailable):
        reader().ask(papers)

    index()

    assert reader().ask(papers) == 0


def test_a_reader_opens_what_did_not_change_only_once(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    index()
    searchers = [reader().ask(lambda searcher: searcher) for _ in range(3)]

    assert searchers[0] is searchers[1] is searchers[2]


def test_all_threads_share_one_reader_of_the_site(index: Index) -> None:
    assert reader() is reader()


def test_a_question_that_is_wrong_anywhere_raises_and_leaves_the_index_in_peace(index: Index) -> None:
    PaperFactory.create()
    index()

    with pytest.raises(ValueError, match="nonsense"):
        reader().ask(lambda searcher: searcher.search(Query.term_query(schema(), "nonsense", "x")))

    assert reader().ask(papers) == 1


def test_an_error_that_is_not_about_files_goes_through(index: Index) -> None:
    index()

    def question(searcher: Searcher) -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        reader().ask(question)
    assert reader().ask(papers) == 0


def test_a_question_that_only_this_index_cannot_answer_calls_it_broken(index: Index, settings: Any) -> None:
    PaperFactory.create()
    index()

    def question(searcher: Searcher) -> int:
        if searcher.num_docs:
            raise ValueError("a file of segments ends too early")
        return 0

    with pytest.raises(Unavailable, match="cannot be read"):
        reader().ask(question)
    with pytest.raises(Unavailable):
        reader().ask(papers)

    assert current(Folder(settings.INDEX_DIR)).revision is None
    assert index().was_rebuilt
    assert reader().ask(papers) == 1


def test_a_truncated_file_of_segments_makes_the_index_unavailable_until_it_is_rebuilt(
    index: Index, settings: Any
) -> None:
    PaperFactory.create()
    index()
    for segment in current(Folder(settings.INDEX_DIR)).path.glob("*.term"):
        content = segment.read_bytes()
        segment.unlink()
        segment.write_bytes(content[: len(content) // 2])

    with pytest.raises(Unavailable):
        reader().ask(papers)

    assert current(Folder(settings.INDEX_DIR)).revision is None
    assert index().was_rebuilt
    assert reader().ask(papers) == 1


def test_a_reader_that_comes_while_the_index_is_swapped_finds_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Folder(tmp_path)
    fill(folder, 1)
    before = folder.current()
    fill(folder, 2)
    answers = iter([before])
    read = Folder.current
    monkeypatch.setattr(Folder, "current", lambda self: next(answers, None) or read(self))

    assert Reader(folder).ask(papers) == 2
    assert current(folder).revision == 0


@pytest.mark.long
def test_eight_threads_search_while_a_writer_commits_and_rebuilds(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    one = Reader(folder)
    fill(folder, 5)
    stop, errors = Event(), list[BaseException]()
    counts = [0] * 8

    def search(number: int) -> None:
        least = 0
        while not stop.is_set():
            try:
                found = one.ask(papers)
                assert found >= least
                least = found
                counts[number] += 1
                # The writer, in this same process, wants its turns too.
                stop.wait(0.002)
            except BaseException as error:  # noqa: BLE001  told below, by the test itself
                errors.append(error)
                return

    threads = [Thread(target=search, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    try:
        for number in range(2):
            writer = current(folder).open().writer(15_000_000, 1)
            for step in range(10):
                writer.add_document(document(record(100 * (number + 1) + step)))
                writer.commit()
            writer.wait_merging_threads()
            fill(folder, 5 + 10 * (number + 1))
    finally:
        stop.set()
        for thread in threads:
            thread.join()

    assert errors == []
    assert min(counts) > 0
    assert one.ask(papers) == 25


def fill(folder: Folder, count: int) -> None:
    """A new generation with so many papers, in use."""
    generation = folder.next()
    index = generation.create()
    writer: tantivy.IndexWriter = index.writer(15_000_000, 1)
    for number in range(1, count + 1):
        writer.add_document(document(record(number)))
    writer.commit()
    writer.wait_merging_threads()
    generation.keep_revision(0)
    folder.use(generation)


def test_the_readers_of_two_folders_are_two(tmp_path: Path, settings: Any) -> None:
    settings.INDEX_DIR = tmp_path / "one"
    one = reader()
    settings.INDEX_DIR = tmp_path / "two"

    assert reader() is not one
    reading._reader.cache_clear()
