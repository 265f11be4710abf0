"""A call for applications: window, quotas, extensions, and the regulation version frozen into it."""

from __future__ import annotations

import datetime as dt

from django.apps import apps as django_apps
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.models.regulated import RegulatedCase
from core import clock
from core.state_styles import BLUE, GREY
from core.states import CaseStateField, States
from tenants import roles
from tenants.models import Organisation, ScopedManager, ScopedQuerySet


def _applied_under(partner: Organisation):
    """The calls under which a partner unit has a part in an application."""
    applications = django_apps.get_model("applications", "Application")  # which imports this module
    return applications.objects.filter(partner=partner).values("call")


class CallQuerySet(ScopedQuerySet):
    """A call is seen by who runs it, and once announced by everybody below: universities, their colleges; one that takes
    applications from partner units by every unit of the portal."""

    def visible_to(self, membership, on: dt.date | None = None):
        if membership is None or not membership.usable(on):
            return self.none()
        if membership.role in roles.PERSONAL_ROLES:
            return super().visible_to(membership, on)
        organisation = membership.organisation
        if organisation.kind == "department":
            return self.filter(authority=organisation)
        university = organisation if organisation.kind == "university" else organisation.parent
        if university is None:
            announced = Q(takes_partners=True, university__isnull=False, state__in=("open", "closed"))
            return self.filter(announced | Q(pk__in=_applied_under(organisation)))
        return self.filter(
            Q(university=university) | Q(authority=university.parent_id, authority__isnull=False, university=None)
        ).exclude(Q(state__in=Call.UNKNOWN) & ~Q(university=organisation))


class Call(RegulatedCase):
    """One round of applications, run by an authority or by a university for its own bases.

    Without `closes_at` it is a standing call: applications are taken at any time, until who runs it ends it (a regulation
    that knows no yearly round and prescribes no window).
    """

    case_kind = "call"
    kind_label = _("申报批次")

    class State(States):
        PLANNED = "planned", GREY, "calendar", _("筹备")
        OPEN = "open", BLUE, "progress", _("申报中")
        CLOSED = "closed", GREY, "lock", _("已截止")
        VOID = "void", GREY, "ban", _("已作废")

    UNKNOWN = ("planned", "void")  # states in which nobody below knows of it: it was never announced

    state = CaseStateField(_("状态"), default=State.PLANNED, states=State, protected=True)
    regulation_version = models.ForeignKey("regulations.RegulationVersion", models.PROTECT, related_name="+")
    level = models.CharField(_("级别"), max_length=12)
    year = models.PositiveSmallIntegerField(_("年度"))
    opens_at = models.DateTimeField(_("开始时间"))
    closes_at = models.DateTimeField(_("截止时间"), null=True)
    paper_by = models.DateField(_("纸质材料截止日"), null=True)
    contact = models.CharField(_("联系人"), max_length=60, blank=True)
    phone = models.CharField(_("联系电话"), max_length=40, blank=True)
    note = models.TextField(_("说明"), blank=True)
    takes_partners = models.BooleanField(default=False)  # its regulation lets units from outside apply themselves

    objects = ScopedManager.from_queryset(CallQuerySet)()

    class Meta:
        indexes = [models.Index(fields=["authority", "year"]), models.Index(fields=["university", "year"])]

    @property
    def owner(self) -> Organisation:
        """Who runs the call."""
        return self.authority or self.university

    @property
    def standing(self) -> bool:
        """Whether it takes applications at any time (常年受理)."""
        return self.closes_at is None

    def window_for(self, organisation: Organisation | None) -> tuple[dt.datetime, dt.datetime | None]:
        """From when to when an organisation may apply or send: the call's window, or its extension; no end for a standing
        call."""
        row = self.units.filter(organisation=organisation).first() if organisation else None
        return self.opens_at, self.closes_for(row)

    def closes_for(self, row: CallUnit | None) -> dt.datetime | None:
        """Until when the unit of this row may apply or send; None: at any time."""
        return row.extended_until if row is not None and row.extended_until else self.closes_at

    def is_open_for(self, organisation: Organisation | None, at: dt.datetime | None = None) -> bool:
        """Whether the clock lies in the organisation's window; the closing minute itself is still inside."""
        at = at or clock.now()
        opens, closes = self.window_for(organisation)
        return self.state == "open" and opens <= at and (closes is None or at <= closes)


class CallUnit(models.Model):
    """What one unit has in a call: its quota with the factors it was set from, an extension, its own deadline."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="units")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    quota = models.PositiveSmallIntegerField(_("名额"), null=True)
    factors = models.JSONField(default=dict)
    extended_until = models.DateTimeField(_("延期至"), null=True)
    extension_letter = models.CharField(_("函号"), max_length=60, blank=True)
    extension_reason = models.TextField(_("延期原因"), blank=True)
    school_deadline = models.DateTimeField(_("校内截止时间"), null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "organisation"], name="one_row_per_unit_and_call")]

    def __str__(self) -> str:
        return f"{self.call} {self.organisation}"
