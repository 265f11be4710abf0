"""A round of a case's route: its rows laid out, its stages entered one after the other, and its end."""

from __future__ import annotations

from django.utils.translation import gettext as _

from casework import panels
from casework.models import Step
from casework.models.routed import RoutedCase
from casework.steps import links
from casework.steps.engine.opening import all_finished, another_row, open_ready
from casework.steps.kind import kind_of
from core import ledger
from core.door import Act, Refused
from core.findings import Finding


def start(case: RoutedCase, act: Act) -> None:
    """Lay out the rows of the route for the case's current round. The first stage is opened by `enter`."""
    for position, declared in enumerate(case.declared_route()):
        if not case.follows(declared):
            continue
        units = [None] if declared.unit_from else case.route_units(declared) or [None]
        for unit in units:
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
                unit=unit,
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
            if not all_finished(case, code):
                return code
        if code in case.HELD:
            return code
    return case.AFTER_LAST


def next_stage(case: RoutedCase, act: Act) -> str:
    """Leave the current stage for the next that has something to do."""
    at = case.STAGES.index(case.state)
    if at + 1 == len(case.STAGES):
        return case.AFTER_LAST
    return enter(case, case.STAGES[at + 1], act)


def take_back(case: RoutedCase, void: list[Step], act: Act) -> str:
    """Let steps that were done be done again, in the stage of the first of them; what came after waits anew, and conditions
    are judged again. Units that became parties get their rows, those that are none any more lose theirs. Returns the stage
    in which the case goes on: its own, where nothing that was done is void."""
    _match_units(case, act)
    if not void:
        if case.state in case.STAGES:
            open_ready(case, case.state, act)
        return case.state
    first = min(case.STAGES.index(step.stage) for step in void)
    anew = {step.pk for step in void}
    for step in case.steps().exclude(state__in=("void", "returned")):
        at = case.STAGES.index(step.stage)
        judged_again = at >= first and step.state == "skipped"
        later = at > first and step.state in ("open", "done")
        if step.pk in anew or judged_again or (later and not _stays(case, step)):
            ledger.settle(f"step:{step.pk}")
            step.state, step.scan, step.outcome, step.closed_at, step.confirmed_sha256 = "waiting", "", "", None, ""
            step.by_silence, step.facts, step.on, step.opened_at = False, {}, None, None
            step.save()
    return enter(case, case.STAGES[first], act)


def _stays(case: RoutedCase, step: Step) -> bool:
    """Whether what was done in a later stage still holds: its own confirmation covers nothing that changed."""
    return step.state == "done" and kind_of(step).vouches


def _match_units(case: RoutedCase, act: Act) -> None:
    """A row for every unit that a step is for now; none any more for one that has left the case."""
    rows = list(case.steps())
    for declared in case.declared_route():
        laid = [step for step in rows if step.key == declared.key]
        if not laid or declared.unit_from or declared.person or not (units := case.route_units(declared)):
            continue
        for step in laid:
            if step.unit is not None and step.unit not in units and step.state in ("waiting", "open", "done"):
                ledger.settle(f"step:{step.pk}")
                step.state, step.closed_at = "void", act.now
                step.save(update_fields=["state", "closed_at"])
        for unit in units:
            own = next((step for step in laid if step.unit_id in (None, unit.pk)), None)
            if own is None:
                another_row(laid[0], unit)
            elif own.state == "void":
                own.state, own.closed_at = "waiting", None
                own.save(update_fields=["state", "closed_at"])


def end_round(case: RoutedCase, act: Act) -> None:
    """Void what the round has left open or waiting, and free its experts."""
    left = case.steps().filter(state__in=("open", "waiting"))
    for step in left:
        ledger.settle(f"step:{step.pk}")
    links.end(case, left, act, "ended")
    panels.end_all(case, act, _("本轮办理已结束"))
    left.update(state="void", closed_at=act.now)
