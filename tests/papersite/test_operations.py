"""Steps of migrations: for SQLite alone, and such as let others write to the table meanwhile."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import CASCADE, CheckConstraint, ForeignKey, Index, IntegerField, Q
from django.test.utils import CaptureQueriesContext

from papersite.operations import (
    AddCheckOnline,
    AddIndexOnline,
    AddOnSQLite,
    DropKeyIndexOnline,
    RemoveIndexOnline,
    RemoveOnSQLite,
)

SIZES = Index(fields=["size"], name="shoe_by_size")
HAVE_A_SIZE = CheckConstraint(condition=Q(size__gt=0), name="shoes_have_a_size")


@pytest.fixture
def shoes(transactional_db: None) -> Iterator[ProjectState]:
    """A table with two rows, and what it looks like."""
    state = ProjectState()
    state.add_model(ModelState("papersite", "Shoe", [("id", IntegerField(primary_key=True)), ("size", IntegerField())]))
    model: Any = state.apps.get_model("papersite", "Shoe")
    with connection.schema_editor() as editor:
        editor.create_model(model)
    model.objects.bulk_create(model(id=number, size=number) for number in (1, 2))
    yield state
    with connection.schema_editor() as editor:
        editor.delete_model(model)


def go(operation: Operation, before: ProjectState, *, back: bool = False) -> tuple[ProjectState, str]:
    """One step or its way back; the state after it, and what the database was told."""
    after = before.clone()
    operation.state_forwards("papersite", after)
    with (
        CaptureQueriesContext(connection) as told,
        connection.schema_editor(atomic=connection.vendor == "sqlite") as editor,
    ):
        if back:
            operation.database_backwards("papersite", editor, after, before)
        else:
            operation.database_forwards("papersite", editor, before, after)
    return after, " ".join(query["sql"] for query in told)


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


def test_an_index_comes_and_goes_while_others_write(shoes: ProjectState) -> None:
    after, told = go(AddIndexOnline("shoe", SIZES), shoes)
    assert "shoe_by_size" in indexes()
    assert ("CONCURRENTLY" in told) == (connection.vendor == "postgresql")

    _, told = go(RemoveIndexOnline("shoe", "shoe_by_size"), after)
    assert "shoe_by_size" not in indexes()
    go(RemoveIndexOnline("shoe", "shoe_by_size"), after, back=True)
    assert "shoe_by_size" in indexes()
    _, back = go(AddIndexOnline("shoe", SIZES), shoes, back=True)
    assert "shoe_by_size" not in indexes()
    assert told.count("CONCURRENTLY") == back.count("CONCURRENTLY") == (connection.vendor == "postgresql")


def test_a_keys_own_index_goes_and_comes_back_and_another_stays(shoes: ProjectState) -> None:
    shoes.add_field("papersite", "shoe", "twin", ForeignKey("papersite.Shoe", CASCADE, null=True), False)
    model: Any = shoes.apps.get_model("papersite", "Shoe")
    with connection.schema_editor() as editor:
        editor.add_field(model, model._meta.get_field("twin"))
        editor.add_index(model, Index(fields=["twin", "size"], name="shoe_by_twin"))
    (own,) = {name for name in indexes() if "twin_id" in name and "fk" not in name}
    key = ForeignKey("papersite.Shoe", CASCADE, null=True, db_index=False)

    _, told = go(DropKeyIndexOnline("shoe", "twin", key), shoes)
    assert own not in indexes()
    assert "shoe_by_twin" in indexes()
    assert ("CONCURRENTLY" in told) == (connection.vendor == "postgresql")
    for _ in range(2):
        go(DropKeyIndexOnline("shoe", "twin", key), shoes, back=True)
    assert {own, "shoe_by_twin"} <= indexes()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL keeps an index that broke off")
def test_an_index_that_broke_off_is_made_anew(shoes: ProjectState) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX shoe_by_size ON papersite_shoe (size)")
        cursor.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'shoe_by_size'::regclass")

    go(AddIndexOnline("shoe", SIZES), shoes)

    with connection.cursor() as cursor:
        cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = 'shoe_by_size'::regclass")
        assert cursor.fetchone() == (True,)


def test_a_rule_holds_for_rows_there_and_to_come(shoes: ProjectState) -> None:
    after, _ = go(AddCheckOnline("shoe", HAVE_A_SIZE), shoes)
    model: Any = after.apps.get_model("papersite", "Shoe")
    with pytest.raises(IntegrityError):
        model.objects.create(id=3, size=0)
    go(AddCheckOnline("shoe", HAVE_A_SIZE), shoes, back=True)
    model.objects.create(id=3, size=0)

    with pytest.raises(IntegrityError):
        go(AddCheckOnline("shoe", HAVE_A_SIZE), shoes)
    model.objects.filter(size=0).delete()
    # What broke off half-way is done again from its beginning.
    go(AddCheckOnline("shoe", HAVE_A_SIZE), shoes)
    assert constraints() == 1


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.get_constraints(cursor, "papersite_shoe"))
