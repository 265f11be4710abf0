"""What a story makes of an empty database is made once and put back for every test that tells it again.

Most tests begin with the same people, call, application … walked to some state. A fixture that returns such a world, and
a function with `@remembered`, is run the first time; what it wrote (rows and files) and what it returned is kept in
this process. The next test that begins with the same acts at the same time gets rows and files put back, and a copy of
what was returned, as if it had run. Every act is still made, once for each worker and regulation.

Only where nothing can differ: in a test's own transaction, on the database as migrated, before the test has written
anything itself, with arguments that are wholly known (`fingerprint`) and unchanged by the run. All else just runs.
Nothing is put back until a query wants it, so that of a chain of fixtures only the last state is. With LIANPEI_PLAIN=1
nothing is remembered at all.
"""

from __future__ import annotations

import functools
import io
import os
import pickle
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

YOUNG = 600  # seconds after which it is made anew: sessions and links have a real age
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLAC", "CREATE", "DROP", "ALTER", "TRUNCA", "COPY")


class Unknown(Exception):
    """Something of which nobody can tell whether it is the same again."""


# --- values ----------------------------------------------------------------------------------------------------------


def fingerprint(value: Any) -> Any:
    """What a value is, as something to compare; Unknown for what is not plainly known."""
    from django.db.models import Model  # noqa: PLC0415 - Django is set up first
    from django.test import Client  # noqa: PLC0415 - Django is set up first

    if value is None or isinstance(value, (str, int, float, bool, bytes)):
        return type(value).__name__, value
    if isinstance(value, Model):
        columns = (field.attname for field in value._meta.concrete_fields)
        return value._meta.label, tuple(_plain(value.__dict__.get(column)) for column in columns)
    if isinstance(value, Client):
        return "client", tuple(sorted(_cookies(value).items()))
    if isinstance(value, (list, tuple)):
        return type(value).__name__, tuple(fingerprint(each) for each in value)
    if isinstance(value, dict):
        return "dict", tuple((fingerprint(key), fingerprint(each)) for key, each in value.items())
    if isinstance(value, SimpleNamespace):
        return "namespace", fingerprint(vars(value))
    if is_dataclass(value) and not isinstance(value, type) and type(value).__module__.startswith("tests."):
        return type(value).__qualname__, tuple(fingerprint(getattr(value, field.name)) for field in fields(value))
    raise Unknown(type(value))


def _plain(value: Any) -> Any:
    """A column's value; of a long text its hash is enough."""
    if isinstance(value, str):
        return value if len(value) < 100 else hash(value)
    return repr(value)


def _cookies(client: Any) -> dict[str, str]:
    """Who somebody at a browser is; not what was last said to them, nor the unit kept beside it."""
    return {name: morsel.value for name, morsel in client.cookies.items() if name == "sessionid"}


def _client(cookies: dict[str, str]) -> Any:
    from django.test import Client  # noqa: PLC0415 - Django is set up first

    made = Client()
    for name, value in cookies.items():
        made.cookies[name] = value
    return made


class _Pickler(pickle.Pickler):
    """Copies what a story returns; what never changes (a regulation's parsed text) is shared."""

    shared: dict[int, Any] = {}

    def persistent_id(self, value: Any) -> int | None:
        if type(value).__module__.startswith("regulations.schema"):
            self.shared[id(value)] = value
            return id(value)
        return None

    def reducer_override(self, value: Any) -> Any:
        from django.test import Client  # noqa: PLC0415 - Django is set up first

        return (_client, (_cookies(value),)) if isinstance(value, Client) else NotImplemented


class _Unpickler(pickle.Unpickler):
    def persistent_load(self, pid: int) -> Any:
        return _Pickler.shared[pid]


def dumped(value: Any) -> bytes:
    out = io.BytesIO()
    _Pickler(out, protocol=5).dump(value)
    return out.getvalue()


def loaded(text: bytes) -> Any:
    return _Unpickler(io.BytesIO(text)).load()


# --- rows ------------------------------------------------------------------------------------------------------------

Rows = dict[str, list]


class _Sqlite:
    """Rows as they lie in the tables, past every conversion; the guards of births are lifted to put them back."""

    def __init__(self, connection: Any):
        self.connection = connection
        self.columns: dict[str, list[str]] = {}

    def execute(self, sql: str) -> Any:
        return self.connection.connection.execute(sql)

    def _tables(self) -> dict[str, list[str]]:
        if not self.columns:
            names = self.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
            for (name,) in names.fetchall():
                rows = self.execute(f'PRAGMA table_info("{name}")').fetchall()
                self.columns[name] = [row[1] for row in rows]
        return self.columns

    def read(self) -> Rows:
        rows = {}
        for table, columns in self._tables().items():  # "+": an expression has no declared type to be converted by
            wanted = ", ".join(f'+"{column}"' for column in columns)
            rows[table] = self.execute(f'SELECT {wanted} FROM "{table}"').fetchall()
        return rows

    def write(self, rows: Rows) -> None:
        guards = self.execute(
            "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_door_insert'"
        ).fetchall()
        lifted = [(name, sql) for name, table, sql in guards if rows.get(table)]
        for name, _sql in lifted:
            self.execute(f'DROP TRIGGER "{name}"')
        for table, inside in rows.items():
            if inside:
                names = ", ".join(f'"{column}"' for column in self._tables()[table])
                marks = ", ".join("?" * len(self._tables()[table]))
                self.connection.connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', inside)
        for _name, sql in lifted:
            self.execute(sql)


class _Postgres:
    """Rows as lines of COPY; no trigger fires while they are put back."""

    def __init__(self, connection: Any):
        self.connection = connection
        self.tables: list[str] = []

    def execute(self, sql: str) -> Any:
        return self.connection.connection.cursor().execute(sql)

    def read(self) -> Rows:
        if not self.tables:
            wanted = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            self.tables = [name for (name,) in self.execute(wanted).fetchall()]
        rows = {}
        for table in self.tables:
            with self.connection.connection.cursor().copy(f'COPY "{table}" TO STDOUT') as copy:
                rows[table] = b"".join(bytes(part) for part in copy).splitlines(keepends=True)
        return rows

    def write(self, rows: Rows) -> None:
        self.execute("SET LOCAL session_replication_role = replica")
        for table, inside in rows.items():
            if inside:
                with self.connection.connection.cursor().copy(f'COPY "{table}" FROM STDIN') as copy:
                    copy.write(b"".join(inside))
        self.execute("SET LOCAL session_replication_role = DEFAULT")


def _added(base: Rows, now: Rows) -> Rows:
    """The rows that are new; Unknown if one of the database as migrated was changed or taken away."""
    added = {}
    for table, rows in now.items():
        before = set(base[table])
        new = [row for row in rows if row not in before]
        if len(new) + len(before) != len(rows):
            raise Unknown(table)
        added[table] = new
    return added


# --- stories ---------------------------------------------------------------------------------------------------------


@dataclass
class Told:
    """What the acts up to here made of the empty database, and what the last of them returned."""

    rows: Rows
    files: Path
    returned: bytes
    since: float


class Memory:
    """What this process has kept, and how far the test under way has got."""

    def __init__(self) -> None:
        self.told: dict[Any, Told | None] = {}  # None: not to be remembered
        self.home = ""  # the folder with the files
        self.begin()

    # -- a test --

    def begin(self) -> None:
        self.history: tuple = ()
        self.state: Told | None = None  # what the database is, or will be as soon as somebody asks
        self.there = False  # whether it is
        self.clean = True  # nothing but what is remembered was written
        self.within = 0
        self.wrote = 0
        self.depth: int | None = None

    def forget(self) -> None:
        """What stands may no longer be what the stories began with."""
        if self.home:
            shutil.rmtree(self.home, ignore_errors=True)
        self.forked()

    def forked(self) -> None:
        """In a process that was forked: what was kept is its parent's."""
        self.told, self.home = {}, ""

    def __call__(self, execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        """Around every statement (`connection.execute_wrappers`)."""
        writes = str(sql).lstrip()[:6].upper().startswith(WRITES)
        if self.within:
            self.wrote += writes
        else:
            self.put_back()
            if writes:
                self.clean = False
        return execute(sql, params, many, context)

    # -- the database --

    def _rows(self) -> Any:
        from django.db import connection  # noqa: PLC0415 - Django is set up first

        if not hasattr(connection, "remembered_rows"):
            connection.remembered_rows = (_Sqlite if connection.vendor == "sqlite" else _Postgres)(connection)
        return connection.remembered_rows

    def put_back(self) -> None:
        """The state that was told is there from now on."""
        if self.state is None or self.there:
            return
        from django.conf import settings  # noqa: PLC0415 - Django is set up first

        self.there = True
        self._rows().execute("SAVEPOINT remembered")
        self._rows().write(self.state.rows)
        if any(self.state.files.iterdir()):
            shutil.copytree(self.state.files, settings.MEDIA_ROOT, dirs_exist_ok=True)

    def _take_away(self) -> None:
        """The database as migrated again."""
        if self.there:
            from django.conf import settings  # noqa: PLC0415 - Django is set up first

            self._rows().execute("ROLLBACK TO SAVEPOINT remembered")
            self._rows().execute("RELEASE SAVEPOINT remembered")
            shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
            self.there = False

    def _possible(self) -> bool:
        """Whether what is asked for now starts from the database as migrated or from a state that is remembered."""
        from django.db import connection  # noqa: PLC0415 - Django is set up first

        if self.within or not self.clean or not connection.in_atomic_block or connection.needs_rollback:
            return False
        if self.depth is None:
            self.depth = len(connection.savepoint_ids)
            tables = ("tenants_organisation", "tenants_user", "regulations_regulation", "casework_decision")
            if any(self._rows().execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in tables):
                self.clean = False
        return self.clean and self.depth == len(connection.savepoint_ids)

    # -- telling --

    def tell(self, act: Callable, arguments: tuple, named: dict) -> Any:
        """Run an act, or put back what it made when it was run before."""
        from core import clock  # noqa: PLC0415 - Django is set up first

        if not self._possible():
            return act(*arguments, **named)
        try:
            given = fingerprint([arguments, named])
        except Unknown:
            return act(*arguments, **named)
        day = clock.now() if abs(clock.now() - clock.real_now()).total_seconds() > 1 else None
        step = (act.__module__, act.__qualname__, given, day and day.isoformat(timespec="minutes"))
        key = (*self.history, step)
        told = self.told.get(key)
        if key in self.told and told is None:
            return act(*arguments, **named)
        if told is None or time.monotonic() - told.since > YOUNG:
            told = self.told[key] = self._told(act, arguments, named, given)
            if told is None:
                return act(*arguments, **named)
        self._take_away()
        self.history, self.state = key, told
        return loaded(told.returned)

    def _told(self, act: Callable, arguments: tuple, named: dict, given: Any) -> Told | None:
        """Run an act once, keep what it made, and undo it; None if that can not be remembered."""
        from django.core import mail  # noqa: PLC0415 - Django is set up first
        from django.db import connection  # noqa: PLC0415 - Django is set up first
        from django.test import override_settings  # noqa: PLC0415 - Django is set up first

        from core import clock  # noqa: PLC0415 - Django is set up first

        try:
            arguments, named = loaded(dumped((arguments, named)))
        except (pickle.PicklingError, TypeError, AttributeError):
            return None
        self._take_away()
        self.home = self.home or tempfile.mkdtemp(prefix="lianpei-told.")
        files = Path(tempfile.mkdtemp(dir=self.home))
        rows, offset, mails, hooks = self._rows(), clock._offset, len(mail.outbox), len(connection.run_on_commit)
        base = rows.read()
        rows.execute("SAVEPOINT telling")
        self.within, self.wrote = 1, 0
        try:
            if self.state is not None:
                rows.write(self.state.rows)
                shutil.copytree(self.state.files, files, dirs_exist_ok=True)
            with override_settings(MEDIA_ROOT=files):
                returned = act(*arguments, **named)
            if not self.wrote or clock._offset != offset or len(mail.outbox) != mails:
                return None
            if fingerprint([arguments, named]) != given:
                return None
            return Told(_added(base, rows.read()), files, dumped(returned), time.monotonic())
        except (Unknown, pickle.PicklingError, TypeError, AttributeError):
            return None
        finally:
            self.within = 0
            rows.execute("ROLLBACK TO SAVEPOINT telling")
            rows.execute("RELEASE SAVEPOINT telling")
            del connection.run_on_commit[hooks:]


memory = Memory()


def remembered(act: Callable) -> Callable:
    """Decorator of a function that tells a part of a story and returns what came of it."""

    @functools.wraps(act)
    def tell(*arguments: Any, **named: Any) -> Any:
        return memory.tell(act, arguments, named)

    return tell


# Packages whose fixtures tell stories.
TELLING = tuple(f"tests.{package}." for package in ("scenarios", "evaluations", "effects", "trainees", "marking"))


class Plugin:
    """Fixtures of single tests that are plain functions of plain worlds are remembered too."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        from django.db import connection  # noqa: PLC0415 - Django is set up first

        memory.begin()
        mark = item.get_closest_marker("django_db")
        names = getattr(item, "fixturenames", ())
        if os.environ.get("LIANPEI_PLAIN") == "1":
            memory.clean = False
        elif (mark and mark.kwargs.get("transaction")) or {"live_server", "transactional_db"} & set(names):
            memory.clean = False
            memory.forget()  # its flush makes some rows of the database as migrated anew
        if memory not in connection.execute_wrappers:
            connection.execute_wrappers.append(memory)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
        act = fixturedef.func
        if fixturedef.scope != "function":
            clean, memory.clean = memory.clean, False  # what several tests share is made in earnest
            try:
                return (yield)
            finally:
                memory.clean = clean and fixturedef.scope == "session"  # making the database is no story
        code = getattr(act, "__code__", None)
        plain = code is not None and not code.co_flags & (0x20 | 0x80 | 0x200) and "<locals>" not in act.__qualname__
        if not plain or not act.__module__.startswith(TELLING) or "request" in fixturedef.argnames:
            return (yield)
        fixturedef.func = lambda **named: memory.tell(act, (), named)
        try:
            return (yield)
        finally:
            fixturedef.func = act

    def pytest_sessionfinish(self) -> None:
        memory.forget()
