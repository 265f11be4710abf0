"""S20 (1-7) and S29.2: XCU's review and visit, legal review, decline, meeting, plaque, bodies; over HTTP, clock set."""

import datetime as dt
import io

import pytest
from pypdf import PdfReader

from applications.models import Call
from bases.intake import intake
from bases.models import Agreement, Base, Recognition
from casework.models import Override, Record
from core import clock
from core.forms.store import load
from core.models import LedgerEntry, Paper, StampedCopy, TransitionLog
from tests.profiles import samples
from tests.scenarios import house
from tests.scenarios.house import done, fresh, refused, sent, text_of, unchanged

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def school():
    with clock.travel("2026-03-01T08:00"):
        return house.xcu_school()


@pytest.fixture
def call(school):
    with clock.travel("2026-03-01T08:00"):
        return house.open_xcu_call(school)


@pytest.fixture
def submitted(school, call):
    with clock.travel("2026-03-01T10:00"):
        return house.xcu_submitted(school, call)


@pytest.fixture
def reviewing(school, submitted):
    return house.xcu_opinions(school, submitted)


@pytest.fixture
def reviewed(school, reviewing):
    return house.xcu_reviewed(school, reviewing)


@pytest.fixture
def deciding(school, reviewed):
    return house.xcu_checked(school, reviewed)


@pytest.fixture
def pending(school, deciding):
    """The recognition that the meeting approved and that waits for the signature."""
    return house.xcu_decided(school, deciding)


@pytest.fixture
def active(school, pending):
    house.xcu_signed(school, Agreement.objects.get())
    return fresh(pending)


def state(case) -> str:
    return fresh(case).state


def step(case, key: str):
    return fresh(case).steps().get(key=key)


def altered(agreement, clause: str = "ip", words: str = "补充：涉及第三方权利的，另行书面约定。") -> dict:
    """The template's text with one clause changed."""
    before = load(fresh(agreement), "agreement").answers[f"clause_{clause}"]
    return house.agreement_answers(agreement, **{f"clause_{clause}": before + words})


# --- The scenario as it is told -------------------------------------------------------------------------------------


@pytest.mark.clause("XCU-7.3b", "XCU-7.3d", "XCU-7.4a", "XCU-7.4b", "XCU-7.5")
def test_from_the_visit_to_the_plaque(school, reviewing):
    """S20.1-6 on the scenario's days."""
    application, agreement = reviewing, reviewing.agreement
    house.xcu_panel(school, application)
    with clock.travel("2026-04-10T15:00"), unchanged(application):
        refused(
            school.office.step(application, "site_visit", {**house.SITE_VISIT, "emergency_plan": "not_seen"}),
            "应急预案",
            clause="XCU-7.3b",
        )
    with clock.travel("2026-04-12T09:00"):
        done(school.office.step(application, "site_visit", {**house.SITE_VISIT, "visited_on": "2026-04-12"}))
        assert str(step(application, "site_visit").on) == "2026-04-12"
        done(school.office.step(application, "review_opinion", {"review_text": "建议设立。", "opinion": "同意。"}))
    with clock.travel("2026-04-20T09:00"):
        done(school.secretary.fill(agreement, "agreement", altered(agreement)))
        done(school.secretary.do(agreement, "submit"))
        assert step(agreement, "legal_review").state == "open"
        assert "法治与督办科审核" in text_of(school.legal.get("/"))
    with clock.travel("2026-04-23T09:00"):
        done(
            school.legal.step(
                agreement,
                "legal_review",
                {"opinion": "第三方权利条款须写明范围。", "correction_due": "2026-04-30"},
                "return",
            )
        )
        assert (state(agreement), fresh(agreement).round) == ("draft", 2)
    with clock.travel("2026-04-28T09:00"):
        done(school.secretary.fill(agreement, "agreement", altered(agreement, words="范围以附件为准。")))
        done(school.secretary.do(agreement, "submit"))
        done(school.legal.step(agreement, "legal_review", {"opinion": "同意。"}))
        assert state(agreement) == "checking"
        done(school.office.step(agreement, "go_check", {"opinion": "同意。"}))
        assert state(agreement) == "confirming"
        done(school.office.step(application, "go_opinion", {"opinion": "同意。"}))
    with clock.travel("2026-05-05T09:00"), unchanged(agreement):
        refused(school.office.do(agreement, "begin_sealing"), "校长办公会尚未审定批准", clause="XCU-7.4a")
    recognition = house.xcu_decided(school, application)
    assert (state(application), recognition.state, str(recognition.decided_on)) == (
        "approved",
        "pending",
        "2026-05-06",
    )
    with clock.travel("2026-05-10T09:00"):
        done(
            school.contact.step(agreement, "partner_confirmation", {"opinion": "知识产权条款待上级批复。"}, "negative")
        )
        assert state(agreement) == "declined"
        assert fresh(agreement).decline_reason == "知识产权条款待上级批复。"
        assert state(recognition) == "pending"
        with unchanged(recognition):
            refused(
                school.office.do(recognition, "issue_plaque", plaque("2026-05-10")), "协议书尚未签订", clause="XCU-7.5"
            )
    with clock.travel("2026-05-18T09:00"):
        second = house.new_agreement(school, recognition, period=("2026-05-18", "2031-05-17"))
        done(school.secretary.do(second, "submit"))
        assert step(second, "legal_review").state == "skipped"
        done(school.office.step(second, "go_check", {"opinion": "与模板一致。"}))
        assert (state(second), state(recognition)) == ("confirming", "pending")
        assert fresh(application).agreement == second
        house.xcu_signed(school, second)
        assert (state(second), state(recognition)) == ("signed", "active")
        assert (fresh(second).signed_on, fresh(second).ends_on) == (
            dt.date(2026, 5, 18),
            dt.date(2031, 5, 17),
        )
    with clock.travel("2026-05-25T09:00"):
        done(school.office.do(recognition, "issue_plaque", plaque("2026-05-25")))
    assert fresh(recognition).plaque_on == dt.date(2026, 5, 25)


def plaque(on: str) -> dict:
    return {"issued_on": on, "recipient": "高原作物试验站 马吉宁", "photo": [sent("授牌.pdf")]}


# --- 7.2: the draft agreement ---------------------------------------------------------------------------------------


@pytest.mark.clause("XCU-7.2a")
def test_no_review_without_a_draft_agreement(school, call):
    """Without a draft no expert is asked and no panel closed; a draft opens the review."""
    with clock.travel("2026-03-01T10:00"):
        application = house.xcu_submitted(school, call, agreement=False)
    house.xcu_opinions(school, application)
    reviewer = house.expert(school.university, "钟离靖")
    asked = {"expert": str(reviewer.membership.pk), "closes_on": "2026-04-30"}
    with clock.travel("2026-04-01T09:00"):
        with unchanged(application):
            refused(school.office.do(application, "assign_expert", asked, step="expert_review"), clause="XCU-7.2a")
            refused(school.office.step(application, "expert_review", {"opinion": "同意。"}), clause="XCU-7.2a")
        agreement = house.new_agreement(school, application)
        done(school.office.do(application, "assign_expert", asked, step="expert_review"))
        done(school.secretary.do(agreement, "abandon", {"reason": "双方另议。"}))
        assignment = step(application, "expert_review").assignments.get()
        done(reviewer.do(application, "promise", house.PROMISE, step=assignment.pk))
        done(reviewer.do(application, "give_opinion", house.OPINION, step=assignment.pk))
        with unchanged(application):
            refused(school.office.step(application, "expert_review", {"opinion": "同意。"}), clause="XCU-7.2a")


@pytest.mark.clause("XCU-7.2c")
@pytest.mark.parametrize(
    ("ends", "passes"),
    [("2031-05-18", False), ("2031-05-19", True), ("2031-05-20", False), ("2029-05-19", False)],
)
def test_five_years_to_the_day(school, submitted, ends, passes):
    """A term of five years from 2026-05-20 ends on 2031-05-19 (RR-2), not a day sooner or later."""
    agreement = submitted.agreement
    with clock.travel("2026-04-20T09:00"):
        done(school.secretary.fill(agreement, "agreement", house.agreement_answers(agreement, ("2026-05-20", ends))))
        if passes:
            done(school.secretary.do(agreement, "submit"))
        else:
            with unchanged(agreement):
                refused(school.secretary.do(agreement, "submit"), clause="XCU-7.2c")


@pytest.mark.clause("XCU-7.2c")
def test_another_term_passes_with_the_graduate_offices_reason(school, submitted):
    """Three years: asked for by the college, not let pass by itself, nor without a reason, nor once refused."""
    agreement = submitted.agreement
    with clock.travel("2026-04-20T09:00"):
        three = house.agreement_answers(agreement, ("2026-05-20", "2029-05-19"))
        done(school.secretary.fill(agreement, "agreement", three))
        first = house.asked_for(school.secretary, agreement, "agreement_term", "合作单位场地租期仅三年。")
        with unchanged(agreement):
            refused(
                school.secretary.do(
                    agreement, "request_override", {"rule": "agreement_term", "reason": "再次申请例外审批。"}
                )
            )
        with unchanged(first):
            assert school.secretary.do(first, "grant", {"reason": "同意。"}).status_code == 403
            refused(school.office.do(first, "grant", {"reason": " "}))
        done(school.office.do(first, "refuse", {"reason": "请说明场地安排。"}))
        with unchanged(agreement):
            refused(school.secretary.do(agreement, "submit"), clause="XCU-7.2c")
        second = house.asked_for(school.secretary, agreement, "agreement_term", "租期三年，期满续租后续签。")
        assert second.facts and second.role == "graduate_office"
        done(school.office.do(second, "grant", {"reason": "情况属实，同意三年。"}))
        done(school.secretary.do(agreement, "submit"))
    granted = Override.objects.get(state="granted")
    assert (granted.clause, granted.decided_by, granted.decision_reason) == (
        "XCU-7.2c",
        "苏半夏",
        "情况属实，同意三年。",
    )
    assert state(agreement) == "checking"


# --- 7.3: review, visit, check, legal review ------------------------------------------------------------------------


@pytest.mark.clause("XCU-7.3a")
def test_the_review_opinion_comes_before_the_meeting(school, reviewing):
    """No panel without an expert's opinion, no way on without the review's, and the meeting cannot decide before."""
    reviewer = house.expert(school.university, "钟离靖")
    with clock.travel("2026-04-01T09:00"):
        with unchanged(reviewing):
            refused(school.office.step(reviewing, "expert_review", {"opinion": "同意。"}), clause="XCU-7.3a")
        done(
            school.office.do(
                reviewing,
                "assign_expert",
                {"expert": str(reviewer.membership.pk), "closes_on": "2026-04-30"},
                step="expert_review",
            )
        )
        with unchanged(reviewing):
            refused(
                school.office.step(reviewing, "expert_review", {"opinion": "同意。"}),
                "钟离靖",
                clause="XCU-7.3a",
            )
        assignment = step(reviewing, "expert_review").assignments.get()
        done(reviewer.do(reviewing, "promise", house.PROMISE, step=assignment.pk))
        done(reviewer.do(reviewing, "give_opinion", house.OPINION, step=assignment.pk))
        done(school.office.step(reviewing, "expert_review", {"opinion": "同意。"}))
        done(school.office.step(reviewing, "site_visit", {**house.SITE_VISIT, "visited_on": "2026-04-01"}))
        with unchanged(reviewing):
            refused(school.office.step(reviewing, "review_opinion", {"opinion": "同意。"}), clause="XCU-7.3a")
            refused(
                school.recorder.step(reviewing, "meeting_decision", house.meeting("校长办公会", "第5次", "2026-04-01")),
                clause="XCU-7.3a",
            )
        done(school.office.step(reviewing, "review_opinion", {"review_text": "建议设立。", "opinion": "同意。"}))
    kept = step(reviewing, "review_opinion")
    assert (kept.answers["review_text"], str(kept.on), state(reviewing)) == (
        "建议设立。",
        "2026-04-01",
        "reviewing",
    )


@pytest.mark.clause("XCU-7.3b")
@pytest.mark.parametrize("check", ["safety_qualification", "emergency_plan"])
@pytest.mark.parametrize(
    ("result", "closes"), [("", False), ("not_seen", False), ("defective", True), ("checked", True)]
)
def test_the_visit_contains_both_checks(school, reviewing, check, result, closes):
    with clock.travel("2026-04-10T15:00"):
        report = {**house.SITE_VISIT, check: result}
        if closes:
            done(school.office.step(reviewing, "site_visit", report))
            assert step(reviewing, "site_visit").answers[check] == result
        else:
            with unchanged(reviewing):
                refused(school.office.step(reviewing, "site_visit", report), clause="XCU-7.3b")


@pytest.mark.clause("XCU-7.3a")
@pytest.mark.parametrize(("day", "closes"), [("2026-04-10", True), ("2026-04-11", False)])
def test_a_visit_is_closed_once_it_was_made(school, reviewing, day, closes):
    with clock.travel("2026-04-10T15:00"):
        report = {**house.SITE_VISIT, "visited_on": day}
        if closes:
            done(school.office.step(reviewing, "site_visit", report))
        else:
            with unchanged(reviewing):
                refused(school.office.step(reviewing, "site_visit", report), clause="XCU-7.3a")


@pytest.mark.clause("XCU-7.3c")
def test_no_meeting_before_the_graduate_office_has_checked(school, reviewed):
    """The draft as it was, unchecked: the meeting has nothing to decide. Declined after its check: refused as well."""
    agreement = reviewed.agreement
    with clock.travel("2026-04-20T09:00"):
        with unchanged(reviewed):
            refused(
                school.recorder.step(reviewed, "meeting_decision", house.meeting("校长办公会", "第6次", "2026-04-20")),
                clause="XCU-7.3c",
            )
        assert step(reviewed, "formal_agreement").state == "open"
        assert school.office.step(reviewed, "formal_agreement", {"opinion": "同意。"}).status_code in (
            403,
            409,
        )
        done(
            school.secretary.fill(
                agreement, "agreement", {**house.agreement_answers(agreement), "annexes": [sent("实施计划.pdf")]}
            )
        )
        done(school.secretary.do(agreement, "submit"))
        assert step(reviewed, "formal_agreement").state == "open"
        done(school.office.step(agreement, "go_check", {"opinion": "与模板一致。"}))
        assert step(reviewed, "formal_agreement").state == "done"
        assert load(fresh(agreement), "agreement").answers["annexes"]
        done(school.office.step(reviewed, "go_opinion", {"opinion": "同意。"}))
        assert state(reviewed) == "deciding"
        done(school.contact.step(agreement, "partner_confirmation", {"opinion": "期限须再议。"}, "negative"))
    with clock.travel("2026-05-06T16:00"):
        decision = house.meeting("校长办公会", "2026年第9次", "2026-05-06")
        with unchanged(reviewed):
            refused(school.recorder.step(reviewed, "meeting_decision", decision), clause="XCU-7.3c")
        second = house.new_agreement(school, reviewed)
        with unchanged(reviewed):
            refused(
                school.recorder.step(
                    reviewed, "meeting_decision", house.meeting("校长办公会", "2026年第9次", "2026-05-06")
                ),
                clause="XCU-7.3c",
            )
        done(school.secretary.do(second, "submit"))
        done(school.office.step(second, "go_check", {"opinion": "与模板一致。"}))
        house.xcu_decided(school, reviewed)
    assert state(reviewed) == "approved"


@pytest.mark.clause("XCU-7.3d")
@pytest.mark.parametrize("clause", ["goals", "content", "field", "rights_duties", "ip", "term", "disputes"])
def test_one_clause_changed_calls_for_the_legal_section(school, submitted, clause):
    agreement = submitted.agreement
    with clock.travel("2026-04-20T09:00"):
        done(school.secretary.fill(agreement, "agreement", altered(agreement, clause)))
        done(school.secretary.do(agreement, "submit"))
        assert step(agreement, "legal_review").state == "open"
        done(school.office.step(agreement, "go_check", {"opinion": "同意。"}))
        assert state(agreement) == "checking"  # the graduate office's check alone does not do
        assert school.office.step(agreement, "legal_review", {"opinion": "同意。"}).status_code == 403
        done(school.legal.step(agreement, "legal_review", {"opinion": "同意。"}))
        assert state(agreement) == "confirming"


@pytest.mark.clause("XCU-7.3d")
@pytest.mark.parametrize("white", [False, True])
def test_the_templates_text_skips_the_legal_section(school, submitted, white):
    """Identical, or with other white space only: no legal review, and the facts of that are kept with the step."""
    agreement = submitted.agreement
    with clock.travel("2026-04-20T09:00"):
        answers = house.agreement_answers(agreement)
        if white:
            answers = {
                **answers,
                "clause_ip": "　" + answers["clause_ip"].replace("；", "；\r\n\r\n  ") + "\n",
            }
        done(school.secretary.fill(agreement, "agreement", answers))
        done(school.secretary.do(agreement, "submit"))
        skipped = step(agreement, "legal_review")
        assert (skipped.state, skipped.facts) == ("skipped", {"agreement.differs_from_template": False})
        done(school.office.step(agreement, "go_check", {"opinion": "与模板一致。"}))
        assert state(agreement) == "confirming"


# --- 7.4, 7.5: decision, signature, plaque --------------------------------------------------------------------------


@pytest.mark.clause("XCU-7.4a")
def test_no_signature_before_the_meetings_decision(school, deciding):
    """Everything else is done, the partner has confirmed: still no signature; only the recorder enters the decision."""
    agreement = deciding.agreement
    with clock.travel("2026-05-05T09:00"):
        done(school.contact.step(agreement, "partner_confirmation", {"opinion": "确认。"}))
        with unchanged(agreement):
            refused(school.office.do(agreement, "begin_sealing"), clause="XCU-7.4a")
        for person in (school.office, school.secretary, school.contact):
            with unchanged(deciding):
                answer = person.step(deciding, "meeting_decision", house.meeting("校长办公会", "第9次", "2026-05-05"))
                assert answer.status_code == 403
        for missing in ("body", "session", "decided_on", "resolution", "minutes"):
            decision = {**house.meeting("校长办公会", "2026年第9次", "2026-05-05"), missing: None}
            with unchanged(deciding):
                refused(school.recorder.step(deciding, "meeting_decision", decision))
        with unchanged(deciding):
            refused(
                school.recorder.step(deciding, "meeting_decision", house.meeting("校长办公会", "第9次", "2026-05-06")),
                "2026-05-06",
            )
    house.xcu_decided(school, deciding)
    with clock.travel("2026-05-07T09:00"):
        done(school.office.do(agreement, "begin_sealing"))
    assert state(agreement) == "sealing"
    assert step(deciding, "meeting_decision").decision.session == "2026年第9次"


@pytest.mark.clause("XCU-7.4a")
def test_the_meeting_turns_it_down(school, deciding):
    """A negative decision ends the application: nothing is recognised, and nothing can be signed."""
    agreement = deciding.agreement
    with clock.travel("2026-05-06T16:00"):
        done(school.contact.step(agreement, "partner_confirmation", {"opinion": "确认。"}))
        done(
            school.recorder.step(
                deciding,
                "meeting_decision",
                {**house.meeting("校长办公会", "2026年第9次", "2026-05-06"), "opinion": "条件不成熟。"},
                "negative",
            )
        )
        assert state(deciding) == "rejected"
        assert not Recognition.objects.exists()
        with unchanged(agreement):
            refused(school.office.do(agreement, "begin_sealing"), clause="XCU-7.4a")


@pytest.mark.clause("XCU-7.4b")
def test_a_declined_agreement_is_not_signed_and_no_base_comes_of_it(school, pending):
    agreement = Agreement.objects.get()
    with clock.travel("2026-05-10T09:00"):
        with unchanged(agreement):
            refused(school.contact.step(agreement, "partner_confirmation", {"opinion": " "}, "negative"))
            refused(school.office.do(agreement, "begin_sealing"))
        done(school.contact.step(agreement, "partner_confirmation", {"opinion": "期限太长。"}, "negative"))
        with unchanged(agreement):
            assert school.office.do(agreement, "begin_sealing").status_code == 409
            assert school.office.do(agreement, "record_signature", house.signature("2026-05-10")).status_code == 409
        assert "期限太长。" in text_of(school.secretary.page(agreement))
    assert (state(agreement), state(pending)) == ("declined", "pending")
    assert not intake(fresh(pending), dt.date(2026, 5, 10)).open


@pytest.mark.clause("XCU-7.4b")
def test_both_sign_and_the_agreement_takes_effect(school, pending):
    """Confirmed, sealed, signed: the dates are the signed text's; the base is active from then on."""
    agreement = Agreement.objects.get()
    with clock.travel("2026-05-19T09:00"):
        done(school.contact.step(agreement, "partner_confirmation", {"opinion": "确认。"}))
        done(school.office.do(agreement, "begin_sealing"))
        for wrong in (
            {"pages_complete": False},
            {"scan": None},
            {"signed_on": "2026-05-20"},
            {"effective_on": "2026-05-17"},
        ):
            with unchanged(agreement):
                refused(school.office.do(agreement, "record_signature", {**house.signature("2026-05-18"), **wrong}))
        done(school.office.do(agreement, "record_signature", house.signature("2026-05-18", "2026-05-20")))
    agreement = fresh(agreement)
    assert (agreement.state, str(agreement.signed_on), str(agreement.effective_on)) == (
        "signed",
        "2026-05-18",
        "2026-05-20",
    )
    assert state(pending) == "active"
    confirmed = agreement.parties.get(organisation=school.partner)
    assert confirmed.confirmed_by == "卓玛央金" and confirmed.confirmed_sha256 == agreement.content_hash()


@pytest.mark.clause("XCU-7.4a")
@pytest.mark.parametrize(("day", "accepted"), [("2026-05-05", False), ("2026-05-06", True)])
def test_the_signed_text_bears_no_day_before_the_meeting(school, pending, day, accepted):
    agreement = Agreement.objects.get()
    with clock.travel("2026-05-18T09:00"):
        done(school.contact.step(agreement, "partner_confirmation", {"opinion": "确认。"}))
        done(school.office.do(agreement, "begin_sealing"))
        if accepted:
            done(school.office.do(agreement, "record_signature", house.signature(day, "2026-05-20")))
        else:
            with unchanged(agreement):
                refused(
                    school.office.do(agreement, "record_signature", house.signature(day, "2026-05-20")),
                    "早于校长办公会审定日期",
                    clause="XCU-7.4a",
                )
    assert (state(agreement) == "signed") is accepted


@pytest.mark.clause("XCU-4b")
def test_no_base_without_its_college(school, pending):
    """The signature that would make it a base is refused while no college answers for it."""
    agreement, rows = Agreement.objects.get(), Recognition.objects.filter(pk=pending.pk)
    with clock.travel("2026-05-18T09:00"):
        done(school.contact.step(agreement, "partner_confirmation", {"opinion": "确认。"}))
        done(school.office.do(agreement, "begin_sealing"))
        rows.update(college=None)
        with unchanged(agreement):
            refused(
                school.office.do(agreement, "record_signature", house.signature("2026-05-18", "2026-05-20")),
                clause="XCU-4b",
            )
        assert state(pending) == "pending"
        rows.update(college=school.college)
        done(school.office.do(agreement, "record_signature", house.signature("2026-05-18", "2026-05-20")))
    assert state(pending) == "active"


@pytest.mark.clause("XCU-7.5")
def test_the_plaque_follows_the_signature_and_is_handed_over_once(school, pending):
    with clock.travel("2026-05-17T09:00"), unchanged(pending):
        refused(school.office.do(pending, "issue_plaque", plaque("2026-05-17")), clause="XCU-7.5")
    house.xcu_signed(school, Agreement.objects.get())
    with clock.travel("2026-05-25T09:00"):
        for wrong in ({"issued_on": "2026-05-26"}, {"recipient": ""}, {"photo": None}):
            with unchanged(pending):
                refused(school.office.do(pending, "issue_plaque", {**plaque("2026-05-25"), **wrong}))
        with unchanged(pending):
            refused(
                school.office.do(pending, "issue_plaque", plaque("2026-05-17")),
                "2026-05-18",
                clause="XCU-7.5",
            )
        with unchanged(pending):
            assert school.secretary.do(pending, "issue_plaque", plaque("2026-05-25")).status_code == 403
        done(school.office.do(pending, "issue_plaque", plaque("2026-05-25")))
        with unchanged(pending):
            refused(
                school.office.do(pending, "issue_plaque", plaque("2026-05-25")),
                "2026-05-25",
                clause="XCU-7.5",
            )
    recognition = fresh(pending)
    assert (str(recognition.plaque_on), recognition.plaque_to) == ("2026-05-25", "高原作物试验站 马吉宁")
    assert recognition.plaque_photo.name == "授牌.pdf"


# --- 9, 10: the bodies ----------------------------------------------------------------------------------------------


def entered(person, recognition, kind: str, answers: dict):
    """Enter a record of a type on the base's page."""
    return person.do(recognition, "enter_record", answers, type=kind)


def records(kind: str):
    return Record.objects.filter(type=kind)


@pytest.mark.clause("XCU-9")
@pytest.mark.parametrize("party", ["school_leader", "partner", "graduate_office", "college"])
def test_the_committee_has_four_parties(school, active, party):
    with clock.travel("2026-05-26T09:00"):
        three = house.body("committee", [one for one in house.COMMITTEE if one[1] != party])
        with unchanged(active):
            refused(entered(school.office, active, "committee", three), clause="XCU-9")
        assert not records("committee").exists()
        done(entered(school.office, active, "committee", house.body("committee", house.COMMITTEE)))
    kept = records("committee").get()
    assert {row["party"] for row in kept.answers["members"]} == {
        "school_leader",
        "partner",
        "graduate_office",
        "college",
    }


@pytest.mark.clause("XCU-9")
def test_the_committees_issues_and_decisions_are_logged(school, active):
    """The graduate office enters committee, issues and decisions; a new committee replaces the old, which stays."""
    with clock.travel("2026-06-10T09:00"):
        for person in (school.secretary, school.contact):
            with unchanged(active):
                refused(
                    entered(person, active, "committee", house.body("committee", house.COMMITTEE)),
                    clause="XCU-9",
                )
        done(entered(school.office, active, "committee", house.body("committee", house.COMMITTEE)))
        done(
            entered(
                school.office,
                active,
                "committee",
                house.body("committee", house.COMMITTEE[::-1], "2026-06-09"),
            )
        )
        old, new = records("committee").order_by("pk")
        assert (old.replaced_by, new.replaced_by) == (new, None)
        issue = {"on": "2026-06-10", "issue": "实验用房调整。", "decision": "由合作单位另行安排一间。"}
        for missing in ("issue", "decision"):
            with unchanged(active):
                refused(entered(school.office, active, "committee_issue", {**issue, missing: ""}), clause="XCU-9")
        done(entered(school.office, active, "committee_issue", issue))
        done(
            entered(
                school.office,
                active,
                "committee_issue",
                {**issue, "issue": "导师增补。", "decision": "同意。"},
            )
        )
        page = text_of(school.contact.page(active))
        assert "实验用房调整。" in page and "导师增补。" in page
    assert records("committee_issue").filter(replaced_by=None).count() == 2


@pytest.mark.clause("XCU-10a")
@pytest.mark.parametrize("absent", ["graduate_office", "college", "partner"])
def test_the_working_group_has_three_sides(school, active, absent):
    group = [one for one in house.WORKING_GROUP if one[1] != absent]
    tasks = ["plans", "mentors", "assessment"]
    with clock.travel("2026-05-26T09:00"):
        with unchanged(active):
            refused(
                entered(school.secretary, active, "working_group", house.body("working_group", group, tasks=tasks)),
                clause="XCU-10a",
            )
        with unchanged(active):
            whole = house.body("working_group", house.WORKING_GROUP, tasks=[])
            refused(entered(school.secretary, active, "working_group", whole), clause="XCU-10a")
        whole = house.body("working_group", house.WORKING_GROUP, tasks=tasks)
        done(entered(school.secretary, active, "working_group", whole))
    assert records("working_group").get().answers["tasks"] == tasks


WHOLE = [("college", "leader"), ("partner", "deputy"), ("graduate_office", "member")]


@pytest.mark.clause("XCU-10b")
@pytest.mark.parametrize(
    "seats",
    [
        pytest.param(
            [("college", "member"), ("partner", "leader"), ("graduate_office", "deputy")],
            id="led by the partner",
        ),
        pytest.param([*WHOLE, ("partner", "leader")], id="a second leader, of the partner"),
        pytest.param([*WHOLE, ("graduate_office", "leader")], id="a second leader, of the office"),
        pytest.param(
            [("college", "leader"), ("partner", "member"), ("graduate_office", "deputy")],
            id="deputy of the office",
        ),
        pytest.param([("college", "member"), ("partner", "deputy"), ("graduate_office", "member")], id="no leader"),
    ],
)
def test_the_college_leads_and_the_partner_names_the_deputy(school, active, seats):
    members = [(f"成员{'甲乙丙丁'[place]}", party, position, "科长") for place, (party, position) in enumerate(seats)]
    with clock.travel("2026-05-26T09:00"):
        with unchanged(active):
            wrong = house.body("working_group", members, tasks=["plans"])
            refused(entered(school.secretary, active, "working_group", wrong), clause="XCU-10b")
        whole = house.body("working_group", house.WORKING_GROUP, tasks=["plans"])
        done(entered(school.secretary, active, "working_group", whole))


# --- 11: the graduate office ----------------------------------------------------------------------------------------


@pytest.mark.clause("XCU-11.1")
def test_the_office_sees_all_bases_and_a_college_its_own(school, active):
    """Three colleges with a base each: the graduate office has all three on one page, a college's secretary hers."""
    third = house.factories.college(school.university, "动物科学学院")
    numbers = {school.college.pk: active.base.number}
    for place, college in enumerate((school.other_college, third), 2):
        unit = house.partner(f"合作单位{place}")
        base = Base.objects.create(
            number=f"JD-2026-010{place}",
            name=f"基地{place}",
            university=school.university,
            college=college,
            partner=unit,
        )
        made = Recognition.objects.create(
            number=f"RD-2026-010{place}",
            title=active.title,
            base=base,
            regulation_version=school.version,
            level="school",
            university=school.university,
            college=college,
            partner=unit,
            decided_on=dt.date(2026, 5, 6),
        )
        numbers[college.pk] = base.number
    with clock.travel("2026-06-01T09:00"):
        page = text_of(school.office.get("/bases/"))
        assert all(number in page for number in numbers.values())
        for person in (school.secretary, school.other_secretary):
            page = text_of(person.get("/bases/"))
            shown = {pk for pk, number in numbers.items() if number in page}
            assert shown == {person.organisation.pk}
        assert school.secretary.page(made).status_code == 404
        assert school.office.page(made).status_code == 200


@pytest.mark.clause("XCU-11.2")
def test_the_office_opens_a_selection_round(school, call):
    """A college can neither plan nor open, extend or end a round (a planned one does not exist for it); the office can."""
    planned = {
        "f-adoption": str(school.version.pk),
        "f-title": "2027年校级基地遴选",
        "f-year": "2027",
        "f-opens_on": "2027-03-01",
        "f-opens_time": "08:00",
        "f-closes_on": "2027-05-31",
        "f-closes_time": "17:00",
    }
    with clock.travel("2026-11-01T09:00"):
        for person in (school.secretary, school.dean, school.contact):
            assert person.get("/calls/new/").status_code == 403
            assert person.client.post("/calls/new/", planned).status_code == 403
        assert Call.objects.count() == 1
        done(school.office.client.post("/calls/new/", planned))
        made = Call.objects.get(year=2027)
        for person in (school.secretary, school.dean):
            assert person.do(made, "open").status_code == person.page(made).status_code == 404
        with unchanged(call):
            refused(school.office.do(call, "close"))
        for move in ("extend", "close"):
            assert school.secretary.do(call, move, {"reason": "试"}).status_code == 403
        done(school.office.do(made, "open"))
        assert state(made) == "open"
        assert school.secretary.page(made).status_code == 200


@pytest.mark.clause("XCU-11.5")
def test_a_major_issue_goes_to_the_graduate_office(school, active):
    """Raised by the partner with a due day: the office is told, owes it, and closes it with a resolution only."""
    with clock.travel("2026-09-01T09:00"):
        issue = {"on": "2026-09-01", "issue": "试验站场地将于年底征用。", "due_on": "2026-09-30"}
        for missing in ("issue", "due_on"):
            with unchanged(active):
                refused(entered(school.contact, active, "major_issue", {**issue, missing: ""}))
        done(entered(school.contact, active, "major_issue", issue))
        raised = records("major_issue").get()
        due = LedgerEntry.objects.get(key=f"record:{raised.pk}")
        assert (due.organisation_id, due.role, str(due.due_on)) == (
            school.university.pk,
            "graduate_office",
            "2026-09-30",
        )
        assert due.done_at is None
        assert "基地重大问题" in text_of(school.office.get("/"))
        assert "青岐市高原作物试验站" in text_of(school.office.get("/inbox/"))
        assert "试验站场地将于年底征用。" in text_of(school.office.page(active))
    with clock.travel("2026-09-20T09:00"):
        answer = {"on": "2026-09-20", "resolution": "改用城郊基地，十月前搬迁。"}
        for person in (school.contact, school.secretary):
            with unchanged(active):
                assert person.do(active, "settle_record", answer, step=raised.pk).status_code == 403
        for wrong in ({"resolution": " "}, {"on": "2026-09-21"}, {"on": "2026-08-31"}):
            with unchanged(active):
                refused(school.office.do(active, "settle_record", {**answer, **wrong}, step=raised.pk))
        with unchanged(active):
            refused(
                school.office.do(active, "settle_record", {**answer, "resolution": ""}, step=raised.pk),
                clause="XCU-11.5",
            )
        done(school.office.do(active, "settle_record", answer, step=raised.pk))
        assert "改用城郊基地，十月前搬迁。" in text_of(school.contact.page(active))
        with unchanged(active):
            assert school.office.do(active, "settle_record", answer, step=raised.pk).status_code in (403, 409)
    raised.refresh_from_db()
    closed = raised.replaced_by
    assert (str(closed.settled_on), closed.entered_by, closed.answers["issue"]) == (
        "2026-09-20",
        "苏半夏",
        "试验站场地将于年底征用。",
    )
    due.refresh_from_db()
    assert due.done_at is not None


# --- 4c, Part V, papers ---------------------------------------------------------------------------------------------


def printed(answer) -> str:
    """The text of a PDF that was sent, without white space."""
    assert answer.status_code == 200, answer.status_code
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages)


@pytest.mark.clause("XCU-4c")
def test_the_certificate_bears_the_fixed_name(school, pending):
    """Whatever the college called its base, an active one is certified under the regulation's name; no other is."""
    kept = Paper.objects.filter(case_kind="recognition", case_id=pending.pk, kind="certificate")
    with clock.travel("2026-05-17T09:00"):
        assert not kept.exists()
        assert school.office.get(f"{pending.get_absolute_url()}prints/certificate.pdf").status_code == 404
    house.xcu_signed(school, Agreement.objects.get())
    with clock.travel("2026-05-26T09:00"):
        for person in (school.office, school.secretary, school.contact):
            text = printed(person.get(f"{pending.get_absolute_url()}papers/{kept.get().pk}/pdf/"))
            assert "西昌学院研究生联合培养基地" in text.replace(samples.ANNEX1["base_name"], "")
        assert "二〇二六年五月十八日" in text and "2026年5月20日至2031年5月19日" in text
    assert pending.title == "西昌学院研究生联合培养基地" != pending.base.name


def block(text: str, title: str) -> str:
    """What stands in an opinion block, up to the next block's title."""
    titles = ("校内申报单位意见：", "基地建设合作单位意见：", "学科与研究生处意见：", "学校意见：")
    rest = text.split(title, 1)[1]
    return rest[: min([rest.index(one) for one in titles if one in rest] or [len(rest)])]


@pytest.mark.clause("XCU-A1.V.1")
@pytest.mark.parametrize("missing", ["opinion", "decided_by", "decided_on", "scan"])
def test_the_colleges_opinion_is_whole_or_does_not_count(school, submitted, missing):
    """Text, dean, date, stamped page: one of them missing and the case does not move on."""
    with clock.travel("2026-03-05T09:00"):
        done(school.contact.step(submitted, "partner_opinion", {"opinion": "同意共建。", "scan": [sent("盖章.pdf")]}))
        with unchanged(submitted):
            given = house.dean_opinion(**{missing: None})
            refused(school.secretary.step(submitted, "college_opinion", given), clause="XCU-A1.V.1")
        with unchanged(submitted):
            refused(school.secretary.step(submitted, "college_opinion", house.dean_opinion(decided_on="2026-03-06")))
        done(school.secretary.step(submitted, "college_opinion", house.dean_opinion()))
        assert state(submitted) == "recommending"  # the stamped pages still wait to be matched
        house.match_all(school.office, submitted)
    given = step(submitted, "college_opinion")
    assert (given.decided_by, given.entered_by, str(given.on)) == (
        "吉克·拉则（院长）",
        "游映雪",
        "2026-03-04",
    )
    assert state(submitted) == "reviewing"


@pytest.mark.clause("XCU-A1.V.1")
def test_the_dean_gives_the_opinion_in_person(school, submitted):
    with clock.travel("2026-03-05T09:00"):
        with unchanged(submitted):
            refused(school.dean.step(submitted, "college_opinion", {"opinion": "同意申报。"}), clause="XCU-A1.V.1")
        done(school.dean.step(submitted, "college_opinion", {"opinion": "同意申报。", "scan": [sent("盖章页.pdf")]}))
        assert school.other_secretary.step(submitted, "college_opinion", house.dean_opinion()).status_code == 404
    given = step(submitted, "college_opinion")
    assert (given.decided_by, given.entered_by, str(given.on)) == ("吉克·拉则", "吉克·拉则", "2026-03-05")


@pytest.mark.clause("XCU-A1.V.2")
@pytest.mark.parametrize("missing", ["opinion", "scan"])
def test_the_partners_opinion_is_whole_or_does_not_count(school, submitted, missing):
    with clock.travel("2026-03-05T09:00"):
        whole = {"opinion": "同意共建。", "scan": [sent("盖章.pdf")]}
        with unchanged(submitted):
            part = {key: value for key, value in whole.items() if key != missing}
            refused(school.contact.step(submitted, "partner_opinion", part), clause="XCU-A1.V.2")
        assert school.secretary.step(submitted, "partner_opinion", whole).status_code == 403
        done(school.secretary.step(submitted, "college_opinion", house.dean_opinion()))
        house.match_all(school.office, submitted)
        assert state(submitted) == "recommending"
        done(school.contact.step(submitted, "partner_opinion", {"opinion": "同意共建。", "scan": [sent("盖章.pdf")]}))
        house.match_all(school.office, submitted)
    given = step(submitted, "partner_opinion")
    assert (given.unit, given.entered_by, str(given.on)) == (school.partner, "卓玛央金", "2026-03-05")
    assert given.confirmed_sha256 == submitted.content_hash() and state(submitted) == "reviewing"


@pytest.mark.clause("XCU-A1.V.3", "XCU-A1.V.4")
def test_the_offices_opinion_and_the_schools_block(school, reviewed):
    """The office's opinion needs its text; the school's block is empty until the meeting's decision is entered."""
    agreement, prints = reviewed.agreement, f"{reviewed.get_absolute_url()}prints/recorded.pdf"
    with clock.travel("2026-04-20T09:00"):
        done(school.secretary.do(agreement, "submit"))
        done(school.office.step(agreement, "go_check", {"opinion": "与模板一致。"}))
        with unchanged(reviewed):
            refused(school.office.step(reviewed, "go_opinion", {"opinion": " "}), clause="XCU-A1.V.3")
        done(school.office.step(reviewed, "go_opinion", {"opinion": "材料齐备，同意报会。"}))
        given = step(reviewed, "go_opinion")
        assert (given.unit, given.entered_by, str(given.on)) == (school.university, "苏半夏", "2026-04-20")
        text = printed(school.office.get(prints))
        assert "材料齐备，同意报会。" in block(text, "学科与研究生处意见：")
        assert "2026年4月20日" in block(text, "学科与研究生处意见：")
        assert "年月日" in block(text, "学校意见：") and "同意。" not in block(text, "学校意见：")
    house.xcu_decided(school, reviewed)
    with clock.travel("2026-05-07T09:00"):
        text = block(printed(school.office.get(prints)), "学校意见：")
    assert "同意。" in text and "2026年5月6日" in text


# --- Paper beside the screen ----------------------------------------------------------------------------------------


def paper_of(application) -> list[Paper]:
    return list(
        Paper.objects.filter(case_kind="application", case_id=application.pk, kind="application").order_by("pk")
    )


@pytest.mark.clause("XCU-A1.V.2")
def test_a_stamped_page_that_does_not_match_comes_back(school, submitted):
    """A mismatch needs its reason and reopens the step; the page that was sent stays readable; the next one counts."""
    with clock.travel("2026-03-05T09:00"):
        done(
            school.contact.step(submitted, "partner_opinion", {"opinion": "同意共建。", "scan": [sent("旧版盖章.pdf")]})
        )
        done(school.secretary.step(submitted, "college_opinion", house.dean_opinion()))
        waiting = step(submitted, "partner_opinion")
        assert waiting.scan == "to_match"
        with unchanged(submitted):
            refused(school.office.do(submitted, "match_scan", {"result": "mismatch"}, step=waiting.pk))
            answer = school.secretary.do(submitted, "match_scan", {"result": "matched"}, step=waiting.pk)
            assert answer.status_code == 403
        done(
            school.office.do(
                submitted, "match_scan", {"result": "mismatch", "note": "页码与第1版不符"}, step=waiting.pk
            )
        )
        assert (step(submitted, "partner_opinion").state, step(submitted, "partner_opinion").scan) == (
            "open",
            "",
        )
        assert "页码与第1版不符" in text_of(school.contact.page(submitted))
        house.match_all(school.office, submitted)
        assert state(submitted) == "recommending"
        done(
            school.contact.step(submitted, "partner_opinion", {"opinion": "同意共建。", "scan": [sent("新版盖章.pdf")]})
        )
        house.match_all(school.office, submitted)
        assert state(submitted) == "reviewing"
    copies = StampedCopy.objects.filter(step_key="partner_opinion").order_by("pk")
    assert [copy.state for copy in copies] == ["mismatch", "matched"]
    assert copies[0].matched_by == copies[1].matched_by == "苏半夏"
    assert school.contact.get(f"/documents/{copies[0].document.uid}/").status_code == 200


def test_changing_the_content_voids_what_was_stamped_and_says_so_first(school, reviewing):
    """Returned, changed and handed in anew: a second version, the first one's stamps void, everything still readable."""
    house.expert(school.university, "钟离靖")
    (first,) = paper_of(reviewing)
    stamped = list(StampedCopy.objects.filter(paper=first))
    assert [copy.state for copy in stamped] == ["matched", "matched"]
    with clock.travel("2026-03-20T09:00"):
        back = {"opinion": "请补充近三年成果。", "correction_due": "2026-04-10"}
        done(school.office.step(reviewing, "expert_review", back, "return"))
        assert (state(reviewing), fresh(reviewing).round) == ("draft", 2)
        assert first.voided_at is None
        page = text_of(school.secretary.get(f"{reviewing.get_absolute_url()}forms/annex1/"))
        assert "2份已盖章的文书将作废" in page
        for words in (
            "第1版（合作单位意见（附件1第五部分），2026-03-05）",
            "第1版（校内申报单位意见（附件1第五部分），2026-03-05）",
        ):
            assert words in page
        house.fill_annex1(school, reviewing, collab_results=samples.text(300))
        assert paper_of(reviewing)[0].voided_at is None  # nothing is void before the changed version is handed in
        done(school.secretary.do(reviewing, "submit"))
    old, new = paper_of(reviewing)
    assert (old.voided_at is not None, new.voided_at, new.version, old.code != new.code) == (
        True,
        None,
        2,
        True,
    )
    assert set(StampedCopy.objects.filter(paper=old).values_list("state", flat=True)) == {"void"}
    with clock.travel("2026-03-21T09:00"):
        for person in (school.secretary, school.contact, school.office):
            assert person.get(f"{reviewing.get_absolute_url()}papers/{old.pk}/pdf/").status_code == 200
            assert person.get(f"{reviewing.get_absolute_url()}papers/{old.pk}/").status_code == 200
            for copy in stamped:
                assert person.get(f"/documents/{copy.document.uid}/").status_code == 200
        assert school.other_secretary.get(f"/documents/{stamped[0].document.uid}/").status_code == 404
        assert "同意共建。" in text_of(school.secretary.client.get(f"{reviewing.get_absolute_url()}?round=1"))
        assert {one.state for one in fresh(reviewing).steps().filter(stage="recommending")} == {"open"}
    house.xcu_opinions(school, reviewing, "2026-03-25T09:00")
    assert state(reviewing) == "reviewing"
    assert set(StampedCopy.objects.filter(paper=new).values_list("state", flat=True)) == {"matched"}


def test_handed_in_unchanged_the_paper_stands(school, reviewing):
    """A return after which nothing was changed keeps version and stamps."""
    with clock.travel("2026-03-20T09:00"):
        back = {"opinion": "请核对。", "correction_due": "2026-04-10"}
        done(school.office.step(reviewing, "expert_review", back, "return"))
        done(school.secretary.do(reviewing, "submit"))
    (paper,) = paper_of(reviewing)
    assert (paper.version, paper.voided_at) == (1, None)
    assert set(StampedCopy.objects.filter(paper=paper).values_list("state", flat=True)) == {"matched"}


# --- S29.2 ----------------------------------------------------------------------------------------------------------


@pytest.mark.clause("XCU-7.4b")
@pytest.mark.parametrize(("first", "second"), [("positive", "negative"), ("negative", "positive")])
def test_confirming_and_declining_at_the_same_moment(school, pending, first, second):
    """Two tabs of the same page: one wins, the other is told who was quicker, and nothing else changes."""
    agreement = Agreement.objects.get()
    with clock.travel("2026-05-10T09:00"):
        seen = fresh(agreement).version
        confirmation = step(agreement, "partner_confirmation").pk
        answers = {
            "positive": {"outcome": "positive", "opinion": "确认。"},
            "negative": {"outcome": "negative", "opinion": "不同意。"},
        }
        done(school.contact.do(agreement, "act_on_step", answers[first], step=confirmation, seen=seen))
        won = state(agreement)
        with unchanged(agreement):
            answer = school.contact.do(agreement, "act_on_step", answers[second], step=confirmation, seen=seen)
            assert answer.status_code == 409
        assert answer.context["page"].by == "卓玛央金"
        assert answers[second]["opinion"] in text_of(answer)
        again = school.contact.do(agreement, "act_on_step", answers[first], step=confirmation, seen=seen)
        assert (again.status_code, again["Location"]) == (
            302,
            agreement.get_absolute_url(),
        )  # a mere double click
    assert won == state(agreement) == {"positive": "confirming", "negative": "declined"}[first]
    acts = TransitionLog.objects.filter(case_kind="agreement", case_id=agreement.pk, step_key="partner_confirmation")
    assert acts.count() == 1
