"""The left menu of every role: the words of the guide (§2), and the address each leads to.

An entry is shown once its address exists, so a room appears in the menu when its `urls` arrive; a group
without any shown entry is left out. Addresses are given by name; several names separated by spaces mean the
first that exists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from tenants import roles


@dataclass(frozen=True)
class Entry:
    """One line of the menu as declared: a word, address names, an icon, a query, and lines below it."""

    label: Any
    names: str = ""
    icon: str = ""
    query: str = ""
    below: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Line:
    """One line of the menu as drawn."""

    label: Any
    url: str
    icon: str
    path: str
    below: tuple[Line, ...] = ()


@dataclass
class Drawn:
    """A line with what this request adds to it."""

    label: Any
    url: str
    icon: str
    current: bool
    below: list[Drawn] = field(default_factory=list)


# Addresses that several menus lead to.
APPLICATIONS = "applications:list applications:applications"
CALLS = "applications:calls"
LISTS = "applications:lists"
NOTICES = "casework:notices applications:notices"
BASES = "bases:list bases:register bases:recognitions"
AGREEMENT_LIST = "bases:agreements agreements:list"
ROUNDS = "evaluations:list evaluations:rounds"
RECTIFICATIONS = "evaluations:rectifications"
INCIDENTS = "evaluations:incidents"
ARCHIVE = "bases:archive portal:archive"

# Lines that several menus share.
HOME = Entry(_("工作台"), "portal:home", "home")
RULES = Entry(_("办法与设置"), "regulations:index", "book")
STATISTICS = Entry(_("统计报表"), "portal:statistics stats:index", "chart")
COVERAGE = Entry(_("统计报表"), "portal:statistics stats:index bases:coverage", "chart")
PROJECTS = Entry(_("申报项目"), APPLICATIONS, "clipboard")
LEDGER = Entry(_("基地台账"), BASES, "layers")
REGISTER = Entry(_("基地名录"), BASES, "layers")
AGREEMENTS = Entry(_("协议与用印"), AGREEMENT_LIST, "stamp")
PARTNERS = Entry(_("合作单位"), "tenants:partners", "building")
PRACTICE = Entry(_("专业实践"), "trainees:list trainees:placements", "flag")
EVALUATION = Entry(_("考核评价"), ROUNDS, "chart")
AGENDA = Entry(_("上会议题"), "applications:agenda")
DECISIONS = Entry(_("结果登记"), "casework:decisions")
MEMBERS = Entry(_("单位与人员"), "tenants:organisation", "users")

DEPARTMENT = (
    HOME,
    Entry(
        _("申报批次"),
        CALLS,
        "calendar",
        below=(
            Entry(_("名额分配"), "applications:quotas"),
            Entry(_("报送进度"), "applications:progress"),
        ),
    ),
    Entry(_("形式审查"), APPLICATIONS, "clipboard"),
    Entry(
        _("专家评审"),
        "casework:panels applications:panels",
        "users",
        below=(
            Entry(_("专家库"), "casework:experts applications:experts"),
            Entry(_("分组"), "casework:groups"),
            Entry(_("回避"), "casework:recusals"),
            Entry(_("评审进度"), "casework:panel_progress"),
            Entry(_("汇总"), "casework:panel_summary"),
        ),
    ),
    Entry(_("公示与异议"), NOTICES, "megaphone"),
    Entry(
        _("认定结果"),
        LISTS,
        "star",
        below=(AGENDA, DECISIONS),
    ),
    REGISTER,
    Entry(_("例外审批"), "casework:overrides", "flag"),
    EVALUATION,
    Entry(_("整改与退出"), RECTIFICATIONS, "return"),
    Entry(_("重大事项"), INCIDENTS, "alert"),
    Entry(_("备案"), "trainees:filings", "archive"),
    Entry(_("经费支持"), "bases:grants", "money"),
    COVERAGE,
    MEMBERS,
    RULES,
)

GRADUATE_OFFICE = (
    HOME,
    Entry(
        _("申报管理"),
        APPLICATIONS,
        "clipboard",
        below=(
            Entry(_("通知批次"), CALLS),
            Entry(_("校内遴选"), APPLICATIONS, query="work=mine"),
            Entry(_("推荐名单"), LISTS),
            Entry(_("报送"), LISTS, query="kind=recommended"),
        ),
    ),
    LEDGER,
    AGREEMENTS,
    PARTNERS,
    Entry(_("导师管理"), "bases:mentors", "user"),
    PRACTICE,
    EVALUATION,
    Entry(_("整改台账"), RECTIFICATIONS, "return"),
    Entry(_("经费"), "bases:money bases:grants", "money"),
    Entry(_("公示与发文"), NOTICES, "megaphone"),
    Entry(_("归档与迎检"), ARCHIVE, "archive"),
    STATISTICS,
    MEMBERS,
    RULES,
)

COLLEGE = (
    HOME,
    Entry(
        _("我要申报"),
        "applications:start",
        "clipboard",
        below=(Entry(_("申报项目"), APPLICATIONS), Entry(_("通知批次"), CALLS)),
    ),
    Entry(_("本院基地"), BASES, "layers"),
    AGREEMENTS,
    PARTNERS,
    Entry(_("导师"), "bases:mentors", "user"),
    PRACTICE,
    Entry(_("考核材料"), ROUNDS, "chart"),
    Entry(_("整改"), RECTIFICATIONS, "return"),
    Entry(_("人员"), "tenants:organisation", "users"),
    RULES,
)

PARTNER = (
    Entry(_("首页（需要我办的）"), "portal:home", "home"),
    Entry(_("本单位信息"), "tenants:organisation", "building"),
    Entry(_("协议与盖章"), AGREEMENT_LIST, "stamp"),
    PROJECTS,
    Entry(_("基地与研究生"), BASES, "layers"),
    Entry(_("导师推荐"), "bases:mentors", "user"),
    Entry(_("考核自评"), ROUNDS, "chart"),
    Entry(_("情况报告"), INCIDENTS, "alert"),
    RULES,
)

EXPERT = (
    Entry(_("我的评审"), "casework:reviews portal:home", "home"),
    Entry(_("承诺与回避"), "casework:reviews", "shield", query="done=recused"),
    Entry(_("已提交"), "casework:reviews", "check-circle", query="done=submitted"),
)

MENTOR = (
    Entry(_("我的研究生"), "trainees:my_students portal:home", "users"),
    Entry(_("待审阅"), "trainees:to_read", "eye"),
    Entry(_("指导记录"), "trainees:guidance", "edit"),
    Entry(_("聘书与证明"), "bases:my_appointments", "file"),
)

STUDENT = (
    Entry(_("我的实践"), "trainees:mine portal:home", "flag"),
    Entry(_("可选基地"), "trainees:open_bases portal:public_bases", "layers"),
    Entry(_("周志与总结"), "trainees:notes", "edit"),
    Entry(_("证明下载"), "trainees:certificates", "download"),
    Entry(_("问题反映"), "trainees:concerns", "mail"),
)

LEADER = (
    Entry(_("待审批"), "portal:home", "home"),
    Entry(_("上会议题"), "casework:agenda applications:agenda", "clipboard"),
    Entry(_("结果登记"), "casework:decisions", "stamp"),
    Entry(_("申报项目"), APPLICATIONS, "files"),
    LEDGER,
    RULES,
)

AUDITOR = (
    Entry(_("基地名录"), "bases:list bases:register bases:recognitions portal:public_bases", "layers"),
    Entry(_("案卷"), APPLICATIONS, "folder"),
    Entry(_("协议"), AGREEMENT_LIST, "stamp"),
    Entry(_("迎检材料包"), ARCHIVE, "archive"),
    Entry(_("查阅记录"), "portal:reading_log", "eye"),
    RULES,
)

OFFICE = (
    Entry(_("待办"), "portal:home", "home"),
    PROJECTS,
    LEDGER,
    AGREEMENTS,
    RULES,
)

BY_ROLE = {
    "expert": EXPERT,
    "auditor": AUDITOR,
    "student": STUDENT,
    "mentor": MENTOR,
    "base_mentor": MENTOR,
    "vice_president": LEADER,
    "meeting_recorder": LEADER,
    "legal": OFFICE,
    "finance": OFFICE,
    "supervisor": OFFICE,
    "support": OFFICE,
}
BY_KIND = {
    roles.DEPARTMENT: DEPARTMENT,
    roles.UNIVERSITY: GRADUATE_OFFICE,
    roles.COLLEGE: COLLEGE,
    roles.PARTNER: PARTNER,
}


def declared(kind: str, role: str) -> tuple[Entry, ...]:
    """The menu as the guide has it, whether or not its addresses exist yet."""
    return BY_ROLE.get(role) or BY_KIND.get(kind, (HOME,))


def address(names: str) -> str:
    """The first of the named addresses that exists and needs no arguments; "" if none does."""
    for name in names.split():
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return ""


def _line(entry: Entry) -> Line | None:
    below = tuple(line for line in map(_line, entry.below) if line)
    path = address(entry.names)
    if not path and not below:
        return None
    return Line(entry.label, f"{path}?{entry.query}" if entry.query else path, entry.icon, path, below)


@lru_cache(maxsize=64)
def lines(kind: str, role: str) -> tuple[Line, ...]:
    """The lines whose addresses exist. Kept per process: addresses do not change while it runs."""
    shown: list[Line] = []
    seen: set[str] = set()
    for entry in declared(kind, role):
        line = _line(entry)
        if line is None or (line.url in seen and not line.below):
            continue
        seen.add(line.url)
        shown.append(line)
    return tuple(shown)


def draw(kind: str, role: str, path: str, query: Mapping[str, str] | None = None) -> list[Drawn]:
    """The menu for one request: the line with the longest address that `path` begins with is current; of several
    with that address the one of whose query the request has most. A line whose query it has not is never current.
    """
    declared_lines = lines(kind, role)
    everything = [line for top in declared_lines for line in (top, *top.below)]
    fitting = [line for line in everything if line.path and _fits(line.path, path) and _asked(line, query or {})]
    here = max(fitting, key=lambda line: (len(line.path), len(line.url)), default=None)
    return [
        Drawn(
            top.label,
            top.url,
            top.icon,
            top is here,
            [Drawn(line.label, line.url, line.icon, line is here) for line in top.below],
        )
        for top in declared_lines
    ]


def _asked(line: Line, query: Mapping[str, str]) -> bool:
    """Whether the request asks for what a line narrows its page to."""
    return all(query.get(key) == value for key, value in parse_qsl(urlsplit(line.url).query))


def _fits(menu_path: str, path: str) -> bool:
    return path == menu_path if menu_path == "/" else path.startswith(menu_path)
