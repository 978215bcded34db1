"""Text as search sees it: words without case and accents, cut to their stems."""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

_WORD = re.compile(r"[^\W_]+")
_stemmer = snowballstemmer.stemmer("english")


def fold(text: str) -> str:
    """Lower case without accents, so that "Schrödinger" meets "schrodinger"."""
    if text.isascii():
        return text.lower()
    # Case after the first decomposition, since 𝑨 only then is an A; and again, since it composes anew.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    return str(_stemmer.stemWord(word))


def words(text: str) -> list[str]:
    """The words of a text in order, folded; hyphens and punctuation part them."""
    return _WORD.findall(fold(text))


def stems(text: str) -> list[str]:
    """The stems of a text in order."""
    return [stem(word) for word in words(text)]
