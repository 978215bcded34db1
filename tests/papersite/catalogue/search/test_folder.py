"""Where the index lives: generations, the one in use, and the one writer."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from papersite.catalogue.search.folder import Folder, Generation, Unavailable, WriterBusy, is_broken
from papersite.catalogue.search.schema import VERSION


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def built(folder: Folder, revision: int = 1) -> Generation:
    """A whole generation, not in use yet."""
    generation = folder.next()
    generation.create()
    generation.keep_revision(revision)
    return generation


def names(folder: Folder) -> list[str]:
    return sorted(path.name for path in folder.path.iterdir() if path.is_dir())


def test_a_folder_without_a_pointer_has_no_generation_in_use(folder: Folder) -> None:
    assert folder.current() is None
    assert Folder(folder.path / "nowhere").current() is None


def test_use_points_to_a_generation_and_removes_the_others(folder: Folder) -> None:
    folder.use(built(folder))
    second = built(folder, revision=9)

    folder.use(second)

    current = folder.current()
    assert current is not None
    assert (current.path, current.revision) == (second.path, 9)
    assert names(folder) == [f"v{VERSION}-000002"]


def test_next_is_never_one_that_is_there(folder: Folder) -> None:
    assert folder.next().path.name == f"v{VERSION}-000001"
    (folder.path / f"v{VERSION}-000041").mkdir()
    (folder.path / f"v{VERSION + 1}-000012").mkdir()
    (folder.path / "v1-notes").mkdir()

    assert folder.next().path.name == f"v{VERSION}-000042"


def test_tidy_removes_what_was_never_finished_and_leaves_other_files_alone(folder: Folder) -> None:
    folder.use(built(folder))
    folder.next().create()
    (folder.path / "notes").mkdir()

    folder.tidy()

    assert names(folder) == ["notes", f"v{VERSION}-000001"]


@pytest.mark.parametrize("name", [f"v{VERSION + 1}-000001", "v0-000001", "", f"v{VERSION}-../elsewhere", "nonsense"])
def test_a_generation_of_another_version_is_none(folder: Folder, name: str) -> None:
    folder.pointer.write_text(name)

    assert folder.current() is None


def test_the_mark_of_a_folder_changes_with_each_swap(folder: Folder) -> None:
    marks = [folder.mark()]
    for _ in range(3):
        folder.use(built(folder))
        marks.append(folder.mark())

    assert len(set(marks)) == 4


def test_the_mark_of_a_generation_changes_with_each_commit(folder: Folder) -> None:
    generation = folder.next()
    marks = [generation.mark()]
    writer = generation.create().writer(15_000_000, 1)
    for _ in range(3):
        writer.commit()
        marks.append(generation.mark())

    assert len(set(marks)) == 4


@pytest.mark.parametrize("text", ["", "x", None])
def test_a_generation_without_a_readable_revision_is_not_whole(folder: Folder, text: str | None) -> None:
    generation = folder.next()
    generation.create()
    if text is not None:
        (generation.path / "revision").write_text(text)

    assert generation.revision is None
    with pytest.raises(Unavailable, match="is not whole"):
        generation.open()


def test_a_generation_called_broken_is_not_opened(folder: Folder) -> None:
    generation = built(folder)

    generation.call_broken()

    assert generation.revision is None
    with pytest.raises(Unavailable):
        generation.open()


def test_a_generation_that_is_gone_cannot_be_called_broken(folder: Folder) -> None:
    folder.next().call_broken()

    assert names(folder) == []


def test_a_generation_with_garbage_in_it_is_unavailable(folder: Folder) -> None:
    generation = built(folder)
    (generation.path / "meta.json").write_text("garbage")

    with pytest.raises(Unavailable, match="cannot be opened"):
        generation.open()


def test_a_second_writer_gets_the_process_of_the_first(folder: Folder) -> None:
    says = rf"^Process {os.getpid()} is writing this index already\.$"

    with folder.locked(), pytest.raises(WriterBusy, match=says), folder.locked():
        pass

    with folder.locked():
        assert (folder.path / "lock").read_text() == str(os.getpid())


def test_the_lock_of_a_process_ends_with_it_however_it_ends(folder: Folder) -> None:
    code = (
        "import sys; from pathlib import Path; from papersite.catalogue.search.folder import Folder\n"
        "with Folder(Path(sys.argv[1])).locked(): print('locked', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(folder.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"locked\n"
        with pytest.raises(WriterBusy, match=f"Process {other.pid} "), folder.locked():
            pass
        other.kill()
        other.wait()

    with folder.locked():
        assert (folder.path / "lock").read_text() == str(os.getpid())


def test_locked_makes_the_folder(tmp_path: Path) -> None:
    with Folder(tmp_path / "a" / "b").locked():
        assert (tmp_path / "a" / "b").is_dir()


class PanicException(BaseException):
    """As Tantivy's looks from here."""


@pytest.mark.parametrize(
    ("error", "broken"),
    [(ValueError(), True), (FileNotFoundError(), True), (PanicException(), True), (KeyError(), False),
     (KeyboardInterrupt(), False)],
)  # fmt: skip
def test_is_broken_is_an_error_about_files(error: BaseException, broken: bool) -> None:
    assert is_broken(error) is broken
