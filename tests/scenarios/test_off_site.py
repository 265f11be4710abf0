"""JLU as far as it has them: who applies and who decides on which way, the route of an arrangement, the division of duties
(requirements 4.1-4.4). Filings with their own state, cohorts of students and residency by degree come with the trainees."""

from __future__ import annotations

import datetime as dt

import pytest

from applications.models import Application
from bases.models import Base, Recognition
from config.stories.answers import ticks
from core import clock, ledger
from core.door import chain
from core.models import InboxMessage, LedgerEntry
from regulations import services
from regulations.facts import CATALOGUE
from tenants.models import Organisation
from tests.scenarios import house, house_jlu
from tests.scenarios.house import done, fresh, main_of, refused, text_of, unchanged
from tests.scenarios.house_jlu import TERM, VETTED, WHOLE, evidence, reply

pytestmark = pytest.mark.django_db
HOUSE = house_jlu  # whose `school` and `call` are meant (conftest)


def open_steps(application) -> list[str]:
    return [step.key for step in fresh(application).open_steps()]


# --- who applies -------------------------------------------------------------------------------------------------------


@pytest.mark.clause("JLU-2.1a")
def test_a_college_proposes_and_the_graduate_school_brings_exceptions(school, call):
    """Each way is open to whom the text names for it; the outside unit applies on none."""
    page = main_of(school.secretary.get("/applications/start/"))
    assert "异地非全过程培养" in page and "省域内异地住院医师规范化培训" in page and "异地全过程培养例外" not in page
    assert "异地全过程培养例外" in main_of(school.office.get("/applications/start/"))
    post = {"call": call.pk, "title": "安排", "track": "exception"}
    refused(school.secretary.client.post("/applications/start/", post), "异地全过程培养例外")
    assert call.title not in text_of(school.contact.get("/applications/start/"))
    assert school.contact.client.post("/applications/start/", {"call": call.pk, "title": "安排"}).status_code == 403
    with unchanged(application := house_jlu.draft(school, call, purpose="")):
        refused(school.secretary.do(application, "submit"), clause="JLU-2.1a")
    assert Application.objects.count() == 1


@pytest.mark.parametrize(
    ("missing", "clause"),
    [
        pytest.param({"local_industry": ""}, "JLU-2.1b", marks=pytest.mark.clause("JLU-2.1b")),
        pytest.param({"carrier": ""}, "JLU-2.1c", marks=pytest.mark.clause("JLU-2.1c")),
        pytest.param({"carrier": "other", "carrier_other": ""}, "JLU-2.1c", marks=pytest.mark.clause("JLU-2.1c")),
        pytest.param({"conditions": ticks("lab", "funds", "staff")}, "JLU-2.2a", id="no platform"),
        pytest.param(
            {"origin": "own", "conditions": []},
            "JLU-2.2a",
            marks=pytest.mark.clause("JLU-2.2b"),
            id="founded by the university itself",
        ),
        pytest.param({"origin": ""}, "JLU-2.2b", marks=pytest.mark.clause("JLU-2.2b"), id="of no kind"),
        pytest.param(
            {"officers": [{"side": "college", "name": "贺小满", "phone": "0834-2580000"}]},
            "JLU-3.4b",
            marks=pytest.mark.clause("JLU-3.4b"),
        ),
        pytest.param({"stages": house_jlu.stages(**WHOLE)}, "JLU-1.1a", marks=pytest.mark.clause("JLU-1.1a")),
    ],
)
def test_what_a_proposal_says(school, call, missing, clause):
    application = house_jlu.draft(school, call, **missing)
    with unchanged(application):
        refused(school.secretary.do(application, "submit"), clause=clause)
    done(school.secretary.fill(application, "arrangement", house_jlu.given(school)))
    done(school.secretary.do(application, "submit"))
    assert open_steps(application) == ["vetting"]


@pytest.mark.clause("JLU-1.1a")
def test_no_office_lets_the_whole_process_pass(school, call):
    """The only way round the rule is the exception of 1.3: nobody can be asked to let it pass."""
    application = house_jlu.draft(school, call, stages=house_jlu.stages(**WHOLE))
    asked = {"rule": "no_whole_process", "reason": "确有需要。"}
    assert school.secretary.do(application, "request_override", asked).status_code in (403, 409, 422)
    refused(school.secretary.do(application, "submit"), "例外", clause="JLU-1.1a")


@pytest.mark.clause("JLU-1.1b")
@pytest.mark.parametrize(
    ("place", "away"), [("220102", False), ("220182", False), ("220202", True), ("222401", True), ("320500", True)]
)
def test_what_lies_in_the_registered_city_is_not_off_site(school, call, place, away):
    """By the code of the place alone: districts and counties of the registered city are home, its neighbour is not."""
    application = house_jlu.draft(school, call, place=place)
    if away:
        done(school.secretary.do(application, "submit"))
        return
    with unchanged(application):
        refused(school.secretary.do(application, "submit"), "不属于异地培养", clause="JLU-1.1b")


@pytest.mark.clause("JLU-1.1b")
def test_a_university_may_narrow_what_is_home(school, call):
    """J-1: a county of the city counts as off-site where the university says so."""
    application = house_jlu.draft(school, call, place="220182")
    on = dt.date(2026, 1, 1)
    services.enter_setting(school.version, "offsite.home", school.university, "220102 220103", on, "县级市按异地管理")
    done(school.secretary.do(application, "submit"))


@pytest.mark.clause("JLU-1.1b")
def test_without_codes_nothing_is_guessed(school, call):
    Organisation.objects.filter(pk=school.university.pk).update(division="")
    application = house_jlu.draft(school, call)
    with unchanged(application):
        refused(school.secretary.do(application, "submit"), "不能判定是否异地", clause="JLU-1.1b")


@pytest.mark.clause("JLU-1.1c")
@pytest.mark.parametrize(("stage", "whole"), [(None, True), ("courses", False), ("midterm", False), ("thesis", False)])
def test_whole_is_when_every_stage_but_two_lies_off_site(school, call, stage, whole):
    """Admission and award at home save nothing; any other stage at home makes it partial, and one left out is asked for."""
    places = {**WHOLE, **({stage: "220102"} if stage else {})}
    application = house_jlu.draft(school, call, stages=house_jlu.stages(**places))
    mode = CATALOGUE["application.off_site_mode"].read([application], clock.today())[application.pk]
    assert mode == ("whole" if whole else "partial")
    text = text_of(school.secretary.do(application, "submit"))
    assert ("属于异地全过程培养" in text) == whole


@pytest.mark.clause("JLU-1.1c")
def test_a_stage_left_out_is_asked_for(school, call):
    """Else a plan that keeps silent about what happens at home could not be told from one without it."""
    rows = [row for row in house_jlu.stages() if row["stage"] != "midterm"]
    application = house_jlu.draft(school, call, stages=rows)
    with unchanged(application):
        refused(school.secretary.do(application, "submit"), "中期考核", clause="JLU-1.1c")


@pytest.mark.clause("JLU-2.1d")
@pytest.mark.parametrize(
    ("period", "stands"),
    [
        (("2026-11-01", "2026-11-30"), False),
        (("2026-03-01", "2026-08-31"), True),
        (("2026-03-01", "2026-09-01"), False),
        (("2027-01-15", "2027-03-31"), False),
        (("2027-01-16", "2027-03-31"), True),
    ],
)
def test_main_courses_are_not_interrupted(school, call, period, stands):
    """The first and the last day of the courses belong to them."""
    rows = [*house_jlu.stages(), house_jlu.stage("practice", "320500", *period)]
    application = house_jlu.draft(school, call, stages=rows)
    if stands:
        done(school.secretary.do(application, "submit"))
        return
    with unchanged(application):
        refused(school.secretary.do(application, "submit"), "重叠", clause="JLU-2.1d")


@pytest.mark.clause("JLU-2.1d")
def test_main_courses_are_taught_at_home(school, call):
    application = house_jlu.draft(school, call, stages=house_jlu.stages(courses="220202"))
    with unchanged(application):
        refused(school.secretary.do(application, "submit"), "1个主要学位课程环节", clause="JLU-2.1d")
    none = [{**row, "main": None} for row in house_jlu.stages()]
    done(school.secretary.fill(application, "arrangement", house_jlu.given(school, stages=none)))
    with unchanged(application):
        refused(school.secretary.do(application, "submit"), "没有标明", clause="JLU-2.1d")


def test_the_form_offers_cities_and_shows_places_by_name(school, call):
    application = house_jlu.draft(school, call, place="220202")
    page = school.secretary.get(f"{application.get_absolute_url()}forms/arrangement/").content.decode()
    assert "江苏省苏州市" in page and "吉林省吉林市昌邑区" not in page
    done(school.secretary.do(application, "submit"))
    assert "吉林省吉林市昌邑区" in text_of(school.office.page(application))
    wrong = house_jlu.draft(school, call, place="229999")
    refused(school.secretary.do(wrong, "submit"), "不在目录中")


# --- the vetting and the division of duties ----------------------------------------------------------------------------


@pytest.mark.clause("JLU-3.1b")
@pytest.mark.clause("JLU-2.2a")
def test_the_graduate_school_vets_conditions_and_quality_assurance(school, call):
    """Each of the five with its proof, by the graduate school alone; one that falls short goes back to the college."""
    application = house_jlu.proposed(school, call)
    house_jlu.settled(school, application, "2026-03-01")
    for person in (school.secretary, school.dean):
        with unchanged(application):
            assert person.step(application, "vetting", {"opinion": "同意。"}).status_code == 403
    done(
        school.secretary.do(
            application, "enter_record", {"on": "2026-03-01", **house_jlu.DOSSIER}, type="college_dossier"
        )
    )
    for missing in VETTED:
        proofs = evidence(*(code for code in VETTED if code != missing))
        with unchanged(application):
            clause = "JLU-2.2a" if missing == "funds" else "JLU-3.1b"
            refused(school.office.step(application, "vetting", {"opinion": "同意。", **proofs}), clause=clause)
    back = {"opinion": "平台材料不足。", "correction_due": "2026-03-20", **evidence(*VETTED)}
    done(school.office.step(application, "vetting", back, outcome="negative"))
    assert (fresh(application).state, fresh(application).round) == ("draft", 2)


@pytest.mark.clause("JLU-3.4a")
def test_no_arrangement_without_a_signed_division_of_duties(school, call):
    """College and outside unit are its parties; the outside unit confirms, nobody else for it; both of its parts are wanted."""
    application = house_jlu.proposed(school, call)
    with unchanged(application):
        answer = school.office.step(application, "vetting", {"opinion": "同意。", **evidence(*VETTED)})
        refused(answer, "尚未签订管理职责分工", clause="JLU-3.4a")
    done(school.secretary.client.post(f"/applications/{application.pk}/agreement/", {"do": "draft"}))
    agreement = fresh(application).agreement
    assert [(row.side, row.name) for row in agreement.parties.all()] == [
        ("first", "岚江大学材料学院"),
        ("second", "湖滨材料研究院"),
    ]
    for clause, title in (("duties", "管理职责与分工"), ("persons", "思想政治教育与日常管理专人")):
        texts = {f"clause_{key}": "" if key == clause else "约定。" for key in ("duties", "persons")}
        done(school.secretary.fill(agreement, "agreement", {**house.agreement_answers(agreement, TERM), **texts}))
        with unchanged(agreement):
            refused(school.secretary.do(agreement, "submit"), title, clause="JLU-3.4a")
    done(school.secretary.do(agreement, "abandon", {"reason": "重新起草。"}))
    agreement = house_jlu.settled(school, fresh(application), "2026-03-01")
    assert agreement.state == "signed"
    dossier = {"on": "2026-03-01", **house_jlu.DOSSIER}
    done(school.secretary.do(application, "enter_record", dossier, type="college_dossier"))
    done(school.office.step(application, "vetting", {"opinion": "具备条件。", **evidence(*VETTED)}))


# --- the ways --------------------------------------------------------------------------------------------------------------


@pytest.mark.clause("JLU-2.3a")
def test_to_another_province(school, call):
    """Vetting, both departments side by side, then the report to the ministry; with it the arrangement may begin, and no base
    comes of it."""
    application = house_jlu.proposed(school, call)
    house_jlu.vetted(school, application)
    assert open_steps(application) == ["filing_home", "filing_host"]
    with clock.travel("2026-03-05T09:00"):
        with unchanged(application):
            missing = {**reply("岚江省教育厅", "2026-03-02", "2026-03-05"), "receipt": None}
            refused(school.office.step(application, "filing_home", missing), "扫描件")
        done(school.office.step(application, "filing_home", reply("岚江省教育厅", "2026-03-02", "2026-03-05")))
        with unchanged(application):
            report = reply("教育部", "2026-03-02", "2026-03-05")
            refused(school.office.step(application, "ministry_report", report), "尚未办结")
        done(school.office.step(application, "filing_host", reply("湖滨省教育厅", "2026-03-02", "2026-03-05")))
        assert open_steps(application) == ["ministry_report"]
        done(school.office.step(application, "ministry_report", reply("教育部", "2026-03-05", "2026-03-05")))
    application = fresh(application)
    assert (application.state, application.recognition) == ("approved", None)
    assert not Base.objects.exists() and not Recognition.objects.exists() and list(chain.breaks()) == []
    with clock.travel("2026-03-06T09:00"):
        assert "学位办函〔2026〕3号" in text_of(school.office.page(application))
        for person in (school.office, school.secretary, school.contact):
            page = text_of(person.page(application))
            assert "湖滨材料研究院" in page and "将备案情况报送教育部" in page
        assert "异地培养安排" in main_of(school.office.get("/applications/"))


@pytest.mark.clause("JLU-2.3a")
@pytest.mark.parametrize("only", ["filing_home", "filing_host"])
def test_one_receipt_of_two_is_not_enough(school, call, only):
    """Whichever of both departments answered first: hosting stays locked, and nothing goes to the ministry."""
    application = house_jlu.proposed(school, call)
    house_jlu.vetted(school, application)
    other = {"filing_home": "filing_host", "filing_host": "filing_home"}[only]
    with clock.travel("2026-03-05T09:00"):
        done(school.office.step(application, only, reply("有关部门", "2026-03-02", "2026-03-05")))
        assert fresh(application).state == "deciding" and open_steps(application) == [other]
        with unchanged(application):
            report = reply("教育部", "2026-03-05", "2026-03-05")
            refused(school.office.step(application, "ministry_report", report), "尚未办结")


@pytest.mark.clause("JLU-2.3b")
def test_the_report_to_the_ministry_is_asked_for_by_the_next_day(school, call):
    application = house_jlu.proposed(school, call)
    house_jlu.vetted(school, application)
    told = InboxMessage.objects.filter(user=school.office.membership.user, title__contains="将备案情况报送教育部")
    with clock.travel("2026-03-05T09:00"):
        for step in ("filing_home", "filing_host"):
            done(school.office.step(application, step, reply("有关部门", "2026-03-05", "2026-03-05")))
    with clock.travel("2026-03-06T09:00"):
        ledger.run_due(clock.today())
        assert told.exists() and fresh(application).state == "deciding"
        row = LedgerEntry.about(application).get(title__contains="将备案情况报送教育部", done_at=None)
        assert row.due_on == dt.date(2026, 3, 6)
        done(school.office.step(application, "ministry_report", reply("教育部", "2026-03-06", "2026-03-06")))
    assert fresh(application).state == "approved"
    assert not LedgerEntry.about(application).filter(title__contains="将备案情况报送教育部", done_at=None).exists()


@pytest.mark.clause("JLU-2.3d")
def test_inside_the_province_one_filing(school, call):
    application = house_jlu.proposed(school, call, place="220202")
    house_jlu.vetted(school, application)
    assert open_steps(application) == ["filing_home"]
    with clock.travel("2026-03-05T09:00"):
        done(school.office.step(application, "filing_home", reply("岚江省教育厅", "2026-03-02", "2026-03-05")))
    states = {step.key: step.state for step in application.steps()}
    assert fresh(application).state == "approved"
    assert (states["filing_host"], states["ministry_report"]) == ("skipped", "skipped")


@pytest.mark.clause("JLU-2.4c")
@pytest.mark.parametrize("first", ["consent_education", "consent_health"])
def test_residency_inside_the_province_wants_both_consents(school, call, first):
    """Of any professional master of medicine, with its need; the filing as well (J-3)."""
    place = {"place": "220202", "students": [house_jlu.student("2025", category="1053")]}
    application = house_jlu.draft(school, call, "residency", necessity="", **place)
    with unchanged(application):
        refused(school.secretary.do(application, "submit"), clause="JLU-2.4c")
    need = {**place, "necessity": "省内专科基地不足。"}
    done(school.secretary.fill(application, "arrangement", house_jlu.given(school, **need)))
    done(school.secretary.do(application, "submit"))
    house_jlu.vetted(school, application)
    assert set(open_steps(application)) == {"filing_home", "consent_education", "consent_health"}
    second = {"consent_education": "consent_health", "consent_health": "consent_education"}[first]
    with clock.travel("2026-03-05T09:00"):
        done(school.office.step(application, "filing_home", reply("岚江省教育厅", "2026-03-02", "2026-03-05")))
        done(school.office.step(application, first, reply("岚江省教育厅", "2026-03-02", "2026-03-05")))
        assert fresh(application).state == "deciding"  # the other consent is missing
        done(school.office.step(application, second, reply("岚江省卫健委", "2026-03-02", "2026-03-05")))
    assert fresh(application).state == "approved"


@pytest.mark.parametrize(
    ("cohort", "degree", "category", "stands"),
    [
        pytest.param("2022", "master_professional", "1051", False, marks=pytest.mark.clause("JLU-2.4a")),
        pytest.param("2022", "master_professional", "1052", False, marks=pytest.mark.clause("JLU-2.4a")),
        pytest.param("2022", "master_professional", "1057", False, marks=pytest.mark.clause("JLU-2.4a")),
        pytest.param("2022", "master_professional", "1053", True, marks=pytest.mark.clause("JLU-2.4a")),
        pytest.param("2022", "doctor_professional", "1051", True, marks=pytest.mark.clause("JLU-2.4a")),
        pytest.param("2021", "master_professional", "1051", True, marks=pytest.mark.clause("JLU-2.4b")),
    ],
)
def test_no_new_residency_in_another_province(school, call, cohort, degree, category, stands):
    """沈阳: three categories of professional masters, from the cohort of 2022 on; until 2021 they go on."""
    students = [
        house_jlu.student(cohort, degree, category),
        house_jlu.student("2020", number="2020001", category="1051"),
    ]
    given = {"place": "210100", "necessity": "外省基地条件更好。", "students": students}
    application = house_jlu.draft(school, call, "residency", **given)
    if stands:
        done(school.secretary.do(application, "submit"))
        return
    with unchanged(application):
        refused(school.secretary.do(application, "submit"), "有1名2022级", "跨省住院医师规范化培训", clause="JLU-2.4a")


def test_outside_the_mainland_the_graduate_school_decides(school, call):
    """J-2: no host department, a decision of the graduate school, then the home department and the ministry."""
    application = house_jlu.proposed(school, call, place="810000")
    house_jlu.vetted(school, application)
    assert open_steps(application) == ["outside_mainland"]
    with unchanged(application):
        assert school.dean.step(application, "outside_mainland", {"opinion": "同意。"}).status_code == 403
    with clock.travel("2026-03-05T09:00"):
        done(school.office.step(application, "outside_mainland", {"opinion": "同意。"}))
        assert open_steps(application) == ["filing_home"]
        done(school.office.step(application, "filing_home", reply("岚江省教育厅", "2026-03-02", "2026-03-05")))
        assert open_steps(application) == ["ministry_report"]


@pytest.mark.clause("JLU-1.3a")
@pytest.mark.clause("JLU-1.3b")
@pytest.mark.clause("JLU-1.3c")
def test_the_exception_is_reviewed_by_two_bodies_in_order(school, call):
    """Mandate, strategy and need; a dossier with each of its points; first the host province, then the State Council's
    office, and with a no of either it is over."""
    grounds = {
        "stages": house_jlu.stages(**WHOLE),
        "mandate": "中发〔2025〕9号",
        "strategy": "东北全面振兴",
        "necessity": "急需人才。",
    }
    application = house_jlu.draft(school, call, "exception", **{**grounds, "mandate": ""})
    with unchanged(application):
        refused(school.office.do(application, "submit"), clause="JLU-1.3a")
    done(school.office.fill(application, "arrangement", house_jlu.given(school, **grounds)))
    done(school.office.do(application, "submit"))
    assert school.secretary.page(application).status_code == 404
    points = ("mandate", "staff", "conditions", "independence", "standard")
    with unchanged(application):
        refused(school.office.step(application, "exception_dossier", evidence(*points[:-1])), clause="JLU-1.3b")
    done(school.office.step(application, "exception_dossier", evidence(*points)))
    with clock.travel("2026-08-15T09:00"):
        with unchanged(application):
            early = {"opinion": "同意。", **reply("国务院学位办", "2026-03-02", "2026-08-15")}
            refused(school.office.step(application, "national_re_review", early), "尚未办结")
        first = {"opinion": "初审通过。", **reply("湖滨省教育厅", "2026-03-02", "2026-06-01")}
        done(school.office.step(application, "host_first_review", first))
        assert fresh(application).state == "deciding"
        second = {"opinion": "复核未通过。", **reply("国务院学位办", "2026-06-02", "2026-08-15")}
        done(school.office.step(application, "national_re_review", second, outcome="negative"))
    assert fresh(application).state == "rejected"


@pytest.mark.parametrize(
    ("cohorts", "stands"),
    [
        pytest.param(["2021"], True, marks=pytest.mark.clause("JLU-1.2a")),
        pytest.param(["2021", "2022"], False, marks=pytest.mark.clause("JLU-1.2b")),
        pytest.param(["2022"], False, marks=pytest.mark.clause("JLU-1.2b")),
    ],
)
def test_old_plans_are_completed_up_to_the_cohort_of_2021(school, call, cohorts, stands):
    """Whole-process, entered by the graduate school and nothing filed; a student of a later cohort never."""
    students = [house_jlu.student(cohort, number=f"{cohort}00{n}") for n, cohort in enumerate(cohorts)]
    application = house_jlu.draft(school, call, "legacy", stages=house_jlu.stages(**WHOLE), students=students)
    if not stands:
        with unchanged(application):
            refused(school.secretary.do(application, "submit"), "有1名研究生为2022级", clause="JLU-1.2b")
        return
    done(school.secretary.do(application, "submit"))
    assert open_steps(application) == ["legacy_record"]
    done(school.office.step(application, "legacy_record", {"opinion": "按原培养计划完成。"}))
    assert fresh(application).state == "approved"
    assert "2021级及以前按原计划完成" in text_of(school.secretary.page(application))
