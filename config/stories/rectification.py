"""A base that failed: its rectification ordered, repaired by college and partner, reported, rechecked."""

from __future__ import annotations

from typing import Any

from config.stories.hands import Attachment, Hand, fresh
from evaluations.models import Rectification

PROBLEMS = [
    {"text": "研究生实践安全管理办法未按新规修订", "criterion": "查阅修订后印发的办法"},
    {"text": "导师指导记录不完整", "criterion": "抽查三名研究生的指导记录"},
]


def running(recognition: Any) -> Rectification:
    """The rectification of a base that is not over."""
    return Rectification.objects.get(recognition=recognition, state__in=Rectification.UNFINISHED)


def ordered(organiser: Hand, recognition: Any, due_on: str | None = None, person: str = "") -> Rectification:
    """The order with two problems; `due_on` where the regulation leaves the last day to whoever orders."""
    case = running(recognition)
    day = {"due_on": due_on} if due_on else {}
    organiser.do(case, "order", {**day, "person": person, "problems": PROBLEMS})
    return fresh(case)


def repaired(hand: Hand, case: Rectification, by: str) -> None:
    """Every open problem planned, done by a day, with evidence."""
    for problem in case.open_problems():
        answers = {
            "cause": "人员变动，制度和记录更新不及时。",
            "plan": "修订制度，补齐记录，明确专人负责。",
            "person": hand.membership.user.name,
            "planned_on": by,
            "result": "已完成修订和补录，并组织学习。",
            "evidence": Attachment(f"第{problem.number}条整改佐证"),
        }
        hand.do(case, "answer_problem", answers, step=problem.pk)


def reported(hand: Hand, case: Rectification) -> None:
    """The stamped report."""
    hand.do(case, "submit", {"summary": "所列问题均已整改。", "report": Attachment("整改报告")})


def closed(organiser: Hand, case: Rectification) -> None:
    """Every problem whose evidence is in is closed."""
    hand = {f"result_{problem.pk}": "closed" for problem in case.open_problems() if problem.answered_on}
    organiser.do(case, "check_problems", hand)
