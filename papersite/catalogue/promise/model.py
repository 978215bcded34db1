"""A learned model of promise: plain numbers, read from a file with distrust and applied without any library. Pure."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, NamedTuple

from papersite.catalogue.promise import sight
from papersite.catalogue.promise.sight import Seen
from papersite.catalogue.search.words import LITTLE
from papersite.catalogue.trending import MOST_PROMISE

# Of what is seen and how it is written. A file of another version is not read.
VERSION = 1
# Against chance, on days it did not learn from, to be let into the heat.
TIMES_CHANCE = 2.0
LEAST_DAYS = 5
NAMED = 3
# What a paper's authors are known for counts for half a doubling of its odds at most, so that the great names do not
# take all: what a paper says decides the rest. tests/bench/promise.py tells what that costs.
MOST_OF_AUTHORS = math.log(2) / 2
# What stands in titles of any kind tells nobody what a paper is about.
SAYS_NOTHING = LITTLE | frozenset(
    """across against all almost alone already also always among another back before behind best better between
    beyond both boosting build building do early enable enabled enables enabling ever every exploring first four full
    further get give good great here improve improved improving introducing into just key less let makes make made
    making many matters much need needs never new no non nor now one only other others out over own paper papers per
    really rethinking revisiting same see seeking so still study takes ten three through together too toward towards two
    under unlocking until up very way well where yet""".split()  # noqa: SIM905  a list of them would be ninety lines
)
# Of a word's part in the logarithm of the odds, to be worth naming.
WORTH_NAMING = 0.05


class Unfit(ValueError):
    """What was read is no model of ours, or one that cannot be trusted; the message says why."""


class Measure(NamedTuple):
    """How well it found what readers wanted, on days after those it had learned from."""

    days: int
    p10: float
    """The share of wanted papers among the first ten of a day, in the mean."""
    r10pct: float
    """The share of the day's wanted papers that are in its first tenth, in the mean."""
    base: float
    """The share of wanted papers among all of a day, in the mean: what chance has."""

    @property
    def beats_chance(self) -> bool:
        return self.days >= LEAST_DAYS and self.base > 0 and self.p10 >= TIMES_CHANCE * self.base


class Promise(NamedTuple):
    """What a model says of one paper."""

    doublings: float
    """Of its chance to be wanted over that of any paper, between 0 and ``MOST_PROMISE``."""
    why: str = ""
    """What speaks for it most: words of its own, and its authors."""


class _Added(NamedTuple):
    """What adds to the odds of one paper."""

    by_word: Mapping[str, float]
    of_authors: float
    of_marks: float

    @property
    def sum(self) -> float:
        return sum(self.by_word.values()) + self.of_authors + self.of_marks

    @property
    def damped(self) -> float:
        return self.sum - max(0.0, self.of_authors - MOST_OF_AUTHORS)


@dataclass(frozen=True)
class Model:
    """Weights of a logistic regression: their sum is the logarithm of the odds that readers want a paper."""

    learned_on: date
    learned_from: int
    """So many papers."""
    measure: Measure
    base: float
    """The share that readers wanted of those it learned from."""
    bias: float
    title: Mapping[str, tuple[float, float]]
    """Of each word its rarity and its weight."""
    abstract: Mapping[str, tuple[float, float]]
    marks: Mapping[str, float]
    wanted: Mapping[str, int] = field(repr=False)
    """On how many papers that readers wanted each author was, by key."""

    def odds(self, seen: Seen) -> float:
        """The logarithm of the odds that readers want the paper."""
        return self._added(seen).sum + self.bias

    def damped_odds(self, seen: Seen) -> float:
        """The same as heat has it: with no more of what its authors are known for than ``MOST_OF_AUTHORS``."""
        return self._added(seen).damped + self.bias

    def promise(self, seen: Seen) -> Promise:
        added = self._added(seen)
        lift = _chance(added.damped + self.bias) / self.base
        # Not so where a number has no end, either.
        if not lift > 1:
            return Promise(0.0)
        return Promise(min(math.log2(lift), MOST_PROMISE), _why(added, f"{seen.title}\n{seen.abstract}"))

    def _added(self, seen: Seen) -> "_Added":
        spoken = sight.words(seen)
        by_word: dict[str, float] = {}
        for counts, learned in ((spoken.title, self.title), (spoken.abstract, self.abstract)):
            rarity = {word: learned[word][0] for word in counts if word in learned}
            for word, value in unit(counts, rarity).items():
                by_word[word] = by_word.get(word, 0.0) + value * learned[word][1]
        history = sight.history(seen.authors, self.wanted)
        of_authors, of_marks = (
            sum(self.marks.get(name, 0.0) * value for name, value in named.items())
            for named in (history, sight.marks(seen))
        )
        return _Added(by_word, of_authors, of_marks)

    def dumps(self) -> str:
        """As a file holds it: numbers to five digits."""
        held = asdict(self) | {"version": VERSION, "learned_on": self.learned_on.isoformat()}
        held["measure"] = self.measure._asdict()
        return json.dumps(_short(held), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def loads(text: str) -> Model:
    """Raises Unfit."""
    try:
        held = json.loads(text)
    except ValueError as error:
        raise Unfit("It is not JSON, or not all of it.") from error
    if not isinstance(held, dict) or held.get("version") != VERSION:
        raise Unfit(f"It is not of version {VERSION}.")
    try:
        model = Model(
            learned_on=date.fromisoformat(held["learned_on"]),
            learned_from=int(held["learned_from"]),
            measure=Measure(int(held["measure"].pop("days")), **_numbers(held["measure"])),
            base=float(held["base"]),
            bias=float(held["bias"]),
            title=_pairs(held["title"]),
            abstract=_pairs(held["abstract"]),
            marks=_numbers(held["marks"]),
            wanted={str(key): int(count) for key, count in held["wanted"].items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise Unfit(f"A part is missing or is none: {error}.") from error
    _check(model)
    return model


def _check(model: Model) -> None:
    numbers = [model.bias, *model.measure, *model.marks.values()]
    numbers += [number for learned in (model.title, model.abstract) for pair in learned.values() for number in pair]
    if not all(map(math.isfinite, numbers)) or not 0 < model.base < 1:
        raise Unfit("A number in it is none, or has no end.")


def _pairs(held: Mapping[str, Any]) -> dict[str, tuple[float, float]]:
    return {str(word): (float(rarity), float(weight)) for word, (rarity, weight) in held.items()}


def _numbers(held: Mapping[str, Any]) -> dict[str, float]:
    return {str(name): float(value) for name, value in held.items()}


def _short(held: Any) -> Any:
    if isinstance(held, float):
        return float(f"{held:.5g}")
    if isinstance(held, Mapping):
        return {name: _short(value) for name, value in held.items()}
    return [_short(value) for value in held] if isinstance(held, list | tuple) else held


def unit(counts: Mapping[str, int], rarity: Mapping[str, float]) -> dict[str, float]:
    """What each known word is worth: its frequency, damped, times its rarity; all of them together of length 1."""
    values = {word: (1 + math.log(count)) * rarity[word] for word, count in counts.items() if word in rarity}
    length = math.sqrt(sum(value * value for value in values.values())) or 1.0
    return {word: value / length for word, value in values.items()}


def _chance(odds: float) -> float:
    return 1 / (1 + math.exp(-max(odds, -700.0)))


def _why(added: _Added, text: str) -> str:
    """The words of a text that add most, none of them twice, then the authors where they add."""
    named: list[str] = []
    for word, part in sorted(added.by_word.items(), key=lambda pair: (-pair[1], pair[0])):
        if part < WORTH_NAMING or len(named) == NAMED:
            break
        single = set(word.split())
        if not single & SAYS_NOTHING and not any(single & set(other.split()) for other in named):
            named.append(word[:60])
    return ", ".join(
        [*(_as_written(word, text) for word in named), *(["its authors"] if added.of_authors > WORTH_NAMING else [])]
    )


def _as_written(word: str, text: str) -> str:
    """A word with the capitals of its text if it is one such as RL, else in small letters."""
    found = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)
    return found[0] if found and sum(map(str.isupper, found[0])) > 1 else word
