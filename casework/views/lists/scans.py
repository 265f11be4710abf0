"""The list of stamped papers that wait to be compared."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from casework import queries
from casework.models.routed import RoutedCase
from core import door
from core.language import shown
from core.listing import Button, Column, ListSpec, ListView, choice, days_column
from core.listing.filters import Select
from core.models import StampedCopy
from tenants import roles


def place(row: Any) -> str:
    """How the address of the comparison names a scan: by the step that it came with, its row last."""
    return f"{row.paper.case_kind}.{row.paper.case_id}.{row.step_key}.{row.step_id}"


def compare_url(row: Any) -> str:
    return f"{reverse('casework:scans_compare')}?at={place(row)}"


def kind_label(row: Any) -> str:
    model = door.case_model(row.paper.case_kind)
    return str(model.kind_label or "") if model is not None else row.paper.case_kind


def _to_compare(row: Any) -> SafeString:
    words = '<a class="btn btn-plain btn-sm text-nowrap" href="{}">{}<span class="visually-hidden"> {}</span></a>'
    return format_html(words, compare_url(row), _("去核对"), row.case_title or "")


class KindFilter(django_filters.ChoiceFilter):
    """By a kind of case that has a route. Which there are is known only once every room has entered its own."""

    @property
    def field(self) -> forms.Field:
        if "choices" not in self.extra:
            routed = ((kind, model) for kind, model in door.kinds().items() if issubclass(model, RoutedCase))
            self.extra["choices"] = [(kind, str(model.kind_label or kind)) for kind, model in routed]
        return super().field


class ScanFilter(django_filters.FilterSet):
    kind = KindFilter(label=lazy("事项"), field_name="paper__case_kind", empty_label=lazy("全部"), widget=Select)
    unit = choice(
        lazy("来件单位"),
        [(kind, label) for kind, label in roles.KINDS if kind in (roles.COLLEGE, roles.PARTNER, roles.UNIVERSITY)],
        field_name="unit_kind",
    )

    class Meta:
        model = StampedCopy
        fields = ["kind", "unit"]


class Scans(ListView):
    """盖章件核对: what came back stamped and waits for the reader to compare it with what was printed."""

    model = StampedCopy
    spec = ListSpec(
        "scans",
        lazy("盖章件核对"),
        columns=(
            Column("kind", lazy("事项名称"), kind_label),
            Column("number", lazy("编号"), "case_number", css="code", kind="code"),
            Column("case", lazy("所属基地"), "case_title", lead=True, url=compare_url, css="wide"),
            Column("paper", lazy("文书"), lambda row: shown(row.paper.title), css="wide", sort="paper__title"),
            Column("step", lazy("环节"), lambda row: shown(row.step_title or "")),
            Column("unit", lazy("来件单位"), "unit_name"),
            Column("seal", lazy("应盖印章"), lambda row: shown(row.paper.seal_kind), shown=False),
            Column("on", lazy("用印日期"), "on", css="num", kind="date", sort="on"),
            Column("by", lazy("上传人"), "uploaded_by", shown=False),
            Column("at", lazy("上传时间"), "uploaded_at", css="num", kind="datetime", sort="uploaded_at"),
            days_column("days", lazy("停留天数"), "uploaded_at"),
            Column("action", lazy("操作"), cell=_to_compare, exported=False),
        ),
        search=("case_title", "case_number", "paper__title", "unit_name"),
        filterset=ScanFilter,
        default_sort="at",
        select_related=("paper",),
        empty=lazy("没有待核对的盖章件。"),
    )

    def queryset_for(self, membership: Any) -> QuerySet:
        return queries.scans_to_compare(membership)

    def actions(self, request: HttpRequest) -> list[Button]:
        """One after another, as filtered and ordered here."""
        query = request.GET.urlencode()
        url = reverse("casework:scans_compare")
        return [Button(_("逐件核对"), f"{url}?{query}" if query else url, "eye", primary=True)]

    def in_order(self, request: HttpRequest) -> QuerySet:
        """The rows as the list has them for this request: filtered, searched, ordered."""
        rows, _filterset, _text = self.narrowed(request)
        return self.ordered(rows, self.order(self.sort_key(request)))
