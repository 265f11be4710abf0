"""Lists: keyset pages, order, search, filters, columns, export, and the same number of queries for any length."""

from __future__ import annotations

import datetime as dt
import io

import django_filters
import openpyxl
import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.db import connection
from django.http import Http404
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from casework.models import CaseList
from core.listing import (
    BulkAction,
    BulkResult,
    Column,
    ListSpec,
    ListView,
    days_column,
    due_column,
    state_column,
)
from core.listing.keyset import Cursor, Order, cut, decode, encode, nullable
from regulations.models import Regulation, RegulationVersion
from tests.browser import DESK, assert_clean, picture
from tests.tenants import factories

pytestmark = pytest.mark.django_db


class Filter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(label="类别", choices=[("recommended", "推荐"), ("preliminary", "拟定")])

    class Meta:
        model = CaseList
        fields = ["kind"]


class Lists(ListView):
    model = CaseList
    spec = ListSpec(
        "lists",
        "名单",
        columns=(
            Column("number", "编号", sort="number", css="code"),
            Column("title", "名称", lead=True, sort="title", css="wide"),
            Column("university", "学校", "university.display_name", sort="university__name"),
            due_column("sent_on", "报送日期", sort="sent_on"),
            days_column("age", "停留天数", "created_at", sort="created_at"),
            Column("document", "文号", "document_number", shown=False),
            state_column(),
        ),
        search=("number", "title"),
        filterset=Filter,
        select_related=("university",),
        page_size=5,
        bulk=(BulkAction("mark", "登记"),),
    )

    def bulk_mark(self, request, rows):
        return [
            BulkResult(row, row.kind == "recommended", "" if row.kind == "recommended" else "不是推荐名单")
            for row in rows
        ]


@pytest.fixture
def member(db):
    return factories.member(factories.university(name="测试大学甲"), "graduate_office")


@pytest.fixture
def make(member):
    regulation = Regulation.objects.create(code="T8", title="测试办法")
    version = RegulationVersion.objects.create(regulation=regulation, number="1", content="{}")

    def fill(count: int, **more) -> list[CaseList]:
        start = CaseList.objects.count()
        rows = [
            CaseList(
                number=f"T-{n:05d}",
                title=more.get("title") or f"名单{n % 7}",
                regulation_version=version,
                context_id=1,
                kind="recommended" if n % 2 else "preliminary",
                sent_on=None if n % 3 == 0 else dt.date(2026, 1, 1) + dt.timedelta(days=n % 10),
                university=more.get("university", member.organisation),
            )
            for n in range(start, start + count)
        ]
        return CaseList.objects.bulk_create(rows)

    return fill


def ask(member, address="/", method="get", data=None, cookies=None):
    request = getattr(RequestFactory(), method)(address, data or {})
    request.user, request.membership, request.memberships = member.user, member, [member]
    request.COOKIES.update(cookies or {})
    request.session = {}
    request._messages = FallbackStorage(request)
    return Lists.as_view()(request)


def walk(order: Order, size: int = 7) -> list[int]:
    """Every primary key met by going through the pages, and the same way back."""
    rows, seen, page = CaseList.objects.all(), [], None
    cursor = None
    while True:
        page = cut(rows, order, cursor, size)
        seen += [row.pk for row in page.rows]
        if not page.after:
            break
        cursor = _cursor(page.after, False, page.last_number)
    back = [row.pk for row in page.rows]
    while page.before:
        page = cut(rows, order, _cursor(page.before, True, page.skipped), size)
        back = [row.pk for row in page.rows] + back
    assert back == seen
    assert page.skipped == 0
    return seen


def _cursor(text, backwards, skipped):
    value, pk = decode(text)
    return Cursor(value, pk, backwards, skipped)


@pytest.mark.parametrize("path", ["pk", "title", "sent_on", "created_at", "university__name"])
@pytest.mark.parametrize("descending", [False, True])
def test_pages_hold_every_row_once_in_order(make, path, descending):
    make(40)
    order = Order(path, descending, nullable(CaseList, path))
    expected = list(CaseList.objects.order_by(*order.ordering(False)).values_list("pk", flat=True))
    assert walk(order) == expected


def test_empty_values_come_last_in_both_directions(make):
    make(12)
    for descending in (False, True):
        order = Order("sent_on", descending, True)
        pks = walk(order, 5)
        days = [CaseList.objects.get(pk=pk).sent_on for pk in pks]
        filled = [day for day in days if day]
        assert days[: len(filled)] == filled == sorted(filled, reverse=descending)


def test_which_paths_may_be_empty():
    assert nullable(CaseList, "sent_on") is True
    assert nullable(CaseList, "title") is False
    assert nullable(CaseList, "pk") is False
    assert nullable(CaseList, "university__name") is True  # the column may be empty


@pytest.mark.parametrize(
    "value", ["名单", 7, True, None, dt.date(2026, 1, 2), dt.datetime(2026, 1, 2, 3, 4, 5, 6, dt.UTC)]
)
def test_cursor_round_trip(value):
    assert decode(encode(value, 12)) == (value, 12)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "!!!",
        "W10",
        "WyJpIiw5LCJhIl0",
        "é",
        "WyJpIiwxZTQwMCwxXQ",
        "W251bGwsbnVsbCxudWxsXQ",
        "a" * 3000,
    ],
)
def test_a_forged_cursor_shows_the_first_page(make, member, text):
    make(9)
    with pytest.raises(ValueError):
        decode(text)
    for name in ("after", "before"):
        answer = ask(member, "/", data={name: text, "n": "abc"})
        assert answer.status_code == 200
        assert "T-00008" in answer.content.decode()


def test_a_cursor_of_another_column_shows_the_first_page(make, member):
    make(9)
    answer = ask(member, data={"sort": "sent_on", "after": encode("abc", 3)})
    assert answer.status_code == 200
    assert answer.content.decode().count("<tr>") == 6  # head and five rows


def test_no_offset_in_any_page(make, member):
    make(30)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        ask(member, data={"sort": "title", "after": encode("名单3", 10), "n": "5"})
    assert not any("OFFSET" in query["sql"] for query in seen)


@pytest.mark.parametrize("count", [1, 30])
def test_same_queries_for_any_length(make, member, django_assert_num_queries, count):
    make(count)
    # rows; unread messages; and, where there is more than one page, the count
    with django_assert_num_queries(2 if count == 1 else 3):
        ask(member)


def test_only_what_the_membership_sees(make, member):
    make(2)
    make(2, university=factories.university(name="别的大学"), title="别校名单")
    text = ask(member).content.decode()
    assert "名单0" in text
    assert "别校名单" not in text


def test_rows_are_numbered_through_the_pages(make, member):
    make(12)
    first = ask(member, data={"sort": "number"}).content.decode()
    assert '<td class="seq">1</td>' in first and '<td class="seq">6</td>' not in first
    second = ask(
        member,
        data={
            "sort": "number",
            "after": encode("T-00004", CaseList.objects.get(number="T-00004").pk),
            "n": 5,
        },
    )
    text = second.content.decode()
    assert '<td class="seq">6</td>' in text and "T-00005" in text and "T-00004" not in text


def test_search_takes_every_word(make, member):
    make(12)
    assert ask(member, data={"q": "名单3 T-00010"}).content.decode().count("<tr>") == 2
    assert "没有符合条件的记录" in ask(member, data={"q": "名单3 T-00011"}).content.decode()


def test_filter_narrows_and_shows_a_chip(make, member):
    make(4)
    text = ask(member, data={"kind": "recommended"}).content.decode()
    assert text.count("<tr>") == 3
    assert "类别：推荐" in text
    assert "clear" not in text


def test_user_text_is_escaped_in_rows_and_chips(make, member):
    make(1, title="<script>alert(1)</script>")
    text = ask(member, data={"q": "<script>"}).content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


def test_columns_are_chosen_and_remembered(make, member):
    make(1)
    assert "文号</th>" not in ask(member).content.decode()
    answer = ask(member, method="post", data={"do": "columns", "column": ["number", "document", "nonsense"]})
    assert answer.status_code == 302
    cookie = answer.cookies["cols-lists"].value
    assert cookie == "number.title.document"
    text = ask(member, cookies={"cols-lists": cookie}).content.decode()
    assert "文号</th>" in text and ">状态</th>" not in text
    gone = ask(member, method="post", data={"do": "columns", "reset": "1"})
    assert gone.cookies["cols-lists"].value == ""


def test_export_of_all_holds_the_filtered_rows_as_texts(make, member):
    make(8)
    make(1, title="=1+1")
    answer = ask(member, data={"export": "all", "kind": "preliminary", "sort": "number"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")
    heads = next(row for row in rows if "编号" in row)
    body = rows[rows.index(heads) + 1 :]
    assert [row[heads.index("编号")] for row in body] == [
        "T-00000",
        "T-00002",
        "T-00004",
        "T-00006",
        "T-00008",
    ]
    cell = next(c for row in sheet.iter_rows() for c in row if c.value == "=1+1")
    assert cell.data_type == "s"


def test_export_of_one_page(make, member):
    make(8)
    answer = ask(member, data={"export": "page", "sort": "number"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    numbers = [c.value for row in sheet.iter_rows() for c in row if str(c.value).startswith("T-0")]
    assert numbers == [f"T-0000{n}" for n in range(5)]


def test_bulk_action_says_what_became_of_each_row(make, member):
    rows = make(3)
    answer = ask(member, method="post", data={"do": "mark", "pick": [row.pk for row in rows]})
    assert answer.status_code == 302


def test_bulk_action_touches_no_foreign_rows(make, member, monkeypatch):
    foreign = make(1, university=factories.university(name="别的大学"))
    met = []
    monkeypatch.setattr(Lists, "bulk_mark", lambda self, request, rows: met.extend(rows))
    ask(member, method="post", data={"do": "mark", "pick": [foreign[0].pk, "x", "9" * 40]})
    assert met == []


def test_unknown_bulk_action_is_not_found(make, member):
    with pytest.raises(Http404):
        ask(member, method="post", data={"do": "drop", "pick": ["1"]})


def test_a_list_declares_a_sort_that_exists():
    with pytest.raises(ValueError, match="default_sort"):
        ListSpec("x", "x", columns=(Column("a", "A"),), default_sort="a")
    with pytest.raises(ValueError, match="twice"):
        ListSpec("x", "x", columns=(Column("a", "A"), Column("a", "B")))


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_list_in_the_browser(browser_page, settings, member, make):
    settings.ROOT_URLCONF = "tests.ui.urls"
    make(12)
    page = browser_page(member)
    page.goto("/test-lists/?sort=number")
    assert_clean(page)
    picture(page, "list")
    page.set_viewport_size(DESK)
    page.get_by_text("下一页").click()
    page.get_by_text("T-00005").wait_for()
    page.get_by_text("筛选", exact=True).first.click()
    page.get_by_label("类别").select_option("recommended")
    page.locator("#filter button").click()
    page.get_by_text("类别：推荐").wait_for()
    assert_clean(page)
    picture(page, "list-filtered")
    page.set_viewport_size(DESK)
    page.locator("summary", has_text="列设置").click()
    page.get_by_label("文号").check()
    assert_clean(page)
    page.set_viewport_size(DESK)
    page.get_by_role("button", name="保存").click()
    page.get_by_role("columnheader", name="文号").wait_for()
    page.get_by_label("全选本页").check()
    assert page.locator("[data-picked]").inner_text() == "5"
    page.get_by_role("button", name="登记").click()
    page.get_by_text("登记：已办理5条").wait_for()
