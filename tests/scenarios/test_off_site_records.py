"""JLU after the vetting: what the college keeps and owes, the mentor's duties, the departments that look on, and what the
graduate school keeps over all arrangements (plan, brochure, inspections, measures)."""

from __future__ import annotations

import datetime as dt

import pytest

from bases.models import Office
from casework.models import Record
from core import clock, ledger
from core.models import InboxMessage, LedgerEntry
from regulations import services
from tenants.models import Organisation
from tests.scenarios import house, house_jlu
from tests.scenarios.house import Person, done, fresh, main_of, refused, text_of, unchanged
from tests.scenarios.house_jlu import VETTED, evidence
from tests.tenants import factories

pytestmark = pytest.mark.django_db
HOUSE = house_jlu  # whose `school` and `call` are meant (conftest)


def enter(by, case, record: str, on: str, /, **answers):
    """Enter a record over HTTP."""
    return by.do(case, "enter_record", {"on": on, **answers}, type=record)


@pytest.fixture
def office(school):
    """The graduate school's office for off-site training, opened by it."""
    with clock.travel("2026-03-01T09:00"):
        done(school.office.client.post("/offices/open/", {"version": school.version.pk}))
    return Office.objects.get()


def department(name: str, division: str) -> Person:
    """An officer of a province's department."""
    made = factories.department(name)
    Organisation.objects.filter(pk=made.pk).update(division=division)
    made.refresh_from_db()
    return Person(factories.member(made, "officer", factories.user(f"{name}经办")))


def owed(kind: str) -> list[str]:
    rows = LedgerEntry.objects.filter(done_at=None, payload__type=kind, kind="record_due").order_by("due_on")
    return [row.due_on.isoformat() for row in rows]


# --- before it starts, and what the college owes ------------------------------------------------------------------------


@pytest.mark.clause("JLU-3.2a")
def test_no_arrangement_starts_before_the_college_has_rules_team_scheme_and_plan(school, call):
    application = house_jlu.proposed(school, call)
    with clock.travel("2026-03-01T09:00"):
        house_jlu.settled(school, application, "2026-03-01")
        given = {"opinion": "具备条件。", **evidence(*VETTED)}
        with unchanged(application):
            refused(school.office.step(application, "vetting", given), "管理制度与队伍", clause="JLU-3.2a")
        for missing, nothing in (("rules", ""), ("team", []), ("scheme", ""), ("plan", "")):
            with unchanged(application):
                entry = {**house_jlu.DOSSIER, missing: nothing}
                refused(
                    enter(school.secretary, application, "college_dossier", "2026-03-01", **entry), clause="JLU-3.2a"
                )
        with unchanged(application):
            entry = house_jlu.DOSSIER
            refused(enter(school.office, application, "college_dossier", "2026-03-01", **entry), "不由您的角色填写")
        done(enter(school.secretary, application, "college_dossier", "2026-03-01", **house_jlu.DOSSIER))
        assert "专门的管理队伍" in text_of(school.office.page(application))
        given = {"opinion": "具备条件。", **evidence(*VETTED)}
        done(school.office.step(application, "vetting", given))


@pytest.mark.clause("JLU-3.2b")
def test_work_reports_are_owed_in_the_interval_that_the_university_sets(school, call):
    """No interval in the text: nothing is owed until the university sets one; from then on a missing one is told of."""
    services.enter_setting(
        school.version, "work_report.interval", school.university, 3, dt.date(2026, 1, 1), "每季度报送"
    )
    application = house_jlu.active(school, call)  # since 2026-03-05
    assert owed("work_report") == ["2026-06-04"]
    with clock.travel("2026-06-05T09:00"):
        ledger.run_due(clock.today())
        page = main_of(school.secretary.page(application))
        assert "异地研究生培养工作报告" in page and "2026-06-04" in page
        assert "2026-06-04" in main_of(school.office.page(application))
        told = InboxMessage.objects.filter(title__contains="工作报告")
        assert told.filter(user=school.secretary.membership.user).exists()
        assert owed("work_report") == ["2026-06-04", "2026-09-04"]
        done(enter(school.secretary, application, "work_report", "2026-06-04", text="各环节正常。"))
        assert owed("work_report") == ["2026-09-04"]


def test_without_an_interval_no_report_is_owed(school, call):
    house_jlu.active(school, call)
    assert owed("work_report") == []


@pytest.mark.clause("JLU-3.2c")
@pytest.mark.parametrize(
    ("title", "stands"),
    [
        ("研究生课程进修班", False),
        ("材料学硕士学位研修班", False),
        ("博 士学位课程班", False),
        ("新材料工程师进修班", True),
    ],
)
def test_no_class_is_held_in_the_name_of_graduate_degrees(school, call, title, stands):
    application = house_jlu.proposed(school, call)
    with clock.travel("2026-03-05T09:00"):
        if stands:
            done(enter(school.secretary, application, "class_title", "2026-03-05", title=title))
            return
        with unchanged(application):
            refused(enter(school.secretary, application, "class_title", "2026-03-05", title=title), clause="JLU-3.2c")
    assert not Record.objects.filter(type="class_title").exists()


# --- the mentor's duties ---------------------------------------------------------------------------------------------------


@pytest.mark.clause("JLU-3.3a")
def test_each_of_the_three_duties_without_an_entry_is_a_gap(school, call):
    application = house_jlu.active(school, call)
    duties = ("guidance_frontier", "guidance_method", "guidance_norms")
    assert all(owed(duty) == ["2026-09-04"] for duty in duties)
    with clock.travel("2026-09-05T09:00"):
        for duty in duties[:2]:
            done(enter(school.secretary, application, duty, "2026-06-01", mentor="江望舒", note="每月一次。"))
        ledger.run_due(clock.today())
        assert [owed(duty)[0] for duty in duties] == ["2027-03-04", "2027-03-04", "2026-09-04"]
        assert "学术规范教导" in main_of(school.secretary.page(application))


@pytest.mark.clause("JLU-3.3b")
def test_an_off_site_stage_is_confirmed_within_a_week_of_its_end(school, call):
    """Practice ends on 2027-12-31 and research on 2028-10-31, both away; nobody asks for the stages at home."""
    application = house_jlu.active(school, call)
    rows = LedgerEntry.objects.filter(kind="stage_supervision", done_at=None).order_by("due_on")
    assert [row.due_on.isoformat() for row in rows] == ["2028-01-07", "2028-11-07"]
    told = InboxMessage.objects.filter(user=school.secretary.membership.user, title__contains="实习实训")
    with clock.travel("2027-12-30T09:00"):
        ledger.run_due(clock.today())
        assert not told.exists()
    with clock.travel("2028-01-07T09:00"):
        ledger.run_due(clock.today())
        assert told.exists()
        entry = {"stage": "practice", "mentor": "江望舒", "note": "到机构检查两次。"}
        done(enter(school.secretary, application, "stage_supervision", "2028-01-07", **entry))
    assert [row.due_on.isoformat() for row in rows.all()] == ["2028-11-07"]


# --- who looks on from outside ----------------------------------------------------------------------------------------------


@pytest.mark.clause("JLU-2.3c")
def test_the_host_province_s_department_sees_its_institutions_alone(school, call):
    """Once it is approved, the department of Jiangsu sees it and notes what it finds; that of Zhejiang sees nothing."""
    jiangsu, zhejiang = department("江苏省教育厅", "320000"), department("浙江省教育厅", "330000")
    application = house_jlu.proposed(school, call)
    assert jiangsu.page(application).status_code == 404
    application = house_jlu.activated(school, application)
    near = house_jlu.active(school, call, place="220202")
    entry = {"topic": "safety", "finding": "实验室安全培训记录齐全。"}
    with clock.travel("2026-04-01T09:00"):
        assert jiangsu.page(application).status_code == 200
        assert jiangsu.page(near).status_code == zhejiang.page(application).status_code == 404
        done(enter(jiangsu, application, "host_supervision", "2026-04-01", **entry))
        assert "实验室安全培训记录齐全" in text_of(school.office.page(application))
        with unchanged(application):
            refused(enter(school.office, application, "host_supervision", "2026-04-01", **entry), "不由您的角色填写")
            refused(enter(jiangsu, application, "work_report", "2026-04-01", text="报告。"), "不由您的角色填写")
        assert zhejiang.do(
            application, "enter_record", {"on": "2026-04-01", **entry}, type="host_supervision"
        ).status_code in (403, 404)


# --- what the graduate school keeps over all of them -----------------------------------------------------------------------


@pytest.mark.clause("JLU-3.1a")
def test_the_overall_plan_lists_colleges_places_and_heads(school, call, office):
    """Three colleges, each with its place and its students; a draft is nobody's plan yet."""
    first = house_jlu.active(school, call)
    near = house_jlu.proposed(
        school, call, place="220202", students=[house_jlu.student("2025", number=f"20250{n}") for n in range(4)]
    )
    other = factories.college(school.university, "医学院")
    secretary = Person(factories.member(other, "secretary", factories.user("乐正")))
    elsewhere = house_jlu.draft(house_jlu.of_college(school, secretary), call, place="330100", origin="own")
    page = main_of(school.office.page(office))
    assert "医学院" not in page
    done(secretary.do(elsewhere, "submit"))
    page = main_of(school.office.page(office))
    assert "材料学院" in page and "医学院" in page and "2个学院，6名研究生" in page
    assert "江苏省苏州市" in page and "吉林省吉林市昌邑区" in page and "浙江省杭州市" in page
    assert fresh(first).state == "approved" and fresh(near).state == "reviewing"
    for person in (school.secretary, school.contact):
        assert person.page(office).status_code == 404
    with clock.travel("2027-04-01T09:00"):
        plan = {"year": "2027", "strategy": "东北振兴。", "disciplines": "材料、医学。", "integration": "产教融合。"}
        done(enter(school.office, office, "overall_plan", "2027-04-01", **plan))


@pytest.mark.clause("JLU-1.2c")
@pytest.mark.parametrize(
    ("note", "hit"),
    [
        ("培养地点：苏州", "苏州"),
        ("在深圳市研究院培养", "深圳"),
        ("联系人：长春校区研招办", ""),
        ("岚江大学", ""),
        ("", ""),
    ],
)
def test_a_brochure_lists_no_place_away(school, office, note, hit):
    entries = [{"programme": "材料与化工", "note": ""}, {"programme": "电子信息", "note": note}]
    with clock.travel("2026-09-01T09:00"):
        if not hit:
            done(enter(school.office, office, "brochure", "2026-09-01", year="2027", entries=entries))
            return
        with unchanged(office):
            answer = enter(school.office, office, "brochure", "2026-09-01", year="2027", entries=entries)
            refused(answer, "第2条", hit, clause="JLU-1.2c")
        named = [{"programme": f"材料与化工（{hit}）", "note": ""}]
        with unchanged(office):
            answer = enter(school.office, office, "brochure", "2026-09-01", year="2027", entries=named)
            refused(answer, "第1条", hit, clause="JLU-1.2c")


@pytest.mark.clause("JLU-3.5a")
@pytest.mark.parametrize(("found_on", "stands"), [("2022-11-30", False), ("2022-12-01", True), ("2027-04-01", True)])
def test_a_finding_names_its_article_and_was_made_since_the_opinion_took_effect(school, office, found_on, stands):
    """The version of this house has effect since 2022-12-01."""
    with clock.travel("2027-04-01T09:00"):
        plan = {
            "code": "ZX-2027-01",
            "college": str(school.college.pk),
            "scope": {"cohorts": {"checked": True, "remark": ""}},
            "team": [{"name": "温以宁", "post": "研究生院"}],
        }
        with unchanged(office):
            refused(enter(school.office, office, "inspection", "2027-04-01", **{**plan, "team": []}), clause="JLU-3.5a")
        done(enter(school.office, office, "inspection", "2027-04-01", **plan))
        entry = {
            "inspection": "ZX-2027-01",
            "college": str(school.college.pk),
            "article": "JLU-1.2b",
            "found_on": found_on,
            "text": "2022级研究生列入全过程安排。",
        }
        answer = enter(school.office, office, "finding", "2027-04-01", **entry)
        if not stands:
            refused(answer, "早于本意见施行日期", clause="JLU-3.5a")
            return
        done(answer)
        assert Record.objects.get(type="finding").code == "JLU-1.2b"
        assert "不得再招收研究生开展异地全过程培养" in text_of(school.office.page(office))
        with unchanged(office):
            refused(
                enter(school.office, office, "finding", "2027-04-01", **{**entry, "article": ""}), clause="JLU-3.5a"
            )


@pytest.mark.clause("JLU-3.5b")
@pytest.mark.parametrize(
    ("kind", "more", "stands"),
    [
        ("rectification", {}, False),
        ("rectification", {"deadline": "2027-06-30"}, True),
        ("quota_cut", {"percent": "20"}, True),
        ("withdrawal", {}, False),
        ("withdrawal", {"programme": "材料与化工"}, True),
        ("other", {}, False),
        ("other", {"kind_other": "通报批评"}, True),
    ],
)
def test_measures_are_an_open_list_chosen_by_circumstances(school, office, kind, more, stands):
    """No order among them (J-12); a rectification needs its last day (J-7), another measure its name."""
    entry = {
        "inspection": "ZX-2027-01",
        "college": str(school.college.pk),
        "kind": kind,
        "reason": "逾期未改。",
        **more,
    }
    with clock.travel("2027-07-01T09:00"):
        answer = enter(school.office, office, "measure", "2027-07-01", **entry)
        if stands:
            done(answer)
        else:
            refused(answer, clause="JLU-3.5b")
        assert Record.objects.filter(type="measure").exists() is stands


@pytest.mark.clause("JLU-3.5c")
def test_a_measure_against_a_person_is_the_graduate_school_s_alone(school, call, office):
    """On the page, in the log and in its export: nobody else of the university reads it, a college has no such page."""
    entry = {"person": "某某", "kind": "interview", "cause": "未履行备案职责。"}
    supervisor = Person(factories.member(school.university, "supervisor", factories.user("督导")))
    leader = Person(factories.member(school.university, "vice_president", factories.user("校领导")))
    with clock.travel("2027-07-01T09:00"):
        with unchanged(office):
            assert enter(supervisor, office, "person_measure", "2027-07-01", **entry).status_code in (403, 422)
        done(enter(school.office, office, "person_measure", "2027-07-01", **entry))
        log = f"/offices/{office.pk}/log/"
        assert "未履行备案职责" in text_of(school.office.page(office))
        assert "未履行备案职责" in text_of(school.office.get(log))
        for person in (supervisor, leader):
            for answer in (person.page(office), person.get(log), person.get(log, type="person_measure")):
                assert (
                    answer.status_code == 200
                    and "未履行备案职责" not in text_of(answer)
                    and "某某" not in text_of(answer)
                )
        for person in (school.secretary, school.dean, school.contact):
            assert person.page(office).status_code == person.get(log).status_code == 404


def test_records_of_other_regulations_stay_on_their_bases():
    """A regulation that knows bases keeps its records there: an application of it takes none."""
    made = house.xcu_school()
    application = house.xcu_draft(made, house.open_xcu_call(made))
    refused(enter(made.secretary, application, "exchange", "2026-03-01", what="互访"), "基地页面登记")
