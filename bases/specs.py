"""Input forms of the moves on agreements and recognitions, as data (see core.forms)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bases import agreements
from casework import exceptions
from casework.specs import PAPER, field, form, give_reason, options
from regulations import wording

__all__ = [
    "agreement_scan",
    "give_reason",
    "override_request",
    "paper_agreement",
    "plaque",
    "record",
    "settle_record",
    "signature",
]


def override_request(agreement, actor, data, subject) -> dict:
    """One of the rules of strength "default" that stand against the draft, with a reason."""
    return exceptions.request_form(agreements.wanted_exceptions(agreement))


def plaque(case, actor, data, subject) -> dict:
    return form(
        "plaque",
        _("登记授牌"),
        field("issued_on", "date", _("授牌日期")),
        field("recipient", "text", _("接收人（单位、姓名）"), max_chars=40),
        field("photo", "file", _("授牌照片"), accept=PAPER, min_files=1, max_files=3),
    )


def signature(case, actor, data, subject) -> dict:
    return form(
        "signature",
        _("登记签订"),
        field("signed_on", "date", _("签订日期（以签署文本为准）")),
        field("effective_on", "date", _("生效日期（以签署文本为准）")),
        field("signatories", "text", _("签字人"), max_chars=80, help=_("双方法定代表人或授权代表")),
        *_parties(case),
        field("scan", "file", _("签署文本扫描件（全部页）"), accept=PAPER, min_files=1, max_files=40),
        field("pages_complete", "boolean", _("已逐页核对，与定稿版本一致，并盖骑缝章")),
        field("kept_at", "text", _("原件存放处"), max_chars=80),
    )


def _parties(agreement) -> list[dict]:
    """Where there are more than two parties, each with a tick that it has signed, and who did."""
    parties = list(agreement.parties.select_related("organisation__parent"))
    if len(parties) <= 2:
        return []
    items = options([(f"p{party.organisation_id}", party) for party in parties])
    help = _("逐方勾选，并在备注中写明签字人。")
    return [field("signed_by", "checklist", _("各方签字盖章"), required=False, items=items, help=help)]


def paper_agreement(case, actor, data, subject) -> dict:
    return form(
        "paper_agreement",
        _("补录已签订的纸质协议"),
        field("signed_on", "date", _("签订日期")),
        field("period", "period", _("协议期限")),
        field("original_number", "text", _("原协议编号"), required=False, max_chars=60),
        field("signatories", "text", _("签字人"), max_chars=80),
        field("scan", "file", _("协议扫描件"), accept=PAPER, min_files=1, max_files=40),
        field("kept_at", "text", _("原件存放处"), required=False, max_chars=80),
    )


def agreement_scan(case, actor, data, subject) -> dict:
    return form(
        "agreement_scan",
        _("补传协议扫描件"),
        field("scan", "file", _("协议扫描件"), accept=PAPER, min_files=1, max_files=40),
        field("kept_at", "text", _("原件存放处"), required=False, max_chars=80),
    )


def record(case, actor, data, subject) -> dict:
    """The form of one record type of the case's profile, chosen by `data["type"]`; with `data["settled"]` also what
    is said of a matter when it is settled."""
    kind = str(data.get("type") or "")
    declared = case.profile.records.get(kind)
    own = [field("on", "date", _("发生日期"))]
    if declared is None:
        return form("record", _("新增记录"), *own)
    more = declared.matter.fields if declared.matter and data.get("settled") else []
    return form(f"record_{kind}", wording.words(declared.title), *own, *declared.fields, *more)


def settle_record(case, actor, data, subject) -> dict:
    """How a matter was settled: the day, and what the profile asks for. `subject` is the matter."""
    declared = case.profile.records[subject.type]
    return form("settle_record", _("登记处理结果"), field("on", "date", _("办结日期")), *declared.matter.fields)
