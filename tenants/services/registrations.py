"""A unit without an account asks a university to be entered, so that it can apply itself (CZMC-3.3a).

What the public types stands nowhere before the code sent to the contact's mail address has come back, and enters the
register only when the university's office has checked it. The account then comes by an invitation, with its second
pair of eyes, as for every partner unit.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core import clock, outbox, serials, text
from core.door import Actor, Forbidden, Refused
from core.findings import Finding
from tenants import rights, roles
from tenants.models import ActionLink, Membership, Organisation, UnitRegistration
from tenants.services import invitations, links, publicly
from tenants.services.acts import allow, note
from tenants.services.organisations import findings_of, introduce_partner
from tenants.services.publicly import Limits

PURPOSE = "registration"
LIMITS = Limits(address=3, thing=60, network=20)  # of one university; for one address a day
WHO = gettext_noop("外单位的登记由研究生处核实。")

links.purpose(PURPOSE, "/public/join/confirm/{}/")


def begin(university: Organisation, about_id: int, about: str, typed: dict, network: str) -> ActionLink:
    """Keep a registration until its code comes back, and mail the code. `typed`: the fields of a partner unit, and
    `contact`, `email`, `mobile`. Raises Refused where something is missing, TooMany beyond the limits.
    """
    email = text.address(typed.get("email", ""))

    def keep() -> ActionLink:
        payload = _checked(university, about, typed, email)
        # One after another: the limits count.
        Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=university.pk)
        _within_limits(university, email, network)
        until = clock.now() + dt.timedelta(hours=publicly.OPEN_HOURS)
        return links.make(PURPOSE, about_id, until=until, name=payload["contact"], address=email, payload=payload)

    return publicly.begin(PURPOSE, university.pk, email, network, keep)


def _checked(university: Organisation, about: str, typed: dict, email: str) -> dict:
    unit, findings = findings_of(roles.PARTNER, typed)
    contact, phone = " ".join(typed.get("contact", "").split()), text.phone(typed.get("mobile", ""))
    for field, value, message in (
        ("contact", contact, _("请填写联系人姓名。")),
        ("email", email, _("请填写联系人电子邮箱。")),
        ("mobile", phone, _("请填写联系人手机号。")),
    ):
        if not value:
            findings.append(Finding("", "hard", message, field=field))
    if findings:
        raise Refused(findings)
    return {"university": university.pk, "about": about, "unit": unit, "contact": contact, "phone": phone}


def _within_limits(university: Organisation, email: str, network: str) -> None:
    publicly.within(
        PURPOSE,
        university.pk,
        LIMITS,
        email,
        network,
        hours=24,
        own=_("此邮箱今天已提交%(n)s次，不能再提交。请使用已收到的验证码，或打电话联系学校。"),
        busy=_("一小时内提交的人过多，暂不能登记。请一小时后再试，或打电话联系学校。"),
    )


def confirm(link: ActionLink, code: str, network: str) -> str:
    """The code came back: the registration waits at the university's office from now. Returns its number. Raises
    Refused."""
    return publicly.confirm(link, link.payload.get("university"), code, network, _keep)


def _keep(link: ActionLink) -> str:
    given = link.payload
    row = UnitRegistration.objects.create(
        number=serials.number("DJ", clock.today().year),
        university_id=given["university"],
        about_id=link.about_id,
        about=given["about"],
        name=given["unit"]["name"],
        unit=given["unit"],
        contact=given["contact"],
        email=link.address,
        phone=given["phone"],
    )
    outbox.notify(
        handlers(row.university),
        _("外单位申请登记：%(name)s") % {"name": row.name},
        _("%(name)s拟申报“%(about)s”。请核对单位信息，与联系人电话核实后办理。")
        % {"name": row.name, "about": row.about},
        f"/organisation/registrations/{row.pk}/",
        key=_key(row),
        asks=_key(row),
    )
    return row.number


def _key(row: UnitRegistration) -> str:
    return f"registration:{row.pk}"


def handlers(university: Organisation) -> list[Membership]:
    """Who checks registrations at a university today."""
    handling = {role for kind, role in rights.INTRODUCERS if kind == university.kind}
    rows = Membership.objects.usable().filter(organisation=university, role__in=handling)
    return list(rows.select_related("user", "organisation").order_by("pk"))


def waiting(membership: Membership) -> list[UnitRegistration]:
    """The registrations that wait for the membership's own university, the oldest first, at most a hundred. One query
    for those who handle them, else none."""
    if (membership.organisation.kind, membership.role) not in rights.INTRODUCERS:
        return []
    return list(
        UnitRegistration.objects.filter(university=membership.organisation_id, state="asked").order_by("pk")[:100]
    )


def _locked(actor: Actor, registration: UnitRegistration) -> UnitRegistration:
    allow(actor, rights.INTRODUCE_PARTNER, registration.university, _(WHO))
    fresh = (
        UnitRegistration.objects.select_for_update(of=("self",)).select_related("university").get(pk=registration.pk)
    )
    if fresh.state != "asked":
        raise Refused(_("此登记%(state)s，没有改动任何内容。") % {"state": fresh.get_state_display()})
    return fresh


def take(actor: Membership, registration: UnitRegistration) -> UnitRegistration:
    """The unit is what it says: enter it (or find it under its code) and invite its contact. Raises Forbidden, Refused:
    decided already, or a unit that has people of its own, who invite their colleagues themselves."""
    with transaction.atomic():
        fresh = _locked(actor, registration)
        unit, new = introduce_partner(actor, fresh.unit)
        if not new and rights.has_admin(unit):
            message = _(
                "“%(unit)s”（%(code)s）已在平台登记并有联系人，由该单位联系人邀请同事，不另行开通。请写明此情况，不予登记。"
            )
            raise Refused(message % {"unit": unit.name, "code": unit.uscc or _("无代码")})
        try:
            invitation = invitations.invite(
                actor, unit, roles.ADMIN_ROLE[roles.PARTNER], name=fresh.contact, email=fresh.email, phone=fresh.phone
            )
        except Forbidden:
            message = _("“%(unit)s”由%(home)s登记，联系人由登记的单位邀请。请与该单位联系。")
            home = unit.created_by.name if unit.created_by else _("平台")
            raise Refused(message % {"unit": unit.name, "home": home}) from None
        fresh.organisation, fresh.invitation = unit, invitation
        _decided(fresh, actor, "taken")
        label = gettext_noop("核实外单位登记")
        note(fresh.university, "registration_taken", label, actor, number=fresh.number, unit=unit.name)
    return fresh


def decline(actor: Membership, registration: UnitRegistration, reason: str) -> UnitRegistration:
    """The unit is not entered; its contact is told why by mail. Raises Forbidden, Refused."""
    reason = " ".join(reason.split())
    if not reason:
        raise Refused(Finding("", "hard", _("请写明原因。"), field="reason"))
    with transaction.atomic():
        fresh = _locked(actor, registration)
        fresh.reason = reason
        _decided(fresh, actor, "declined")
        label = gettext_noop("不予登记外单位")
        note(fresh.university, "registration_declined", label, actor, reason, number=fresh.number, unit=fresh.name)
        outbox.queue_mail(
            fresh.email,
            _("登记结果：%(number)s") % {"number": fresh.number},
            _(
                "%(contact)s：\n\n贵单位“%(name)s”的登记（%(number)s）未予办理。\n原因：%(reason)s\n\n如有疑问，请联系%(office)s，电话%(phone)s。"
            )
            % {
                "contact": fresh.contact,
                "name": fresh.name,
                "number": fresh.number,
                "reason": reason,
                "office": fresh.university.display_name,
                "phone": fresh.university.phone or _("（未登记）"),
            },
            key=f"registration-declined:{fresh.pk}",
            by=actor,
        )
    return fresh


def _decided(row: UnitRegistration, actor: Membership, state: str) -> None:
    row.state, row.decided_by, row.decided_at = state, actor, clock.now()
    row.save(update_fields=["state", "decided_by", "decided_at", "reason", "organisation", "invitation"])
    outbox.answered(_key(row))
