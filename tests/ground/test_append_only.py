"""The suite's flush lifts the append-only triggers, and only that does."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from core import triggers

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]
TABLE = "ground_kept"


@pytest.fixture
def kept(monkeypatch):
    """A table under the same guard as the logs."""
    monkeypatch.setattr(triggers, "APPEND_ONLY", [*triggers.APPEND_ONLY, TABLE])
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {TABLE} (word varchar(9))")
    triggers.install(connection, [TABLE])
    yield
    with triggers.lifted(connection), connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {TABLE}")
    with connection.cursor() as cursor:  # `lifted` put no trigger on what is gone
        assert TABLE not in connection.introspection.table_names(cursor)


def execute(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_rows_stay_as_written(kept):
    execute(f"INSERT INTO {TABLE} VALUES ('written')")
    for attack in (f"UPDATE {TABLE} SET word = 'x'", f"DELETE FROM {TABLE}"):
        with pytest.raises(DatabaseError, match="append-only"):
            execute(attack)
    with triggers.lifted(connection):
        execute(f"DELETE FROM {TABLE}")
    execute(f"INSERT INTO {TABLE} VALUES ('again')")
    with pytest.raises(DatabaseError, match="append-only"):
        execute(f"DELETE FROM {TABLE}")
