"""Learns a model of promise and measures it. Takes scikit-learn, which the group ``learn`` brings."""

import math
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from statistics import fmean
from typing import Any

from papersite.catalogue.promise import sight
from papersite.catalogue.promise.model import Measure, Model, unit
from papersite.catalogue.promise.sight import Seen

# A word that fewer papers have says nothing yet; and a file stays small.
IN_TITLES, IN_ABSTRACTS = 5, 15
MOST_WORDS = 20_000
MOST_AUTHORS = 20_000
# Held in memory while words are counted.
MOST_COUNTED = 1_000_000
# How tightly weights are held near 0, and how much of a standard deviation of a mark weighs like one word.
TIGHTNESS = 0.5
OF_A_MARK = 0.3
# Days that are judged, and days that say something.
JUDGED = timedelta(days=28)
LEAST_PAPERS, LEAST_WANTED = 50, 3


class TooLittle(ValueError):
    """There is nothing to learn from; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Example:
    """A paper of the past, and whether readers wanted it."""

    seen: Seen
    day: date
    wanted_on: date | None
    """When it became known that they did."""


def learn(examples: Sequence[Example], on: date) -> Model:
    """The model of all that was known before ``on``, without a measure. Raises TooLittle."""
    known = sorted((one for one in examples if one.day < on), key=lambda one: one.day)
    labels = [one.wanted_on is not None and one.wanted_on < on for one in known]
    if not any(labels) or all(labels):
        raise TooLittle(f"{len(known)} papers, {sum(labels)} of them wanted: there must be some of both.")
    titles, abstracts = _vocabularies(known)
    marks, wanted = _marks(known, on)
    names = sorted({name for row in marks for name in row})
    scale = _scale(marks, names)
    weights, bias = _fitted(known=known, titles=titles, abstracts=abstracts, marks=marks, scale=scale, labels=labels)
    of_titles = dict(zip(titles.rarity, weights, strict=False))
    of_abstracts = dict(zip(abstracts.rarity, weights[len(titles.rarity) :], strict=False))
    of_marks = weights[len(titles.rarity) + len(abstracts.rarity) :]
    return Model(
        learned_on=on,
        learned_from=len(known),
        measure=Measure(0, 0.0, 0.0, 0.0),
        base=sum(labels) / len(labels),
        bias=bias,
        title={word: (rarity, of_titles[word]) for word, rarity in titles.rarity.items()},
        abstract={word: (rarity, of_abstracts[word]) for word, rarity in abstracts.rarity.items()},
        marks={name: weight * scale[name] for name, weight in zip(names, of_marks, strict=True)},
        wanted=dict(wanted.most_common(MOST_AUTHORS)),
    )


def learn_and_measure(examples: Sequence[Example], on: date) -> tuple[Model, Model | None]:
    """The model of all examples, and one that knew nothing of the last weeks, on which both are measured.

    Without enough from before those weeks there is no such one, and the measure is of no days. Raises TooLittle.
    """
    learned = learn(examples, on)
    try:
        before = learn(examples, on - JUDGED)
    except TooLittle:
        return learned, None
    measure = measured(before, [one for one in examples if one.day < on])
    return replace(learned, measure=measure), replace(before, measure=measure)


def measured(model: Model, examples: Iterable[Example]) -> Measure:
    """How well a model orders the days after those it learned from."""
    return measure_of([one for one in examples if one.day >= model.learned_on], model.odds)


def measure_of(examples: Iterable[Example], score: Callable[[Seen], float]) -> Measure:
    """The same of any score, over the days with enough papers and enough that were wanted."""
    found = [_tens(day, score) for day in judged_days(examples)]
    if not found:
        return Measure(0, 0.0, 0.0, 0.0)
    p10, r10pct, base = (fmean(column) for column in zip(*found, strict=True))
    return Measure(len(found), p10, r10pct, base)


def judged_days(examples: Iterable[Example]) -> list[list[Example]]:
    ordered = sorted(examples, key=lambda one: one.day)
    days = [list(papers) for _, papers in groupby(ordered, key=lambda one: one.day)]
    return [
        papers
        for papers in days
        if len(papers) >= LEAST_PAPERS and sum(one.wanted_on is not None for one in papers) >= LEAST_WANTED
    ]


def _tens(papers: Sequence[Example], score: Callable[[Seen], float]) -> tuple[float, float, float]:
    scores = [score(one.seen) for one in papers]
    order = sorted(range(len(papers)), key=lambda number: -scores[number])
    is_wanted = [papers[number].wanted_on is not None for number in order]
    tenth = max(1, round(len(papers) / 10))
    return sum(is_wanted[:10]) / 10, sum(is_wanted[:tenth]) / sum(is_wanted), sum(is_wanted) / len(papers)


def _vocabularies(known: Sequence[Example]) -> tuple["_Vocabulary", "_Vocabulary"]:
    """Of titles and of abstracts."""
    titles, abstracts = Counter[str](), Counter[str]()
    for one in known:
        spoken = sight.words(one.seen)
        for papers, counts in ((titles, spoken.title), (abstracts, spoken.abstract)):
            papers.update(counts.keys())
            if len(papers) > MOST_COUNTED:
                _forget_the_rare(papers)
    return _Vocabulary(titles, len(known), IN_TITLES), _Vocabulary(abstracts, len(known), IN_ABSTRACTS)


def _forget_the_rare(papers: Counter[str]) -> None:
    """What stood in one paper so far: most pairs of words never stand in another."""
    least = 1
    while len(papers) > MOST_COUNTED // 2:
        for word in [word for word, count in papers.items() if count <= least]:
            del papers[word]
        least += 1


class _Vocabulary:
    """The words that enough papers have, each with its rarity."""

    def __init__(self, papers: Counter[str], total: int, least: int) -> None:
        often = [pair for pair in papers.most_common(MOST_WORDS) if pair[1] >= least]
        self.rarity = {word: math.log((1 + total) / (1 + count)) + 1 for word, count in often}
        self.place = {word: place for place, word in enumerate(self.rarity)}


def _marks(known: Sequence[Example], on: date) -> tuple[list[dict[str, float]], Counter[str]]:
    """What is seen beside words, the history of authors as it was on each paper's own day, and as it is in the end."""
    told = sorted(
        ((one.wanted_on, number) for number, one in enumerate(known) if one.wanted_on is not None), reverse=True
    )
    wanted: Counter[str] = Counter()

    def catch_up(day: date) -> None:
        while told and told[-1][0] < day:
            wanted.update(set(known[told.pop()[1]].seen.authors))

    rows = []
    for one in known:
        catch_up(one.day)
        rows.append(sight.marks(one.seen) | sight.history(one.seen.authors, wanted))
    catch_up(on)
    return rows, wanted


def _scale(rows: Sequence[Mapping[str, float]], names: Sequence[str]) -> dict[str, float]:
    """By what a mark is taken, so that a usual difference weighs as much as a word; categories as they are."""
    sums, squares = dict.fromkeys(names, 0.0), dict.fromkeys(names, 0.0)
    for row in rows:
        for name, value in row.items():
            sums[name] += value
            squares[name] += value * value
    count = len(rows)
    spread = {name: math.sqrt(max(squares[name] / count - (sums[name] / count) ** 2, 0.0)) for name in names}
    return {name: 1.0 if "category" in name else OF_A_MARK / max(spread[name], 0.01) for name in names}


def _fitted(
    *,
    known: Sequence[Example],
    titles: _Vocabulary,
    abstracts: _Vocabulary,
    marks: Sequence[Mapping[str, float]],
    scale: Mapping[str, float],
    labels: Sequence[bool],
) -> tuple[list[float], float]:
    """The weights of title words, abstract words and marks, in this order, and the bias."""
    # Brought by the group "learn" alone: who only uses a model needs neither.
    from scipy.sparse import csr_array  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    places = {name: place for place, name in enumerate(scale)}
    width = len(titles.place) + len(abstracts.place)
    columns, values, ends = array("i"), array("f"), array("i", [0])
    for one, row in zip(known, marks, strict=True):
        paper = sight.words(one.seen)
        for counts, vocabulary, begin in ((paper.title, titles, 0), (paper.abstract, abstracts, len(titles.place))):
            for word, value in unit(counts, vocabulary.rarity).items():
                columns.append(begin + vocabulary.place[word])
                values.append(value)
        for name, number in row.items():
            columns.append(width + places[name])
            values.append(number * scale[name])
        ends.append(len(columns))
    matrix = csr_array((values, columns, ends), shape=(len(known), width + len(places)))
    found: Any = LogisticRegression(C=TIGHTNESS, solver="liblinear").fit(matrix, labels)
    return found.coef_[0].tolist(), float(found.intercept_[0])
