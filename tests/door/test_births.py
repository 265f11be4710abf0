"""The way in: one case or many, in the first state, with a line in the log each."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from applications.models import Application
from core import clock, ledger
from core.door import Forbidden, SystemActor, chain, create, create_many, moves, perform
from core.models import LedgerEntry, Serial, TransitionLog
from tests.scenarios import house

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def region():
    with clock.travel("2027-03-01T09:00"):
        yield house.nm_region()


@pytest.fixture
def call(region):
    return house.open_nm_call(region)


def rows(region, call, many: int) -> list[dict]:
    common = {
        "call": call,
        "level": call.level,
        "regulation_version": region.version,
        "university": region.university,
        "college": region.college,
    }
    return [{**common, "title": f"基地{number}"} for number in range(many)]


def enter(region, call, many: int, **more) -> list[Application]:
    return create_many(
        Application,
        rows(region, call, many),
        region.secretary.membership,
        permission="applications.start",
        within=region.college,
        series="T",
        year=2027,
        owes=lambda case: [
            ledger.row(
                f"t:{case.pk}",
                kind="t",
                title=case.title,
                due_on=dt.date(2027, 4, 1),
                organisation_id=case.college_id,
                role="secretary",
                case=case,
            )
        ],
        **more,
    )


def test_many_cases_with_their_lines_and_what_is_owed(region, call):
    made = enter(region, call, 7)
    assert [case.number for case in made] == [f"T-2027-{n:04d}" for n in range(1, 8)]
    assert {(case.state, case.version, case.log_lines) for case in Application.objects.all()} == {("draft", 1, 1)}
    lines = TransitionLog.objects.filter(case_kind="application").order_by("id")
    assert [line.case_id for line in lines] == [case.pk for case in made]
    assert {(line.transition, line.version, line.to_state, line.actor_name) for line in lines} == {
        ("create", 1, "draft", "贺小满")
    }
    assert len({line.correlation for line in lines}) == 1
    assert LedgerEntry.objects.filter(kind="t", case_id__in=[case.pk for case in made]).count() == 7
    assert all(case.stage_since == case.created_at for case in Application.objects.all())  # what a list sorts by
    assert list(chain.breaks()) == []
    # one of them goes on through the door like any other
    assert "withdraw" in moves(Application)
    perform(made[3], "withdraw", region.secretary.membership, {"reason": "不报了，课程调整。"})
    assert list(chain.breaks()) == []


def test_a_chunk_is_a_fixed_number_of_statements(region, call):
    enter(region, call, 1)
    counted = []
    for many in (2, 20):  # 20 of them go into one statement on SQLite as well
        with CaptureQueriesContext(connection) as seen:
            enter(region, call, many)
        counted.append(len(seen))
    assert counted[0] == counted[1] <= 12, counted
    with CaptureQueriesContext(connection) as seen:
        enter(region, call, 20, chunk=10)
    assert len(seen) == 2 * counted[0], [query["sql"][:90] for query in seen]


def test_permission_is_asked_once_and_refused_before_anything_is_written(region, call, monkeypatch):
    asked = []
    may = type(region.secretary.membership).may
    monkeypatch.setattr(
        type(region.secretary.membership), "may", lambda self, *what: asked.append(what) or may(self, *what)
    )
    enter(region, call, 5)
    assert len(asked) == 1
    with pytest.raises(Forbidden, match="由.*办理"):
        create_many(
            Application,
            rows(region, call, 2),
            region.office.membership,
            permission="applications.start",
            within=region.college,
            series="T",
            year=2027,
        )
    assert Application.objects.count() == 5
    made = create_many(
        Application, rows(region, call, 2), SystemActor(), permission="", within=None, series="T", year=2027
    )
    assert [case.number for case in made] == ["T-2027-0006", "T-2027-0007"]


def test_what_was_entered_stays_where_a_later_chunk_fails(region, call):
    given = rows(region, call, 6)
    given[5]["level"] = None
    with pytest.raises(IntegrityError):
        create_many(Application, given, SystemActor(), permission="", within=None, series="T", year=2027, chunk=3)
    assert (
        Application.objects.count()
        == 3
        == TransitionLog.objects.filter(transition="create", case_kind="application").count()
    )
    assert Serial.objects.get(name="T-2027").value == 3  # no number is lost


def test_a_birth_in_a_later_state_is_refused_here_too(region, call):
    given = rows(region, call, 1)
    with pytest.raises(IntegrityError, match="insert past the door"):
        create_many(
            Application,
            [{**given[0], "state": "approved"}],
            SystemActor(),
            permission="",
            within=None,
            series="T",
            year=2027,
        )


def test_one_case_takes_the_same_way(region, call):
    case = create(Application(**rows(region, call, 1)[0], number="T-1"), region.secretary.membership)
    line = TransitionLog.objects.get(case_kind="application", case_id=case.pk)
    assert (line.position, line.version, line.transition) == (1, 1, "create")
    assert Application.objects.get().log_lines == 1
