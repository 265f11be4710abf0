"""Kinds of organisation, the roles there are in each, and the column of a case that a kind looks through.

Codes never change; labels are for people only and nothing compares them.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

DEPARTMENT, UNIVERSITY, COLLEGE, PARTNER = "department", "university", "college", "partner"
PARTY_COMMITTEE = "party_committee"

KINDS = [
    (DEPARTMENT, _("省级主管部门")),
    (UNIVERSITY, _("学校")),
    (COLLEGE, _("学院")),
    (PARTNER, _("合作单位")),
]

# The column of a scoped case in which an organisation of this kind stands.
COLUMNS = {DEPARTMENT: "authority", UNIVERSITY: "university", COLLEGE: "college", PARTNER: "partner"}

ROLE_LABELS = {
    "admin": _("单位管理员"),
    "officer": _("经办人"),
    "leader": _("处室负责人"),
    "graduate_office": _("研究生处"),
    "vice_president": _("分管校领导"),
    "meeting_recorder": _("会议秘书"),
    "legal": _("法务"),
    "finance": _("财务"),
    "supervisor": _("督导员"),
    "support": _("协同部门"),
    "secretary": _("研究生秘书"),
    "dean": _("院长"),
    "applicant": _("申报人"),
    "party_committee": _("学院党委"),
    "mentor": _("校内导师"),
    "contact": _("单位联系人"),
    "partner_leader": _("单位负责人"),
    "base_mentor": _("基地导师"),
    "expert": _("评审专家"),
    "auditor": _("督查审计"),
    "student": _("研究生"),
    "link": _("链接办理人"),  # no membership: who acts once by a link (`core.door.LinkActor`)
}

EVERYWHERE = ("expert", "auditor")
ROLES: dict[str, tuple[str, ...]] = {
    DEPARTMENT: ("admin", "officer", "leader", *EVERYWHERE),
    UNIVERSITY: (
        "graduate_office",
        "admin",
        "vice_president",
        "meeting_recorder",
        "legal",
        "finance",
        "supervisor",
        "support",
        "student",
        *EVERYWHERE,
    ),
    COLLEGE: ("secretary", "dean", "applicant", PARTY_COMMITTEE, "mentor", "student", *EVERYWHERE),
    PARTNER: ("contact", "partner_leader", "base_mentor", *EVERYWHERE),
}

# Who manages an organisation's own members. Colleges and partner units have no role of their own for it.
ADMIN_ROLE = {DEPARTMENT: "admin", UNIVERSITY: "admin", COLLEGE: "secretary", PARTNER: "contact"}

# Who decides or signs what a colleague prepares, and is told of what the organisation is late with.
LEADER_ROLE = {DEPARTMENT: "leader", UNIVERSITY: "vice_president", COLLEGE: "dean", PARTNER: "partner_leader"}
# Nobody puts somebody there alone: another person confirms.
DECIDING_ROLES = frozenset(LEADER_ROLE.values())
# Who of the units above confirms that an invited person's address is theirs.
CONFIRMERS = {
    (DEPARTMENT, "admin"),
    (DEPARTMENT, "officer"),
    (DEPARTMENT, "leader"),
    (UNIVERSITY, "admin"),
    (UNIVERSITY, "graduate_office"),
}

# People who see only what is theirs in person: their organisation's column opens nothing to them by itself.
PERSONAL_ROLES = {"expert", "student", "mentor", "base_mentor", PARTY_COMMITTEE}
# People who read and never act.
READING_ROLES = {"auditor"}
# A membership in one of these roles must have an end.
TIMED_ROLES = {"auditor"}

PARTNER_KINDS = [
    ("government", _("地方政府及职能部门（机关）")),
    ("enterprise", _("企业")),
    ("public_institution", _("事业单位")),
    ("research_institute", _("科研院所")),
    ("social_organisation", _("社会组织")),
    ("individual", _("个人")),
]


# What an expert of a pool is: grading may weigh their sheets by it.
EXPERT_KINDS = {
    "academic": _("高校专家"),
    "industry": _("行业企业专家"),
    "management": _("管理专家"),
}


def role_label(role: str) -> str:
    """The role's name for people; the code itself for one that is not known."""
    return str(ROLE_LABELS.get(role, role))


def role_choices(kind: str) -> list[tuple[str, str]]:
    """(code, label) of every role in a kind of organisation, in the order in which they are offered."""
    return [(role, ROLE_LABELS[role]) for role in ROLES.get(kind, ())]
