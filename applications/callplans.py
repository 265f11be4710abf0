"""A planned call before it is announced: its window, corrections, the quotas of all its units in one table, its end."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.utils.translation import gettext as _

from applications import calls
from core import clock
from core.door import Act
from core.findings import Finding

TIME = re.compile(r"([01]?[0-9]|2[0-3])[:：]([0-5][0-9])")


def moment(answers: dict, name: str, findings: list[Finding]) -> dt.datetime | None:
    """Day and time of `name` (`opens`, `closes`) as one moment, to the minute; the closing minute counts to its end. None
    where there is none; a faulty time is a finding."""
    day, text = answers.get(f"{name}_on"), str(answers.get(f"{name}_time") or "").strip()
    if not day or (not text and name == "opens"):
        return None
    match = TIME.fullmatch(text)
    if match is None:
        words = _("时刻“%(t)s”应写成24小时制的时:分，如17:00。") % {"t": text}
        findings.append(Finding("", "hard", words, {"time": text}, field=f"{name}_time"))
        return None
    at = dt.time(int(match[1]), int(match[2]), 59 if name == "closes" else 0)
    return clock.aware(dt.datetime.combine(dt.date.fromisoformat(day), at))


def window(answers: dict) -> tuple[dict[str, Any], list[Finding]]:
    """The days of a call out of its form: opens_at, closes_at, paper_by; and what is wrong with them."""
    findings: list[Finding] = []
    opens, closes = moment(answers, "opens", findings), moment(answers, "closes", findings)
    paper_by = clock.day_of(answers.get("paper_by"))
    if opens and paper_by and paper_by < clock.local(opens).date():
        facts = {"paper_by": str(paper_by)}
        findings.append(Finding("", "hard", _("纸质材料截止日早于开始日期。"), facts, field="paper_by"))
    if opens and closes and opens >= closes:
        message = _("开始时间%(a)s不早于截止时间%(b)s。")
        words = {"a": f"{clock.local(opens):%Y-%m-%d %H:%M}", "b": f"{clock.local(closes):%Y-%m-%d %H:%M}"}
        findings.append(Finding("", "hard", message % words, field="closes_on"))
    return {"opens_at": opens, "closes_at": closes, "paper_by": paper_by}, findings


def known(call) -> dict[str, Any]:
    """A planned call as its form has it."""
    opens, closes = clock.local(call.opens_at), clock.local(call.closes_at) if call.closes_at else None
    return {
        "year": call.year,
        "title": call.title,
        "paper_by": call.paper_by.isoformat() if call.paper_by else "",
        "opens_on": opens.date().isoformat(),
        "opens_time": f"{opens:%H:%M}",
        "closes_on": closes.date().isoformat() if closes else "",
        "closes_time": f"{closes:%H:%M}" if closes else "",
        "contact": call.contact,
        "phone": call.phone,
        "note": call.note,
    }


def revise_findings(call, act: Act) -> list[Finding]:
    """The days in their order; a window where the regulation prescribes one."""
    days, findings = window(act.data)
    return findings + calls.unending(call.profile, days["closes_at"])


def revise(call, act: Act) -> None:
    """Take what the form says over into the call."""
    days, _findings = window(act.data)
    given = {name: act.data.get(name) or "" for name in ("contact", "phone", "note")}
    for name, value in {**days, **given, "title": act.data["title"], "year": act.data["year"]}.items():
        setattr(call, name, value)


# --- quotas ---------------------------------------------------------------------------------------------------------


def quota_rows(call) -> list[dict[str, Any]]:
    """A line for each unit that the call is addressed to, with what it has been given."""
    given = {row.organisation_id: row for row in call.units.all()}
    rows = []
    for pk, _name in calls.addressed(call):
        row = given.get(pk)
        factors = {f"factor_{code}": value for code, value in (row.factors if row else {}).items()}
        rows.append({"organisation": str(pk), "number": row.quota if row else None, **factors})
    return rows


def quota_findings(call, act: Act) -> list[Finding]:
    """Each unit stands in the table once."""
    chosen = [str(row["organisation"]) for row in act.data.get("quotas") or [] if row.get("organisation")]
    names = dict(calls.addressed(call))
    twice = sorted({pk for pk in chosen if chosen.count(pk) > 1})
    return [
        Finding(
            "", "hard", _("%(u)s在表中出现了两次。") % {"u": names[int(pk)]}, {"unit": names[int(pk)]}, field="quotas"
        )
        for pk in twice
    ]


def set_quotas(call, act: Act) -> None:
    """Give every unit of the table its quota; a line without a number takes the unit's quota away, a unit that is not in
    the table keeps what it has."""
    for line in act.data.get("quotas") or []:
        row, _created = call.units.get_or_create(organisation_id=int(line["organisation"]))
        number = line.get("number")
        row.quota = None if number in (None, "") else number
        row.factors = {key[7:]: value for key, value in line.items() if key.startswith("factor_") and value}
        row.save()
