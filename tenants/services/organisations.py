"""Founding and keeping organisations: universities, colleges, partner units and their sites."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from stdnum.cn import uscc as uscc_number
from stdnum.exceptions import ValidationError as NumberError

from core import text
from core.door import Actor, Refused, SystemActor, record_first_events
from core.findings import Finding
from tenants import divisions, rights, roles
from tenants.models import Organisation, PartnerSite
from tenants.services.acts import allow, note

EDITABLE = (
    "name",
    "short_name",
    "division",
    "address",
    "uscc",
    "uscc_absent_reason",
    "legal_person",
    "partner_kind",
    "school_code",
    "office",
    "phone",
    "seal",
    "mail_to",
    "mail_address",
    "mail_phone",
    "paper_only",
)


def compact_uscc(typed: str) -> str:
    """A unified social credit code as it is kept: plain capitals without blanks; "" stays "". Raises Refused for a wrong
    one.
    """
    bare = text.code(typed)
    if not bare:
        return ""
    try:
        return uscc_number.validate(bare)
    except NumberError:
        raise Refused(
            Finding(
                "",
                "hard",
                _("统一社会信用代码%(code)s校验不通过（应为18位，末位为校验码）。请对照证照核对。")
                % {"code": bare[:30]},
                {"uscc": bare[:30]},
                field="uscc",
            )
        ) from None


def _division(typed: str) -> str:
    """The code of a place. Raises Refused for one that does not exist."""
    try:
        return divisions.code_of(typed)
    except LookupError:
        message = _("行政区划“%(text)s”不存在，请填省份全称或6位代码。") % {"text": typed.strip()[:20]}
        raise Refused(Finding("", "hard", message, field="division")) from None


def findings_of(kind: str, data: dict) -> tuple[dict, list[Finding]]:
    """The fields of an organisation, put in order, and everything that is wrong with them."""
    clean = {name: value for name, value in data.items() if name in EDITABLE}
    for name, value in clean.items():
        if isinstance(value, str):
            clean[name] = " ".join(value.split())
    for name in ("phone", "mail_phone"):
        if clean.get(name):
            clean[name] = text.phone(clean[name])
    findings: list[Finding] = []
    for name, put_right in (("uscc", compact_uscc), ("division", _division)):
        try:
            clean[name] = put_right(clean.get(name) or "")
        except Refused as error:
            findings += error.findings
    if not clean.get("name"):
        findings.append(Finding("", "hard", _("请填写单位名称。"), field="name"))
    if clean.get("uscc") and clean.get("uscc_absent_reason"):
        clean["uscc_absent_reason"] = ""
    if kind == roles.PARTNER and not clean.get("uscc") and not clean.get("uscc_absent_reason"):
        message = _("请填写统一社会信用代码；确实没有的，请写明原因。")
        findings.append(Finding("", "hard", message, field="uscc_absent_reason"))
    return clean, findings


def _checked(kind: str, data: dict) -> dict:
    clean, findings = findings_of(kind, data)
    if findings:
        raise Refused(findings)
    return clean


def create_unit(actor: Actor, parent: Organisation | None, kind: str, data: dict) -> Organisation:
    """Found a university below a department, or a college below a university. `data` holds fields of
    EDITABLE.

    Only the portal itself founds departments (`parent` None). Raises Forbidden, Refused.
    """
    if parent is not None:
        allow(actor, rights.CREATE_UNIT, parent, _("下级单位由本单位管理员设立。"))
        if rights.CHILD_KIND.get(parent.kind) != kind:
            raise Refused(_("此类单位不能设在%(parent)s之下。") % {"parent": parent.name})
    elif kind != roles.DEPARTMENT or not isinstance(actor, SystemActor):
        raise Refused(_("此类单位须有上级单位。"))
    fields = _checked(kind, data)
    return _store(actor, Organisation(kind=kind, parent=parent, **fields), parent)


def introduce_partner(actor: Actor, data: dict) -> tuple[Organisation, bool]:
    """Enter a partner unit, or find the one that stands under its code already. Returns it, and whether it
    is new.

    The unit belongs to nobody; the organisation that introduced it may invite its first contact. A unit
    without a code is the same where name and place are the same. Raises Forbidden, Refused.
    """
    home = None
    if not isinstance(actor, SystemActor):
        home = actor.organisation
        allow(actor, rights.INTRODUCE_PARTNER, home, _("合作单位由研究生处或学院研究生秘书登记。"))
    fields = _checked(roles.PARTNER, data)
    rows = Organisation.objects.filter(kind=roles.PARTNER)
    if fields["uscc"]:
        rows = rows.filter(uscc=fields["uscc"])
    else:
        rows = rows.filter(uscc="", name=fields["name"], division=fields.get("division", ""))
    if existing := rows.first():
        return existing, False
    if fields["uscc"] and Organisation.objects.filter(uscc=fields["uscc"]).exists():
        raise Refused(Finding("", "hard", _("该统一社会信用代码属于一所学校或主管部门。"), field="uscc"))
    try:
        return _store(actor, Organisation(kind=roles.PARTNER, created_by=home, **fields), home), True
    except Refused:
        if existing := rows.first():  # somebody else entered it between the look and the write
            return existing, False
        raise


def introduce_partners(actor: Actor, rows: Sequence[dict]) -> list[Organisation]:
    """Enter many partner units at once, each with a code that nobody has yet; in a number of statements that does not grow
    with them, inside the caller's transaction. Raises Forbidden, Refused."""
    home = actor.organisation
    allow(actor, rights.INTRODUCE_PARTNER, home, _("合作单位由研究生处或学院研究生秘书登记。"))
    made = [
        Organisation(kind=roles.PARTNER, created_by=home, is_demo=home.is_demo, **_checked(roles.PARTNER, data))
        for data in rows
    ]
    codes = {unit.uscc for unit in made}
    if "" in codes or len(codes) < len(made) or Organisation.objects.filter(uscc__in=codes).exists():
        raise Refused(_("已有同名或同代码的单位，请先查询。"))
    Organisation.objects.bulk_create(made)
    label = gettext_noop("登记单位")
    record_first_events(made, "organisation_created", label, actor, [{"name": unit.name} for unit in made])
    return made


def _store(actor: Actor, organisation: Organisation, home: Organisation | None) -> Organisation:
    organisation.is_demo = organisation.is_demo or bool(home and home.is_demo)
    try:
        with transaction.atomic():
            organisation.save()
            note(organisation, "organisation_created", gettext_noop("登记单位"), actor, name=organisation.name)
    except IntegrityError:
        raise Refused(_("已有同名或同代码的单位，请先查询。")) from None
    return organisation


def update_organisation(actor: Actor, organisation: Organisation, data: dict) -> Organisation:
    """Change an organisation's data; the log keeps what each field was before. Raises Forbidden, Refused."""
    allow(actor, rights.MANAGE_ORGANISATION, organisation, _("单位信息由本单位管理员维护。"))
    with transaction.atomic():
        fresh = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
        fields = _checked(fresh.kind, {name: getattr(fresh, name) for name in EDITABLE} | data)
        changed = {}
        for name, value in fields.items():
            if getattr(fresh, name) != value:
                changed[name] = [getattr(fresh, name), value]
                setattr(fresh, name, value)
        if changed:
            if fresh.uscc and Organisation.objects.filter(uscc=fresh.uscc).exclude(pk=fresh.pk).exists():
                raise Refused(Finding("", "hard", _("该统一社会信用代码已登记在另一单位名下。"), field="uscc"))
            fresh.save()
            note(fresh, "organisation_changed", gettext_noop("修改单位信息"), actor, changed=changed)
    return fresh


def set_active(actor: Actor, organisation: Organisation, active: bool, reason: str) -> None:
    """Take an organisation out of use, or back. Its members can do nothing meanwhile; nothing is deleted.

    Only the administrator of the organisation above may, and the portal itself. Raises Forbidden, Refused.
    """
    if not isinstance(actor, SystemActor):
        if organisation.parent is None:
            raise Refused(_("此单位由平台维护。"))
        allow(actor, rights.CREATE_UNIT, organisation.parent, _("下级单位由上级单位管理员停用。"))
    if not reason.strip():
        raise Refused(Finding("", "hard", _("请写明原因。"), field="reason"))
    with transaction.atomic():
        Organisation.objects.filter(pk=organisation.pk).update(active=active)
        organisation.active = active
        label = gettext_noop("恢复使用单位") if active else gettext_noop("停用单位")
        note(organisation, "organisation_active" if active else "organisation_inactive", label, actor, reason)


def save_site(actor: Actor, organisation: Organisation, data: dict, site: PartnerSite | None = None) -> PartnerSite:
    """Enter or change a unit's site: `name`, `division`, `address`, `active`. Raises Forbidden, Refused."""
    allow(actor, rights.MANAGE_ORGANISATION, organisation, _("院区（厂区、校区）由本单位联系人维护。"))
    name = " ".join(str(data.get("name", "")).split())
    if not name:
        raise Refused(Finding("", "hard", _("请填写院区（厂区、校区）名称。"), field="name"))
    division = _division(str(data.get("division", "")))
    site = site or PartnerSite(organisation=organisation)
    site.name, site.division, site.address = name, division, str(data.get("address", "")).strip()
    site.active = bool(data.get("active", True))
    try:
        with transaction.atomic():
            site.save()
            note(
                organisation,
                "site_saved",
                gettext_noop("维护院区（厂区、校区）"),
                actor,
                site=name,
                active=site.active,
            )
    except IntegrityError:
        raise Refused(Finding("", "hard", _("本单位已有同名的院区（厂区、校区）。"), field="name")) from None
    return site
