"""Invitations by link: made, sent again, withdrawn, accepted by a new or an existing account."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core import clock, outbox
from core.door import Actor, Refused
from core.findings import Finding
from tenants import rights
from tenants.models import Invitation, Membership, Organisation, User
from tenants.services.acts import allow, note
from tenants.services.members import WHO, begin, check_role

LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{2,59}")


def days_valid() -> int:
    """How long a link stays good, in days (setting INVITATION_DAYS, default 14)."""
    return int(getattr(settings, "INVITATION_DAYS", 14))


def token_of(invitation: Invitation) -> str:
    """The link's token, derived from the installation's secret; the database keeps only its hash."""
    return salted_hmac("tenants.invitation", invitation.nonce, algorithm="sha256").hexdigest()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def link_of(invitation: Invitation) -> str:
    """The full address of the link, or "" where the secret has changed since and the link must be sent
    again.
    """
    token = token_of(invitation)
    if not constant_time_compare(_hash(token), invitation.token_hash):
        return ""
    return f"{settings.SITE_URL}/invitations/{token}/"


def find(token: str) -> Invitation | None:
    """The invitation of a token, whatever its state, or None."""
    return (
        Invitation.objects.filter(token_hash=_hash(token))
        .select_related("organisation__parent", "invited_by__user", "invited_by__organisation")
        .first()
    )


def _renew(invitation: Invitation) -> None:
    invitation.nonce = secrets.token_hex(16)
    invitation.token_hash = _hash(token_of(invitation))
    invitation.expires_at = clock.now() + dt.timedelta(days=days_valid())


def _send(invitation: Invitation, by: Actor) -> None:
    if invitation.email:
        outbox.queue_composed(
            "tenants.tasks.invitation_mail",
            {"pk": invitation.pk, "nonce": invitation.nonce},
            to=invitation.email,
            key=mail_key(invitation),
            url=reverse("tenants:invitation", args=[invitation.pk]),
            by=by,
        )


def mail_key(invitation: Invitation) -> str:
    """The outbox's key of the mail with the invitation's present link."""
    return f"invitation:{invitation.pk}:{invitation.nonce}"


def invite(
    actor: Membership,
    organisation: Organisation,
    role: str,
    *,
    name: str = "",
    email: str = "",
    phone: str = "",
    until_on: dt.date | None = None,
) -> Invitation:
    """Invite somebody; the link is mailed after the commit where there is an address. Raises Forbidden,
    Refused.
    """
    allow(actor, rights.MANAGE_MEMBERS, organisation, _(WHO))
    check_role(organisation, role, until_on)
    name = " ".join(name.split())
    if not name:
        raise Refused(Finding("", "hard", _("请填写被邀请人姓名。"), field="name"))
    if (
        email
        and Membership.objects.filter(
            user__email__iexact=email, organisation=organisation, role=role, state__in=("active", "suspended")
        ).exists()
    ):
        raise Refused(Finding("", "hard", _("使用该邮箱的账号已是本单位的这一身份。"), field="email"))
    invitation = Invitation(
        organisation=organisation,
        role=role,
        name=name,
        email=email.strip(),
        phone=phone.strip(),
        until_on=until_on,
        invited_by=actor,
    )
    _renew(invitation)
    with transaction.atomic():
        invitation.save()
        note(organisation, "member_invited", gettext_noop("邀请成员"), actor, member=name, role=role)
        _send(invitation, actor)
    return invitation


def _locked(invitation: Invitation) -> Invitation:
    return (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("organisation", "invited_by")
        .get(pk=invitation.pk)
    )


def resend(actor: Actor, invitation: Invitation) -> Invitation:
    """Make a fresh link, valid anew; the older link is dead. Also for an expired one. Raises Forbidden,
    Refused.
    """
    allow(actor, rights.MANAGE_MEMBERS, invitation.organisation, _(WHO))
    with transaction.atomic():
        fresh = _locked(invitation)
        if fresh.current_state not in ("invited", "expired"):
            raise Refused(_("该邀请%(state)s，不能再次发送。") % {"state": fresh.current_state_label})
        fresh.state, fresh.closed_at = "invited", None
        _renew(fresh)
        fresh.save()
        note(
            fresh.organisation,
            "invitation_resent",
            gettext_noop("再次发送邀请"),
            actor,
            member=fresh.name,
            role=fresh.role,
        )
        _send(fresh, actor)
    return fresh


def withdraw(actor: Actor, invitation: Invitation) -> Invitation:
    """Take an invitation back; its link is dead. Raises Forbidden, Refused."""
    allow(actor, rights.MANAGE_MEMBERS, invitation.organisation, _(WHO))
    with transaction.atomic():
        fresh = _locked(invitation)
        if fresh.current_state not in ("invited", "expired"):
            raise Refused(_("该邀请%(state)s，不能撤回。") % {"state": fresh.current_state_label})
        fresh.state, fresh.closed_at = "withdrawn", clock.now()
        fresh.save(update_fields=["state", "closed_at"])
        note(
            fresh.organisation,
            "invitation_withdrawn",
            gettext_noop("撤回邀请"),
            actor,
            member=fresh.name,
            role=fresh.role,
        )
    return fresh


def accept(invitation: Invitation, user: User) -> Membership:
    """Join with an existing account. Raises Refused where the link is no longer good or the role is held
    already.
    """
    with transaction.atomic():
        fresh = _locked(invitation)
        if fresh.current_state != "invited" or not fresh.organisation.active:
            raise Refused(
                _("此邀请链接已失效（%(state)s）。请联系邀请人重新发送。") % {"state": fresh.current_state_label}
            )
        if not fresh.invited_by.usable() and rights.has_admin(fresh.organisation):
            raise Refused(_("发出此邀请的人已不在岗，链接已失效。请联系单位管理员重新发送。"))
        if fresh.until_on is not None and fresh.until_on < clock.today():
            raise Refused(_("此邀请写明的任职期限已过。请联系邀请人重新发送。"))
        membership = begin(fresh.invited_by, user, fresh.organisation, fresh.role, None, fresh.until_on)
        fresh.state, fresh.closed_at, fresh.membership = "accepted", clock.now(), membership
        fresh.save(update_fields=["state", "closed_at", "membership"])
        note(
            fresh.organisation,
            "invitation_accepted",
            gettext_noop("接受邀请"),
            membership,
            member=user.name,
            role=fresh.role,
            invited_as=fresh.name,
        )
    return membership


def accept_as_new(invitation: Invitation, *, login: str, name: str, password: str) -> Membership:
    """Open an account and join with it. Raises Refused with what is wrong, by field."""
    login, name = login.strip(), " ".join(name.split())
    findings = []
    if not LOGIN.fullmatch(login):
        findings.append(
            Finding("", "hard", _("登录名须为3至60位字母、数字或 . _ @ + -，以字母或数字开头。"), field="login")
        )
    elif User.objects.filter(username__iexact=login).exists():
        findings.append(Finding("", "hard", _("该登录名已被使用，请换一个；已有账号的请先登录再加入。"), field="login"))
    if not name:
        findings.append(Finding("", "hard", _("请填写姓名。"), field="name"))
    email = invitation.email
    if email and User.objects.filter(email__iexact=email).exists():
        findings.append(Finding("", "hard", _("此邀请的邮箱已有账号，请先登录再加入。"), field="login"))
    user = User(username=login, name=name, email=email, phone=invitation.phone)
    try:
        validate_password(password, user)
    except ValidationError as error:
        findings += [Finding("", "hard", message, field="password1") for message in error.messages]
    if findings:
        raise Refused(findings)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
            return accept(invitation, user)
    except IntegrityError:
        raise Refused(Finding("", "hard", _("该登录名已被使用，请换一个。"), field="login")) from None


def expire_due(on: dt.date) -> dict:
    """Mark invitations that nobody accepted in time. Says how many; a second run adds nothing."""
    until = clock.aware(on + dt.timedelta(days=1))
    marked = Invitation.objects.filter(state="invited", expires_at__lt=min(until, clock.now())).update(
        state="expired", closed_at=clock.now()
    )
    return {"date": on.isoformat(), "expired": marked}
