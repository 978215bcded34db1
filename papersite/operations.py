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


class AddIndexBeside(AddIndex):
    """An index made while others write: on PostgreSQL concurrently, in a migration that is not ``atomic``.

    What a run that was ended left behind is no index, and is made anew.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {schema_editor.quote_name(self.index.name)}")
            schema_editor.add_index(model, self.index, concurrently=True)
