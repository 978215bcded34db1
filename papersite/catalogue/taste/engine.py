"""Ranks papers for one reader from few examples: by words, and by what readers with like lists kept. Pure.

Three sums over the papers a reader liked, each divided by the mean of its highest so that they weigh alike:
what is alike in words, what readers with like lists kept, and what ``alike`` adds, if anything (of meaning).
A paper that is alike to what they wanted less of stands lower by as much. What other readers kept counts only
for papers that at least ``LEAST_READERS`` of those with like lists kept: fewer would tell of single persons.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from papersite.catalogue.search.words import LITTLE, words

LEAST_READERS = 5
# Of a reader's likes, the latest; more cost time and say the same.
MOST_LIKED = 300
# The mean of so many of the highest is what a sum is divided by.
HIGHEST = 50
# Words in more papers than this share say nothing.
COMMON = 0.2
# A word's own papers, the most telling first, are all that is looked at.
MOST_OF_A_WORD = 2000
OF_WORDS, OF_READERS, OF_MEANING = 1.0, 1.2, 1.0

Alike = Callable[[int], Mapping[int, float]]
"""From a paper to others and how much they are like it, between 0 and 1: a hook for vectors of meaning."""


class Close(NamedTuple):
    """A paper, and how close it is to a reader's taste."""

    paper: int
    score: float


class Words:
    """Papers by their words: how alike two of them are is the cosine of their rare words."""

    def __init__(self, texts: Mapping[int, str]) -> None:
        counts = {paper: _told(text) for paper, text in texts.items()}
        held = Counter(word for told in counts.values() for word in told)
        most = max(COMMON * len(counts), 2)
        rarity = {word: math.log(1 + len(counts) / number) for word, number in held.items() if 1 < number <= most}
        self.of_paper = {paper: _unit(told, rarity) for paper, told in counts.items()}
        self._papers: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for paper, told in self.of_paper.items():
            for word, weight in told.items():
                self._papers[word].append((paper, weight))
        for found in self._papers.values():
            found.sort(key=lambda pair: (-pair[1], pair[0]))
            del found[MOST_OF_A_WORD:]

    def near(self, liked: Iterable[int]) -> dict[int, float]:
        """Of every paper that shares a word, the sum of its likenesses to these."""
        profile: dict[str, float] = defaultdict(float)
        for paper in liked:
            for word, weight in self.of_paper.get(paper, {}).items():
                profile[word] += weight
        found: dict[int, float] = defaultdict(float)
        for word, weight in profile.items():
            for paper, other in self._papers[word]:
                found[paper] += weight * other
        return found

    def likeness(self, one: int, other: int) -> float:
        told, of_other = self.of_paper.get(one, {}), self.of_paper.get(other, {})
        return sum(weight * of_other.get(word, 0.0) for word, weight in told.items())


class Readers:
    """Who kept which papers: only sums over at least ``LEAST_READERS`` of them come out."""

    def __init__(self, lists: Iterable[Collection[int]]) -> None:
        self._lists = [tuple(sorted(set(kept))) for kept in lists]
        self._of_paper: dict[int, list[int]] = defaultdict(list)
        for reader, kept in enumerate(self._lists):
            for paper in kept:
                self._of_paper[paper].append(reader)

    def near(self, liked: Collection[int], *, own: int | None = None) -> dict[int, float]:
        """Of papers that readers with like lists kept: item-item cosines, where a long list says less.

        ``own`` is the reader's own place among the lists, which says nothing.
        """
        strength: dict[int, float] = defaultdict(float)
        for paper in liked:
            keepers = self._of_paper.get(paper, ())
            for reader in keepers:
                strength[reader] += 1 / math.sqrt(len(keepers))
        strength.pop(own, None)  # type: ignore[arg-type]
        found: dict[int, float] = defaultdict(float)
        by: Counter[int] = Counter()
        for reader, much in strength.items():
            kept = self._lists[reader]
            share = much / math.sqrt(len(kept))
            for paper in kept:
                found[paper] += share
            by.update(kept)
        return {
            paper: score / math.sqrt(len(self._of_paper[paper]))
            for paper, score in found.items()
            if by[paper] >= LEAST_READERS
        }


def rank(
    liked: Sequence[int],
    less: Collection[int],
    spoken: Words,
    readers: Readers,
    *,
    own: int | None = None,
    alike: Alike | None = None,
    among: Collection[int] | None = None,
) -> list[Close]:
    """Papers by closeness to a reader's taste, the closest first; ``liked`` is in order, the latest first.

    What is both liked and wanted less of counts for neither. None of the examples themselves is ranked.
    """
    opposed = set(liked) & set(less)
    wanted = [paper for paper in dict.fromkeys(liked) if paper not in opposed][:MOST_LIKED]
    unwanted = [paper for paper in less if paper not in opposed][:MOST_LIKED]
    if not wanted:
        return []
    scores: dict[int, float] = defaultdict(float)
    near = spoken.near(wanted)
    unit = _mean_of_highest(near)
    parts = ((near, OF_WORDS), (readers.near(wanted, own=own), OF_READERS), (_sum_of(alike, wanted), OF_MEANING))
    for found, weight in parts:
        by = weight / _mean_of_highest(found)
        for paper, score in found.items():
            scores[paper] += by * score
    # By the same measure, so that one paper wanted less of weighs as much as one that was liked.
    for paper, score in (spoken.near(unwanted) if unwanted else {}).items():
        if paper in scores:
            scores[paper] -= OF_WORDS / unit * score
    gone = {*liked, *less}
    chosen = [(score, paper) for paper, score in scores.items() if score > 0 and paper not in gone]
    if among is not None:
        chosen = [(score, paper) for score, paper in chosen if paper in among]
    chosen.sort(key=lambda pair: (-pair[0], pair[1]))
    return [Close(paper, score) for score, paper in chosen]


def nearest(paper: int, liked: Iterable[int], spoken: Words) -> int | None:
    """Which of the liked papers one is most like in words; None where it shares none with any."""
    best = max(((spoken.likeness(paper, one), one) for one in liked), default=(0.0, 0))
    return best[1] if best[0] > 0 else None


def _told(text: str) -> Counter[str]:
    return Counter(word for word in words(text) if word not in LITTLE and len(word) > 1)


def _unit(told: Mapping[str, int], rarity: Mapping[str, float]) -> dict[str, float]:
    weighed = {word: (1 + math.log(count)) * rarity[word] for word, count in told.items() if word in rarity}
    length = math.sqrt(sum(weight * weight for weight in weighed.values())) or 1.0
    return {word: weight / length for word, weight in weighed.items()}


def _sum_of(alike: Alike | None, wanted: Iterable[int]) -> dict[int, float]:
    found: dict[int, float] = defaultdict(float)
    if alike is not None:
        for paper in wanted:
            for other, score in alike(paper).items():
                if math.isfinite(score):
                    found[other] += score
    return found


def _mean_of_highest(found: Mapping[int, float]) -> float:
    highest = sorted(found.values(), reverse=True)[:HIGHEST]
    return (sum(highest) / len(highest) if highest else 0.0) or 1.0
