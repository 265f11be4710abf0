"""The applications list as somebody would write it by hand for this one page: what the product's list is held against.

The portal itself with one address more, so that both lists are answered by the same processes, through the same
middlewares. The same rows in the same order within the same scope, the same columns with the same words, links and
badges, and the number of all; but no frame, menu, search, filter, choice of columns, sorting or export. Five queries:
session, user, memberships, rows, number.

The addresses of bench/settings.py.
"""

from __future__ import annotations

import functools

from django.http import HttpResponse
from django.template import Context, engines
from django.urls import include, path

from applications.models import Application
from applications.queries.lists import stage_words
from applications.views.lists.cells import days_here
from casework.queries import scan_state
from core.models import PaperState

PAGE = 50
UP_TO = 10_000  # rows are counted, as by the product

COLUMNS = (
    *("number", "title", "state", "round", "category_name", "category_code", "leader_name", "rank", "priority"),
    *("stage_since", "stage_title", "college__name", "college__is_demo", "partner__name", "partner__is_demo"),
)

TEMPLATE = """{% load i18n ui %}<!doctype html>
<html lang="zh-Hans"><head><meta charset="utf-8"><title>{% translate "申报项目" %}</title></head><body>
<h1>{% translate "申报项目" %}</h1>
<table>
<thead><tr><th>{% translate "序号" %}</th><th>{% translate "项目编号" %}</th><th>{% translate "基地名称" %}</th>
<th>{% translate "专业学位类别（代码）" %}</th><th>{% translate "牵头学院" %}</th><th>{% translate "合作单位" %}</th>
<th>{% translate "负责人" %}</th><th>{% translate "推荐排序" %}</th><th>{% translate "当前环节" %}</th>
<th>{% translate "停留天数" %}</th><th>{% translate "盖章件" %}</th><th>{% translate "状态" %}</th></tr></thead>
<tbody>
{% for row in rows %}<tr><td>{{ forloop.counter }}</td><td>{{ row.number }}</td>
<td><a href="{{ row.get_absolute_url }}">{{ row.title }}</a>
{% for one in row.priority %}{% tone_badge "green" one.text "star" %}{% endfor %}</td>
<td>{% if row.category_code %}{{ row.category_name }}（{{ row.category_code }}）{% endif %}</td>
<td>{{ row.college.display_name }}</td><td>{{ row.partner.display_name }}</td><td>{{ row.leader_name }}</td>
<td>{{ row.rank|default_if_none:"" }}</td><td>{{ row.stage }}</td><td>{{ row.days|default_if_none:"" }}</td>
<td>{% if row.paper %}{% state_badge row.paper row.paper.label %}{% endif %}</td>
<td>{% state_badge row.state row.get_state_display %}</td></tr>
{% endfor %}</tbody>
</table>
<p>{{ total }} {% if last %}<a rel="next" href="?after={{ last }}">{% translate "下一页" %}</a>{% endif %}</p>
</body></html>"""


def view(request):
    """One page of the applications that the reader sees, the newest first."""
    seen = Application.objects.visible_to(request.membership).annotate(**scan_state("application"))
    rows = seen.select_related("college", "partner").only(*COLUMNS).order_by("-pk")
    if request.GET.get("after"):
        rows = rows.filter(pk__lt=int(request.GET["after"]))
    rows = list(rows[: PAGE + 1])
    total = seen.order_by().values("pk")[: UP_TO + 1].count()
    shown = rows[:PAGE]
    for row in shown:
        row.stage, row.days = stage_words(row), days_here(row)
        code = row.scan or (PaperState.TO_PRINT if row.to_print else "")
        row.paper = PaperState(code) if code else ""
    context = {"rows": shown, "total": total, "last": shown[-1].pk if len(rows) > PAGE else ""}
    return HttpResponse(template().render(Context(context)))


@functools.cache
def template():
    """The template, compiled once, as Django's cached loader keeps the product's."""
    return engines["django"].engine.from_string(TEMPLATE)


urlpatterns = [path("handwritten/", view), path("", include("config.urls"))]
