"""Incidents: entered, reported, assessed; the base is revoked only where the assessment says that it cannot go on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from bases import intake
from bases.events import begun
from bases.models import Incident, Recognition
from casework import effects, papers
from casework.effects.forms import decision_findings
from casework.models import Effect
from casework.specs import decision_fields, form
from casework.steps import engine
from core import clock, ledger
from core.door import Act
from core.findings import Finding
from regulations.settings import figure

RUNNING = ("draft", "assessing")


def due_key(incident: Incident) -> str:
    """The name of the report that is due, in the ledger and in messages."""
    return f"incident:{incident.pk}"


def begin_findings(recognition: Recognition, act: Act) -> list[Finding]:
    """The regulation knows such reports."""
    if recognition.profile.incident is not None:
        return []
    return [Finding("", "hard", _("本基地适用的办法没有规定重大事项报告。"))]


def begin(recognition: Recognition, act: Act) -> None:
    """Enter an incident; that it is to be reported is reminded of until it has been."""
    incident = begun.begin(recognition, Incident, "ZS", act)
    declared = recognition.profile.incident
    days = figure(recognition.profile, declared.remind_days, recognition.university, act.now.date())
    if days is None:
        return  # the text gives no time, and nobody has set any
    ledger.owe(
        due_key(incident),
        kind="incident",
        title=_("报告重大事项：%(base)s") % {"base": recognition.listed_title},
        due_on=act.now.date() + dt.timedelta(days=days),
        organisation_id=recognition.university_id,
        role="graduate_office",
        case=incident,
        remind_days=0,
        clause=declared.clause or "",
    )


def report_findings(incident: Incident, act: Act) -> list[Finding]:
    """The form is complete, the day has come."""
    findings = begun.form_findings(incident, act)
    if incident.happened_on and incident.happened_on > clock.today():
        text = _("发生日期%(day)s晚于今天。") % {"day": incident.happened_on}
        facts = {"happened_on": incident.happened_on.isoformat()}
        clause = incident.declaration.clause or ""
        findings.append(Finding(clause, "hard", text, facts, form=incident.declaration.form, field="happened_on"))
    return findings


def report(incident: Incident, act: Act) -> str:
    """Bring it before whoever assesses it. Returns the stage."""
    incident.reported_on = act.now.date()
    incident.partner = incident.recognition.partner
    ledger.settle(due_key(incident))
    return engine.set_out(incident, act)


def assessed(incident: Incident, step, act: Act) -> None:
    """Keep what the assessment says; what an earlier one had proposed and this one does not bear out is declined."""
    incident.can_continue = step.outcome == "positive"
    incident.assessed_on = act.on
    told = incident.step_declaration(step.key).paper
    if told is not None and told.key:
        papers.issue(incident, f"{told.key}.{step.pk}", act.actor.name)
    if incident.can_continue:
        for effect in proposed(incident):
            effects.decline(effect, act)


def conclude(incident: Incident, act: Act) -> None:
    """The assessment stands: where it cannot go on, what the regulation lets follow is proposed."""
    word = _("可以继续开展联合培养") if incident.can_continue else _("确无法继续开展联合培养")
    begun.tell(incident, act, _("研判结论：%(word)s") % {"word": word}, incident.recognition.listed_title)
    if not incident.can_continue and incident.recognition.state != "ended":
        effects.propose_all(incident.recognition, incident.declaration.consequences, incident, act)


def again(incident: Incident, act: Act) -> str:
    """A new round of the assessment: the situation has changed. Returns the stage."""
    engine.end_round(incident, act)
    incident.round += 1
    incident.can_continue, incident.assessed_on = None, None
    return engine.set_out(incident, act)


def proposed(incident: Incident) -> list[Effect]:
    """What this incident has led to and nobody has decided yet."""
    rows = Effect.about(incident.recognition).filter(state="proposed")
    return list(rows.filter(source_kind=incident.case_kind, source_id=incident.pk).order_by("pk"))


def revoke_form(incident, actor, data, subject) -> dict:
    return form(
        "revoke_base",
        _("撤销基地"),
        *decision_fields(_("决定书（盖章件）"), _("决定理由")),
    )


def revoke_findings(incident: Incident, act: Act) -> list[Finding]:
    """Only after an assessment that joint training cannot go on, of a base that is one still."""
    clause = incident.declaration.judged or incident.declaration.clause or ""
    facts = {"can_continue": incident.can_continue, "assessed_on": str(incident.assessed_on or "")}
    if incident.can_continue is None:
        return [Finding(clause, "hard", _("尚未作出研判结论，不能撤销。"), facts)]
    if incident.can_continue:
        text = _("%(day)s的研判结论为“可以继续开展联合培养”，不能撤销。") % {"day": incident.assessed_on}
        return [Finding(clause, "hard", text, facts, _("情况有变化的，请先重新研判。"))]
    if incident.recognition.state == "ended":
        text = _("基地已于%(day)s终止。") % {"day": incident.recognition.ended_on}
        return [Finding(clause, "hard", text, facts | {"ended_on": str(incident.recognition.ended_on)})]
    waiting = proposed(incident)
    if not waiting:
        return [Finding(clause, "hard", _("没有待确认的撤销事项。"), facts)]
    return decision_findings(incident.recognition, waiting, act)


def revoke(incident: Incident, act: Act) -> None:
    """Confirm what the incident led to: the base ends on the day of the decision."""
    act.on = clock.day_of(act.data.get("decided_on")) or act.on
    answers = {key: act.data[key] for key in ("number", "file") if act.data.get(key)}
    for effect in proposed(incident):
        effects.begin(effect, incident.recognition, act, act.on, answers)


def warnings(recognitions: Sequence[Recognition], on: dt.date) -> dict[int, list[Finding]]:
    """Reported incidents whose end is open: students may come, with a warning. One query."""
    by_pk = {recognition.pk: recognition for recognition in recognitions}
    rows = Incident.objects.filter(recognition__in=list(by_pk), reported_on__lte=on).exclude(state="dropped")
    findings: dict[int, list[Finding]] = {}
    for incident in rows.exclude(can_continue=True).order_by("pk"):
        declared = by_pk[incident.recognition_id].profile.incident
        text = _("%(day)s报告的重大事项（%(number)s）尚在研判处理中。")
        words = {"day": incident.reported_on, "number": incident.number}
        facts = {"incident": incident.number, "reported_on": incident.reported_on.isoformat()}
        clause = (declared.clause or "") if declared is not None else ""
        findings.setdefault(incident.recognition_id, []).append(Finding(clause, "info", text % words, facts))
    return findings


intake.WARNINGS.append(warnings)
