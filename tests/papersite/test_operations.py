"""A migration's step for SQLite alone changes nothing elsewhere, but what models look like everywhere."""

import pytest
from django.db import connection
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import CheckConstraint, Index, IntegerField, Q

from papersite.operations import AddIndexBeside, AddOnSQLite, RemoveOnSQLite


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


@pytest.mark.django_db(transaction=True)
def test_an_index_is_made_beside_those_who_write_and_again_where_that_was_ended() -> None:
    before = ProjectState()
    before.add_model(ModelState("papersite", "Hat", [("id", IntegerField(primary_key=True)), ("size", IntegerField())]))
    hat = before.apps.get_model("papersite", "Hat")
    with connection.schema_editor() as editor:
        editor.create_model(hat)
    add = AddIndexBeside("hat", Index(fields=["size"], name="hats_by_size"))
    after = before.clone()
    add.state_forwards("papersite", after)
    try:
        # On PostgreSQL twice, as after a run that was ended before it was noted.
        for _ in range(2 if connection.vendor == "postgresql" else 1):
            with connection.schema_editor(atomic=False) as editor:
                add.database_forwards("papersite", editor, before, after)
        with connection.cursor() as cursor:
            assert "hats_by_size" in connection.introspection.get_constraints(cursor, hat._meta.db_table)
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(hat)
