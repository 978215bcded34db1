"""Files opened, guessed, and refused in one clear line."""

import bz2
import gzip
import io
import lzma
import os
import random
import zipfile
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pytest

from papersite.catalogue.sources import files
from papersite.catalogue.sources.records import SourceError, SourcePaper

LISTING = "First\nAbout it.\n"


def titles(path: Path) -> list[str]:
    return [one.title for one in files.read(path) if isinstance(one, SourcePaper)]


@pytest.mark.parametrize(
    ("content", "format_name"),
    [(LISTING, "listing"), ('\ufeff {"title": "x"}', "jsonl"), ('\n[{"paper": {}}]', "huggingface")],
)
def test_guess_format_looks_at_the_content(tmp_path: Path, content: str, format_name: str) -> None:
    path = tmp_path / "papers"
    path.write_text(content, encoding="utf-8")

    assert files.guess_format(path) == format_name


def test_read_unpacks_gzip_whatever_the_name(tmp_path: Path) -> None:
    path = tmp_path / "papers.txt"
    path.write_bytes(gzip.compress(LISTING.encode()))

    assert titles(path) == ["First"]


def test_files_in_a_folder_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b.txt", "a.jsonl.gz", "c.pdf"):
        (tmp_path / name).write_text("x")

    assert [path.name for path in files.files_in(tmp_path)] == ["a.jsonl.gz", "b.txt"]


def refusal(path: Path) -> str:
    with pytest.raises(SourceError) as caught:
        list(chain.from_iterable(files.read(one) for one in files.files_in(path)))
    return str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path / "gone") == f"{tmp_path}/gone: there is no such file or folder"


def test_a_folder_without_papers_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path).startswith(f"{tmp_path}: no file in this folder ends in")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "the file is empty"),
        (b" \n\n", "the file is empty"),
        (bytes(5000), "this is a binary file, not text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "this is a binary file, not text"),
        (gzip.compress(LISTING.encode(), mtime=0)[:-6], "cannot be read"),
        (gzip.compress(os.urandom(200_000))[:100_000], "cannot be read"),
    ],
)
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "papers.txt"
    path.write_bytes(content)

    assert refusal(path).startswith(f"{path}: ")
    assert says in refusal(path) or "binary" in refusal(path)


def test_a_wrong_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "papers.txt"
    path.write_bytes(b"First\nAbout it.\nSch\xf6n\nMore.\n")

    assert refusal(path) == f"{path}, line 3: not UTF-8 (byte 4 of the line)"


def test_a_cut_archive_is_refused_where_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "papers.txt.gz"
    lines = "".join(f"Title {number} {os.urandom(20).hex()}\nAbout it.\n" for number in range(20_000))
    path.write_bytes(gzip.compress(lines.encode())[:-5000])

    assert "cut short or damaged" in refusal(path)


@pytest.mark.parametrize("content", [bytes(5000), random.Random(7).randbytes(5000)], ids=["zeros", "random bytes"])
def test_a_binary_file_is_called_one(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "papers.txt"
    path.write_bytes(content)

    assert refusal(path) == f"{path}: this is a binary file, not text"


def test_a_file_without_records_is_named(tmp_path: Path) -> None:
    path = tmp_path / "papers.json"
    path.write_text("[]")

    assert refusal(path) == f"{path}: it holds no papers"


def test_a_folder_without_papers_names_the_endings_it_looked_for(tmp_path: Path) -> None:
    (tmp_path / "papers.pdf").write_text(LISTING)

    assert (
        refusal(tmp_path)
        == f"{tmp_path}: no file in this folder ends in .txt, .json, .jsonl, .xml, .atom, .rss, .bib, .ris or .gz"
    )


def test_read_takes_the_format_it_is_told(tmp_path: Path) -> None:
    path = tmp_path / "papers.txt"
    path.write_text("{a title in braces}\nAbout it.\n")

    found = [one.title for one in files.read(path, "listing") if isinstance(one, SourcePaper)]

    assert found == ["{a title in braces}"]


def _zipped(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("arxiv-metadata-oai-snapshot.json", content)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("pack", "name"), [(_zipped, "ZIP"), (bz2.compress, "bzip2"), (lzma.compress, "XZ")], ids=["zip", "bzip2", "xz"]
)
def test_a_packed_file_is_called_one(tmp_path: Path, pack: Callable[[bytes], bytes], name: str) -> None:
    path = tmp_path / "archive.zip"
    path.write_bytes(pack(random.Random(7).randbytes(5000).hex().encode()))

    assert refusal(path) == f"{path}: this is a packed file ({name}): unpack it first"
