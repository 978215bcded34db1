"""Papers on one thing are one: the hottest comes, and the others are named beneath it.

They fill no places, and stay free to come another day. A curator's picks all come, whatever they are on.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime

from django.conf import settings

from digest.choosing import assembly
from digest.choosing.nearness import Near, Nearness
from digest.types import ALSO, Choice, Inputs

# What would have come in the place of those that were named is looked at again, so often at most: mail does not wait.
ROUNDS = 6
# Named beneath one paper, the hottest first; further ones are not told.
NAMED = 3


def choose_all(gathered: Mapping[int, Inputs], near: Near, now: datetime) -> dict[int, list[Choice]]:
    """The papers of many digests, by their numbers. ``now`` is in UTC."""
    choices = {pk: assembly.choose(one, now) for pk, one in gathered.items()}
    folding = {pk for pk, one in gathered.items() if one.folds_alike} if settings.DIGEST_FOLDS_ALIKE else set()
    for _ in range(ROUNDS):
        folding = {pk for pk in folding if len(choices[pk]) > 1}
        near.load({choice.paper_id for pk in folding for choice in choices[pk]})
        folding = {pk for pk in folding if _fold(gathered[pk], choices[pk], near.of)}
        if not folding:
            break
        choices |= {pk: assembly.choose(gathered[pk], now) for pk in folding}
    return {pk: _named(chosen, gathered[pk].beneath, near) for pk, chosen in choices.items()}


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


def _fold(inputs: Inputs, chosen: list[Choice], near: Callable[[int], Collection[int]]) -> bool:
    """Takes places from papers on the same thing as others; whether there were any."""
    found = beneath(chosen, near)
    inputs.beneath |= found
    return bool(found)


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
