"""All tables that models stand for, in an order in which each may be filled, and rows as plain values."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from graphlib import TopologicalSorter
from typing import Any

from django.apps import apps
from django.db.models import IntegerField, JSONField, Model

type Row = tuple[Any, ...]
BATCH = 5000


def models() -> list[type[Model]]:
    """Those that others refer to come first."""
    all_of_them = [one for one in apps.get_models(include_auto_created=True) if one._meta.managed]
    ours = sorted((one for one in all_of_them if not one._meta.proxy), key=lambda one: one._meta.db_table)
    refers = {
        one: {related for field in one._meta.local_fields if (related := field.related_model) and related is not one}
        for one in ours
    }
    return [one for one in TopologicalSorter(refers).static_order() if one in refers]


def columns(model: type[Model]) -> list[str]:
    return [str(field.column) for field in model._meta.local_concrete_fields]


def rows(model: type[Model], alias: str, after: Any = None) -> Iterator[Row]:
    """In the order of their keys, those after ``after``; the same Python values from either database."""
    chosen = model._base_manager.using(alias).order_by("pk")
    if after is not None:
        chosen = chosen.filter(pk__gt=after)
    names = [field.attname for field in model._meta.local_concrete_fields]
    return iter(chosen.values_list(*names).iterator(chunk_size=BATCH))


def checksum(found: Iterable[Row]) -> tuple[int, str]:
    """How many rows, and the sum of a SHA-256 of each: databases sort words by rules of their own."""
    count, total = 0, 0
    for count, row in enumerate(found, start=1):  # noqa: B007  the last number is their count
        written = repr([_plain(value) for value in row]).encode()
        total += int.from_bytes(hashlib.sha256(written).digest())
    return count, f"{total % 2**256:064x}"


def has_numbers(model: type[Model]) -> bool:
    """Whether its rows are numbered, if only by those of another table."""
    field: Any = model._meta.pk
    while field.remote_field:
        field = field.target_field
    return isinstance(field, IntegerField)


def json_places(model: type[Model]) -> list[int]:
    fields = model._meta.local_concrete_fields
    return [place for place, field in enumerate(fields) if isinstance(field, JSONField)]


def _plain(value: Any) -> Any:
    """The same words for the same value, whichever driver read it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, (memoryview, bytearray)):
        return bytes(value)
    if isinstance(value, (dict, list)):
        return json.dumps(value, sort_keys=True)
    return value.isoformat() if isinstance(value, (date, time)) else value
