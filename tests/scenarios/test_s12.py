"""S12: a base under LCU, from the year's call to its first student, every act a request."""

from __future__ import annotations

import datetime as dt

import pytest

from applications.models import Application, Call
from bases.models import Agreement, Office, Recognition
from casework.models import Override
from config.stories import agreements, lcu
from config.stories import answers as written
from config.stories import answers_lcu as said
from core import clock
from core.door import chain
from core.models import Paper
from tests.papers_glue.reading import fetched, offers, whole
from tests.scenarios import house, house_lcu
from tests.scenarios.house import done, fresh, main_of, refused, text_of, unchanged

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
HOUSE = house_lcu  # whose `school` and `call` are meant (conftest)


def test_from_the_call_to_the_base_in_force(school):
    """The whole of S12's steps 1-4 on the scenario's days."""
    recognition = house_lcu.active(school)
    assert (recognition.state, str(recognition.decided_on)) == ("active", "2026-06-15")
    assert (str(recognition.starts_on), str(recognition.ends_on)) == ("2026-09-01", "2029-08-31")
    assert list(chain.breaks()) == []


# --- 1: the year's call -------------------------------------------------------------------------------------------------


@pytest.mark.clause("LCU-4a")
def test_one_round_a_year(school, call):
    with clock.travel("2026-03-01T10:00"):
        second = house_lcu.planned_call(school, title="2026年第二次立项")
        with unchanged(second):
            refused(school.office.do(second, "open"), "每年进行一次", clause="LCU-4a")
    with clock.travel("2027-03-01T09:00"):
        done(school.office.do(house_lcu.planned_call(school, 2027), "open"))


@pytest.mark.clause("LCU-4a")
@pytest.mark.parametrize("missing", ["demand_discipline", "demand_goal", "demand_talent"])
def test_a_project_says_what_it_rests_on(school, call, missing):
    """Discipline, training goal, demand of trade and region: each of the three."""
    with clock.travel("2026-03-20T09:00"):
        application = house_lcu.draft(school, call, **{missing: ""})
        with unchanged(application):
            refused(school.secretary.do(application, "submit"), clause="LCU-4a")
        done(school.secretary.fill(application, "proposal", house_lcu.answers(school)))
        done(school.secretary.do(application, "submit"))


@pytest.mark.clause("LCU-4a")
def test_school_and_colleges_seek_partners(school, call):
    """Both may hand a project in; a partner unit may not, and nobody can of another university."""
    with clock.travel("2026-03-20T09:00"):
        for person in (school.secretary, school.office):
            assert call.title in main_of(person.get("/applications/start/"))
            done(person.client.post("/applications/start/", {"call": call.pk, "title": "某基地"}))
        assert school.contact.client.post("/applications/start/", {"call": call.pk, "title": "某"}).status_code == 403
        own, theirs = Application.objects.order_by("pk")
        assert (own.college, theirs.college, theirs.university) == (school.college, None, school.university)
        stranger = house_lcu.school()
        assert stranger.office.get("/applications/start/").status_code == 403


# --- 2: the conditions --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "blank",
    [
        *(
            pytest.param(
                {"partner_points": written.ticks(*(each for each in said.POINTS if each != point))},
                marks=pytest.mark.clause("LCU-6.1"),
                id=f"LCU-6.1 {point}",
            )
            for point in said.POINTS
        ),
        pytest.param({"funds_evidence": None}, marks=pytest.mark.clause("LCU-6.1"), id="LCU-6.1 proof of funds"),
        pytest.param({"basis": []}, marks=pytest.mark.clause("LCU-6.2"), id="LCU-6.2 none of the three"),
        pytest.param({"basis_evidence": None}, marks=pytest.mark.clause("LCU-6.2"), id="LCU-6.2 proof"),
        pytest.param({"plan": ""}, marks=pytest.mark.clause("LCU-6.2"), id="LCU-6.2 plan"),
        pytest.param({"platform": ""}, marks=pytest.mark.clause("LCU-6.3"), id="LCU-6.3 platform"),
        pytest.param(
            {"staff": [{"name": "褚望", "rank": "middle", "title": "一级教师"}]},
            marks=pytest.mark.clause("LCU-6.3"),
            id="LCU-6.3 nobody senior",
        ),
        pytest.param({"methods": []}, marks=pytest.mark.clause("LCU-6.3"), id="LCU-6.3 methods"),
    ],
)
def test_a_condition_left_open_is_refused(school, call, blank, request):
    clause = request.node.callspec.id.split()[0]
    with clock.travel("2026-03-20T09:00"):
        application = house_lcu.draft(school, call, **blank)
        with unchanged(application):
            refused(school.secretary.do(application, "submit"), clause=clause)
        done(school.secretary.fill(application, "proposal", house_lcu.answers(school)))
        done(school.secretary.do(application, "submit"))
    assert fresh(application).state == "reviewing"


@pytest.mark.clause("LCU-6.2")
@pytest.mark.parametrize("ground", ["joint_project", "results", "training"])
def test_one_of_the_three_grounds_is_enough(school, call, ground):
    application = house_lcu.submitted(school, call, basis=[ground])
    assert application.state == "reviewing"


def test_the_official_print_of_the_project(school, call):
    """Every answer stands in it; it says 立项 and never the word of another regulation."""
    application = house_lcu.handled(school, call)
    with clock.travel("2026-06-02T09:00"):
        paper = Paper.objects.get(case_kind="application", kind="application", voided_at=None)
        assert paper.title == "研究生联合培养基地建设项目申报材料"
        (address,) = (url for title, url in offers(school.office, application).items() if "含办理意见" in title)
        printed = whole(fetched(school.office, address))
    for words in (house_lcu.NAME, "0451", "南宫澈", "正高级教师", "已联合承担过科研项目", "联培基地办公室意见："):
        assert words in printed, words
    assert "100,000.00" in printed and "认定" not in printed


# --- 3: the leading group -----------------------------------------------------------------------------------------------


@pytest.mark.clause("LCU-7b")
def test_the_leading_group_decides_through_its_recorder(school, call):
    """The base office alone cannot approve (403); the recorder enters what the group decided."""
    application = house_lcu.handled(school, call)
    decision = house._uploads(written.meeting(lcu.GROUP, "2026年第1次", "2026-06-15"))
    with clock.travel("2026-06-15T16:00"):
        for person in (school.office, school.secretary, school.dean):
            with unchanged(application):
                assert person.step(application, "leading_group", decision).status_code == 403
        assert house_lcu.NAME in text_of(school.recorder.get("/todos/"))
        for missing in ("session", "decided_on", "minutes"):
            given = {**house._uploads(written.meeting(lcu.GROUP, "2026年第1次", "2026-06-15")), missing: ""}
            with unchanged(application):
                refused(school.recorder.step(application, "leading_group", given))
        lcu.decided(school.recorder.hand, application, "2026年第1次", "2026-06-15")
    assert fresh(application).state == "approved"
    recognition = Recognition.objects.get()
    assert (recognition.state, str(recognition.decided_on)) == ("pending", "2026-06-15")


@pytest.mark.clause("LCU-4c")
def test_colleges_carry_out_and_the_school_manages(school, call):
    """A college edits the plan of the base it proposes; it approves nothing, and another college does not even see it."""
    with clock.travel("2026-03-20T09:00"):
        application = house_lcu.draft(school, call)
        done(school.secretary.fill(application, "proposal", house_lcu.answers(school, goals="修改后的建设目标。")))
        assert "修改后的建设目标" in main_of(school.secretary.get(f"{application.get_absolute_url()}forms/proposal/"))
        assert school.other_secretary.page(application).status_code == 404
        done(school.secretary.do(application, "submit"))
        for key in ("office_handling", "leading_group"):
            with unchanged(application):
                assert school.secretary.step(application, key, said.handling()).status_code == 403


def test_a_project_goes_back_for_correction_and_is_turned_down_for_good(school, call):
    application = house_lcu.submitted(school, call)
    with clock.travel("2026-04-01T09:00"):
        back = {"opinion": "请补充合作计划。", "outcome": "negative", "correct_by": "2026-04-10"}
        done(school.office.step(application, "office_handling", {**said.handling(), **back}, outcome="negative"))
        assert (fresh(application).state, fresh(application).round) == ("draft", 2)
    second = house_lcu.handled(school, call, base_name="盐道博物馆联培基地")
    with clock.travel("2026-06-15T16:00"):
        refusal = house._uploads(written.meeting(lcu.GROUP, "2026年第1次", "2026-06-15"))
        done(school.recorder.step(second, "leading_group", {**refusal, "opinion": "不予立项。"}, outcome="negative"))
    assert fresh(second).state == "rejected" and not Recognition.objects.exists()


# --- 4: the agreement and the construction period -------------------------------------------------------------------


@pytest.fixture
def base(school, call):
    return house_lcu.approved(school, call)


@pytest.mark.clause("LCU-5a")
@pytest.mark.parametrize("blank", ["content", "mode", "rights_duties"])
def test_an_agreement_says_content_mode_rights_and_duties(school, base, blank):
    with clock.travel("2026-09-01T09:00"):
        agreement = _drafted(school, base, **{blank: ""})
        with unchanged(agreement):
            refused(school.secretary.do(agreement, "submit"), clause="LCU-5a")
        done(school.secretary.fill(agreement, "agreement", said.agreement("2026-09-01", "2029-08-31")))
        done(school.secretary.do(agreement, "submit"))


def _drafted(school, base, term=("2026-09-01", "2029-08-31"), **changes) -> Agreement:
    done(school.secretary.client.post(f"/bases/{base.pk}/agreement/", {"type": "new"}))
    agreement = Agreement.objects.get()
    done(school.secretary.fill(agreement, "agreement", said.agreement(*term, **changes)))
    return fresh(agreement)


@pytest.mark.clause("LCU-5b")
@pytest.mark.parametrize(
    ("end", "generally"),
    [("2029-08-30", False), ("2029-08-31", True), ("2029-09-01", False), ("2028-08-31", False)],
)
def test_a_term_of_three_years_generally(school, base, end, generally):
    """Another one needs the base office's word, with the reason; the auditor reads it."""
    with clock.travel("2026-09-01T09:00"):
        agreement = _drafted(school, base, ("2026-09-01", end))
        if generally:
            done(school.secretary.do(agreement, "submit"))
            return
        with unchanged(agreement):
            refused(school.secretary.do(agreement, "submit"), clause="LCU-5b")
        reason = "合作单位搬迁，先签至搬迁之日。"
        done(school.secretary.do(agreement, "request_override", {"rule": "agreement_term", "reason": reason}))
        override = Override.objects.get()
        assert school.secretary.do(override, "grant", {"reason": "同意"}).status_code in (403, 404)
        done(school.office.do(override, "grant", {"reason": "情况属实，同意例外。"}))
        done(school.secretary.do(agreement, "submit"))
    assert fresh(agreement).state == "checking"


@pytest.mark.clause("LCU-4b")
@pytest.mark.parametrize(
    ("start", "end"), [("2026-09-01", "2029-08-31"), ("2028-02-29", "2031-02-28"), ("2027-01-01", "2029-12-31")]
)
def test_three_years_of_construction_from_the_day_the_agreement_has_effect(school, base, start, end):
    """The day after the signature counts where the text says so, not the day of the signature."""
    eve = (dt.date.fromisoformat(start) - dt.timedelta(days=1)).isoformat()
    with clock.travel(f"{eve}T09:00"):
        agreement = lcu.agreed(school.secretary.hand, base, start, end)
        agreements.confirmed(school.office.hand, school.contact.hand, agreement)
    with clock.travel(f"{start}T09:00"):
        signature = {**house.signature(eve), "effective_on": start}
        done(school.office.do(agreement, "record_signature", signature))
    recognition = fresh(base)
    assert (str(recognition.starts_on), str(recognition.ends_on)) == (start, end)
    assert start in text_of(school.secretary.page(recognition)) and end in text_of(school.secretary.page(recognition))


# --- 5: what the base office sees ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["2026-09-05"])
def test_the_base_office_sees_layout_entry_budget_and_liaison(school, day):
    """S12.5: the base by college and state, in the list of entries with its day, the budget's line, the liaison log; none
    of it is another's but the layout and the entry, which a college reads of its own bases."""
    recognition = house_lcu.active(school)
    page = Office.objects.get()
    with clock.travel(f"{day}T09:00"):
        hand = school.office.hand
        hand.record(page, "layout_plan", said.layout_plan(day, school.college))
        hand.record(page, "budget", said.budget(day, "2027", "60000", "40000"))
        hand.record(page, "liaison", said.liaison(day, "partner", "商定实践课程安排"))
        layout = main_of(school.office.get("/bases/layout/"))
        assert layout.index("教育科学学院") < layout.index(house_lcu.NAME) and "在建" in layout
        entries = main_of(school.office.get("/bases/movements/?way=in&year=2026"))
        assert house_lcu.NAME in entries and "2026-09-01" in entries
        kept = main_of(school.office.page(page))
        assert "60,000" in kept and "40,000" in kept and "2026—2029年" in kept
        log = main_of(school.office.get(f"/offices/{page.pk}/log/?type=liaison&code=partner"))
        assert "商定实践课程安排" in log
        assert house_lcu.NAME in main_of(school.secretary.get("/bases/layout/"))
        assert house_lcu.NAME not in main_of(school.other_secretary.get("/bases/layout/"))
        for person in (school.secretary, school.contact):
            assert person.page(page).status_code == 404
    assert fresh(recognition).state == "active"


def test_nobody_reads_the_word_of_another_regulation(school):
    """LCU says 立项: not one page or list of its people says 认定."""
    recognition = house_lcu.active(school)
    application = Application.objects.get()
    with clock.travel("2026-09-02T09:00"):
        for person in (school.office, school.recorder, school.secretary, school.contact):
            addresses = ["/", "/applications/", "/calls/", "/bases/", "/agreements/", "/regulations/"]
            addresses += [case.get_absolute_url() for case in (recognition, application, Call.objects.get())]
            for address in addresses:
                answer = person.get(address)
                assert answer.status_code == 200 or (address == "/calls/" and answer.status_code == 403), address
                assert "认定" not in text_of(answer), (person.membership.role, address)
