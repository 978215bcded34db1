"""A JSON array read entry by entry, so that a long one needs no more memory than a short one."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from papersite.catalogue.sources.records import SourceError

# An entry that takes more than this is no paper; a broken one must not be gathered for ever.
MAX_ENTRY = 4_000_000
_decoder = json.JSONDecoder()


def entries(pieces: Iterable[str], *, origin: str) -> Iterator[Any]:
    """The entries of an array whose text comes in pieces. Raises SourceError where it is none, or cut short."""
    text = _Text(pieces)
    if text.next_character() != "[":
        text.take(1)
        raise SourceError(f"{origin}: not a JSON list" if text.looks_like_json else f"{origin}: not JSON, or empty")
    text.take(1)
    number = 0
    while (character := text.next_character()) != "]":
        if number and character != ",":
            raise _damaged(origin, number)
        if number:
            text.take(1)
        number += 1
        try:
            yield text.decode()
        except (ValueError, RecursionError) as error:
            raise _damaged(origin, number) from error
    text.take(1)
    if text.next_character():
        raise SourceError(f"{origin}: text after the end of the list")


def _damaged(origin: str, number: int) -> SourceError:
    return SourceError(f"{origin}: not JSON, or cut short (at entry {number})")


class _Text:
    """The part of a text that is in memory."""

    def __init__(self, pieces: Iterable[str]) -> None:
        self._pieces = iter(pieces)
        self._text = ""
        self._at = 0
        self.looks_like_json = False

    def next_character(self) -> str:
        """The next one that is no white space, "" at the end."""
        while True:
            while self._at < len(self._text):
                if not self._text[self._at].isspace():
                    self.looks_like_json = self._text[self._at] in '{"-0123456789tfn'
                    return self._text[self._at]
                self._at += 1
            if not self._more():
                return ""

    def take(self, count: int) -> None:
        self._at += count

    def decode(self) -> Any:
        """The value that begins here. Raises ValueError or RecursionError where there is none."""
        self.next_character()
        self._text, self._at = self._text[self._at :], 0
        while True:
            try:
                value, end = _decoder.raw_decode(self._text)
            except ValueError:
                if len(self._text) > MAX_ENTRY or not self._grow():
                    raise
            else:
                # A number may go on in the next piece.
                if end < len(self._text) or not self._more():
                    self._at = end
                    return value

    def _grow(self) -> bool:
        """Twice as much text, so that a long entry is not read again for each piece."""
        wanted = 2 * len(self._text)
        grown = False
        while len(self._text) < wanted and self._more():
            grown = True
        return grown

    def _more(self) -> bool:
        piece = next(self._pieces, None)
        if piece is None:
            return False
        self._text += piece
        return True
