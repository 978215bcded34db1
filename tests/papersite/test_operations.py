"""A migration's step for SQLite alone changes nothing elsewhere, but what models look like everywhere."""

import pytest
from django.db import connection
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import CheckConstraint, IntegerField, Q

from papersite.operations import AddOnSQLite, RemoveOnSQLite


@pytest.mark.django_db(transaction=True)
def test_a_rule_of_sqlite_comes_and_goes_there_alone() -> None:
    before = ProjectState()
    before.add_model(
        ModelState("papersite", "Shoe", [("id", IntegerField(primary_key=True)), ("size", IntegerField())])
    )
    with connection.schema_editor() as editor:
        editor.create_model(before.apps.get_model("papersite", "Shoe"))
    add = AddOnSQLite("shoe", CheckConstraint(condition=Q(size__gt=0), name="shoes_have_a_size"))
    after = before.clone()
    add.state_forwards("papersite", after)
    wanted = 1 if connection.vendor == "sqlite" else 0
    try:
        with connection.schema_editor() as editor:
            add.database_forwards("papersite", editor, before, after)
        assert constraints() == wanted
        with connection.schema_editor() as editor:
            RemoveOnSQLite("shoe", "shoes_have_a_size").database_forwards("papersite", editor, after, before)
        assert constraints() == 0
        with connection.schema_editor() as editor:
            RemoveOnSQLite("shoe", "shoes_have_a_size").database_backwards("papersite", editor, before, after)
        assert constraints() == wanted
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(before.apps.get_model("papersite", "Shoe"))


def constraints() -> int:
    with connection.cursor() as cursor:
        return sum(
            "shoes_have_a_size" in name for name in connection.introspection.get_constraints(cursor, "papersite_shoe")
        )
