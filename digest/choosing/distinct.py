"""Papers on one thing are one: the hottest comes, and the others are named beneath it.

They fill no places, and stay free to come another day. A curator's picks all come, whatever they are on.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from itertools import islice
from math import inf

from django.conf import settings

from digest.choosing import assembly
from digest.choosing import names as telling
from digest.choosing.names import Names
from digest.choosing.nearness import Near, Nearness
from digest.types import ALSO, Candidate, Choice, Inputs

# What would have come in the place of those that were named is looked at again, so often at most: mail does not wait.
ROUNDS = 6
# Named beneath one paper, the hottest first; further ones are not told.
NAMED = 3


def choose_all(
    gathered: Mapping[int, Inputs], near: Near, now: datetime, names: Names | None = None
) -> dict[int, list[Choice]]:
    """The papers of many digests, by their numbers. ``now`` is in UTC; ``names`` are those that were judged before."""
    choices = {pk: assembly.choose(one, now) for pk, one in gathered.items()}
    folding: Collection[int] = ()
    if settings.DIGEST_FOLDS_ALIKE:
        folding = [pk for pk, one in gathered.items() if one.folds_alike]
    for _ in range(ROUNDS):
        folding = [pk for pk in folding if len(choices[pk]) > 1]
        near.load({choice.paper_id for pk in folding for choice in choices[pk]})
        found = {pk: folded for pk in folding if (folded := beneath(choices[pk], near.of))}
        if not found:
            break
        ahead = {pk: _ahead(gathered[pk], choices[pk], now) for pk in found}
        near.load({one.paper_id for rankings in ahead.values() for ranking in rankings for one in ranking})
        for pk, folded in found.items():
            inputs = gathered[pk]
            kept = [choice.paper_id for choice in choices[pk] if choice.paper_id not in folded]
            inputs.beneath |= folded
            inputs.beneath |= _also_beneath(inputs, kept, ahead[pk], near.of)
            choices[pk] = assembly.choose(inputs, now)
        folding = found.keys()
    choices = {pk: _named(chosen, gathered[pk].beneath, near) for pk, chosen in choices.items()}
    return telling.said(choices, gathered, names or Names())


def choose_one(inputs: Inputs, now: datetime) -> list[Choice]:
    """The papers of one digest, whose reader waits."""
    return choose_all({0: inputs}, Nearness(), now)[0]


def beneath(chosen: list[Choice], near: Callable[[int], Collection[int]]) -> dict[int, int]:
    """Which of the papers of a mail are on the same thing as one before it, and which that is."""
    kept: list[int] = []
    found: dict[int, int] = {}
    for choice in chosen:
        others = near(choice.paper_id)
        first = next((one for one in kept if one in others), None) if others and not choice.is_pick else None
        if first is None:
            kept.append(choice.paper_id)
        else:
            found[choice.paper_id] = first
    return found


def _ahead(inputs: Inputs, chosen: Sequence[Choice], now: datetime) -> list[list[Candidate]]:
    """What comes next in each ranking, from which the places of those that were named are filled."""
    since = assembly.window_start(inputs, now)
    gone = {*(choice.paper_id for choice in chosen), *inputs.sent, *inputs.muted, *inputs.left_out, *inputs.beneath}
    return [
        list(islice((one for one in follow.ranking if one.paper_id not in gone and one.news_at >= since), inputs.cap))
        for follow in inputs.follows
    ]


def _also_beneath(
    inputs: Inputs, kept: Sequence[int], ahead: Sequence[Sequence[Candidate]], near: Callable[[int], Collection[int]]
) -> dict[int, int]:
    """Which of what comes next would be named as well, so that choosing anew once is mostly enough.

    A paper that comes for another follow all the same is not among them, nor one hotter than what it is near to.
    """
    if not any(near(one.paper_id) for ranking in ahead for one in ranking):
        return {}
    heat = _heats(inputs)
    found: dict[int, int] = {}
    comes: set[int] = set()
    for ranking in ahead:
        before = list(kept)
        ids = [one.paper_id for one in ranking]
        for paper_id in sorted(ids, key=lambda one: (-heat(one), -one)) if inputs.lifts else ids:
            others = near(paper_id)
            near_it = (one for one in before if one in others and heat(one) >= heat(paper_id))
            above = next(near_it, None) if others else None
            if above is None:
                comes.add(paper_id)
                before.append(paper_id)
            else:
                found.setdefault(paper_id, above)
    hidden = sorted(found.keys() - comes, key=lambda one: (-heat(one), -one))
    return {paper_id: found[paper_id] for paper_id in hidden}


def _heats(inputs: Inputs) -> Callable[[int], float]:
    """How hot each paper is for this reader; a pick is hotter than all."""

    @cache
    def heat(paper_id: int) -> float:
        held = next((one for follow in inputs.follows if (one := follow.by_id.get(paper_id))), None)
        if held is None:
            return inf
        return held.heat + (inputs.lifts[paper_id].hours if paper_id in inputs.lifts else 0.0)

    return heat


def _named(chosen: list[Choice], beneath: Mapping[int, int], near: Near) -> list[Choice]:
    """With the names of those beneath each among its reasons."""
    if not beneath:
        return chosen
    named: dict[int, list[int]] = {choice.paper_id: [] for choice in chosen}
    for paper_id in beneath:
        above = paper_id
        while above in beneath:
            above = beneath[above]
        if above in named:
            named[above].append(paper_id)
    return [
        replace(choice, reasons=(*choice.reasons, *((ALSO, near.name(one)) for one in named[choice.paper_id][:NAMED])))
        for choice in chosen
    ]
