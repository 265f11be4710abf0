"""The suite's databases: a file on SQLite, a real server on PostgreSQL, and concurrent writers on both."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction

from core import clock

pytestmark = pytest.mark.both_databases


def test_the_engine_is_the_one_asked_for(db):
    wanted = "postgresql" if os.environ.get("LIANPEI_TEST_DB") == "postgres" else "sqlite"
    assert connection.vendor == wanted
    if wanted == "sqlite":
        assert Path(connection.settings_dict["NAME"]).is_file()


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_all_succeed():
    errors = []

    def write(writer: int) -> None:
        try:
            for number in range(10):
                with transaction.atomic():
                    Session.objects.count()
                    Session.objects.create(session_key=f"{writer}-{number}", session_data="", expire_date=clock.now())
        except Exception as error:  # noqa: BLE001  collected for the assertion
            errors.append(error)
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=(writer,)) for writer in range(8)]
    for thread in writers:
        thread.start()
    for thread in writers:
        thread.join()
    assert errors == []
    assert Session.objects.count() == 80
