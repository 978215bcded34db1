"""What a file would do, row by row, and who does it."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.db.models import Model, QuerySet

from papersite.exchange.reading import Row

NEW, CHANGED, SAME, REFUSED = "new", "changed", "same", "refused"


@dataclass(slots=True)
class Change:
    """What becomes of one row of a file."""

    place: str
    name: str = ""
    outcome: str = SAME
    fields: list[tuple[str, str, str]] = field(default_factory=list)
    """Each field's name, and its value before and after."""
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    asks: bool = False
    """Its note tells a consequence that has to be meant."""
    row: Model | None = None

    def refuse(self, *problems: str) -> "Change":
        self.outcome = REFUSED
        self.problems += problems
        return self


class Exchange(Protocol):
    """What one kind of rows is like in files. ``carry`` is called in a transaction that its caller may roll back:
    what a preview shows is what was done, and undone."""

    @property
    def columns(self) -> Sequence[str]:
        """As they are written out."""
        ...

    @property
    def known(self) -> Sequence[str]:
        """As they are read."""
        ...

    @property
    def needed(self) -> Sequence[str]:
        """One of these has to be there."""
        ...

    def rows(self, found: QuerySet[Any]) -> Iterator[dict[str, Any]]:
        """What is written out, in flat memory."""
        ...

    def carry(self, rows: Sequence[Row], *, origin: str, now: datetime) -> list[Change]:
        """Writes what the rows say. Those that are refused are left out, and said."""
        ...

    def after(self, changes: Sequence[Change]) -> str:
        """Orders what has to follow, once all is committed; what to say of that."""
        ...


def fingerprint(changes: Iterable[Change]) -> str:
    """Two of one file are alike where they would do the same."""
    told = [(one.place, one.name, one.outcome, one.fields, one.problems, one.notes) for one in changes]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def counts(changes: Iterable[Change]) -> dict[str, int]:
    found = Counter(one.outcome for one in changes)
    return {outcome: found[outcome] for outcome in (NEW, CHANGED, SAME, REFUSED)}


def differences(before: dict[str, str], after: dict[str, str]) -> list[tuple[str, str, str]]:
    """Each value of these that is another one afterwards."""
    return [(name, before.get(name, ""), value) for name, value in after.items() if before.get(name, "") != value]
