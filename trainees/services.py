"""Verbs over several models: entering a student, planning a stay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from bases.models import Recognition
from core import clock, ledger, serials
from core.door import Act, Forbidden, Refused, create
from core.findings import Finding, blocking
from core.language import in_source_language
from tenants.models import Membership, Party
from tenants.services.acts import one_at_a_time
from trainees import gates, spans
from trainees.models import Period, Placement, Student

MANAGE = "trainees.manage"
RESPONSIBLE = "responsible_college"  # the part of the base's college in a stay of another college's student


def add_student(actor, *, university, college, number: str, name: str, **more) -> Student:
    """Enter a student. Raises Forbidden, and Refused where the university has one of this number, or another student the
    account."""
    student = Student(university=university, college=college, number=number, name=name, **more)
    if not actor.may(MANAGE, student):
        raise Forbidden(_("研究生由学院研究生秘书或研究生处登记。"))
    with one_at_a_time(university):
        standing = Student.objects.filter(university=university, number=number).first()
        if standing is not None:
            facts = {"number": number, "name": standing.name}
            raise Refused(Finding("", "hard", _("学号%(n)s已登记。") % {"n": number}, facts, field="number"))
        if student.seat_id is not None and Student.objects.filter(seat=student.seat_id).exists():
            raise Refused(Finding("", "hard", _("该账号已关联其他研究生。"), {"seat": student.seat_id}, field="seat"))
        student.save()
    return student


def plan(
    actor,
    recognition: Recognition,
    student: Student,
    periods: Sequence[tuple[dt.date, dt.date]],
    *,
    university_mentor: Membership | None = None,
    base_mentor: Membership | None = None,
) -> Placement:
    """Plan a stay of a student at a base. Raises Forbidden, and Refused by what the base's regulation asks of it on its
    first day, or where a stay of these days stands already."""
    periods = sorted(periods)
    placement = Placement(
        title=f"{student.name}：{recognition.base.name}"[:200],
        student=student,
        recognition=recognition,
        regulation_version=recognition.regulation_version,
        university=recognition.university,
        college=student.college,
        partner=recognition.partner,
        university_mentor=university_mentor,
        base_mentor=base_mentor,
        starts_on=periods[0][0],
        ends_on=max(last for _first, last in periods),
    )
    if not actor.may(MANAGE, placement) or student.university_id != recognition.university_id:
        raise Forbidden(_("专业实践由研究生所在学院的研究生秘书或研究生处安排。"))
    if spans.overlapping(periods):
        raise Refused(Finding("", "hard", _("各段实践时间有重叠。"), {}, field="periods"))
    with one_at_a_time(recognition.university):
        placement.recognition = Recognition.locked(recognition.pk)  # a base that ends meanwhile is seen to have ended
        _not_twice(placement, periods)
        placement.number = serials.number("SJ", clock.today().year)
        create(placement, actor)
        Period.objects.bulk_create(Period(placement=placement, starts_on=a, ends_on=b) for a, b in periods)
        findings = gates.planning(placement)
        if blocking(findings):
            raise Refused(findings)
        _bring_in_the_bases_college(placement)
        _owe_both_ends(placement)
    return placement


def _not_twice(placement: Placement, periods) -> None:
    rows = Period.objects.filter(
        placement__student=placement.student,
        placement__state__in=("planned", "active"),
        starts_on__lte=placement.ends_on,
        ends_on__gte=placement.starts_on,
    ).select_related("placement")
    for row in rows:
        if spans.overlapping([(row.starts_on, row.ends_on), *periods]):
            words = {"n": row.placement.number, "a": row.starts_on, "b": row.ends_on}
            facts = {"placement": row.placement.number}
            text = _("该研究生在%(a)s至%(b)s已安排专业实践%(n)s，时间不能重叠。") % words
            raise Refused(Finding("", "hard", text, facts, field="periods"))


def concerned(placement: Placement) -> list[Membership]:
    """Whoever is to know of a change to a stay: the student, both mentors, and the office that looks after the student."""
    persons = (placement.student.seat, placement.university_mentor, placement.base_mentor)
    people = [person for person in persons if person is not None and person.usable()]
    return [*people, *Membership.objects.of(*keeper(placement))]


def base_has_ended(placement: Placement, act: Act) -> None:
    """Close the plan for the reason and by the clause for which the base ended; nothing more is due."""
    placement.end_reason, placement.end_clause = act.reason, str(act.raw.get("clause") or "")[:40]
    act.facts |= {"clause": placement.end_clause}
    ledger.settle_case(placement)
    text = _("%(why)s原定%(a)s至%(b)s的实践不再进行，请另行安排。")
    text %= {"why": act.reason, "a": placement.starts_on, "b": placement.ends_on}
    act.notify(concerned(placement), _("专业实践已取消：%(who)s") % {"who": placement.title}, text)


def keeper(placement: Placement) -> tuple[int, str]:
    """Organisation and role that look after the student."""
    if placement.college_id:
        return placement.college_id, "secretary"
    return placement.university_id, "graduate_office"


def starting(placement: Placement) -> str:
    """The name under which the ledger keeps that a student is to go to the base."""
    return f"placement_starts:{placement.pk}"


def _owe_both_ends(placement: Placement) -> None:
    """Whoever looks after the student enters that they went, and is told when the last period is over; nothing begins or
    ends by itself."""
    organisation, role = keeper(placement)
    with in_source_language():
        titles = {
            "starts": _("进入基地：%(who)s") % {"who": placement.title},
            "ends": _("实践期满：%(who)s") % {"who": placement.title},
        }
    for end, title in titles.items():
        ledger.owe(
            f"placement_{end}:{placement.pk}",
            kind=f"placement_{end}",
            title=title,
            due_on=getattr(placement, f"{end}_on"),
            organisation_id=organisation,
            role=role,
            case=placement,
        )


def _bring_in_the_bases_college(placement: Placement) -> None:
    """The college that answers for a base sees who is there, also from another college."""
    home = placement.recognition.college_id
    if home is not None and home != placement.college_id:
        Party.objects.create(
            **Party.about_values(placement), organisation_id=home, role=RESPONSIBLE, from_on=clock.today()
        )
