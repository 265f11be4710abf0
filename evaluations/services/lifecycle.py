"""How an evaluation goes: its report, lateness and absence, returns, the grade and its confirmation."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from bases.effects import when_a_base_ends
from bases.models import Recognition
from casework import papers
from casework.steps import engine
from core import clock, ledger
from core.door import Act
from core.findings import Finding
from core.forms import store
from core.forms.clean import clean
from core.models import LedgerEntry
from evaluations import prefill
from evaluations.models import Evaluation
from evaluations.models.evaluation import ENDED
from evaluations.services.schedule import ABSENT, REPORT
from regulations.rules import check
from tenants.models import Membership

ABSENCE = "absence"  # kind and key of what the organiser owes where no report came

# --- the report --------------------------------------------------------------------------------------------------


def form_findings(evaluation: Evaluation, actor) -> list[Finding]:
    """Everything that the self-report still lacks, all at once."""
    findings: list[Finding] = []
    for key in evaluation.form_keys():
        row = store.load(evaluation, key)
        given = dict(row.answers) if row else {}
        findings += clean(evaluation.form_spec(key), given, resolver=evaluation.resolver(actor))[1]
    return findings


def submit_findings(evaluation: Evaluation, act: Act) -> list[Finding]:
    """What stands against handing the report in: the form, corrections without evidence, the rules of the gate. A late
    one is taken until somebody has confirmed that none came; its lateness stands in the log."""
    lacking = form_findings(evaluation, act.actor) + correction_findings(evaluation)
    return lacking + check(
        evaluation.profile, "evaluation.submit", evaluation, clock.today(), overrides=evaluation.overrides()
    )


def correction_findings(evaluation: Evaluation) -> list[Finding]:
    """A figure that the portal knew and the report corrects needs the evidence that the profile names."""
    report = evaluation.declaration.report
    given, form = evaluation.form_answers(report.form), evaluation.form_spec(report.form)
    knowledge = prefill.known(evaluation) if report.prefill else {}
    findings = []
    for entry in report.prefill:
        known = knowledge.get(entry.field)
        reported = given.get(entry.field)
        if entry.evidence is None or known is None or given.get(entry.evidence):
            continue
        if reported in (
            None,
            "",
            known,
        ):  # what nobody has answered corrects nothing; the form's own findings ask for it
            continue
        asked = form.field(entry.field)
        findings.append(
            Finding(
                asked.clause,
                "hard",
                _("“%(f)s”填报为%(a)s，平台记录为%(k)s，更正须附佐证材料。")
                % {"f": asked.label, "a": reported, "k": known},
                {"reported": reported, "known": known},
                fix=_("请在“%(e)s”中上传佐证，或改回平台记录的数据。") % {"e": form.field(entry.evidence).label},
                form=report.form,
                field=entry.evidence,
            )
        )
    return findings


def submit(evaluation: Evaluation, act: Act) -> None:
    """Take the report: its version is locked, its paper issued, the route laid out."""
    today = clock.today()
    evaluation.reported_on = evaluation.reported_on or today
    if evaluation.reported_on > evaluation.report_due:
        act.facts["late_days"] = (evaluation.reported_on - evaluation.report_due).days
    evaluation.absent_since = None
    evaluation.correction_due, evaluation.correction_note = None, ""
    for key in (REPORT, ABSENT, ABSENCE, "correction"):
        ledger.settle(f"{key}:{evaluation.pk}" if key != "correction" else correction_of(evaluation))
    papers.issue(evaluation, papers.of(evaluation).main(), act.actor.name)
    evaluation.goes_to = engine.set_out(evaluation, act)


def correction_of(evaluation: Evaluation) -> str:
    """The name of what is asked for when a report is sent back."""
    return f"correction:evaluation:{evaluation.pk}"


def send_back(evaluation: Evaluation, act: Act) -> None:
    """A new round for whoever reports; the round before stays readable."""
    engine.end_round(evaluation, act)
    before = evaluation.round
    evaluation.round += 1
    for key in evaluation.form_keys():
        store.copy_forward(evaluation, key, before, evaluation.round)
    due = act.raw.get("due")
    evaluation.correction_note = act.raw.get("note") or ""
    evaluation.correction_due = clock.day_of(due)
    unit, role = evaluation.reporter
    ledger.owe(
        correction_of(evaluation),
        kind=REPORT,
        title=_("补正自评：%(t)s") % {"t": evaluation.title},
        due_on=evaluation.correction_due or clock.today() + dt.timedelta(days=evaluation.declaration.remind_days),
        organisation_id=unit,
        role=role,
        case=evaluation,
        remind_days=2,
    )
    ledger.reopen(correction_of(evaluation))
    act.notify(
        Membership.objects.of(unit, role),
        _("退回修改：%(t)s") % {"t": evaluation.title},
        evaluation.correction_note,
        asks=correction_of(evaluation),
    )


# --- nobody reported ---------------------------------------------------------------------------------------------


@ledger.handler("evaluations.note_absence", move="note_absence")
def absence_due(entry: LedgerEntry, on: dt.date) -> None:
    """The day after the last one: the system notes that nothing came. Not before a reminder went out (N-5)."""
    evaluation = Evaluation.objects.get(pk=entry.case_id)
    if evaluation.state != "draft" or evaluation.reported_on is not None:
        return
    if not LedgerEntry.objects.filter(key=f"{REPORT}:{evaluation.pk}", reminded_at__isnull=False).exists():
        raise ledger.NotYet(_("到期提醒尚未发出，发出后再核实是否未参加。"))
    ledger.carry_out(entry, "note_absence", case=evaluation)


def note_absence(evaluation: Evaluation, act: Act) -> None:
    """Nothing was handed in: the organiser is asked whether the base did not take part."""
    evaluation.absent_since = act.on
    kind = evaluation.declaration
    organiser = evaluation.in_round.organiser
    key = f"{ABSENCE}:{evaluation.pk}"
    ledger.owe(
        key,
        kind=ABSENCE,
        title=_("确认是否未参加考核：%(t)s") % {"t": evaluation.title},
        due_on=clock.today() + dt.timedelta(days=kind.remind_days),
        organisation_id=organiser.pk,
        role=kind.role,
        case=evaluation,
        clause=kind.clause or "",
    )
    ledger.reopen(key)
    body = _("自评截止日%(d)s已过，尚未收到自评。是否未按规定参加，由组织单位决定。") % {"d": evaluation.report_due}
    title = _("逾期未提交自评：%(t)s") % {"t": evaluation.title}
    act.notify(Membership.objects.of(organiser, kind.role), title, body, asks=key)
    act.notify(Membership.objects.of(*evaluation.reporter), title, body, asks=f"{REPORT}:{evaluation.pk}")


def absence_findings(evaluation: Evaluation, act: Act) -> list[Finding]:
    """Only where nothing has come, after the last day, and after a reminder."""
    if evaluation.absent_since is None or evaluation.reported_on is not None:
        return [
            Finding(
                evaluation.declaration.clause or "",
                "hard",
                _("自评截止日为%(d)s，系统尚未登记逾期未报，不能确认未参加考核。")
                % {"d": evaluation.report_due.isoformat()},
                {"report_due": evaluation.report_due.isoformat(), "today": clock.today().isoformat()},
                fix=_("请在截止日次日、到期提醒发出后再办理；需要提前催报的，请使用“催报”。"),
            )
        ]
    return []


def miss(evaluation: Evaluation, act: Act) -> None:
    """The organiser's decision that the base did not take part."""
    engine.end_round(evaluation, act)
    evaluation.missed_reason = act.data["reason"]
    evaluation.confirmed_on = act.on
    ledger.settle_case(evaluation)
    tell_units(evaluation, act, _("未参加考核：%(t)s") % {"t": evaluation.title}, evaluation.missed_reason)


def grant_time(evaluation: Evaluation, act: Act) -> None:
    """A later last day for the report, with the reason."""
    evaluation.report_due = dt.date.fromisoformat(act.data["due"])
    evaluation.absent_since = None
    kind = evaluation.declaration
    unit, role = evaluation.reporter
    terms = {"due_on": evaluation.report_due, "case": evaluation, "remind_days": kind.remind_days}
    title = _("提交自评：%(t)s") % {"t": evaluation.title}
    ledger.owe(f"{REPORT}:{evaluation.pk}", kind=REPORT, title=title, organisation_id=unit, role=role, **terms)
    ledger.owe(
        f"{ABSENT}:{evaluation.pk}",
        kind=ABSENT,
        title=title,
        organisation_id=None,
        handler="evaluations.note_absence",
        **terms,
    )
    for key in (REPORT, ABSENT):
        ledger.reopen(f"{key}:{evaluation.pk}")
    ledger.settle(f"{ABSENCE}:{evaluation.pk}")
    act.notify(
        Membership.objects.of(unit, role),
        _("自评延期至%(d)s：%(t)s") % {"d": evaluation.report_due.isoformat(), "t": evaluation.title},
        act.data["reason"],
        asks=f"{REPORT}:{evaluation.pk}",
    )


def later_findings(evaluation: Evaluation, act: Act) -> list[Finding]:
    """The new day lies ahead and after the one before."""
    due = act.data.get("due")
    first = max(evaluation.report_due, clock.today())
    if due and dt.date.fromisoformat(due) <= first:
        return [
            Finding(
                "",
                "hard",
                _("延期后的截止日%(a)s应晚于%(b)s。") % {"a": due, "b": first.isoformat()},
                {"due": due, "after": first.isoformat()},
                field="due",
            )
        ]
    return []


def cancel(evaluation: Evaluation, act: Act, reason: str) -> None:
    """End it without a result."""
    engine.end_round(evaluation, act)
    evaluation.missed_reason = reason
    ledger.settle_case(evaluation)
    tell_units(evaluation, act, _("考核已取消：%(t)s") % {"t": evaluation.title}, reason)


@when_a_base_ends
def cancel_open(recognition: Recognition, act: Act) -> None:
    """Nobody reports on a base that is none any more, and nobody marks it."""
    reason = _("基地已终止，本次考核不再进行。")
    for evaluation in Evaluation.objects.filter(recognition=recognition).exclude(state__in=ENDED):
        act.then(evaluation, "cancel", {"answers": {"reason": reason}})


def tell_units(evaluation: Evaluation, act: Act, title: str, body: str = "") -> None:
    """Tell the university's office, the college and the partner of what was decided."""
    roles = {"university": "graduate_office", "college": "secretary", "partner": "contact"}
    people = [
        member
        for column, role in roles.items()
        if getattr(evaluation, f"{column}_id")
        for member in Membership.objects.of(getattr(evaluation, f"{column}_id"), role)
    ]
    act.notify(people, title, body)
