"""Migrations are applied while the former release still runs: none may break it, or lock a table it writes to."""

import pytest
from django.db import connection
from django_migration_linter import MigrationLinter

# What ran before there was a release: sites that were already there stood still meanwhile.
BEFORE = {
    ("accounts", "0002_readers"), ("accounts", "0003_demo"), ("accounts", "0005_addresses"),
    ("catalogue", "0002_weights"), ("catalogue", "0003_plain_indexes"), ("catalogue", "0008_tallies"),
    ("catalogue", "0011_revised"),
    ("digest", "0002_relay"), ("digest", "0004_readers"), ("digest", "0005_hands"), ("digest", "0008_mailed"),
    ("digest", "0013_editions"),
}  # fmt: skip
# It wants the variable of a data migration to be named as its model.
MATTERS_OF_TASTE = ["RUNPYTHON_MODEL_VARIABLE_NAME"]
APPS = ["accounts", "catalogue", "digest", "papersite"]


@pytest.mark.long
@pytest.mark.skipif(connection.vendor != "postgresql", reason="judged by what PostgreSQL is told")
@pytest.mark.django_db
def test_none_breaks_the_former_release_or_locks_its_tables(capsys: pytest.CaptureFixture[str]) -> None:
    linter = MigrationLinter(
        include_apps=APPS, no_cache=True, all_warnings_as_errors=True, exclude_migration_tests=MATTERS_OF_TASTE
    )
    for (app, name), migration in sorted(linter.migration_loader.disk_migrations.items()):
        if app in APPS and (app, name) not in BEFORE:
            linter.lint_migration(migration)
    assert linter.nb_total >= 28
    assert not linter.has_errors, capsys.readouterr().out
