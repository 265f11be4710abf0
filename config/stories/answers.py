"""What people write into the forms. Every name, number and place is invented."""

from __future__ import annotations

from config.stories.hands import Attachment

NEED = (
    "本基地面向行业一线，依托合作单位的平台、项目和人员，为专业学位研究生提供不少于半年的专业实践。学院在该领域有稳定的导师队伍和"
    "科研基础，与合作单位多年来共同承担课题、共同指导学生，双方在课程、案例和论文选题上已形成固定的协作方式。建立基地有利于把"
    "零散的合作固定下来，明确双方的责任、投入和考核，使研究生的实践有计划、有指导、有保障。从可行性看，合作单位具备独立法人资格，"
    "场地、设备、住宿和安全条件符合要求，能够指派有高级职称的人员担任基地导师；学院已安排专人负责日常联系，经费来源明确。"
)


def ticks(*codes: str) -> dict:
    return {code: {"checked": True, "remark": "见佐证材料"} for code in codes}


def nm_application(
    name: str,
    partner,
    category: tuple[str, str],
    *,
    leader: str,
    since: str,
    trained: int,
    year: int,
    sectors=("equipment",),
    amount: str = "855000",
) -> dict:
    """NM's application form, filled in."""
    code, label = category
    return {
        "base_name": name,
        "programme": f"{label}硕士",
        "leader": leader,
        "leader_phone": "19900001001",
        "contact": leader,
        "contact_phone": "19900001002",
        "degree_category": code,
        "degree_category_name": label,
        "industry_fit": "面向区域急需行业，服务企业技术升级与人才需求，合作方向与培养方案一致。",
        "sectors": list(sectors),
        "strategy_tags": ["base_energy"],
        "partner": partner.pk,
        "partner_kind": partner.partner_kind,
        "capacity": ticks(
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
        ),
        "capacity_statement": "合作单位规模稳定、信誉良好，团队、场地、设备、项目、经费和安全管理制度齐备。",
        "credit_evidence": Attachment("信用证明"),
        "cooperation_start": since,
        "cooperation_evidence": Attachment("合作证明"),
        "agreement_reference": "联合培养协议",
        "agreement_file": Attachment("联合培养协议"),
        "investments": [
            {"side": "university", "kind": "funds", "amount": "600000", "note": "实践经费"},
            {"side": "partner", "kind": "equipment", "amount": amount, "note": "设备折算"},
        ],
        "trained_students": [
            {
                "name": f"研究生{n}",
                "student_no": f"{year - 2}G{code}{n:02}",
                "category": code,
                "period": {"from": f"{year - 2}-09-01", "to": f"{year - 1}-06-30"},
            }
            for n in range(1, trained + 1)
        ],
        "quality_statement": "研究生均按计划完成实践，论文选题来自合作单位的实际问题。",
        "repute_statement": "合作单位与用人单位评价良好。",
        "other_files": Attachment("其他佐证"),
    }


def annex1(name: str, college, partner, category: tuple[str, str], *, leader: str, contact: str, on: str) -> dict:
    """XCU's Annex 1, filled in by both sides."""
    code, label = category
    return {
        "base_name": name,
        "applicant": college.pk,
        "partner": partner.pk,
        "leader": leader,
        "contact": contact,
        "phone": "19900001003",
        "applied_on": on,
        "necessity": NEED * 3,
        "construction_content": "共建实践课程两门、训练平台一个。",
        "construction_basis": "已合作三年，共同承担课题两项。",
        "expected_goals": "五年内培养研究生三十名。",
        "hallmark_results": "形成一套可推广的实践教学案例。",
        "basis_evidence": Attachment("建设基础证明"),
        "disciplines": [{"name": label, "code": code, "mentors": 24, "enrol_3y": 146}],
        "nat_count": 3,
        "nat_funds": "186.5",
        "prov_count": 11,
        "prov_funds": "420",
        "hor_count": 8,
        "hor_funds": "96.25",
        "avg_projects": "1.5",
        "avg_funds": "18.2",
        "avg_hor_funds": "4",
        "coll_leader": leader,
        "coll_leader_phone": "19900001004",
        "coll_contact": contact,
        "coll_contact_phone": "19900001005",
        "coll_contact_email": "contact@demo.invalid",
        "collab_results": "近三年双方共同完成技术推广三项，培训技术人员二百余人次，形成实践教学案例五个。",
        "evidence": [
            {"item": item, "reference": "学校科研管理系统导出表"}
            for item in ("mentors", "enrolment", "national", "provincial", "commissioned")
        ],
        "partner_name": partner.name,
        "partner_address": "试验路1号",
        "partner_leader": "马吉宁",
        "partner_leader_phone": "19900001006",
        "partner_contact": "卓玛央金",
        "partner_contact_phone": "19900001007",
        "partner_contact_email": "partner@demo.invalid",
        "partner_fields": "本行业技术研发与推广",
        "intake_per_year": 6,
        "staff_total": 58,
        "staff_senior": 17,
        "staff_phd": 3,
        "rd_avg": "96",
        "reg_no": partner.uscc,
        "partner_group": "organ_institution",
        "cond_5_0": "本单位为独立法人。",
        **{f"cond_5_{n}": "具备该项条件，证明材料见附件。" for n in range(1, 8)},
        "will": True,
        "long_term_will": True,
        "practice_basis": ["projects", "transfer"],
        "methods": ["field_study", "simulation"],
        "senior_staff": [{"name": "降央泽仁", "post": "推广研究员", "rank": "senior", "speciality": "技术推广"}],
        "joint_potential": "联合申报省级重点研发项目",
        "guarantees": ticks("labour", "health", "safety", "study", "work", "living"),
        "practice_rules": ticks("instructors", "students", "consultation"),
        "fund_source": "事业经费",
        "equipment": [
            {
                "name": "品质分析仪",
                "model": "NIR-1241（品质测定训练）",
                "acquired_on": "2024-03",
                "unit_price": "318000",
            }
        ],
    }


ASPECTS = ("category", "partner_unit", "reasons", "results", "prospects", "training_role")
SIX_ASPECTS = {
    "layout": "本校农业硕士点一个，已有校级基地两个。",
    **{key: "情况属实。" for key in ASPECTS},
    **{f"{key}_mark": "meets" for key in ASPECTS},
    "opinion": "同意推荐。",
}
PROMISE = {"promise": {"conflict": {"checked": True, "remark": ""}, "secret": {"checked": True, "remark": ""}}}
OPINION = {
    "verdict": "recommend",
    "text": "材料完整，基础扎实，建议列入。",
}
SITE_VISIT = {
    "visited_on": "2026-04-10",
    "place": "试验站",
    "visitors": "钟离靖、阿依努尔",
    "findings": "条件具备。",
    "safety_qualification": "checked",
    "emergency_plan": "checked",
    "opinion": "通过。",
}


def notice(opens_on: str) -> dict:
    return {"opens_on": opens_on, "contact": "温以宁", "phone": "0471-0000001"}


def meeting(body: str, session: str, on: str) -> dict:
    """A meeting's decision with its minutes."""
    return {
        "body": body,
        "session": session,
        "decided_on": on,
        "resolution": "同意。",
        "minutes": Attachment("纪要"),
    }


def dean_opinion(on: str) -> dict:
    """The dean's opinion as the secretary enters it from the stamped page."""
    return {
        "opinion": "同意申报。",
        "decided_by": "吉克·拉则（院长）",
        "decided_on": on,
        "scan": Attachment("盖章页"),
    }


def signature(on: str) -> dict:
    """What the office enters from the signed text, in force from the day of signature."""
    return {
        "signed_on": on,
        "effective_on": on,
        "signatories": "校长、站长",
        "scan": Attachment("签署", 3),
        "pages_complete": True,
        "kept_at": "档案室",
    }


def termination(on: str, reason: str, how: str = "mutual", **more) -> dict:
    """The end of an agreement as the office enters it, with its paper."""
    return {"how": how, "ended_on": on, "reason": reason, "document": Attachment("终止协议"), **more}


# --- CZMC ------------------------------------------------------------------------------------------------------------


def czmc_application(name: str, partner, specialty: tuple[str, str], *, leader: str, on: str, **changes) -> dict:
    """CZMC's application form, filled in; no dormitory, and why that does not matter."""
    code, label = specialty
    without = {"dormitory": {"checked": False, "remark": "研究生由学校安排住宿，距基地步行十分钟。"}}
    return {
        "base_name": name,
        "partner": partner.pk,
        "specialty_code": code,
        "specialty": label,
        "leader": leader,
        "phone": "19900001008",
        "applied_on": on,
        "reasons": "按需设立：本专业研究生缺少社区与专科护理的实践岗位，双方合作多年，愿共同承担培养任务。",
        "representative": "区域内唯一的三级专科医院，护理学科为省级重点建设学科。",
        "business_fit": "年护理工作量大、病种齐全，能满足专业实践和学位论文研究的选题与数据需要。",
        "staff": [
            {"name": "纪云舒", "title": "主任护师", "meets_mentor_rule": True},
            {"name": "闻人越", "title": "副主任护师", "meets_mentor_rule": True},
        ],
        "commitment": ticks("people", "money", "materials"),
        "facilities": {**ticks("demonstration_room", "study_room", "library", "canteen"), **without},
        "safety": ticks("labour_protection", "safety"),
        "evidence": Attachment("佐证材料"),
        **changes,
    }


NATIONAL = {
    "residency_number": "国卫办科教函〔2020〕88号",
    "residency_valid_to": "2028-12-31",
    "residency_file": Attachment("国家住院医师规范化培训基地资质证明"),
}
VISIT_OPINION = {"verdict": "fit", "text": "病种与手术量满足培养需要，带教条件具备。"}


def unit_seal(on: str, opinion: str = "自愿申请共建，承诺提供人、财、物保障。") -> dict:
    """The applying unit's opinion as its contact enters it from the stamped page."""
    return {"opinion": opinion, "decided_by": "院长齐知微", "decided_on": on, "scan": Attachment("申请表盖章页", 2)}


def taken_up(college, *further) -> dict:
    """The graduate office takes the application of a unit up and says whose it becomes, and who else visits."""
    return {"named": str(college.pk), "units": [str(unit.pk) for unit in further], "opinion": "受理。"}


def visit(on: str) -> dict:
    """The college's own site assessment."""
    return {
        "visited_on": on,
        "members": "沈知微、康如月、纪云舒",
        "findings": "病区、示教室、自习室和图书馆齐备，劳动保护和消防设施完好。",
        "assessment": "符合遴选条件，建议设立。",
        "opinion": "同意申报。",
    }


FIVE_PARTS = {
    "purpose": "共同培养高层次应用型护理人才。",
    "goals": "三年内接收研究生三十名，建成两门实践课程。",
    "rights_duties": "甲方负责选派和管理研究生，乙方提供岗位、场地和基地导师。",
    "term": "本协议有效期三年，期满前双方商定是否续签。",
    "other": "未尽事宜由双方另行书面约定。",
}


def czmc_agreement(start: str, end: str, intent: str, **changes) -> dict:
    """CZMC's agreement: the intention of both sides, the term, the five parts."""
    parts = {f"clause_{key}": text for key, text in (FIVE_PARTS | changes).items()}
    return {"intent_university": intent, "intent_partner": intent, "period": {"from": start, "to": end}, **parts}


def receipt(on: str, kept_at: str = "档案柜") -> dict:
    """One holder's original has come."""
    return {"received_on": on, "kept_at": kept_at}


def filing(on: str) -> dict:
    """What the graduate office enters when the base's files are filed."""
    return {
        "on": on,
        "sealed": Attachment("逐级签字盖章的申请表", 4),
        "originals_at": "研究生处档案室2柜",
        "copies_on": on,
        "copies_to": "康如月",
    }


def working_group(on: str, **changes) -> dict:
    """The base's working group: the college's head, the deputy whom the base names, one dedicated member of staff."""
    members = [
        ("沈知微", "college", "leader", "护理学院院长"),
        ("纪云舒", "partner", "deputy", "护理部主任"),
        ("闻人越", "partner", "staff", "护理部干事"),
    ]
    return {
        "on": on,
        "established_on": on,
        "members": [dict(zip(("name", "party", "position", "post"), row, strict=True)) for row in members],
        "tasks": ticks("plans", "mentors", "assessment"),
        **changes,
    }


def base_mentor(name: str, post: str, discipline: str, on: str, **changes) -> dict:
    """A base mentor selected under the school's rules."""
    selected = {"rule": "selection", "decided_on": on, "decision": "学位评定委员会2026年第2次会议"}
    return {"on": on, "name": name, "post": post, "discipline": discipline, **selected, **changes}
