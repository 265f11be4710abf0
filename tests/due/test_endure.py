"""Thirty days of `make endure`: the worker is killed again and again, three days pass without it, the broker is emptied."""

from __future__ import annotations

import os

import pytest
from django.db import connection

from bench import endure
from core import clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def test_a_month_with_a_worker_that_dies():
    name = connection.settings_dict["NAME"]
    url = (
        f"sqlite:///{name}"
        if connection.vendor == "sqlite"
        else os.environ["DATABASE_URL"].replace("lianpei?", f"{name}?")
    )
    with clock.travel(f"{endure.START}T06:00"):
        endure.build(2, 20)
    said = endure.run(30, 8, 7, {**os.environ, "DATABASE_URL": url, "EMAIL_URL": "dummymail://"})
    assert (said["killed"], said["skipped"], said["emptied"]) == (8, 3, 1)
    counts = endure.check(said["run days"])
    assert counts["reminders"] > 60 and counts["acts"] > 10 and counts["mails"] == counts["digests"]
