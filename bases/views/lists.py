"""Lists of agreements (协议台账) and bases (基地台账, 基地名录)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from bases import queries
from bases.drafting import may_draft
from bases.models import Agreement, Recognition
from bases.timeline import entered_on
from casework.views.scans import scan_cell, scan_words
from core import clock, state_styles
from core.language import bracketed, listed, sign
from core.listing import Button, Column, ListSpec, ListView, RowFilter, choice, due_column, state_column
from core.templatetags.ui import badge, outcome_badge
from regulations import wording
from regulations.models import Adoption
from regulations.schema.evaluation import Grade
from tenants import roles
from tenants.models import Organisation


def name(organisation: Any) -> str:
    return organisation.display_name if organisation is not None else ""


# Kind of organisation → the column of a case in which the units below it stand.
BELOW = {roles.DEPARTMENT: "university", roles.UNIVERSITY: "college"}


def below(request: HttpRequest) -> QuerySet[Organisation]:
    """The units below the reader's organisation that a reader may filter by."""
    rows = Organisation.objects.filter(parent=request.membership.organisation_id)
    return rows.only("name", "is_demo").order_by("name")


class UnitFilterSet(django_filters.FilterSet):
    """A filter by a unit below the reader's own, for departments and universities."""

    unit = RowFilter(lazy("单位"), below, method="of_unit")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.request.membership.kind not in BELOW:
            del self.filters["unit"]

    def of_unit(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(**{f"{BELOW[self.request.membership.kind]}_id": value})


# --- 协议台账 -------------------------------------------------------------------------------------------------------


def _grade(row: Recognition) -> Grade | None:
    """最近考核等次, as the base's regulation declares it."""
    kinds = row.profile.evaluations.values() if row.grade else ()
    return next((grade for kind in kinds for grade in kind.grades if grade.code == row.grade), None)


def grade_words(row: Recognition) -> str:
    """The grade as the base's regulation calls it."""
    grade = _grade(row)
    return wording.words(grade.title) if grade is not None else row.grade or "—"


def grade_cell(row: Recognition) -> SafeString | str:
    """The same, coloured by whether it lets the base go on."""
    grade = _grade(row)
    return outcome_badge(grade.passed, wording.words(grade.title)) if grade is not None else grade_words(row)


class AgreementFilter(UnitFilterSet):
    state = choice(lazy("状态"), Agreement.State.choices)
    type = choice(lazy("类型"), Agreement.TYPES)
    left = choice(
        lazy("剩余天数"),
        [("over", lazy("已到期")), ("30", lazy("30日内到期")), ("90", lazy("90日内到期"))],
        method="of_left",
    )
    template = choice(lazy("是否偏离模板"), [("yes", lazy("偏离")), ("no", lazy("不偏离"))], method="of_template")

    class Meta:
        model = Agreement
        fields = ["state", "type"]

    def of_left(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        today = clock.today()
        rows = rows.filter(state="signed")
        if value == "over":
            return rows.filter(ends_on__lt=today)
        return rows.filter(ends_on__gte=today, ends_on__lte=today + timedelta(days=int(value)))

    def of_template(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(differs_from_template=value == "yes") if value else rows


def sides(row: Agreement) -> str:
    """甲乙方: every party by side and order; the columns where no parties were entered."""
    parties = [party.name for party in row.parties.all()]
    return " / ".join(parties) or " / ".join(name(unit) for unit in (row.university, row.partner) if unit)


def span(row: Agreement) -> str:
    return f"{row.starts_on}{sign(' 至 ')}{row.ends_on}" if row.starts_on and row.ends_on else ""


def span_cell(row: Any) -> SafeString:
    """Each day in one piece: the line may break between them only."""
    if not (row.starts_on and row.ends_on):
        return mark_safe("")
    return format_html(
        '<span class="num">{}</span>{}<span class="num">{}</span>',
        row.starts_on,
        sign(" 至 "),
        row.ends_on,
    )


def copies(row: Agreement) -> str:
    """份数及存放."""
    labels = [str(copy.get("label") or "") for copy in row.copies or []]
    parts = [_("%(n)s份（%(who)s）") % {"n": len(labels), "who": listed(labels)}] if labels else []
    if row.kept_at:
        parts.append(_("原件存%(place)s") % {"place": row.kept_at})
    return listed(parts, "；")


def days_left(row: Any) -> int | None:
    """Whole days to the end of an agreement in force; negative when it is over."""
    if row.state != "signed" or row.ends_on is None:
        return None
    return (row.ends_on - clock.today()).days


def days_cell(row: Any) -> SafeString:
    if days_left(row) is None:
        return mark_safe("")
    tone, icon, words = state_styles.of_due(row.ends_on)
    return badge(tone, words, icon)


class Agreements(ListView):
    """协议台账."""

    model = Agreement
    spec = ListSpec(
        "agreements",
        lazy("协议台账"),
        columns=(
            Column("number", lazy("协议编号"), sort="number", css="code", kind="code"),
            Column("title", lazy("协议名称"), lead=True, css="wide", sort="title"),
            Column("sides", lazy("甲乙方"), sides, css="wide"),
            Column("type", lazy("类型"), "get_type_display", sort="type"),
            Column("signed_on", lazy("签订日期"), sort="signed_on", css="num", kind="date"),
            Column("span", lazy("起止日期"), span, span_cell, sort="ends_on"),
            Column("copies", lazy("份数及存放"), copies),
            Column(
                "differs",
                lazy("是否偏离模板"),
                lambda row: _("偏离") if row.differs_from_template else _("否"),
                sort="differs_from_template",
            ),
            Column("scan", lazy("盖章件"), scan_words, scan_cell),
            Column("left", lazy("剩余天数"), days_left, days_cell, sort="ends_on", kind="integer"),
            Column("college", lazy("责任学院"), lambda row: name(row.college), sort="college__name", shown=False),
            state_column(sort="state", label=lambda row: row.get_state_display()),
        ),
        search=("number", "title", "partner__name"),
        filterset=AgreementFilter,
        default_sort="-number",
        select_related=("university", "college", "partner"),
    )

    def queryset_for(self, membership: Any) -> QuerySet:
        return queries.agreements(membership)

    def actions(self, request: HttpRequest) -> list[Button]:
        if not may_draft(request.membership):
            return []
        url = reverse("bases:agreement_new")
        return [
            Button(_("起草协议"), url, "plus", primary=True),
            Button(_("补录纸质协议"), f"{url}?type=recorded", "upload"),
        ]


# --- 基地台账 -------------------------------------------------------------------------------------------------------


class RecognitionFilter(UnitFilterSet):
    state = choice(lazy("状态"), Recognition.State.choices)
    level = choice(lazy("级别"), [pair for pair in Adoption.LEVELS if pair[0] != "overlay"])
    category = django_filters.CharFilter(
        label=lazy("类别代码"), field_name="base__category_code", lookup_expr="startswith"
    )
    candidate = choice(lazy("国家级候选"), [("yes", lazy("是"))], method="of_candidates")
    entered = choice(lazy("来源"), [("backfill", lazy("补录")), ("applied", lazy("经申报设立"))], method="of_entered")

    class Meta:
        model = Recognition
        fields = ["state", "level"]

    def of_entered(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(backfill__isnull=value == "applied") if value else rows

    def of_candidates(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(candidate_since__isnull=False) if value == "yes" else rows


def category(row: Recognition) -> str:
    return bracketed(row.base.category_name, row.base.category_code) if row.base.category_code else ""


def partner(row: Recognition) -> str:
    """合作单位（性质）."""
    if row.partner is None:
        return ""
    kind = row.partner.get_partner_kind_display()
    return bracketed(row.partner.display_name, kind)


def approval(row: Recognition) -> str:
    """批准日期及文号."""
    return f"{row.decided_on} {row.document_number}".strip()


def period(row: Recognition) -> str:
    return f"{row.starts_on}{sign(' 至 ')}{row.ends_on}" if row.starts_on and row.ends_on else str(row.starts_on or "")


class Recognitions(ListView):
    """基地台账: bases by level; the department and readers know it as 基地名录."""

    model = Recognition
    sheet = ListSpec(
        "bases",
        lazy("基地台账"),
        columns=(
            Column("number", lazy("基地编号"), "base.number", sort="base__number", css="code", kind="code"),
            Column("title", lazy("基地名称"), "base.name", lead=True, css="wide", sort="base__name"),
            Column("level", lazy("级别"), "level_label", sort="level"),
            Column("category", lazy("类别"), category, sort="base__category_code"),
            Column("partner", lazy("合作单位（性质）"), partner, sort="partner__name"),
            Column("college", lazy("责任学院"), lambda row: name(row.college), sort="college__name"),
            Column("university", lazy("学校"), lambda row: name(row.university), sort="university__name", shown=False),
            Column("approval", lazy("批准日期及文号"), approval, sort="decided_on"),
            Column("period", lazy("建设期"), period, sort="ends_on"),
            due_column("agreement_ends", lazy("协议到期"), done=lambda row: row.state == "ended"),
            Column(
                "students",
                lazy("在岗研究生"),
                lambda row: "—" if row.students is None else row.students,
                css="num right",
            ),
            Column("grade", lazy("最近考核等次"), grade_words, grade_cell),
            Column("former_number", lazy("原基地编号"), "base.former_number", css="code", kind="code", shown=False),
            Column("entered", lazy("补录日期"), entered_on, css="num", kind="date", shown=False),
            Column("recognition", lazy("批准编号"), "number", sort="number", css="code", shown=False),
            Column("leader", lazy("负责人"), "base.leader_name", shown=False),
            Column("plaque_on", lazy("授牌日期"), sort="plaque_on", css="num", kind="date", shown=False),
            Column("candidate", lazy("国家级候选"), "candidate_since", css="num", kind="date", shown=False),
            Column("priority", lazy("优先推荐申报国家级"), "priority_since", css="num", kind="date", shown=False),
            state_column(sort="state"),
        ),
        search=(
            "number",
            "title",
            "base__number",
            "base__former_number",
            "base__name",
            "partner__name",
            "university__name",
            "document_number",
        ),
        search_hint=lazy("搜索编号、名称、单位、文号"),
        filterset=RecognitionFilter,
        default_sort="-recognition",
        select_related=("base", "university", "college", "partner"),
    )
    # What readers of other kinds call it (ui-guide, menus).
    titles = {
        roles.DEPARTMENT: lazy("基地名录"),
        roles.PARTNER: lazy("基地与研究生"),
        roles.COLLEGE: lazy("本院基地"),
    }

    @cached_property
    def spec(self) -> ListSpec:
        membership = self.request.membership
        title = lazy("基地名录") if membership.role in roles.READING_ROLES else self.titles.get(membership.kind)
        return replace(self.sheet, title=title) if title else self.sheet

    def queryset_for(self, membership: Any) -> QuerySet:
        return queries.recognitions(membership)


class Candidates(ListView):
    """国家级候选: the bases that are marked for the national programme, those recommended first at the top (NM-17b)."""

    model = Recognition
    spec = ListSpec(
        "candidates",
        lazy("国家级基地候选名单"),
        columns=(
            Column("number", lazy("基地编号"), "base.number", sort="base__number", css="code", kind="code"),
            Column("title", lazy("基地名称"), "base.name", lead=True, css="wide", sort="base__name"),
            Column("university", lazy("学校"), lambda row: name(row.university), sort="university__name"),
            Column("partner", lazy("合作单位（性质）"), partner, sort="partner__name"),
            Column("category", lazy("类别"), category, sort="base__category_code"),
            Column("priority", lazy("优先推荐"), "priority_since", sort="priority_since", css="num", kind="date"),
            Column("candidate", lazy("列为候选"), "candidate_since", sort="candidate_since", css="num", kind="date"),
            Column("grade", lazy("最近考核等次"), grade_words, grade_cell),
            state_column(sort="state"),
        ),
        search=("number", "base__number", "base__name", "partner__name", "university__name"),
        search_hint=lazy("搜索编号、名称、单位"),
        filterset=RecognitionFilter,
        default_sort="priority",
        select_related=("base", "university", "college", "partner"),
    )

    def queryset_for(self, membership: Any) -> QuerySet:
        return queries.recognitions(membership).filter(candidate_since__isnull=False)
