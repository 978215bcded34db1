"""Tells search indexes which papers changed, however many indexes there are and wherever they are.

Whatever changes what an index holds of a paper marks it, in the same transaction. An index asks
for the papers since the number it has come to.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import QuerySet

from papersite.catalogue.models import Paper, Revision

ROWS_A_STATEMENT = 5000
_MARK = "INSERT INTO {table} (paper_id, number) {rows} ON CONFLICT (paper_id) DO UPDATE SET number = NULL"


def mark(paper_ids: Iterable[int]) -> None:
    """These papers changed. In one order, so that two transactions never wait for one another."""
    chosen = sorted(set(paper_ids))
    for start in range(0, len(chosen), ROWS_A_STATEMENT):
        some = chosen[start : start + ROWS_A_STATEMENT]
        _run(_MARK.format(table=_table(), rows=f"VALUES {', '.join(['(%s, NULL)'] * len(some))}"), some)


def mark_all(papers: QuerySet[Paper]) -> None:
    """The same of all papers that a query finds, without fetching them."""
    try:
        rows, parameters = papers.order_by("pk").values_list("pk", flat=True).distinct().query.sql_with_params()
    except EmptyResultSet:  # Django sees from the query alone that it finds nothing
        return
    # "WHERE true" tells SQLite that ON belongs to the insert and not to a join.
    chosen = f"SELECT chosen.*, NULL FROM ({rows}) AS chosen WHERE true"  # noqa: S608  both from Django's own compiler
    _run(_MARK.format(table=_table(), rows=chosen), parameters)


def latest() -> int:
    """The number of the newest round, after all that is marked by now has got its number."""
    waiting = Revision.objects.filter(number=None)
    if waiting.exists():
        return _number(waiting)
    return Revision.objects.filter(pk=Revision.COUNTER).values_list("number", flat=True).first() or 0


def settled() -> int | None:
    """The number of the newest round; None while something is marked that has none yet."""
    if Revision.objects.filter(number=None).exists():
        return None
    return Revision.objects.filter(pk=Revision.COUNTER).values_list("number", flat=True).first() or 0


@transaction.atomic
def _number(waiting: QuerySet[Revision]) -> int:
    """Gives all that waits the number of a new round. Rounds come one after the other."""
    Revision.objects.get_or_create(pk=Revision.COUNTER, defaults={"number": 0})
    counter = Revision.objects.select_for_update().get(pk=Revision.COUNTER)
    counter.number = (counter.number or 0) + 1
    # One that a transaction is just marking again gets its number in the next round.
    free = waiting.select_for_update(skip_locked=True)
    Revision.objects.filter(pk__in=free.values("pk")).update(number=counter.number)
    counter.save(update_fields=["number"])
    return counter.number


def since(number: int, until: int) -> Iterator[int]:
    """The papers that changed after one round and up to another, each once."""
    rows = Revision.objects.filter(number__gt=number, number__lte=until).exclude(pk=Revision.COUNTER)
    return rows.order_by("number", "pk").values_list("pk", flat=True).iterator(chunk_size=5000)


def _table() -> str:
    return connection.ops.quote_name(Revision._meta.db_table)


def _run(statement: str, parameters: Iterable[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(parameters))
