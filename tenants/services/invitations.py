"""Invitations: made, confirmed by a second person, sent again, withdrawn, accepted by a new or an existing account.

The link and its code are an `ActionLink` (tenants.services.links), bound to the invited person's address.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core import clock, outbox, text
from core.door import Actor, Forbidden, Refused
from core.findings import Finding
from core.models import TransitionLog
from tenants import rights, roles
from tenants.models import Invitation, Membership, Organisation, User
from tenants.persons import accounts_named, is_reached_at, phone_key, same_person
from tenants.services import links
from tenants.services.acts import allow, note
from tenants.services.members import WHO, begin, check_role

LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{2,59}")
PURPOSE = "invitation"
WHO_CONFIRMS = gettext_noop("受邀人的联系方式由邀请人以外的上级单位人员核实。")
PENDING = ("invited", "unconfirmed", "expired")  # states in which an invitation may be sent again or taken back

links.purpose(PURPOSE, "/invitations/{}/")

# Rooms above that keep who an invited person is: called with the invitation and the membership that came of it, inside the
# transaction of the acceptance.
_joined: list[Callable[[Invitation, Membership], None]] = []


def when_joined(follow: Callable[[Invitation, Membership], None]) -> None:
    """Have `follow(invitation, membership)` called whenever somebody accepts an invitation."""
    if follow not in _joined:
        _joined.append(follow)


def days_valid() -> int:
    """How long a link stays good, in days (setting INVITATION_DAYS, default 14)."""
    return int(getattr(settings, "INVITATION_DAYS", 14))


def link_of(invitation: Invitation) -> str:
    """The full address of the link, or "" where the secret has changed since and the link must be sent
    again.
    """
    return links.address_of(invitation.link)


def find(token: str) -> Invitation | None:
    """The invitation of a token, whatever its state, or None."""
    link = links.find(PURPOSE, token)
    if link is None:
        return None
    return (
        Invitation.objects.filter(link=link)
        .select_related("link", "organisation__parent", "invited_by__user", "invited_by__organisation")
        .first()
    )


def needs_second(organisation: Organisation, role: str) -> bool:
    """Whether another person must confirm the invited person's address first: for a partner unit's first contact,
    and for whoever decides on what the inviter prepares."""
    return role in roles.DECIDING_ROLES or (organisation.kind == roles.PARTNER and not rights.has_admin(organisation))


def _renew(invitation: Invitation, actor: Membership) -> None:
    """A fresh link; the older one is dead. The second person's confirmation holds as long as the address does."""
    old = invitation.link
    if old is not None:
        links.close(old, actor)
    fresh = links.make(
        PURPOSE,
        invitation.pk,
        until=clock.now() + dt.timedelta(days=days_valid()),
        name=invitation.name,
        address=invitation.email,
        made_by=invitation.invited_by,
        needs_second=needs_second(invitation.organisation, invitation.role),
    )
    if old is not None and old.confirmed_by is not None and fresh.needs_second:
        fresh = links.confirm(fresh, old.confirmed_by)
    invitation.link = fresh
    invitation.save(update_fields=["link", "state", "closed_at"])


def _send(invitation: Invitation, by: Actor) -> None:
    """Mail the link once it works; ask the second person where it does not yet."""
    if invitation.link.state == "unconfirmed":
        title = _("请核实受邀人的联系方式：%(name)s（%(unit)s）") % {
            "name": invitation.name,
            "unit": invitation.organisation.display_name,
        }
        outbox.notify(
            confirmers(invitation),
            title,
            _("请另行与该单位联系，核实受邀人和联系方式属实后确认；确认前邀请链接不能使用。"),
            f"/organisation/invitations/{invitation.pk}/",
            key=f"invitation-confirm:{invitation.link_id}",
        )
    elif invitation.email:
        outbox.queue_composed(
            "tenants.tasks.invitation_mail",
            {"pk": invitation.pk, "nonce": invitation.link.nonce},
            to=invitation.email,
            key=mail_key(invitation),
            url=reverse("tenants:invitation", args=[invitation.pk]),
            by=by,
        )


def mail_key(invitation: Invitation) -> str:
    """The outbox's key of the mail with the invitation's present link."""
    return f"invitation:{invitation.pk}:{invitation.link.nonce}"


def confirmers(invitation: Invitation) -> list[Membership]:
    """Who may be the second pair of eyes today: usable memberships, none of them the inviter's or introducer's."""
    members = Membership.objects.usable().filter(
        organisation_id__in=rights.confirming_units(invitation), role__in={role for _kind, role in roles.CONFIRMERS}
    )
    rows = members.select_related("user", "organisation").order_by("pk")
    return [row for row in rows if rights.confirms(row, invitation) and not _same_hand(row, invitation)]


def _same_hand(membership: Membership, invitation: Invitation) -> bool:
    """Whether the person invited, or entered the partner unit that the invitation is for."""
    people = [invitation.invited_by.user]
    if invitation.organisation.kind == roles.PARTNER:
        made = TransitionLog.objects.filter(
            case_kind=Organisation.case_kind, case_id=invitation.organisation_id, transition="organisation_created"
        )
        people += User.objects.filter(pk__in=made.exclude(user_id=None).values("user_id"))
    return any(same_person(membership.user, person) for person in people)


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
    name, email, phone = " ".join(name.split()), text.address(email), text.phone(phone)
    if not name:
        raise Refused(Finding("", "hard", _("请填写被邀请人姓名。"), field="name"))
    if is_reached_at(actor.user, email=email, phone=phone):
        message = _("邀请人不能邀请本人：邮箱或手机号是您自己的。请由另一名管理员邀请。")
        raise Refused(Finding("", "hard", message, field="email" if email else "phone"))
    if (
        email
        and Membership.objects.filter(
            user__email__iexact=email, organisation=organisation, role=role, state__in=("active", "suspended")
        ).exists()
    ):
        raise Refused(Finding("", "hard", _("使用该邮箱的账号已是本单位的这一身份。"), field="email"))
    with transaction.atomic():
        Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
        _refuse_second(organisation, role, name, email, phone)
        invitation = Invitation.objects.create(
            organisation=organisation,
            role=role,
            name=name,
            email=email,
            phone=phone,
            until_on=until_on,
            invited_by=actor,
        )
        note(organisation, "member_invited", gettext_noop("邀请成员"), actor, member=name, role=role)
        _renew(invitation, actor)
        _send(invitation, actor)
    return invitation


def _refuse_second(organisation: Organisation, role: str, name: str, email: str, phone: str) -> None:
    """One pending invitation per unit, role and address (telephone, name where nothing else is known)."""
    pending = Invitation.objects.filter(organisation=organisation, role=role, state="invited").select_related("link")
    for row in pending:
        if email and row.email.casefold() == email.casefold():
            field = "email"
        elif phone and phone_key(row.phone) == phone_key(phone):
            field = "phone"
        elif not (email or phone or row.email or row.phone) and row.name == name:
            field = "name"
        else:
            continue
        if row.current_state == "expired":
            Invitation.objects.filter(pk=row.pk).update(state="expired", closed_at=clock.now())
            continue
        message = _("%(name)s已有一份待接受的邀请（同一单位、同一身份）。请在该邀请的页面重新发送，或先撤回。")
        raise Refused(Finding("", "hard", message % {"name": row.name}, field=field))


def _fresh(invitation: Invitation, rows=None) -> Invitation:
    rows = Invitation.objects.all() if rows is None else rows
    related = ("link__confirmed_by", "organisation", "invited_by__user", "invited_by__organisation")
    return rows.select_related(*related).get(pk=invitation.pk)


def _locked(invitation: Invitation) -> Invitation:
    return _fresh(invitation, Invitation.objects.select_for_update(of=("self",)))


def confirm(actor: Membership, invitation: Invitation) -> Invitation:
    """The second pair of eyes: the address is that person's. The link works from now on. Raises Forbidden, Refused."""
    if not rights.confirms(actor, invitation):
        raise Forbidden(_(WHO_CONFIRMS))
    with transaction.atomic():
        fresh = _locked(invitation)
        if fresh.current_state != "unconfirmed":
            raise Refused(_("该邀请%(state)s，不需要核实。") % {"state": fresh.current_state_label})
        reached = is_reached_at(actor.user, email=fresh.email, phone=fresh.phone)
        if reached or _same_hand(actor, fresh):
            raise Forbidden(_("须由登记单位、发出邀请和受邀的人以外的另一人核实。"))
        fresh.link = links.confirm(fresh.link, actor)
        note(
            fresh.organisation,
            "invitation_confirmed",
            gettext_noop("核实受邀人联系方式"),
            actor,
            member=fresh.name,
            role=fresh.role,
        )
        _send(fresh, actor)
    return fresh


def told_code(viewer: Membership, invitation: Invitation) -> str:
    """The code of an invitation without a mail address, for whoever tells it by telephone: who confirmed the address,
    else who manages the members. "" for everybody else."""
    link = invitation.link
    if link.address or link.state != "open":
        return ""
    if link.needs_second:
        return links.code_of(link) if link.confirmed_by_id == viewer.pk else ""
    return links.code_of(link) if viewer.may(rights.MANAGE_MEMBERS, invitation.organisation) else ""


def resend(actor: Membership, invitation: Invitation) -> Invitation:
    """Make a fresh link, valid anew; the older link is dead. Also for an expired one. Raises Forbidden,
    Refused.
    """
    allow(actor, rights.MANAGE_MEMBERS, invitation.organisation, _(WHO))
    with transaction.atomic():
        fresh = _locked(invitation)
        if fresh.current_state not in PENDING:
            raise Refused(_("该邀请%(state)s，不能再次发送。") % {"state": fresh.current_state_label})
        fresh.state, fresh.closed_at = "invited", None
        note(
            fresh.organisation,
            "invitation_resent",
            gettext_noop("再次发送邀请"),
            actor,
            member=fresh.name,
            role=fresh.role,
        )
        _renew(fresh, actor)
        _send(fresh, actor)
    return fresh


def withdraw(actor: Membership, invitation: Invitation) -> Invitation:
    """Take an invitation back; its link is dead. Raises Forbidden, Refused."""
    allow(actor, rights.MANAGE_MEMBERS, invitation.organisation, _(WHO))
    with transaction.atomic():
        fresh = _locked(invitation)
        if fresh.current_state not in PENDING:
            raise Refused(_("该邀请%(state)s，不能撤回。") % {"state": fresh.current_state_label})
        fresh.state, fresh.closed_at = "withdrawn", clock.now()
        fresh.save(update_fields=["state", "closed_at"])
        links.close(fresh.link, actor)
        note(
            fresh.organisation,
            "invitation_withdrawn",
            gettext_noop("撤回邀请"),
            actor,
            member=fresh.name,
            role=fresh.role,
        )
    return fresh


def accept(invitation: Invitation, user: User, code: str) -> Membership:
    """Join with an existing account, with the code that went to the invited address. Raises Refused: a wrong code, a
    link that is no longer good, the inviter's own account or another of the same person, a role held already.
    """
    _enter(invitation, code)
    with transaction.atomic():
        return _join(_locked(invitation), user)


def _enter(invitation: Invitation, code: str) -> None:
    fresh = _fresh(invitation)
    _good(fresh)
    links.enter(fresh.link, code)


def _good(invitation: Invitation) -> None:
    if invitation.current_state != "invited" or not invitation.organisation.active:
        raise Refused(
            _("此邀请链接已失效（%(state)s）。请联系邀请人重新发送。") % {"state": invitation.current_state_label}
        )
    if not invitation.invited_by.usable() and rights.has_admin(invitation.organisation):
        raise Refused(_("发出此邀请的人已不在岗，链接已失效。请联系单位管理员重新发送。"))
    if invitation.until_on is not None and invitation.until_on < clock.today():
        raise Refused(_("此邀请写明的任职期限已过。请联系邀请人重新发送。"))


def _join(fresh: Invitation, user: User) -> Membership:
    _good(fresh)
    confirmed_by = fresh.link.confirmed_by
    for other in [fresh.invited_by, *([confirmed_by] if confirmed_by else [])]:
        if same_person(user, other.user):
            raise Refused(
                _(
                    "暂不能加入：此邀请由%(name)s发出或核实，不能由其本人（含同一邮箱、手机号的其他账号）接受。请由受邀人本人办理。"
                )
                % {"name": other.user.name}
            )

    def join() -> Membership:
        return begin(fresh.invited_by, user, fresh.organisation, fresh.role, None, fresh.until_on)

    membership = links.use(fresh.link, join)
    fresh.state, fresh.closed_at, fresh.membership = "accepted", clock.now(), membership
    fresh.save(update_fields=["state", "closed_at", "membership"])
    for follow in _joined:
        follow(fresh, membership)
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


def accept_as_new(invitation: Invitation, *, login: str, name: str, password: str, code: str) -> Membership:
    """Open an account and join with it. Raises Refused with what is wrong, by field."""
    _enter(invitation, code)
    login, name = text.address(login), " ".join(text.normal(name).split())
    findings = []
    if not LOGIN.fullmatch(login):
        findings.append(
            Finding("", "hard", _("登录名须为3至60位字母、数字或 . _ @ + -，以字母或数字开头。"), field="login")
        )
    elif accounts_named(login).exists():
        findings.append(Finding("", "hard", _("该登录名已被使用，请换一个；已有账号的请先登录再加入。"), field="login"))
    elif "@" in login and login.casefold() != invitation.email.casefold():
        message = _("登录名可以是收到邀请的邮箱（%(e)s），不能是别的邮箱。")
        findings.append(Finding("", "hard", message % {"e": invitation.email}, field="login"))
    if not name:
        findings.append(Finding("", "hard", _("请填写姓名。"), field="name"))
    email = invitation.email
    if email and accounts_named(email).exists():
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
            return _join(_locked(invitation), user)
    except IntegrityError:
        raise Refused(Finding("", "hard", _("该登录名已被使用，请换一个。"), field="login")) from None


def expire_due(on: dt.date) -> dict:
    """Mark invitations that nobody accepted in time. Says how many; a second run adds nothing."""
    until = clock.aware(on + dt.timedelta(days=1))
    marked = Invitation.objects.filter(state="invited", link__until__lt=min(until, clock.now())).update(
        state="expired", closed_at=clock.now()
    )
    return {"date": on.isoformat(), "expired": marked}
