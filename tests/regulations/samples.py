"""The smallest complete profile, and helpers to change one thing in it."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

from regulations import loader
from regulations.context import RuleContext
from regulations.rules import evaluate
from regulations.schema import Rule

ON = dt.date(2027, 3, 1)

PROFILE: dict[str, Any] = {
    "head": {
        "code": "TT",
        "version": 1,
        "title": {"zh": "测试办法"},
        "number": None,
        "level": {"value": "school", "source": "TT-1"},
        "effective": {"value": "issue", "date": None, "source": "TT-9"},
    },
    "settings": {
        "least.students": {
            "title": "最少人数",
            "type": "integer",
            "unit": "person",
            "value": 5,
            "min": 1,
            "local": True,
            "clause": "TT-2",
        }
    },
    "apply": {
        "actor": {"value": ["college"], "source": "TT-2"},
        "form": {"value": "application", "source": "TT-2"},
        "cond": {"coop_years": {"value": 2, "unit": "year", "source": "TT-2"}},
    },
    "forms": {
        "application": {
            "title": "申报书",
            "clause": "TT-2",
            "sections": [
                {
                    "key": "main",
                    "title": "基本情况",
                    "clause": "TT-2",
                    "filled_by": ["secretary"],
                    "fields": [
                        {"key": "name", "type": "text", "label": "名称", "clause": "TT-2"},
                        {"key": "goal", "type": "longtext", "label": "目标", "clause": "TT-2"},
                        {"key": "count", "type": "integer", "label": "人数", "unit": "人", "clause": "TT-2"},
                        {"key": "total", "type": "integer", "label": "总数", "clause": "TT-2"},
                        {"key": "price", "type": "money", "label": "金额", "unit": "元", "clause": "TT-2"},
                        {"key": "since", "type": "date", "label": "合作开始日期", "clause": "TT-2"},
                        {"key": "until", "type": "date", "label": "截止日期", "clause": "TT-2"},
                        {"key": "term", "type": "period", "label": "期限", "clause": "TT-2"},
                        {"key": "agrees", "type": "boolean", "label": "同意", "clause": "TT-2"},
                        {"key": "online", "type": "boolean", "label": "线上", "clause": "TT-2"},
                        {
                            "key": "kind",
                            "type": "choice",
                            "label": "性质",
                            "clause": "TT-2",
                            "options": [
                                {"code": "enterprise", "label": "企业"},
                                {"code": "government", "label": "机关"},
                                {"code": "individual", "label": "个人"},
                            ],
                        },
                        {
                            "key": "sectors",
                            "type": "multichoice",
                            "label": "行业",
                            "clause": "TT-2",
                            "options": [
                                {"code": "energy", "label": "能源"},
                                {"code": "law", "label": "法律"},
                                {"code": "retail", "label": "零售"},
                            ],
                        },
                        {
                            "key": "safety",
                            "type": "checklist",
                            "label": "安全",
                            "clause": "TT-2",
                            "items": [
                                {"code": "labour", "label": "劳动保护", "clause": "TT-2"},
                                {"code": "fire", "label": "消防", "clause": "TT-2"},
                            ],
                        },
                        {
                            "key": "proof",
                            "type": "file",
                            "label": "证明",
                            "accept": ["pdf"],
                            "max_files": 5,
                            "clause": "TT-2",
                        },
                        {
                            "key": "rows",
                            "type": "table",
                            "label": "明细",
                            "clause": "TT-2",
                            "columns": [
                                {"key": "stay", "type": "period", "label": "起止", "clause": "TT-2"},
                                {
                                    "key": "side",
                                    "type": "choice",
                                    "label": "方",
                                    "clause": "TT-2",
                                    "options": [
                                        {"code": "university", "label": "学校"},
                                        {"code": "partner", "label": "合作单位"},
                                    ],
                                },
                                {
                                    "key": "amount",
                                    "type": "money",
                                    "label": "数额",
                                    "unit": "元",
                                    "clause": "TT-2",
                                },
                                {"key": "day", "type": "date", "label": "日期", "clause": "TT-2"},
                                {"key": "good", "type": "boolean", "label": "合格", "clause": "TT-2"},
                                {"key": "code", "type": "text", "label": "代码", "clause": "TT-2"},
                                {"key": "title", "type": "text", "label": "名称", "clause": "TT-2"},
                            ],
                        },
                    ],
                }
            ],
        }
    },
    "rules": [
        {
            "key": "students",
            "clause": "TT-2",
            "gate": "application.submit",
            "predicate": "at_least",
            "params": {"fact": "form.application.count", "value": {"setting": "least.students"}},
        }
    ],
    "routes": {
        "application": [
            {
                "key": "check",
                "title": "审核",
                "stage": "reviewing",
                "kind": "endorse",
                "unit": "university",
                "role": "graduate_office",
                "clause": "TT-3",
            },
            {
                "key": "decision",
                "title": "决定",
                "stage": "deciding",
                "kind": "decision",
                "unit": "university",
                "role": "meeting_recorder",
                "clause": "TT-4",
            },
        ],
    },
}


def data(**changes: Any) -> dict[str, Any]:
    """A copy of the profile with top-level keys replaced."""
    return {**copy.deepcopy(PROFILE), **changes}


def faults(changed: dict[str, Any]) -> list[str]:
    """The messages of the faults of a content."""
    return [fault.message for fault in loader.load_data(changed).faults]


class Case:
    """A case with answers, as the rules see it."""

    case_kind = "application"
    pk = None
    university = authority = None

    def __init__(self, **answers: Any):
        self.answers = answers

    @classmethod
    def form_answers_of(cls, cases: list, form: str) -> dict:
        return {case.pk: case.answers for case in cases}


def judge(predicate: str, params: dict, answers: dict | None = None, on: dt.date = ON, **rule: Any) -> list:
    """The findings of one rule over answers of the form, after the loader accepted it."""
    raw = {
        "key": "one",
        "clause": "TT-2",
        "gate": "application.submit",
        "predicate": predicate,
        "params": params,
    }
    content = data()
    content["rules"] = [*content["rules"], {**raw, **rule}]
    profile = loader.load_data(content).require()
    found: Rule = profile.rule("one")
    return evaluate(found, RuleContext(profile, Case(**(answers or {})), on))
