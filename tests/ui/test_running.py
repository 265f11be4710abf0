"""What evaluations, rectifications, incidents, withdrawals and students make somebody do: counted on the home page of whoever
has to, once, and on nobody else's."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework import effects
from core import clock, ledger
from evaluations.models import Evaluation, Round
from tests.browser import assert_clean, picture
from tests.placing import placed
from tests.tenants import factories
from tests.trainees import world
from tests.ui import bases
from tests.ui.test_todos import on_both_pages

pytestmark = pytest.mark.django_db
DAY = dt.date
QUERIES = 19  # of the home page of an office for which everything waits


def built(code: str = "nm", level: str = "provincial") -> world.School:
    return world.school(code, level=level, term=("2026-03-01", "2031-02-28"))


@pytest.fixture
def school():
    with clock.travel("2029-06-01T09:00"):
        yield built()


@pytest.fixture
def czmc():
    with clock.travel("2029-06-01T09:00"):
        yield built("czmc", "school")


def planned(school, kind: str = "annual") -> Round:
    """A round that the organiser has entered by hand."""
    first = school.recognition
    owner = first.authority or first.university
    return placed(
        Round,
        "planned",
        number="PC-1",
        title="2029年考核",
        organiser=owner,
        kind=kind,
        period="2029",
        regulation_version=first.regulation_version,
        **{owner.column: owner},
    )


@pytest.mark.both_databases
def test_a_round_waits_to_be_opened_and_once_all_have_ended_to_be_closed(czmc):
    planned(czmc)
    assert on_both_pages(czmc.office) == ["启动考核"]
    assert on_both_pages(czmc.secretary) == []
    ended = bases.evaluation(czmc.recognition, "annual", "missed", DAY(2029, 5, 1))
    assert sorted(on_both_pages(czmc.office)) == ["启动考核", "结束考核批次"]
    further = bases.evaluation(bases.base(czmc), "annual", "checking", DAY(2029, 5, 1))
    Evaluation.objects.filter(pk=further.pk).update(in_round=ended.in_round_id)
    assert on_both_pages(czmc.office) == ["启动考核"]


def test_the_department_organises_its_own_rounds(school):
    planned(school, "periodic")
    assert on_both_pages(bases.officer(school)) == ["启动考核"]
    assert on_both_pages(school.office) == []


def test_home_shows_the_rounds_that_run_and_their_organiser_urges(czmc):
    row = bases.evaluation(czmc.recognition, "annual", "draft", DAY(2029, 9, 1))
    text = czmc.office.get("/").content.decode()
    assert row.in_round.title in text and "未提交自评 1" in text
    assert f'action="/evaluations/rounds/{row.in_round_id}/urge/"' in text
    text = czmc.secretary.get("/").content.decode()
    assert row.in_round.title in text and "/urge/" not in text


@pytest.mark.both_databases
def test_a_rectification_that_nobody_reported_goes_on_by_whoever_ordered_it(czmc):
    """Not on its last day; and asked of the units that repair once, by the ledger."""
    case = bases.rectification(czmc.recognition, "unqualified", "draft", DAY(2029, 4, 1), DAY(2029, 6, 1))
    assert on_both_pages(czmc.office) == [] and on_both_pages(czmc.secretary) == []
    ledger.owe(
        f"rectification:{case.pk}:college.secretary",
        kind="rectification",
        title="整改：某基地",
        due_on=case.due_on,
        organisation_id=czmc.college.pk,
        role="secretary",
        case=case,
    )
    assert on_both_pages(czmc.secretary) == ["整改：某基地"]
    assert czmc.secretary.get("/").context["todos"].returned == 0
    type(case).objects.filter(pk=case.pk).update(round=2)
    assert czmc.secretary.get("/").context["todos"].returned == 1
    with clock.travel("2029-06-02T09:00"):
        assert on_both_pages(czmc.office) == ["期满未报，直接复核"]
        assert czmc.office.get("/").context["todos"].overdue == 1


def test_where_a_reevaluation_follows_nobody_rechecks_by_hand(school):
    bases.rectification(school.recognition, "unqualified", "draft", DAY(2027, 4, 1), DAY(2029, 3, 31))
    assert on_both_pages(bases.officer(school)) == [] and on_both_pages(school.office) == []


@pytest.mark.both_databases
def test_a_withdrawal_is_the_offices_from_the_draft_to_the_sending(school):
    case = bases.withdrawal(school.recognition, "draft")
    assert on_both_pages(school.office) == ["填报"] and on_both_pages(school.secretary) == []
    type(case).objects.filter(pk=case.pk).update(correction_due=DAY(2029, 6, 9))
    assert school.office.get("/").context["todos"].returned == 1
    other = bases.withdrawal(bases.base(school), "confirming")
    assert sorted(on_both_pages(school.office)) == ["报送备案", "退回修改"]
    step = dict(case_kind="withdrawal", case_id=other.pk, round=1, kind="endorse", stage="confirming", position=1)
    open_step = other.steps().create(**step, key="own", title="签章", role="contact", unit=school.partner, state="open")
    assert on_both_pages(school.office) == ["退回修改"] and on_both_pages(school.contact) == ["签章"]
    type(open_step).objects.filter(pk=open_step.pk).update(state="done", scan="to_match")
    assert "报送备案" not in on_both_pages(school.office)
    type(open_step).objects.filter(pk=open_step.pk).update(scan="matched")
    assert "报送备案" in on_both_pages(school.office)


@pytest.mark.both_databases
def test_an_incident_is_reported_by_the_office_and_asked_for_once(school):
    case = placed(
        bases.Incident,
        "draft",
        number="ZS-1",
        title="重大事项",
        recognition=school.recognition,
        regulation_version=school.recognition.regulation_version,
        university=school.university,
        college=school.college,
    )
    assert on_both_pages(school.office) == ["填报"] and on_both_pages(school.secretary) == ["填报"]
    ledger.owe(
        f"incident:{case.pk}",
        kind="incident",
        title="报告重大事项",
        due_on=DAY(2029, 6, 4),
        organisation_id=school.university.pk,
        role="graduate_office",
        case=case,
    )
    assert on_both_pages(school.office) == ["报告重大事项"] and on_both_pages(school.secretary) == ["填报"]


@pytest.mark.both_databases
def test_a_student_whose_time_is_over(school):
    """On the last day of the stay, not on the one before; of whoever looks after the student."""
    for ends in (DAY(2029, 6, 1), DAY(2029, 6, 2)):
        bases.stay(school.recognition, DAY(2029, 1, 1), ends=ends)
    assert on_both_pages(school.secretary) == ["登记结束"]
    assert on_both_pages(school.office) == []


def test_a_consequence_waits_for_whoever_confirms_it(school):
    row = effects.put(school.recognition, "criticism", "通报批评", DAY(2029, 6, 1), clause="NM-19a")
    type(row).objects.filter(pk=row.pk).update(state="proposed", unit=school.department, role="officer", from_on=None)
    assert on_both_pages(bases.officer(school)) == ["确认：通报批评"] and on_both_pages(school.office) == []


def crowd(school, times: int) -> None:
    """Everything at once."""
    for _again in range(times):
        row = bases.base(school)
        bases.evaluation(row, "annual", "missed", DAY(2029, 5, 1))
        bases.rectification(row, "unqualified", "draft", DAY(2029, 4, 1), DAY(2029, 5, 31))
        bases.withdrawal(row, "confirming")
        stay = bases.stay(row, DAY(2029, 1, 1), ends=DAY(2029, 5, 1))
        type(stay).objects.filter(pk=stay.pk).update(college=None)


@pytest.mark.parametrize("times", [1, 30])
def test_same_queries_however_much_waits(czmc, times):
    crowd(czmc, times)
    czmc.office.get("/")
    with CaptureQueriesContext(connection) as seen:
        work = czmc.office.get("/").context["todos"]
    assert work.total == 4 * times
    assert len(seen) == QUERIES


def test_anothers_case_changes_no_count(czmc):
    before = on_both_pages(czmc.office), on_both_pages(czmc.secretary)
    elsewhere = factories.university(name="邻校")
    college = factories.college(elsewhere, "工学院")
    foreign = bases.moved(bases.base(czmc), elsewhere, college)
    crowd(replace(czmc, university=elsewhere, college=college, recognition=foreign), 2)
    planned(replace(czmc, recognition=foreign))
    assert (on_both_pages(czmc.office), on_both_pages(czmc.secretary)) == before


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_home_is_clean_in_the_browser(browser_page):
    with clock.travel("2029-06-01T09:00"):
        school = built("czmc", "school")
        crowd(school, 2)
        bases.evaluation(school.recognition, "annual", "draft", DAY(2029, 9, 1))
        page = browser_page(school.office.membership)
        page.goto("/")
        assert_clean(page)
        picture(page, "home-running", full=True)
