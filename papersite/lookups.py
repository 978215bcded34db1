"""Questions for values that no column can hold: no row has them. The databases, each in its way, would break on them.

Registered for all fields of these kinds, since what is asked for comes from forms, addresses and programs.
"""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import CharField, IntegerField, TextField, lookups
from django.db.models.lookups import In

OF_TEXTS = (
    lookups.Exact, lookups.IExact, lookups.Contains, lookups.IContains, lookups.StartsWith, lookups.IStartsWith,
    lookups.EndsWith, lookups.IEndsWith, lookups.GreaterThan, lookups.GreaterThanOrEqual, lookups.LessThan,
    lookups.LessThanOrEqual,
)  # fmt: skip


class PossibleIn(In):
    """Among those that the column can hold; of none of the others is there a row."""

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        if not self.rhs_is_direct_value():
            return super().process_rhs(compiler, connection)
        found = self.copy()
        found.rhs = [one for one in self.rhs if self.is_possible(one, connection)]
        return super(PossibleIn, found).process_rhs(compiler, connection)

    def is_possible(self, value: Any, connection: Any) -> bool:
        return not isinstance(value, str) or _is_storable(value)


CharField.register_lookup(PossibleIn)
TextField.register_lookup(PossibleIn)


@IntegerField.register_lookup
class InRange(PossibleIn):
    """Numbers, as Django has it for ``exact``: SQLite breaks on those that are too large for the column."""

    def is_possible(self, value: Any, connection: Any) -> bool:
        least, most = connection.ops.integer_field_range(self.lhs.output_field.get_internal_type())
        return not isinstance(value, int) or least <= value <= most


def _of_texts(lookup: Any) -> Any:
    def as_sql(self: Any, compiler: Any, connection: Any) -> Any:
        if isinstance(self.rhs, str) and not _is_storable(self.rhs):
            raise EmptyResultSet
        return super(found, self).as_sql(compiler, connection)

    found: Any = type(lookup.__name__, (lookup,), {"as_sql": as_sql})
    return found


def _is_storable(text: str) -> bool:
    """Whether any database takes it: PostgreSQL no NUL, and none of them half of a pair of UTF-16."""
    return "\0" not in text and (text.isascii() or text.encode(errors="replace").decode() == text)


for careful in map(_of_texts, OF_TEXTS):
    CharField.register_lookup(careful)
    TextField.register_lookup(careful)
