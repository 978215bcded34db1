"""Suppressions as staff carry them out, by hash, and bring them in, by address or hash."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from digest import tokens
from digest.bounces import by_hand
from digest.forms.desk import LiftForm, SuppressForm
from digest.models import Suppression
from papersite.exchange.changes import NEW, Change
from papersite.exchange.reading import Row

AT_ONCE = 1000
_HASH = re.compile(r"[0-9a-f]{64}")


class Suppressions:
    """What is there already stays as it is: its reason says who may lift it. Nothing is lifted."""

    columns = ("address_hash", "reason", "evidence", "suppressed_at")
    known = ("address", "address_hash", "reason", "evidence", "suppressed_at")
    needed = ("address", "address_hash")

    def rows(self, found: QuerySet[Suppression]) -> Iterator[dict[str, Any]]:
        after = 0
        while some := list(found.order_by("pk").filter(pk__gt=after)[:AT_ONCE]):
            yield from ({name: getattr(one, name) for name in self.columns} for one in some)
            after = some[-1].pk

    def carry(self, rows: Sequence[Row], *, origin: str, now: datetime) -> list[Change]:
        changes = [Change(row.place) for row in rows]
        wanted: dict[str, tuple[Change, str]] = {}
        asked = [_asked(row, change) for row, change in zip(rows, changes, strict=True)]
        held = by_hand.held({address_hash for address_hash, _ in asked if address_hash})
        for change, (address_hash, reason) in zip(changes, asked, strict=True):
            if not address_hash:
                continue
            if address_hash in wanted:
                change.refuse(f"The same address stands in {wanted[address_hash][0].place} already.")
            elif there := held.get(address_hash):
                since = f"{there.suppressed_at:%Y-%m-%d}"
                change.notes.append(f"It is there since {since}, and stays as it is: {there.reason}")
            else:
                wanted[address_hash] = (change, reason)
        made = by_hand.suppress_all({address_hash: reason for address_hash, (_, reason) in wanted.items()}, now=now)
        for address_hash, (change, reason) in wanted.items():
            change.outcome, change.row = NEW, made[address_hash]
            change.fields = [("reason", "", reason)]
        return changes

    def after(self, changes: Sequence[Change]) -> str:
        return "No mail goes there from now on."


def _asked(row: Row, change: Change) -> tuple[str, str]:
    """The hash and the reason of one row, by the rules of the form; "" where it is refused."""
    if row.problem:
        change.refuse(row.problem)
        return "", ""
    address, address_hash, reason = (_text(row, name) for name in ("address", "address_hash", "reason"))
    change.name = address or address_hash[:12]
    form = SuppressForm({"address": address, "reason": reason}) if address else LiftForm({"reason": reason})
    if not form.is_valid():
        change.refuse(*(f"{name}: {' '.join(map(str, said))}" for name, said in form.errors.items()))
    elif not (address or _HASH.fullmatch(address_hash)):
        change.refuse("It has neither an address nor the hash of one.")
    else:
        typed = tokens.address_hash(form.cleaned_data["address"]) if address else address_hash
        return typed, form.cleaned_data["reason"]
    return "", ""


def _text(row: Row, name: str) -> str:
    value = row.values.get(name)
    return value.strip() if isinstance(value, str) else "" if value is None else str(value)
