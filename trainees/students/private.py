"""What of a student hardly anybody may see: who may, and how it is read and written.

Requirements §2 names them: of Party membership the college's Party committee and the student (JLU-3.4c); of the family's
contact whoever reads the application form with it, the college's secretary and the graduate office, and the student
(XCU-A2). Nobody gets it by a list, a search or an export.
"""

from __future__ import annotations

import re

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.door import Forbidden, Refused
from core.findings import Finding
from core.language import bracketed
from tenants import roles
from tenants.permissions import grant
from tenants.services.acts import note
from trainees.models import Student, StudentPrivate

SEE_FAMILY, KEEP_PARTY = "trainees.see_family", "trainees.keep_party"


def declare() -> None:
    """Enter who may; called when the app is ready."""
    grant(SEE_FAMILY, {("university", "graduate_office"), ("college", "secretary")})
    grant(KEEP_PARTY, {("college", roles.PARTY_COMMITTEE)})


def is_own(membership, student: Student) -> bool:
    """Whether the reader is the student."""
    return student.seat is not None and membership.role == "student" and student.seat.user_id == membership.user_id


def shown(membership, student: Student) -> list[tuple[str, str]]:
    """What the reader may know of it, as (label, words); nothing at all for everybody else, and then not read either."""
    own = is_own(membership, student)
    family, party = own or membership.may(SEE_FAMILY, student), own or membership.may(KEEP_PARTY, student)
    if not (family or party):
        return []
    kept = StudentPrivate.objects.filter(student=student).first() or StudentPrivate(student=student)
    facts: list[tuple[str, str]] = []
    if family:
        facts.append((_("家庭联系人"), bracketed(kept.family_contact, kept.family_phone) or _("未填写")))
    if party:
        facts.append((_("中共党员"), _("是") if kept.party_member else _("否")))
    return facts


def family_of(membership, student: Student) -> dict[str, str]:
    """The family's contact as the answers of a form; {} for whoever may not see it."""
    if not (is_own(membership, student) or membership.may(SEE_FAMILY, student)):
        return {}
    kept = StudentPrivate.objects.filter(student=student).first()
    return {"family_contact": kept.family_contact, "family_phone": kept.family_phone} if kept is not None else {}


def set_family(membership, student: Student, contact: str, phone: str) -> None:
    """The student says whom to call, or the office that looks after them enters it. Raises Forbidden."""
    if not (is_own(membership, student) or membership.may(SEE_FAMILY, student)):
        raise Forbidden(_("家庭联系方式由研究生本人填写，或由学院研究生秘书、研究生处登记。"))
    values = {"family_contact": contact, "family_phone": phone}
    StudentPrivate.objects.update_or_create(student=student, defaults=values)


def named(membership, typed: str) -> list[Student]:
    """The students of the committee's college whose numbers were typed, one a line. Raises Forbidden, and Refused with the
    numbers that nobody has there."""
    if membership.role != roles.PARTY_COMMITTEE:
        raise Forbidden(_("党员名单由学院党委登记。"))
    numbers = list(dict.fromkeys(re.split(r"[\s、,，;；]+", typed.strip())))
    rows = list(Student.objects.filter(college=membership.organisation_id, number__in=numbers).order_by("number"))
    unknown = sorted(set(numbers) - {student.number for student in rows})
    if unknown:
        text = _("本学院没有登记这些学号：%(n)s。") % {"n": "、".join(unknown[:20])}
        raise Refused(Finding("", "hard", text, {"numbers": unknown[:20]}, field="numbers"))
    return rows


def set_party(membership, students, is_member: bool) -> int:
    """The Party committee keeps who of its college is a Party member. Says of how many it changed. Raises Forbidden.

    The log says that the list was kept, not of whom: it is read by people who may not know.
    """
    if not all(membership.may(KEEP_PARTY, student) for student in students):
        raise Forbidden(_("党员名单由学院党委登记。"))
    with transaction.atomic():
        kept = StudentPrivate.objects.filter(student__in=students)
        if is_member:
            wanting = {student.pk for student in students} - set(kept.values_list("student", flat=True))
            StudentPrivate.objects.bulk_create(StudentPrivate(student_id=pk) for pk in sorted(wanting))
        changed = kept.exclude(party_member=is_member).update(party_member=is_member)
        if changed:
            label = gettext_noop("登记党员名单")
            note(membership.organisation, "party_list_kept", label, membership, number=changed)
    return changed
