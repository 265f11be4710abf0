"""S12, step 3 and 5: LCU's leading group and base office, what they keep, who comes and goes, the first student."""

from __future__ import annotations

import datetime as dt

import pytest

from bases.models import Office, Recognition
from casework.models import Record
from config.stories import agreements, lcu, placements
from config.stories import answers_lcu as said
from core import clock, ledger
from core.models import LedgerEntry
from regulations import services
from tests.scenarios import house, house_lcu
from tests.scenarios.house import done, fresh, main_of, refused, text_of, unchanged
from tests.tenants import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def school():
    with clock.travel("2026-03-01T09:00"):
        yield house_lcu.school(office=False)


@pytest.fixture
def office(school):
    with clock.travel("2026-03-01T09:30"):
        return house_lcu.opened(school, group=False)


def test_the_office_is_opened_once_by_its_keeper(school):
    with clock.travel("2026-03-01T09:00"):
        address, version = "/offices/open/", {"version": school.version.pk}
        for person in (school.recorder, school.secretary, school.contact):
            assert person.client.post(address, version).status_code == 403
        assert "启用“联培基地办公室”" in main_of(school.office.get("/bases/layout/"))
        assert "启用" not in main_of(school.secretary.get("/bases/layout/"))
        done(school.office.client.post(address, version))
        assert school.office.client.post(address, version).status_code == 403
        assert Office.objects.get().university == school.university
        assert "启用“" not in main_of(school.office.get("/bases/layout/"))
        for person in (school.secretary, school.contact):
            assert person.page(Office.objects.get()).status_code == 404


@pytest.mark.clause("LCU-7a")
@pytest.mark.parametrize("missing", ["vice_president", "graduate_office", "college"])
def test_a_leading_group_composed_as_the_rule_says(school, office, missing):
    """Vice-president, graduate office, heads of the colleges: without one of them it is not entered, and decides nothing."""
    members = [row for row in said.GROUP if row["party"] != missing]
    with clock.travel("2026-03-02T09:00"):
        with unchanged(office):
            entry = said.leading_group("2026-03-02", members=members)
            refused(school.office.do(office, "enter_record", entry, type="leading_group"), clause="LCU-7a")
        assert not Record.objects.exists()
        school.office.hand.record(office, "leading_group", said.leading_group("2026-03-02"))
        assert "裴振衣" in main_of(school.recorder.page(office))


@pytest.mark.clause("LCU-7a")
def test_no_decision_before_there_is_a_leading_group(school, office):
    with clock.travel("2026-03-01T10:00"):
        call = house_lcu.yearly_call(school)
    application = house_lcu.handled(school, call)
    with clock.travel("2026-06-15T16:00"):
        decision = house._uploads(lcu.written.meeting(lcu.GROUP, "2026年第1次", "2026-06-15"))
        with unchanged(application):
            refused(school.recorder.step(application, "leading_group", decision), "联培基地办公室", clause="LCU-7a")
        school.office.hand.record(office, "leading_group", said.leading_group("2026-06-15"))
        lcu.decided(school.recorder.hand, application, "2026年第1次", "2026-06-15")
    assert Recognition.objects.get().state == "pending"


@pytest.mark.clause("LCU-7b")
@pytest.mark.parametrize("duty", ["planning", "approval", "supervision", "reports"])
def test_the_four_duties_of_the_group_are_its_recorder_s_to_enter(school, office, duty):
    with clock.travel("2026-04-01T09:00"):
        entry = house._uploads(said.group_decision("2026-04-01", duty))
        with unchanged(office):
            refused(school.office.do(office, "enter_record", entry, type="group_decision"), clause="LCU-7b")
        school.recorder.hand.record(office, "group_decision", said.group_decision("2026-04-01", duty))
        log = f"/offices/{office.pk}/log/?type=group_decision&code="
        assert "2026年第2次" in main_of(school.office.get(log + duty))
        other = "reports" if duty != "reports" else "planning"
        assert "2026年第2次" not in main_of(school.office.get(log + other))


TASKS = ("规划布局", "制度设计", "统筹协调", "立项建设", "监督考核", "动态管理和准入退出", "研究生培养经费预算")


@pytest.mark.clause("LCU-8a")
def test_the_office_s_task_list_is_marked_with_days(school, office):
    with clock.travel("2026-04-01T09:00"):
        page = main_of(school.office.page(office))
        for task in TASKS:
            assert task in page
        assert page.count("尚未登记") == 8
        task = {"on": "2026-03-31", "task": "layout", "done": "完成三年布局调研。"}
        for person in (school.recorder,):
            with unchanged(office):
                refused(person.do(office, "enter_record", task, type="office_task"), clause="LCU-8a")
        done(school.office.do(office, "enter_record", task, type="office_task"))
        page = main_of(school.office.page(office))
        assert page.count("尚未登记") == 7 and "2026-03-31" in page and "段清扬" in page
        with unchanged(office):
            later = {**task, "on": "2026-04-02"}
            refused(school.office.do(office, "enter_record", later, type="office_task"), "发生日期不能晚于今天")


@pytest.fixture
def five(school, office):
    """Five bases in three colleges: two in force, two waiting for their agreement, one given up."""
    with clock.travel("2026-03-01T10:00"):
        school.office.hand.record(office, "leading_group", said.leading_group("2026-03-01"))
        call = house_lcu.yearly_call(school)
    third = factories.college(school.university, "计算机与人工智能学院")
    secretary = house.Person(factories.member(third, "secretary", factories.user("易知秋")))
    bases = []
    for number, who in enumerate((school.secretary, school.secretary, school.other_secretary, secretary, secretary)):
        unit = house.partner(f"第{number}实验学校")
        with clock.travel("2026-03-20T09:00"):
            given = said.proposal(f"第{number}联培基地", unit, house_lcu.EDUCATION, leader="单于飞", on="2026-03-20")
            application = lcu.submitted(who.hand, call, given)
            lcu.handled(school.office.hand, application)
        with clock.travel("2026-06-15T16:00"):
            bases.append(lcu.decided(school.recorder.hand, application, "2026年第1次", "2026-06-15"))
        if number in (0, 2):
            contact = house.Person(factories.member(unit, "contact", factories.user(f"联系人{number}")))
            with clock.travel("2026-09-01T09:00"):
                agreement = lcu.agreed(who.hand, bases[-1], "2026-09-01", "2029-08-31")
                agreements.confirmed(school.office.hand, contact.hand, agreement)
                agreements.signed(school.office.hand, agreement, "2026-09-01")
    with clock.travel("2026-10-01T09:00"):
        done(school.office.do(bases[4], "cancel", {"reason": "合作单位改制，不再共建。"}))
    return [fresh(base) for base in bases]


@pytest.mark.clause("LCU-8b")
def test_the_layout_shows_every_base_by_college_and_state(school, office, five, django_assert_max_num_queries):
    with clock.travel("2026-10-02T09:00"):
        page = main_of(school.office.get("/bases/layout/"))
        for base in five:
            assert base.base.name in page
        assert page.count("在建") == 2 and page.count("待生效") == 2 and page.count("已终止") >= 1
        education, history, computing = (
            page.index(name) for name in ("教育科学学院", "历史文化学院", "计算机与人工智能学院")
        )
        assert sorted((education, history, computing))[0] < page.index("第0联培基地")
        own = main_of(school.secretary.get("/bases/layout/"))
        assert "第0联培基地" in own and "第2联培基地" not in own
        for kind, entry in (
            ("layout_plan", said.layout_plan("2026-10-02", school.college)),
            ("policy", said.policy("2026-10-02")),
            ("supervision", said.supervision("2026-10-02")),
        ):
            school.office.hand.record(office, kind, entry)
        page = main_of(school.office.page(office))
        assert "2026—2029年" in page and "联培基地管理细则" in page and "抽查两个基地" in page
        with django_assert_max_num_queries(40):
            school.office.get("/bases/layout/")


@pytest.mark.clause("LCU-8c")
def test_entry_and_exit_lists_with_days_and_reasons(school, five):
    with clock.travel("2026-10-02T09:00"):
        entries = main_of(school.office.get("/bases/movements/?way=in"))
        assert "第0联培基地" in entries and "第2联培基地" in entries and "第1联培基地" not in entries
        exits = main_of(school.office.get("/bases/movements/?way=out"))
        assert "第4联培基地" in exits and "未达成协议" in exits and "2026-10-01" in exits
        assert "第0联培基地" not in exits
        assert "第4联培基地" not in main_of(school.office.get("/bases/movements/?way=out&year=2027"))
        assert "第4联培基地" in main_of(school.office.get("/bases/movements/?way=out&year=2026"))
        assert "第0联培基地" not in main_of(school.other_secretary.get("/bases/movements/?way=in"))
    with clock.travel("2029-09-01T09:00"):
        ledger.run_due(clock.today())
        if fresh(five[0]).state == "ended":
            assert "第0联培基地" in main_of(school.office.get("/bases/movements/?way=out&year=2029"))


@pytest.mark.clause("LCU-8d")
def test_a_budget_over_the_cap_is_saved_with_a_warning(school, office):
    cap = dt.date(2026, 3, 1)
    services.enter_setting(school.version, "budget.cap", school.university, "100000", cap, "财务处通知", name="段清扬")
    with clock.travel("2026-12-01T09:00"):
        school.office.hand.record(office, "budget", said.budget("2026-12-01", "2027", "60000", "40000"))
        assert "超过本校设定的上限" not in text_of(school.office.page(office))
        school.office.hand.record(office, "budget", said.budget("2026-12-01", "2028", "60000", "40001"))
        page = text_of(school.office.page(office))
        assert "预算合计100001元，超过本校设定的上限100000元" in page
        for missing in ("year", "lines"):
            entry = {**said.budget("2026-12-01", "2027", "1", "2"), missing: [] if missing == "lines" else ""}
            with unchanged(office):
                refused(school.office.do(office, "enter_record", entry, type="budget"), clause="LCU-8d")
        finance = house.Person(factories.member(school.university, "finance", factories.user("财务")))
        finance.hand.record(office, "budget", said.budget("2026-12-01", "2029", "1", "2"))
    assert not Record.objects.filter(type="budget", subject_kind="recognition").exists()


@pytest.mark.clause("LCU-8d")
def test_the_yearly_budget_is_owed(school, office):
    """From the day on which the office was opened, one each year; an entry settles its year."""
    with clock.travel("2026-12-01T09:00"):
        (owed,) = LedgerEntry.objects.filter(kind="record_due", done_at=None)
        assert (str(owed.due_on), owed.role) == ("2027-02-28", "graduate_office")
        school.office.hand.record(office, "budget", said.budget("2026-12-01", "2027", "1", "2"))
        owed.refresh_from_db()
        assert owed.done_at is not None


@pytest.mark.clause("LCU-8e")
@pytest.mark.parametrize("party", ["authority", "partner", "college"])
def test_liaison_is_logged_and_filtered_by_party(school, office, party):
    with clock.travel("2026-05-01T09:00"):
        for kind in ("authority", "partner", "college"):
            school.office.hand.record(office, "liaison", said.liaison("2026-04-30", kind, f"与{kind}商定事项"))
        page = main_of(school.office.get(f"/offices/{office.pk}/log/?type=liaison&code={party}"))
        assert f"与{party}商定事项" in page
        assert sum(f"与{kind}商定事项" in page for kind in ("authority", "partner", "college")) == 1
        for missing in ("who", "topic", "outcome", "party_kind"):
            with unchanged(office):
                entry = {**said.liaison("2026-04-30", party, "事项"), missing: ""}
                refused(school.office.do(office, "enter_record", entry, type="liaison"), clause="LCU-8e")


# --- on a base: its plan, who answers for it, what comes of it --------------------------------------------------------


@pytest.fixture
def base(school, office):
    with clock.travel("2026-03-01T10:00"):
        school.office.hand.record(office, "leading_group", said.leading_group("2026-03-01"))
    return house_lcu.active(school)


@pytest.mark.clause("LCU-4c")
def test_the_college_writes_the_plan_of_its_base(school, base):
    plan = {"on": "2026-09-02", "edition": "2026版", "text": "按年度推进课程、案例和导师队伍建设。"}
    with clock.travel("2026-09-02T09:00"):
        for person, status in ((school.other_secretary, 404), (school.recorder, 403)):
            assert person.do(base, "enter_record", plan, type="base_plan").status_code == status
        with unchanged(base):
            refused(school.office.do(base, "enter_record", plan, type="base_plan"), clause="LCU-4c")
        done(school.secretary.do(base, "enter_record", plan, type="base_plan"))
        assert "按年度推进课程" in text_of(school.office.page(base))


@pytest.mark.clause("LCU-22")
def test_the_register_of_outputs_by_kind(school, base):
    with clock.travel("2027-03-01T09:00"):
        for kind, name in (("staff", "骨干教师研修"), ("project", "双减评价课题"), ("project", "案例库研发")):
            school.secretary.hand.record(base, "output", said.output("2027-02-01", kind, name))
        page = text_of(school.office.page(base))
        for words in ("骨干教师研修", "双减评价课题", "案例库研发", "共同研发项目"):
            assert words in page
        assert Record.objects.filter(type="output", code="project").count() == 2
        assert not LedgerEntry.objects.filter(kind="output").exists()


def test_what_the_office_keeps_is_no_business_of_a_base_s_partner(school, office, base):
    with clock.travel("2026-12-01T09:00"):
        school.office.hand.record(office, "budget", said.budget("2026-12-01", "2027", "60000", "1"))
        for person in (school.contact, school.secretary, school.office):
            page = text_of(person.page(base))
            assert "联培基地年度经费预算" not in page and "60,000" not in page
        with unchanged(base):
            entry = said.budget("2026-12-01", "2027", "1", "2")
            refused(school.office.do(base, "enter_record", entry, type="budget"))


@pytest.mark.parametrize(
    ("missing", "kept", "clause"),
    [
        pytest.param("base_officer", "partner_manager", "LCU-9.1a", marks=pytest.mark.clause("LCU-9.1a")),
        pytest.param("partner_manager", "base_officer", "LCU-10.1", marks=pytest.mark.clause("LCU-10.1")),
    ],
)
def test_no_student_before_both_sides_have_named_who_answers(school, office, base, missing, kept, clause):
    """S12.5: without the college's officer, or the partner's manager, no stay begins; with both it does."""
    hands = [school.contact.hand, school.secretary.hand]
    with clock.travel("2026-09-05T09:00"):
        student = placements.student(school.secretary.hand, "90001", "米雪")
        placement = placements.planned(school.secretary.hand, base, student, ("2026-09-07", "2027-03-06"))
        placements.prepared(base, "2026-09-05", *hands, without=(missing,))
    with clock.travel("2026-09-07T09:00"):
        mentors = [
            factories.member(unit, role, factories.user(name))
            for unit, role, name in ((school.college, "mentor", "单于飞"), (school.partner, "base_mentor", "南宫澈"))
        ]
        placements.guided(school.secretary.hand, placement, *mentors)
        placements.insured(school.secretary.hand, placement, "2026-09-07", "2027-03-31")
        entry = {"entered_on": "2026-09-07"}
        refused(school.secretary.do(placement, "start", entry), clause=clause)
        placements.prepared(base, "2026-09-07", *hands, without=(kept,))
        done(school.secretary.do(placement, "start", entry))
        for address in ("/bases/layout/", office.get_absolute_url(), "/bases/movements/?way=in"):
            assert school.office.get(address).status_code == 200
    assert fresh(placement).state == "active"
