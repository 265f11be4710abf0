"""Xichang's Annex 1 as a profile writes it: the printed form, cell by cell (XCU-A1.C0 to V.4), and answers for it."""

from __future__ import annotations

import yaml

LAYOUT = yaml.safe_load(
    r"""
title: 西昌学院研究生联合培养基地申报书
sheet: A3_booklet
elements:
  - cover:
      annex: 附件1
      title: 西昌学院研究生联合培养基地申报书
      lines:
        - {label: 基地名称, value: base_name}
        - {label: 申报单位, value: applicant, hint: （填写校内培养单位名称）}
        - {label: 合作单位, value: partner}
        - {label: 负责人, value: leader}
        - {label: 联系人, value: contact}
        - {label: 联系电话, value: phone}
        - {label: 申报日期, value: applied_on}
      imprint: 西昌学院制
      month: applied_on
  - notes:
      title: 填表说明
      items:
        - 原则上依托专业学位类别（或一级学科）进行申报，其名称及代码按照国务院学位委员会、教育部2022年颁布的《学位授予和人才培养学科目录》填写。
        - 《申报表》中所填内容为依托学科、专业的数据，统计数据要准确无误、有据可查。
        - 文字原则上使用小四宋体。复制（复印）时，必须保持原格式不变，纸张限用A3，要求中缝装订。本表封面纸上，不得另加其它封面。
        - 除另有说明外，所填各项与时间相关的内容均为申请年度近三年内（**年1月1日—**年12月31日）的材料。
  - part: {title: I 建立基地的必要性和可行性论证分析, note: （不少于500字）, new_page: true}
  - box: {value: necessity, min_height: 205, note: 可加附页}
  - part: {title: II 申报单位基本情况, new_page: true}
  - grid:
      columns: [4, 2, 2, 2, 3, 1, 2, 1, 3, 1, 3]
      rows:
        - [{text: 参与基地建设的学科、专业情况, rowspan: 2}, {text: "专业学位类别\n或一级学科名称", colspan: 4}, {text: 代码, colspan: 2}, {text: "校内导师\n人数", colspan: 2}, {text: "近3年\n招生人数", colspan: 2}]
        - {each: disciplines, min: 3, cells: [{value: name, colspan: 4}, {value: code, colspan: 2}, {value: mentors, colspan: 2}, {value: enrol_3y, colspan: 2}]}
        - [{text: 近3年国家级科研项目, colspan: 5}, {text: 近3年省部级科研项目, colspan: 6}]
        - [总数（项）, {value: nat_count, colspan: 2}, {text: "总经费数\n（万元）", colspan: 1}, {value: nat_funds}, {text: 总数（项）, colspan: 2}, {value: prov_count, colspan: 1}, {text: "总经费数\n（万元）", colspan: 1}, {value: prov_funds, colspan: 2}]
        - [{text: 近3年横向科研项目, colspan: 5}, {text: 导师年均科研项目数（项）, colspan: 4}, {value: avg_projects, colspan: 2}]
        - [{text: 总数（项）, rowspan: 2}, {value: hor_count, rowspan: 2, colspan: 2}, {text: "总经费数\n（万元）", rowspan: 2}, {value: hor_funds, rowspan: 2}, {text: 导师年均科研经费总数（万元）, colspan: 4}, {value: avg_funds, colspan: 2}]
        - [{text: 导师年均横向科研经费数（万元）, colspan: 4}, {value: avg_hor_funds, colspan: 2}]
        - [基地建设负责人, {value: coll_leader, colspan: 4}, {text: 联系电话, colspan: 2}, {value: coll_leader_phone, colspan: 4}]
        - [基地建设负责人, {value: coll_contact, colspan: 2}, 联系电话, {value: coll_contact_phone, colspan: 2}, {text: E-mail}, {value: coll_contact_email, colspan: 4}]
  - grid:
      columns: [1, 12]
      rows:
        - [{text: 近三年政产学研用取得的成果（500字内）, vertical: true}, {value: collab_results, min_height: 95}]
  - part: {title: III 合作单位基本情况, new_page: true}
  - grid:
      columns: [4, 3, 1, 3, 1, 2, 2, 3]
      rows:
        - [合作单位名称, {value: partner_name, colspan: 7}]
        - [通讯地址, {value: partner_address, colspan: 7}]
        - [基地建设负责人, {value: partner_leader, colspan: 2}, {text: 联系电话, colspan: 2}, {value: partner_leader_phone, colspan: 3}]
        - [基地建设联系人, {value: partner_contact}, {text: 联系电话, colspan: 1}, {value: partner_contact_phone, colspan: 1}, {text: E-mail, colspan: 1}, {value: partner_contact_email, colspan: 3}]
        - ["合作单位主要\n专业领域", {value: partner_fields, colspan: 7}]
        - [{text: 每年拟接受联合培养研究生人数, colspan: 3}, {value: intake_per_year, colspan: 5}]
        - [总人数, {value: staff_total, colspan: 2}, {text: 高级技术职称人数, colspan: 3}, {value: staff_senior, colspan: 2}]
        - ["博士学位以上\n员工人数", {value: staff_phd, colspan: 2}, {text: 近三年年均科研经费投入（万元）, colspan: 3}, {value: rd_avg, colspan: 2}]
        - - text: 合作单位的情况简介（按照《西昌学院研究生联合培养基地建设与管理暂行办法》中第五条“基地建立的基本条件”，逐条对应说明）
            colspan: 8
            align: left
        - - colspan: 8
            min_height: 90
            lines:
              - {label: 独立法人资格, value: cond_5_0}
              - {label: （一）, value: cond_5_1}
              - {label: （二）, value: cond_5_2}
              - {label: （三）, value: cond_5_3}
              - {label: （四）, value: cond_5_4}
              - {label: （五）, value: cond_5_5}
              - {label: （六）, value: cond_5_6}
              - {label: （七）, value: cond_5_7}
  - part: {title: IV 支撑条件, new_page: true}
  - rows_table:
      value: equipment
      caption: 合作单位可用于研究生联合培养的大型、精密、贵重仪器设备（单价10万元以上）等情况
      min_rows: 12
      columns:
        - {title: 仪器设备（平台）名称, value: name, width: 3}
        - {title: 规格型号（训练内容）, value: model, width: 3}
        - {title: 购置（建设）时间, value: acquired_on, format: month, width: 2}
  - part: {title: V 申报单位及合作单位意见, new_page: true}
  - opinion: {key: op_college, title: 校内申报单位意见：, signature: 院长签章：, min_height: 25}
  - opinion: {key: op_partner, title: 基地建设合作单位意见：, signature: 负责人签章：, min_height: 25}
  - opinion: {key: op_go, title: 学科与研究生处意见：, min_height: 25}
  - opinion: {key: op_school, title: 学校意见：, min_height: 25}
"""
)

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
    "nat_count": 3, "nat_funds": "186.5", "prov_count": 11, "prov_funds": "420", "hor_count": 8, "hor_funds": "96.25",
    "avg_projects": "1.5", "avg_funds": "18.2", "avg_hor_funds": "4.0",
    "coll_leader": "沙马·阿牛", "coll_leader_phone": "0834-0000124", "coll_contact": "游映雪",
    "coll_contact_phone": "0834-0000125", "coll_contact_email": "you.yingxue@demo.invalid",
    "collab_results": text(480),
    "partner_name": "青岐市高原作物试验站（演示）", "partner_address": "青岐市试验站路1号", "partner_leader": "马吉宁",
    "partner_leader_phone": "0834-0000126", "partner_contact": "卓玛央金", "partner_contact_phone": "0834-0000127",
    "partner_contact_email": "zhuoma@demo.invalid", "partner_fields": "高原马铃薯、苦荞良种繁育与绿色防控",
    "intake_per_year": 6, "staff_total": 58, "staff_senior": 17, "staff_phd": 3, "rd_avg": "96",
    "cond_5_0": "本站为独立事业法人，统一社会信用代码12990300DEMP000334。",
    **{f"cond_5_{number}": text(120) for number in range(1, 8)},
    "equipment": [
        {"name": "近红外谷物分析仪", "model": "NIR-1241（品质测定训练）", "acquired_on": "2024-03-15", "unit_price": "318000"},
        {"name": "人工气候室", "model": "RXZ-1000（抗逆性试验训练）", "acquired_on": "2022-11-01", "unit_price": "265000"},
    ],
}  # fmt: skip

OPINIONS = {
    "op_college": {
        "text": "经学院党政联席会研究，材料属实，同意申报。", "person": "吉克·拉则", "unit": "农业科学学院", "date": "2026-09-03",
    },
    "op_partner": {"text": "同意共建，按协议提供实践条件。", "person": "马吉宁", "unit": "青岐市高原作物试验站", "date": None},
}  # fmt: skip
