"""The closed word lists of the profile schema: codes that logic reads, each with its Chinese label.

A profile may use these codes only; a label is never compared. New codes are added here, with the code that
reads them (design, "Rules are data, states are code").
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tenants import roles

# requirements.md §0 "Strength": what a finding of that strength does.
STRENGTHS = {
    "hard": _("必须"),
    "default": _("一般／原则上"),
    "priority": _("优先"),
    "encouraged": _("鼓励"),
    "info": _("说明"),
}

UNITS = {
    "year": _("年"),
    "month": _("个月"),
    "week": _("周"),
    "day": _("日"),
    "working_day": _("个工作日"),
    "person": _("人"),
    "person_per_year": _("人/年"),
    "item": _("项"),
    "copy": _("份"),
    "time": _("次"),
    "time_per_year": _("次/年"),
    "time_per_month": _("次/月"),
    "character": _("字"),
    "yuan": _("元"),
    "wan": _("万元"),
    "point": _("分"),
    "percent": _("%"),
    "partner": _("个合作单位"),
    "base": _("个基地"),
}

# Levels of recognition (RR-11), and "overlay": a policy that governs arrangements, not recognitions (JLU).
LEVELS = {
    "school": _("校级"),
    "provincial": _("省级"),
    "national": _("国家级"),
    "overlay": _("校级政策（不设基地认定）"),
}

# Whose rules those of a level are: the column of the organisation that adopts them and sets what they leave open.
LEVEL_OWNERS = {"school": "university", "overlay": "university", "provincial": "authority", "national": "authority"}

# Which of a unit's seals a paper wants: the word of the profile, and what the card at sealing says.
STAMPS = {
    "unit": _("单位公章（内设部门、科室的章不行）"),
    "office": _("部门公章"),
}

# Columns of a scoped case: whose organisation an act or paper belongs to.
UNIT_COLUMNS = {
    "authority": _("省级教育行政部门"),
    "university": _("学校"),
    "college": _("学院"),
    "partner": _("合作单位"),
}

# Who may sign an agreement for a side, each with the column whose organisation it is: an office signs for its university.
SIGNERS = {"university": "university", "graduate_office": "university", "college": "college", "partner": "partner"}

# Roles by organisation column (contract, "tenants"). The mentors of a partner sit in the partner unit.
ROLES = {
    "authority": {"admin", "officer", "leader"},
    "university": {
        "graduate_office",
        "admin",
        "vice_president",
        "meeting_recorder",
        "legal",
        "finance",
        "supervisor",
        "support",
    },
    "college": {"secretary", "dean", "applicant", "party_committee", "mentor"},
    "partner": {"contact", "partner_leader", "base_mentor"},
}
ANY_UNIT_ROLES = {"expert", "auditor", "student"}

EXPERT_KINDS = roles.EXPERT_KINDS

# Whom a regulation names as applicants (`applicant` of a track), by the column that the organisation stands in.
APPLY_AS = {
    "college": {"college", "programme"},
    "university": {"university", "graduate_office"},
    "partner": {"partner"},
}

PARTNER_KINDS = {
    "government": _("地方政府及职能部门（机关）"),
    "enterprise": _("企业"),
    "public_institution": _("事业单位"),
    "research_institute": _("科研院所"),
    "social_organisation": _("社会组织"),
    "individual": _("个人"),
}

FACT_TYPES = {
    "text",
    "integer",
    "decimal",
    "money",
    "date",
    "moment",
    "period",
    "boolean",
    "code",
    "codes",
    "table",
    "file",
    "organisation",
    "checklist",
}
NUMBER_TYPES = {"integer", "decimal", "money"}

AGREEMENT_ORDERS = {
    "before_application": _("申报前已签订"),
    "draft_with_application": _("申报时草拟，批准后签订"),
    "after_approval": _("批准后签订"),
    "before_start": _("开始前约定"),
}
EFFECTIVE_ON = {
    "issue": _("自印发之日起"),
    "publication": _("自公布之日起"),
    "promulgation": _("自颁布之日起"),
    "release": _("自发布之日起"),
    "date": _("自载明日期起"),
}
PLAQUE_WHEN = {
    "after_signing": _("协议签署后"),
    "after_final": _("结项考核合格后"),
    "after_recognition": _("认定后"),
}
ACTIVE_WHEN = {
    "decided": _("作出决定时"),
    "published": _("认定文件公布时"),
    "signed": _("协议签订时"),
    "plaqued": _("授牌时"),
}
PERIOD_FROM = {
    "decided": _("决定之日"),
    "published": _("文件公布之日"),
    "signed": _("协议签订之日"),
    "effective": _("协议生效之日"),
}

# What the intervals of an evaluation count from, and what must be over for one to open.
EVALUATION_CLOCKS = {
    "recognition": _("基地生效之日"),
    "agreement": _("协议起始之日"),
    "construction": _("建设期起始之日"),
    "evaluation": _("上次考核确认之日"),
}
EVALUATION_ENDS = {
    "construction": _("建设期满"),
    "agreement": _("协议期满"),
    "rectification": _("整改期满"),
}

# Nouns a regulation may name itself (ui-guide): code -> the house's default word, `{zh, en}`.
TERMS = {
    "base": ("研究生联合培养基地", "joint-training base"),
    "partner": ("合作单位", "partner unit"),
    "university": ("学校", "university"),
    "college": ("学院", "college"),
    "programme": ("学位授权点", "degree programme"),
    "graduate_office": ("研究生处", "graduate office"),
    "authority": ("省教育厅", "provincial education department"),
    "application": ("申报书", "application form"),
    "call": ("申报批次", "call"),
    "recognise": ("认定", "recognition"),
    "approve": ("批准", "approval"),
    "agreement": ("合作协议书", "cooperation agreement"),
    "leader": ("基地建设负责人", "person in charge"),
    "contact": ("联系人", "contact"),
    "university_mentor": ("校内导师", "university mentor"),
    "base_mentor": ("基地导师", "base mentor"),
    "construction_period": ("建设期", "construction period"),
    "plaque": ("牌匾", "plaque"),
    "meeting": ("校长办公会", "president's office meeting"),
    "revoke": ("撤销", "revocation"),
}


PARTY = "party."  # before a column: every organisation that has this part in the case, those in further rows too


def column_of(unit: str) -> str:
    """The column that a step's unit is about: of `party.partner`, partner."""
    return unit.removeprefix(PARTY)


def roles_of(unit: str) -> set[str]:
    """Role codes that may act in an organisation column, or as one of the parties of its kind."""
    return ROLES[column_of(unit)] | ANY_UNIT_ROLES


LIST_KINDS = {"recommended": _("推荐名单"), "preliminary": _("初步名单"), "recognition": _("认定名单")}
# What records are about: organisations of the case, and what the rooms above register (`casework.records.register`).
RECORD_SUBJECTS = set(UNIT_COLUMNS)
# Subjects whose records stand on the page of one kind of case alone: subject -> kind of case. Their record types may name
# persons of that case (`regulations.routekinds.persons`).
RECORD_PAGES: dict[str, str] = {}

# What a consequence is: code -> word. What beginning and ending do is said by the classes in `casework.effects.kinds`.
EFFECTS = {
    "title": _("授予称号"),
    "loss_of_title": _("撤销称号"),
    "grant": _("经费支持"),
    "recovery": _("追回经费"),
    "priority": _("优先推荐"),
    "praise": _("表彰"),
    "criticism": _("通报"),
    "rectification": _("限期整改"),
    "suspension": _("暂停使用"),
    "intake_limit": _("限制接收研究生人数"),
    "bar": _("不得重新申报"),
    "revocation": _("撤销基地"),
    "cancellation": _("取消基地资格"),
    "register": _("列入名录"),
    "task": _("待办事项"),
}
EFFECT_FROM = {
    "confirmed": _("自确认之日起"),
    "published": _("自公布之日起"),
    "next_year": _("自下一年度起"),
}
EFFECT_UNTIL = {"next_year": _("至下一年度年底")}
# Why a base is one no longer (NM-19c: the grounds are told apart), code -> word.
END_REASONS = {
    "unqualified": _("考核不合格"),
    "reevaluation_failed": _("复评不合格"),
    "failed_in_a_row": _("连续考核不合格"),
    "missed": _("未按规定参加考核"),
    "rectification_failed": _("整改不到位"),
    "incident": _("重大事项，无法继续开展联合培养"),
    "withdrawn": _("自主撤销"),
    "not_renewed": _("协议期满未续签"),
    "agreement_ended": _("协议提前终止"),
    "no_agreement": _("未达成协议，未生效即取消"),
}
