"""People: accounts, what they are in which organisation, how they were invited, for whom they stand in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.contrib.auth.models import AbstractUser, _user_has_perm
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core import clock
from core.language import bracketed
from core.state_styles import GREEN, GREY, ORANGE, YELLOW
from core.states import StateField, States
from tenants import roles
from tenants.models.organisations import Organisation
from tenants.models.scoped import ScopedCase


class User(AbstractUser):
    """An account. One person, one account; what they may do follows from the membership they act in.

    Accounts are deactivated, never deleted: their acts stay.
    """

    first_name = None
    last_name = None
    name = models.CharField(_("姓名"), max_length=60)
    phone = models.CharField(_("手机号"), max_length=20, blank=True)
    must_change_password = models.BooleanField(default=False)
    employer = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="employees",
        verbose_name=_("工作单位"),
    )
    employer_name = models.CharField(_("工作单位名称"), max_length=100, blank=True)
    post = models.CharField(_("职称职务"), max_length=60, blank=True)
    fields = models.JSONField(_("专业学位类别代码"), default=list, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)

    # The membership the account acts in, set by the middleware, or by the membership itself when it asks.
    active_membership: Membership | None = None

    REQUIRED_FIELDS = ["name", "email"]

    class Meta:
        verbose_name = _("账号")
        constraints = [
            models.UniqueConstraint(Lower("username"), name="one_login_whatever_its_case"),
            models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="one_account_per_mail_address"),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def has_perm(self, perm: str, obj=None) -> bool:
        """Whether the active membership may do `perm` to `obj`. Without an object the answer is always no.

        Unlike Django's own there is no way around for superusers: nobody stands outside every organisation.
        """
        if obj is None or not self.is_active:
            return False
        return _user_has_perm(self, perm, obj)

    def has_perms(self, perm_list, obj=None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        return False


class MembershipQuerySet(models.QuerySet):
    """Questions about memberships that every room asks."""

    def usable(self, on: dt.date | None = None) -> MembershipQuerySet:
        """Memberships that open something on a day (default today): active, inside their dates, person and
        organisation active."""
        on = on or clock.today()
        return self.filter(
            Q(from_on=None) | Q(from_on__lte=on),
            Q(until_on=None) | Q(until_on__gte=on),
            state="active",
            user__is_active=True,
            organisation__active=True,
        )

    def of(self, organisation: Organisation | int, *wanted: str) -> MembershipQuerySet:
        """Usable memberships of an organisation, in any of the roles named (none named: in every role)."""
        pk = getattr(organisation, "pk", organisation)
        members = self.usable().filter(organisation_id=pk).select_related("user", "organisation")
        return members.filter(role__in=wanted) if wanted else members

    def first_of(self, places: Collection[tuple[int | None, str]]) -> list[tuple[int, str, str]]:
        """(organisation's key, role, name) of who is usable in (organisation, role) `places`, the oldest first. May hold
        more than was asked for: every role named in every organisation named."""
        rows = self.usable().filter(
            organisation_id__in={unit for unit, _role in places}, role__in={role for _unit, role in places}
        )
        return list(rows.order_by("pk").values_list("organisation_id", "role", "user__name"))

    def acting_for(self, organisation: Organisation | int, *wanted: str) -> MembershipQuerySet:
        """Those of `of`, and the colleagues who stand in for one of them today: whom to tell that something waits."""
        on = clock.today()
        lent = Delegation.objects.filter(
            from_membership__in=Membership.objects.of(organisation, *wanted).values("pk"),
            from_on__lte=on,
            until_on__gte=on,
            ended_at=None,
        )
        wide = self.of(organisation)
        return wide.filter(Q(role__in=wanted) | Q(pk__in=lent.values("to_membership"))) if wanted else wide


class Membership(models.Model):
    """What a person is in an organisation, from when until when. Also the actor of everything they do there.

    A row is never changed into another role: the old one is ended and a new one begins.
    """

    class State(States):
        ACTIVE = "active", GREEN, "check-circle", _("在任")
        SUSPENDED = "suspended", ORANGE, "pause", _("已停用")
        ENDED = "ended", GREY, "lock", _("已结束")

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField(_("身份"), max_length=20)
    expert_kind = models.CharField(_("专家类别"), max_length=20, blank=True)  # of an expert: `roles.EXPERT_KINDS`
    state = StateField(_("状态"), max_length=10, states=State, default=State.ACTIVE)
    from_on = models.DateField(_("任职自"), null=True, blank=True)
    until_on = models.DateField(_("任职至"), null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_reason = models.TextField(_("原因"), blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("成员")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=Q(state__in=("active", "suspended")),
                name="one_standing_membership_per_role",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "role", "state"])]

    def __str__(self) -> str:
        return bracketed(self.user.name, f"{self.organisation.display_name} {self.role_label}")

    @property
    def expert_kind_label(self) -> str:
        """The word of the kind of expert, "" where none was said."""
        return str(roles.EXPERT_KINDS.get(self.expert_kind, ""))

    # --- the actor, as the door knows it -------------------------------------------------------------------

    @property
    def membership_id(self) -> int:
        return self.pk

    @property
    def name(self) -> str:
        return self.user.name

    @property
    def organisation_name(self) -> str:
        return self.organisation.display_name

    def may(self, permission: str, obj) -> bool:
        """Whether this membership may do `permission` ("app.code") to `obj`."""
        self.user.active_membership = self
        return self.user.has_perm(permission, obj)

    def sees(self, case) -> bool:
        """Whether the scoped case exists for this membership; anything that is not scoped does not."""
        return bool(self.seen_of([case]))

    def seen_of(self, cases: Collection) -> set:
        """Those of the scoped cases that exist for this membership. What stands in its own column is not asked for;
        the others cost one query for each kind of case."""
        cases_seen, rest = set(), {}
        for case in cases:
            if not isinstance(case, ScopedCase):
                continue
            scoped = type(case).objects
            if scoped.in_column(self, case):
                cases_seen.add(case)
            else:
                rest.setdefault(scoped, []).append(case)
        for scoped, asked in rest.items():
            seen = scoped.visible_to(self).filter(pk__in=[case.pk for case in asked]).values_list("pk", flat=True)
            cases_seen |= {case for case in asked if case.pk in set(seen)}
        return cases_seen

    # --- what it is ----------------------------------------------------------------------------------------

    @property
    def kind(self) -> str:
        """The kind of its organisation."""
        return self.organisation.kind

    @property
    def role_label(self) -> str:
        return roles.role_label(self.role)

    @property
    def label(self) -> str:
        """单位·身份, as the switch shows it."""
        return f"{self.organisation.display_name}·{self.role_label}"

    @property
    def is_admin(self) -> bool:
        """Whether it manages the organisation's members."""
        return roles.ADMIN_ROLE[self.organisation.kind] == self.role

    def usable(self, on: dt.date | None = None) -> bool:
        """Whether it opens anything on a day (default today)."""
        on = on or clock.today()
        return (
            self.state == "active"
            and (self.from_on is None or self.from_on <= on)
            and (self.until_on is None or on <= self.until_on)
            and self.user.is_active
            and self.organisation.active
        )

    @property
    def acting_roles(self) -> frozenset[str]:
        """Its own role and those of colleagues it stands in for today. One query, kept for the day."""
        return self._acting_today()[0]

    @property
    def acting_for(self) -> frozenset[int]:
        """Ids of itself and of the memberships that it stands in for today. Read with `acting_roles`."""
        return self._acting_today()[1]

    def _acting_today(self) -> tuple[frozenset[str], frozenset[int]]:
        on = clock.today()
        if self._acting is None or self._acting[0] != on:
            lent = self._lent(on)
            own = {self.role, *lent.values()}, {self.pk, *lent}
            self._acting = (on, (frozenset(own[0]), frozenset(own[1])))
        return self._acting[1]

    _acting: tuple[dt.date, tuple[frozenset[str], frozenset[int]]] | None = None

    def acts_as(self, wanted: Collection[str]) -> bool:
        """Whether its own role or one that it stands in for today is among `wanted`. Costs a query (kept for the day)
        only where its own role does not do."""
        return self.role in wanted or bool(wanted and self.acting_roles.intersection(wanted))

    def _lent(self, on: dt.date) -> dict[int, str]:
        """Memberships that it stands in for on a day, with their roles."""
        apart = roles.PERSONAL_ROLES | roles.READING_ROLES
        if self.role in apart:
            return {}
        rows = Delegation.objects.filter(
            to_membership=self,
            from_membership__in=Membership.objects.usable(on).filter(organisation_id=self.organisation_id),
            from_on__lte=on,
            until_on__gte=on,
            ended_at=None,
        )
        lent = dict(rows.values_list("from_membership_id", "from_membership__role"))
        return {pk: role for pk, role in lent.items() if role not in apart}


class Delegation(models.Model):
    """委托代办: a member lets a colleague of the same organisation act in their role, between two dates."""

    from_membership = models.ForeignKey(Membership, models.PROTECT, related_name="delegations_given")
    to_membership = models.ForeignKey(Membership, models.PROTECT, related_name="delegations_received")
    from_on = models.DateField(_("自"))
    until_on = models.DateField(_("至"))
    reason = models.CharField(_("事由"), max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=models.F("from_on")), name="delegation_ends_after_start"),
            models.CheckConstraint(
                condition=~Q(from_membership=models.F("to_membership")), name="delegation_to_somebody_else"
            ),
            models.UniqueConstraint(
                fields=["from_membership", "to_membership", "from_on", "until_on"],
                condition=Q(ended_at=None),
                name="one_delegation_per_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_membership_id} → {self.to_membership_id}"


class Invitation(models.Model):
    """Somebody is asked into an organisation in a role; accepted by a link, it becomes a membership.

    The link (`ActionLink`) is bound to the invited person's address. A resend makes another; the older one is dead.
    Whether it has expired is judged by the clock, not by a job.
    """

    class State(States):
        INVITED = "invited", YELLOW, "mail", _("待接受")
        UNCONFIRMED = "unconfirmed", YELLOW, "flag", _("待核实")  # by the link, never stored
        ACCEPTED = "accepted", GREEN, "check-circle", _("已接受")
        EXPIRED = "expired", GREY, "lock", _("已过期")
        WITHDRAWN = "withdrawn", GREY, "minus-circle", _("已撤回")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="invitations")
    role = models.CharField(_("身份"), max_length=20)
    name = models.CharField(_("姓名"), max_length=60, blank=True)
    email = models.EmailField(_("电子邮箱"), blank=True)
    phone = models.CharField(_("手机号"), max_length=20, blank=True)
    until_on = models.DateField(_("任职至"), null=True, blank=True)
    state = StateField(_("状态"), max_length=12, states=State, default=State.INVITED)
    link = models.ForeignKey("tenants.ActionLink", models.PROTECT, null=True, editable=False, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    invited_by = models.ForeignKey(Membership, models.PROTECT, related_name="+", editable=False)
    membership = models.ForeignKey(Membership, models.PROTECT, null=True, editable=False, related_name="+")
    closed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=["organisation", "state"])]
        constraints = [
            models.UniqueConstraint(
                "organisation",
                "role",
                Lower("email"),
                condition=Q(state="invited") & ~Q(email=""),
                name="one_pending_invitation_per_address",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name or self.email} → {self.organisation_id} {self.role}"

    @property
    def role_label(self) -> str:
        return roles.role_label(self.role)

    @property
    def current_state(self) -> str:
        """The state by the clock and the link: one that nobody accepted in time is expired whether or not a job has
        said so; one whose address nobody else has confirmed waits for that.
        """
        if self.state == "invited" and self.link.state in ("expired", "unconfirmed"):
            return self.State(self.link.state)
        return self.state

    @property
    def current_state_label(self) -> str:
        return str(self.State(self.current_state).label)
