"""Every list: the same number of queries for 1 row and for 30, never more than ten."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.models import Assignment
from tests.lists import rows
from tests.placing import place
from tests.scenarios import house

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def fill(region, call, name, many, expert):
    """Rows of the list by name; the call itself stands already."""
    if name == "agenda":
        for application in rows.applications(region, call, many, "deciding"):
            rows.step(application, region.department, "officer", kind="decision", key="deliberation")
    elif name in ("applications", "panels", "recusals"):
        rows.panels(region, call, many)
    elif name == "assignments":  # two on each panel
        rows.panels(region, call, (many + 1) // 2)
    elif name == "reviews":
        rows.panels(region, call, many, expert)
    elif name == "scans":
        rows.scans(region, call, many)
    elif name == "experts":
        for _ in range(many):
            house.expert(region.department, "专家")
    elif name == "calls":
        rows.calls(region, many)
    elif name in ("lists", "notices"):
        rows.case_lists(region, call, many)
    elif name == "decisions":
        rows.decisions(region, call, many)
    elif name in ("progress", "quotas"):
        rows.units(region, call, many)
    else:
        getattr(rows, name)(region, many)


# list → (who reads it, address, queries). Log-in, person, memberships and unread messages are four of them.
LISTS = {
    "applications": ("officer", "/applications/", 7),
    "agenda": ("officer", "/agenda/", 6),
    "calls": ("officer", "/calls/", 5),
    "quotas": ("officer", "/calls/quotas/", 7),
    "progress": ("officer", "/calls/progress/", 7),
    "lists": ("office", "/lists/", 6),
    "notices": ("office", "/notices/", 5),
    "overrides": ("officer", "/overrides/", 6),
    "panels": ("officer", "/panels/", 5),
    "assignments": ("officer", "/panels/progress/", 5),
    "recusals": ("officer", "/panels/recusals/", 5),
    "experts": ("officer", "/panels/experts/", 5),
    "reviews": ("expert", "/reviews/", 5),
    "decisions": ("officer", "/decisions/", 5),
    "scans": ("officer", "/scans/", 6),
    "agreements": ("office", "/agreements/", 7),
    "recognitions": ("officer", "/bases/", 6),
}


def shown(reader, url) -> int:
    """How many rows the list shows."""
    return len(reader.get(url).context["list"].page.rows)


def expected_rows(name: str, many: int) -> tuple:
    """The region has two universities from the start, and every panel two experts."""
    if name in ("progress", "quotas"):
        return (2,) if many == 1 else (many,)
    return (many, many + 1) if name == "assignments" else (many,)


@pytest.mark.parametrize("name", LISTS)
def test_same_queries_for_1_and_30_rows(region, name):
    who, url, expected = LISTS[name]
    expert = house.expert(region.department, "钟离靖")
    call = rows.calls(region, 1)[0]
    reader = expert if who == "expert" else getattr(region, who)
    counted = {}
    for many in (1, 30):
        missing = many - shown(reader, url)
        if missing > 0:  # the call, the reader and the region's universities stand already
            fill(region, call, name, missing, expert)
        reader.get(url)  # what Django keeps for the process: content types, sessions touched
        with CaptureQueriesContext(connection) as seen:
            answer = reader.get(url)
        assert answer.status_code == 200
        assert len(answer.context["list"].page.rows) in expected_rows(name, many)
        queries = [query["sql"] for query in seen.captured_queries]
        assert not any("OFFSET" in sql for sql in queries)
        counted[many] = len(queries)
    assert counted[1] == counted[30] == expected <= 10, (counted, [sql[:150] for sql in queries])
    assert name != "reviews" or Assignment.objects.filter(expert=expert.membership.user).count() == 30


def test_whichever_columns_are_shown_no_row_asks_for_more(region):
    """Only what the shown columns take is read: none of them, alone or sorted by one that is not shown, was forgotten."""
    who, url, expected = LISTS["applications"]
    reader = getattr(region, who)
    fill(region, rows.calls(region, 1)[0], "applications", 3, None)
    columns = reader.get(url).context["list"].spec.columns
    chosen = [column.key for column in columns], *([column.key] for column in columns)
    asked = [(keys, sort) for keys in chosen for sort in ("-pk", "university")]
    for keys, sort in asked:
        reader.client.cookies["cols-applications"] = ".".join(keys)
        with CaptureQueriesContext(connection) as seen:
            answer = reader.get(url, sort=sort)
        drawn = answer.context["list"]
        assert {head.column.key for head in drawn.heads} == {"title", *keys}
        assert len(drawn.page.rows) == 3
        assert len(seen) == expected, (keys, sort, [query["sql"][:150] for query in seen])


@pytest.mark.parametrize("url", ["/agreements/", "/search/?q=协议"])
def test_agreements_to_confirm_ask_nothing_by_themselves(region, url):
    counted = []
    for many in (1, 12):
        for agreement in rows.agreements(region, many):
            place(agreement, "confirming")
        region.office.get(url)
        with CaptureQueriesContext(connection) as seen:
            assert "合作单位已确认" in region.office.get(url).content.decode()
        counted.append(len(seen))
    assert counted[0] == counted[1]


@pytest.mark.parametrize("name", LISTS)
def test_every_list_exports_what_it_shows(region, name):
    who, url, _expected = LISTS[name]
    expert = house.expert(region.department, "钟离靖")
    call = rows.calls(region, 1)[0]
    fill(region, call, name, 2, expert)
    reader = expert if who == "expert" else getattr(region, who)
    answer = reader.get(url, export="all")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sum(1 for _row in sheet.iter_rows()) >= 3


@pytest.mark.parametrize("name", LISTS)
def test_every_declared_sort_filter_and_search_answers(region, name):
    who, url, _expected = LISTS[name]
    expert = house.expert(region.department, "钟离靖")
    call = rows.calls(region, 1)[0]
    fill(region, call, name, 2, expert)
    reader = expert if who == "expert" else getattr(region, who)
    page = reader.get(url)
    drawn = page.context["list"]
    for column in drawn.spec.columns:
        if column.sort:
            for sign in ("", "-"):
                assert reader.get(url, sort=f"{sign}{column.key}").status_code == 200, column.key
    assert reader.get(url, q="不存在的名字 x").status_code == 200
    if drawn.filter_form is not None:
        for key, field in drawn.filter_form.fields.items():
            for value, _label in list(getattr(field, "choices", [("1", "")]))[:20]:
                assert reader.get(url, **{key: str(value)}).status_code == 200, (key, value)
            assert reader.get(url, **{key: "'\"<x>"}).status_code == 200, key
