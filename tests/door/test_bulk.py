"""The door's bulk entrance for what was there before: born and moved together, and by nobody but who may."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction

from bases.models import Backfill, Base, Recognition
from core import clock, door
from core.door import Forbidden, chain, create_many, perform_many
from core.models import TransitionLog
from tests.scenarios import house

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DAYS = (dt.date(2020, 1, 1), dt.date(2021, 2, 2))


@pytest.fixture
def world():
    school = house.xcu_school()
    return school, Backfill.objects.create(
        number="BL-1", title="存量补录", regulation_version=school.version, university=school.university, by_sheet=True
    )


def born(school, backfill, person) -> list[Recognition]:
    own = {"university": school.university, "college": school.college, "partner": school.partner}
    rows = []
    for number, day in enumerate(DAYS):
        base = Base.objects.create(number=f"B{number}", name=f"基地{number}", category_code=str(number), **own)
        rows.append(
            {
                "title": "基地",
                "base": base,
                "level": "school",
                "decided_on": day,
                "regulation_version": school.version,
                **own,
            }
        )
    terms = {"permission": "bases.backfill", "within": backfill, "on": lambda row: row.decided_on}
    return create_many(Recognition, rows, person.membership, series="RDX", year=2026, **terms)


def moved(cases, backfill, person, code: str = "enter_existing") -> None:
    terms = {"permission": "bases.backfill", "within": backfill, "on": lambda row: row.decided_on}
    perform_many(cases, code, person.membership, **terms)


def test_many_make_their_first_move_each_on_its_own_day(world):
    school, backfill = world
    with clock.travel("2026-03-02T09:00"), transaction.atomic():
        cases = born(school, backfill, school.office)
        moved(cases, backfill, school.office)
    assert set(Recognition.objects.values_list("state", "version", "log_lines")) == {("active", 2, 2)}
    lines = TransitionLog.objects.filter(case_kind="recognition").order_by("case_id", "position")
    assert [(line.transition, line.on) for line in lines] == [
        (code, day) for day in DAYS for code in ("create", "enter_existing")
    ]
    assert list(chain.breaks()) == []


def test_what_it_refuses(world):
    """Who may not; another move than those that nobody may ask for; a case that has been acted on; one born before."""
    school, backfill = world
    with pytest.raises(Forbidden), transaction.atomic():
        born(school, backfill, school.secretary)
    with transaction.atomic():
        cases = born(school, backfill, school.office)
        with pytest.raises(Forbidden):
            moved(cases, backfill, school.secretary)
        for code in ("cancel", "activate"):  # asked of each case by itself: a person's move, one with conditions
            with pytest.raises(ValueError, match="each case"):
                moved(cases, backfill, school.office, code)
        moved(cases, backfill, school.office)
        with pytest.raises(ValueError, match="first move"):
            moved(cases, backfill, school.office)
    assert school.office.do(Recognition.objects.earliest("pk"), "enter_existing").status_code == 404
    with pytest.raises(Forbidden):
        door.perform(Recognition.objects.earliest("pk"), "enter_existing", school.office.membership)
