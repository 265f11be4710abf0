"""统计报表: what is counted, for whom, in how many queries; each chart beside its table, each table as a spreadsheet."""

from __future__ import annotations

import datetime as dt
import io
import re
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from core import clock
from tests.browser import assert_clean, picture
from tests.tenants import factories
from tests.trainees import world
from tests.ui import bases

pytestmark = pytest.mark.django_db
DAY = dt.date
QUERIES = {"department": 19, "university": 20}  # of the page with its frame


@pytest.fixture
def school():
    with clock.travel("2029-06-01T09:00"):
        school = world.school("nm", level="provincial", term=("2026-03-01", "2031-02-28"))
        yield school


def crowd(school, times: int = 1) -> None:
    """Bases in every state, with grades, late reports, late rectifications and agreements that run out."""
    for _again in range(times):
        late = bases.base(school)
        bases.evaluation(late, "periodic", "draft", DAY(2029, 5, 1))
        repairing = bases.base(school, decided_on=DAY(2027, 9, 10))
        bases.evaluation(repairing, "periodic", "confirmed", DAY(2028, 4, 1), grade="excellent", passed=True)
        bases.evaluation(repairing, "periodic", "confirmed", DAY(2029, 4, 1), grade="unqualified", passed=False)
        bases.rectification(repairing, "unqualified", "draft", DAY(2027, 4, 1), DAY(2029, 5, 31))
        bases.stay(repairing, DAY(2029, 3, 1))
        for ends in (DAY(2029, 5, 31), DAY(2029, 6, 30), DAY(2029, 8, 30), DAY(2029, 8, 31)):
            row = bases.base(school, signed=False)
            bases.agreement(row, DAY(2026, 6, 1), ends)
        renewed = bases.base(school, signed=False)
        bases.agreement(renewed, DAY(2026, 6, 1), DAY(2029, 5, 31))
        bases.agreement(renewed, DAY(2029, 6, 1), DAY(2032, 5, 31))
        bases.base(school, signed=False)
        bases.base(school, "ended", ended_on=DAY(2028, 12, 1), end_code="unqualified")
        bases.base(school, "pending", active_on=None)


def tables(person) -> dict[str, list[tuple]]:
    """Every table of the page by its title, as the spreadsheet of all of them has it."""
    answer = person.get("/statistics/", export="all")
    assert answer.status_code == 200
    book = load_workbook(io.BytesIO(b"".join(answer) if answer.streaming else answer.content))
    return {sheet.title: [row for row in sheet.iter_rows(min_row=3, values_only=True)] for sheet in book}


def test_what_is_counted(school):
    crowd(school)
    told = tables(school.office)
    assert told["基地状态"] == [("状态", "省级", "合计"), ("待生效", 1, 1), ("在建", 9, 9), ("已终止", 1, 1)]
    assert told["基地级别"] == [("级别", "待生效", "在建", "已终止"), ("省级", 1, 9, 1)]
    assert told["最近考核等次"] == [("等次", "在建基地数"), ("不合格", 1), ("尚无考核结果", 8)]
    assert told["批准与终止年度"] == [
        ("年度", "当年批准", "当年终止", "年末存续"),
        ("2026年", 10, 0, 10),
        ("2027年", 1, 0, 11),
        ("2028年", 0, 1, 10),
    ]
    assert dict(told["协议期限"][1:]) == {
        "已到期": 1,
        "30日内到期": 1,
        "31至60日内到期": 0,
        "61至90日内到期": 1,
        "90日后到期": 5,
        "未载明期限": 0,
        "没有有效协议": 1,
    }
    assert told["各学院情况"][1] == ("第一临床医学院", 9, 1, 3, 1, 1, 1, 1)
    assert [row[-1] for row in told["协议已到期或90日内到期的基地"][1:]] == [
        dt.datetime(2029, 5, 31),
        dt.datetime(2029, 6, 30),
        dt.datetime(2029, 8, 30),
    ]
    assert [row[-1] for row in told["自评逾期未提交"][1:]] == [61]
    assert [row[-1] for row in told["整改逾期未销号"][1:]] == [1]


def test_the_page_shows_the_same_as_chart_and_as_table(school):
    crowd(school)
    text = school.office.get("/statistics/").content.decode()
    assert "<style" not in text and 'style="' not in text
    block = text.split('id="states"', 1)[1].split("</section>", 1)[0]
    widths = [float(width) for width in re.findall(r'<rect width="([\d.]+)"', block)]
    assert widths == [11.11, 100, 11.11]
    cells = re.sub(r"<[^>]+>", " ", block.split("<tbody>", 1)[1])
    assert re.split(r"\s+", cells.strip())[:9] == ["待生效", "1", "1", "在建", "9", "9", "已终止", "1", "1"]
    for key in ("states", "levels", "grades", "years", "terms", "units"):
        part = text.split(f'id="{key}"', 1)[1].split("</section>", 1)[0]
        assert "<figure" in part and "<table" in part, key


def test_the_department_counts_its_schools_and_no_students(school):
    crowd(school)
    told = tables(bases.officer(school))
    assert told["各学校情况"] == [
        ("学校", "在建基地", "已终止", "协议90日内到期或已到期", "自评逾期", "整改未销号", "整改逾期"),
        ("望川医科大学", 9, 1, 3, 1, 1, 1),
    ]


@pytest.mark.parametrize("reader", ["office", "officer"])
def test_anothers_case_changes_no_count(school, reader):
    person = school.office if reader == "office" else bases.officer(school)
    before = tables(person)
    elsewhere = factories.university(factories.department("邻省教育厅"), name="邻省大学")
    college = factories.college(elsewhere, "工学院")
    foreign = bases.moved(bases.base(school), elsewhere, college)
    assert tables(person) == before
    crowd(replace(school, university=elsewhere, college=college, recognition=foreign))
    assert tables(person) == before


@pytest.mark.parametrize("kind", ["department", "university"])
@pytest.mark.parametrize("times", [1, 30])
def test_same_queries_for_any_number_of_rows(school, kind, times):
    crowd(school, times)
    person = school.office if kind == "university" else bases.officer(school)
    person.get("/statistics/")
    with CaptureQueriesContext(connection) as seen:
        person.get("/statistics/")
    assert len(seen) == QUERIES[kind]


def test_one_table_is_exported_alone(school):
    crowd(school)
    answer = school.office.get("/statistics/", export="units")
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["各学院情况"]
    assert school.office.get("/statistics/", export="nothing").status_code == 404


def test_others_have_no_such_page(school):
    for person in (school.secretary, school.contact, world.Person(school.mentor)):
        assert person.get("/statistics/").status_code == 403


def test_nothing_is_there_yet():
    person = world.Person(factories.member(factories.university(), "graduate_office"))
    text = person.get("/statistics/").content.decode()
    assert "没有符合条件的记录" in text and "<figure" not in text


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_page_is_clean_in_the_browser(browser_page):
    with clock.travel("2029-06-01T09:00"):
        school = world.school("nm", level="provincial", term=("2026-03-01", "2031-02-28"))
        crowd(school, 3)
        page = browser_page(school.office.membership)
        page.goto("/statistics/")
        current = page.locator("#menu [aria-current]")
        assert current.evaluate("line => line.getBoundingClientRect().bottom <= window.innerHeight")
        assert_clean(page)
        picture(page, "statistics", full=True)


@pytest.mark.parametrize("reader", ["officer", "office"])
def test_the_menu_leads_there(school, reader):
    person = school.office if reader == "office" else bases.officer(school)
    assert 'href="/statistics/"' in person.get("/").content.decode()
    assert 'href="/statistics/"' not in school.secretary.get("/").content.decode()
