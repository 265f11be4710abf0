"""A graduate student as far as bases are concerned: no number of an identity card, no address (roles.md, student)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.language import bracketed
from core.state_styles import BLUE, GREEN, GREY, ORANGE
from core.states import StateField, States
from tenants import roles
from tenants.models import Invitation, Membership, Organisation

DEGREES = [
    ("professional_master", _("专业学位硕士")),
    ("professional_doctor", _("专业学位博士")),
    ("academic_master", _("学术学位硕士")),
    ("academic_doctor", _("学术学位博士")),
]
MODES = [("full_time", _("全日制")), ("part_time", _("非全日制"))]


class StudentQuerySet(models.QuerySet):
    def visible_to(self, membership) -> StudentQuerySet:
        """The students whom a membership looks after: those of its own university or college; a student themselves; for a
        college's Party committee the college's Party members. Mentors and partners see a student in a stay only."""
        if membership is None or not membership.usable():
            return self.none()
        if membership.role == "student":
            return self.filter(seat__user=membership.user_id)
        column = {roles.UNIVERSITY: "university", roles.COLLEGE: "college"}.get(membership.kind)
        if column is None:
            return self.none()
        own = self.filter(**{f"{column}_id": membership.organisation_id})
        if membership.role == roles.PARTY_COMMITTEE:
            return own.filter(private__party_member=True)
        return self.none() if membership.role in roles.PERSONAL_ROLES else own


class Student(models.Model):
    """One student of one university. `seat` is the membership in which they log in, where they have an account;
    `invitation` the last one that was sent to them for it."""

    class State(States):
        STUDYING = "studying", GREEN, "check-circle", _("在读")
        LEFT = "left", GREY, "lock", _("已离校")

    university = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("学校"))
    college = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("学院"))
    number = models.CharField(_("学号"), max_length=30)
    name = models.CharField(_("姓名"), max_length=60)
    cohort = models.PositiveSmallIntegerField(_("入学年份"), null=True)
    category_code = models.CharField(_("专业学位类别代码"), max_length=10, blank=True)
    category_name = models.CharField(_("专业学位类别"), max_length=60, blank=True)
    degree = models.CharField(_("学位类型"), max_length=20, choices=DEGREES, blank=True)
    mode = models.CharField(_("学习方式"), max_length=10, choices=MODES, blank=True)
    email = models.EmailField(_("电子邮箱"), blank=True)
    phone = models.CharField(_("手机号"), max_length=20, blank=True)
    state = StateField(_("状态"), max_length=10, states=State, default=State.STUDYING)
    left_on = models.DateField(_("离校日期"), null=True)
    left_reason = models.CharField(_("离校原因"), max_length=200, blank=True)
    seat = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    invitation = models.ForeignKey(Invitation, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = StudentQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["university", "number"], name="one_student_per_number")]
        indexes = [models.Index(fields=["college", "id"])]

    def __str__(self) -> str:
        return bracketed(self.name, self.number)

    @property
    def category(self) -> str:
        return bracketed(self.category_name, self.category_code) if self.category_code else self.category_name

    @property
    def studying(self) -> bool:
        return self.state == self.State.STUDYING


class StudentPrivate(models.Model):
    """What of a student hardly anybody may see, in a table of its own so that no list, search or export comes upon it:
    Party membership (the college's Party committee, JLU-3.4c) and the family's contact (college secretary and graduate
    office, XCU-A2). The student sees both. Read with `trainees.students.private`, never joined."""

    student = models.OneToOneField(Student, models.PROTECT, related_name="private")
    party_member = models.BooleanField(_("中共党员"), default=False)
    family_contact = models.CharField(_("家庭联系人"), max_length=60, blank=True)
    family_phone = models.CharField(_("家庭联系方式"), max_length=30, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(family_contact="", family_phone="") | ~Q(family_phone=""), name="family_is_reached_somehow"
            )
        ]

    def __str__(self) -> str:
        return str(self.student_id)


class StudentSheetQuerySet(models.QuerySet):
    def visible_to(self, membership) -> StudentSheetQuerySet:
        """Sheets are seen by whoever looks after the students in them; the portal asks further who may import."""
        if membership is None or not membership.usable() or membership.role in roles.PERSONAL_ROLES:
            return self.none()
        if membership.kind == roles.COLLEGE:
            return self.filter(college=membership.organisation_id)
        return self.filter(university=membership.organisation_id, college=None)


class StudentSheet(models.Model):
    """One spreadsheet of students that was read and checked: its rows as they will be entered, and every fault by row and
    column. Nothing of it is a student before all of it is entered at once."""

    class State(States):
        FAULTY = "faulty", ORANGE, "alert", _("有错误")
        CHECKED = "checked", BLUE, "check", _("检查无误，待导入")
        ENTERED = "entered", GREY, "lock", _("已导入")

    university = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    college = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(_("文件"), max_length=200)
    state = StateField(_("状态"), max_length=10, states=State)
    rows = models.JSONField(default=list)  # {"row": number, values…}, in the order of the sheet; empty once entered
    problems = models.JSONField(default=list)  # [row, column, message, value, blocking]
    made_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now, editable=False)
    entered_at = models.DateTimeField(null=True)
    number_entered = models.PositiveIntegerField(default=0)

    objects = StudentSheetQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["university", "college", "-id"])]

    def __str__(self) -> str:
        return self.file_name
