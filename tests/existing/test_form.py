"""One base by a form, and the department's own; over HTTP."""

from __future__ import annotations

import datetime as dt

import pytest

from bases.models import Agreement, Backfill, Base, Recognition
from core import clock, ledger
from core.models import LedgerEntry
from evaluations.models import Evaluation
from evaluations.queries import due
from tests.existing import filled
from tests.existing.test_sheet import begun, checked, entered
from tests.scenarios import house, house_czmc, house_lcu
from tests.scenarios.house import done, fresh, refused, sent, text_of

pytestmark = pytest.mark.django_db
NOW = "2026-03-02T09:00"
FORM = Backfill.FORM


def answers(number: int = 1, **changes) -> dict:
    """The form of one base, filled in as the row of the same number."""
    row = filled.row_of(number, category="0951", division=None, partner_kind="enterprise")
    return {key: value for key, value in (row | changes).items() if value is not None}


def test_one_base_by_the_form(school):
    """Kept as a draft while it is filled in; refused with every fault; handed in it is a base with its agreement's scan."""
    with clock.travel(NOW):
        backfill = begun(school.office, "form")
        college = str(school.college.pk)
        done(school.office.fill(backfill, FORM, answers(college=college, decided_on="2026-03-03", plaque_on=None)))
        assert begun(school.office, "form") != backfill  # something stands in the first one
        todos = text_of(school.office.get("/"))
        assert "填写存量补录" in todos
        answer = school.office.do(backfill, "enter_one")
        refused(answer, "“批准日期”不能晚于今天", "请填写授牌日期")
        assert not Base.objects.exists()
        scan = {"scan": [sent("协议.pdf")]}
        grade = {"grades": [{"kind": "benchmark", "year": "2024", "grade": "qualified", "graded_on": "2025-01-08"}]}
        done(school.office.fill(backfill, FORM, answers(college=college) | scan | grade))
        done(school.office.do(backfill, "enter_one"))
    base = Recognition.objects.select_related("base", "partner").get()
    assert (base.state, base.base.name, base.college, base.base.category_name) == (
        "active",
        "第1基地",
        school.college,
        "农业",
    )
    agreement = base.agreements.get()
    with clock.travel("2026-03-02T10:00"):
        page = text_of(school.office.page(agreement))
        assert "协议.pdf" in page and "缺少协议扫描件" not in page
        assert "2024年度" in text_of(school.office.page(base))
        assert school.office.do(backfill, "enter_one").status_code in (302, 409)
    assert Recognition.objects.count() == 1 and fresh(backfill).state == "entered"


@pytest.mark.clause("XCU-7.2c")
def test_a_term_against_the_regulation_is_a_remark_with_its_clause(school):
    """Five years and four: both are entered, the other one with the clause that it deviates from (XCU-7.2c)."""
    with clock.travel(NOW):
        backfill = begun(school.office, "form")
        college = str(school.college.pk)
        done(school.office.fill(backfill, FORM, answers(college=college)))
        assert "协议期限一般为5年" not in text_of(school.office.page(backfill))
        done(school.office.fill(backfill, FORM, answers(college=college, agreement_to="2026-03-10")))
        page = school.office.page(backfill)
        assert {finding.finding.clause for finding in page.context["page"].findings} == {"XCU-7.2c"}
        done(school.office.do(backfill, "enter_one"))
    assert str(Agreement.objects.get().ends_on) == "2026-03-10"


@pytest.mark.parametrize(
    ("house_of", "category", "until", "deviates"),
    [
        pytest.param(house_czmc, "1054", "2027-03-09", True, marks=pytest.mark.clause("CZMC-4.2"), id="czmc-short"),
        pytest.param(house_czmc, "1054", "2027-03-10", False, marks=pytest.mark.clause("CZMC-4.2"), id="czmc-3"),
        pytest.param(house_czmc, "1054", "2029-03-10", False, marks=pytest.mark.clause("CZMC-4.2"), id="czmc-5"),
        pytest.param(house_czmc, "1054", "2029-03-11", True, marks=pytest.mark.clause("CZMC-4.2"), id="czmc-long"),
        pytest.param(house_lcu, "0951", "2027-03-10", False, marks=pytest.mark.clause("LCU-5b"), id="lcu-3"),
        pytest.param(house_lcu, "0951", "2027-03-11", True, marks=pytest.mark.clause("LCU-5b"), id="lcu-long"),
    ],
)
def test_each_regulation_remarks_on_its_own_term(house_of, category, until, deviates):
    """On both sides of the bound, for an agreement from before the portal: said with the clause, and entered all the same."""
    school = house_of.school()
    filled.place("513401")
    with clock.travel(NOW):
        backfill = begun(school.office, "form")
        given = {
            "college": str(school.college.pk),
            "category": category,
            "agreement_from": "2024-03-11",
            "agreement_to": until,
        }
        done(school.office.fill(backfill, FORM, answers(**given, plaque_on=None, plaque_to=None)))
        findings = school.office.page(backfill).context["page"].findings
        terms = {finding.finding.clause for finding in findings} & {"CZMC-4.2", "LCU-5b"}
        assert bool(terms) == deviates
        done(school.office.do(backfill, "enter_one"))
    assert str(Agreement.objects.get().ends_on) == until


def test_an_existing_base_is_evaluated_like_the_others():
    """The December evaluation of the year in which it was entered has it; the one before its entry is not made up for."""
    school = house_czmc.school()
    filled.place("513401")
    with clock.travel(NOW):
        backfill = begun(school.office)
        row = filled.row_of(
            1, college="护理学院", category="1054", plaque_on=None, plaque_to=None, agreement_to="2027-03-10"
        )
        backfill = entered(school.office, checked(school.office, backfill, filled.book(backfill, [row])))
        assert backfill.state == "entered"
    base = Recognition.objects.get()
    for today, periods in (("2026-11-30", []), ("2026-12-01", ["2026"])):
        with clock.travel(f"{today}T09:00"):
            ledger.run_due(clock.today())
            made = Evaluation.objects.filter(recognition=base)
            assert [evaluation.period for evaluation in made] == periods
    assert str(made.get().regulation_version) == "CZMC/1"


@pytest.fixture
def school():
    school = house.xcu_school()
    filled.place("513401")
    return school


@pytest.fixture
def region():
    with clock.travel("2026-02-01T09:00"):
        return house.nm_region()


def nm_row(region, number: int, **changes) -> dict:
    """A row of the department's: the university is named, the college by its name."""
    row = filled.row_of(
        number, university=region.university.name, college=region.college.name, published_on="2024-05-06"
    )
    more = {"decided_on": "2024-05-01", "agreement_to": "2028-03-10", "plaque_on": None, "plaque_to": None}
    return {key: value for key, value in (row | more | changes).items() if value is not None}


@pytest.mark.both_databases
def test_the_department_enters_what_it_recognised(region):
    """Under its own regulation, for a university of the region; the university sees it, the period is owed."""
    filled.place("513401")
    with clock.travel(NOW):
        backfill = begun(region.officer)
        rows = [
            nm_row(region, 1),
            nm_row(region, 2, decided_on="2020-05-01", published_on="2020-05-06"),
            nm_row(region, 3, starts_on="2025-01-01", ends_on="2026-12-31"),
        ]
        backfill = checked(region.officer, backfill, filled.book(backfill, rows))
        assert backfill.state == "checked", [row.problems for row in backfill.rows.all()]
        assert "与办法规定的3年不同" in text_of(region.officer.page(backfill))
        assert entered(region.officer, backfill).state == "entered"
    first, second, third = Recognition.objects.order_by("pk")
    assert (first.level, first.authority, first.university) == ("provincial", region.department, region.university)
    assert (str(first.starts_on), str(first.ends_on)) == ("2024-05-06", "2027-05-05")
    assert (str(third.starts_on), str(third.ends_on)) == ("2025-01-01", "2026-12-31")
    owed = set(LedgerEntry.objects.filter(kind="construction").values_list("key", "clause"))
    assert owed == {(f"construction:{row.pk}", "NM-12a") for row in (first, third)}  # the second's is over
    with clock.travel("2026-03-03T09:00"):
        assert region.office.page(first).status_code == region.officer.page(first).status_code == 200
        assert region.office.page(backfill).status_code == 404
    # When the period is over, the evaluation of its effect wants it, as of a base that came by an application.
    turns = due.turns(region.version, "effectiveness", due.standing(region.version), dt.date(2027, 5, 6))
    assert {row.pk for turn in turns for row in turn.recognitions} == {first.pk, third.pk}


@pytest.mark.clause("XCU-8")
def test_school_and_province_side_by_side(region):
    """The province's recognition of a base that the school entered is one of the same base, under its own regulation."""
    school = house.xcu_in(region)
    filled.place("513401")
    with clock.travel(NOW):
        own = begun(region.office)
        row = filled.row_of(1, college=region.college.name)
        entered(region.office, checked(region.office, own, filled.book(own, [row])))
        other = begun(region.officer)
        entered(
            region.officer, checked(region.officer, other, filled.book(other, [nm_row(region, 1, former_number="S-1")]))
        )
    of_school, of_province = Recognition.objects.order_by("pk")
    assert of_school.base == of_province.base and Base.objects.count() == 1
    assert [(row.level, str(row.regulation_version)) for row in (of_school, of_province)] == [
        ("school", str(school.version)),
        ("provincial", str(region.version)),
    ]
    # The province's rules drive its own: the evaluation after the period of three years wants it and not the school's.
    untouched = of_school.version
    with clock.travel("2027-05-06T09:00"):
        ledger.run_due(clock.today())
        made = Evaluation.objects.get(kind="effectiveness")
        assert (made.recognition, made.regulation_version) == (of_province, region.version)
        assert not Evaluation.objects.filter(recognition=of_school, regulation_version=region.version).exists()
    assert fresh(of_school).version == untouched
