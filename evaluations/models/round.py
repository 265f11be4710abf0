"""A round of evaluation: one kind, one period, all bases whose turn it is."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.models.regulated import RegulatedCase
from core.state_styles import BLUE, GREY
from core.states import CaseStateField, States
from tenants import roles
from tenants.models import Organisation, ScopedManager, ScopedQuerySet


class RoundQuerySet(ScopedQuerySet):
    """A round is seen by whoever organises it, and once open by everybody who sees one of its evaluations."""

    def visible_to(self, membership, on: dt.date | None = None):
        if membership is None or not membership.usable(on):
            return self.none()
        if membership.role in roles.PERSONAL_ROLES:
            return super().visible_to(membership, on)
        column = f"{membership.organisation.column}_id"
        members = self.model._meta.get_field("evaluations").related_model.objects.visible_to(membership, on)
        return self.filter(
            Q(**{column: membership.organisation_id})
            | Q(pk__in=members.values("in_round"), state__in=("open", "closed"))
        )


class Round(RegulatedCase):
    """What one organiser evaluates of one kind in one period, under one regulation version.

    Either `authority` or `university` holds the organiser. `period` tells rounds of a kind apart: the year, or the day
    on which the bases in it came due. `results` are the grades as the closing of the round fixed them, by evaluation.
    """

    case_kind = "evaluation_round"
    kind_label = _("考核批次")

    class State(States):
        PLANNED = "planned", GREY, "calendar", _("筹备")
        OPEN = "open", BLUE, "progress", _("进行中")
        CLOSED = "closed", GREY, "lock", _("已结束")

    state = CaseStateField(_("状态"), default=State.PLANNED, states=State, protected=True)
    regulation_version = models.ForeignKey("regulations.RegulationVersion", models.PROTECT, related_name="+")
    organiser = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("组织单位"))
    kind = models.CharField(_("考核类型"), max_length=40)
    period = models.CharField(_("考核期"), max_length=20)
    opened_on = models.DateField(_("启动日期"), null=True)
    report_due = models.DateField(_("自评截止日"), null=True)
    closed_on = models.DateField(_("结束日期"), null=True)
    note = models.TextField(_("说明"), blank=True)
    results = models.JSONField(default=dict)

    objects = ScopedManager.from_queryset(RoundQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organiser", "regulation_version", "kind", "period"], name="one_round_per_kind_and_period"
            )
        ]
        indexes = [models.Index(fields=["authority", "-id"]), models.Index(fields=["university", "-id"])]

    @property
    def declaration(self):
        """The kind of evaluation as the profile declares it."""
        return self.profile.evaluations[self.kind]
