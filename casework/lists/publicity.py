"""How lists and notices work: candidates, objections, sending, publishing; `drafting` says how a notice is drawn up.

What a list's members must meet is known to the rooms above; they `register` their rules for the kind of case that
a list is drawn up in (a call).
"""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from casework.models import Objection
from casework.specs import document_days
from core import clock, ledger
from core.calendar import working_days_after
from core.door import Refused, get_case
from core.findings import Finding, out_of_order
from core.language import listed
from tenants.models import Membership


class ListRules(Protocol):
    """What a room above says of its lists. Findings are those of the profile's rules."""

    def candidates(self, case_list) -> list: ...

    def member_findings(self, case_list, case, act) -> list[Finding]: ...

    def send_findings(self, case_list, act) -> list[Finding]: ...

    def publish_findings(self, case_list, act) -> list[Finding]: ...

    def sent(self, case_list, act) -> None: ...

    def paper_rows(self, case_list) -> list[dict]: ...

    def announced(self, case_list) -> list[str]: ...


_rules: dict[str, ListRules] = {}


def register(context_kind: str, rules: ListRules) -> None:
    """Say which rules govern lists drawn up in a kind of case."""
    _rules[context_kind] = rules


def _of(case_list) -> ListRules:
    return _rules[case_list.context_kind]


def candidates(case_list) -> list:
    """Cases that could be put on the list now."""
    return _of(case_list).candidates(case_list)


def paper_rows(case_list) -> list[dict]:
    """What the list's table prints of its members, by rank."""
    return _of(case_list).paper_rows(case_list)


def announced(case_list) -> list[str]:
    """What the document that publishes the list says beside the list itself, in paragraphs."""
    return _of(case_list).announced(case_list)


def candidate(case_list, chosen: str):
    """The case behind a candidate's code "kind-id". Raises Refused for any other."""
    for case in candidates(case_list):
        if f"{case.case_kind}-{case.pk}" == chosen:
            return case
    raise Refused(_("该项目不在可列入名单的范围内，可能已列入其他名单或已离开本环节。"))


def entry(case_list, chosen: str):
    """One standing entry by its id. Raises Refused where there is none."""
    member = case_list.members().filter(pk=int(chosen)).first() if str(chosen).isdigit() else None
    if member is None:
        raise Refused(_("名单中没有这个项目。"))
    return member


def member_findings(case_list, act) -> list[Finding]:
    """What stands against the case that is to be put on the list."""
    if not act.data.get("case"):
        return []
    return _of(case_list).member_findings(case_list, candidate(case_list, act.data["case"]), act)


def close_findings(notice, act=None) -> list[Finding]:
    """What a notice is: it ends after its last day and with no objection open."""
    clause = notice.governing_version().profile.notices[notice.key].clause or ""
    findings = []
    if clock.today() <= notice.closes_on:
        findings.append(
            Finding(
                clause,
                "hard",
                _("公示于%(day)s 24时届满，尚未期满。") % {"day": notice.closes_on},
                {"closes_on": notice.closes_on.isoformat(), "today": clock.today().isoformat()},
            )
        )
    numbers = list(notice.objections_to_settle().values_list("number", flat=True))
    if numbers:
        findings.append(
            Finding(
                clause,
                "hard",
                _("异议%(numbers)s尚未办结。请先登记异议处理结果。") % {"numbers": listed(numbers)},
                {"open_objections": numbers},
            )
        )
    return findings


def send_findings(case_list, act) -> list[Finding]:
    """What stands against sending: what the profile's rules say, asked by the room above."""
    if case_list.GOES_ON[case_list.kind] != "send":
        return [Finding("", "hard", _("本名单不是推荐名单，不办理报送。"))]
    findings = [] if case_list.members().exists() else [Finding("", "hard", _("名单中还没有项目，不能报送。"))]
    return findings + upheld_findings(case_list) + _of(case_list).send_findings(case_list, act)


def publish_findings(case_list, act) -> list[Finding]:
    """What stands against publishing: what the profile's rules say, asked by the room above."""
    if case_list.GOES_ON[case_list.kind] != "publish":
        return [Finding("", "hard", _("本名单不是认定名单，不办理公布。"))]
    findings = [] if case_list.members().exists() else [Finding("", "hard", _("名单中还没有项目。"))]
    findings += upheld_findings(case_list) + _document_dates(case_list, act)
    return findings + _of(case_list).publish_findings(case_list, act)


def fix_findings(case_list, act) -> list[Finding]:
    """What stands against fixing a list that stays inside the house."""
    if case_list.GOES_ON[case_list.kind] != "fix_list":
        return [Finding("", "hard", _("本名单不是初步名单，不在此确定。"))]
    findings = [] if case_list.members().exists() else [Finding("", "hard", _("名单中还没有项目。"))]
    return findings + upheld_findings(case_list)


def upheld_findings(case_list) -> list[Finding]:
    """Objections that were upheld without a consequence for what they were about: the project is off the list, or a
    reasoned decision keeps it on."""
    left = Objection.objects.filter(notice__case_list=case_list, outcome="upheld").exclude(consequence="stays")
    left = left.exclude(consequence="removed", entry__removed_at__isnull=False).select_related("notice").order_by("pk")
    return [
        Finding(
            case_list.regulation_version.profile.notices[objection.notice.key].clause or "",
            "hard",
            _("异议%(n)s已认定成立，所涉项目仍在名单上。") % {"n": objection.number},
            {"objection": objection.number, "outcome": objection.outcome},
            fix=_("请在公示页登记处理结果：将所涉项目移出名单，或写明维持列入的决定和理由。"),
        )
        for objection in left
    ]


def _document_dates(case_list, act) -> list[Finding]:
    """A document is made, then issued, then published; published only after the publicity is over."""
    findings = out_of_order(document_days(act.data), case_list.declaration.clause or "")
    notice, published = case_list.notice(), act.data.get("published_on")
    if notice is not None and published and dt.date.fromisoformat(published) <= notice.closes_on:
        clause = case_list.regulation_version.profile.notices[notice.key].clause or ""
        message = _("公布日期%(day)s不晚于公示截止日%(end)s。公示期满后才能公布。")
        facts = {"published_on": published, "closes_on": notice.closes_on.isoformat()}
        words = message % {"day": published, "end": notice.closes_on}
        findings.append(Finding(clause, "hard", words, facts, field="published_on"))
    return findings


def send(case_list, act) -> None:
    """End the notice and hand the members over; that the list was sent carries them on."""
    _end_notice(case_list, act)
    _of(case_list).sent(case_list, act)


def publish(case_list, act) -> None:
    """End the notice of a list that is published or fixed; that it was carries its members on."""
    _end_notice(case_list, act)


def _end_notice(case_list, act) -> None:
    """End a notice that is over. Whether a list may go on before that is for the profile's rules to say."""
    notice = case_list.notice()
    if notice is not None and notice.state == "publicised" and not close_findings(notice):
        act.perform(notice, "close", system=True)


def owe_end(notice) -> None:
    """A notice ends after its last day: the system ends it where nobody has."""
    ledger.owe(
        f"notice:{notice.pk}",
        kind="notice",
        title=_("公示届满：%(notice)s") % {"notice": notice.title},
        due_on=notice.closes_on,
        organisation_id=_holder(notice).pk,
        role=notice.case_list.declaration.role,
        case=notice,
        remind_days=0,
        clause=notice.governing_version().profile.notices[notice.key].clause or "",
        handler="notice.close",
        counted={"from": notice.opens_on.isoformat(), "number": notice.days, "unit": "working_days"},
        estimated=notice.estimated,
    )


@ledger.handler(
    "notice.close",
    move="close",
    says=_lazy(
        "公示已于%(day)s 24时届满。留一个工作日登记届满前来信、来电提出的异议；没有未办结的异议时，系统随后结束公示。"
    ),
)
def close_on_time(entry, on: dt.date) -> None:
    """End a notice whose last day has passed. An objection that is open holds it, and for one working day so does the
    entering of what came by letter or telephone; whoever manages the list may end it before."""
    notice = get_case(entry.case_kind, entry.case_id)
    if stopped := close_findings(notice):
        raise ledger.NotYet("；".join(finding.message for finding in stopped))
    last, _estimated = working_days_after(notice.closes_on, 1, organisation_id=_holder(notice).pk)
    if on <= last:
        raise ledger.NotYet(_("%(day)s前登记届满前提出的异议。") % {"day": last.isoformat()})
    ledger.carry_out(entry, "close", case=notice)


def entered_findings(notice, act) -> list[Finding]:
    """A letter or a call came on a day of the publicity that is not in the future."""
    day = act.data.get("received_on")
    if not day:
        return []
    facts = {"received_on": day, "opens_on": notice.opens_on.isoformat()}
    if day > clock.today().isoformat():
        return [Finding("", "hard", _("收到日期%(d)s晚于今天。") % {"d": day}, facts, field="received_on")]
    if day < notice.opens_on.isoformat():
        words = {"d": day, "o": notice.opens_on}
        return [Finding("", "hard", _("收到日期%(d)s早于公示开始日%(o)s。") % words, facts, field="received_on")]
    return []


def settle_objection(notice, act) -> None:
    """Record what was found; an upheld objection takes its project off the list, or a reasoned decision keeps it on."""
    chosen = act.data["objection"]
    objection = notice.objections_to_settle().filter(pk=int(chosen)).first() if str(chosen).isdigit() else None
    if objection is None:
        raise Refused(_("该异议不存在或已办结。"))
    objection.outcome, objection.resolution = act.data["outcome"], act.data["resolution"]
    if act.data.get("file"):
        objection.ruling_id = act.data["file"][0]
    objection.resolved_on, objection.resolved_by = act.on, act.actor.name
    if objection.outcome == "upheld":
        objection.entry = entry(notice.case_list, act.data["entry"])
        objection.consequence, objection.decision = act.data["consequence"], act.data.get("decision") or ""
    objection.save()
    ledger.settle(_asked(objection))
    if objection.consequence == "removed":
        why = _("异议%(n)s成立：%(why)s") % {"n": objection.number, "why": objection.resolution}
        act.perform(notice.case_list, "remove_member", {"answers": {"entry": str(objection.entry_id), "reason": why}})


def objection_came(notice, objection, act) -> None:
    """Tell the people who manage the notice's list that they have an objection to settle."""
    people = Membership.objects.of(_holder(notice), notice.case_list.declaration.role)
    act.notify(people, _("公示收到异议"), notice.title, asks=_asked(objection))


def _asked(objection) -> str:
    return f"objection:{objection.pk}"


def _holder(notice):
    """The organisation that manages the notice's list."""
    return manager(notice.case_list)


def manager(case_list):
    """The organisation that manages a list."""
    return case_list.authority if case_list.declaration.unit == "authority" else case_list.university
