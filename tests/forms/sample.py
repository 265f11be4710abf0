"""A form with every type of field, what it asks the house, and answers that fit it."""

from __future__ import annotations

import copy
from collections.abc import Collection
from types import SimpleNamespace
from typing import Any

from core.forms.spec import FormSpec, parse_form
from regulations import catalogues

LABEL = {"zh": "栏目", "en": "Field"}
ORGANISATIONS = {21: ("partner", "青岐市高原作物试验站（演示）"), 22: ("partner", "青岐市良种繁育中心（演示）"), 11: ("college", "农业科学学院（演示）")}

DATA: dict[str, Any] = {
    "key": "sample",
    "title": {"zh": "联合培养基地申报书（样表）", "en": "Application (sample)"},
    "clause": "XCU-7.1a",
    "sections": [
        {
            "key": "base",
            "title": {"zh": "一、基地基本情况", "en": "1 The base"},
            "clause": "XCU-A1.C1",
            "filled_by": ["secretary"],
            "fields": [
                {"key": "base_name", "type": "text", "label": "基地名称", "required": True, "max_chars": 20, "clause": "XCU-A1.C1"},
                {"key": "partner", "type": "organisation", "kinds": ["partner"], "label": "合作单位", "required": True, "clause": "XCU-A1.C3"},
                {"key": "leader", "type": "person", "label": "负责人", "required": True, "clause": "XCU-A1.C4"},
                {"key": "phone", "type": "phone", "label": "联系电话", "required": True, "clause": "XCU-A1.C6"},
                {"key": "email", "type": "email", "label": "电子邮箱", "local": True},
                {"key": "code", "type": "uscc", "label": "统一社会信用代码", "clause": "XCU-5.0"},
                {"key": "applied_on", "type": "date", "label": "申报日期", "required": True, "min": "2020-01-01", "max": "2030-12-31", "clause": "XCU-A1.C7"},
                {"key": "since", "type": "month", "label": "合作开始年月", "clause": "XCU-6.3", "strength": "priority"},
                {"key": "term", "type": "period", "label": "拟建设期", "required": True, "local": True},
                {"key": "level", "type": "choice", "label": "拟申报级别", "required": True, "local": True,
                 "options": [{"code": "school", "label": "校级"}, {"code": "provincial", "label": "省级"}]},
                {"key": "kind", "type": "choice", "label": "合作单位类型", "local": True, "other": "other",
                 "options": [{"code": code, "label": label} for code, label in
                             (("enterprise", "行业企业"), ("organ", "机关事业单位"), ("social", "社会组织"), ("institute", "科研院所"), ("other", "其他"))]},
                {"key": "licence", "type": "text", "label": "营业执照号", "local": True, "required_when": {"field": "kind", "in": ["enterprise"]}},
                {"key": "methods", "type": "multichoice", "label": "指导方法", "required": True, "clause": "XCU-5.2", "other": "other",
                 "options": [{"code": "team", "label": "团队学习"}, {"code": "case", "label": "案例分析"}, {"code": "field", "label": "现场研究"}, {"code": "other", "label": "其他"}]},
                {"key": "legal", "type": "boolean", "label": "具有独立法人资格", "required": True, "clause": "XCU-5.0"},
            ],
        },
        {
            "key": "case",
            "title": {"zh": "二、论证与数据", "en": "2 Reasons and figures"},
            "clause": "XCU-A1.I",
            "help": {"zh": "时间范围为申请年度前三年。", "en": "The three years before."},
            "fields": [
                {"key": "why", "type": "note", "label": {"zh": "数据应准确无误、有据可查。"}, "clause": "XCU-A1.N2"},
                {"key": "necessity", "type": "longtext", "label": "建立基地的必要性和可行性论证分析", "required": True, "min_chars": 500, "clause": "XCU-A1.I"},
                {"key": "results", "type": "longtext", "label": "近三年政产学研用取得的成果", "max_chars": 500, "clause": "XCU-A1.II.16"},
                {"key": "staff", "type": "integer", "label": "总人数", "unit": {"zh": "人"}, "required": True, "min": 1, "max": 100000, "clause": "XCU-A1.III.7"},
                {"key": "projects", "type": "decimal", "label": "导师年均科研项目数", "unit": {"zh": "项"}, "min": 0, "decimals": 2, "clause": "XCU-A1.II.11"},
                {"key": "funds", "type": "money", "label": "经费预算", "min": 0, "max": "x", "local": True},
                {"key": "category", "type": "catalogue", "catalogue": "degree_categories_2022", "name_key": "category_name", "label": "专业学位类别代码", "required": True, "clause": "XCU-A1.N1"},
                {"key": "category_name", "type": "text", "label": "专业学位类别名称", "required": True, "clause": "XCU-A1.N1"},
                {"key": "equipment", "type": "table", "label": "单价10万元以上仪器设备", "required": True, "min_rows": 1, "max_rows": 5, "clause": "XCU-A1.IV.1",
                 "columns": [
                     {"key": "name", "type": "text", "label": "名称", "required": True, "max_chars": 20, "clause": "XCU-A1.IV.1"},
                     {"key": "bought", "type": "month", "label": "购置年月", "required": True, "clause": "XCU-A1.IV.3"},
                     {"key": "price", "type": "money", "label": "单价", "required": True, "min": 100000, "clause": "XCU-A1.IV.4"},
                     {"key": "use", "type": "choice", "label": "用途", "options": [{"code": "teach", "label": "教学"}, {"code": "research", "label": "科研"}], "local": True},
                 ]},
                {"key": "students", "type": "table", "label": "已联合培养研究生名单", "local": True,
                 "columns": [
                     {"key": "name", "type": "person", "label": "姓名", "required": True, "local": True},
                     {"key": "no", "type": "text", "label": "学号", "required": True, "local": True},
                     {"key": "category", "type": "catalogue", "catalogue": "degree_categories_2022", "name_key": "subject", "label": "类别代码", "local": True},
                     {"key": "subject", "type": "text", "label": "类别名称", "local": True},
                     {"key": "period", "type": "period", "label": "起止日期", "required": True, "local": True},
                     {"key": "tags", "type": "multichoice", "label": "方式", "local": True, "options": [{"code": "full", "label": "全程"}, {"code": "part", "label": "阶段"}]},
                     {"key": "note", "type": "longtext", "label": "说明", "local": True},
                 ]},
                {"key": "rules", "type": "checklist", "label": "实践管理制度", "required": True, "clause": "XCU-5.6",
                 "items": [{"code": "mentors", "label": "对指导人员的管理制度", "clause": "XCU-5.6"}, {"code": "students", "label": "对研究生的管理制度"}]},
                {"key": "proof", "type": "file", "label": "证明材料", "accept": ["pdf", "jpg", "png"], "min_files": 1, "max_files": 3, "required": True, "clause": "XCU-A1.N2"},
            ],
        },
        {
            "key": "opinions",
            "title": {"zh": "三、意见", "en": "3 Opinions"},
            "clause": "XCU-A1.V.1",
            "filled_by": ["contact"],
            "fields": [
                {"key": "partner_will", "type": "longtext", "label": "合作单位意愿", "local": True},
                {"key": "seal", "type": "signature", "label": "合作单位意见", "clause": "XCU-A1.V.2"},
            ],
        },
    ],
}  # fmt: skip
DATA["sections"][1]["fields"][5]["max"] = 1000000.5

SENTENCE = "基地面向农业硕士开展全过程实践训练，依托良种繁育与绿色防控平台，具备必要性与可行性。"
GOOD: dict[str, Any] = {
    "base_name": "青岐市作物联合培养基地",
    "partner": 21,
    "leader": "陆文舟",
    "phone": "0834-2580000",
    "email": "luwz@example.cn",
    "code": "12990300DEMP000334",
    "applied_on": "2026-03-01",
    "since": "2021-09",
    "term": {"from": "2026-09-01", "to": "2029-08-31"},
    "level": "school",
    "kind": "other",
    "kind_other": "农民合作社",
    "methods": ["team", "field"],
    "legal": True,
    "necessity": (SENTENCE * 20)[:500],
    "results": "共建良种繁育平台1个，\n推广面积1.2万亩。",
    "staff": 86,
    "projects": "1.5",
    "funds": "318000.50",
    "category": "0951",
    "category_name": "农业",
    "equipment": [{"name": "人工气候室", "bought": "2020-01", "price": "100000", "use": "teach"}],
    "students": [
        {"name": "何婧", "no": "20230101", "category": "0951", "subject": "农业", "period": {"from": "2023-09-01", "to": "2025-06-30"}, "tags": ["full"], "note": "已毕业"}
    ],
    "rules": {"mentors": {"checked": True, "remark": "2024年印发"}, "students": {"checked": True, "remark": ""}},
    "proof": [1, 2],
    "partner_will": "愿意长期合作。",
}  # fmt: skip


def spec() -> FormSpec:
    return parse_form(copy.deepcopy(DATA))


class House:
    """Answers what cleaning and drawing ask: the organisations above, documents 1 to 9, the real catalogues."""

    def organisation(self, pk: int) -> Any:
        found = ORGANISATIONS.get(pk)
        return SimpleNamespace(pk=pk, kind=found[0], display_name=found[1]) if found else None

    def organisations(self, kinds: Collection[str]) -> list[tuple[int, str]]:
        return [(pk, name) for pk, (kind, name) in ORGANISATIONS.items() if not kinds or kind in kinds]

    def documents(self, pks: Collection[int]) -> dict:
        return {
            pk: SimpleNamespace(pk=pk, name=f"证明材料{pk}.pdf", uid=f"00000000-0000-0000-0000-00000000000{pk}", size=204800 * pk)
            for pk in pks
            if 0 < pk < 10
        }  # fmt: skip

    def catalogue(self, name: str) -> dict[str, str]:
        return catalogues.entries(name) if catalogues.known(name) else {}


def changed(**answers: Any) -> dict[str, Any]:
    """The good answers with some of them changed; None takes one away."""
    found = copy.deepcopy(GOOD) | answers
    return {key: value for key, value in found.items() if value is not None}
