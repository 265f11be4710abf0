"""The life of a base on its page: every event with its day, clause and case, as far as the reader sees it."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework import effects
from core import clock
from tests.browser import assert_clean, picture
from tests.tenants import factories
from tests.trainees import world
from tests.ui import bases

pytestmark = pytest.mark.django_db
DAY = dt.date


def part(person, case) -> str:
    """The timeline on a base's page as a reader gets it."""
    text = person.page(case).content.decode()
    return text.split('id="timeline"', 1)[1].split("</section>", 1)[0]


def lines(text: str) -> list[tuple[str, str]]:
    """(day, what) of each event, in their order."""
    rows = [re.sub(r"<[^>]+>", "", row) for row in text.split("<li")[1:]]
    rows = [re.sub(r"\s+", " ", row.partition(">")[2]).strip() for row in rows]
    return [tuple(row.split(" ", 1)) for row in rows]


@pytest.fixture
def school():
    with clock.travel("2029-06-01T09:00"):
        yield world.school("nm", level="provincial")


def lived(school) -> None:
    """Three years of a base: two evaluations, a rectification, a suspension that was lifted, an incident, students."""
    row = school.recognition
    row.plaque_on, row.plaque_to = DAY(2026, 5, 4), "柳拂衣"
    type(row).objects.filter(pk=row.pk).update(plaque_on=row.plaque_on, plaque_to=row.plaque_to)
    first = bases.evaluation(
        row, "periodic", "confirmed", DAY(2027, 4, 1), grade="unqualified", passed=False, score=Decimal("58.50")
    )
    effects.put(row, "criticism", "通报批评", DAY(2027, 4, 2), clause="NM-19a", source=first)
    effects.put(row, "grant", "建设经费", DAY(2026, 6, 1), amount=Decimal(200000), clause="NM-17a")
    effects.put(
        row,
        "suspension",
        "暂停招收",
        DAY(2027, 5, 1),
        until_on=DAY(2028, 12, 31),
        lifted_on=DAY(2028, 3, 1),
        lift_reason="整改合格",
    )
    bases.rectification(row, "unqualified", "passed", DAY(2027, 4, 10), DAY(2029, 4, 9), concluded_on=DAY(2028, 2, 20))
    bases.evaluation(row, "periodic", "confirmed", DAY(2028, 4, 1), grade="excellent", passed=True)
    bases.incident(row, DAY(2028, 7, 8), assessed_on=DAY(2028, 7, 20), can_continue=True)
    bases.withdrawal(row, "reviewing", sent_on=DAY(2029, 5, 5))
    for entered in (DAY(2027, 9, 1), DAY(2027, 10, 8), DAY(2028, 9, 1)):
        bases.stay(row, entered)
    bases.stay(row, None, "planned")


def test_every_event_stands_on_its_day_under_its_clause(school):
    lived(school)
    text = part(school.office, school.recognition)
    told = lines(text)
    days = [day for day, _what in told]
    assert [day for day in days if day != "全年"] == sorted((day for day in days if day != "全年"), reverse=True)
    for day, what in (
        ("2026-03-01", "批准"),
        ("2026-03-01", "生效"),
        ("2026-03-01", "签订协议 新签，2026-03-01 至 2029-02-28"),
        ("2026-05-04", "授牌 接收人：柳拂衣"),
        ("2026-06-01", "经费支持 建设经费，200000元"),
        ("2027-04-01", "58.5分"),
        ("2027-04-01", "不合格"),
        ("2027-04-02", "通报批评"),
        ("2027-04-10", "下达整改通知书"),
        ("2027-05-01", "至2028-12-31"),
        ("全年", "进入基地的研究生 2人"),
        ("全年", "进入基地的研究生 1人"),
        ("2028-02-20", "整改复核 已销号"),
        ("2028-03-01", "解除 暂停招收：整改合格"),
        ("2028-04-01", "优秀"),
        ("2028-07-08", "报告重大事项"),
        ("2028-07-20", "可以继续开展联合培养"),
        ("2029-05-05", "报送自主撤销"),
    ):
        assert any(day == at and what in said for at, said in told), (day, what, told)
    assert "#NM-19a" in text and "#NM-16b" in text  # the criticism's and the grade's, on the reading page
    for kind in ("agreement", "evaluation", "rectification", "incident", "withdrawal"):
        assert f'href="/cases/{kind}/' in text


def test_the_criticism_leads_to_the_evaluation_that_it_follows_from(school):
    lived(school)
    text = part(school.office, school.recognition)
    line = next(row for row in text.split("<li")[1:] if "通报批评" in row)
    assert re.search(r'href="/cases/evaluation/\d+/"', line)


def test_an_end_is_told_with_its_reason(school):
    row = bases.base(school, "ended", ended_on=DAY(2028, 9, 9), end_code="unqualified", end_clause="NM-19c")
    effects.put(row, "revocation", "撤销基地", DAY(2028, 9, 9), reason="unqualified")
    text = part(school.office, row)
    told = lines(text)
    assert told[0] == ("2028-09-09", "终止 考核不合格 依据：" + told[0][1].partition("依据：")[2])
    assert "#NM-19c" in text and sum("撤销" in what for _day, what in told) == 0


def test_what_is_to_come_says_so(school):
    row = bases.base(school, ends_on=DAY(2030, 2, 28))
    told = dict(lines(part(school.office, row)))
    assert "未到" in told["2030-02-28"] and "未到" not in told["2026-03-01"]


def test_each_reader_has_the_part_that_is_theirs(school):
    """The department sees no students; a partner unit no incident before it was reported to the authority."""
    lived(school)
    officer = bases.officer(school)
    told = [what for _day, what in lines(part(officer, school.recognition))]
    assert not any("进入基地的研究生" in what for what in told)
    assert any("优秀" in what for what in told)
    agreement = part(officer, school.recognition)
    assert 'href="/cases/agreement/' not in agreement  # the agreement has not been sent to the authority
    other = world.Person(factories.member(factories.university(school.department), "graduate_office"))
    assert other.page(school.recognition).status_code == 404


def much_more(row, times: int) -> None:
    for number in range(times):
        day = DAY(2026, 3, 2) + dt.timedelta(days=30 * number)
        bases.evaluation(row, "periodic", "confirmed", day, grade="qualified", passed=True)
        effects.put(row, "grant", "建设经费", day, clause="NM-17a", code=str(number))
        bases.rectification(row, "unqualified", "passed", day, day, concluded_on=day)
        bases.incident(row, day, assessed_on=day, can_continue=True)
        bases.withdrawal(row, "refused", sent_on=day)
        bases.stay(row, day)


def test_same_queries_however_long_the_life(school):
    counts = []
    for times in (1, 30):
        row = bases.base(school)
        much_more(row, times)
        school.office.page(row)
        with CaptureQueriesContext(connection) as seen:
            text = part(school.office, row)
        assert len(lines(text)) >= 5 * times
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_life_is_clean_in_the_browser(browser_page):
    with clock.travel("2029-06-01T09:00"):
        school = world.school("nm", level="provincial")
        lived(school)
        page = browser_page(school.office.membership)
        page.goto(school.recognition.get_absolute_url())
        assert_clean(page)
        picture(page, "timeline", full=True)
