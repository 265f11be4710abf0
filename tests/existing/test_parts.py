"""What stops an entry on its way: all of it on PostgreSQL, the part on SQLite, which is resumed or closed."""

from __future__ import annotations

import pytest
from django.db import connection

from bases.existing import work
from bases.models import Recognition
from core import clock, outbox
from core.door import chain
from tests.existing import filled
from tests.existing.test_sheet import begun, checked, entered, school  # noqa: F401 - the fixture
from tests.scenarios.house import done, fresh, refused, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NOW = "2026-03-02T09:00"


def meanwhile(monkeypatch, person, number: int) -> None:
    """Somebody enters the base of a row once the first part is in, after everything has been checked."""
    tell = work.progress.tell

    def told(pk, stage, done_rows, total):
        tell(pk, stage, done_rows, total)
        if stage == "entering":
            monkeypatch.setattr(work.progress, "tell", tell)
            other = begun(person, "form")
            row = filled.row_of(number, category="0951", division=None, partner_kind="enterprise", former_number="A")
            done(person.fill(other, other.FORM, row | {"college": str(_college(person))}))
            done(person.do(other, "enter_one"))

    monkeypatch.setattr(work.progress, "tell", told)


def _college(person) -> int:
    return person.organisation.children.get(name="农业科学学院").pk


def test_a_base_that_came_meanwhile_stops_it(school, monkeypatch):  # noqa: F811
    monkeypatch.setattr(work, "PART", 2)
    with clock.travel(NOW):
        backfill = begun(school.office)
        rows = [filled.row_of(number) for number in range(1, 6)]
        backfill = checked(school.office, backfill, filled.book(backfill, rows))
        meanwhile(monkeypatch, school.office, 4)
        done(school.office.do(backfill, "enter"))
        if connection.vendor == "postgresql":
            # One transaction: the clerk's other form came inside of it here, and goes with it.
            outbox.drain()
            assert fresh(backfill).state == "faulty" and not Recognition.objects.exists()
            return
        outbox.drain()
        backfill = fresh(backfill)
        assert backfill.state == "halted"
        assert list(backfill.rows.exclude(recognition=None).values_list("number", flat=True)) == [3, 4]
        page = text_of(school.office.page(backfill))
        assert "已写入台账2个，尚有3个没有写入" in page and "该基地已在台账中" in page
        refused(school.office.do(backfill, "discard"), status=409)
        assert entered(school.office, backfill).state == "halted"  # what stands against it stands still
        done(school.office.do(fresh(backfill), "close", {"reason": "其余另行补录。"}))
    assert fresh(backfill).state == "entered" and Recognition.objects.count() == 3
    assert list(chain.breaks()) == []


def test_a_worker_that_dies_goes_on_where_it_was(school, monkeypatch):  # noqa: F811
    """The second part fails for a reason of its own: tried again, the rest is entered, nothing twice."""
    monkeypatch.setattr(work, "PART", 2)
    with clock.travel(NOW):
        backfill = begun(school.office)
        rows = [filled.row_of(number) for number in range(1, 6)]
        backfill = checked(school.office, backfill, filled.book(backfill, rows))
        entering, calls = work._enter_part, []

        def enter_part(*asked):
            calls.append(asked)
            if len(calls) == 2:
                raise OSError("gone")
            entering(*asked)

        monkeypatch.setattr(work, "_enter_part", enter_part)
        done(school.office.do(backfill, "enter"))
        outbox.drain()
        there = 0 if connection.vendor == "postgresql" else 2
        assert (fresh(backfill).state, Recognition.objects.count()) == ("entering", there)
        work.enter_sheet(backfill.pk, school.office.membership)
        work.enter_sheet(backfill.pk, school.office.membership)
    assert fresh(backfill).state == "entered" and Recognition.objects.count() == 5
    assert list(chain.breaks()) == []


def test_a_clerk_whose_role_has_ended_enters_nothing(school):  # noqa: F811
    with clock.travel(NOW):
        backfill = begun(school.office)
        backfill = checked(school.office, backfill, filled.book(backfill, [filled.row_of(1)]))
        done(school.office.do(backfill, "enter"))
        type(school.office.membership).objects.filter(pk=school.office.membership.pk).update(state="ended")
        outbox.drain()
    assert fresh(backfill).state == "faulty" and not Recognition.objects.exists()
