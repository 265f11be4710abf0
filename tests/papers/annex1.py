"""Answers and opinions for Xichang's Annex 1, whose layout stands in annex1.yaml."""

from __future__ import annotations

from pathlib import Path

import yaml

LAYOUT = yaml.safe_load(Path(__file__).with_name("annex1.yaml").read_text("utf-8"))

SENTENCE = "基地依托高原作物试验站的良种繁育与病虫害绿色防控平台，面向农业硕士开展全过程实践训练，具备必要性与可行性。"


def text(characters: int) -> str:
    """Running text of exactly so many characters, in paragraphs, ending in 末段终。"""
    body = (SENTENCE * (characters // len(SENTENCE) + 1))[: characters - 4]
    parts = [body[at : at + 400] for at in range(0, len(body), 400)]
    return "\n".join(parts) + "末段终。"


ANSWERS = {
    "base_name": "青岐学院—高原作物试验站研究生联合培养基地",
    "applicant": "农业科学学院",
    "partner": "青岐市高原作物试验站（演示）",
    "leader": "吉克·拉则",
    "contact": "赵䶮",
    "phone": "0834-0000123",
    "applied_on": "2026-09-01",
    "necessity": text(700),
    "disciplines": [
        {"name": "农业", "code": "0951", "mentors": 24, "enrol_3y": 146},
        {"name": "电子信息", "code": "0854", "mentors": 33, "enrol_3y": 288},
    ],
    "nat_count": 3,
    "nat_funds": "186.5",
    "prov_count": 11,
    "prov_funds": "420",
    "hor_count": 8,
    "hor_funds": "96.25",
    "avg_projects": "1.5",
    "avg_funds": "18.2",
    "avg_hor_funds": "4.0",
    "coll_leader": "沙马·阿牛",
    "coll_leader_phone": "0834-0000124",
    "coll_contact": "游映雪",
    "coll_contact_phone": "0834-0000125",
    "coll_contact_email": "you.yingxue@demo.invalid",
    "collab_results": text(480),
    "partner_name": "青岐市高原作物试验站（演示）",
    "partner_address": "青岐市试验站路1号",
    "partner_leader": "马吉宁",
    "partner_leader_phone": "0834-0000126",
    "partner_contact": "卓玛央金",
    "partner_contact_phone": "0834-0000127",
    "partner_contact_email": "zhuoma@demo.invalid",
    "partner_fields": "高原马铃薯、苦荞良种繁育与绿色防控",
    "intake_per_year": 6,
    "staff_total": 58,
    "staff_senior": 17,
    "staff_phd": 3,
    "rd_avg": "96",
    "cond_5_0": "本站为独立事业法人，统一社会信用代码12990300DEMP000334。",
    **{f"cond_5_{number}": text(120) for number in range(1, 8)},
    "equipment": [
        {
            "name": "近红外谷物分析仪",
            "model": "NIR-1241（品质测定训练）",
            "acquired_on": "2024-03-15",
            "unit_price": "318000",
        },
        {
            "name": "人工气候室",
            "model": "RXZ-1000（抗逆性试验训练）",
            "acquired_on": "2022-11-01",
            "unit_price": "265000",
        },
    ],
}

OPINIONS = {
    "op_college": {
        "text": "经学院党政联席会研究，材料属实，同意申报。",
        "person": "吉克·拉则",
        "unit": "农业科学学院",
        "date": "2026-09-03",
    },
    "op_partner": {
        "text": "同意共建，按协议提供实践条件。",
        "person": "马吉宁",
        "unit": "青岐市高原作物试验站",
        "date": None,
    },
}
