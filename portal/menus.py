"""The left menu of every role: its words, and the page each leads to, by the name of its address.

A room that brings a page enters its line here. An entry whose page does not exist fails `make check` (config/signposts.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from casework.views import assigning
from tenants import roles


@dataclass(frozen=True)
class Entry:
    """One line of the menu as declared: a word, the name of its page's address, an icon, a query, lines below it; `only`
    the roles whose page it is, where the menu is shared with others, `kinds` the kinds of organisation."""

    label: Any
    page: str
    icon: str = ""
    query: str = ""
    below: tuple[Entry, ...] = ()
    only: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()


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


# Lines that several menus share.
DUE = (Entry(_("到期台账"), "portal:due"), Entry(_("到期日历"), "portal:due_month"))
HOME = Entry(_("工作台"), "portal:home", "home", below=DUE)
RULES = Entry(_("办法与设置"), "regulations:index", "book")
STATISTICS = Entry(_("统计报表"), "portal:statistics", "chart")
COVERAGE = Entry(_("专业学位类别覆盖情况"), "bases:coverage")
PROJECTS = Entry(_("申报项目"), "applications:list", "clipboard")
INCIDENTS = Entry(_("重大事项"), "bases:incidents")
WITHDRAWALS = Entry(_("自主撤销"), "bases:withdrawals")
LAYOUT = Entry(_("布局与进出"), "bases:layout", kinds=frozenset({roles.DEPARTMENT, roles.UNIVERSITY, roles.COLLEGE}))
BACKFILLS = Entry(_("存量补录"), "bases:backfills", only=frozenset({"graduate_office", "officer", "admin"}))
EXCEPTIONS = Entry(_("例外审批"), "casework:overrides", "flag")
LEDGER = Entry(_("基地台账"), "bases:list", "layers", below=(BACKFILLS, LAYOUT, INCIDENTS, WITHDRAWALS))
CANDIDATES = Entry(_("国家级候选"), "bases:candidates")
REGISTER = Entry(_("基地名录"), "bases:list", "layers", below=(BACKFILLS, LAYOUT, CANDIDATES))
SCANS = Entry(_("盖章件核对"), "casework:scans", only=frozenset({"officer", "graduate_office"}))
AGREEMENTS = Entry(_("协议与用印"), "bases:agreements", "stamp")
PARTNERS = Entry(_("合作单位"), "tenants:partners", "building")
REPAIRS = Entry(_("整改台账"), "evaluations:rectifications", "tasks")
PLACEMENTS = Entry(_("专业实践"), "trainees:placements", "users", below=(Entry(_("研究生"), "trainees:students"),))
AGENDA = Entry(_("上会议题"), "applications:agenda")
DECISIONS = Entry(_("结果登记"), "casework:decisions")
EVALUATIONS = Entry(
    _("考核评价"), "evaluations:list", "check-circle", below=(Entry(_("考核批次"), "evaluations:rounds"),)
)
PANELS = Entry(
    _("专家评审"),
    "casework:panels",
    "users",
    below=(
        Entry(_("专家库"), "casework:experts"),
        Entry(_("分组"), "casework:assign", only=frozenset(assigning.ROLES)),
        Entry(_("回避"), "casework:recusals"),
        Entry(_("评审进度"), "casework:panel_progress"),
    ),
)
MEMBERS = Entry(_("单位与人员"), "tenants:organisation", "users")

DEPARTMENT = (
    HOME,
    Entry(
        _("申报批次"),
        "applications:calls",
        "calendar",
        below=(
            Entry(_("名额分配"), "applications:quotas"),
            Entry(_("报送进度"), "applications:progress"),
        ),
    ),
    Entry(_("形式审查"), "applications:list", "clipboard", below=(SCANS,)),
    PANELS,
    Entry(_("公示与异议"), "casework:notices", "megaphone"),
    Entry(
        _("认定结果"),
        "applications:lists",
        "star",
        below=(AGENDA, DECISIONS),
    ),
    REGISTER,
    EVALUATIONS,
    Entry(_("整改与退出"), "evaluations:rectifications", "tasks", below=(WITHDRAWALS,)),
    replace(INCIDENTS, icon="alert"),
    EXCEPTIONS,
    replace(STATISTICS, below=(COVERAGE,)),
    MEMBERS,
    RULES,
)

GRADUATE_OFFICE = (
    HOME,
    Entry(
        _("申报管理"),
        "applications:list",
        "clipboard",
        below=(
            Entry(_("通知批次"), "applications:calls"),
            Entry(_("校内遴选"), "applications:list", query="work=mine"),
            Entry(_("推荐名单"), "applications:lists"),
            Entry(_("报送"), "applications:lists", query="kind=recommended"),
        ),
    ),
    LEDGER,
    replace(AGREEMENTS, below=(SCANS,)),
    PARTNERS,
    PLACEMENTS,
    PANELS,
    EVALUATIONS,
    REPAIRS,
    Entry(_("公示与发文"), "casework:notices", "megaphone"),
    EXCEPTIONS,
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
        below=(Entry(_("申报项目"), "applications:list"), Entry(_("通知批次"), "applications:calls")),
    ),
    Entry(_("本院基地"), "bases:list", "layers", below=(LAYOUT, INCIDENTS)),
    AGREEMENTS,
    PARTNERS,
    PLACEMENTS,
    Entry(_("考核材料"), "evaluations:list", "check-circle"),
    Entry(_("整改"), "evaluations:rectifications", "tasks"),
    Entry(_("人员"), "tenants:organisation", "users"),
    RULES,
)

PARTNER = (
    Entry(_("首页（需要我办的）"), "portal:home", "home", below=DUE),
    Entry(_("本单位信息"), "tenants:organisation", "building"),
    Entry(_("协议与盖章"), "bases:agreements", "stamp"),
    replace(
        PROJECTS, below=(Entry(_("我要申报"), "applications:start", only=frozenset({"contact", "partner_leader"})),)
    ),
    Entry(_("基地与研究生"), "bases:list", "layers", below=(Entry(_("研究生"), "trainees:placements"),)),
    Entry(_("考核自评"), "evaluations:list", "check-circle"),
    Entry(_("整改"), "evaluations:rectifications", "tasks"),
    RULES,
)

EXPERT = (
    Entry(_("我的评审"), "casework:reviews", "home"),
    Entry(_("承诺与回避"), "casework:reviews", "shield", query="done=recused"),
    Entry(_("已提交"), "casework:reviews", "check-circle", query="done=submitted"),
)

MENTOR = (
    HOME,
    Entry(_("我的研究生"), "trainees:placements", "users"),
    Entry(_("待审阅"), "trainees:reports", "check-circle"),
)

STUDENT = (
    HOME,
    Entry(_("我的实践"), "trainees:placements", "clipboard"),
    Entry(_("我的信息"), "trainees:mine", "user"),
    Entry(_("可选基地"), "portal:public_bases", "layers"),
)

PARTY_COMMITTEE = (
    HOME,
    Entry(_("研究生党员"), "trainees:students", "users", below=(Entry(_("登记党员名单"), "trainees:party"),)),
    Entry(_("专业实践"), "trainees:placements", "clipboard"),
)

LEADER = (
    Entry(_("待审批"), "portal:home", "home", below=DUE),
    Entry(_("上会议题"), "applications:agenda", "clipboard"),
    Entry(_("结果登记"), "casework:decisions", "stamp"),
    Entry(_("申报项目"), "applications:list", "files"),
    LEDGER,
    EVALUATIONS,
    REPAIRS,
    STATISTICS,
    RULES,
)

AUDITOR = (
    *DUE,
    Entry(_("基地名录"), "bases:list", "layers", below=(LAYOUT,)),
    Entry(_("案卷"), "applications:list", "folder"),
    Entry(_("协议"), "bases:agreements", "stamp"),
    EXCEPTIONS,
    EVALUATIONS,
    REPAIRS,
    RULES,
)

OFFICE = (
    Entry(_("待办"), "portal:home", "home", below=DUE),
    PROJECTS,
    LEDGER,
    AGREEMENTS,
    EVALUATIONS,
    RULES,
)

BY_ROLE = {
    "expert": EXPERT,
    "auditor": AUDITOR,
    "student": STUDENT,
    "party_committee": PARTY_COMMITTEE,
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
    """The menu of a role in a kind of organisation."""
    menu = BY_ROLE.get(role) or BY_KIND.get(kind, (HOME,))
    return tuple(
        replace(entry, below=tuple(below for below in entry.below if _is_of(below, kind, role))) for entry in menu
    )


def _is_of(entry: Entry, kind: str, role: str) -> bool:
    return (not entry.only or role in entry.only) and (not entry.kinds or kind in entry.kinds)


def _line(entry: Entry) -> Line:
    path = reverse(entry.page)
    url = f"{path}?{entry.query}" if entry.query else path
    return Line(entry.label, url, entry.icon, path, tuple(map(_line, entry.below)))


@lru_cache(maxsize=64)
def lines(kind: str, role: str) -> tuple[Line, ...]:
    """The lines with their addresses. Kept per process: addresses do not change while it runs."""
    return tuple(map(_line, declared(kind, role)))


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
