"""Steps of persons, units chosen on the way, silence, confirmations that lapse, waiting for other cases.

Every test runs on a profile of its own, written here as data: no regulation of the house has all of this.
"""

from __future__ import annotations

import datetime as dt

import pytest

from applications.services.starting import plan_call, start_application
from bases.services import draft_agreement
from casework.models import Step
from casework.queries import actable_steps
from core import clock, ledger, outbox
from core.models import InboxMessage, LedgerEntry, TransitionLog
from portal.todos import todos
from regulations import services
from regulations.loader import load_data
from tenants.services import members
from tests.scenarios import house
from tests.scenarios.house import Person, done, fresh, refused, sent, text_of, unchanged
from tests.scenarios.test_sixth_profile import local, profile
from tests.tenants import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def step(key, unit="university", role="graduate_office", kind="endorse", stage="recommending", **more) -> dict:
    return local(key=key, title=f"环节{key}", stage=stage, kind=kind, unit=unit, role=role, **more)


LAST = step("last", role="vice_president", stage="deciding")


class School:
    """A university with two applicants in one college, two colleges more, and a department above."""

    def __init__(self, *route, level="school"):
        content = profile()
        content["routes"]["application"] = [*route, LAST]
        content["head"]["level"] = local(value=level)
        content["recognition"]["level"] = local(value=level)
        content["rules"] = []
        if not any(one.get("form") == "check" for one in route):
            del content["forms"]["check"]
        loaded = load_data(content)
        assert not loaded.faults, [str(fault) for fault in loaded.faults]
        self.version = services.publish(services.store(loaded)[0])
        self.department = factories.department("某省教育厅")
        self.university = factories.university(self.department, name="第七大学")
        self.college, self.second, self.third = (
            factories.college(self.university, name) for name in ("一学院", "二学院", "三学院")
        )
        self.unit = house.partner("某企业", "enterprise")
        for name, role, where in (
            ("officer", "officer", self.department),
            ("admin", "admin", self.university),
            ("office", "graduate_office", self.university),
            ("finance", "finance", self.university),
            ("support", "support", self.university),
            ("vice", "vice_president", self.university),
            ("secretary", "secretary", self.college),
            ("first", "applicant", self.college),
            ("other", "applicant", self.college),
            ("dean2", "dean", self.second),
            ("dean3", "dean", self.third),
            ("contact", "contact", self.unit),
        ):
            setattr(self, name, Person(factories.member(where, role)))
        runs = self.officer if level == "provincial" else self.office
        self.call = plan_call(
            runs.membership,
            version=self.version,
            title="遴选",
            year=2027,
            opens_at=clock.aware("2027-03-01"),
            closes_at=clock.aware("2027-12-31"),
        )
        done(runs.do(self.call, "open"))

    def submitted(self, by: Person | None = None, name="基地"):
        """An application that `by` began, handed in by the secretary."""
        by = by or self.first
        application = start_application(by.membership, fresh(self.call), title=name)
        answers = {"base_name": name, "partner": str(self.unit.pk), "places": "3", "leader": "某人"}
        done(by.fill(application, "sheet", answers))
        done(self.secretary.do(application, "submit"))
        return fresh(application)


@pytest.fixture(autouse=True)
def _march():
    with clock.travel("2027-03-01T09:00"):
        yield


def row(case, key, **more) -> Step:
    return fresh(case).steps().get(key=key, **more)


def titles(person: Person) -> set[str]:
    """What waits for somebody, as the page of to-dos lists it."""
    page = text_of(person.get("/todos/"))
    return {name for name in ("甲基地", "乙基地") if name in page}


# --- persons ------------------------------------------------------------------------------------------------------

OWN = step("own", "college", "applicant", person="initiator", due={"days": 10, "local": True})


def test_two_people_of_one_role_each_see_are_reminded_of_and_do_their_own():
    school = School(OWN)
    mine, theirs = school.submitted(school.first, "甲基地"), school.submitted(school.other, "乙基地")
    assert row(mine, "own").assignee == school.first.membership
    assert titles(school.first) == {"甲基地"} and titles(school.other) == {"乙基地"}
    for person, word in ((school.first, "甲基地"), (school.other, "乙基地")):
        told = InboxMessage.objects.filter(user=person.membership.user, title__contains="环节own")
        assert [word in message.body for message in told] == [True]
    # the bulk list of what may be acted on, and the count on the home page

    assert set(actable_steps(school.first.membership)) == {row(mine, "own")}
    assert (todos(school.first.membership).total, todos(school.other.membership).total) == (1, 1)
    # the other's is refused, by its page and by a forged post
    with unchanged(theirs):
        answer = school.first.step(theirs, "own", {"opinion": "同意"})
        assert answer.status_code == 403 and "由" in text_of(answer)
        assert school.secretary.step(theirs, "own", {"opinion": "同意"}).status_code == 403
    assert f"do/act_on_step/?step={row(theirs, 'own').pk}" not in text_of(school.first.page(theirs))
    # reminded of their own, once
    outbox.drain()
    assert ledger.run_due(dt.date(2027, 3, 9))["reminded"] == 2
    assert ledger.run_due(dt.date(2027, 3, 9))["reminded"] == 0
    reminders = InboxMessage.objects.filter(title__contains="到期提醒")
    assert {(one.user_id, "甲基地" in one.title + one.body) for one in reminders} == {
        (school.first.membership.user_id, True),
        (school.other.membership.user_id, False),
    }
    done(school.other.step(theirs, "own", {"opinion": "同意"}))
    assert fresh(theirs).state == "deciding" and fresh(mine).state == "recommending"


def test_a_step_handed_over_is_the_others_from_then_on():
    school = School(OWN)
    case = school.submitted(school.first, "甲基地")
    own = row(case, "own")
    stranger = Person(factories.member(school.second, "applicant"))
    with unchanged(case):
        answers = {"to": str(stranger.membership.pk), "reason": "出差，由同事办理"}
        refused(school.first.do(case, "hand_over_step", answers, step=own.pk))
        assert school.other.do(case, "hand_over_step", answers, step=own.pk).status_code == 403
    answers = {"to": str(school.other.membership.pk), "reason": "出差，由同事办理"}
    done(school.first.do(case, "hand_over_step", answers, step=own.pk))
    assert titles(school.first) == set() and titles(school.other) == {"甲基地"}
    assert LedgerEntry.objects.get(key=f"step:{own.pk}").membership_id == school.other.membership.pk
    line = TransitionLog.objects.get(case_kind="application", transition="hand_over_step")
    assert (line.step_key, line.facts["to"], line.reason) == ("own", school.other.membership.name, answers["reason"])
    assert school.first.step(case, "own", {"opinion": "同意"}).status_code == 403
    done(school.other.step(case, "own", {"opinion": "同意"}))


def test_a_leavers_steps_go_to_the_successor_and_without_one_to_the_role():
    school = School(OWN)
    mine, second = school.submitted(school.first, "甲基地"), school.submitted(school.first, "乙基地")
    page = f"/organisation/members/{school.first.membership.pk}/"
    assert "甲基地" in text_of(school.admin.get(page))
    assert school.admin.client.post(page, {"act": "end", "leave-reason": "调离"}).status_code == 302
    assert titles(school.other) == {"甲基地", "乙基地"}, "left behind: the role's until somebody takes them over"
    third = Person(factories.member(school.college, "applicant"))
    answer = school.admin.client.post(page, {"act": "hand_over", "pass-to": school.other.membership.pk})
    assert answer.status_code == 302
    assert {row(mine, "own").assignee, row(second, "own").assignee} == {school.other.membership}
    assert titles(school.other) == {"甲基地", "乙基地"} and titles(third) == set()
    lines = TransitionLog.objects.filter(case_kind="application", transition="pass_on_step")
    assert lines.count() == 2 and {line.step_key for line in lines} == {"own"}
    done(school.other.step(mine, "own", {"opinion": "同意"}))


def test_a_substitute_acts_for_the_person_while_it_lasts():
    school = School(step("own", role="finance", person="initiator"))
    office = factories.member(school.college, "secretary")
    colleague = Person(factories.member(school.college, "secretary"))
    case = school.submitted(Person(office), "甲基地")
    assert (row(case, "own").assignee, row(case, "own").role) == (office, "secretary")
    assert colleague.step(case, "own", {"opinion": "同意"}).status_code == 403
    members.delegate(office, colleague.membership, dt.date(2027, 3, 2), dt.date(2027, 3, 3), "休假")
    with clock.travel("2027-03-04T09:00"):
        assert titles(colleague) == set()
        assert colleague.step(case, "own", {"opinion": "同意"}).status_code == 403
    with clock.travel("2027-03-03T09:00"):
        assert titles(colleague) == {"甲基地"}
        done(colleague.step(case, "own", {"opinion": "同意"}))


# --- another person -----------------------------------------------------------------------------------------------


def test_one_person_with_two_memberships_is_one_person():
    school = School(
        step("money", role="finance", after=[]),
        step("safety", role="support", after=[]),
        step("check", role="supervisor", stage="reviewing", other_than=["money", "safety"]),
    )
    case = school.submitted()
    done(school.finance.step(case, "money", {"opinion": "同意"}))
    done(school.support.step(case, "safety", {"opinion": "同意"}))
    for person, word in ((school.finance, "环节money"), (school.support, "环节safety")):
        again = Person(factories.member(school.university, "supervisor", person.membership.user))
        with unchanged(case):
            refused(again.step(case, "check", {"opinion": "同意"}), word, "不同人员")
    done(Person(factories.member(school.university, "supervisor")).step(case, "check", {"opinion": "同意"}))


def test_who_did_an_earlier_step_reviews_in_no_panel_kept_apart():
    panel = step("panel", kind="panel", stage="reviewing", other_than=["money"], panel={"min_experts": 1})
    school = School(step("money", role="finance"), panel)
    case = school.submitted()
    done(school.finance.step(case, "money", {"opinion": "同意"}))
    same = factories.member(school.university, "expert", school.finance.membership.user)
    clean = factories.user()
    expert = factories.member(school.university, "expert", clean)
    answers = {"closes_on": "2027-03-20"}
    with unchanged(case):
        refused(school.office.do(case, "assign_expert", {**answers, "expert": str(same.pk)}, step="panel"), "环节money")
    done(school.office.do(case, "assign_expert", {**answers, "expert": str(expert.pk)}, step="panel"))


# --- units chosen on the way --------------------------------------------------------------------------------------


def test_the_units_of_a_step_are_chosen_by_an_earlier_one():
    school = School(
        step("assign", kind="evidence"), step("opinion", "college", "dean", unit_from="assign", offline=True)
    )
    case = school.submitted()
    with unchanged(case):
        refused(school.office.step(case, "assign", {}), "办理单位")
        refused(school.office.step(case, "assign", {"units": [str(school.unit.pk)]}))
    done(school.office.step(case, "assign", {"units": [str(school.second.pk), str(school.third.pk)]}))
    rows = {one.unit for one in fresh(case).steps().filter(key="opinion", state="open")}
    assert rows == {school.second, school.third}
    secretary2 = Person(factories.member(school.second, "secretary"))
    first = row(case, "opinion", unit=school.second)
    assert "基地" in text_of(school.dean2.get("/todos/"))
    # the case is seen where it has something to do
    done(school.dean2.do(case, "act_on_step", {"outcome": "positive", "opinion": "同意"}, step=first.pk))
    assert secretary2.get(case.get_absolute_url()).status_code == 200
    assert fresh(case).state == "recommending", "the other college has not spoken"
    second = row(case, "opinion", unit=school.third)
    done(school.dean3.do(case, "act_on_step", {"outcome": "positive", "opinion": "同意"}, step=second.pk))
    assert fresh(case).state == "deciding"
    assert fresh(case).steps().filter(key="opinion", state="done").count() == 2


# --- silence ------------------------------------------------------------------------------------------------------

TEN = {"days": 10, "local": True}


@pytest.mark.parametrize("negative", [False, True])
def test_silence_is_read_as_the_regulation_says_the_day_after(negative):
    more = {"silence": "negative", "on_negative": "reject"} if negative else {"silence": "positive"}
    school = School(step("quiet", role="finance", due=TEN, **more))
    case = school.submitted()
    assert row(case, "quiet").due_on == dt.date(2027, 3, 11)
    with clock.travel("2027-03-11T23:00"):
        assert ledger.run_due(clock.today())["acted"] == 0 and fresh(case).state == "recommending"
    with clock.travel("2027-03-12T00:30"):
        assert ledger.run_due(clock.today())["acted"] == 1
        assert ledger.run_due(clock.today())["acted"] == 0
    closed = row(case, "quiet")
    assert (closed.by_silence, closed.on) == (True, dt.date(2027, 3, 12))
    assert (fresh(case).state, closed.outcome) == (("rejected", "negative") if negative else ("deciding", "positive"))
    line = TransitionLog.objects.get(case_kind="application", transition="lapse")
    assert line.role == "system" and "2027-03-11" in line.reason and line.step_key == "quiet"
    page = text_of(school.secretary.page(case))
    assert ("视为不同意" if negative else "视为同意") in page


def test_where_the_job_has_not_run_the_page_says_so_and_the_next_act_makes_it_first():
    school = School(step("quiet", role="finance", due=TEN, silence="positive"))
    case = school.submitted()
    with clock.travel("2027-03-14T09:00"):
        before = fresh(case).version
        assert "视为同意" in text_of(school.secretary.page(case))
        assert fresh(case).version == before, "a page writes nothing"
        late = school.finance.step(case, "quiet", {"opinion": "我不同意"}, outcome="negative")
        assert late.status_code in (403, 409)
        assert fresh(case).state == "deciding" and row(case, "quiet").by_silence


def test_the_clock_of_silence_stops_on_a_return_and_starts_anew():
    school = School(
        step("quiet", role="finance", due=TEN, silence="positive", after=[]), step("look", role="support", after=[])
    )
    case = school.submitted()
    with clock.travel("2027-03-05T09:00"):
        done(school.support.step(case, "look", {"opinion": "请补充", "correction_due": "2027-04-01"}, outcome="return"))
    with clock.travel("2027-03-20T09:00"):
        assert ledger.run_due(clock.today())["acted"] == 0
        done(school.secretary.do(case, "submit"))
        assert row(case, "quiet").due_on == dt.date(2027, 3, 30)
    with clock.travel("2027-03-31T09:00"):
        assert ledger.run_due(clock.today())["acted"] == 1 and row(case, "quiet").by_silence


# --- confirmations ------------------------------------------------------------------------------------------------


def test_a_confirmation_lapses_when_what_it_confirmed_changes():
    school = School(
        step("safety", role="support", kind="evidence", form="check", after=[], paper={"scan": "scan", "seal": "公章"}),
        step("confirm", role="finance", kind="confirmation", confirms=["check"], after=[]),
        step("other", role="supervisor", after=[]),
    )
    case = school.submitted()
    done(school.support.step(case, "safety", {"remark": "已看", "scan": [sent()]}))
    done(school.finance.step(case, "confirm", {"opinion": "确认"}))
    first = row(case, "confirm").confirmed_sha256
    answers = {"result": "mismatch", "note": "缺一页"}
    if row(case, "safety").scan == "to_match":
        done(school.office.do(case, "match_scan", answers, step="safety"))
    assert row(case, "safety").state == "open" and row(case, "confirm").state == "done"
    done(school.support.step(case, "safety", {"remark": "已看，另有两处整改", "scan": [sent()]}))
    assert row(case, "confirm").state == "open", "what it confirmed is no longer what stands there"
    done(school.finance.step(case, "confirm", {"opinion": "再次确认"}))
    again = row(case, "confirm")
    assert again.state == "done" and again.confirmed_sha256 not in ("", first)


# --- the authority without a list, waiting for another case --------------------------------------------------------


def test_an_authoritys_step_hands_the_case_over_without_any_list():
    school = School(step("grant", "authority", "officer", stage="reviewing", kind="filing"), level="provincial")
    application = start_application(school.first.membership, fresh(school.call), title="基地")
    answers = {"base_name": "基地", "partner": str(school.unit.pk), "places": "3", "leader": "某人"}
    done(school.first.fill(application, "sheet", answers))
    assert school.officer.page(application).status_code == 404, "a draft is not the authority's"
    done(school.secretary.do(application, "submit"))
    assert fresh(application).authority == school.department
    assert school.officer.page(application).status_code == 200
    done(school.officer.step(application, "grant", {"opinion": "同意备案"}))
    assert fresh(application).state == "deciding"


@pytest.mark.parametrize("before", [False, True])
def test_a_step_waits_for_a_case_of_another_kind_to_reach_a_state(before):
    """An agreement of the case, waited for by kind and states; there already when the step opens, or later."""
    school = School(
        step("look", role="support"),
        step("wait", kind="await", stage="reviewing", awaits={"case": "agreement", "states": ["confirming", "signed"]}),
    )
    case = school.submitted()

    def agreement():
        made = draft_agreement(
            school.secretary.membership,
            university=school.university,
            college=school.college,
            partner=school.unit,
            version=school.version,
            application=fresh(case),
        )
        terms = house.agreement_answers(made, ("2027-03-02", "2029-03-01"))
        done(school.secretary.fill(made, "agreement", terms))
        return made

    if before:
        done(school.secretary.do(agreement(), "submit"))
        done(school.support.step(case, "look", {"opinion": "同意"}))
    else:
        done(school.support.step(case, "look", {"opinion": "同意"}))
        assert fresh(case).state == "reviewing" and row(case, "wait").state == "open"
        assert "do/act_on_step/" not in text_of(school.office.page(case)), "nobody acts on it"
        made = agreement()
        assert row(case, "wait").state == "open", "a draft is not far enough"
        done(school.secretary.do(made, "submit"))
    closed = row(case, "wait")
    assert closed.state == "done" and closed.answers["agreement"].startswith("XY")
    assert fresh(case).state == "deciding"


def test_the_profile_check_refuses_words_and_waits_that_cannot_work():
    for wrong, said in (
        (step("a", person="nobody"), "nobody"),
        (step("a", silence="positive"), "due"),
        (step("a", kind="await"), "awaits"),
        (step("a", kind="await", awaits={"case": "planet", "states": ["x"]}), "planet"),
        (step("a", kind="await", awaits={"case": "agreement", "states": ["flying"]}), "flying"),
        (
            step("a", kind="await", awaits={"case": "placement", "states": ["ended"]}),
            "a case of kind application is linked with no case of kind placement, so the step would wait for ever: "
            "wait for agreement, list, notice",
        ),
    ):
        content = profile()
        content["routes"]["application"] = [wrong, LAST]
        faults = [str(fault) for fault in load_data(content).faults]
        assert any(said in fault for fault in faults), (wrong, faults)
