"""What the database itself refuses, on SQLite and PostgreSQL alike: tables that are only added to, and guards of rooms.

The logs and published regulation texts are worth nothing if a query can rewrite them, and a state is worth nothing if
a query can set it; a guard in Python alone would not stop a query. `manage.py migrate` puts the guards on (see
`CoreConfig`), since SQLite makes a table anew to alter it and loses its triggers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from core.door import guard as door_guard
from core.door import kinds

APPEND_ONLY = ["core_transitionlog", "core_attemptlog"]
# Tables with a guard of their own, registered by their rooms: table -> vendor -> (statements on, statements off).
GUARDS: dict[str, dict[str, tuple[list[str], list[str]]]] = {}


def guard(table: str, **by_vendor: tuple[list[str], list[str]]) -> None:
    """Register a guard: `guard("table", sqlite=(on, off), postgresql=(on, off))`, lists of SQL statements."""
    GUARDS[table] = by_vendor


def _append_only(vendor: str, table: str) -> tuple[list[str], list[str]]:
    if vendor == "sqlite":
        on = [
            f"CREATE TRIGGER {table}_keep_{verb} BEFORE {verb.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb in ("update", "delete")
        ]
        return on, [f"DROP TRIGGER IF EXISTS {table}_keep_{verb}" for verb in ("update", "delete")]
    on = [
        "CREATE OR REPLACE FUNCTION keep_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$",
        f"CREATE TRIGGER {table}_keep BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION keep_append_only()",
        f"CREATE TRIGGER {table}_keep_all BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION keep_append_only()",
    ]
    return on, [f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}" for name in ("keep", "keep_all")]


def guarded(vendor: str) -> dict[str, tuple[list[str], list[str]]]:
    """Every table with a guard: the SQL that puts it on and the SQL that takes it off."""
    guards = {table: _append_only(vendor, table) for table in APPEND_ONLY}
    guards |= {table: by_vendor[vendor] for table, by_vendor in GUARDS.items()}
    return guards | {model._meta.db_table: door_guard.statements(vendor, model) for model in kinds().values()}


def install(connection, tables: list[str] | None = None) -> None:
    """Put the guards on those of `tables` (default: all that have one) that exist, in place of what is there."""
    _execute(connection, tables, lambda on, off: [*off, *on])


def remove(connection, tables: list[str] | None = None) -> None:
    """Take the guards off again: for migrations, and for the tests' flush."""
    _execute(connection, tables, lambda on, off: off)


def _execute(connection, tables, choose) -> None:
    present = set(connection.introspection.table_names())
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for table, (on, off) in guarded(connection.vendor).items():
            if table in present and (tables is None or table in tables):
                for statement in choose(on, off):
                    cursor.execute(statement)


def unguarded(connection) -> list[str]:
    """Tables that should have a guard and have none, or not all of it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            if connection.vendor == "sqlite"
            else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
        )
        there = {name for (name,) in cursor.fetchall()}
    wanted = {
        table: {statement.split("TRIGGER ", 1)[1].split()[0] for statement in on if "CREATE TRIGGER " in statement}
        for table, (on, _off) in guarded(connection.vendor).items()
    }
    return sorted(table for table, names in wanted.items() if not names <= there)


@contextmanager
def lifted(connection) -> Iterator[None]:
    """Run a block with the guards off. Only the test suite's flush has a reason to."""
    remove(connection)
    try:
        yield
    finally:
        install(connection)
