"""The index in step with the database."""

import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from papersite.catalogue import revisions
from papersite.catalogue.models import Paper
from papersite.catalogue.search import documents, language, writing
from papersite.catalogue.search.compiling import Compiler
from papersite.catalogue.search.folder import Folder, Generation, Unavailable, WriterBusy
from papersite.catalogue.search.reading import Reader
from papersite.catalogue.search.schema import document
from papersite.catalogue.search.writing import Difference, Report, compare
from tests.factories import PaperFactory

pytestmark = pytest.mark.django_db
Index = Callable[[], Report]


@pytest.fixture
def folder(index: Index, settings: Any) -> Folder:
    return Folder(settings.INDEX_DIR)


def generation(folder: Folder) -> Generation:
    current = folder.current()
    assert current is not None
    return current


def found(source: Reader, text: str) -> set[int]:
    node = language.parse(text).node
    assert node is not None

    def ask(searcher: Any) -> set[int]:
        hits = searcher.search(Compiler(searcher).filter(node), 100).hits
        return set(map(int, searcher.fast_field_values("paper", [place for _, place in hits])))

    return source.ask(ask)


def did(report: Report) -> tuple[int, int, bool]:
    return report.written, report.removed, report.was_rebuilt


def test_update_without_an_index_builds_it(index: Index, folder: Folder) -> None:
    PaperFactory.create_batch(3)
    PaperFactory.create(is_hidden=True)

    assert did(index()) == (3, 0, True)
    assert compare(folder) == Difference(3, [], [], [])


def test_update_writes_only_what_changed(index: Index, folder: Folder) -> None:
    paper, _ = PaperFactory.create_batch(2)
    index()
    Paper.objects.filter(pk=paper.pk).update(title="Renamed entirely")
    revisions.mark([paper.pk])

    assert did(index()) == (1, 0, False)
    assert found(Reader(folder), "entirely") == {paper.pk}
    assert did(index()) == (0, 0, False)


def test_update_replaces_what_a_paper_was(index: Index, folder: Folder) -> None:
    paper = PaperFactory.create(title="Before")
    index()
    Paper.objects.filter(pk=paper.pk).update(title="After")
    revisions.mark([paper.pk])

    index()

    assert [found(Reader(folder), text) for text in ("before", "after")] == [set(), {paper.pk}]


@pytest.mark.parametrize("leaves", ["hidden", "deleted"])
def test_papers_that_nobody_may_see_leave(index: Index, folder: Folder, leaves: str) -> None:
    paper, other = PaperFactory.create_batch(2)
    index()
    chosen = Paper.objects.filter(pk=paper.pk)
    revisions.mark([paper.pk])
    if leaves == "hidden":
        chosen.update(is_hidden=True)
    else:
        chosen.delete()

    assert did(index()) == (0, 1, False)
    assert found(Reader(folder), "paper") == {other.pk}


def test_update_goes_on_batch_by_batch(index: Index, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    index()
    monkeypatch.setattr(documents, "BATCH", 2)
    monkeypatch.setattr(writing, "PAPERS_A_COMMIT", 3)
    revisions.mark(paper.pk for paper in PaperFactory.create_batch(9))

    assert did(index()) == (9, 0, False)
    assert compare(folder) == Difference(9, [], [], [])


def test_one_writer_updates_again_and_again(folder: Folder) -> None:
    with writing.writer(folder) as writer:
        writer.update()
        for _ in range(3):
            revisions.mark([PaperFactory.create().pk])
            assert did(writer.update()) == (1, 0, False)
        revisions.mark([1])
        assert writer.rebuild().written == 3
        revisions.mark([PaperFactory.create().pk])
        assert did(writer.update()) == (1, 0, False)

    assert compare(folder) == Difference(4, [], [], [])


def test_rebuild_swaps_while_old_readers_go_on(index: Index, folder: Folder) -> None:
    paper = PaperFactory.create()
    index()
    before = generation(folder).path
    old = generation(folder).open().searcher()
    reader = Reader(folder)
    assert found(reader, "paper") == {paper.pk}
    other = PaperFactory.create()
    counted: list[int] = []

    with writing.writer(folder) as writer:
        report = writer.rebuild(counted.append)

    assert (did(report), counted) == ((2, 0, True), [2])
    assert not before.exists()
    assert old.num_docs == 1
    assert found(reader, "paper") == {paper.pk, other.pk}


def test_a_rebuild_that_fails_leaves_the_index_as_it_was(
    index: Index, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = PaperFactory.create()
    index()
    with monkeypatch.context() as patched, writing.writer(folder) as writer:
        patched.setattr(writing, "document", lambda record: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            writer.rebuild()

    assert found(Reader(folder), "paper") == {paper.pk}
    assert compare(folder) == Difference(1, [], [], [])


def no_folder(path: Path) -> None:
    shutil.rmtree(path.parent)


def no_revision(path: Path) -> None:
    (path / "revision").unlink()


def called_broken(path: Path) -> None:
    Generation(path).call_broken()


def garbage_meta(path: Path) -> None:
    (path / "meta.json").write_text("garbage")


def no_meta(path: Path) -> None:
    (path / "meta.json").unlink()


def truncated(path: Path) -> None:
    # As a new file: what others have mapped of the old one must not shrink below them.
    for segment in [*path.glob("*.idx"), *path.glob("*.fast"), *path.glob("*.term")]:
        content = segment.read_bytes()
        segment.unlink()
        segment.write_bytes(content[: len(content) // 2])


def no_segments(path: Path) -> None:
    for segment in path.glob("*.*"):
        if segment.suffix in (".idx", ".fast", ".term", ".pos", ".fieldnorm", ".store"):
            segment.unlink()


def no_pointer(path: Path) -> None:
    (path.parent / "current").unlink()


HARM = [no_folder, no_revision, called_broken, garbage_meta, no_meta, truncated, no_segments, no_pointer]


@pytest.mark.parametrize("harm", HARM)
def test_an_index_that_cannot_be_gone_on_with_is_rebuilt_and_the_log_says_so(
    index: Index, folder: Folder, caplog: pytest.LogCaptureFixture, harm: Callable[[Path], None]
) -> None:
    paper = PaperFactory.create()
    index()
    harm(generation(folder).path)
    caplog.clear()
    revisions.mark([paper.pk])

    assert did(index()) == (1, 0, True)
    warnings = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert [message.partition("=")[0] for message in warnings] == ["index.rebuilding reason"]
    assert compare(folder) == Difference(1, [], [], [])
    assert found(Reader(folder), "paper") == {paper.pk}


@pytest.mark.parametrize("harm", [garbage_meta, no_meta, truncated, no_segments])
def test_a_broken_index_is_rebuilt_even_while_nothing_changes(
    index: Index, folder: Folder, harm: Callable[[Path], None]
) -> None:
    paper = PaperFactory.create()
    index()
    harm(generation(folder).path)
    with pytest.raises(Unavailable):
        found(Reader(folder), "paper")

    assert did(index()) == (1, 0, True)
    assert found(Reader(folder), "paper") == {paper.pk}


def test_a_half_written_building_is_removed_by_the_next_one(index: Index, folder: Folder) -> None:
    index()
    folder.next().create()
    with writing.writer(folder) as writer:
        writer.rebuild()

    assert sorted(path.name for path in folder.path.glob("v*")) == [generation(folder).path.name]


def test_compare_finds_what_is_missing_left_and_stale(index: Index, folder: Folder) -> None:
    same, stale, left, hidden = PaperFactory.create_batch(4)
    index()
    missing = PaperFactory.create()
    Paper.objects.filter(pk=stale.pk).update(abstract="Other words.")
    gone = left.pk
    left.delete()
    Paper.objects.filter(pk=hidden.pk).update(is_hidden=True)

    found = compare(folder)

    assert found == Difference(3, [missing.pk], sorted([gone, hidden.pk]), [stale.pk])
    assert found
    assert same.pk not in (*found.missing, *found.left, *found.stale)


def test_compare_of_equal_ones_is_no_difference(index: Index, folder: Folder) -> None:
    PaperFactory.create_batch(2)
    index()

    assert not compare(folder)


def test_compare_holds_an_empty_index_against_an_empty_catalogue(index: Index, folder: Folder) -> None:
    index()

    assert compare(folder) == Difference(0, [], [], [])


def test_compare_without_an_index_is_unavailable(folder: Folder) -> None:
    with pytest.raises(Unavailable):
        compare(folder)


def test_two_writers_cannot_be(folder: Folder) -> None:
    with writing.writer(folder), pytest.raises(WriterBusy), writing.writer(folder):
        pass


def test_a_report_says_what_was_done() -> None:
    assert str(Report(3, 1, 0.25)) == "written=3 removed=1 seconds=0.2"
    assert str(Report(3, was_rebuilt=True)) == "written=3 removed=0 seconds=0.0 rebuilt"


@pytest.fixture
def the_tests_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stays open: it holds the transaction that the test runs in."""
    monkeypatch.setattr(writing, "close_old_connections", lambda: None)


def test_follow_writes_what_changes_until_it_is_stopped(folder: Folder, the_tests_connection: None) -> None:
    def wait(seconds: float) -> None:
        revisions.mark([PaperFactory.create().pk])

    rounds = count()
    writing.follow(folder, is_stopping=lambda: next(rounds) == 4, wait=wait)

    assert (compare(folder).papers, compare(folder).missing) == (4, [Paper.objects.latest("pk").pk])


def test_follow_waits_while_the_database_is_away(
    folder: Folder, the_tests_connection: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    answers = iter([OperationalError("gone"), None])
    update = writing.Writer.update

    def broken_once(self: writing.Writer) -> Report:
        if (error := next(answers)) is not None:
            raise error
        return update(self)

    monkeypatch.setattr(writing.Writer, "update", broken_once)
    waits: list[float] = []
    rounds = count()
    PaperFactory.create()

    writing.follow(folder, is_stopping=lambda: next(rounds) == 2, wait=waits.append, pause=0.5)

    assert waits == [2.5, 0.5, 0.5]
    assert caplog.records[0].message == "index.waiting reason=OperationalError"
    assert compare(folder) == Difference(1, [], [], [])


def test_follow_beside_another_writer_says_so(folder: Folder) -> None:
    with writing.writer(folder), pytest.raises(WriterBusy):
        writing.follow(folder, is_stopping=lambda: False, wait=lambda seconds: None)


def test_an_earlier_database_such_as_a_backup_makes_the_index_anew(
    index: Index, folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    paper = PaperFactory.create(title="Before")
    revisions.mark([paper.pk])
    index()
    generation(folder).keep_revision(99)
    Paper.objects.filter(pk=paper.pk).update(title="Restored")

    assert did(index()) == (1, 0, True)
    assert "the database is an earlier one" in caplog.text
    assert not compare(folder)


def test_compare_sees_a_paper_that_is_held_twice(index: Index, folder: Folder) -> None:
    paper = PaperFactory.create()
    index()
    writer = generation(folder).open().writer(20_000_000, 1)
    writer.add_document(document(documents.of([paper.pk])[0]))
    writer.commit()
    writer.wait_merging_threads()

    assert compare(folder) == Difference(1, [], [], [paper.pk])


def test_a_writer_that_is_asked_for_it_builds_anew_once(index: Index, folder: Folder) -> None:
    PaperFactory.create()
    index()

    folder.ask_for_rebuild()

    assert did(index()) == (1, 0, True)
    assert did(index()) == (0, 0, False)
