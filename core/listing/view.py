"""The list page: scope, filter, search, order, one page by key, columns chosen by the reader, export, bulk acts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import cached_property
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views import View

from core.language import listed, said
from core.listing import export
from core.listing.filters import matching
from core.listing.keyset import Order, Page, cut, nullable, read_cursor
from core.listing.spec import Button, Column, ListSpec
from core.text import normal

PLACE = ("after", "before", "n", "export")  # parameters that say where in the list, not what it holds
PICK_LIMIT = 200
COOKIE_AGE = 400 * 24 * 3600


@dataclass
class Chip:
    """A filter that is on, with the address of the list without it."""

    text: str
    url: str


@dataclass
class BulkResult:
    """What became of one row of a bulk act."""

    row: Any
    done: bool
    text: str = ""


@dataclass
class Head:
    """A column's heading with its link for sorting."""

    column: Column
    url: str = ""
    sorted: str = ""  # "ascending", "descending" or ""


@dataclass
class Drawn:
    """What templates/core/listing/list.html shows."""

    spec: ListSpec
    heads: list[Head]
    rows: SafeString
    page: Page
    total: int
    total_is_least: bool
    chips: list[Chip]
    filter_form: Any
    filter_active: bool
    text: str
    sort: str
    columns: list[tuple[Column, bool]]
    urls: dict[str, str]
    keep: list[tuple[str, str]] = field(default_factory=list)


class ListView(View):
    """A list of one model within what the membership sees. A room subclasses it:

        class Applications(ListView):
            model = Application
            spec = ListSpec("applications", _("申报项目"), columns=(…))

    Override `queryset_for` for another beginning, `actions` for buttons, `crumbs`, `template`, and write
    `bulk_<code>(request, rows) -> list[BulkResult]` for every bulk action of the spec.
    """

    spec: ListSpec
    model: type
    template = "core/listing/list.html"
    http_method_names = ["get", "head", "post"]

    # --- what a room says ----------------------------------------------------------------------------------

    def queryset_for(self, membership: Any) -> QuerySet:
        """Where the list begins: never wider than what the membership sees."""
        return self.model.objects.visible_to(membership)

    def actions(self, request: HttpRequest) -> list[Button]:
        return []

    def crumbs(self, request: HttpRequest) -> list[tuple[str, str]]:
        return [(str(self.spec.title), "")]

    def more_context(self, request: HttpRequest) -> dict:
        return {}

    def bulk_actions(self, request: HttpRequest) -> tuple:
        """The bulk actions open to this reader."""
        return self.spec.bulk

    # --- answers -------------------------------------------------------------------------------------------

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = request.GET.get("export", "")
        if wanted and self.spec.exportable:
            return self._export(request, everything=wanted == "all")
        context = {
            "list": self.draw(request),
            "actions": self.actions(request),
            "bulk": self.bulk_actions(request),
            "crumbs": self.crumbs(request),
            **self.more_context(request),
        }
        response = render(request, self.template, context)
        response.headers["Vary"] = "Cookie"
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("do") == "columns":
            return self._choose_columns(request)
        code = request.POST.get("do", "")
        action = next((action for action in self.bulk_actions(request) if action.code == code), None)
        if action is None:
            raise Http404
        picked = [int(pk) for pk in request.POST.getlist("pick") if pk.isascii() and pk.isdigit() and len(pk) < 19]
        if not picked:
            messages.warning(request, _("请先勾选要办理的记录。"))
            return redirect(request.get_full_path())
        if len(picked) > PICK_LIMIT:
            messages.warning(request, _("一次最多办理%(n)s条，请分批勾选。") % {"n": PICK_LIMIT})
            return redirect(request.get_full_path())
        rows = self.base_rows(request).filter(pk__in=picked)
        answer = getattr(self, f"bulk_{code}")(request, rows)
        if isinstance(answer, HttpResponse):
            return answer
        self._report(request, action, answer or [])
        return redirect(request.get_full_path())

    def _report(self, request: HttpRequest, action: Any, results: list[BulkResult]) -> None:
        done = [result for result in results if result.done]
        if done:
            messages.success(request, _("%(what)s：已办理%(n)s条。") % {"what": action.label, "n": len(done)})
        for result in [failed for failed in results if not failed.done][:20]:
            messages.warning(request, _("%(row)s：%(why)s") % {"row": result.row, "why": result.text})

    def _choose_columns(self, request: HttpRequest) -> HttpResponse:
        wanted = set(request.POST.getlist("column"))
        chosen = [c.key for c in self.spec.columns if c.fixed or c.lead or c.key in wanted]
        response = redirect(request.get_full_path())
        name = f"cols-{self.spec.key}"
        if request.POST.get("reset"):
            response.delete_cookie(name, samesite="Lax")
        else:
            response.set_cookie(
                name,
                ".".join(chosen),
                max_age=COOKIE_AGE,
                httponly=True,
                samesite="Lax",
                secure=request.is_secure(),
            )
        return response

    # --- the parts -----------------------------------------------------------------------------------------

    def base_rows(self, request: HttpRequest) -> QuerySet:
        rows = self.queryset_for(request.membership)
        return rows.select_related(*self.spec.select_related) if self.spec.select_related else rows

    @cached_property
    def default_order(self) -> str:
        return self.spec.default_sort

    def sort_key(self, request: HttpRequest) -> str:
        """The wanted column key, "-" before it for descending; the default for one that does not exist."""
        wanted = request.GET.get("sort", "")
        column = self.spec.column(wanted.lstrip("-"))
        return wanted if column is not None and column.sort else self.default_order

    def order(self, sort: str) -> Order:
        key = sort.lstrip("-")
        path = "pk" if key == "pk" else self.spec.column(key).sort
        return Order(path, sort.startswith("-"), nullable(self.model, path))

    def narrowed(self, request: HttpRequest) -> tuple[QuerySet, Any, str]:
        """The rows after filter and search, the bound filter set (or None), the search text."""
        rows = self.base_rows(request)
        if self.spec.reads:
            seen = [column for column, on in self.columns(request) if on]
            fields, relations = self.spec.read_for(seen, self.order(self.sort_key(request)).path)
            rows = rows.select_related(None).select_related(*relations).only(*fields)
        filterset = None
        if self.spec.filterset is not None:
            filterset = self.spec.filterset(request.GET, queryset=rows, request=request)
            dress(filterset.form)
            if filterset.is_valid():
                rows = filterset.qs
        text = normal(request.GET.get("q", "")).strip()
        if text and self.spec.search:
            rows = self.searched(rows, text)
        return rows, filterset, text

    def searched(self, rows: QuerySet, typed: str) -> QuerySet:
        """The rows in which every word of what was typed stands."""
        return matching(rows, self.spec.search, typed)

    def ordered(self, rows: QuerySet, order: Order) -> Any:
        """Every row in this order, as they are exported."""
        return rows.order_by(*order.ordering(False))

    def cut(self, request: HttpRequest, rows: QuerySet, order: Order) -> Page:
        """The page that was asked for."""
        return cut(rows, order, read_cursor(request.GET), self.spec.page_size)

    def one_by_one(self, rows: QuerySet) -> Iterable:
        """The rows without holding them all."""
        return rows.iterator(chunk_size=2000)

    def count(self, rows: QuerySet) -> int:
        """How many rows there are; one more than the spec counts up to stands for all that are more."""
        return rows.order_by().values("pk")[: self.spec.count_up_to + 1].count()

    def columns(self, request: HttpRequest) -> list[tuple[Column, bool]]:
        """Every column, and whether the reader has it shown."""
        chosen = request.COOKIES.get(f"cols-{self.spec.key}", "")
        wanted = set(chosen.split(".")) if chosen else {c.key for c in self.spec.columns if c.shown}
        return [(c, c.fixed or c.lead or c.key in wanted) for c in self.spec.columns]

    def draw(self, request: HttpRequest) -> Drawn:
        rows, filterset, text = self.narrowed(request)
        sort = self.sort_key(request)
        page = self.cut(request, rows, self.order(sort))
        least = False
        if not page.before and not page.after:
            total = len(page.rows)
        else:
            total = self.count(rows)
            least = total > self.spec.count_up_to
            total = min(total, self.spec.count_up_to)
        columns = self.columns(request)
        seen = [column for column, on in columns if on]
        params = [(k, v) for k, values in request.GET.lists() for v in values if k not in PLACE]
        return Drawn(
            spec=self.spec,
            heads=[self._head(column, sort, params) for column in seen],
            rows=self.draw_rows(page, seen, bool(self.bulk_actions(request))),
            page=page,
            total=total,
            total_is_least=least,
            chips=self._chips(filterset, text, params),
            filter_form=filterset.form if filterset is not None else None,
            filter_active=bool(filterset is not None and any(k in filterset.form.fields and v for k, v in params)),
            text=text,
            sort=sort,
            columns=columns,
            urls=self._urls(page, params),
            keep=[(k, v) for k, v in params if k == "sort"],
        )

    def draw_rows(self, page: Page, columns: list[Column], pick: bool) -> SafeString:
        """The table's body. Written in Python: a template per cell would cost more than the query."""
        parts: list[str] = []
        labels = [escape(str(column.title)) for column in columns]
        opened = [
            f'<th scope="row" class="rowhead {c.css}">' if c.lead else f'<td data-label="{label}" class="{c.css}">'
            for c, label in zip(columns, labels, strict=True)
        ]
        closed = ["</th>" if column.lead else "</td>" for column in columns]
        say = escape(_("选择"))
        for number, row in enumerate(page.rows, page.first_number):
            parts.append("<tr>")
            if pick:
                name = escape(str(row))
                parts.append(
                    f'<td class="pick"><input class="form-check-input" type="checkbox" name="pick" form="bulk" '
                    f'value="{row.pk}" aria-label="{say} {name}"></td>'
                )
            if self.spec.numbered:
                parts.append(f'<td class="seq">{number}</td>')
            for column, start, end in zip(columns, opened, closed, strict=True):
                parts += (start, column.html(row), end)
            parts.append("</tr>")
        return mark_safe("".join(parts))  # noqa: S308 - every cell is escaped by its column

    def _head(self, column: Column, sort: str, params: list[tuple[str, str]]) -> Head:
        if not column.sort:
            return Head(column)
        now = {"": "", column.key: "ascending", f"-{column.key}": "descending"}.get(sort, "")
        following = f"-{column.key}" if now == "ascending" else column.key
        rest = [pair for pair in params if pair[0] != "sort"]
        return Head(column, "?" + urlencode([*rest, ("sort", following)]), now)

    def _urls(self, page: Page, params: list[tuple[str, str]]) -> dict[str, str]:
        def url(**more: Any) -> str:
            return "?" + urlencode([*params, *((k, v) for k, v in more.items() if v != "")])

        return {
            "first": url() if page.before else "",
            "before": url(before=page.before, n=page.skipped) if page.before else "",
            "after": url(after=page.after, n=page.last_number) if page.after else "",
            "export_all": url(export="all"),
            "export_page": url(export="page"),
            "clear": "?" + urlencode([pair for pair in params if pair[0] == "sort"]),
        }

    def _chips(self, filterset: Any, text: str, params: list[tuple[str, str]]) -> list[Chip]:
        chips = []
        if text:
            chips.append(Chip(f"“{text}”", "?" + urlencode([p for p in params if p[0] != "q"])))
        if filterset is None or not filterset.is_valid():
            return chips
        for name, form_field in filterset.form.fields.items():
            value = filterset.form.cleaned_data.get(name)
            if value in (None, "", []):
                continue
            words = _choice_words(form_field, value)
            rest = "?" + urlencode([p for p in params if p[0] != name and not p[0].startswith(f"{name}_")])
            chips.append(Chip(said(form_field.label, words), rest))
        return chips

    def _export(self, request: HttpRequest, *, everything: bool) -> HttpResponse:
        rows, _filterset, _text = self.narrowed(request)
        order = self.order(self.sort_key(request))
        chosen = [column for column, on in self.columns(request) if on and column.exported]
        if everything:
            ordered = self.ordered(rows, order)[: self.spec.export_up_to]
            return export.response(self.spec, chosen, self.one_by_one(ordered))
        page = self.cut(request, rows, order)
        return export.response(self.spec, chosen, page.rows)


def _choice_words(form_field: forms.Field, value: Any) -> str:
    if isinstance(value, list | tuple | QuerySet):
        return listed(_choice_words(form_field, item) for item in value)
    if isinstance(value, slice):
        return f"{value.start or ''}～{value.stop or ''}"
    choices = {} if isinstance(form_field, forms.ModelChoiceField) else dict(getattr(form_field, "choices", ()) or ())
    return str(choices.get(value, choices.get(str(value), value)))


def dress(form: forms.Form) -> None:
    """Give a form's inputs the house's classes."""
    for form_field in form.fields.values():
        widget = form_field.widget
        for part in getattr(widget, "widgets", [widget]):
            if isinstance(part, forms.CheckboxInput):
                css = "form-check-input"
            elif isinstance(part, forms.Select):
                css = "form-select form-select-sm"
            elif isinstance(part, (forms.CheckboxSelectMultiple, forms.RadioSelect)):
                css = "form-check-input"
            else:
                css = "form-control form-control-sm"
            part.attrs["class"] = f"{part.attrs.get('class', '')} {css}".strip()
