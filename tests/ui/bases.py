"""A base with much behind it: evaluations, effects, rectifications, stays, placed as often as a test wants."""

from __future__ import annotations

import datetime as dt
import itertools

from bases.models import Agreement, Base, Incident, Recognition, Withdrawal
from casework import effects
from evaluations.models import Evaluation, Rectification, Round
from tests.placing import placed
from tests.tenants import factories
from tests.trainees import world
from trainees.models import Placement, Student

_number = itertools.count(1)


def sides(row) -> dict:
    """The organisations of a base, for what is about it."""
    return {name: getattr(row, name) for name in ("authority", "university", "college", "partner")}


def base(school: world.School, state: str = "active", *, signed: bool = True, **fields) -> Recognition:
    """One more base of the school, with an agreement that runs for years."""
    first, number = school.recognition, next(_number)
    about = {name: unit for name, unit in sides(first).items() if name != "authority"}
    given = {
        "number": f"RD-9{number:03}",
        "title": "基地",
        "base": Base.objects.create(
            number=f"JD-9{number:03}", name=f"第{number}基地", category_code=f"{number:04}", **about
        ),
        "level": first.level,
        "decided_on": first.decided_on,
        "active_on": first.active_on,
        "starts_on": first.starts_on,
        "regulation_version": first.regulation_version,
        **sides(first),
    }
    row = placed(Recognition, state, **given | fields)
    if signed:
        agreement(row, dt.date(2026, 3, 1), dt.date(2031, 2, 28))
    return row


def moved(row: Recognition, university, college) -> Recognition:
    """The base as one of another university's, and of that university's department."""
    for model, pk in ((Recognition, row.pk), (Base, row.base_id)):
        authority = {"authority": university.parent} if model is Recognition else {}
        model._base_manager.filter(pk=pk).update(university=university, college=college, **authority)
    return Recognition.objects.get(pk=row.pk)


def agreement(row: Recognition, starts: dt.date, ends: dt.date) -> Agreement:
    return placed(
        Agreement,
        "signed",
        number=f"XY-9{next(_number):03}",
        title="协议",
        recognition=row,
        regulation_version=row.regulation_version,
        starts_on=starts,
        ends_on=ends,
        signed_on=starts,
        **{name: unit for name, unit in sides(row).items() if name != "authority"},
    )


def evaluation(row: Recognition, kind: str, state: str, on: dt.date, **fields) -> Evaluation:
    """One evaluation of a base, alone in a round of its own."""
    organiser = row.authority or row.university
    number = next(_number)
    about = {"regulation_version": row.regulation_version, "kind": kind, "period": f"P{number}"}
    column = {organiser.column: organiser}
    in_round = placed(
        Round,
        "open",
        number=f"PC-{number:04}",
        title=f"{on.year}年考核",
        organiser=organiser,
        opened_on=on - dt.timedelta(days=60),
        report_due=on - dt.timedelta(days=30),
        **about,
        **column,
    )
    given = {"number": f"KH-{number:04}", "title": "考核", "report_due": in_round.report_due, **fields}
    if state in ("confirmed", "missed"):
        given["confirmed_on"] = on
    return placed(Evaluation, state, recognition=row, in_round=in_round, **about, **given, **sides(row))


def rectification(row: Recognition, key: str, state: str, ordered: dt.date, due: dt.date, **fields) -> Rectification:
    number = next(_number)
    effect = effects.put(row, "rectification", "限期整改", ordered, until_on=due, code=f"{key}{number}")
    given = {"ordered_on": ordered, "starts_on": ordered, "due_on": due, "notice_number": f"整改{number}号", **fields}
    return placed(
        Rectification,
        state,
        number=f"ZG-{number:04}",
        title="整改",
        regulation_version=row.regulation_version,
        recognition=row,
        key=key,
        effect=effect,
        **given,
        **sides(row),
    )


def incident(row: Recognition, reported: dt.date, **fields) -> Incident:
    given = {"happened_on": reported, "reported_on": reported, **fields}
    number, pinned = next(_number), {"regulation_version": row.regulation_version}
    state = "concluded" if given.get("assessed_on") else "assessing"
    return placed(
        Incident, state, number=f"ZS-{number:04}", title="重大事项", recognition=row, **pinned, **given, **sides(row)
    )


def withdrawal(row: Recognition, state: str, **fields) -> Withdrawal:
    number, pinned = next(_number), {"regulation_version": row.regulation_version}
    return placed(
        Withdrawal, state, number=f"CX-{number:04}", title="自主撤销", recognition=row, **pinned, **fields, **sides(row)
    )


def stay(row: Recognition, entered: dt.date | None, state: str = "active", ends: dt.date | None = None) -> Placement:
    """One student at the base."""
    number = next(_number)
    student = Student.objects.create(
        university=row.university, college=row.college, number=f"S{number:05}", name=f"学生{number}"
    )
    starts = entered or dt.date(2027, 9, 1)
    return placed(
        Placement,
        state,
        number=f"SJ-{number:04}",
        title="专业实践",
        student=student,
        recognition=row,
        regulation_version=row.regulation_version,
        university=row.university,
        college=row.college,
        partner=row.partner,
        starts_on=starts,
        ends_on=ends or starts + dt.timedelta(days=180),
        entered_on=entered,
    )


def officer(school: world.School):
    """Somebody of the department."""
    return world.Person(factories.member(school.department, "officer", factories.user("司徒安")))
