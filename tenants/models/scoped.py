"""What ties a case to organisations: four columns for the main parts, dated rows for everybody else."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models import AboutCase, Case
from tenants import roles, scoping
from tenants.models.organisations import Organisation


class Party(AboutCase):
    """A further organisation with a part in a case: a second partner, an assessing college, a host
    province.

    `case_kind` and `case_id` name the case; `role` is the code of the part; the row opens the case to read
    from `from_on` until `until_on` (inclusive; None: without end).
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="parts")
    role = models.CharField(max_length=30)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_kind", "case_id", "organisation", "role"],
                condition=Q(until_on=None),
                name="one_open_part_per_role",
            )
        ]
        indexes = [models.Index(fields=["organisation", "case_kind", "case_id"])]

    def __str__(self) -> str:
        return f"{self.case_kind} {self.case_id} {self.role}"


class ScopedQuerySet(models.QuerySet):
    """Where every list starts."""

    def visible_to(self, membership, on: dt.date | None = None) -> ScopedQuerySet:
        """The cases that exist for a membership on a day (default today), in one query whatever their number: one
        equality on the column of its kind, and the dated parts of everybody else.
        """
        on = on or clock.today()
        if membership is None or not membership.usable(on):
            return self.none()
        if membership.role in roles.PERSONAL_ROLES:
            where = scoping.in_person(self.model, membership, on)
            return self.filter(where) if where else self.none()
        where = Q(**{f"{membership.organisation.column}_id": membership.organisation_id})
        part = Party.objects.filter(
            Q(until_on=None) | Q(until_on__gte=on),
            case_kind=self.model.case_kind,
            organisation_id=membership.organisation_id,
            from_on__lte=on,
        )
        return self.filter(where | Q(pk__in=part.values("case_id")))

    def in_column(self, membership, case) -> bool:
        """Whether `visible_to` has the case in any event: its own column holds the membership's organisation. Asks
        nothing of the database."""
        return (
            membership.usable()
            and membership.role not in roles.PERSONAL_ROLES
            and getattr(case, f"{membership.organisation.column}_id") == membership.organisation_id
        )


ScopedManager = models.Manager.from_queryset(ScopedQuerySet)


class ScopedCase(Case):
    """A case with the organisations that have the main part in it, one indexed column each.

    `authority` stays empty until the case has been sent to it, so that a department sees no drafts. `SIDES` says whose
    side the members of a kind of organisation are on: one person never acts on two (`tenants.sides`).
    """

    SIDES = {
        roles.UNIVERSITY: "applicant",
        roles.COLLEGE: "applicant",
        roles.PARTNER: "partner",
        roles.DEPARTMENT: "authority",
    }

    authority = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("主管部门")
    )
    university = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("学校")
    )
    college = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("学院")
    )
    partner = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("合作单位")
    )

    objects = ScopedManager()

    class Meta(Case.Meta):
        abstract = True
