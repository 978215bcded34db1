"""Which names in a mail's reasons several people likely bear: it claims of none of these which one wrote."""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime, timedelta

from digest.types import NAMED, Choice, Inputs, Reason
from papersite.catalogue import co_authors

# A name does not become several people's from one hour to the next.
GOOD_FOR = timedelta(hours=6)
MOST_HELD = 50_000


class Names:
    """What was judged so far."""

    def __init__(self) -> None:
        self._asked_at: datetime | None = None
        self._is_shared: dict[int, bool] = {}

    def expire(self, now: datetime) -> None:
        if self._asked_at is None or abs(now - self._asked_at) > GOOD_FOR or len(self._is_shared) > MOST_HELD:
            self._asked_at = now
            self._is_shared.clear()

    def shared(self, authors: Collection[int]) -> set[int]:
        """Those of these authors whose name is likely several people's; two queries for all that are new."""
        if missing := set(authors) - self._is_shared.keys():
            shared = co_authors.shared_names(missing)
            self._is_shared |= {one: one in shared for one in missing}
        return {one for one in authors if self._is_shared[one]}


def said(choices: Mapping[int, list[Choice]], gathered: Mapping[int, Inputs], names: Names) -> dict[int, list[Choice]]:
    """The papers of many digests, by their numbers, with reasons that claim of no shared name whose it is.

    Only those are judged whom a reason names.
    """
    named = {pk: found for pk, chosen in choices.items() if (found := _named(chosen, gathered[pk]))}
    if not named:
        return dict(choices)
    shared = names.shared({author for found in named.values() for author in found.values()})
    doubtful = {pk: {reason for reason, author in found.items() if author in shared} for pk, found in named.items()}
    return {pk: _told(chosen, doubtful[pk]) if doubtful.get(pk) else chosen for pk, chosen in choices.items()}


def _named(chosen: Sequence[Choice], inputs: Inputs) -> dict[Reason, int]:
    """Whom the reasons of a mail name."""
    authors = {follow.reason: follow.author for follow in inputs.follows if follow.author is not None}
    if not authors:
        return authors
    return {reason: authors[reason] for choice in chosen for reason in choice.reasons if reason in authors}


def _told(chosen: Sequence[Choice], doubtful: AbstractSet[Reason]) -> list[Choice]:
    return [
        replace(choice, reasons=tuple((NAMED, one[1]) if one in doubtful else one for one in choice.reasons))
        if not doubtful.isdisjoint(choice.reasons)
        else choice
        for choice in chosen
    ]
