"""Input forms of the moves on placements, and of planning one, as data (see core.forms)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from casework.specs import PAPER, field, form, give_reason, options, reason
from core.language import bracketed
from tenants.models import Membership
from trainees import queries

__all__ = [
    "early_end",
    "ending",
    "entry",
    "give_reason",
    "insurance",
    "interruption",
    "mentor_fields",
    "mentor_named",
    "mentors",
    "period_field",
    "resumption",
    "transfer",
]


def mentor_named(value) -> Membership | None:
    """The membership that a form's answer names; None for no answer."""
    if not value:
        return None
    return Membership.objects.select_related("user", "organisation").get(pk=int(value))


def _people(rows) -> list[dict]:
    return options([(person.pk, bracketed(person.name, person.user.post)) for person in rows])


def mentor_fields(college, university, partner) -> list[dict]:
    """Both mentors, each from among those of their side; a side that has none yet says where they are entered."""
    sides = (
        ("university_mentor", _("校内导师"), queries.university_mentors(college, university)),
        ("base_mentor", _("基地导师"), queries.base_mentors(partner)),
    )
    fields = []
    for key, label, rows in sides:
        choices = _people(rows)
        if choices:
            fields.append(field(key, "choice", label, required=False, options=choices))
        else:
            text = _("%(who)s：本方还没有这一身份的人员，请先在“单位与人员”中邀请。") % {"who": label}
            fields.append({"key": key, "type": "note", "label": text, "local": True})
    return fields


def period_field() -> dict:
    column = {"key": "period", "type": "period", "label": _("起止日期"), "required": True, "local": True}
    return field(
        "periods", "table", _("实践时间"), columns=[column], min_rows=1, max_rows=12, help=_("分段的，每段一行。")
    )


def mentors(placement, actor, data, subject) -> dict:
    return form(
        "mentors",
        _("安排导师"),
        *mentor_fields(placement.college, placement.university, placement.partner),
    )


def insurance(placement, actor, data, subject) -> dict:
    return form(
        "insurance",
        _("登记保险"),
        field("insurer", "text", _("保险公司"), max_chars=60),
        field("policy", "text", _("保单号"), max_chars=60),
        field("period", "period", _("保险期限")),
        field("scan", "file", _("保单"), required=False, accept=PAPER, max_files=5),
    )


def entry(placement, actor, data, subject) -> dict:
    text = _("计划自%(day)s起") % {"day": placement.starts_on}
    return form("entry", _("登记进入基地"), field("entered_on", "date", _("进入基地日期"), help=text))


def ending(placement, actor, data, subject) -> dict:
    return form(
        "ending",
        _("登记结束"),
        field("left_on", "date", _("离开基地日期")),
        field("reason", "longtext", _("说明"), required=False, max_chars=500, help=_("提前结束的，请写明原因。")),
    )


def interruption(placement, actor, data, subject) -> dict:
    return form(
        "interruption",
        _("登记中断"),
        field("interrupted_on", "date", _("中断日期"), help=_("自这一天起不在基地。")),
        reason(),
    )


def resumption(placement, actor, data, subject) -> dict:
    return form(
        "resumption",
        _("登记恢复"),
        field("period", "period", _("恢复后的实践时间"), help=_("自回到基地之日起，到实践的最后一天。")),
        field("reason", "longtext", _("说明"), required=False, max_chars=500),
    )


def early_end(placement, actor, data, subject) -> dict:
    codes = [(code, label) for code, label in placement.ENDS if code in ("early", "college")]
    return form(
        "early_end",
        _("提前结束"),
        field("end_code", "choice", _("结束方式"), options=options(codes)),
        field("left_on", "date", _("离开基地日期")),
        reason(),
    )


def transfer(placement, actor, data, subject) -> dict:
    return form("transfer", _("转入其他基地"), field("left_on", "date", _("离开基地日期")), reason())
