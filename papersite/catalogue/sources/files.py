"""Files of papers: opens them, guesses their format, and says clearly what is wrong with one."""

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from papersite.catalogue.records import Rejected, SourceError, SourcePaper
from papersite.catalogue.sources import huggingface, jsonl, listing

FORMATS: dict[str, Callable[..., Iterator[SourcePaper | Rejected]]] = {
    "listing": listing.read,
    "huggingface": huggingface.read,
    "jsonl": jsonl.read,
}
SUFFIXES = (".txt", ".json", ".jsonl", ".txt.gz", ".json.gz", ".jsonl.gz")
_GZIP = b"\x1f\x8b"
_HEAD = 65536


def files_in(path: Path) -> list[Path]:
    """A file itself, or the importable files of a folder in the order of their names."""
    if not path.exists():
        raise SourceError(f"{path}: there is no such file or folder")
    if not path.is_dir():
        return [path]
    found = sorted(file for file in path.iterdir() if file.is_file() and file.name.endswith(SUFFIXES))
    if not found:
        raise SourceError(f"{path}: no file in this folder ends in {', '.join(SUFFIXES[:3])} or .gz")
    return found


def guess_format(path: Path) -> str:
    """The format that a file's first character gives away."""
    with _opened(path) as file:
        start = file.read(_HEAD).decode("utf-8-sig", errors="ignore").lstrip()
    if start.startswith("["):
        return "huggingface"
    return "jsonl" if start.startswith("{") else "listing"


def read(path: Path, format_name: str = "") -> Iterator[SourcePaper | Rejected]:
    """The records of one file.

    Raises SourceError, naming the file and the place, where it is empty, binary, cut
    short or not UTF-8.
    """
    check_is_text(path)
    reader = FORMATS[format_name or guess_format(path)]
    nothing = True
    for record in reader(_lines(path), origin=path.name):
        nothing = False
        yield record
    if nothing:
        raise SourceError(f"{path}: it holds no papers")


def check_is_text(path: Path) -> None:
    try:
        with _opened(path) as file:
            head = file.read(_HEAD)
    except (OSError, EOFError, zlib.error) as error:
        raise SourceError(f"{path}: cannot be read ({error})") from error
    if not head.strip():
        raise SourceError(f"{path}: the file is empty")
    control = sum(byte < 32 and byte not in b"\t\n\r\f" for byte in head)
    if control > len(head) // 20:
        raise SourceError(f"{path}: this is a binary file, not text")


@contextmanager
def _opened(path: Path) -> Iterator[io.BufferedIOBase]:
    with path.open("rb") as file:
        packed = file.read(2) == _GZIP
        file.seek(0)
        yield gzip.GzipFile(fileobj=file) if packed else file


def _lines(path: Path) -> Iterator[str]:
    number = 0
    try:
        with _opened(path) as file:
            for number, line in enumerate(file, start=1):
                yield line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise SourceError(f"{path}, line {number}: not UTF-8 (byte {error.start + 1} of the line)") from error
    except (OSError, EOFError, zlib.error) as error:
        raise SourceError(f"{path}, after line {number}: cut short or damaged ({error})") from error
