"""Input forms of the moves on calls and applications, as data (see core.forms)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from applications import calls
from applications.services import lifecycle
from casework import exceptions
from casework.specs import field, form, give_reason, options, reason
from regulations import wording

__all__ = [
    "add_partner",
    "extension",
    "give_reason",
    "new_call",
    "override_request",
    "quota",
    "quotas",
    "revise_call",
    "school_deadline",
]


def _factors(call) -> list[dict]:
    """The factors from which a quota is set, as the regulation names them."""
    declared = call.profile.apply.quota if call.profile.apply else None
    return [
        {
            **field(f"factor_{factor.code}", "text", wording.words(factor.label), required=False, max_chars=60),
            "clause": factor.clause or declared.clause,
            "local": False,
        }
        for factor in (declared.factors if declared else [])
    ]


def quota(call, actor, data, subject) -> dict:
    """Number and factors of one unit."""
    return form(
        "quota",
        _("分配名额"),
        field("organisation", "choice", _("单位"), options=options(calls.addressed(call))),
        field("number", "integer", _("名额"), min=0, max=999),
        *_factors(call),
    )


def quotas(call, actor, data, subject) -> dict:
    """The same of all units in one table."""
    units = calls.addressed(call)
    columns = [
        field("organisation", "choice", _("单位"), options=options(units)),
        field("number", "integer", _("名额"), required=False, min=0, max=999),
        *_factors(call),
    ]
    return form(
        "quotas",
        _("分配名额"),
        field(
            "quotas",
            "table",
            _("各单位名额"),
            columns=columns,
            max_rows=max(1, len(units)),
            help=_("可从电子表格整块粘贴。名额不填的，不设名额。"),
        ),
    )


def extension(call, actor, data, subject) -> dict:
    return form(
        "extension",
        _("个别延期"),
        field("organisation", "choice", _("单位"), options=options(calls.addressed(call))),
        field("until", "date", _("延期至（当日24时止）")),
        field("letter", "text", _("函号"), max_chars=40),
        reason(_("延期原因")),
    )


def school_deadline(call, actor, data, subject) -> dict:
    return form("school_deadline", _("设定校内截止时间"), field("day", "date", _("校内截止日（当日24时止）")))


def add_partner(application, actor, data, subject) -> dict:
    return form(
        "add_partner",
        _("增加合作单位"),
        field("partner", "organisation", _("合作单位"), kinds=["partner"]),
        reason(_("增加理由")),
    )


def override_request(application, actor, data, subject) -> dict:
    """One of the rules of strength "default" that stand against the application, with a reason."""
    return exceptions.request_form([finding for _version, _gate, finding in lifecycle.exceptions(application)])


def new_call(actor, adoptions) -> dict:
    """What is needed to plan a call: window to the minute, second date for papers."""
    return form(
        "new_call",
        _("新建申报批次"),
        field("adoption", "choice", _("适用办法"), options=options(adoptions)),
        *_plan(),
    )


def revise_call(call, actor, data, subject) -> dict:
    """The same of a call that is planned; its regulation stays."""
    return form("revise_call", _("修改批次"), *_plan())


def _plan() -> list[dict]:
    return [
        field("year", "integer", _("年度"), min=2000, max=2100),
        field("title", "text", _("批次名称"), max_chars=60),
        field("paper_by", "date", _("纸质材料截止日"), required=False),
        field("opens_on", "date", _("开始日期")),
        field("opens_time", "text", _("开始时刻（24小时制，如08:00）")),
        field(
            "closes_on",
            "date",
            _("截止日期"),
            required=False,
            help=_("不填即为常年受理，由组织单位结束；办法限定申报时间的必须填写。"),
        ),
        field("closes_time", "text", _("截止时刻（24小时制，如17:00）"), required=False),
        field("contact", "text", _("联系人"), required=False, max_chars=30),
        field("phone", "phone", _("联系电话"), required=False),
        field("note", "longtext", _("说明"), required=False, max_chars=2000),
    ]
