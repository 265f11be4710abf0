"""S03: a clinical base under CZMC, filed by the hospital or by the graduate office: the national qualification, the visit of
on-campus experts, the president's office meeting; every act a request."""

from __future__ import annotations

import pytest

from applications.models import Application
from casework.models import Assignment
from config.stories import agreements, czmc, panels
from config.stories import answers as written
from core import clock
from core.door import chain
from tests.scenarios import house, house_czmc
from tests.scenarios.house import done, fresh, main_of, refused, text_of, unchanged
from tests.tenants import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
HOUSE = house_czmc  # whose `school` and `call` are meant (conftest)

NAME = house_czmc.NAME
CLINICAL = {"specialty_code": "1051", "specialty": "临床医学"}


@pytest.fixture
def taken_up(school, call):
    """The hospital has applied, the graduate office has taken it up: the panel is open."""
    with clock.travel("2026-05-01T09:00"):
        application = house_czmc.applied(school, call, **CLINICAL, **written.NATIONAL)
        czmc.taken_up(school.office.hand, application, school.clinical)
    return fresh(application)


# --- 1, 2: the qualification -------------------------------------------------------------------------------------------


def begun(school, call, **given):
    done(school.contact.client.post("/applications/start/", {"call": call.pk, "title": NAME}))
    application = Application.objects.latest("pk")
    done(school.contact.fill(application, "application", house_czmc.answers(school, **given)))
    return application


@pytest.mark.clause("CZMC-2.2.1b")
def test_a_clinical_base_holds_the_national_qualification(school, call):
    """Number, proof and a day that has not passed; the same hospital is not asked for it where it files for nursing."""
    with clock.travel("2026-04-01T09:00"):
        application = begun(school, call, **CLINICAL)
        assert fresh(application).track == "clinical"
        with unchanged(application):
            refused(school.contact.do(application, "submit"), "资质有效期至", clause="CZMC-2.2.1b")
        national = house._uploads(written.NATIONAL)
        for missing in ("residency_number", "residency_file"):
            given = {**house._uploads(written.NATIONAL), **CLINICAL, missing: ""}
            done(school.contact.fill(application, "application", house_czmc.answers(school, **given)))
            with unchanged(application):
                refused(school.contact.do(application, "submit"), clause="CZMC-2.2.1b")
    with clock.travel("2026-05-01T09:00"):
        given = {**national, **CLINICAL}
        late = house_czmc.answers(school, **{**given, "residency_valid_to": "2026-04-30"})
        done(school.contact.fill(application, "application", late))
        with unchanged(application):
            refused(school.contact.do(application, "submit"), clause="CZMC-2.2.1b")
        today = house_czmc.answers(school, **{**CLINICAL, **house._uploads(written.NATIONAL)})
        done(school.contact.fill(application, "application", {**today, "residency_valid_to": "2026-05-01"}))
        done(school.contact.do(application, "submit"))
        nursing = begun(school, call)
        assert fresh(nursing).track == "voluntary"
        done(school.contact.do(nursing, "submit"))
    assert (fresh(application).track, fresh(application).state) == ("clinical", "recommending")


@pytest.mark.clause("CZMC-3.1")
def test_the_specialty_chooses_the_way_of_who_volunteers(school, call):
    """Nursing goes the volunteer's way, clinical medicine the clinical one (C-1); the priority of who volunteers stays."""
    with clock.travel("2026-05-01T09:00"):
        application = begun(school, call, **CLINICAL, **house._uploads(written.NATIONAL))
        assert "临床医学" in main_of(school.contact.page(application))
        done(school.contact.fill(application, "application", house_czmc.answers(school)))
        assert fresh(application).track == "voluntary"
        again = house_czmc.answers(school, **CLINICAL, **house._uploads(written.NATIONAL))
        done(school.contact.fill(application, "application", again))
        assert fresh(application).track == "clinical"
        done(school.contact.do(application, "submit"))
        application = fresh(application)
        assert [step.key for step in application.steps()] == [
            "unit_seal",
            "assign_colleges",
            "expert_visit",
            "office_review",
            "president_meeting",
        ]
        assert [tag["clause"] for tag in application.priority] == ["CZMC-2.2.3b"]
        own = czmc.selected(
            school.office.hand, call, "研究生处遴选的基地", house_czmc.clinical_answers(school, "2026-05-01")
        )
        assert own.priority == [] and own.filed_by == "university"
        assert {step.key: step.state for step in own.steps()}["unit_seal"] == "skipped"


# --- 3: the visit --------------------------------------------------------------------------------------------------------


def assign(school, application, expert, on="2026-05-15"):
    chosen = {"expert": str(expert.membership.pk), "closes_on": on}
    return school.office.do(application, "assign_expert", chosen, step="expert_visit")


@pytest.mark.clause("CZMC-3.4a")
def test_on_campus_experts_visit(school, taken_up):
    """Nobody from outside, nobody of the hospital's; all of the panel say what they think before the visit closes."""
    office, (first, second) = school.office, school.experts
    outsider = house.expert(school.university, "外校专家")
    employed = house.expert(school.university, "院内专家", school.partner)
    with clock.travel("2026-05-14T09:00"):
        assert "应回避" in text_of(
            office.get(f"{taken_up.get_absolute_url()}do/assign_expert/?step={panel(taken_up).pk}")
        )
        with unchanged(taken_up):
            refused(assign(school, taken_up, outsider), "校内外", clause="CZMC-3.4a")
        with unchanged(taken_up):
            refused(assign(school, taken_up, employed), "应当回避", "城东医院", clause="CZMC-3.4a")
        with unchanged(taken_up):
            refused(
                office.step(taken_up, "expert_visit", written.visit("2026-05-14")), "评审专家0人", clause="CZMC-3.4a"
            )
        for expert in (first, second):
            done(assign(school, taken_up, expert))
    with clock.travel("2026-05-15T15:00"):
        panels.heard(first.hand, taken_up, step="expert_visit", opinion=written.VISIT_OPINION)
        with unchanged(taken_up):
            refused(office.step(taken_up, "expert_visit", written.visit("2026-05-15")), "伍行舟", clause="CZMC-3.4a")
        mine = Assignment.objects.get(expert=second.membership.user)
        done(second.do(taken_up, "promise", written.PROMISE, step=mine.pk))
        refused(second.do(taken_up, "give_opinion", {"verdict": "fit", "text": ""}, step=mine.pk), clause="CZMC-3.4a")
        done(second.do(taken_up, "give_opinion", written.VISIT_OPINION, step=mine.pk))
        for missing in ("visited_on", "members", "findings", "assessment"):
            with unchanged(taken_up):
                refused(office.step(taken_up, "expert_visit", {**written.visit("2026-05-15"), missing: ""}))
        with unchanged(taken_up):
            refused(office.step(taken_up, "expert_visit", written.visit("2026-05-16")), "晚于今天", clause="CZMC-3.2b")
        done(office.step(taken_up, "expert_visit", written.visit("2026-05-15")))
    assert [step.key for step in taken_up.open_steps()] == ["office_review"]


def panel(application):
    return fresh(application).steps().get(key="expert_visit")


def test_an_expert_of_a_college_is_on_campus_but_not_of_the_one_named(school, taken_up):
    """Who is employed by a college of the university is on campus; the college named for the base does not assess it."""
    of_nursing = house.expert(school.university, "护理学院专家", school.college)
    of_clinical = house.expert(school.university, "临床学院专家", school.clinical)
    with clock.travel("2026-05-14T09:00"):
        with unchanged(taken_up):
            refused(assign(school, taken_up, of_clinical), "第一临床医学院", clause="CZMC-3.4a")
        done(assign(school, taken_up, of_nursing))


def test_the_least_number_of_experts_is_the_schools_to_say(school, taken_up):
    """Silent: one suffices; where the school wrote two, two."""
    admin = house.Person(factories.member(school.university, "admin", factories.user("管理员")))
    address = f"/regulations/CZMC/{school.version.number}/settings/visit.min_experts/"
    with clock.travel("2026-05-15T09:00"):
        done(admin.client.post(address, {"value": "2", "from_on": "2026-05-15", "reason": "通知"}))
        panels.assigned(school.office.hand, taken_up, school.experts[0].hand, "2026-05-15", step="expert_visit")
        panels.heard(school.experts[0].hand, taken_up, step="expert_visit", opinion=written.VISIT_OPINION)
        with unchanged(taken_up):
            refused(school.office.step(taken_up, "expert_visit", written.visit("2026-05-15")), "至少2人")
        panels.assigned(school.office.hand, taken_up, school.experts[1].hand, "2026-05-15", step="expert_visit")
        panels.heard(school.experts[1].hand, taken_up, step="expert_visit", opinion=written.VISIT_OPINION)
        done(school.office.step(taken_up, "expert_visit", written.visit("2026-05-15")))


# --- 4, 5, 6: the meeting decides ------------------------------------------------------------------------------------------


@pytest.mark.clause("CZMC-3.4b")
def test_the_presidents_meeting_decides_and_nobody_else(school, taken_up):
    """The vice-president has no such act; the graduate office tables it first; the minutes say what was decided."""
    with clock.travel("2026-05-15T09:00"):
        czmc.seen_by_experts(school.office.hand, taken_up, [expert.hand for expert in school.experts], "2026-05-15")
        meeting = house.meeting("校长办公会", "2026年第9次", "2026-05-15")
        with unchanged(taken_up):
            answer = school.recorder.step(taken_up, "president_meeting", meeting)
            refused(answer, "“研究生处审核”尚未办结", clause="CZMC-3.2c")
    with clock.travel("2026-05-25T09:00"):
        czmc.reviewed(school.office.hand, taken_up)
        assert NAME in main_of(school.recorder.get("/agenda/"))
        step = fresh(taken_up).steps().get(key="president_meeting").pk
        meeting = house.meeting("校长办公会", "2026年第9次", "2026-05-25")
        for person in (school.vice_president, school.other_secretary, school.contact):
            with unchanged(taken_up):
                assert (
                    person.do(taken_up, "act_on_step", {"outcome": "positive", **meeting}, step=step).status_code == 403
                )
        assert "vice_president" not in {row.key for row in taken_up.steps()}
        for missing in ("session", "decided_on", "resolution", "minutes"):
            given = house.meeting("校长办公会", "2026年第9次", "2026-05-25")
            del given[missing]
            with unchanged(taken_up):
                refused(school.recorder.step(taken_up, "president_meeting", given))
    with clock.travel("2026-06-02T16:00"):
        recognition = czmc.decided(school.recorder.hand, taken_up, "2026年第9次", "2026-06-02")
    assert fresh(taken_up).state == "approved" and str(recognition.decided_on) == "2026-06-02"
    assert (recognition.college, recognition.partner) == (school.clinical, school.partner)


def test_a_negative_decision_ends_it(school, taken_up):
    with clock.travel("2026-05-25T09:00"):
        czmc.seen_by_experts(school.office.hand, taken_up, [expert.hand for expert in school.experts], "2026-05-25")
        czmc.reviewed(school.office.hand, taken_up)
        given = {**house.meeting("校长办公会", "2026年第9次", "2026-05-25"), "opinion": "床位不足。"}
        done(school.recorder.step(taken_up, "president_meeting", given, outcome="negative"))
        assert fresh(taken_up).state == "rejected"
        assert "床位不足。" in text_of(school.contact.page(taken_up))


def test_from_the_hospital_to_the_school_s_signature(school, taken_up):
    """S03 to its end: the map says nothing of clinical bases, so no agreement; then the school signs."""
    with clock.travel("2026-05-15T09:00"):
        czmc.seen_by_experts(school.office.hand, taken_up, [expert.hand for expert in school.experts], "2026-05-15")
        czmc.reviewed(school.office.hand, taken_up)
    with clock.travel("2026-06-02T16:00"):
        recognition = czmc.decided(school.recorder.hand, taken_up, "2026年第9次", "2026-06-02")
    with clock.travel("2026-06-10T09:00"):
        follow = f"/bases/{recognition.pk}/agreement/"
        refused(school.other_secretary.client.post(follow, {"type": "new"}), clause="CZMC-4.1a")  # nobody has said who
        school.named(college="college", voluntary="college")
        refused(school.other_secretary.client.post(follow, {"type": "new"}), "临床医学的基地", clause="CZMC-4.1a")
        school.named(clinical="university")
        office, contact, secretary = school.office.hand, school.contact.hand, school.other_secretary.hand
        agreement = czmc.agreed(secretary, recognition, "2026-06-10", "2031-06-09", "2026-06-03")
        assert [party.name for party in agreement.parties.all()] == ["望川医科大学", "城东医院"]
        agreements.confirmed(office, contact, agreement)
        czmc.distributed(office, contact, secretary, agreement, "2026-06-10")
        agreements.signed(office, agreement, "2026-06-10")
        czmc.filed(office, recognition, "2026-06-10")
    assert (fresh(agreement).state, fresh(recognition).state) == ("signed", "active")
    assert list(chain.breaks()) == []
