"""Which of some papers are on one thing: by the words that set them apart, and by meaning where vectors are given."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from heapq import nlargest
from math import log, sqrt

from papersite.catalogue.search.words import LITTLE, stem, stems

# How alike the words of two papers are that are on one thing, from 0 to 1 (the cosine of tf-idf weights). Found by
# reading pairs of twenty thousand real papers, chosen on one half of them: above it they are versions, parts and rivals
# of one idea, 92 of 100 there and 76 on the other half; from 0.50 on only half of them would be.
BY_WORDS = 0.55
# The same of two papers by one group, which have at least so many authors in common: followers of one idea, its parts
# and its applications. Found in the same way: 12 of 14 on one half of the days are, and 8 of 10 on the other.
GROUP = 2
BY_WORDS_OF_A_GROUP = 0.38
# And where their titles share about half of what they say.
BY_TITLE_OF_A_GROUP, BY_WORDS_BESIDE_A_TITLE = 0.45, 0.25
# What an abstract is on it says in its first sentences: twice as many find the same pairs, for half as much time again.
READ = 600
TITLE_COUNTS_FOR = 2
# Two papers are compared that share so many of the words that tell most of them; common words tell nothing.
TELLING = 12
# Of each paper so many are kept: the rest says little, and thousands of papers are held.
KEPT = 40
SHARED = 3
COMMON_IN = 50
_NEVER_COMMON = 50
_LITTLE = frozenset(stem(word) for word in LITTLE)

Weights = Mapping[str, float]


class Rarity:
    """How much each word tells of a paper. ``held`` tells how many papers have a stem, ``count`` how many there are.

    Every stem is asked about once: a day's papers have most of their words in common.
    """

    def __init__(self, held: Callable[[str], int], count: int) -> None:
        self._held = held
        self._count = count
        self._common = max(_NEVER_COMMON, count // COMMON_IN)
        self._known: dict[str, tuple[str, float, bool]] = {}

    def of(self, stem: str) -> tuple[str, float, bool]:
        """The stem as one object for all papers, what it weighs, and whether it is rare enough to find others by."""
        found = self._known.get(stem)
        if found is None:
            found = self._known[stem] = self._asked(stem)
        return found

    def _asked(self, stem: str) -> tuple[str, float, bool]:
        if len(stem) < 2 or stem in _LITTLE:
            return stem, 0.0, False
        often = max(1, self._held(stem))
        return stem, log(1 + self._count / often), often <= self._common


class Compared:
    """Papers whose words are compared, one after the other."""

    def __init__(self) -> None:
        self._weights: dict[int, Weights] = {}
        self._titles: dict[int, Weights] = {}
        self._by_stem: dict[str, list[int]] = defaultdict(list)
        self._by_author: dict[int, list[int]] = defaultdict(list)

    def add(self, paper_id: int, title: str, abstract: str, rarity: Rarity, authors: Collection[int] = ()) -> list[int]:
        """The papers added before that are on the same thing as this one."""
        weights, telling = _weighed(title, abstract, rarity)
        in_title = {one: rarity.of(one)[1] for one in stems(title)}
        shared = Counter(other for one in telling for other in self._by_stem[one])
        together = Counter(other for one in authors for other in self._by_author[one])
        near = {
            other
            for other, times in shared.items()
            if times >= SHARED and alike(weights, self._weights[other]) >= BY_WORDS
        }
        near.update(
            other
            for other, times in together.items()
            if times >= GROUP
            and shared[other]
            and _is_of_one_idea(weights, self._weights[other], in_title, self._titles[other])
        )
        self._weights[paper_id], self._titles[paper_id] = weights, in_title
        for one in telling:
            self._by_stem[one].append(paper_id)
        for author in authors:
            self._by_author[author].append(paper_id)
        return sorted(near)


def _is_of_one_idea(one: Weights, other: Weights, title: Weights, other_title: Weights) -> bool:
    """Whether two papers of one group are on the same thing."""
    words = alike(one, other)
    return words >= BY_WORDS_OF_A_GROUP or (
        words >= BY_WORDS_BESIDE_A_TITLE and _shared(title, other_title) >= BY_TITLE_OF_A_GROUP
    )


def _shared(one: Weights, other: Weights) -> float:
    """How much of what two titles say both say, from 0 to 1."""
    every = {**one, **other}
    both = sum(weight for word, weight in every.items() if word in one and word in other)
    return both / (sum(every.values()) or 1.0)


def alike(one: Weights, other: Weights) -> float:
    """The cosine of two papers' words, whose weights are of length 1."""
    fewer, more = (one, other) if len(one) < len(other) else (other, one)
    return sum(weight * more[word] for word, weight in fewer.items() if word in more)


def _weighed(title: str, abstract: str, rarity: Rarity) -> tuple[Weights, list[str]]:
    """A paper's stems, the heavier the rarer; and the few that tell most of it."""
    counts = Counter(stems(abstract[:READ]))
    for one in stems(title):
        counts[one] += TITLE_COUNTS_FOR
    weighed = [(sqrt(count) * rare[1], rare[0]) for one, count in counts.items() if (rare := rarity.of(one))[1]]
    most = nlargest(KEPT, weighed)
    length = sqrt(sum(weight * weight for weight, _ in most)) or 1.0
    return {one: weight / length for weight, one in most}, [one for _, one in most[:TELLING] if rarity.of(one)[2]]
