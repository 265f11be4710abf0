"""Tables that the database itself keeps append-only, on SQLite and PostgreSQL alike.

The logs and published regulation texts are worth nothing if a query can rewrite them; a guard in Python alone
would not stop a query.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

APPEND_ONLY = ["core_transitionlog", "core_attemptlog"]
# Tables with a guard of their own, registered by their rooms: table -> vendor -> (statements on, statements off).
GUARDS: dict[str, dict[str, tuple[list[str], list[str]]]] = {}


def guard(table: str, **by_vendor: tuple[list[str], list[str]]) -> None:
    """Register a guard: `guard("table", sqlite=(on, off), postgresql=(on, off))`, lists of SQL statements."""
    GUARDS[table] = by_vendor


def _statements(vendor: str, table: str) -> list[str]:
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER IF NOT EXISTS {table}_keep_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    return [
        "CREATE OR REPLACE FUNCTION keep_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$",
        f"CREATE OR REPLACE TRIGGER {table}_keep BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION keep_append_only()",
        f"CREATE OR REPLACE TRIGGER {table}_keep_all BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION keep_append_only()",
    ]


def install(connection, tables: list[str] | None = None) -> None:
    """Put the triggers on those of `tables` (default: all that are guarded) that exist; twice does no harm."""
    present = _present(connection)
    with connection.cursor() as cursor:
        for table in present if tables is None else [table for table in tables if table in present]:
            own = GUARDS.get(table, {}).get(connection.vendor)
            for statement in own[0] if own else _statements(connection.vendor, table):
                cursor.execute(statement)


def remove(connection, tables: list[str] | None = None) -> None:
    """Take the triggers off again, for a migration's way back and for the tests' flush."""
    with connection.cursor() as cursor:
        for table in tables or _present(connection):
            if table in GUARDS:
                for statement in GUARDS[table][connection.vendor][1]:
                    cursor.execute(statement)
            elif connection.vendor == "sqlite":
                for verb in ("update", "delete"):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_keep_{verb}")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_keep ON {table}")
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_keep_all ON {table}")


def _present(connection) -> list[str]:
    names = set(connection.introspection.table_names())
    return [table for table in (*APPEND_ONLY, *GUARDS) if table in names]


@contextmanager
def lifted(connection) -> Iterator[None]:
    """Run a block with the triggers off. Only the test suite's flush has a reason to."""
    remove(connection)
    try:
        yield
    finally:
        install(connection)
