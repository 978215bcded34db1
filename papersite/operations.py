"""Operations for migrations that concern one kind of database alone."""

from typing import Any

from django.db.migrations.operations import AddConstraint, AddIndex, RemoveConstraint
from django.db.migrations.operations.base import Operation


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


class AddIndexBesideWork(AddIndex):
    """In PostgreSQL without a lock on what is written meanwhile: its migration has to be one without a transaction."""

    atomic = False

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            model = to_state.apps.get_model(app_label, self.model_name)
            # One that was broken off is there, and of no use.
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {schema_editor.quote_name(self.index.name)}")
            schema_editor.add_index(model, self.index, concurrently=True)
        else:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
