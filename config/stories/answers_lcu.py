"""What people write into LCU's forms. Every name, number and place is invented."""

from __future__ import annotations

from config.stories.answers import ticks
from config.stories.hands import Attachment

POINTS = ("representative", "funds", "projects", "will", "potential")
CLAUSES = {
    "content": "甲乙双方共建联培基地，联合开展研究生专业实践、课题研究和案例开发。",
    "mode": "实行双导师制，乙方提供岗位、场地和基地导师，甲方按年度选派研究生。",
    "rights_duties": "甲方负责研究生的选派、考核和经费，乙方负责日常管理、安全教育和生活保障。",
}


def proposal(name: str, partner, programme: tuple[str, str], *, leader: str, on: str, **changes) -> dict:
    """LCU's proposal for a base construction project, filled in; one of the three grounds of cooperation."""
    code, label = programme
    return {
        "base_name": name,
        "partner": partner.pk,
        "programme_code": code,
        "programme": label,
        "leader": leader,
        "leader_post": "教授",
        "phone": "19900001009",
        "applied_on": on,
        "demand_discipline": "本授权点以实践教学为特色，需要稳定的一线实践场所。",
        "demand_goal": "培养能独立承担一线业务、善于研究实际问题的专业人才。",
        "demand_talent": "区域内相关行业每年新增岗位三百余个，高层次人才缺口较大。",
        "partner_points": ticks(*POINTS),
        "funds_evidence": Attachment("支撑经费证明"),
        "basis": ["joint_project"],
        "basis_evidence": Attachment("联合课题立项书"),
        "plan": "三年内共建实践课程两门、案例库一个，每年接收研究生二十人。",
        "platform": "省级示范实践平台一个，教研与培训中心两处。",
        "staff": [
            {"name": "南宫澈", "rank": "senior", "title": "正高级教师", "speciality": "课程与教学"},
            {"name": "褚望", "rank": "middle", "title": "一级教师", "speciality": "教育技术"},
        ],
        "methods": ["team_learning", "cases"],
        "goals": "建成管理规范、指导有力、成果突出的联培基地，三年接收研究生六十人。",
        "years": [
            {"year": "第一年", "task": "完善制度，聘任基地导师。", "result": "制度两项", "students": 20},
            {"year": "第二年", "task": "开设实践课程，开发案例。", "result": "课程一门、案例五个", "students": 20},
            {"year": "第三年", "task": "总结推广，准备结项。", "result": "课程一门、奖励一项", "students": 20},
        ],
        "budget": [
            {"item": "导师指导与课程建设", "amount": "60000", "source": "school"},
            {"item": "研究生实践补贴", "amount": "40000", "source": "partner"},
        ],
        **changes,
    }


def handling(**changes) -> dict:
    """What the base office has checked."""
    return {"checked": ticks("conditions", "layout", "college"), "opinion": "材料齐全，提请领导小组审议。", **changes}


def agreement(start: str, end: str, **changes) -> dict:
    """The cooperation agreement: the term and the three groups of clauses."""
    texts = {f"clause_{key}": text for key, text in (CLAUSES | changes).items()}
    return {"period": {"from": start, "to": end}, **texts}


# --- what the base office and the leading group keep -------------------------------------------------------------------

GROUP = [
    {"name": "裴振衣", "party": "vice_president", "post": "副校长"},
    {"name": "段清扬", "party": "graduate_office", "post": "研究生处处长"},
    {"name": "祁文渊", "party": "college", "post": "教育科学学院院长"},
    {"name": "宁远舟", "party": "college", "post": "历史文化学院院长"},
]


def leading_group(on: str, **changes) -> dict:
    """The group: vice-president, graduate office, heads of the colleges."""
    return {"on": on, "established_on": on, "members": GROUP, **changes}


def group_decision(on: str, duty: str, session: str = "2026年第2次") -> dict:
    """A meeting of the group about one of its duties."""
    said = {"session": session, "decision": "审议通过本年度工作安排。", "minutes": Attachment("会议纪要")}
    return {"on": on, "duty": duty, **said}


def task(on: str, code: str, done: str) -> dict:
    """A task of the base office was done."""
    return {"on": on, "task": code, "done": done}


def layout_plan(on: str, *colleges) -> dict:
    """The layout of bases for the years to come."""
    units = [{"college": college.pk, "planned": 3, "focus": "基础教育与社会服务"} for college in colleges]
    return {"on": on, "period": "2026—2029年", "text": "按学科群布局，每个培养单位建设三个联培基地。", "units": units}


def policy(on: str) -> dict:
    """Rules on bases."""
    return {"on": on, "name": "联培基地管理细则", "number": "校研字〔2026〕9号", "file": Attachment("管理细则")}


def supervision(on: str) -> dict:
    """The office looked at bases."""
    return {"on": on, "bases": "南河路实验学校联培基地等", "findings": "抽查两个基地，管理制度和导师指导记录齐全。"}


def budget(on: str, year: str, *amounts: str) -> dict:
    """The yearly budget, base by base."""
    lines = [
        {"base": f"第{n}联培基地", "amount": amount, "use": "导师指导"} for n, amount in enumerate(amounts, start=1)
    ]
    return {"on": on, "year": year, "lines": lines}


def liaison(on: str, party: str, topic: str) -> dict:
    """Something was arranged with the authority, a partner, a college."""
    return {"on": on, "party_kind": party, "who": "负责同志", "topic": topic, "outcome": "达成一致，按计划推进。"}


def officer(on: str, name: str = "车晓棠") -> dict:
    """The college names its dedicated person."""
    return {"on": on, "name": name, "post": "研究生秘书", "phone": "0635-0000009"}


def manager(on: str, name: str = "南宫澈") -> dict:
    """The partner names its manager."""
    duties = ticks("daily", "ideology", "safety")
    where = {"post": "教务处副主任", "phone": "0635-0000010", "guarantees": "提供办公位、食宿和安全防护。"}
    return {"on": on, "name": name, "duties": duties, **where}


def output(on: str, kind: str, name: str) -> dict:
    """Something came of the cooperation."""
    return {"on": on, "kind": kind, "name": name, "stage": "running"}
