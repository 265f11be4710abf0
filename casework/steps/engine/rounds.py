"""A round of a case's route: its rows laid out, its stages entered one after the other, and its end."""

from __future__ import annotations

from django.utils.translation import gettext as _

from casework import panels
from casework.models import Step
from casework.models.routed import RoutedCase
from casework.steps.engine.opening import all_finished, open_ready
from core import ledger
from core.door import Act, Refused
from core.findings import Finding


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
            if not all_finished(case, code):
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


def end_round(case: RoutedCase, act: Act) -> None:
    """Void what the round has left open or waiting, and free its experts."""
    left = case.steps().filter(state__in=("open", "waiting"))
    for step in left:
        ledger.settle(f"step:{step.pk}")
    panels.end_all(case, act, _("本轮办理已结束"))
    left.update(state="void", closed_at=act.now)
