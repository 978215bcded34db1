"""Which of some papers are on one thing: by the words that set them apart, and by meaning where vectors are given."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from math import log, sqrt
from sys import intern

from papersite.catalogue.search.words import LITTLE, stem, stems

# How alike the words of two papers are that are on one thing, from 0 to 1 (the cosine of tf-idf weights). Found by
# reading pairs of twenty thousand real papers: above it, they are versions, parts and rivals of one idea.
BY_WORDS = 0.5
# Longer abstracts say it in their first sentences.
READ = 1200
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


class Compared:
    """Papers whose words are compared, one after the other. ``held`` tells how many papers have a stem, ``count`` how
    many there are."""

    def __init__(self) -> None:
        self._weights: dict[int, Weights] = {}
        self._by_stem: dict[str, list[int]] = defaultdict(list)

    def add(self, paper_id: int, title: str, abstract: str, held: Callable[[str], int], count: int) -> list[int]:
        """The papers added before that are on the same thing as this one."""
        weights, telling = _weighed(title, abstract, held, count)
        shared = Counter(other for one in telling for other in self._by_stem[one])
        near = [
            other
            for other, times in shared.items()
            if times >= SHARED and alike(weights, self._weights[other]) >= BY_WORDS
        ]
        self._weights[paper_id] = weights
        for one in telling:
            self._by_stem[one].append(paper_id)
        return near


def alike(one: Weights, other: Weights) -> float:
    """The cosine of two papers' words, whose weights are of length 1."""
    fewer, more = (one, other) if len(one) < len(other) else (other, one)
    return sum(weight * more[word] for word, weight in fewer.items() if word in more)


def _weighed(title: str, abstract: str, held: Callable[[str], int], count: int) -> tuple[Weights, list[str]]:
    """A paper's stems, the heavier the rarer; and the few that tell most of it."""
    counts = Counter(stems(abstract[:READ]))
    for one in stems(title):
        counts[one] += TITLE_COUNTS_FOR
    known = {one: max(1, held(one)) for one in counts if len(one) > 1 and one not in _LITTLE}
    weights = {one: sqrt(counts[one]) * log(1 + count / often) for one, often in known.items()}
    most = sorted(weights, key=lambda one: (-weights[one], one))[:KEPT]
    length = sqrt(sum(weights[one] ** 2 for one in most)) or 1.0
    common = max(_NEVER_COMMON, count // COMMON_IN)
    kept = {intern(one): weights[one] / length for one in most}
    return kept, [one for one in most[:TELLING] if known[one] <= common]
