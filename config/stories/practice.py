"""What people write in the forms and steps of a stay that is applied for (Annexes 2 and 3 of XCU, and what goes with them)."""

from __future__ import annotations

from typing import Any

from config.stories.hands import Attachment

PHONE, MAIL = "13900000000", "someone@example.edu.cn"


def application(stay: Any) -> dict[str, Any]:
    """The application form, for the days of the stay."""
    days = {"from": str(stay.starts_on), "to": str(stay.ends_on)}
    periods = stay.periods.values_list("starts_on", "ends_on")
    mentor, there = stay.university_mentor, stay.base_mentor
    return {
        "name": stay.student.name,
        "sex": "f",
        "student_no": stay.student.number,
        "major_direction": "农艺与种业（作物栽培）",
        "college": stay.college.name if stay.college is not None else stay.university.name,
        "phone": PHONE,
        "email": MAIL,
        "family_contact": "陆鸣",
        "family_phone": "13700000000",
        "um": mentor.name if mentor is not None else "待定",
        "um_contact": PHONE,
        "filled_on": str(stay.starts_on),
        "base_type": "outside",
        "base_name": stay.recognition.base.name,
        "base_address": "望川市城东大道1号",
        "postcode": "615000",
        "base_leader": "柳拂衣",
        "base_leader_phone": PHONE,
        "base_leader_email": MAIL,
        "bm": there.name if there is not None else "待定",
        "bm_sex": "m",
        "bm_phone": PHONE,
        "bm_email": MAIL,
        "practice_period": days,
        "purpose": "掌握生产现场的工作方法。",
        "tasks": [{"task": "岗位实习", "from": str(a), "to": str(b)} for a, b in periods],
        "pledge_purpose": "按计划完成实践任务。",
        "pledge_effect": "独立完成一项试验。",
        "pledge_safety": "注意人身与财产安全。",
        "pledge_rules": "遵守学校和基地的规定。",
        "pledge_contact": "每周与导师沟通。",
    }


def plan(stay: Any) -> dict[str, Any]:
    """The plan of practice and research."""
    return {
        "content": "参加两项田间试验。",
        "guidance": "校内导师指导论文，基地导师指导实践。",
        "assessed_by": "书面总结与答辩。",
        "classified": "no",
        "courses_done": True,
    }


def completion(stay: Any) -> dict[str, Any]:
    """What is handed in at the end."""
    return {
        "name": stay.student.name,
        "student_no": stay.student.number,
        "phone": PHONE,
        "college_major": "农学院 农艺与种业",
        "um": stay.university_mentor.name,
        "um_phone": PHONE,
        "base_name": stay.recognition.base.name,
        "span": {"from": str(stay.entered_on), "to": str(stay.ends_on)},
        "bm": stay.base_mentor.name,
        "bm_phone": PHONE,
        "plan_completion": "计划的任务均已完成。",
        "report": "总" * 5000,
        "signed_on": str(stay.ends_on),
        "thesis": Attachment("学位论文"),
    }


WRITTEN = {"practice_application": application, "practice_plan": plan}


def of(stay: Any) -> dict[str, dict[str, Any]]:
    """The answers to the forms that are applied with."""
    return {form: WRITTEN[form](stay) for form in stay.declaration.forms}


EDUCATED = {"topics": "生产安全、消防、交通。"}
# What a step's own form asks for, by the key of the step, on a day.
STEPS = {
    "safety_college": lambda on: {"educated_on": on, **EDUCATED},
    "safety_partner": lambda on: {"educated_on": on, **EDUCATED},
    "housing": lambda on: {
        "address": "试验站宿舍2号楼",
        "standards": {"conditions": {"checked": True, "remark": ""}, "housing": {"checked": True, "remark": ""}},
    },
    "safety_pledge": lambda on: {
        "accepted": {"partner_rules": {"checked": True, "remark": ""}, "school_rules": {"checked": True, "remark": ""}},
        "signed_on": on,
    },
    "nda": lambda on: {"file": Attachment("保密协议")},
    "performance": lambda on: {"mark": "excellent"},
}


def signed(hand: Any, step: Any) -> dict[str, Any]:
    """Who decided and when, where somebody enters it for them."""
    if not step.offline or hand.membership.role == step.role:
        return {}
    return {"decided_by": "本人", "decided_on": str(step.opened_at.date()), "signed": Attachment("签字件")}
