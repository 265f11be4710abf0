"""What becomes of a stay on its way: handed in, approved, sent back, interrupted, resumed, ended early, ended."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from casework.steps import engine
from casework.steps.engine import rounds
from core import clock, ledger
from core.door import Act, Refused
from core.findings import Finding, blocking
from core.forms import store
from core.language import in_source_language
from trainees import during, gates, services, spans
from trainees.models import Period, Placement

ONE_DAY = dt.timedelta(days=1)


# --- the route -----------------------------------------------------------------------------------------------------


def submit(placement: Placement, act: Act) -> str:
    """Hand the application in. Returns the stage."""
    placement.correction_note, placement.correction_due = "", None
    stage = engine.set_out(placement, act)
    if stage == "planned":
        approved(placement, act)
    return stage


def advanced(placement: Placement, act: Act) -> str:
    """The stage that a stay goes on to. To the base and away from it nothing goes by itself; a stay is closed only once
    its file is complete."""
    if placement.state in Placement.HELD:
        return placement.state
    stage = engine.next_stage(placement, act)
    if stage == "planned":
        approved(placement, act)
    if stage == Placement.AFTER_LAST:
        close(placement, act)
    return stage


def approved(placement: Placement, act: Act) -> None:
    """Whoever looks after the student, the student and both mentors know that it may be prepared."""
    services.expected(placement)
    text = _("已批准%(a)s至%(b)s的专业实践，请完成进入基地前的各项准备。")
    text %= {"a": placement.starts_on, "b": placement.ends_on}
    act.notify(services.concerned(placement), _("专业实践已批准：%(who)s") % {"who": placement.title}, text)


def sent_back(placement: Placement, act: Act) -> str:
    """Back to whoever wrote it: an application as a new round, what was handed in at the end to be corrected while what
    was approved stands. Returns the state."""
    note = act.raw.get("note") or ""
    placement.correction_note, placement.correction_due = note, act.raw.get("due") or None
    if placement.state == "assessing":
        for step in placement.steps().filter(stage="assessing"):
            ledger.settle(f"step:{step.pk}")
            step.state, step.outcome, step.closed_at, step.confirmed_sha256 = "waiting", "", None, ""
            step.save(update_fields=["state", "outcome", "closed_at", "confirmed_sha256"])
        goes_to = "active"
    else:
        engine.end_round(placement, act)
        before = placement.round
        placement.round += 1
        for form in placement.declaration.forms:
            store.copy_forward(placement, form, before, placement.round)
        goes_to = "draft"
    act.notify(services.concerned(placement), _("退回修改：%(case)s") % {"case": placement.title}, note, case=placement)
    return goes_to


def turned_down(placement: Placement, act: Act) -> None:
    """Not approved, with the reason."""
    engine.end_round(placement, act)
    ledger.settle_case(placement)
    placement.end_reason = act.raw.get("reason") or ""
    title = _("专业实践未批准：%(who)s") % {"who": placement.title}
    act.notify(services.concerned(placement), title, placement.end_reason, case=placement)


# --- there ---------------------------------------------------------------------------------------------------------


def enter(placement: Placement, act: Act) -> str:
    """The student goes to the base on a day. Returns the stage."""
    placement.entered_on = dt.date.fromisoformat(act.data["entered_on"])
    ledger.settle(services.starting(placement))
    during.begin(placement)
    return rounds.enter(placement, "active", act)


def interrupt_findings(placement: Placement, act: Act) -> list[Finding]:
    """An interruption begins after the entry and before the last day, and not in the future."""
    day = clock.day_of(act.data.get("interrupted_on"))
    if day is None or placement.entered_on < day <= min(clock.today(), placement.ends_on):
        return []
    words = {"a": placement.entered_on + ONE_DAY, "b": min(clock.today(), placement.ends_on)}
    text = _("中断日期应在%(a)s至%(b)s之内。") % words
    return [Finding("", "hard", text, {"interrupted_on": str(day)}, field="interrupted_on")]


def interrupt(placement: Placement, act: Act) -> None:
    """The student is not at the base from a day on; the periods of the stay end the day before, what was to come after is
    entered anew when they are back."""
    day = dt.date.fromisoformat(act.data["interrupted_on"])
    placement.interrupted_on, placement.end_reason = day, ""
    Period.objects.filter(placement=placement, starts_on__gte=day).delete()
    Period.objects.filter(placement=placement, ends_on__gte=day).update(ends_on=day - ONE_DAY)
    during.paused(placement)
    act.notify(services.concerned(placement), _("实践中断：%(who)s") % {"who": placement.title}, act.reason)


def resume_findings(placement: Placement, act: Act) -> list[Finding]:
    """The student comes back on a day after the interruption began, is insured and may be there."""
    period = act.data.get("period") or {}
    first, last = clock.day_of(period.get("from")), clock.day_of(period.get("to"))
    if first is None or last is None:
        return []
    if not placement.interrupted_on <= first <= clock.today():
        words = {"a": placement.interrupted_on, "b": clock.today()}
        text = _("恢复日期应在%(a)s至%(b)s之内。") % words
        return [Finding("", "hard", text, {"from": str(first)}, field="period")]
    twice = services.overlaps(placement, [(first, last)])
    covers = placement.insurances.values_list("starts_on", "ends_on")
    gaps = spans.words(spans.uncovered([(first, last)], covers))
    known = {"placement.uninsured": gaps or None}
    return [*([twice] if twice else []), *gates.starting(placement, first, known)]


def resume(placement: Placement, act: Act) -> None:
    """A new period from the day on which they are back."""
    period = act.data["period"]
    first, last = dt.date.fromisoformat(period["from"]), dt.date.fromisoformat(period["to"])
    Period.objects.create(placement=placement, starts_on=first, ends_on=last)
    placement.ends_on, placement.interrupted_on = last, None
    services.owe_both_ends(placement)
    ledger.settle(services.starting(placement))
    during.changed(placement)
    act.notify(services.concerned(placement), _("恢复实践：%(who)s") % {"who": placement.title}, act.reason)


# --- the end -------------------------------------------------------------------------------------------------------


def finish(placement: Placement, act: Act) -> str:
    """The student has left the base; the assessment begins, where the regulation has one. Returns the stage."""
    placement.left_on, placement.end_reason = dt.date.fromisoformat(act.data["left_on"]), act.data.get("reason") or ""
    placement.correction_note, placement.correction_due = "", None
    ledger.settle(f"placement_ends:{placement.pk}")
    during.finish(placement)
    stage = rounds.enter(placement, "assessing", act)
    if stage == Placement.AFTER_LAST:
        close(placement, act)
    return stage


def close(placement: Placement, act: Act) -> None:
    """The stay is over and its file complete. Raises Refused with what is missing."""
    findings = gates.closing(placement)
    if blocking(findings):
        raise Refused(findings)
    ledger.settle_case(placement)


def ask_to_end(placement: Placement, act: Act) -> None:
    """The student asks to end the stay early: whoever looks after them decides."""
    organisation, role = services.keeper(placement)
    with in_source_language():
        title = _("申请提前结束实践：%(who)s") % {"who": placement.title}
    placement.early_asked_on, placement.end_reason = act.now.date(), act.data["reason"]
    ledger.owe(
        services.asked_to_end(placement),
        kind="placement_early",
        title=title,
        due_on=clock.today() + dt.timedelta(days=7),
        organisation_id=organisation,
        role=role,
        case=placement,
    )
    act.notify(services.concerned(placement), title, act.data["reason"], case=placement)


def end_early(placement: Placement, act: Act) -> None:
    """The stay ends before its last day, by the student's own request or by the college, with the reason; what was open on
    its way is void."""
    _over(placement, act, act.data["end_code"])
    title = _("实践提前结束：%(who)s") % {"who": placement.title}
    act.notify(services.concerned(placement), title, act.data["reason"], case=placement)


def refuse_early(placement: Placement, act: Act) -> None:
    """The stay goes on although the student asked to end it."""
    placement.early_asked_on, placement.end_reason = None, ""
    ledger.settle(services.asked_to_end(placement))
    title = _("未同意提前结束实践：%(who)s") % {"who": placement.title}
    act.notify(services.concerned(placement), title, act.data["reason"], case=placement)


def transfer(placement: Placement, act: Act) -> None:
    """The stay ends here; the one at another base is begun from its page and says what it follows on."""
    _over(placement, act, "transferred")


def _over(placement: Placement, act: Act, code: str) -> None:
    placement.left_on, placement.end_code = dt.date.fromisoformat(act.data["left_on"]), code
    placement.end_reason = act.data["reason"]
    Period.objects.filter(placement=placement, starts_on__gt=placement.left_on).delete()
    Period.objects.filter(placement=placement, ends_on__gt=placement.left_on).update(ends_on=placement.left_on)
    engine.end_round(placement, act)
    during.finish(placement)
    ledger.settle_case(placement)
