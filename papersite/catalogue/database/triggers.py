"""What the database does by itself when papers, their topics or their categories change.

It keeps the tallies (``models.tallies``), and beside each paper's topics and categories the paper's heat and day, so
that a list or a feed of either is read off an index; beside its authors the day alone. Whoever writes, also a process
of the former release, keeps them. ``install`` may be called again and again; on SQLite a migration that makes one of
the tables anew loses its triggers, so that they go before migrations and come back after them.
"""

from collections.abc import Sequence
from typing import Any

EVER = "0001-01-01"
LINKS = (("topic", "catalogue_papertopic", "topic_id"), ("category", "catalogue_paper_categories", "category_id"))
# Of some a paper has hundreds: they are dated by who puts them in, and by the database where that one did not.
AUTHORS = "catalogue_authorship"
# What the tallies must be, from the papers themselves.
COUNTED = """
SELECT 'day' AS kind, 0 AS target, {day} AS day, count(*) AS amount
FROM catalogue_paper AS p WHERE NOT p.is_hidden GROUP BY {day}
UNION ALL SELECT 'topic', l.topic_id, {day}, count(*) FROM catalogue_papertopic AS l
JOIN catalogue_paper AS p ON p.id = l.paper_id WHERE l.belongs AND NOT p.is_hidden GROUP BY l.topic_id, {day}
UNION ALL SELECT 'topic', l.topic_id, {ever}, count(*) FROM catalogue_papertopic AS l
JOIN catalogue_paper AS p ON p.id = l.paper_id WHERE l.belongs AND NOT p.is_hidden GROUP BY l.topic_id
UNION ALL SELECT 'category', l.category_id, {ever}, count(*) FROM catalogue_paper_categories AS l
JOIN catalogue_paper AS p ON p.id = l.paper_id WHERE NOT p.is_hidden GROUP BY l.category_id
"""
SQLITE_DAY, POSTGRESQL_DAY = "substr({0}, 1, 10)", "({0} AT TIME ZONE 'UTC')::date"
# What links have of their paper, and how the trigger is called that keeps it there.
KEEPERS = {"heat": "updated", "announced_at": "dated"}
NAMES = (
    *(f"catalogue_paper_{moment}" for moment in ("inserted", "updated", "dated", "moved", "deleted")),
    *(f"{table}_{moment}" for _, table, _ in LINKS for moment in ("inserted", "updated", "deleted", "heated")),
    f"{AUTHORS}_dated",
)


def counted(vendor: str) -> str:
    """The query of all that must stand in the tallies."""
    day = (POSTGRESQL_DAY if vendor == "postgresql" else SQLITE_DAY).format("p.announced_at")
    return COUNTED.format(day=day, ever=f"DATE '{EVER}'" if vendor == "postgresql" else f"'{EVER}'")


def install(connection: Any, *, without: Sequence[str] = ()) -> None:
    """``without``: tables that have a column for their paper's day, which is not to be kept."""
    remove(connection)
    dated = [table for table in dated_tables(connection) if table not in without]
    with connection.cursor() as cursor:
        for statement in _postgresql(dated) if connection.vendor == "postgresql" else _sqlite(dated):
            cursor.execute(statement)


def dated_tables(connection: Any) -> list[str]:
    """The tables that have a column for their paper's day: an upgrade of many steps passes some that have none yet."""
    with connection.cursor() as cursor:
        return [
            table
            for table in (*(table for _, table, _ in LINKS), AUTHORS)
            if "announced_at"
            in {column.name for column in connection.introspection.get_table_description(cursor, table)}
        ]


def kept(connection: Any) -> dict[str, list[str]]:
    """What each table has of its papers: their heat, their day."""
    dated = dated_tables(connection)
    return {table: _kept(table, dated) for _, table, _ in LINKS} | {
        one: ["announced_at"] for one in dated if one == AUTHORS
    }


def remove(connection: Any) -> None:
    with connection.cursor() as cursor:
        for name in NAMES:
            if connection.vendor != "postgresql":
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            else:
                cursor.execute(f"DROP FUNCTION IF EXISTS {name}() CASCADE")


def before_migrations(connection: Any, plan: Any) -> None:
    if connection.vendor == "sqlite" and plan:
        remove(connection)


def after_migrations(connection: Any, plan: Any) -> bool:
    """Brings back what went before them; whether it did, and all must be counted anew."""
    is_wanted = connection.vendor == "sqlite" and plan and _is_ready(connection)
    if is_wanted:
        install(connection)
    return bool(is_wanted)


def _is_ready(connection: Any) -> bool:
    """Whether the tables are as the triggers need them: not where migrations went back."""
    with connection.cursor() as cursor:
        return "catalogue_tally" in connection.introspection.table_names(cursor)


# --- SQLite: row by row, as all its triggers are ------------------------------------------------------


def _sqlite(dated: Sequence[str]) -> list[str]:
    undated = f"{AUTHORS}_dated", "INSERT", AUTHORS, "new.announced_at IS NULL", [_placed(AUTHORS, ["announced_at"])]
    return [
        *_sqlite_papers(dated),
        *(statement for kind, table, column in LINKS for statement in _sqlite_links(kind, table, column, dated)),
        *([_sqlite_trigger(*undated)] if AUTHORS in dated else []),
    ]


def _placed(table: str, kept: Sequence[str]) -> str:
    names = ", ".join(kept)
    place = f"({names}) = (SELECT {names} FROM catalogue_paper WHERE id = new.paper_id)"
    return f"UPDATE {table} SET {place} WHERE id = new.id"


def _kept(table: str, dated: Sequence[str]) -> list[str]:
    """What a link has of its paper."""
    return ["heat", "announced_at"] if table in dated else ["heat"]


def _sqlite_papers(dated: Sequence[str]) -> list[str]:
    tables = {"heat": [table for _, table, _ in LINKS], "announced_at": dated}
    is_moved = "old.is_hidden <> new.is_hidden OR substr(old.announced_at, 1, 10) <> substr(new.announced_at, 1, 10)"
    return [
        _sqlite_trigger("catalogue_paper_inserted", "INSERT", "catalogue_paper", "NOT new.is_hidden", _count("new", 1)),
        _sqlite_trigger("catalogue_paper_deleted", "DELETE", "catalogue_paper", "NOT old.is_hidden", _count("old", -1)),
        _sqlite_trigger(
            "catalogue_paper_moved", "UPDATE OF is_hidden, announced_at", "catalogue_paper", is_moved,
            _count_all("old", -1) + _count_all("new", 1),
        ),
        # Each for itself: a vote moves a paper in lists, not in feeds.
        *(
            _sqlite_trigger(
                f"catalogue_paper_{KEEPERS[name]}", f"UPDATE OF {name}", "catalogue_paper", f"old.{name} <> new.{name}",
                [f"UPDATE {table} SET {name} = new.{name} WHERE paper_id = new.id" for table in tables[name]],
            )
            for name in tables
            if tables[name]
        ),
    ]  # fmt: skip


def _sqlite_links(kind: str, table: str, column: str, dated: Sequence[str]) -> list[str]:
    def belongs(row: str) -> str:
        return f"{row}.belongs" if kind == "topic" else "true"

    def changed(row: str, by: int) -> list[str]:
        paper = f"FROM catalogue_paper AS p WHERE p.id = {row}.paper_id AND NOT p.is_hidden AND {belongs(row)}"
        ever = f"SELECT '{kind}', {row}.{column}, '{EVER}' {paper}"
        day = f"SELECT '{kind}', {row}.{column}, substr(p.announced_at, 1, 10) {paper}"
        return _add(ever, by) + (_add(day, by) if kind == "topic" else [])

    placed = _placed(table, _kept(table, dated))
    found = [
        _sqlite_trigger(f"{table}_inserted", "INSERT", table, "true", [placed, *changed("new", 1)]),
        _sqlite_trigger(f"{table}_deleted", "DELETE", table, "true", changed("old", -1)),
    ]
    columns = f"paper_id, {column}" + (", belongs" if kind == "topic" else "")
    moved = [*changed("old", -1), *changed("new", 1)]
    return [*found, _sqlite_trigger(f"{table}_updated", f"UPDATE OF {columns}", table, "true", moved)]


def _count(row: str, by: int) -> list[str]:
    return _add(f"SELECT 'day', 0, substr({row}.announced_at, 1, 10) WHERE NOT {row}.is_hidden", by)


def _count_all(row: str, by: int) -> list[str]:
    """A paper with all that it stands under."""
    day, shown = f"substr({row}.announced_at, 1, 10)", f"l.paper_id = {row}.id AND NOT {row}.is_hidden"
    topics = f"FROM catalogue_papertopic AS l WHERE l.belongs AND {shown}"
    return [
        *_count(row, by),
        *_add(f"SELECT 'topic', l.topic_id, {day} {topics}", by),
        *_add(f"SELECT 'topic', l.topic_id, '{EVER}' {topics}", by),
        *_add(f"SELECT 'category', l.category_id, '{EVER}' FROM catalogue_paper_categories AS l WHERE {shown}", by),
    ]


def _add(keys: str, by: int) -> list[str]:
    """One more, or one less, for each key that a query finds."""
    key = "t.kind = k.kind AND t.target = k.target AND t.day = k.day"
    named = f"(SELECT '' AS kind, 0 AS target, '' AS day WHERE false UNION ALL {keys}) AS k"
    row = (
        f"INSERT INTO catalogue_tally (kind, target, day, amount) SELECT k.kind, k.target, k.day, 0 FROM {named} "
        f"WHERE NOT EXISTS (SELECT 1 FROM catalogue_tally AS t WHERE {key})"
    )
    # What is taken away was counted, unless all tables are being emptied.
    return ([row] if by > 0 else []) + [
        f"UPDATE catalogue_tally SET amount = amount + ({by}) WHERE id IN "
        f"(SELECT t.id FROM {named} CROSS JOIN catalogue_tally AS t ON {key})"
    ]


def _sqlite_trigger(name: str, moment: str, table: str, when: str, statements: list[str]) -> str:
    body = "; ".join(statements)
    return f"CREATE TRIGGER {name} AFTER {moment} ON {table} FOR EACH ROW WHEN {when} BEGIN {body}; END"


# --- PostgreSQL: once a statement, over all its rows ---------------------------------------------------

# What a statement changed is old EXCEPT new: a plan made for one row is kept for thousands, and as a join it would
# compare each of them with each.


def _postgresql(dated: Sequence[str]) -> list[str]:
    day = POSTGRESQL_DAY
    days = f"""
    WITH old AS (SELECT id, {day.format("announced_at")} AS day FROM old_rows WHERE NOT is_hidden),
    new AS (SELECT id, {day.format("announced_at")} AS day FROM new_rows WHERE NOT is_hidden),
    both_sides AS (
      SELECT id, day, -1 AS by FROM (SELECT * FROM old EXCEPT SELECT * FROM new) AS gone
      UNION ALL SELECT id, day, 1 FROM (SELECT * FROM new EXCEPT SELECT * FROM old) AS come
    )
    INSERT INTO catalogue_tally (kind, target, day, amount)
    SELECT kind, target, day, sum(by) FROM (
      SELECT 'day' AS kind, 0 AS target, day, by FROM both_sides
      UNION ALL SELECT 'topic', l.topic_id, b.day, b.by FROM both_sides AS b
      JOIN catalogue_papertopic AS l ON l.paper_id = b.id WHERE l.belongs
      UNION ALL SELECT 'topic', l.topic_id, DATE '{EVER}', b.by FROM both_sides AS b
      JOIN catalogue_papertopic AS l ON l.paper_id = b.id WHERE l.belongs
      UNION ALL SELECT 'category', l.category_id, DATE '{EVER}', b.by FROM both_sides AS b
      JOIN catalogue_paper_categories AS l ON l.paper_id = b.id
    ) AS found GROUP BY kind, target, day HAVING sum(by) <> 0"""
    moves = [_moves(table, _kept(table, dated)) for _, table, _ in LINKS]
    moves += [_moves(AUTHORS, ["announced_at"])] if AUTHORS in dated else []

    def papers(name: str, by: int) -> str:
        return (
            "INSERT INTO catalogue_tally (kind, target, day, amount) "
            f"SELECT 'day', 0, {day.format('announced_at')}, {by} * count(*) FROM {name} WHERE NOT is_hidden GROUP BY 3"
        )

    return [
        *_each_statement("catalogue_paper_inserted", "INSERT", "catalogue_paper", [papers("new_rows", 1)]),
        *_each_statement("catalogue_paper_deleted", "DELETE", "catalogue_paper", [papers("old_rows", -1)]),
        *_each_statement("catalogue_paper_updated", "UPDATE", "catalogue_paper", [days, *moves]),
        *(statement for kind, table, column in LINKS for statement in _postgresql_links(kind, table, column, dated)),
        *(
            _before_insert(f"{AUTHORS}_dated", AUTHORS, ["announced_at"], "NEW.announced_at IS NULL")
            if AUTHORS in dated
            else ()
        ),
    ]


def _moves(table: str, kept: Sequence[str]) -> str:
    places = ", ".join(f"{name} = n.{name}" for name in kept)
    moved = " EXCEPT ".join(f"SELECT id, {', '.join(kept)} FROM {rows}" for rows in ("new_rows", "old_rows"))
    return f"UPDATE {table} AS l SET {places} FROM ({moved}) AS n WHERE l.paper_id = n.id"


def _before_insert(name: str, table: str, kept: Sequence[str], when: str) -> list[str]:
    function = f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    SELECT {", ".join(f"p.{name}" for name in kept)} INTO {", ".join(f"NEW.{name}" for name in kept)}
    FROM catalogue_paper AS p WHERE p.id = NEW.paper_id; RETURN NEW; END $$"""
    call = f"FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {name}()"
    return [function, f"CREATE TRIGGER {name} BEFORE INSERT ON {table} {call}"]


def _postgresql_links(kind: str, table: str, column: str, dated: Sequence[str]) -> list[str]:
    belongs = "l.belongs" if kind == "topic" else "true"

    def counts(rows: str, by: int, *, ever: bool) -> str:
        day = f"DATE '{EVER}'" if ever else POSTGRESQL_DAY.format("p.announced_at")
        return (
            "INSERT INTO catalogue_tally (kind, target, day, amount) "
            f"SELECT '{kind}', l.{column}, {day}, {by} * count(*) FROM {rows} AS l JOIN catalogue_paper AS p "
            f"ON p.id = l.paper_id WHERE {belongs} AND NOT p.is_hidden GROUP BY 2, 3"
        )

    def changed(rows: str, by: int) -> list[str]:
        return [counts(rows, by, ever=True)] + ([counts(rows, by, ever=False)] if kind == "topic" else [])

    # An update of the heat alone changes no count, and comes with each vote.
    counted = f"id, paper_id, {column}" + (", belongs" if kind == "topic" else "")
    moved = f"SELECT {counted} FROM old_rows EXCEPT SELECT {counted} FROM new_rows"
    guard = f"IF NOT EXISTS ({moved}) THEN RETURN NULL; END IF"
    return [
        *_before_insert(f"{table}_heated", table, _kept(table, dated), "true"),
        *_each_statement(f"{table}_inserted", "INSERT", table, changed("new_rows", 1)),
        *_each_statement(f"{table}_deleted", "DELETE", table, changed("old_rows", -1)),
        *_each_statement(
            f"{table}_updated", "UPDATE", table, [guard, *changed("old_rows", -1), *changed("new_rows", 1)]
        ),
    ]


def _each_statement(name: str, moment: str, table: str, statements: list[str]) -> list[str]:
    body = "; ".join(statements)
    sides = {"INSERT": "NEW TABLE AS new_rows", "DELETE": "OLD TABLE AS old_rows"}
    rows = sides.get(moment, "OLD TABLE AS old_rows NEW TABLE AS new_rows")
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body}; RETURN NULL; END $$",
        f"CREATE TRIGGER {name} AFTER {moment} ON {table} REFERENCING {rows} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
    ]
