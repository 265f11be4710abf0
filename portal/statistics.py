"""统计报表 of a department and of a university: each figure as a chart and as a table, the tables as spreadsheets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from bases.models import Recognition
from bases.views.lists import name
from core import clock
from core.listing import Column, ListSpec, due_column
from core.listing.export import response, workbook
from core.listing.spec import shown
from evaluations.rectification.views import responsible
from portal.queries import statistics
from regulations import wording
from regulations.models import Adoption
from tenants import roles

SHOWN = 20  # rows of what has run late on the page; the spreadsheet has them all
NARROW = 4  # columns that stand beside a chart


@dataclass(frozen=True)
class Line:
    """One row of a table of counts: what is counted, where they stand, the numbers by column."""

    label: Any
    numbers: dict[str, int]
    url: str = ""


@dataclass(frozen=True)
class Bar:
    """One bar of a chart: `width` in hundredths of the widest, `series` the number of its column."""

    number: int
    width: float
    series: int


@dataclass(frozen=True)
class Table:
    """One block of the page. `charted` are the columns that the chart draws, () where the rows are no counts."""

    spec: ListSpec
    rows: list
    charted: tuple[str, ...] = ()
    url: str = ""

    @property
    def key(self) -> str:
        return self.spec.key

    @property
    def title(self) -> Any:
        return self.spec.title

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.spec.columns

    @property
    def wide(self) -> bool:
        """Whether it wants the whole page, and a card for each row on a phone."""
        return len(self.columns) > NARROW

    def cells(self) -> list[list[tuple[Column, str]]]:
        """The rows as the page shows them: each cell's column and inner HTML."""
        return [[(column, column.html(row)) for column in self.columns] for row in self.rows[:SHOWN]]

    @property
    def hidden(self) -> int:
        """How many rows only the spreadsheet has."""
        return max(len(self.rows) - SHOWN, 0) if not self.charted else 0

    def series(self) -> list[tuple[int, Any]]:
        """What the bars of a row stand for, where there are several."""
        titles = {column.key: column.title for column in self.columns}
        return list(enumerate(titles[key] for key in self.charted)) if len(self.charted) > 1 else []

    def bars(self) -> list[tuple[Any, list[Bar]]]:
        """The chart: by row its label and bars. Empty where there is nothing to draw."""
        most = max((row.numbers.get(key, 0) for row in self.rows for key in self.charted), default=0)
        if not most:
            return []
        return [
            (
                row.label,
                [
                    Bar(number, round(100 * number / most, 2), place)
                    for place, key in enumerate(self.charted)
                    for number in [row.numbers.get(key, 0)]
                ],
            )
            for row in self.rows
        ]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The page, or with `?export=` one of its tables (its key) or all of them ("all") as a spreadsheet."""
    membership = request.membership
    if membership.kind not in statistics.BELOW or membership.role in roles.PERSONAL_ROLES:
        raise PermissionDenied(_("统计报表供省级主管部门和学校使用。"))
    figures = statistics.figures(membership)
    made = [make(figures, membership) for make in TABLES]
    export = request.GET.get("export", "")
    if export == "all":
        return workbook(_("统计报表"), [(table.spec, table.rows) for table in made])
    if export:
        chosen = next((table for table in made if table.key == export), None)
        if chosen is None:
            raise Http404
        return response(chosen.spec, list(chosen.columns), chosen.rows)
    context = {
        "tables": made,
        "figures": figures,
        "today": clock.today(),
        "coverage": membership.kind == roles.DEPARTMENT,
        "crumbs": [(_("统计报表"), "")],
    }
    return render(request, "portal/statistics.html", context)


# --- tables of counts ------------------------------------------------------------------------------------------------


def _number(key: str, title: Any) -> Column:
    return Column(key, title, lambda row: row.numbers.get(key, 0), css="num right", kind="integer")


def _counts(key: str, title: Any, head: Any, rows: list[Line], *columns: Column, charted: tuple[str, ...]) -> Table:
    lead = Column("label", head, lambda row: shown(row.label), lead=True, url=lambda row: row.url)
    return Table(ListSpec(key, title, columns=(lead, *columns), numbered=False), rows, charted)


def by_state(figures: statistics.Figures, membership) -> Table:
    """基地 by state, with their levels beside."""
    levels = [pair for pair in Adoption.LEVELS if any(level == pair[0] for _state, level in figures.states)]
    rows = []
    for code, label in Recognition.State.choices:
        numbers = {level: figures.states[code, level] for level, _label in levels}
        url = f"{reverse('bases:list')}?state={code}"
        rows.append(Line(label, {**numbers, "total": sum(numbers.values())}, url))
    columns = [_number(level, label) for level, label in levels]
    total = _number("total", lazy("合计"))
    return _counts("states", lazy("基地状态"), lazy("状态"), rows, *columns, total, charted=("total",))


def by_level(figures: statistics.Figures, membership) -> Table:
    """基地 by level: in force, and ended."""
    rows = []
    for level, label in Adoption.LEVELS:
        numbers = {state: figures.states[state, level] for state, _label in Recognition.State.choices}
        if any(numbers.values()):
            rows.append(Line(label, numbers, f"{reverse('bases:list')}?level={level}"))
    columns = [_number(code, label) for code, label in Recognition.State.choices]
    return _counts("levels", lazy("基地级别"), lazy("级别"), rows, *columns, charted=("active",))


def by_grade(figures: statistics.Figures, membership) -> Table:
    """Bases in force by their last grade: passed ones first, those without one last."""
    order = {True: 0, False: 1, None: 2}
    counted = sorted(figures.grades.items(), key=lambda pair: (order[pair[0][1]], -pair[1]))
    rows = [Line(word or _("尚无考核结果"), {"active": number}) for (word, _passed), number in counted]
    column = _number("active", lazy("在建基地数"))
    return _counts("grades", lazy("最近考核等次"), lazy("等次"), rows, column, charted=("active",))


def by_year(figures: statistics.Figures, membership) -> Table:
    """Approved and ended by year, and how many stood at its end."""
    rows, standing = [], 0
    for year in sorted(figures.approved.keys() | figures.ended.keys()):
        standing += figures.approved[year] - figures.ended[year]
        numbers = {"approved": figures.approved[year], "ended": figures.ended[year], "standing": standing}
        rows.append(Line(_("%(year)s年") % {"year": year}, numbers))
    columns = (
        _number("approved", lazy("当年批准")),
        _number("ended", lazy("当年终止")),
        _number("standing", lazy("年末存续")),
    )
    return _counts("years", lazy("批准与终止年度"), lazy("年度"), rows, *columns, charted=("approved", "ended"))


def by_term(figures: statistics.Figures, membership) -> Table:
    """Bases in force by how long their agreement still runs."""
    labels = {
        "over": _("已到期"),
        "30": _("30日内到期"),
        "60": _("31至60日内到期"),
        "90": _("61至90日内到期"),
        "later": _("90日后到期"),
        "open": _("未载明期限"),
        "none": _("没有有效协议"),
    }
    rows = [Line(label, {"active": figures.terms[key]}) for key, label in labels.items()]
    column = _number("active", lazy("在建基地数"))
    return _counts("terms", lazy("协议期限"), lazy("协议到期"), rows, column, charted=("active",))


UNIT_COLUMNS: tuple[tuple[str, Any], ...] = (
    ("active", lazy("在建基地")),
    ("ended", lazy("已终止")),
    ("expiring", lazy("协议90日内到期或已到期")),
    ("reports", lazy("自评逾期")),
    ("rectifying", lazy("整改未销号")),
    ("overdue", lazy("整改逾期")),
    ("students", lazy("在岗研究生")),
)


def by_unit(figures: statistics.Figures, membership) -> Table:
    """The units below: bases, and what has run late at them."""
    university = membership.kind == roles.UNIVERSITY
    named = [pair for pair in UNIT_COLUMNS if university or pair[0] != "students"]
    rows = []
    for unit in figures.units:
        label = unit.unit.display_name if unit.unit else _("未指定学院")
        url = f"{reverse('bases:list')}?unit={unit.unit.pk}" if unit.unit else ""
        rows.append(Line(label, {key: getattr(unit, key) for key, _title in named}, url))
    head = lazy("学院") if university else lazy("学校")
    columns = [_number(key, title) for key, title in named]
    title = lazy("各学院情况") if university else lazy("各学校情况")
    return _counts("units", title, head, rows, *columns, charted=("active",))


# --- what has run late -----------------------------------------------------------------------------------------------


def _units_of(membership) -> tuple[Column, ...]:
    """The columns of whom a row concerns, below the reader's own unit."""
    college = Column("college", lazy("学院"), lambda row: name(row.college))
    partner = Column("partner", lazy("合作单位"), lambda row: name(row.partner))
    if membership.kind == roles.UNIVERSITY:
        return college, partner
    return Column("university", lazy("学校"), lambda row: name(row.university)), college, partner


def _base(value: str) -> Column:
    return Column("base", lazy("基地名称"), value, lead=True, css="wide")


def _late(key: str) -> Callable[[Any], int]:
    return lambda row: (clock.today() - getattr(row, key)).days


def _late_column(key: str) -> Column:
    return Column("late", lazy("逾期天数"), _late(key), css="num right", kind="integer")


def expiring(figures: statistics.Figures, membership) -> Table:
    """Bases in force whose agreement has run out or soon will."""
    columns = (
        _base("base.name"),
        Column("level", lazy("级别"), "level_label"),
        *_units_of(membership),
        due_column("agreement_ends", lazy("协议到期")),
    )
    spec = ListSpec("agreements", lazy("协议已到期或90日内到期的基地"), columns=columns)
    return Table(spec, figures.expiring, url=reverse("bases:agreements"))


def reports(figures: statistics.Figures, membership) -> Table:
    """Self-reports that have not come in time."""
    columns = (
        _base("recognition.base.name"),
        *_units_of(membership),
        Column("round", lazy("批次"), "in_round.title"),
        Column("kind", lazy("考核类型"), lambda row: wording.words(row.declaration.title)),
        Column("report_due", lazy("自评截止日"), css="num", kind="date"),
        _late_column("report_due"),
    )
    spec = ListSpec("reports", lazy("自评逾期未提交"), columns=columns)
    return Table(spec, figures.reports, url=f"{reverse('evaluations:list')}?report=late")


def rectifications(figures: statistics.Figures, membership) -> Table:
    """Rectifications whose last day has gone."""
    columns = (
        _base("recognition.base.name"),
        *_units_of(membership),
        Column("notice", lazy("通知书编号"), "notice_number", css="code", kind="code"),
        Column("responsible", lazy("责任单位/责任人"), responsible),
        Column("due_on", lazy("整改期限"), css="num", kind="date"),
        _late_column("due_on"),
    )
    spec = ListSpec("rectifications", lazy("整改逾期未销号"), columns=columns)
    return Table(spec, figures.rectifications, url=f"{reverse('evaluations:rectifications')}?left=over")


TABLES = (by_state, by_level, by_grade, by_year, by_term, by_unit, expiring, reports, rectifications)
