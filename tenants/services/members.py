"""Members of an organisation: beginning, ending, suspending, changing a role, standing in for a colleague.

Nothing is deleted and no row turns into another role. The last administrator of an organisation stays.
"""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core import clock
from core.door import Actor, Refused, SystemActor
from core.findings import Finding
from tenants import rights, roles
from tenants.models import Delegation, Membership, Organisation, User
from tenants.services.acts import allow, note

WHO = gettext_noop("成员由本单位管理员维护。")


def _lock(organisation_id: int) -> Organisation:
    """Lock the organisation, so that two administrators cannot each remove the other."""
    return Organisation.objects.select_for_update(of=("self",)).get(pk=organisation_id)


def check_role(organisation: Organisation, role: str, until_on: dt.date | None) -> None:
    """Raise Refused for a role that the organisation's kind does not have, or a timed role without an end."""
    if role not in roles.ROLES[organisation.kind]:
        raise Refused(Finding("", "hard", _("本单位没有这一身份。"), field="role"))
    if role in roles.TIMED_ROLES and until_on is None:
        raise Refused(Finding("", "hard", _("督查审计须写明截止日期。"), field="until_on"))
    if until_on is not None and until_on < clock.today():
        raise Refused(Finding("", "hard", _("任职截止日期早于今天。"), field="until_on"))


def add_member(
    actor: Actor,
    user: User,
    organisation: Organisation,
    role: str,
    *,
    from_on: dt.date | None = None,
    until_on: dt.date | None = None,
) -> Membership:
    """Make a person a member from `from_on` (default today). Raises Forbidden, Refused."""
    allow(actor, rights.MANAGE_MEMBERS, organisation, _(WHO))
    check_role(organisation, role, until_on)
    return begin(actor, user, organisation, role, from_on, until_on)


def begin(actor: Actor, user: User, organisation: Organisation, role: str, from_on=None, until_on=None) -> Membership:
    """Write the row and its log line, without asking for a permission: whoever calls has done so."""
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                user=user,
                organisation=organisation,
                role=role,
                from_on=from_on or clock.today(),
                until_on=until_on,
            )
            note(
                organisation,
                "member_added",
                gettext_noop("新增成员"),
                actor,
                member=user.name,
                user=user.pk,
                role=role,
                until_on=until_on.isoformat() if until_on else "",
            )
    except IntegrityError:
        raise Refused(
            _("%(name)s已是本单位的%(role)s。") % {"name": user.name, "role": roles.role_label(role)}
        ) from None
    return membership


def _keeps_an_admin(actor: Actor, organisation: Organisation, leaving: Membership) -> None:
    """Raise Refused where nobody of the unit would manage its members; whoever manages it from above may do so and
    invites the next."""
    if actor.organisation_id is not None and actor.organisation_id == organisation.parent_id:
        return
    wanted = roles.ADMIN_ROLE[organisation.kind]
    if leaving.role != wanted:
        return
    others = Membership.objects.of(organisation, wanted).exclude(pk=leaving.pk)
    if not others.exists():
        raise Refused(
            _("%(name)s是本单位最后一名%(role)s。请先邀请或指定另一名，再办理此项。")
            % {"name": leaving.user.name, "role": roles.role_label(wanted)}
        )


def _reason(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise Refused(Finding("", "hard", _("请写明原因。"), field="reason"))
    return reason


def _standing(membership: Membership, *states: str) -> Membership:
    fresh = Membership.objects.select_related("user", "organisation").get(pk=membership.pk)
    if fresh.state not in states:
        raise Refused(_("该成员现为“%(state)s”，不能办理此项。") % {"state": fresh.get_state_display()})
    return fresh


def end_membership(actor: Actor, membership: Membership, reason: str) -> Membership:
    """End a membership today, for good. Raises Forbidden, Refused (the last administrator, no reason)."""
    return _leave(actor, membership, "ended", reason, "member_ended", gettext_noop("结束成员身份"))


def suspend_membership(actor: Actor, membership: Membership, reason: str) -> Membership:
    """Take a membership out of use until it is resumed. Raises Forbidden, Refused."""
    return _leave(actor, membership, "suspended", reason, "member_suspended", gettext_noop("停用成员"))


def _leave(actor, membership, state, reason, code, label) -> Membership:
    allow(actor, rights.MANAGE_MEMBERS, membership.organisation, _(WHO))
    reason = _reason(reason)
    with transaction.atomic():
        organisation = _lock(membership.organisation_id)
        fresh = _standing(membership, "active", "suspended") if state == "ended" else _standing(membership, "active")
        if fresh.usable():
            _keeps_an_admin(actor, organisation, fresh)
        fresh.state, fresh.ended_reason = state, reason
        if state == "ended":
            fresh.ended_at = clock.now()
        fresh.save(update_fields=["state", "ended_reason", "ended_at"])
        Delegation.objects.filter(from_membership=fresh, ended_at=None).update(ended_at=clock.now())
        Delegation.objects.filter(to_membership=fresh, ended_at=None).update(ended_at=clock.now())
        note(
            organisation,
            code,
            label,
            actor,
            reason,
            member=fresh.user.name,
            user=fresh.user_id,
            role=fresh.role,
        )
    return fresh


def resume_membership(actor: Actor, membership: Membership) -> Membership:
    """Put a suspended membership back into use. Raises Forbidden, Refused."""
    allow(actor, rights.MANAGE_MEMBERS, membership.organisation, _(WHO))
    with transaction.atomic():
        organisation = _lock(membership.organisation_id)
        fresh = _standing(membership, "suspended")
        fresh.state, fresh.ended_reason = "active", ""
        fresh.save(update_fields=["state", "ended_reason"])
        note(
            organisation,
            "member_resumed",
            gettext_noop("恢复成员"),
            actor,
            member=fresh.user.name,
            role=fresh.role,
        )
    return fresh


def change_role(
    actor: Actor, membership: Membership, role: str, reason: str, until_on: dt.date | None = None
) -> Membership:
    """End a membership and begin one in another role, in one go. Returns the new one. Raises Forbidden,
    Refused.
    """
    allow(actor, rights.MANAGE_MEMBERS, membership.organisation, _(WHO))
    check_role(membership.organisation, role, until_on)
    if role == membership.role:
        raise Refused(Finding("", "hard", _("该成员已是这一身份。"), field="role"))
    if role in roles.DECIDING_ROLES:
        message = _("“%(role)s”须经另一人核实，不能直接变更。请改用邀请：核实后由本人接受，原身份另行结束。")
        raise Refused(Finding("", "hard", message % {"role": roles.role_label(role)}, field="role"))
    with transaction.atomic():
        ended = end_membership(actor, membership, reason)
        return begin(actor, ended.user, ended.organisation, role, clock.today(), until_on)


def set_expert_kind(actor: Actor, membership: Membership, kind: str) -> Membership:
    """Say what kind of expert somebody of the pool is (`roles.EXPERT_KINDS`, "" for none): it goes with every review that
    they are asked for from now on. Raises Forbidden, Refused."""
    allow(actor, rights.MANAGE_MEMBERS, membership.organisation, _(WHO))
    with transaction.atomic():
        organisation = _lock(membership.organisation_id)
        fresh = _standing(membership, "active", "suspended")
        if fresh.role != "expert" or kind not in {"", *roles.EXPERT_KINDS}:
            raise Refused(Finding("", "hard", _("只有专家可以登记专家类别。"), field="kind"))
        fresh.expert_kind = kind
        fresh.save(update_fields=["expert_kind"])
        note(organisation, "expert_kind", gettext_noop("登记专家类别"), actor, member=fresh.user.name, kind=kind)
    return fresh


def deactivate_user(actor: Actor, membership: Membership, reason: str) -> User:
    """Close the account of a person whose every standing membership is in the actor's organisation.

    Somebody who also belongs elsewhere keeps the account: end or suspend the membership. Raises Forbidden,
    Refused.
    """
    allow(actor, rights.MANAGE_MEMBERS, membership.organisation, _(WHO))
    reason = _reason(reason)
    with transaction.atomic():
        organisation = _lock(membership.organisation_id)
        user = User.objects.select_for_update(of=("self",)).get(pk=membership.user_id)
        standing = list(user.memberships.filter(state__in=("active", "suspended")).select_related("organisation"))
        if any(held.organisation_id != organisation.pk for held in standing) and not isinstance(actor, SystemActor):
            raise Refused(
                _("%(name)s在其他单位还有身份，账号不能停用。可以停用其在本单位的身份。") % {"name": user.name}
            )
        for held in standing:
            held.user = user
            if held.usable():
                _keeps_an_admin(actor, organisation, held)
        user.is_active = False
        user.save(update_fields=["is_active"])
        note(
            organisation,
            "user_deactivated",
            gettext_noop("停用账号"),
            actor,
            reason,
            member=user.name,
            user=user.pk,
        )
    return user


def reactivate_user(actor: Actor, membership: Membership) -> User:
    """Open a closed account again, where the person still stands in the unit. Raises Forbidden, Refused."""
    allow(actor, rights.MANAGE_MEMBERS, membership.organisation, _(WHO))
    with transaction.atomic():
        user = _standing(membership, "active", "suspended").user
        User.objects.filter(pk=user.pk).update(is_active=True)
        user.is_active = True
        note(
            membership.organisation,
            "user_reactivated",
            gettext_noop("恢复账号"),
            actor,
            member=user.name,
            user=user.pk,
        )
    return user


def delegate(actor: Membership, to: Membership, from_on: dt.date, until_on: dt.date, reason: str) -> Delegation:
    """委托代办: let a colleague of the same organisation act in one's own role between two dates. Raises
    Refused.
    """
    reason = _reason(reason)
    today = clock.today()
    if to.organisation_id != actor.organisation_id or not to.usable() or to.user_id == actor.user_id:
        raise Refused(Finding("", "hard", _("只能委托本单位的其他在任成员。"), field="to"))
    barred = roles.PERSONAL_ROLES | roles.READING_ROLES
    if actor.role in barred or to.role in barred:
        raise Refused(Finding("", "hard", _("评审专家、督查审计、导师和研究生的身份不能委托。"), field="to"))
    if until_on < from_on or until_on < today:
        raise Refused(Finding("", "hard", _("委托截止日期应不早于开始日期和今天。"), field="until_on"))
    from_on = max(from_on, today)
    with transaction.atomic():
        _lock(actor.organisation_id)
        standing = Delegation.objects.filter(from_membership=actor, to_membership=to, ended_at=None)
        if row := standing.filter(from_on__lte=until_on, until_on__gte=from_on).first():
            message = _("已委托%(name)s代办（%(from)s至%(until)s），期限有重叠。请先收回，或另选日期。")
            dates = {"from": row.from_on.isoformat(), "until": row.until_on.isoformat()}
            raise Refused(Finding("", "hard", message % ({"name": to.name} | dates), field="to"))
        row = Delegation.objects.create(
            from_membership=actor,
            to_membership=to,
            from_on=from_on,
            until_on=until_on,
            reason=reason,
        )
        note(
            actor.organisation,
            "delegated",
            gettext_noop("委托代办"),
            actor,
            reason,
            to=to.user.name,
            from_on=row.from_on.isoformat(),
            until_on=until_on.isoformat(),
        )
    return row


def end_delegation(actor: Membership, delegation: Delegation) -> None:
    """Take a delegation back: whoever gave it, or the organisation's administrator. Raises Forbidden,
    Refused.
    """
    if delegation.from_membership.user_id != actor.user_id:
        allow(actor, rights.MANAGE_MEMBERS, delegation.from_membership.organisation, _("委托由委托人本人收回。"))
    if delegation.ended_at is not None:
        raise Refused(_("该委托已结束。"))
    with transaction.atomic():
        delegation.ended_at = clock.now()
        delegation.save(update_fields=["ended_at"])
        note(
            delegation.from_membership.organisation,
            "delegation_ended",
            gettext_noop("收回委托"),
            actor,
            to=delegation.to_membership.user.name,
        )
