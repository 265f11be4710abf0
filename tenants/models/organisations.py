"""Organisations: a province's department, a university, a college of it, a partner unit with its sites."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models import Logged
from tenants import roles
from tenants.divisions import name_of


class Organisation(Logged):
    """A unit that people belong to. Never deleted; an inactive one opens nothing to its members.

    A college's parent is its university, a university's its province's department; partner units have none.
    `division` is a GB/T 2260 code. `uscc` is the unified social credit code; where a unit has none,
    `uscc_absent_reason` says why. A partner unit that is `paper_only` confirms nothing on the portal: the clerk of
    the college (or university) whose case it is enters what the unit decided, with the stamped paper. `mail_to` and the two
    after it say how stamped papers are sent to the unit, where that is not its address and telephone.
    """

    case_kind = "organisation"  # the organisation's line in the log of acts, see `tenants.services`
    round = 1

    kind = models.CharField(_("单位类型"), max_length=12, choices=roles.KINDS)
    name = models.CharField(_("单位名称"), max_length=100)
    short_name = models.CharField(_("简称"), max_length=30, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    division = models.CharField(_("所在地行政区划代码"), max_length=6, blank=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    uscc_absent_reason = models.CharField(_("无统一社会信用代码的原因"), max_length=200, blank=True)
    legal_person = models.BooleanField(_("具有独立法人资格"), null=True, blank=True)
    partner_kind = models.CharField(_("单位性质"), max_length=20, choices=roles.PARTNER_KINDS, blank=True)
    school_code = models.CharField(_("学校代码"), max_length=5, blank=True)
    office = models.CharField(_("主管部门"), max_length=60, blank=True)
    phone = models.CharField(_("办公电话"), max_length=30, blank=True)
    seal = models.CharField(_("有效印章"), max_length=100, blank=True)
    mail_to = models.CharField(_("盖章件收件人"), max_length=60, blank=True)
    mail_address = models.CharField(_("盖章件收件地址"), max_length=200, blank=True)
    mail_phone = models.CharField(_("收件联系电话"), max_length=30, blank=True)
    paper_only = models.BooleanField(_("只办纸质"), default=False)
    is_demo = models.BooleanField(default=False, editable=False)
    active = models.BooleanField(default=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    created_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="introduced"
    )

    class Meta:
        verbose_name = _("单位")
        constraints = [
            models.UniqueConstraint(fields=["uscc"], condition=~Q(uscc=""), name="one_organisation_per_uscc"),
            models.UniqueConstraint(fields=["parent", "name"], name="one_name_under_one_parent"),
            models.CheckConstraint(
                condition=~Q(kind=roles.COLLEGE) | Q(parent__isnull=False),
                name="college_belongs_to_a_university",
            ),
            models.CheckConstraint(condition=~Q(kind=roles.PARTNER) | Q(parent=None), name="partner_belongs_to_nobody"),
        ]
        indexes = [models.Index(fields=["kind", "name"])]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """The name as pages and papers show it; demo units are marked."""
        return f"{self.name}（演示）" if self.is_demo else self.name

    @property
    def division_name(self) -> str:
        """The place's name, or its province's where only that is known, or ""."""
        return name_of(self.division)

    @property
    def column(self) -> str:
        """The column of a scoped case in which this organisation may stand."""
        return roles.COLUMNS[self.kind]

    # What the log of acts asks of whatever it writes about.
    @property
    def number(self) -> str:
        return f"ORG-{self.pk}"

    @property
    def title(self) -> str:
        return self.name

    listed_title = title

    @property
    def state(self) -> str:
        return "active" if self.active else "inactive"

    def regulation_label(self) -> str:
        return ""


class PartnerSite(models.Model):
    """A place of a partner unit where students may be: a campus, a plant, a branch."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="sites")
    name = models.CharField(_("院区（厂区、校区）名称"), max_length=100)
    division = models.CharField(_("所在地行政区划代码"), max_length=6, blank=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    active = models.BooleanField(default=True, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="one_site_name_per_organisation")]

    def __str__(self) -> str:
        return self.name
