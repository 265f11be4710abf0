"""链接办理人: people who act for a partner unit by links. Entered by one person, verified by another, never edited."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core import clock, outbox, text
from core.door import Forbidden, Refused
from core.findings import Finding
from tenants import rights, roles
from tenants.models import Membership, Organisation, UnitContact
from tenants.persons import accounts_named, is_reached_at, same_person
from tenants.services.acts import allow, note

WHO_ENTERS = gettext_noop("链接办理人由本校研究生处或学院研究生秘书登记。")
WHO_VERIFIES = gettext_noop("链接办理人的邮箱由登记人以外的本校研究生处、单位管理员或主管部门人员核实。")
MOST = {"name": 60, "post": 60, "phone": 30}


def home_of(membership: Membership) -> Organisation | None:
    """The university whose list a member enters into; None for whoever belongs to none."""
    unit = membership.organisation
    return {roles.UNIVERSITY: unit, roles.COLLEGE: unit.parent}.get(unit.kind)


def of(unit: Organisation | int, home: Organisation | int | None) -> QuerySet[UnitContact]:
    """The standing people of a partner unit on a university's list, the oldest first."""
    rows = (
        UnitContact.objects.filter(organisation=unit, kept_by=home, ended_at=None)
        if home
        else UnitContact.objects.none()
    )
    return rows.select_related("verified_by__user", "verified_by__organisation", "entered_by__user").order_by("pk")


def enter(actor: Membership, unit: Organisation, *, name: str, post: str, email: str, phone: str) -> UnitContact:
    """Enter somebody whom the unit has named; whoever may verify the address is told. Raises Forbidden, Refused."""
    allow(actor, rights.ENTER_CONTACT, unit, _(WHO_ENTERS))
    fields = {
        "name": " ".join(text.normal(name).split()),
        "post": " ".join(text.normal(post).split()),
        "phone": text.phone(phone),
    }
    email = text.address(email)
    if findings := _faults(actor, fields, email):
        raise Refused(findings)
    try:
        with transaction.atomic():
            row = UnitContact.objects.create(
                organisation=unit, kept_by=home_of(actor), email=email, entered_by=actor, **fields
            )
            note(unit, "contact_entered", gettext_noop("登记链接办理人"), actor, member=row.name)
            title = _("请核实链接办理人的邮箱：%(name)s（%(unit)s）") % {"name": row.name, "unit": unit.display_name}
            outbox.notify(
                verifiers(row),
                title,
                _("请另行打电话与该单位联系，核实此人受单位委托、邮箱和电话是其本人的，再点“已核实属实”。"),
                f"/organisation/{unit.pk}/contacts/",
                key=f"contact-verify:{row.pk}",
                by=actor,
            )
    except IntegrityError:
        raise Refused(Finding("", "hard", _("此邮箱已登记为该单位的链接办理人。"), field="email")) from None
    return row


def _faults(actor: Membership, fields: dict[str, str], email: str) -> list[Finding]:
    findings = []
    for key, message in (("name", _("请填写姓名。")), ("phone", _("请填写电话，供核实人打电话核实。"))):
        if not fields[key]:
            findings.append(Finding("", "hard", message, field=key))
    for key, most in MOST.items():
        if (length := len(fields[key])) > most:
            message = _("现有%(n)s个字符，最多%(m)s个。") % {"n": length, "m": most}
            findings.append(Finding("", "hard", message, field=key))
    try:
        forms.EmailField().clean(email)
    except ValidationError:
        findings.append(Finding("", "hard", _("请填写本人能收到邮件的电子邮箱，链接和验证码发到这里。"), field="email"))
    else:
        if is_reached_at(actor.user, email=email, phone=fields["phone"]):
            message = _("邮箱或电话是您自己的。链接办理人是合作单位的人，不能是登记人。")
            findings.append(Finding("", "hard", message, field="email"))
        elif accounts_named(email).exists():
            message = _("此邮箱已有平台账号。有账号的人请登录后办理，不用链接。")
            findings.append(Finding("", "hard", message, field="email"))
    return findings


def _same_hand(membership: Membership, contact: UnitContact) -> bool:
    """Whether the person entered the row, or is the one it is about; in whatever account."""
    entered = contact.entered_by.user
    return same_person(membership.user, entered) or same_person(membership.user, contact.as_user())


def verifiers(contact: UnitContact) -> list[Membership]:
    """Who may verify the address today: usable memberships of the university and of the department above it."""
    return verifiers_of([contact])[contact.pk]


def verifiers_of(contacts: Sequence[UnitContact]) -> dict[int, list[Membership]]:
    """The same for several, by pk. One query."""
    units = {contact.kept_by_id for contact in contacts} | {contact.kept_by.parent_id for contact in contacts}
    rows = Membership.objects.usable().filter(
        organisation_id__in=units - {None}, role__in={role for _kind, role in roles.CONFIRMERS}
    )
    members = list(rows.select_related("user", "organisation").order_by("pk")) if contacts else []
    return {
        contact.pk: [
            member for member in members if rights.verifies_contact(member, contact) and not _same_hand(member, contact)
        ]
        for contact in contacts
    }


def verify(actor: Membership, contact: UnitContact) -> UnitContact:
    """The second pair of eyes: the person was named by the unit, address and number are theirs. Links go there from now
    on, sent by anybody but who verified it. Raises Forbidden, Refused."""
    if not actor.may(rights.VERIFY_CONTACT, contact):
        raise Forbidden(_(WHO_VERIFIES))
    with transaction.atomic():
        fresh = _standing(contact)
        if fresh.verified_at is not None:
            raise Refused(_("此人的邮箱已由%(who)s核实，没有改动任何内容。") % {"who": fresh.verified_by.name})
        if _same_hand(actor, fresh):
            raise Forbidden(_("须由登记人和链接办理人以外的另一人核实。"))
        fresh.verified_by, fresh.verified_at = actor, clock.now()
        fresh.save(update_fields=["verified_by", "verified_at"])
        note(fresh.organisation, "contact_verified", gettext_noop("核实链接办理人的邮箱"), actor, member=fresh.name)
    return fresh


def end(actor: Membership, contact: UnitContact) -> UnitContact:
    """No further link goes to the person; those that are open are closed by whoever sent them. Raises Forbidden, Refused."""
    allow(actor, rights.ENTER_CONTACT, contact.organisation, _(WHO_ENTERS))
    with transaction.atomic():
        fresh = _standing(contact)
        fresh.ended_by, fresh.ended_at = actor, clock.now()
        fresh.save(update_fields=["ended_by", "ended_at"])
        note(fresh.organisation, "contact_ended", gettext_noop("停用链接办理人"), actor, member=fresh.name)
    return fresh


def _standing(contact: UnitContact) -> UnitContact:
    rows = UnitContact.objects.select_for_update(of=("self",))
    fresh = rows.select_related("entered_by__user", "verified_by__user", "organisation").get(pk=contact.pk)
    if fresh.ended_at is not None:
        raise Refused(_("此人已停用，没有改动任何内容。"))
    return fresh
