"""The log of acts is a chain: what somebody with the whole database in hand did to it is found out."""

from __future__ import annotations

import datetime as dt
import re
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from core import clock, health, portalrole, triggers
from core.door import SystemActor, chain, record_event
from core.models import TransitionLog
from core.tasks import check_logs
from tenants.services.acts import note
from tests.placing import place
from tests.tenants import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
LOG = "core_transitionlog"


def sql(statement: str, *parameters) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


@contextmanager
def as_owner():
    """What the database's superuser can do: no trigger runs in the session."""
    if connection.vendor == "sqlite":
        triggers.remove(connection, [LOG])
        yield
        triggers.install(connection, [LOG])
    else:
        sql("SET session_replication_role = replica")
        yield
        sql("SET session_replication_role = DEFAULT")


@pytest.fixture
def case(scene):
    """A call with four lines: two moves, and an event before and after the second."""
    cases, _people = scene
    call = place(cases["call"], "open")
    data = {"share": 0.7, "whole": 1.0, "large": 1e22, "words": "基地“甲”", "days": [3, 2.50], "none": None}
    record_event(call, "note", "记事", SystemActor(), reason="第一次", data=data, on=dt.date(2027, 3, 1))
    call = place(call, "closed")
    record_event(call, "note", "记事", SystemActor(), reason="第二次")
    assert [line.position for line in lines(call)] == [1, 2, 3, 4]
    assert list(chain.breaks()) == []
    return call


def lines(case) -> list[TransitionLog]:
    return list(TransitionLog.about(case).order_by("position"))


def found(case) -> tuple[int, str]:
    """The position and the words of the one break there is."""
    (break_,) = chain.breaks()
    assert (break_.kind, break_.pk, break_.number) == (case.case_kind, case.pk, case.number)
    return break_.position, break_.what


def test_a_line_changed_by_replacing_it_from_outside(case):
    """What `INSERT OR REPLACE` does on a connection that does not carry the portal's settings."""
    line = lines(case)[1]
    columns = [field.column for field in TransitionLog._meta.concrete_fields]
    quoted = ", ".join(f'"{column}"' for column in columns)
    taken = ", ".join("'别的理由'" if column == "reason" else f'"{column}"' for column in columns)
    if connection.vendor == "sqlite":
        sql("PRAGMA recursive_triggers=OFF")
        sql(f"INSERT OR REPLACE INTO {LOG} ({quoted}) SELECT {taken} FROM {LOG} WHERE id = %s", line.pk)
        sql("PRAGMA recursive_triggers=ON")
    else:
        with as_owner():
            sql(
                f"INSERT INTO {LOG} ({quoted}) SELECT {quoted} FROM {LOG} WHERE id = %s "
                "ON CONFLICT (id) DO UPDATE SET reason = '别的理由'",
                line.pk,
            )
    assert TransitionLog.objects.get(pk=line.pk).reason == "别的理由"
    assert found(case) == (2, "was changed, or the one before it was")


@pytest.mark.parametrize(
    ("column", "value"),
    [("actor_name", "别人"), ("at", "2027-01-01T00:00:00Z"), ("data", '{"share": 0.8}'), ("membership_id", 5)],
)
def test_a_line_changed_by_a_superuser(case, column, value):
    with as_owner():
        sql(f'UPDATE {LOG} SET "{column}" = %s WHERE id = %s', value, lines(case)[1].pk)
    assert found(case)[0] == 2


def test_a_line_taken_out(case):
    with as_owner():
        sql(f"DELETE FROM {LOG} WHERE id = %s", lines(case)[1].pk)
    assert found(case) == (2, "is missing")


def test_a_line_taken_out_and_the_others_moved_up(case):
    _first, second, third, fourth = lines(case)
    with as_owner():
        sql(f"DELETE FROM {LOG} WHERE id = %s", second.pk)
        sql(f"UPDATE {LOG} SET position = position - 1 WHERE id = %s", third.pk)
        sql(f"UPDATE {LOG} SET position = position - 1 WHERE id = %s", fourth.pk)
        sql("UPDATE applications_call SET log_lines = 3 WHERE id = %s", case.pk)
    assert found(case)[0] == 2


@pytest.mark.parametrize("last", [1, 2, 4])
def test_the_last_lines_taken_away(case, last):
    with as_owner():
        sql(f"DELETE FROM {LOG} WHERE case_kind = 'call' AND case_id = %s AND position > %s", case.pk, 4 - last)
    what = "is missing: the case counts 4" if last < 4 else "there are no lines, the case counts some"
    assert found(case) == (5 - last, what)
    # The next act does not heal it.
    record_event(case, "note", "记事", SystemActor())
    assert found(case) == (5 - last, "is missing")


def test_the_last_move_taken_away_and_the_count_set_back(case):
    with as_owner():
        sql(f"DELETE FROM {LOG} WHERE case_kind = 'call' AND case_id = %s AND position > 2", case.pk)
        sql("UPDATE applications_call SET log_lines = 2 WHERE id = %s", case.pk)
    assert found(case) == (2, "leads to open 2; the case is closed 3")


def test_a_line_put_in(case):
    last = lines(case)[3]
    columns = [field.column for field in TransitionLog._meta.concrete_fields if not field.primary_key]
    quoted = ", ".join(f'"{column}"' for column in columns)
    taken = ", ".join("5" if column == "position" else f'"{column}"' for column in columns)
    sql(f"INSERT INTO {LOG} ({quoted}) SELECT {taken} FROM {LOG} WHERE id = %s", last.pk)
    assert found(case)[0] == 5
    with as_owner():  # with a hash that fits it too
        line = lines(case)[4]
        sql(f"UPDATE {LOG} SET hash = %s WHERE id = %s", chain.sealed_hash(line, last.hash), line.pk)
    assert found(case) == (5, "was put in: the case counts 4")


def test_two_lines_in_each_others_place(case):
    _first, second, _third, fourth = lines(case)
    with as_owner():
        for line, position in ((second, 99), (fourth, 2), (second, 4)):
            sql(f"UPDATE {LOG} SET position = %s WHERE id = %s", position, line.pk)
    assert found(case)[0] == 2


def test_a_state_set_by_a_superuser(case):
    with as_owner():
        if connection.vendor == "sqlite":
            triggers.remove(connection, ["applications_call"])
        sql("UPDATE applications_call SET state = 'open' WHERE id = %s", case.pk)
        if connection.vendor == "sqlite":
            triggers.install(connection, ["applications_call"])
    assert found(case) == (4, "leads to closed 3; the case is open 3")


def test_a_case_taken_away_with_its_lines_left(case):
    with as_owner():
        if connection.vendor == "sqlite":
            triggers.remove(connection, ["applications_call"])
            sql("PRAGMA defer_foreign_keys=ON")
        with transaction.atomic():
            sql("DELETE FROM applications_call WHERE id = %s", case.pk)
            (break_,) = chain.breaks()
            assert (break_.kind, break_.pk, break_.what) == ("call", case.pk, "its case is gone")
            transaction.set_rollback(True)
        if connection.vendor == "sqlite":
            triggers.install(connection, ["applications_call"])


def test_a_digest_kept_elsewhere_tells_of_hashes_that_were_made_anew(case):
    """Somebody who rewrites a line and every hash after it is found out by what was noted before."""
    day = clock.real_now().date() + dt.timedelta(days=1)
    out = StringIO()
    call_command("check_logs", before=day.isoformat(), stdout=out)
    count, digest = re.search(r"(\d+) lines before [\d-]+: (\w+)", out.getvalue()).groups()
    assert int(count) == TransitionLog.objects.count()
    call_command("check_logs", before=day.isoformat(), digest=digest, stdout=StringIO())
    with as_owner():
        before = lines(case)[0].hash
        for line in lines(case)[1:]:
            line.reason = f"改写的{line.reason}"
            line.hash = before = chain.sealed_hash(line, before)
            sql(f"UPDATE {LOG} SET reason = %s, hash = %s WHERE id = %s", line.reason, line.hash, line.pk)
    assert list(chain.breaks()) == []
    with pytest.raises(CommandError, match="the digest differs"):
        call_command("check_logs", before=day.isoformat(), digest=digest, stdout=StringIO(), stderr=StringIO())


def test_command_and_nightly_task_say_so(case, caplog):
    assert check_logs()["broken"] == 0 and health.logs() == "ok"
    with as_owner():
        sql(f"UPDATE {LOG} SET actor_name = '别人' WHERE id = %s", lines(case)[1].pk)
    said = StringIO()
    with pytest.raises(CommandError, match="1 broken chains"):
        call_command("check_logs", stdout=StringIO(), stderr=said)
    assert said.getvalue().startswith(f"call {case.pk} {case.number}, line 2: was changed")
    with caplog.at_level("INFO", "lianpei.logs"):
        assert check_logs()["broken"] == 1
    assert health.logs() == "1 broken chains: run check_logs"
    assert [record.levelname for record in caplog.records] == ["ERROR", "INFO"]
    with pytest.raises(CommandError, match="no day like"):
        call_command("check_logs", before="gestern")


def test_organisations_have_a_chain_too():
    unit = factories.university()
    for reason in ("一", "二"):
        note(unit, "rename", "改名", SystemActor(), reason, before="x")
    unit.name = "另一名称"
    unit.save()  # a copy that knows of both lines, and one that does not
    type(unit).objects.get(pk=unit.pk)
    assert list(chain.breaks()) == []
    assert type(unit).objects.get(pk=unit.pk).log_lines == 2


def test_a_copy_read_before_an_act_does_not_set_the_count_back():
    unit = factories.university()
    old = type(unit).objects.get(pk=unit.pk)
    note(unit, "rename", "改名", SystemActor(), "一")
    old.phone = "010-1"
    old.save()
    assert type(unit).objects.get(pk=unit.pk).log_lines == 1
    assert list(chain.breaks()) == []


def test_the_portals_own_role_owns_no_log(case):
    """PostgreSQL: what the role of production can and cannot do; SQLite has no roles."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite knows no roles")
    line, table = lines(case)[0], case._meta.db_table
    sql("CREATE ROLE portal_under_test NOLOGIN")
    portalrole.grant(connection, "portal_under_test")
    sql("SET ROLE portal_under_test")
    record_event(case, "note", "记事", SystemActor())  # what it is there for
    place(case, "open")
    for attack in (
        f"UPDATE {LOG} SET actor_name = '别人' WHERE id = {line.pk}",
        f"DELETE FROM {LOG} WHERE id = {line.pk}",
        f"TRUNCATE {LOG}",
        f"ALTER TABLE {LOG} DISABLE TRIGGER ALL",
        f"DROP TRIGGER {LOG}_keep ON {LOG}",
        f"DROP TABLE {LOG}",
        f"DELETE FROM {table} WHERE id = {case.pk}",
        f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "CREATE OR REPLACE FUNCTION guard_case() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
        "UPDATE core_attemptlog SET actor_name = ''",
    ):
        with pytest.raises(DatabaseError, match="permission denied|must be owner"), transaction.atomic():
            sql(attack)
    sql("RESET ROLE")
    assert list(chain.breaks()) == []
