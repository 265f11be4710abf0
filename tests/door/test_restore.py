"""A backup restored as docs/operations.md says has every guard and every line (faults K17)."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from core.door import SystemActor, chain, record_event
from tests.ground.postgres import find_binaries
from tests.placing import place

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
OPERATIONS = Path(settings.BASE_DIR) / "docs" / "operations.md"


def documented(program: str) -> list[str]:
    """The options that the page gives to a program, without its connection and files."""
    line = re.search(rf"\b{program} ([^\n|]*)", OPERATIONS.read_text(encoding="utf-8"))[1]
    return [word for word in line.split() if word.startswith("-") and not word.startswith(("-U", "-d"))]


def test_a_restored_database_has_its_guards_and_an_unbroken_log(scene, tmp_path):
    if connection.vendor == "sqlite":
        pytest.skip("the page backs up PostgreSQL")
    cases, _people = scene
    call = place(cases["call"], "open")
    record_event(call, "note", "记事", SystemActor(), reason="备份前")
    at = connection.settings_dict
    place_of = ["-h", at["HOST"] or at["OPTIONS"]["host"], "-U", at["USER"] or at["OPTIONS"]["user"]]
    programs, backup, restored = Path(find_binaries()), tmp_path / "lianpei.dump", f"{at['NAME']}_restored"

    def run(program: str, *words: str | Path) -> None:
        subprocess.run([programs / program, *place_of, *words], check=True, capture_output=True, timeout=120)

    run("pg_dump", *documented("pg_dump"), "-f", backup, at["NAME"])
    run("createdb", "-T", "template0", restored)
    try:
        run("pg_restore", *documented("pg_restore"), "-d", restored, backup)
        portal = {**os.environ, "DATABASE_URL": f"postgres:///{restored}?host={place_of[1]}&user={place_of[3]}"}
        portal |= {"PYTHONPATH": str(settings.BASE_DIR)}
        portal.pop("LIANPEI_TEST_DB", None)
        lines, noted = chain.digest(dt.date(2100, 1, 1))
        logs = ("check_logs", "--before", "2100-01-01", "--digest", noted)
        for command in (logs, ("check", "--database", "default")):
            said = subprocess.run(
                [sys.executable, "manage.py", *command],
                cwd=settings.BASE_DIR,
                env=portal,
                capture_output=True,
                text=True,
                timeout=120,
            )
            assert said.returncode == 0, said.stderr
            if command == logs:
                assert f"{lines} lines" in said.stdout
                assert lines >= 2
                assert "every chain holds" in said.stdout
    finally:
        run("dropdb", "--force", restored)
