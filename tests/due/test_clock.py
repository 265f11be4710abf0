"""The clock page of a case that has been through a return, and what a change of the working-day table does to it."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from core import clock, ledger
from core.models import LedgerEntry
from tests.scenarios.house import done, main_of, text_of
from tests.scenarios.test_steps_of_persons import School, row, step

pytestmark = pytest.mark.django_db

D = dt.date.fromisoformat
FIVE = {"working_days": 5, "local": True}


@pytest.fixture
def school():
    with clock.travel("2027-03-01T09:00"):
        yield School(
            step("quiet", role="finance", due=FIVE, silence="positive", after=[]),
            step("look", role="support", after=[]),
        )


def page(school, case) -> str:
    html = text_of(school.office.get(f"{case.get_absolute_url()}clock/"))
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def enter(school, days: str, act: str = "days") -> None:
    assert school.admin.client.post("/due/workdays/?year=2027", {"act": act, "days": days}).status_code == 302


def test_days_are_counted_one_by_one_and_a_year_without_a_table_says_so(school):
    """Five working days from Monday 1 March: Monday the 8th, estimated while nobody has entered 2027."""
    case = school.submitted()
    assert (row(case, "quiet").due_on, row(case, "quiet").due_estimated) == (D("2027-03-08"), True)
    assert "预计" in text_of(school.secretary.page(case))
    text = page(school, case)
    assert "5个工作日" in text and "预计，节假日安排未录入" in text and "未停止" in text
    assert "2027-03-05 星期五 第4个工作日" in text and "2027-03-06 星期六 不计 周末" in text
    assert "2027-03-08 星期一 第5个工作日" in text and "第6个工作日" not in text


def test_every_list_that_shows_an_estimated_day_says_so(school):
    """To-dos and home of who acts, what they began of who began it; the mark goes once the year's table is complete."""
    case = school.submitted()
    pages = [(school.finance, "/todos/"), (school.finance, "/"), (school.first, "/started/"), (school.office, "/due/")]
    for person, address in pages:
        assert ">预计</span>" in main_of(person.get(address)), address
    enter(school, "", act="complete")
    assert row(case, "quiet").due_estimated is False
    for person, address in pages:
        shown = main_of(person.get(address))
        assert "2027-03-08" in shown and ">预计</span>" not in shown, address


def test_a_day_that_is_entered_moves_what_was_estimated_and_nothing_else(school):
    case = school.submitted()
    enter(school, "2027-03-04 休 校庆")
    assert (row(case, "quiet").due_on, row(case, "quiet").due_estimated) == (D("2027-03-09"), True)
    entry = LedgerEntry.objects.get(key=f"step:{row(case, 'quiet').pk}")
    assert (entry.due_on, entry.estimated) == (D("2027-03-09"), True)
    assert "2027-03-04 星期四 不计 校庆" in page(school, case)
    enter(school, "", act="complete")
    assert (row(case, "quiet").due_on, row(case, "quiet").due_estimated) == (D("2027-03-09"), False)
    enter(school, "2027-03-05 休 又一天")
    assert row(case, "quiet").due_on == D("2027-03-09"), "a day that was sure stays"
    assert "预计" not in text_of(school.secretary.page(case))
    with clock.travel("2027-03-10T08:00"):
        assert ledger.run_due(clock.today())["acted"] == 1 and row(case, "quiet").by_silence


def test_what_stopped_it(school):
    """A return on Friday stops the clock after four working days; a new round starts it anew; silence ends it."""
    case = school.submitted()
    with clock.travel("2027-03-05T15:00"):
        done(school.support.step(case, "look", {"opinion": "请补充", "correction_due": "2027-04-01"}, outcome="return"))
        text = page(school, case)
        assert "已停止的期限" in text and "2027-03-05 15:00 已办结" in text and "已退回" in text
    with clock.travel("2027-03-15T09:00"):
        done(school.secretary.do(case, "submit"))
        text = page(school, case)
        assert "2027-03-22" in text and "正在计时" in text and text.count("环节quiet") >= 3
    with clock.travel("2027-03-23T09:00"):
        ledger.run_due(clock.today())
        assert "到期后由系统办理" in page(school, case) and row(case, "quiet").by_silence
