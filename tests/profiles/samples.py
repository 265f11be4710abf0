"""Complete answers for the real forms of NM and XCU, and what the checks need to know of the house.

Names, places and figures are invented; every answer fits its form, so that a test changes one thing and sees one
thing change.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Collection
from types import SimpleNamespace
from typing import Any

from core.findings import Finding
from core.forms.clean import clean
from core.forms.spec import FormSpec, parse_form
from regulations import catalogues
from regulations.context import RuleContext
from regulations.facts import CATALOGUE
from regulations.loader import PROFILES, load
from regulations.rules import check
from regulations.schema import Profile

COLLEGE, PARTNER, UNIVERSITY = 11, 21, 1
KINDS = {COLLEGE: "college", PARTNER: "partner", UNIVERSITY: "university"}
ON = dt.date(2027, 3, 1)
SENTENCE = "基地面向农业硕士开展全过程实践训练，依托良种繁育与绿色防控平台，具备必要性与可行性。"
USCC = "12990300DEMP000334"


class House:
    """Answers what cleaning asks: the organisations above, every document up to 99, the real catalogues."""

    def organisation(self, pk: int) -> Any:
        return SimpleNamespace(pk=pk, kind=KINDS[pk]) if pk in KINDS else None

    def documents(self, pks: Collection[int]) -> dict:
        return {pk: pk for pk in pks if 0 < pk < 100}

    def catalogue(self, name: str) -> dict[str, str]:
        return catalogues.entries(name)


_profiles: dict[str, Profile] = {}


def profile(code: str) -> Profile:
    """The profile in the repository, by its folder's name. Faults of its references are another test's business."""
    if code not in _profiles:
        found = load(PROFILES / code).profile
        assert found is not None, [str(fault) for fault in load(PROFILES / code).faults]
        _profiles[code] = found
    return _profiles[code]


def form(code: str, key: str) -> FormSpec:
    """A parsed form of a profile."""
    return profile(code).forms[key]


def record_form(code: str, key: str) -> FormSpec:
    """The fields of a record type as a form."""
    kind = profile(code).records[key]
    section = {"key": "record", "title": str(kind.title), "local": True, "fields": kind.fields}
    return parse_form({"key": key, "title": str(kind.title), "sections": [section]})


def text(characters: int) -> str:
    """Running Chinese text of exactly so many characters (RR-3)."""
    return (SENTENCE * (characters // len(SENTENCE) + 1))[:characters]


def faults(spec: FormSpec, answers: dict) -> list[Finding]:
    """What the form finds wrong with the answers."""
    return clean(spec, answers, resolver=House())[1]


def seen(spec: FormSpec, answers: dict) -> list[tuple[str, str]]:
    """The findings as (clause, field)."""
    return [(one.clause, one.field) for one in faults(spec, answers)]


class Bare:
    """A case of which nothing is known but what the test gives."""

    case_kind, pk = "application", None

    @classmethod
    def form_answers_of(cls, cases: list, form: str) -> dict:
        return {}


def at(
    code: str,
    gate: str,
    answers: dict[str, dict],
    known: dict[str, Any] | None = None,
    on: dt.date = ON,
    overrides: Collection[str] = (),
) -> dict[str, Finding]:
    """Findings of a gate by rule key, over given form answers and given facts. Facts not given are absent (None)."""
    own = profile(code)
    given = {name: None for name in CATALOGUE} | NOTHING | (known or {})
    case = Bare()
    context = RuleContext(own, case, on, answers=answers, known=given)
    return {one.rule: one for one in check(own, gate, case, on, overrides=overrides, context=context)}


# Facts of the house that the rules of both profiles read, before anything is known.
NOTHING: dict[str, Any] = {}

NM_KNOWN: dict[str, Any] = {
    "applicant.in_region": True,
    "applicant.has_professional_degree": True,
    "partner.kind": "public_institution",
    "application.partner_count": 1,
    "application.submitted_on": ON,
    "application.agreement_signed_on": dt.date(2025, 4, 1),
    "call.recommended": 3,
    "call.quota": 3,
}
XCU_KNOWN: dict[str, Any] = {"partner.legal_person": True, "application.has_draft_agreement": True}


def tick(*codes: str) -> dict:
    """A checklist with these items ticked."""
    return {code: {"checked": True, "remark": "见附件"} for code in codes}


CAPACITY = (
    "scale",
    "reputation",
    "sector",
    "team",
    "experts",
    "place",
    "equipment",
    "projects",
    "funds",
    "safety",
    "management",
    "living",
)

NM_APPLICATION: dict[str, Any] = {
    "base_name": "岚江大学—试验站研究生联合培养基地",
    "programme": "农业硕士",
    "leader": "程望舒",
    "leader_phone": "0834-0000123",
    "contact": "贺小满",
    "contact_phone": "0834-0000124",
    "degree_category": "0951",
    "degree_category_name": "农业",
    "industry_fit": "面向区内良种繁育与绿色防控需求，服务农牧业转型。",
    "sectors": ["smart_agriculture"],
    "strategy_tags": ["base_agriculture"],
    "partner": PARTNER,
    "partner_kind": "public_institution",
    "capacity": tick(*CAPACITY),
    "capacity_statement": "试验站有稳定团队、场地、设备与经费。",
    "credit_evidence": [1],
    "cooperation_start": "2025-03-01",
    "cooperation_evidence": [2],
    "agreement_reference": "联合培养协议（2025-014）",
    "agreement_file": [3],
    "investments": [
        {"side": "university", "kind": "funds", "amount": "600000", "note": "实践经费"},
        {"side": "partner", "kind": "equipment", "amount": "120000", "note": "仪器折算"},
    ],
    "trained_students": [
        {
            "name": f"学生{n}",
            "student_no": f"2024G0951{n:02}",
            "category": "0951",
            "period": {"from": "2025-03-10", "to": "2026-01-20"},
        }
        for n in range(1, 6)
    ],
    "quality_statement": "五名研究生均按计划完成实践，论文选题来自生产一线。",
    "repute_statement": "成果在三个县推广，用人单位评价良好。",
    "other_files": [4],
}

ANNEX1: dict[str, Any] = {
    "base_name": "青岐学院—高原作物试验站研究生联合培养基地",
    "applicant": COLLEGE,
    "partner": PARTNER,
    "leader": "吉克·拉则",
    "contact": "赵䶮",
    "phone": "0834-0000123",
    "applied_on": "2026-03-01",
    "necessity": text(700),
    "construction_content": "共建两门实践课程和一个良种繁育训练平台。",
    "construction_basis": "已合作三年，共同承担省级课题两项。",
    "expected_goals": "五年内培养研究生三十名。",
    "hallmark_results": "形成一套可推广的实践教学案例。",
    "basis_evidence": [5],
    "disciplines": [{"name": "农业", "code": "0951", "mentors": 24, "enrol_3y": 146}],
    "nat_count": 3,
    "nat_funds": "186.5",
    "prov_count": 11,
    "prov_funds": "420",
    "hor_count": 8,
    "hor_funds": "96.25",
    "avg_projects": "1.5",
    "avg_funds": "18.2",
    "avg_hor_funds": "4",
    "coll_leader": "沙马·阿牛",
    "coll_leader_phone": "0834-0000125",
    "coll_contact": "游映雪",
    "coll_contact_phone": "0834-0000126",
    "coll_contact_email": "you@demo.invalid",
    "collab_results": text(480),
    "result_items": [{"title": "马铃薯新品种", "kind": "品种审定", "achieved_on": "2024-06-01"}],
    "evidence": [
        {"item": item, "reference": "学校科研管理系统导出表"}
        for item in ("mentors", "enrolment", "national", "provincial", "commissioned")
    ],
    "partner_name": "青岐市高原作物试验站（演示）",
    "partner_address": "青岐市试验站路1号",
    "partner_leader": "马吉宁",
    "partner_leader_phone": "0834-0000127",
    "partner_contact": "卓玛央金",
    "partner_contact_phone": "0834-0000128",
    "partner_contact_email": "zhuoma@demo.invalid",
    "partner_fields": "高原马铃薯、苦荞良种繁育与绿色防控",
    "intake_per_year": 6,
    "staff_total": 58,
    "staff_senior": 17,
    "staff_phd": 3,
    "rd_avg": "96",
    "reg_no": USCC,
    "partner_group": "organ_institution",
    "cond_5_0": "本站为独立事业法人。",
    **{f"cond_5_{n}": "本站具备该项条件，证明材料见附件。" for n in range(1, 8)},
    "will": True,
    "long_term_will": True,
    "practice_basis": ["projects", "transfer"],
    "methods": ["field_study", "simulation"],
    "senior_staff": [{"name": "降央泽仁", "post": "推广研究员", "rank": "senior", "speciality": "良种繁育"}],
    "joint_potential": "联合申报省级重点研发项目",
    "guarantees": tick("labour", "health", "safety", "study", "work", "living"),
    "practice_rules": tick("instructors", "students", "consultation"),
    "fund_source": "财政事业经费",
    "equipment": [
        {
            "name": "近红外谷物分析仪",
            "model": "NIR-1241（品质测定训练）",
            "acquired_on": "2024-03",
            "unit_price": "318000",
        },
    ],
}


def with_(answers: dict, **changes: Any) -> dict:
    """A copy of the answers with some changed; `None` takes the answer out."""
    changed = copy.deepcopy(answers)
    for key, value in changes.items():
        if value is None:
            changed.pop(key, None)
        else:
            changed[key] = value
    return changed


def with_cell(answers: dict, table: str, column: str, value: Any, row: int = 0) -> dict:
    """A copy with one cell of a table changed."""
    changed = copy.deepcopy(answers)
    if value is None:
        changed[table][row].pop(column, None)
    else:
        changed[table][row][column] = value
    return changed
