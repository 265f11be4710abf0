"""A base that is evaluated: the calendar opens its round, it reports, experts look, the grade is given."""

from __future__ import annotations

import datetime as dt
from typing import Any

from config.stories import answers as written
from config.stories.hands import Attachment, Hand, fresh
from core import clock, ledger
from evaluations.models import Evaluation

HEADS = ("practice", "mentoring", "integration", "results", "funds", "rules", "training_effect")
DIMENSIONS = ("organisation", "mentor_team", "rules_conditions", "practice", "effect")


def opened(recognition: Any, kind: str) -> Evaluation:
    """The day's job runs; the evaluation of a base that it opened, the newest of its kind."""
    ledger.run_due(clock.today())
    return Evaluation.objects.filter(recognition=recognition, kind=kind).latest("pk")


def czmc_report(**changes: Any) -> dict:
    """The yearly self-report of a base under CZMC."""
    said = {key: "按办法要求开展，情况良好。" for key in DIMENSIONS}
    return {"students": "6", "mentors": "4", **said, **changes}


def czmc_assessment(**changes: Any) -> dict:
    """The graduate office's record: two methods with their records, five dimensions."""
    said = {key: "符合要求。" for key in DIMENSIONS}
    return {
        "methods": ["site", "meeting"],
        "method_evidence": Attachment("现场检查记录和座谈会记录"),
        **said,
        **changes,
    }


def nm_report(**changes: Any) -> dict:
    """The self-report of a base under NM."""
    said = {key: "建设期内成效明显，详见佐证材料。" for key in HEADS}
    return {"students": "32", "funds_university": "600000", "funds_partner": "450000", **said, **changes}


def nm_heads(**changes: Any) -> dict:
    """The opinion on the six heads."""
    return {key: "成效明显。" for key in HEADS} | changes


def xcu_report(**changes: Any) -> dict:
    """The report of a base under XCU."""
    return {
        "courses": "1",
        "projects": "2",
        "higher_projects": "1",
        "summary": "对照评价标准逐项自评，建设进展正常。",
        "materials": Attachment("建设情况材料"),
        **changes,
    }


def reported(hand: Hand, evaluation: Evaluation, form: str, answers: dict) -> None:
    """The self-report over what the portal filled in, handed in."""
    first = evaluation.first_answers(form)
    hand.fill(evaluation, form, {**first, **answers})
    hand.do(evaluation, "submit")


def assigned(office: Hand, evaluation: Evaluation, expert: Hand, days: int = 10) -> None:
    """An expert is put on the panel."""
    last = (clock.today() + dt.timedelta(days=days)).isoformat()
    office.do(evaluation, "assign_expert", {"expert": str(expert.membership.pk), "closes_on": last}, step="experts")


def heard(expert: Hand, evaluation: Evaluation, answers: dict) -> None:
    """An expert promises and hands in what they think."""
    panel = fresh(evaluation).steps().get(key="experts")
    mine = panel.assignments.get(expert=expert.membership.user_id)
    expert.do(evaluation, "promise", written.PROMISE, step=mine.pk)
    expert.do(evaluation, "give_opinion", answers, step=mine.pk)


def marked(points: dict[str, Any]) -> dict:
    """The fields of an expert's sheet: a mark for each indicator."""
    return {f"mark_{key}": str(value) for key, value in points.items()}
