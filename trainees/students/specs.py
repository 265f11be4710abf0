"""What is asked of a student, as forms (see core.forms)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from casework.specs import field, form, options
from regulations import catalogues
from tenants.models import Membership, Organisation
from trainees.models import Student
from trainees.models.student import DEGREES, MODES

CATALOGUE = "degree_categories_2022"
FIRST_COHORT, LAST_COHORT = 1978, 2199


def colleges_of(university: Organisation) -> list[Organisation]:
    """The university's colleges, by name."""
    return list(Organisation.objects.filter(parent=university, kind="college", active=True).order_by("name"))


def _fields(own: dict) -> list[dict]:
    fields = [
        field("name", "text", _("姓名"), max_chars=60),
        field("cohort", "integer", _("入学年份"), required=False, min=FIRST_COHORT, max=LAST_COHORT),
        field("category", "catalogue", _("专业学位类别"), required=False, catalogue=CATALOGUE),
        field("degree", "choice", _("学位类型"), required=False, options=options(DEGREES)),
        field("mode", "choice", _("学习方式"), required=False, options=options(MODES)),
        field("email", "email", _("电子邮箱"), required=False, help=_("邀请本人登录时使用。")),
        field("phone", "phone", _("手机号"), required=False),
    ]
    if own["college"] is None:
        pairs = [(college.pk, college.display_name) for college in colleges_of(own["university"])]
        if pairs:
            fields.append(field("college", "choice", _("学院"), options=options(pairs)))
    return fields


def entering(membership, own: dict) -> dict:
    """A new student: number and the rest, and the account where they have one already."""
    where = [membership.organisation]
    if own["college"] is None:
        where += colleges_of(own["university"])
    fields = [field("number", "text", _("学号"), max_chars=30), *_fields(own)]
    taken = Student.objects.filter(seat__isnull=False).values("seat")
    seats = Membership.objects.usable().filter(organisation__in=where, role="student").exclude(pk__in=taken)
    pairs = [(seat.pk, str(seat)) for seat in seats.select_related("user", "organisation").order_by("user__name", "pk")]
    if pairs:
        text = _("关联后，本人登录即可查看自己的实践。")
        fields.append(field("seat", "choice", _("本人账号"), required=False, options=options(pairs), help=text))
    return form("student", _("登记研究生"), *fields)


def changing(own: dict) -> dict:
    """A student who stands already; the number stays."""
    return form("student", _("修改研究生信息"), *_fields(own))


def leaving() -> dict:
    return form(
        "leave",
        _("登记离校"),
        field("left_on", "date", _("离校日期")),
        field("reason", "text", _("离校原因"), max_chars=200, help=_("如毕业、退学、转学。")),
    )


def family() -> dict:
    """Whom to call at home. Nothing more of the family, and no address."""
    return form(
        "family",
        _("家庭联系方式"),
        field("family_contact", "text", _("家庭联系人"), max_chars=60),
        field("family_phone", "phone", _("家庭联系方式"), help=_("仅本人、学院研究生秘书和研究生处可见。")),
    )


def party() -> dict:
    """Whom the Party committee enters into its list, or takes out of it, by number."""
    acts = [("add", _("列入党员名单")), ("remove", _("从名单中移出"))]
    return form(
        "party",
        _("登记党员名单"),
        field("act", "choice", _("办理"), options=options(acts)),
        field("numbers", "longtext", _("学号"), max_chars=5000, help=_("本学院研究生，每行一个。")),
    )


def values_of(answers: dict[str, Any], own: dict) -> dict[str, Any]:
    """The answers as values of a student. Raises Organisation.DoesNotExist for a college of another university."""
    code = answers.get("category") or ""
    college = own["college"]
    if answers.get("college"):
        college = Organisation.objects.get(pk=int(answers["college"]), parent=own["university"])
    return {
        "name": answers["name"],
        "college": college,
        "cohort": answers.get("cohort"),
        "category_code": code,
        "category_name": catalogues.entries(CATALOGUE).get(code, ""),
        "degree": answers.get("degree") or "",
        "mode": answers.get("mode") or "",
        "email": answers.get("email") or "",
        "phone": answers.get("phone") or "",
    }


def answers_of(student: Student) -> dict[str, Any]:
    """A student as the answers of the form."""
    return {
        "name": student.name,
        "cohort": student.cohort,
        "category": student.category_code,
        "degree": student.degree,
        "mode": student.mode,
        "email": student.email,
        "phone": student.phone,
        "college": str(student.college_id or ""),
    }
