"""The migrated database of the SQLite runs is made once for each state of the code, and copied from then on.

Making it takes longer than most tests. The copy lies in the machine's temporary folder, under a digest of everything
that may have a part in it: code of the rooms, settings, Django.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import tempfile
import time
from functools import cache
from pathlib import Path

import django
from django.db.backends.sqlite3.creation import DatabaseCreation

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("core", "tenants", "regulations", "casework", "bases", "trainees", "evaluations", "applications", "portal")
DAY = 24 * 3600


@cache
def _place() -> Path:
    """Where the copy for this state of the code lies, or will lie."""
    told = hashlib.sha256(f"{django.__version__} {sqlite3.sqlite_version}".encode())
    for path in sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        told.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    for name in ("config/settings.py", "config/apps.py"):
        told.update((ROOT / name).read_bytes())
    home = Path(tempfile.gettempdir()) / f"lianpei-migrated.{os.getuid()}"
    home.mkdir(mode=0o700, exist_ok=True)
    return home / f"{told.hexdigest()[:32]}.sqlite3"


def _keep(connection: object) -> None:
    """Keep a copy of what was just made, and drop those that nobody has used for a day."""
    place = _place()
    own = place.with_suffix(f".{os.getpid()}")
    copy = sqlite3.connect(own)
    connection.ensure_connection()
    connection.connection.backup(copy)
    copy.close()
    own.rename(place)
    for other in place.parent.iterdir():
        if other.stat().st_mtime < time.time() - DAY:
            other.unlink(missing_ok=True)


def install() -> None:
    """From now on Django's test databases on SQLite begin as a copy; `migrate` then finds nothing to do."""
    create, make = DatabaseCreation._create_test_db, DatabaseCreation.create_test_db

    def create_from_copy(self: DatabaseCreation, *arguments: object, **named: object) -> str:
        name = create(self, *arguments, **named)
        if _place().exists() and not self.is_in_memory_db(name):
            shutil.copyfile(_place(), name)
            os.utime(_place())
        return name

    def make_and_keep(self: DatabaseCreation, *arguments: object, **named: object) -> str:
        there = _place().exists()
        name = make(self, *arguments, **named)
        if not there:
            _keep(self.connection)
        return name

    DatabaseCreation._create_test_db, DatabaseCreation.create_test_db = create_from_copy, make_and_keep
