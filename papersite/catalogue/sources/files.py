"""Files of papers: opens them, guesses their format, and says clearly what is wrong with one.

Every format is read as a stream: a file of two gigabytes needs no more memory than one of two megabytes.
"""

import codecs
import gzip
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from papersite.catalogue.sources import bibliography, foreign, huggingface, jsonl, listing, xml
from papersite.catalogue.sources.arxiv import atom, oai
from papersite.catalogue.sources.records import Rejected, SourceError, SourcePaper

SUFFIXES = (".txt", ".json", ".jsonl", ".xml", ".atom", ".rss", ".bib", ".ris")
_GZIP = b"\x1f\x8b"
# Such as arXiv's snapshot comes in from Kaggle.
_PACKED = {
    b"PK\x03\x04": "ZIP",
    b"7z\xbc\xaf": "7z",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "XZ",
    b"(\xb5/\xfd": "Zstandard",
    b"Rar!": "RAR",
}
_HEAD = _CHUNK = 65536
MAX_LINE = 16_000_000


def _lines(file: IO[bytes], place: str) -> Iterator[str]:
    number = 0
    try:
        while line := file.readline(MAX_LINE):
            number += 1
            if len(line) == MAX_LINE:
                raise SourceError(f"{place}, line {number}: longer than {MAX_LINE} bytes")
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise SourceError(f"{place}, line {number}: not UTF-8 (byte {error.start + 1} of the line)") from error


def _pieces(file: IO[bytes], place: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    done = 0
    try:
        while chunk := file.read(_CHUNK):
            yield decoder.decode(chunk)
            done += len(chunk)
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise SourceError(f"{place}: not UTF-8 (after byte {done + error.start})") from error


def _bytes(file: IO[bytes], place: str) -> IO[bytes]:
    """XML names its own encoding."""
    return file


@dataclass(frozen=True, slots=True)
class Format:
    """How a format's reader wants a file opened, and the reader."""

    opened: Callable[[IO[bytes], str], Any]
    read: Callable[..., Iterator[SourcePaper | Rejected]]


FORMATS = {
    "listing": Format(_lines, listing.read),
    "jsonl": Format(_lines, jsonl.read),
    "huggingface": Format(_pieces, huggingface.read),
    "arxiv-atom": Format(_bytes, atom.read),
    "arxiv-oai": Format(_bytes, oai.read),
    "bibtex": Format(_lines, bibliography.read_bibtex),
    "ris": Format(_lines, bibliography.read_ris),
}


def files_in(path: Path) -> list[Path]:
    """A file itself, or the importable files of a folder in the order of their names."""
    if not path.exists():
        raise SourceError(f"{path}: there is no such file or folder")
    if not path.is_dir():
        return [path]
    found = sorted(
        file for file in path.iterdir() if file.is_file() and file.name.removesuffix(".gz").endswith(SUFFIXES)
    )
    if not found:
        raise SourceError(f"{path}: no file in this folder ends in {', '.join(SUFFIXES)} or .gz")
    return found


def guess_format(path: Path) -> str:
    """The format that a file's beginning gives away."""
    with _opened(path) as file:
        start = file.read(_HEAD)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        with _opened(path) as file:
            return "arxiv-oai" if xml.root_tag(file, origin=path.name).endswith("OAI-PMH") else "arxiv-atom"
    text = start.decode("utf-8-sig", errors="ignore").lstrip()
    if text.startswith("["):
        return "huggingface"
    named = {"BibTeX": "bibtex", "RIS": "ris"}
    return "jsonl" if text.startswith("{") else named.get(foreign.name_of_text(text), "listing")


def read(path: Path, format_name: str = "") -> Iterator[SourcePaper | Rejected]:
    """The records of one file.

    Raises SourceError, naming the file and the place, where it is empty, binary, cut
    short or wrongly encoded.
    """
    is_open = False
    try:
        with _opened(path) as file:
            _check_is_text(file.read(_HEAD), path)
        is_open, nothing = True, True
        if not format_name:
            _check_is_ours(path)
        chosen = FORMATS[format_name or guess_format(path)]
        with _opened(path) as file:
            for record in chosen.read(chosen.opened(file, str(path)), origin=path.name):
                nothing = False
                yield record
    except (OSError, EOFError, zlib.error) as error:
        what = "cut short or damaged" if is_open else "cannot be read"
        raise SourceError(f"{path}: {what} ({error})") from error
    if nothing:
        raise SourceError(f"{path}: it holds no papers")


def _check_is_text(head: bytes, path: Path) -> None:
    if not head.strip():
        raise SourceError(f"{path}: the file is empty")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return
    control = sum(byte < 32 and byte not in b"\t\n\r\f" for byte in head)
    if control > len(head) // 20:
        packed = next((name for signature, name in _PACKED.items() if head.startswith(signature)), "")
        what = f"a packed file ({packed}): unpack it first" if packed else "a binary file, not text"
        raise SourceError(f"{path}: this is {what}")


def _check_is_ours(path: Path) -> None:
    """Raises SourceError, naming the format, where the file is of one that is not read."""
    with _opened(path) as file:
        head = file.read(_HEAD).decode("utf-8-sig", errors="ignore")
    start = head.lstrip()[:1]
    name = (
        foreign.name_of_object(head)
        if start == "{"
        else foreign.name_of_list(head)
        if start == "["
        else foreign.name_of_text(head)
    )
    if name and name not in ("BibTeX", "RIS"):
        raise SourceError(f"{path}: {foreign.message(name)}")


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    with path.open("rb") as file:
        packed = file.read(2) == _GZIP
        file.seek(0)
        yield cast("IO[bytes]", gzip.GzipFile(fileobj=file)) if packed else file
