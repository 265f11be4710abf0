"""What became of bases: one praised, one revoked, one under rectification, one barred for the next year, a round half done.

The calendar's own months open evaluations, wherever the story is moved to: days here are the portal's.
"""

from __future__ import annotations

import datetime as dt

from bases.models import Incident, Recognition
from casework.models import Effect
from config.demo.story import Story
from config.stories import evaluation, rectification
from config.stories.filling import filled
from config.stories.hands import DoorHand, fresh
from core import clock, door
from evaluations.models import Evaluation
from regulations import services

DAY = dt.timedelta(days=1)
POINTS = {
    **dict.fromkeys(("a1", "a2", "a3", "c1", "c2", "c3", "d1", "d2", "d3", "d5", "d6", "e"), 4),
    **dict.fromkeys(("b1", "b2", "b3", "d4"), 9),
}


def evaluated(story: Story) -> None:
    """Everything that evaluations led to, in the order of its days."""
    _round_of_the_school(story, settings_only=True)
    _december(story)
    _accident(story)
    _three_years(story)
    _round_of_the_school(story)


def _at(day: dt.date, hour: int = 9):
    return clock.travel(dt.datetime.combine(day, dt.time(hour)))


def _base(story: Story, university: str, partner: str, **more: str) -> Recognition:
    sides = {"university": story.unit(university), "base__partner": story.unit(partner), **more}
    return Recognition.objects.get(**sides, active_on__isnull=False)


def _concluded(hand: DoorHand, base: Recognition, *kinds: str) -> None:
    """What is proposed for a base, of these kinds or all, confirmed by whoever may."""
    for effect in Effect.about(base).filter(state="proposed").order_by("pk"):
        if not kinds or effect.kind in kinds:
            spec = door.moves(Recognition)["confirm_effect"].spec(fresh(base), hand.membership, {}, effect)
            hand.do(base, "confirm_effect", filled(spec), step=effect.pk)


# --- CZMC: the last December that is over ----------------------------------------------------------------------------


def _december(story: Story) -> None:
    """望川医科大学's three bases in the last December: one passed; one failed and repairs; one failed, did not repair, and
    is no base in the year after."""
    today = clock.today()
    first = dt.date(today.year, 12, 1)
    while first > today - dt.timedelta(days=60):
        first = first.replace(year=first.year - 1)
    clerk, secretary, expert = story.hand("u2.clerk"), story.hand("u2b.secretary"), story.hand("e2.expert")
    expert = DoorHand(expert.membership.user.memberships.get(organisation=story.unit("U2"), role="expert"))
    for partner, verdict in (("P1", "pass"), ("P6", "fail"), ("P2", "fail")):
        base, contact = _base(story, "U2", partner), story.hand(f"{partner.lower()}.contact", "contact")
        with _at(first):
            case = evaluation.opened(base, "annual")
        with _at(first + 7 * DAY):
            evaluation.reported(contact, case, "annual_report", evaluation.czmc_report())
            secretary.step(case, "college_check", {"opinion": "属实。"})
            evaluation.assigned(clerk, case, expert)
        with _at(first + 14 * DAY):
            text = "运行规范，成效明显。" if verdict == "pass" else "安全管理办法未修订，指导记录不完整。"
            evaluation.heard(expert, case, {"verdict": verdict, "text": text})
            clerk.step(case, "experts", {"opinion": "专家组意见一致。"})
            clerk.step(case, "assessment", evaluation.czmc_assessment())
            clerk.step(case, "give_grade", {"grade": verdict, "opinion": text})
    with _at(first + 21 * DAY):
        until = first.replace(year=first.year + 1) - DAY
        repairing = rectification.ordered(clerk, _base(story, "U2", "P6"), until.isoformat(), "沈知微")
        failing = rectification.ordered(clerk, _base(story, "U2", "P2"), (first + 40 * DAY).isoformat(), "沈知微")
    with _at(first + 35 * DAY):
        problem = repairing.open_problems()[0]
        answers = {
            "cause": "制度更新不及时。",
            "plan": "修订研究生实践安全管理办法并组织学习。",
            "person": "沈知微",
            "planned_on": (first + 50 * DAY).isoformat(),
        }
        secretary.do(repairing, "answer_problem", answers, step=problem.pk)
    with _at(first + 42 * DAY):
        clerk.do(failing, "recheck_unreported", {"reason": "期满未提交整改报告。"})
        clerk.step(failing, "recheck", {"opinion": "问题仍然存在，复核不合格。"}, outcome="negative")
        _concluded(clerk, _base(story, "U2", "P2"))


# --- NM: praised after three years; revoked after an incident -------------------------------------------------------


def _accident(story: Story) -> None:
    """云屿师范学院—盐道博物馆: the partner gives its halls up; the department's assessment, and the revocation."""
    base, clerk, officer = (
        _base(story, "U3", "P7", level="provincial"),
        story.hand("u3.clerk"),
        story.hand("ped.officer"),
    )
    with story.at("2026-05-11"):
        clerk.do(base, "enter_incident")
        incident = Incident.objects.get(recognition=base)
        answers = {
            "happened_on": story.iso("2026-05-06"),
            "kind": "business",
            "account": "合作单位馆舍整体移交，教育与研究部门撤并。",
            "impact": "失去实践场所和专业人员，不能再承担研究生培养任务。",
        }
        clerk.fill(incident, incident.declaration.form, answers)
        clerk.do(incident, "report")
    with story.at("2026-06-01"):
        officer.step(incident, "assessment", {"opinion": "经研判，确无法继续开展研究生联合培养。"}, outcome="negative")
    with story.at("2026-06-15"):
        spec = door.moves(Incident)["revoke_base"].spec(fresh(incident), officer.membership, {}, fresh(incident))
        officer.do(incident, "revoke_base", filled(spec, reason="经研判确无法继续开展联合培养。"))


def _three_years(story: Story) -> None:
    """岚江大学—恒拓机床: excellent after three years of construction; commended, granted, titled."""
    base, clerk, officer = _base(story, "U1", "P2"), story.hand("u1.clerk"), story.hand("ped.officer")
    opens = base.ends_on + DAY
    with _at(opens):
        case = evaluation.opened(base, "effectiveness")
    with _at(opens + 12 * DAY):
        evaluation.reported(clerk, case, "effect_report", evaluation.nm_report())
        officer.step(case, "documents_check", {"opinion": "材料齐全。"})
    experts = [story.hand(login, "expert") for login in ("e1.expert", "e3.expert")]
    with _at(opens + 20 * DAY):
        for expert in experts:
            evaluation.assigned(officer, case, expert)
            text = "建设成效突出，示范作用明显。"
            evaluation.heard(expert, case, evaluation.nm_heads(verdict="excellent", text=text))
        officer.step(case, "experts", {"opinion": "专家组一致建议优秀。"})
    with _at(opens + 35 * DAY):
        heads = evaluation.nm_heads()
        officer.step(case, "give_grade", {"grade": "excellent", **heads, "opinion": "同意专家组意见。"})
    with _at(opens + 42 * DAY):
        _concluded(officer, base)


# --- XCU: a round half done ----------------------------------------------------------------------------------------


def _round_of_the_school(story: Story, settings_only: bool = False) -> None:
    """青岐学院's yearly check: opened on the first of a month, two to seven weeks ago; of three bases one is being marked, one
    is being checked, one has not reported."""
    school, month = story.unit("U4"), story.day("2026-11-02").replace(day=1)
    version = _base(story, "U4", "P3").regulation_version
    if settings_only:
        since = story.day("2025-09-01")
        with _at(since):
            for key, value in (("evaluation.benchmark_month", month.month), ("evaluation.report_days", 60)):
                services.enter_setting(version, key, school, value, since, "学科与研究生处通知", name="苏半夏")
        return
    clerk = story.hand("u4.clerk")
    with _at(month):
        cases: dict[str, Evaluation] = {
            partner: evaluation.opened(_base(story, "U4", partner), "benchmark") for partner in ("P3", "P4", "P5")
        }
    for partner, college, days in (("P3", "u4a", 4), ("P4", "u4b", 8)):
        with _at(month + days * DAY):
            secretary = story.hand(f"{college}.secretary")
            evaluation.reported(secretary, cases[partner], "construction_report", evaluation.xcu_report())
    with _at(month + 10 * DAY):
        clerk.step(cases["P3"], "office_check", {"opinion": "材料齐全。"})
        pool = [DoorHand(person) for person in _experts(story)]
        for expert in pool:
            evaluation.assigned(clerk, cases["P3"], expert, days=60)
    with _at(month + 15 * DAY):
        answers = {**evaluation.marked(POINTS), "text": "建设进展良好。"}
        evaluation.heard(pool[0], cases["P3"], answers)


def _experts(story: Story) -> list:
    """The school's own experts for crops."""
    return [
        story.who(login, "expert").user.memberships.get(organisation=story.unit("U4"), role="expert")
        for login in ("e4.expert", "e5.expert")
    ]
