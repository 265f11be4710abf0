"""Steps that close: by somebody's act, by another case, by silence; and how the case goes on from there."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from casework import papers
from casework.models import Step
from casework.models.routed import RoutedCase
from casework.papers import parcels
from casework.permissions import CLERKS, asked
from casework.steps import links, persons, places, waivers
from casework.steps.covered import content_of
from casework.steps.engine.deadlines import owe
from casework.steps.engine.opening import all_finished, let_in, open_ready
from casework.steps.forms import NAMED, UNITS
from casework.steps.kind import kind_of
from core import clock, ledger, outbox
from core.door import Act, LinkActor, Refused
from core.findings import Finding
from regulations.rules import check
from tenants.models import Membership, Organisation


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
        _name_unit(case, step, act)
        step.state = "done"
    elif outcome == "return":
        step.state = "returned"
    else:
        step.state = _negative(case, step)
    step.save()
    if outcome == "positive":
        papers.issue_step_sheet(case, step, act.actor.name)
    _closed(case, step, act)


def _name_unit(case: RoutedCase, step: Step, act: Act) -> None:
    """Let the column of the case hold the unit that the step named, and tell that unit's clerk."""
    column = case.step_declaration(step.key).names
    if column is None or not step.answers.get(NAMED):
        return
    unit = Organisation.objects.get(pk=int(step.answers[NAMED]))
    setattr(case, column, unit)
    act.facts["named"] = unit.name
    _tell(unit, _("贵单位负责：%(t)s") % {"t": case.title}, step, act)
    for other in Organisation.objects.filter(pk__in=[int(pk) for pk in step.answers.get(UNITS) or ()]):
        if let_in(case, other, step.title, act):  # it takes part from now on, not only once its own step opens
            _tell(other, _("请贵单位参加：%(t)s") % {"t": case.title}, step, act)


def _tell(unit: Organisation, title: str, step: Step, act: Act) -> None:
    act.notify(Membership.objects.of(unit, CLERKS[unit.kind]), title, step.title)


def settle(case: RoutedCase, act: Act) -> None:
    """Close a step that waited for another case (see `casework.steps.waiting`), with the outcome that this one brought."""
    step = case.steps().filter(pk=act.raw["settle"], state="open").first()
    if step is None:
        return
    step.outcome, step.closed_at, step.on = act.raw.get("outcome") or "positive", act.now, act.on
    step.state = "done" if step.outcome == "positive" else _negative(case, step)
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
    act.notify([successor], title, body, case=case, asks=f"step:{step.pk}", url=places.page_of(case, step))


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
        act.notify(asked(step), title, text, case=case, asks=f"step:{step.pk}", url=places.page_of(case, step))


def _negative(case: RoutedCase, step: Step) -> str:
    return "done" if case.step_declaration(step.key).on_negative == "continue" else "negative"


def _closed(case: RoutedCase, step: Step, act: Act) -> None:
    """What follows of every closing: nothing is due any more, the log names the step, the kind draws its conclusion."""
    ledger.settle(f"step:{step.pk}")
    links.closed(case, step, act)
    _note(step, act)
    kind_of(step).closed(case, step, act)
    _enough(case, step, act)
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
    own = act.actor.role == step.role or isinstance(act.actor, LinkActor)
    step.decided_by = act.data.get("decided_by") or (act.actor.name if own else "")


def _take_paper(case: RoutedCase, step: Step, act: Act) -> None:
    declared = case.step_declaration(step.key)
    if declared.paper is None or declared.paper.scan == "none" or not act.data.get("scan"):
        return
    step.scan = papers.take_scan(case, step, declared, act)
    if waived := case.waived(step):
        waivers.came_with_step(waived, act)


def _outvoted(case: RoutedCase, step: Step) -> bool:
    """Whether a no of one party stops nothing, because enough others are left for the number that the profile wants."""
    quorum = case.step_declaration(step.key).quorum
    if step.state != "negative" or quorum is None:
        return False
    left = case.steps().filter(key=step.key).exclude(state__in=("negative", "void")).count()
    return left >= quorum.value


def _enough(case: RoutedCase, step: Step, act: Act) -> None:
    """Once as many parties as the profile wants have said yes, nobody waits for the others."""
    quorum = case.step_declaration(step.key).quorum
    rows = case.steps().filter(key=step.key)
    if quorum is None or rows.filter(state="done").count() < quorum.value:
        return
    for row in rows.filter(state__in=("open", "waiting")):
        row.state, row.closed_at, row.facts = "skipped", act.now, {**row.facts, "quorum": quorum.value}
        row.save(update_fields=["state", "closed_at", "facts"])
        ledger.settle(f"step:{row.pk}")


def _go_on(case: RoutedCase, step: Step, act: Act) -> None:
    if _outvoted(case, step):
        step.facts = {**step.facts, "outvoted": True}
        step.save(update_fields=["facts"])
        carry_on(case, act)
    elif step.state == "returned":
        act.then(
            case,
            "send_back",
            {"note": step.opinion, "due": act.data.get("correction_due")},
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
    if all_finished(case, case.state) and not any(f[1] == "settle_step" for f in act.followers):
        act.then(case, "advance")


def match_scan(case: RoutedCase, act: Act) -> None:
    """A named person says whether the stamped scan is the version printed; a mismatch reopens the step."""
    step = act.subject
    copy = papers.compare(case, step, act)
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
        act.notify(asked(step), title, copy.note, asks=f"step:{step.pk}", url=places.page_of(case, step))


def _read_another(case: RoutedCase, declared, act: Act) -> list[Finding]:
    """What stands against whoever confirms a content that they have not seen: `content` names the one on their page (or in
    their link), and it was changed since."""
    read = str(act.raw.get("content") or "")
    if not read or read == content_of(case, declared):
        return []
    message = _("协议或申报内容在您阅读之后有改动，本次办理没有登记。")
    return [Finding(declared.clause or "", "hard", message, {}, _("请重新打开本页，阅读现有内容后再办理。"))]


def step_findings(case: RoutedCase, act: Act) -> list[Finding]:
    """What stands against completing the step: the profile's rules at its gate, another person, the panel."""
    step: Step = act.subject
    findings: list[Finding] = []
    declared = case.step_declaration(step.key)
    findings += persons.other_person(case, declared, act.actor)
    findings += parcels.act_findings(case, act)
    findings += _read_another(case, declared, act)
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
