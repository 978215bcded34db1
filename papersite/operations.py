"""Operations for migrations: what concerns one kind of database alone, and what locks no table that others write to.

What is *online* goes into a migration with ``atomic = False``, which does nothing else that could not be done twice.
"""

from typing import Any

from django.db.migrations.operations import AddConstraint, AddIndex, AlterField, RemoveConstraint, RemoveIndex
from django.db.migrations.operations.base import Operation
from django.db.models import CheckConstraint, Model


class OnSQLite(Operation):
    """Nothing is done, and nothing locked, in other databases; what models look like changes all the same."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor == "sqlite":
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor == "sqlite":
            super().database_backwards(app_label, schema_editor, from_state, to_state)


class RemoveOnSQLite(OnSQLite, RemoveConstraint):
    pass


class AddOnSQLite(OnSQLite, AddConstraint):
    pass


class AddIndexOnline(AddIndex):
    """On PostgreSQL the table is written to meanwhile (``CREATE INDEX CONCURRENTLY``)."""

    atomic = False

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        elif model := _model(self, app_label, schema_editor, to_state):
            # One that broke off stays as an index of that name which nobody reads.
            schema_editor.remove_index(model, self.index, concurrently=True)
            schema_editor.add_index(model, self.index, concurrently=True)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_backwards(app_label, schema_editor, from_state, to_state)
        elif model := _model(self, app_label, schema_editor, from_state):
            schema_editor.remove_index(model, self.index, concurrently=True)


class RemoveIndexOnline(RemoveIndex):
    """The same for one that goes, which is named."""

    atomic = False

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        elif model := _model(self, app_label, schema_editor, from_state):
            schema_editor.remove_index(model, self._index(app_label, from_state), concurrently=True)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_backwards(app_label, schema_editor, from_state, to_state)
        elif model := _model(self, app_label, schema_editor, to_state):
            schema_editor.add_index(model, self._index(app_label, to_state), concurrently=True)

    def _index(self, app_label: str, state: Any) -> Any:
        return state.models[app_label, self.model_name_lower].get_index_by_name(self.name)


class AddCheckOnline(AddConstraint):
    """On PostgreSQL rows to come are held to it at once, and those that are there are read without a lock."""

    atomic = False

    def __init__(self, model_name: str, constraint: CheckConstraint) -> None:
        super().__init__(model_name, constraint)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        elif model := _model(self, app_label, schema_editor, to_state):
            table, name = (schema_editor.quote_name(part) for part in (model._meta.db_table, self.constraint.name))
            schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
            schema_editor.execute(f"{self.constraint.create_sql(model, schema_editor)} NOT VALID", params=None)
            schema_editor.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


class DropKeyIndexOnline(AlterField):
    """A foreign key that loses the index of its own; on SQLite its table is not made anew for that."""

    atomic = False

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if model := _model(self, app_label, schema_editor, from_state):
            concurrently = "CONCURRENTLY" if schema_editor.connection.vendor == "postgresql" else ""
            for name in self._indexes(model, schema_editor):
                schema_editor.execute(f"DROP INDEX {concurrently} IF EXISTS {schema_editor.quote_name(name)}")

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if (model := _model(self, app_label, schema_editor, to_state)) and not self._indexes(model, schema_editor):
            how = {"concurrently": True} if schema_editor.connection.vendor == "postgresql" else {}
            fields = [model._meta.get_field(self.name)]
            schema_editor.execute(schema_editor._create_index_sql(model, fields=fields, **how))

    def _indexes(self, model: type[Model], schema_editor: Any) -> list[str]:
        field: Any = model._meta.get_field(self.name)
        return list(schema_editor._constraint_names(model, [field.column], index=True, unique=False))


def _model(operation: Any, app_label: str, schema_editor: Any, state: Any) -> type[Model] | None:
    """The table's model as it is there, where this database has it at all."""
    model: type[Model] = state.apps.get_model(app_label, operation.model_name)
    return model if operation.allow_migrate_model(schema_editor.connection.alias, model) else None
