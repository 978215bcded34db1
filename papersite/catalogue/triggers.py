"""What the database does by itself when papers, their topics or their categories change.

It keeps the tallies (``models.tallies``), and beside each paper's topics and categories the paper's heat, so
that a list of either is read off an index. Whoever writes, also a process of the former release, keeps them.
``install`` may be called again and again; on SQLite a migration that makes one of the tables anew loses its
triggers, so that they go before migrations and come back after them.
"""

from typing import Any

EVER = "0001-01-01"
LINKS = (("topic", "catalogue_papertopic", "topic_id"), ("category", "catalogue_paper_categories", "category_id"))
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
NAMES = (
    *(f"{table}_{moment}" for table in ("catalogue_paper",) for moment in ("inserted", "updated", "moved", "deleted")),
    *(f"{table}_{moment}" for _, table, _ in LINKS for moment in ("inserted", "updated", "deleted", "heated")),
)


def counted(vendor: str) -> str:
    """The query of all that must stand in the tallies."""
    day = (POSTGRESQL_DAY if vendor == "postgresql" else SQLITE_DAY).format("p.announced_at")
    return COUNTED.format(day=day, ever=f"DATE '{EVER}'" if vendor == "postgresql" else f"'{EVER}'")


def install(connection: Any) -> None:
    remove(connection)
    with connection.cursor() as cursor:
        for statement in _postgresql() if connection.vendor == "postgresql" else _sqlite():
            cursor.execute(statement)


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


def _sqlite() -> list[str]:
    return [
        *_sqlite_papers(),
        *(statement for kind, table, column in LINKS for statement in _sqlite_links(kind, table, column)),
    ]


def _sqlite_papers() -> list[str]:
    is_moved = "old.is_hidden <> new.is_hidden OR substr(old.announced_at, 1, 10) <> substr(new.announced_at, 1, 10)"
    return [
        _sqlite_trigger("catalogue_paper_inserted", "INSERT", "catalogue_paper", "NOT new.is_hidden", _count("new", 1)),
        _sqlite_trigger("catalogue_paper_deleted", "DELETE", "catalogue_paper", "NOT old.is_hidden", _count("old", -1)),
        _sqlite_trigger(
            "catalogue_paper_moved", "UPDATE OF is_hidden, announced_at", "catalogue_paper", is_moved,
            _count_all("old", -1) + _count_all("new", 1),
        ),
        _sqlite_trigger(
            "catalogue_paper_updated", "UPDATE OF heat", "catalogue_paper", "old.heat <> new.heat",
            [f"UPDATE {table} SET heat = new.heat WHERE paper_id = new.id" for _, table, _ in LINKS],
        ),
    ]  # fmt: skip


def _sqlite_links(kind: str, table: str, column: str) -> list[str]:
    def belongs(row: str) -> str:
        return f"{row}.belongs" if kind == "topic" else "true"

    def changed(row: str, by: int) -> list[str]:
        paper = f"FROM catalogue_paper AS p WHERE p.id = {row}.paper_id AND NOT p.is_hidden AND {belongs(row)}"
        ever = f"SELECT '{kind}', {row}.{column}, '{EVER}' {paper}"
        day = f"SELECT '{kind}', {row}.{column}, substr(p.announced_at, 1, 10) {paper}"
        return _add(ever, by) + (_add(day, by) if kind == "topic" else [])

    heat = f"UPDATE {table} SET heat = (SELECT heat FROM catalogue_paper WHERE id = new.paper_id) WHERE id = new.id"
    found = [
        _sqlite_trigger(f"{table}_inserted", "INSERT", table, "true", [heat, *changed("new", 1)]),
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


def _postgresql() -> list[str]:
    day = POSTGRESQL_DAY
    rows = f"""
    WITH moved AS (
      SELECT o.id, NOT o.is_hidden AS was, NOT n.is_hidden AS is_now,
        {day.format("o.announced_at")} AS old_day, {day.format("n.announced_at")} AS new_day
      FROM old_rows AS o JOIN new_rows AS n USING (id)
      WHERE o.is_hidden <> n.is_hidden OR {day.format("o.announced_at")} <> {day.format("n.announced_at")}
    ), both_sides AS (
      SELECT id, old_day AS day, -1 AS by FROM moved WHERE was UNION ALL SELECT id, new_day, 1 FROM moved WHERE is_now
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
    heats = [
        f"UPDATE {table} AS l SET heat = n.heat FROM new_rows AS n JOIN old_rows AS o USING (id) "
        "WHERE l.paper_id = n.id AND o.heat <> n.heat"
        for _, table, _ in LINKS
    ]

    def papers(name: str, by: int) -> str:
        return (
            "INSERT INTO catalogue_tally (kind, target, day, amount) "
            f"SELECT 'day', 0, {day.format('announced_at')}, {by} * count(*) FROM {name} WHERE NOT is_hidden GROUP BY 3"
        )

    return [
        *_each_statement("catalogue_paper_inserted", "INSERT", "catalogue_paper", [papers("new_rows", 1)]),
        *_each_statement("catalogue_paper_deleted", "DELETE", "catalogue_paper", [papers("old_rows", -1)]),
        *_each_statement("catalogue_paper_updated", "UPDATE", "catalogue_paper", [rows, *heats]),
        *(statement for kind, table, column in LINKS for statement in _postgresql_links(kind, table, column)),
    ]


def _postgresql_links(kind: str, table: str, column: str) -> list[str]:
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
    is_counted = f"o.paper_id <> n.paper_id OR o.{column} <> n.{column}" + (
        " OR o.belongs <> n.belongs" if kind == "topic" else ""
    )
    moved = f"SELECT 1 FROM old_rows AS o JOIN new_rows AS n USING (id) WHERE {is_counted}"
    guard = f"IF NOT EXISTS ({moved}) THEN RETURN NULL; END IF"
    heat = f"""CREATE FUNCTION {table}_heated() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    NEW.heat := (SELECT p.heat FROM catalogue_paper AS p WHERE p.id = NEW.paper_id); RETURN NEW; END $$"""
    return [
        heat,
        f"CREATE TRIGGER {table}_heated BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_heated()",
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
