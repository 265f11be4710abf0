"""How a notice is drawn up: what its form starts with, how long it stands, what the public is told of each project.

The public reads names of bases and units and what the drafter chose beside them; nobody's name but that of whoever takes
objections, and no number of a person.
"""

from __future__ import annotations

import datetime as dt
import re
import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from casework.lists import publicity
from casework.models import Notice
from core import clock, serials, text
from core.calendar import working_days_after
from core.door import Refused, create, get_case
from core.findings import Finding
from core.language import in_source_language, listed
from core.papers.format import zh
from regulations.schema.base import Ref
from regulations.settings import setting

# What may be told of a project beside its name, by its key in the rows of its list. No person is among them.
COLUMNS = {
    "university": _lazy("申报单位"),
    "partner": _lazy("合作单位"),
    "category_name": _lazy("专业学位类别"),
    "category_code": _lazy("类别代码"),
    "rank": _lazy("推荐排序"),
    "note": _lazy("备注"),
}
USUAL = ["university", "partner", "category_name"]
_ADDRESS = URLValidator(schemes=["http", "https"])
_PERSONAL = (
    (re.compile(r"(?<!\d)\d{17}[0-9Xx](?!\d)"), _lazy("身份证号码")),
    (re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"), _lazy("手机号码")),
)


# --- what the form starts with -------------------------------------------------------------------------------------


@in_source_language()
def opening(case_list) -> str:
    """The first paragraph of the notice."""
    rules = f"《{zh(case_list.regulation_version.profile.head.title)}》"
    count = case_list.members().count()
    return f"根据{rules}，经审核，现将{case_list.title}（共{count}项）予以公示。"


def first_notice(case_list) -> dict[str, Any]:
    """What the form of publicising starts with: today, the opening, who takes objections: as on the unit's notice before,
    else as the call and the unit's own data say."""
    unit = publicity.manager(case_list)
    column = "authority" if case_list.declaration.unit == "authority" else "university"
    earlier = Notice.objects.filter(**{f"case_list__{column}": unit}).exclude(contact="")
    before = earlier.filter(case_list__context_kind=case_list.context_kind).order_by("-pk").first()
    context = get_case(case_list.context_kind, case_list.context_id)
    return {
        "opens_on": clock.today().isoformat(),
        "named": [code for code in USUAL],
        "contact": before.contact if before else getattr(context, "contact", ""),
        "phone": before.phone if before else getattr(context, "phone", "") or unit.phone,
        "email": before.email if before else "",
        "address": (before.address if before else "") or unit.address,
        "body": opening(case_list),
    }


# --- what stands against it ---------------------------------------------------------------------------------------


def findings(case_list, act) -> list[Finding]:
    """A list without members is not publicised, nor one for which the profile knows no notice; nor does a notice begin before
    it was drawn up, or tell the public what is nobody's business."""
    said = []
    if not case_list.members().exists():
        said.append(Finding("", "hard", _("名单中还没有项目，不能公示。请先列入项目。")))
    if not case_list.declaration.notice:
        said.append(Finding(case_list.declaration.clause or "", "hard", _("本名单按办法不需要公示。")))
    opens = act.data.get("opens_on")
    if opens and dt.date.fromisoformat(opens) < act.on:
        message = _("公示开始日期%(a)s早于办理日期%(b)s。") % {"a": opens, "b": act.on}
        said.append(Finding("", "hard", message, {"opens_on": opens}, field="opens_on"))
    return said + address_findings(act.data.get("web_address") or "", "web_address") + _personal(case_list, act)


def address_findings(typed: str, field: str) -> list[Finding]:
    """A web address that no browser opens."""
    if not typed:
        return []
    try:
        _ADDRESS(text.web(typed))
    except ValidationError:
        message = _("“%(a)s”不是网址。请填写完整网址，如 http://www.example.edu.cn/notice/1.htm。") % {"a": typed}
        return [Finding("", "hard", message, {"address": typed}, field=field)]
    return []


def _personal(case_list, act) -> list[Finding]:
    """Numbers of persons in what the public would read; the telephone for objections is meant for it."""
    told = {"body": act.data.get("body") or ""}
    if "note" in (act.data.get("named") or ()):
        told["named"] = "\n".join(entry.note for entry in case_list.members())
    said = []
    for field, words in told.items():
        for pattern, what in _PERSONAL:
            numbers = [number for number in pattern.findall(words) if number not in (act.data.get("phone") or "")]
            if numbers:
                shown = listed(f"{number[:3]}…{number[-2:]}" for number in numbers)
                message = _("公示的内容中有%(what)s（%(numbers)s），不能对外公开。请删去后再公示。")
                words_of = {"what": what, "numbers": shown}
                said.append(Finding("", "hard", message % words_of, {"numbers": len(numbers)}, field=field))
    return said


# --- how long it stands -------------------------------------------------------------------------------------------


def notice_days(case_list, key: str, on: dt.date) -> tuple[int | None, bool]:
    """Working days of a notice and whether they are a local setting: the profile's figure or the organisation's."""
    declared = case_list.regulation_version.profile.notices[key].days
    if declared is None:
        return None, True
    if isinstance(declared, Ref):
        figure = setting(case_list.regulation_version.profile, declared.setting, publicity.manager(case_list), on)
        return figure.value, figure.local
    return declared.value, declared.local


def _days(case_list, key: str, opens: dt.date, typed: int | None) -> tuple[int, bool]:
    """How many working days the notice stands, and whether the regulation leaves that open. Raises Refused."""
    days, local = notice_days(case_list, key, opens)
    clause = case_list.regulation_version.profile.notices[key].clause or ""
    if typed:
        if days is not None and not local and typed < days:
            message = _("公示不得少于%(n)s个工作日。") % {"n": days}
            raise Refused(Finding(clause, "hard", message, {"days": days}, field="days"))
        return typed, True
    if not days:
        message = _("办法没有规定公示天数，本单位也没有设定。请填写公示工作日数，或在“办法与设置”中设定。")
        raise Refused(Finding("", "hard", message, field="days"))
    return days, local


# --- the notice ---------------------------------------------------------------------------------------------------


def drawn_up(case_list, data: dict) -> Notice:
    """The notice as the form says it, kept nowhere: what a preview shows, and what `draft_notice` keeps. Raises Refused
    where nobody says how long it stands."""
    key, profile = case_list.declaration.notice, case_list.regulation_version.profile
    opens = dt.date.fromisoformat(data["opens_on"])
    days, local = _days(case_list, key, opens, data.get("days"))
    closes, estimated = working_days_after(opens, days, organisation_id=publicity.manager(case_list).pk)
    named = [code for code in COLUMNS if code in data.get("named", USUAL)]
    return Notice(
        title=_("关于%(list)s的公示") % {"list": case_list.title},
        authority=case_list.authority,
        university=case_list.university,
        case_list=case_list,
        key=key,
        body=data.get("body") or "",
        opens_on=opens,
        closes_on=closes,
        days=days,
        days_are_local=local and profile.notices[key].days is not None,
        estimated=estimated,
        web_address=text.web(data.get("web_address") or ""),
        contact=data["contact"],
        phone=data["phone"],
        email=data.get("email") or "",
        address=data.get("address") or "",
        named=named,
        rows=_rows(case_list, named),
    )


def _rows(case_list, named: list[str]) -> list[dict[str, Any]]:
    """What the public is told of each project, as it is known now."""
    known = publicity.paper_rows(case_list)
    rows = []
    for entry, row in zip(case_list.members(), known, strict=True):
        kept = {code: str(row.get(code) or "") for code in named}
        rows.append({"entry": entry.pk, "rank": entry.rank, "base_name": entry.case_title, **kept})
    return rows


def draft_notice(case_list, act) -> Notice:
    """The notice of a list, not yet posted."""
    notice = drawn_up(case_list, act.data)
    notice.number, notice.slug = serials.number("GS", notice.opens_on.year), secrets.token_hex(8)
    return create(notice, act.actor, correlation=act.correlation)


def columns(notice) -> list[tuple[str, str]]:
    """Code and heading of what the notice tells of each project beside its name."""
    return [(code, str(COLUMNS[code])) for code in notice.named if code in COLUMNS]


def table(notice) -> tuple[list[str], list[list[str]]]:
    """Heads and lines of what the public reads."""
    told = columns(notice)
    heads = [_("序号"), _("基地名称"), *(label for _code, label in told)]
    lines = [
        [str(at), row.get("base_name", ""), *(str(row.get(code) or "") for code, _label in told)]
        for at, row in enumerate(notice.posted(), 1)
    ]
    return heads, lines
