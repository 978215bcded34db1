"""Papers by what they say: how alike two are is the cosine of their rare words, and a little of authors. Pure."""

import math
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, repeat
from typing import NamedTuple

import numpy as np

from papersite.catalogue.search.words import LITTLE, words
from papersite.catalogue.taste.arrays import Columns, Floats, Ints, Rows, Values, highest

Told = Mapping[str, float]
"""What a paper is known by, and how often it says so: its words, its authors."""

# A title says what the abstract is about: each of its words counts so often.
TITLE = 2
AUTHOR = "@"
# How alike papers of the very same authors are, where those of the very same words are 1.
OF_AUTHORS = math.sqrt(0.15)
# What is in more papers than this share says nothing, unless these are few.
COMMON = 0.2
FEW = 5
# Rare words say more than their rarity alone would have it.
OF_RARITY = 1.5
# Of all that a reader's papers say, so much weighs the most and is looked up.
MOST_SAID = 150
# What a word weighs that is said so often.
_OFTEN = (0.0, *(1 + math.log(count) for count in range(1, 50)))


class Gathered(NamedTuple):
    """Several vectors behind one another, and how long each is."""

    terms: Columns
    weights: Values
    sizes: list[int]

    @classmethod
    def of(cls, vectors: Sequence["Vector"]) -> "Gathered":
        if not vectors:
            return cls(np.zeros(0, np.int32), np.zeros(0, np.float32), [])
        terms, weights = zip(*vectors, strict=True)
        return cls(np.concatenate(terms), np.concatenate(weights), [len(one) for one in terms])

    @property
    def size(self) -> int:
        """How many vectors there are."""
        return len(self.sizes)


class Vector(NamedTuple):
    """One paper in a shelf's terms."""

    terms: Columns
    weights: Values


def told(title: str, text: str = "", authors: Iterable[int] = ()) -> dict[str, float]:
    """What a paper is known by; authors by their numbers."""
    counts = Counter(chain(*repeat(words(title), TITLE), words(text)))
    # The same words stand in thousands of papers.
    return {
        sys.intern(word): _OFTEN[count] if count < len(_OFTEN) else 1 + math.log(count)
        for word, count in counts.items()
        if len(word) > 1 and word not in LITTLE
    } | {f"{AUTHOR}{one}": 1.0 for one in authors}


class Shelf:
    """The papers that may be ranked. What is rare among them tells them apart."""

    def __init__(self, papers: Mapping[int, Told]) -> None:
        self.ids = np.array(sorted(papers), np.int64)
        self.place = {paper: place for place, paper in enumerate(self.ids.tolist())}
        held = Counter(term for one in papers.values() for term in one)
        most = max(COMMON * len(papers), FEW)
        self._common = {term for term, count in held.items() if count > most}
        self._term = {term: number for number, term in enumerate(sorted(held.keys() - self._common))}
        self._rarity = np.array([math.log(1 + len(papers) / held[term]) for term in self._term], np.float64)
        self._rarity **= OF_RARITY
        # Of a word that none of them has: it makes a paper less like them.
        self._rarest = math.log(1 + max(len(papers), 1)) ** OF_RARITY
        vectors = [self.vector(papers[paper]) for paper in self.ids.tolist()]
        self._by_paper = Rows.of([one.terms for one in vectors], [one.weights for one in vectors])
        self._by_term = self._by_paper.turned(len(self._term))

    def __len__(self) -> int:
        return len(self.ids)

    def vector(self, paper: Told) -> Vector:
        """A paper of the shelf or any other: its words of length 1, its authors beside them."""
        found: list[int] = []
        weights: list[float] = []
        words_end, squares = 0, [0.0, 0.0]
        # Words stand first.
        for term, much in paper.items():
            number, is_author = self._term.get(term), term.startswith(AUTHOR)
            if number is not None or term not in self._common:
                weight = much * (self._rarest if number is None else self._rarity[number])
                squares[is_author] += weight * weight
                if number is not None:
                    found.append(number)
                    weights.append(weight)
                    words_end += not is_author
        numbers, weighed = np.array(found, np.int32), np.array(weights, np.float64)
        weighed[:words_end] /= math.sqrt(squares[0]) or 1.0
        weighed[words_end:] *= OF_AUTHORS / (math.sqrt(squares[1]) or 1.0)
        return Vector(numbers, weighed.astype(np.float32))

    def near(self, liked: Gathered) -> Floats:
        """Of every paper here, the sum of its likenesses to these."""
        if not len(liked.terms):
            return np.zeros(len(self))
        profile = np.bincount(liked.terms, liked.weights, len(self._term))
        said = highest(profile, MOST_SAID)
        return self._by_term.summed(said, profile.take(said), len(self))

    def held(self, paper: int) -> Vector:
        """One of the shelf's own, by its number."""
        return Vector(*self._by_paper.row(self.place[paper]))

    def likenesses(self, places: Sequence[int], liked: Gathered) -> Floats:
        """A row for each of these papers of the shelf: how alike it is to each of the liked ones."""
        is_liked = np.zeros(len(self._term), bool)
        is_liked[liked.terms] = True
        here = self._by_paper.taken(np.asarray(places, np.int64))
        mine = np.flatnonzero(is_liked.take(here.columns))
        terms = here.columns.take(mine)
        # A column for each word that one of these papers and one of the liked ones say.
        column = np.full(len(self._term), -1, np.int32)
        column[terms] = np.arange(len(terms))
        columns = column.take(liked.terms)
        theirs = np.flatnonzero(columns >= 0)
        one = _table(here.counts, mine, column.take(terms), here.values.take(mine), len(terms))
        other = _table(liked.sizes, theirs, columns.take(theirs), liked.weights.take(theirs), len(terms))
        return np.asarray(one @ other.T, np.float64)


def _table(sizes: Sequence[int] | Ints, which: Ints, columns: Columns, values: Values, width: int) -> Values:
    """Rows of such sizes behind one another, of which so much is told, in these columns."""
    found = np.zeros((len(sizes), width), np.float32)
    found.reshape(-1)[np.arange(0, len(sizes) * width, width or 1).repeat(sizes).take(which) + columns] = values
    return found
