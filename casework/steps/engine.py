"""The engine of steps: opens what can open, closes what was done, and says where a case goes next.

Everything here runs inside the door's transaction, called by the moves of a routed case.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from casework import panels, papers
from casework.models import Step
from casework.models.routed import RoutedCase
from casework.permissions import asked
from casework.steps import persons, waiting, waivers
from casework.steps.forms import UNITS
from casework.steps.kind import kind_of
from core import clock, ledger, outbox
from core.calendar import add_months, working_days_after
from core.door import Act, Refused
from core.findings import Finding
from regulations.rules import check, holds
from regulations.settings import figure
from tenants.models import Membership, Organisation, Party


def start(case: RoutedCase, act: Act) -> None:
    """Lay out the rows of the route for the case's current round. The first stage is opened by `enter`."""
    for position, declared in enumerate(case.declared_route()):
        if not case.follows(declared):
            continue
        Step.objects.create(
            case_kind=case.case_kind,
            case_id=case.pk,
            case_title=case.title,
            case_number=case.number,
            round=case.round,
            key=declared.key,
            title=str(declared.title),
            clause=declared.clause or "",
            stage=declared.stage,
            kind=declared.kind,
            position=position,
            role=declared.role,
            unit=None if declared.unit_from else case.route_unit(declared.unit),
            offline=declared.offline,
        )


def set_out(case: RoutedCase, act: Act) -> str:
    """Lay the route out and enter its first stage; returns that stage. Refused where nobody would have anything to do:
    handing in never ends a case by itself, an end is somebody's act."""
    start(case, act)
    stage = enter(case, case.STAGES[0], act)
    if stage == case.AFTER_LAST or not case.steps().exists():
        version = case.governing_version()
        facts = {"regulation": str(version), "steps": [step.title for step in case.steps()]}
        raise Refused(
            Finding(
                "",
                "hard",
                _(
                    "%(rules)s没有为本事项规定需要办理的环节（或所列环节均不适用），送审后将无人办理。"
                    "请联系本单位管理员核对办法的环节设置。"
                )
                % {"rules": version},
                facts,
            )
        )
    return stage


def enter(case: RoutedCase, stage: str, act: Act) -> str:
    """Open a stage, or the next one that has anything to do; returns the stage entered, or the state after the last."""
    at = case.STAGES.index(stage)
    for code in case.STAGES[at:]:
        if case.steps().filter(stage=code).exists():
            open_ready(case, code, act)
            if not _all_finished(case, code):
                return code
        if code == case.HELD:
            return code
    return case.AFTER_LAST


def next_stage(case: RoutedCase, act: Act) -> str:
    """Leave the current stage for the next that has something to do."""
    at = case.STAGES.index(case.state)
    if at + 1 == len(case.STAGES):
        return case.AFTER_LAST
    return enter(case, case.STAGES[at + 1], act)


def _all_finished(case: RoutedCase, stage: str) -> bool:
    return all(step.finished for step in case.steps().filter(stage=stage))


def open_ready(case: RoutedCase, stage: str, act: Act) -> None:
    """Open every waiting step of the stage whose predecessors are finished; skip those whose condition fails."""
    again = True
    while again:
        again = False
        rows = _by_key(case)
        declared = [declaration for declaration in case.declared_route() if declaration.key in rows]
        for index, declaration in enumerate(declared):
            waits = [step for step in rows[declaration.key] if step.state == "waiting"]
            if not waits or waits[0].stage != stage:
                continue
            before = (
                declaration.after if declaration.after is not None else ([declared[index - 1].key] if index else [])
            )
            if not all(step.finished for key in before if key in rows for step in rows[key]):
                continue
            again = True
            for step in _one_for_each_unit(case, waits[0], declaration, rows):
                if declaration.when is not None:
                    applies, step.facts = holds(case.profile, declaration.when, case, clock.today())
                    if not applies:
                        step.state, step.closed_at = "skipped", act.now
                        step.save(update_fields=["facts", "state", "closed_at"])
                        continue
                _open(case, step, declaration, act)
            rows = _by_key(case)


def _by_key(case: RoutedCase) -> dict[str, list[Step]]:
    rows: dict[str, list[Step]] = {}
    for step in case.steps():
        rows.setdefault(step.key, []).append(step)
    return rows


def _one_for_each_unit(case: RoutedCase, step: Step, declared, rows: dict[str, list[Step]]) -> list[Step]:
    """The row itself; where an earlier step chose the units, one row for each of them."""
    if declared.unit_from is None:
        return [step]
    chosen = {int(pk) for earlier in rows.get(declared.unit_from, ()) for pk in earlier.answers.get(UNITS) or ()}
    units = list(Organisation.objects.filter(pk__in=chosen).order_by("pk")) or [case.route_unit(declared.unit)]
    made = []
    for number, unit in enumerate(units):
        if number:
            step = Step.objects.get(pk=step.pk)
            step.pk, step._state.adding = None, True
        step.unit = unit
        step.save()
        made.append(step)
    return made


def _open(case: RoutedCase, step: Step, declared, act: Act) -> None:
    step.state, step.opened_at = "open", act.now
    if step.unit_id is None:
        step.unit = case.route_unit(declared.unit)
    if declared.unit == "authority" and case.authority_id is None:
        case.authority = step.unit  # from now on the authority sees the case: it has something to do
    if (person := persons.assignee(case, declared)) is not None:
        step.assignee, step.unit, step.role = person, person.organisation, person.role
    step.save()
    _let_in(case, step, act)
    owe(case, step, declared, act)
    if kind_of(step).acted_on:
        act.notify(
            asked(step),
            _("待办：%(step)s") % {"step": step.title},
            f"{case.number} {case.title}",
            case=case,
            asks=f"step:{step.pk}",
        )
    if kind_of(step).awaits and (brought := waiting.there_already(case, step, declared)) is not None:
        act.then(case, "settle_step", brought)


def _let_in(case: RoutedCase, step: Step, act: Act) -> None:
    """Open the case to a unit that has a step on it without having the main part in one of its columns."""
    columns = (case.authority_id, case.university_id, case.college_id, case.partner_id)
    if step.unit_id is None or step.unit_id in columns:
        return
    part = {"case_kind": case.case_kind, "case_id": case.pk, "organisation": step.unit, "until_on": None}
    if not Party.objects.filter(**part).exists():
        Party.objects.create(**part, role="assessor", from_on=clock.today(), reason=step.title)
        act.facts.setdefault("let_in", []).append(step.unit.name)


def owe(case: RoutedCase, step: Step, declared, act: Act) -> None:
    """Start the clock of a step that opens, or opens again: due days from today, and what silence means then."""
    step.due_on = due_day(case, declared, act.now.date(), step.unit)
    step.save(update_fields=["due_on"])
    if step.due_on is None:
        return
    key = f"step:{step.pk}"
    ledger.owe(
        key,
        kind="step",
        title=f"{step.title}：{case.title}",
        due_on=step.due_on,
        organisation_id=step.unit_id,
        role=step.role,
        membership=step.assignee_id,
        case=case,
        remind_days=3,
        clause=declared.due.clause or step.clause,
        handler="" if declared.silence == "none" else f"silence_{declared.silence}",
        payload={"step": step.pk},
    )
    ledger.reopen(key)


def due_day(case: RoutedCase, declared, on: dt.date, unit: Organisation | None) -> dt.date | None:
    """The day by which a step opened on `on` is to be done, or None where neither the text nor a setting of the `unit`
    says."""
    if declared.due is None:
        return None
    for name, count in (
        ("days", lambda n: on + dt.timedelta(days=n)),
        ("working_days", lambda n: working_days_after(on, n)[0]),
        ("months", lambda n: add_months(on, n)),
    ):
        value = getattr(declared.due, name)
        if value is None:
            continue
        number = figure(case.profile, value, unit, on)
        return count(number) if number else None
    return None


def complete(case: RoutedCase, act: Act) -> None:
    """Close the step the actor acted on, with the outcome in the act's cleaned data, and let the case go on."""
    step: Step = act.subject
    outcome = act.data.get("outcome") or "positive"
    _sign(step, act)
    step.outcome = outcome
    step.opinion = str(act.data.get("opinion") or "")
    step.answers = {key: value for key, value in act.data.items() if key not in ("outcome", "opinion")}
    if outcome == "positive":
        step.confirmed_sha256 = content_of(case, case.step_declaration(step.key))
        _take_paper(case, step, act)
        step.state = "done"
    elif outcome == "return":
        step.state = "returned"
    else:
        step.state = _negative(case, step)
    step.save()
    if outcome == "positive":
        papers.issue_step_sheet(case, step, act.actor.name)
    _closed(case, step, act)


def settle(case: RoutedCase, act: Act) -> None:
    """Close a step that waited for another case (see `casework.steps.waiting`)."""
    step = case.steps().filter(pk=act.raw["settle"], state="open").first()
    if step is None:
        return
    step.state, step.outcome, step.closed_at, step.on = "done", "positive", act.now, act.on
    step.answers, step.entered_by = act.raw.get("answers") or {}, act.actor.name
    step.opinion = act.raw.get("opinion") or ""
    step.save()
    _closed(case, step, act)


def lapse(case: RoutedCase, act: Act) -> None:
    """Close a step whose due day has passed in silence, as its regulation says that silence is to be read."""
    step = case.steps().filter(pk=act.raw["lapse"], state="open").first()
    if step is None:
        return
    declared = case.step_declaration(step.key)
    step.outcome, step.by_silence = declared.silence, True
    step.state = "done" if step.outcome == "positive" else _negative(case, step)
    step.on, step.closed_at, step.entered_by, step.opinion = act.on, act.now, act.actor.name, act.reason
    step.confirmed_sha256 = content_of(case, declared)
    step.save()
    act.notify(asked(step), _("逾期未办，%(step)s已按办法办结") % {"step": step.title}, act.reason)
    _closed(case, step, act)


@ledger.handler("silence_positive", says=lazy("办理时限%(day)s已过，按办法逾期未表态视为同意（%(clause)s）。"))
@ledger.handler("silence_negative", says=lazy("办理时限%(day)s已过，按办法逾期未表态视为不同意（%(clause)s）。"))
def by_silence(entry, on: dt.date) -> None:
    """The day after a step's due day: the ledger lets the case go on through the door."""
    words = {
        "silence_positive": _("办理时限%(day)s已过，逾期未表态，按办法视为同意。"),
        "silence_negative": _("办理时限%(day)s已过，逾期未表态，按办法视为不同意。"),
    }
    reason = words[entry.handler] % {"day": entry.due_on.isoformat()}
    if entry.clause:
        reason += _("依据：%(clause)s。") % {"clause": entry.clause}
    ledger.carry_out(entry, "lapse", {"lapse": entry.payload["step"], "reason": reason})


def hand_over(case: RoutedCase, act: Act, step: Step, successor: Membership) -> None:
    """Give an open step of a person to somebody else, with what is due on it."""
    before = step.assignee
    step.assignee, step.unit, step.role = successor, successor.organisation, successor.role
    step.save(update_fields=["assignee", "unit", "role"])
    if step.due_on is not None:
        declared = case.step_declaration(step.key)
        ledger.owe(
            f"step:{step.pk}",
            kind="step",
            title=f"{step.title}：{case.title}",
            due_on=step.due_on,
            organisation_id=step.unit_id,
            role=step.role,
            membership=successor,
            case=case,
            clause=declared.due.clause or step.clause,
        )
    if before is not None:
        outbox.taken_over([f"step:{step.pk}"], before)
    act.step_key, act.step_title = step.key, step.title
    act.facts |= {"from": before.name if before else "", "to": successor.name, "to_membership": successor.pk}
    title, body = _("待办移交给您：%(step)s") % {"step": step.title}, f"{case.number} {case.title}"
    act.notify([successor], title, body, case=case, asks=f"step:{step.pk}")


def content_of(case: RoutedCase, declared) -> str:
    """The hash of what a step confirms: the forms it names, the dossier where it names none."""
    if not declared.confirms or set(declared.confirms) == set(case.form_keys()):
        return case.content_hash()
    answers = [[key, case.form_answers(key)] for key in declared.confirms]
    return hashlib.sha256(json.dumps(answers, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def reopen_changed(case: RoutedCase, act: Act) -> None:
    """Open again every done step of the stage that confirmed forms which have changed since: the row's earlier answer
    stays in the log."""
    for step in case.steps().filter(state="done", stage=case.state):
        declared = case.step_declaration(step.key)
        if not declared.confirms or step.confirmed_sha256 == content_of(case, declared):
            continue
        step.state, step.scan, step.outcome, step.closed_at, step.confirmed_sha256 = "open", "", "", None, ""
        step.save(update_fields=["state", "scan", "outcome", "closed_at", "confirmed_sha256"])
        owe(case, step, declared, act)
        act.facts.setdefault("reopened", []).append(step.key)
        text = _("所确认的内容已有改动，原意见作废，请重新办理。")
        title = _("需重新办理：%(step)s") % {"step": step.title}
        act.notify(asked(step), title, text, case=case, asks=f"step:{step.pk}")


def _negative(case: RoutedCase, step: Step) -> str:
    return "done" if case.step_declaration(step.key).on_negative == "continue" else "negative"


def _closed(case: RoutedCase, step: Step, act: Act) -> None:
    """What follows of every closing: nothing is due any more, the log names the step, the kind draws its conclusion."""
    ledger.settle(f"step:{step.pk}")
    _note(step, act)
    kind_of(step).closed(case, step, act)
    _go_on(case, step, act)


def _note(step: Step, act: Act) -> None:
    act.step_key, act.step_title, act.decided_by = step.key, step.title, step.decided_by
    act.reason = act.reason or step.opinion


def _sign(step: Step, act: Act) -> None:
    """Who decided, who entered it, and when each happened."""
    decided_on = act.data.get("decided_on")
    if decided_on:
        day = dt.date.fromisoformat(decided_on)
        if day > act.now.date():
            raise Refused(
                Finding(
                    "",
                    "hard",
                    _("办理日期%(a)s晚于今天%(b)s，不能登记将来的日期。") % {"a": day, "b": act.now.date()},
                    field="decided_on",
                )
            )
        act.on = day
    step.on, step.closed_at = act.on, act.now
    step.entered_by, step.membership_id = act.actor.name, act.actor.membership_id
    step.decided_by = act.data.get("decided_by") or (act.actor.name if act.actor.role == step.role else "")


def _take_paper(case: RoutedCase, step: Step, act: Act) -> None:
    declared = case.step_declaration(step.key)
    if declared.paper is None or declared.paper.scan == "none" or not act.data.get("scan"):
        return
    step.scan = papers.take_scan(case, step, declared, act)
    if waived := case.waived(step):
        waivers.came_with_step(waived, act)


def _go_on(case: RoutedCase, step: Step, act: Act) -> None:
    if step.state == "returned":
        act.then(
            case,
            "send_back",
            {"note": step.opinion, "due": act.data.get("correction_due"), "sections": act.data.get("sections") or []},
        )
    elif step.state == "negative":
        declared = case.step_declaration(step.key)
        if declared.on_negative == "reject":
            act.then(case, "turn_down", {"reason": step.opinion})
        else:
            act.then(case, "send_back", {"note": step.opinion})
    else:
        carry_on(case, act)


def carry_on(case: RoutedCase, act: Act) -> None:
    """Open what can open now; when the stage has nothing left, let the case advance."""
    if case.state not in case.STAGES:
        return
    reopen_changed(case, act)
    open_ready(case, case.state, act)
    if _all_finished(case, case.state) and not any(f[1] == "settle_step" for f in act.followers):
        act.then(case, "advance")


def match_scan(case: RoutedCase, act: Act) -> None:
    """A named person says whether the stamped scan is the version printed; a mismatch reopens the step."""
    step = act.subject
    copy = papers.compare(case, step.key, act)
    act.step_key, act.step_title, act.reason = step.key, step.title, copy.note
    if copy.state == "matched":
        step.scan = "matched"
        step.save(update_fields=["scan"])
        carry_on(case, act)
    else:
        step.state, step.scan, step.closed_at = "open", "", None
        step.save(update_fields=["state", "scan", "closed_at"])
        owe(case, step, case.step_declaration(step.key), act)
        title = _("盖章件不一致，请重新上传：%(s)s") % {"s": step.title}
        act.notify(asked(step), title, copy.note, asks=f"step:{step.pk}")


def end_round(case: RoutedCase, act: Act) -> None:
    """Void what the round has left open or waiting, and free its experts."""
    left = case.steps().filter(state__in=("open", "waiting"))
    for step in left:
        ledger.settle(f"step:{step.pk}")
    panels.end_all(case, act, _("本轮办理已结束"))
    left.update(state="void", closed_at=act.now)


def step_findings(case: RoutedCase, act: Act) -> list[Finding]:
    """What stands against completing the step: the profile's rules at its gate, another person, the panel."""
    step: Step = act.subject
    findings: list[Finding] = []
    declared = case.step_declaration(step.key)
    findings += persons.other_person(case, declared, act.actor.user_id)
    if (act.data.get("outcome") or "positive") != "positive":
        return findings
    findings += kind_of(step).findings(case, step, declared, act.data)
    return findings + check(
        case.profile,
        f"step.complete:{step.key}",
        case,
        clock.today(),
        overrides=case.overrides(),
        answers={declared.form: act.data} if declared.form else None,
    )
