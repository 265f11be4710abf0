"""A graduate student as far as bases are concerned: no number of an identity card, no address (roles.md, student)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock
from core.language import bracketed
from tenants import roles
from tenants.models import Membership, Organisation


class StudentQuerySet(models.QuerySet):
    def visible_to(self, membership) -> StudentQuerySet:
        """The students whom a membership looks after: those of its own university or college."""
        if membership is None or not membership.usable() or membership.role in roles.PERSONAL_ROLES:
            return self.none()
        column = {roles.UNIVERSITY: "university", roles.COLLEGE: "college"}.get(membership.kind)
        return self.filter(**{f"{column}_id": membership.organisation_id}) if column else self.none()


class Student(models.Model):
    """One student of one university. `seat` is the membership in which they log in, where they have an account."""

    university = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("学校"))
    college = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("学院"))
    number = models.CharField(_("学号"), max_length=30)
    name = models.CharField(_("姓名"), max_length=60)
    category_code = models.CharField(_("专业学位类别代码"), max_length=10, blank=True)
    category_name = models.CharField(_("专业学位类别"), max_length=60, blank=True)
    seat = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
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
