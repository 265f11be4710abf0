"""Verbs over several models: entering a student, beginning a stay, planning it where nobody applies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from bases.models import Recognition
from core import clock, ledger, serials
from core.door import Act, Forbidden, Refused, create, perform_many
from core.findings import Finding, blocking
from core.language import in_source_language
from tenants.models import Membership, Party
from tenants.services.acts import one_at_a_time
from trainees import gates, spans, specs
from trainees.models import Period, Placement, Student

MANAGE, APPLY = "trainees.manage", "trainees.apply"
UNFINISHED = ("draft", "checking", "planned", "active", "interrupted", "assessing")
Span = tuple[dt.date, dt.date]
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
    periods: Sequence[Span],
    *,
    university_mentor: Membership | None = None,
    base_mentor: Membership | None = None,
) -> Placement:
    """Plan a stay of a student at a base whose regulation asks for no application. Raises Forbidden, and Refused by what
    the base's regulation asks of it on its first day, or where a stay of these days stands already."""
    mentors = {"university_mentor": university_mentor, "base_mentor": base_mentor}
    placement = _new(recognition, student, periods, **mentors)
    if not actor.may(MANAGE, placement) or student.university_id != recognition.university_id:
        raise Forbidden(_("专业实践由研究生所在学院的研究生秘书或研究生处安排。"))
    declared = placement.declaration
    if declared is not None:
        text = _("本基地适用的办法要求先申请后进入，不能直接安排。")
        raise Refused(Finding(declared.clause or "", "hard", text, {}, _("请由研究生或学院“申请专业实践”。")))
    with one_at_a_time(recognition.university):
        _enter(placement, actor, periods)
        findings = gates.planning(placement)
        if blocking(findings):
            raise Refused(findings)
        perform_many([placement], "plan", actor, permission=MANAGE, within=placement)
        expected(placement)
    return placement


def apply(
    actor,
    recognition: Recognition,
    student: Student,
    periods: Sequence[Span],
    *,
    university_mentor: Membership | None = None,
    base_mentor: Membership | None = None,
    follows_on: Placement | None = None,
) -> Placement:
    """Begin the application of a student for a stay at a base: a draft, to be filled in and handed in. Raises Forbidden,
    and Refused where a stay of these days stands already, the base takes nobody then, or its regulation asks for no
    application."""
    mentors = {"university_mentor": university_mentor, "base_mentor": base_mentor}
    placement = _new(recognition, student, periods, follows_on=follows_on, **mentors)
    if not actor.may(APPLY, placement) or student.university_id != recognition.university_id:
        raise Forbidden(_("专业实践由研究生本人申请，或由学院研究生秘书、研究生处代为申请。"))
    if placement.declaration is None:
        raise Refused(Finding("", "hard", _("本基地适用的办法没有规定申请程序，由学院直接安排。"), {}))
    with one_at_a_time(recognition.university):
        _enter(placement, actor, periods)
        findings = gates.taken(placement)
        if blocking(findings):
            raise Refused(findings)
    return placement


def _new(recognition: Recognition, student: Student, periods: Sequence[Span], **more) -> Placement:
    return Placement(
        title=f"{student.name}：{recognition.base.name}"[:200],
        student=student,
        recognition=recognition,
        regulation_version=recognition.regulation_version,
        university=recognition.university,
        college=student.college,
        partner=recognition.partner,
        starts_on=min(first for first, _last in periods),
        ends_on=max(last for _first, last in periods),
        **more,
    )


def _enter(placement: Placement, actor, periods: Sequence[Span]) -> None:
    """Enter the draft with its periods. Raises Refused where they overlap, or overlap another stay of the student."""
    if spans.overlapping(periods):
        raise Refused(Finding("", "hard", _("各段实践时间有重叠。"), {}, field="periods"))
    # A base that ends meanwhile is seen to have ended.
    placement.recognition = Recognition.locked(placement.recognition_id)
    if (twice := overlaps(placement, periods)) is not None:
        raise Refused(twice)
    placement.number = serials.number("SJ", clock.today().year)
    create(placement, actor)
    Period.objects.bulk_create(Period(placement=placement, starts_on=a, ends_on=b) for a, b in sorted(periods))


def expected(placement: Placement) -> None:
    """The stay is approved: the base's college sees it, and both its ends are due."""
    _bring_in_the_bases_college(placement)
    owe_both_ends(placement)


def overlaps(placement: Placement, periods: Sequence[Span]) -> Finding | None:
    """That the student has another stay on some day of these, begun or applied for; None where there is none."""
    rows = Period.objects.filter(
        placement__student=placement.student,
        placement__state__in=UNFINISHED,
        starts_on__lte=max(last for _first, last in periods),
        ends_on__gte=min(first for first, _last in periods),
    ).exclude(placement=placement.pk)
    for row in rows.select_related("placement"):
        if spans.overlapping([(row.starts_on, row.ends_on), *periods]):
            words = {"n": row.placement.number, "a": row.starts_on, "b": row.ends_on}
            text = _("该研究生在%(a)s至%(b)s已安排专业实践%(n)s，时间不能重叠。") % words
            return Finding("", "hard", text, {"placement": row.placement.number}, field="periods")
    return None


def name_mentors(placement: Placement, act: Act) -> None:
    """Let both mentors be those whom the form names. The only place where they are set."""
    placement.university_mentor = specs.mentor_named(act.data.get("university_mentor"))
    placement.base_mentor = specs.mentor_named(act.data.get("base_mentor"))


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


def asked_to_end(placement: Placement) -> str:
    """The name under which the ledger keeps that the student asked to end the stay early."""
    return f"placement_early:{placement.pk}"


def owe_both_ends(placement: Placement) -> None:
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
    if home is None or home == placement.college_id:
        return
    part = {**Party.about_values(placement), "organisation_id": home, "role": RESPONSIBLE, "until_on": None}
    Party.objects.get_or_create(**part, defaults={"from_on": clock.today()})
