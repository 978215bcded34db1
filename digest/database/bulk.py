"""Writes of many rows at once, past the ORM, which would take longer over them than all the rest takes."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from django.db import connection

from digest.database import statements
from digest.types import Reason

# Constants throughout; the values travel beside them.
DELIVERY = (
    "INSERT INTO digest_delivery (subscription_id, day, due_at, state, reason, settled_at,"
    " claimed_by, attempts, accepted_count, is_uncertain, subject, mailed_to, extra) "
)
DELIVERY_ON_POSTGRES = f"""{DELIVERY}
SELECT *, '', 0, 0, FALSE, '', '', 0 FROM unnest(
  %s::bigint[], %s::date[], %s::timestamptz[], %s::text[], %s::text[], %s::timestamptz[]
) ON CONFLICT (subscription_id, day, extra) DO NOTHING
"""  # noqa: S608
DELIVERY_ON_SQLITE = f"""{DELIVERY}
VALUES (%s, %s, %s, %s, %s, %s, '', 0, 0, FALSE, '', '', 0) ON CONFLICT (subscription_id, day, extra) DO NOTHING
"""
NEXT_ON_POSTGRES = """
UPDATE digest_subscription SET next_due_on = v.day, next_due_at = v.due_at
FROM unnest(%s::date[], %s::timestamptz[], %s::bigint[]) AS v (day, due_at, id) WHERE digest_subscription.id = v.id
"""
NEXT_ON_SQLITE = "UPDATE digest_subscription SET next_due_on = %s, next_due_at = %s WHERE id = %s"
SENT = (
    "UPDATE digest_delivery SET state = 'sent', claimed_by = '', lease_until = NULL,"
    " attempts = attempts + 1, accepted_count = accepted_count + 1"
)
SENT_ON_POSTGRES = f"""{SENT}, subject = v.subject, settled_at = v.now
FROM unnest(%s::text[], %s::timestamptz[], %s::bigint[], %s::text[]) AS v (subject, now, id, worker)
WHERE digest_delivery.id = v.id AND claimed_by = v.worker
"""
SENT_ON_SQLITE = f"{SENT}, subject = %s, settled_at = %s WHERE id = %s AND claimed_by = %s"
ITEM_COLUMNS = "delivery_id, subscription_id, paper_id, position, reasons, remainders"
ITEMS_ON_POSTGRES = f"COPY digest_deliveryitem ({ITEM_COLUMNS}) FROM STDIN"
ITEMS_ON_SQLITE = f"INSERT INTO digest_deliveryitem ({ITEM_COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s)"  # noqa: S608
NULL = r"\N"

Item = tuple[int, int, int, int, tuple[Reason, ...]]
Sent = tuple[str, datetime, int, str]
New = tuple[int, date, datetime, str, str, datetime | None]


def add_deliveries(rows: list[New]) -> None:
    """Subscription, day, moment, state, reason and settled moment of each; a day that is there stays as it is."""
    _write(DELIVERY_ON_POSTGRES, DELIVERY_ON_SQLITE, rows)


def set_next(rows: list[tuple[date, datetime, int]]) -> None:
    """The next day and moment of subscriptions."""
    _write(NEXT_ON_POSTGRES, NEXT_ON_SQLITE, rows)


def settle_as_sent(rows: list[Sent]) -> None:
    """Subject, moment, delivery and worker of each; what that worker does not hold stays as it is."""
    _write(SENT_ON_POSTGRES, SENT_ON_SQLITE, rows)


def add_items(rows: Iterable[Item], remainders: Mapping[int, str] = MappingProxyType({})) -> None:
    """Delivery, subscription, paper, position and reasons of each; and what did not fit, as JSON by delivery."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # COPY reads backslashes as escapes.
            left = {delivery: text.replace("\\", "\\\\") for delivery, text in remainders.items()}
            lines = [
                f"{a}\t{b}\t{c}\t{d}\t{_copied(reasons)}\t{left.get(a, NULL) if d == 0 else NULL}\n"
                for a, b, c, d, reasons in rows
            ]
            with connection.wrap_database_errors, cursor.copy(ITEMS_ON_POSTGRES) as copy:
                copy.write("".join(lines))
        else:
            cursor.executemany(
                ITEMS_ON_SQLITE,
                [(a, b, c, d, _json(reasons), remainders.get(a) if d == 0 else None) for a, b, c, d, reasons in rows],
            )


def _write(on_postgres: str, on_sqlite: str, rows: list[Any]) -> None:
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(on_postgres, [_array(column) for column in zip(*rows, strict=True)])
        else:
            cursor.executemany(on_sqlite, [[statements.plain(value) for value in row] for row in rows])


def _array(column: Iterable[Any]) -> str:
    """As PostgreSQL reads arrays; psycopg looks at each value for longer than the rest of its row takes."""
    return f"{{{','.join(map(_element, column))}}}"


def _element(value: object) -> str:
    if isinstance(value, str):
        return '"{}"'.format(value.replace("\\", r"\\").replace('"', r"\""))
    if isinstance(value, date):
        return value.isoformat()
    return "NULL" if value is None else str(value)


@lru_cache(maxsize=10_000)
def _json(reasons: tuple[Reason, ...]) -> str:
    return json.dumps(reasons)


@lru_cache(maxsize=10_000)
def _copied(reasons: tuple[Reason, ...]) -> str:
    """As COPY reads it: JSON has no tabs and no line ends, but backslashes."""
    return _json(reasons).replace("\\", "\\\\")
