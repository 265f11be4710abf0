"""How an agreement ends, and that nobody is ever under two or under none without knowing it (must-show 4)."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from bases import force, signing
from bases.drafting import follow
from bases.models import Agreement
from casework.models import Effect
from core import clock, ledger
from core.models import TransitionLog
from tests.agreements.life import D, base, bind, followed, told, with_parties
from tests.scenarios import house
from tests.scenarios.house import Person, done, fresh, main_of, refused, unchanged
from tests.tenants import factories

pytestmark = pytest.mark.django_db


# --- LCU: the last day ---------------------------------------------------------------------------------------------------


@pytest.mark.clause("LCU-5d")
@pytest.mark.both_databases
def test_not_renewed_the_base_ends_by_itself(db):
    school = base("lcu")
    with clock.travel("2029-08-31T23:00"):
        ledger.run_due(clock.today())
        assert fresh(school.recognition).state == "active" and bind(school, "2029-08-31") == ["XY-1"]
    with clock.travel("2029-09-01T00:20"):
        for _run in range(2):
            ledger.run_due(clock.today())
    agreement, recognition = fresh(school.agreement), fresh(school.recognition)
    assert (agreement.state, agreement.ended_on, agreement.end_code) == ("ended", D("2029-08-31"), "expired")
    assert (recognition.state, recognition.end_code, recognition.end_clause) == ("ended", "not_renewed", "LCU-5d")
    assert Effect.about(recognition).filter(kind="cancellation").count() == 1
    assert not Effect.about(recognition).filter(kind="bar").exists()  # no ban follows (S13.5)
    for person in (school.contact, school.secretary, school.office):
        assert told(person, "协议已终止")
    lines = TransitionLog.objects.filter(case_kind="recognition", case_id=recognition.pk, transition="revoke")
    assert lines.count() == 1 and lines.get().role == "system"
    with clock.travel("2029-09-02T09:00"):
        answer = school.secretary.client.post(f"/bases/{recognition.pk}/agreement/", {"type": "renewal"})
        refused(answer, "该基地已于2029-09-01终止", "重新申报")


@pytest.mark.clause("LCU-5c")
def test_a_reminder_ninety_days_before_and_a_renewal_keeps_the_base(db):
    school = base("lcu")
    with clock.travel("2029-06-01T09:00"):
        ledger.run_due(clock.today())
        assert not told(school.office, "协议到期")
    with clock.travel("2029-06-02T09:00"):
        ledger.run_due(clock.today())
        assert told(school.office, "协议到期")
    renewal = followed(school, "renewal", "2029-06-10", ("2029-09-01", "2032-08-31"), "2029-09-01")
    assert bind(school, "2029-08-31") == ["XY-1"] and bind(school, "2029-09-01") == [renewal.number]
    with clock.travel("2029-09-01T00:20"):
        ledger.run_due(clock.today())
    before = fresh(school.agreement)
    assert (before.state, before.ended_on, before.end_code) == ("ended", D("2029-08-31"), "replaced")
    assert fresh(school.recognition).state == "active"


def test_a_renewal_that_begins_later_leaves_a_gap_that_is_told(db):
    school = base("lcu")
    followed(school, "renewal", "2029-06-10", ("2029-10-01", "2032-09-30"), "2029-10-01")
    assert bind(school, "2029-09-15") == []
    for person in (school.contact, school.secretary, school.office):
        assert told(person, "空档")
    with clock.travel("2029-09-01T00:20"):
        ledger.run_due(clock.today())
    assert fresh(school.recognition).state == "active"  # it was renewed


def test_a_supplement_lets_it_last_longer(db):
    school = base("lcu")
    with clock.travel("2029-08-25T09:00"):
        followed(school, "supplement", "2029-08-25", ("2029-08-25", "2030-12-31"), "2029-08-25", note="延长")
    main = fresh(school.agreement)
    assert main.ends_on == D("2030-12-31") and main.state == "signed"
    with clock.travel("2029-09-01T00:20"):
        ledger.run_due(clock.today())
        assert fresh(school.recognition).state == "active"
    with clock.travel("2031-01-01T00:20"):
        ledger.run_due(clock.today())
    assert fresh(school.recognition).state == "ended"
    assert {row.state for row in Agreement.objects.all()} == {"ended"}  # the supplement ends with it


# --- ended before ----------------------------------------------------------------------------------------------------------


def test_ended_by_one_side(db):
    """With its notice; everybody learns that the base has no agreement, and the office is asked what follows for it."""
    school = base("xcu", ("2026-09-01", "2031-08-31"))
    agreement = school.agreement
    with_parties(school)
    with clock.travel("2028-05-10T09:00"):
        given = house.termination("2028-05-09", "合作单位停产。", "one_side")
        with unchanged(agreement):
            refused(school.office.do(agreement, "terminate", given), "提出终止的一方")
        partner = agreement.parties.get(side="second")
        given = house.termination("2028-05-09", "停产。", "one_side", party=str(partner.pk), notice_on="2028-05-10")
        with unchanged(agreement):
            refused(school.office.do(agreement, "terminate", given), "晚于终止日期")
        given = house.termination("2028-05-11", "停产。", "one_side", party=str(partner.pk), notice_on="2028-04-09")
        with unchanged(agreement):
            refused(school.office.do(agreement, "terminate", given), "不能晚于今天")
        given = house.termination("2028-05-09", "停产。", "one_side", party=str(partner.pk), notice_on="2028-04-09")
        with unchanged(agreement):
            assert school.contact.do(agreement, "terminate", given).status_code == 403
        with unchanged(agreement):
            refused(school.office.do(agreement, "terminate", {**given, "document": None}), "终止协议或书面通知")
        done(school.office.do(agreement, "terminate", house.termination(
            "2028-05-09", "停产。", "one_side", party=str(partner.pk), notice_on="2028-04-09")))  # fmt: skip
        agreement = fresh(agreement)
        assert (agreement.state, agreement.end_code) == ("ended", "one_side")
        assert "一方提出终止" in main_of(school.office.page(agreement))
        assert bind(school, "2028-05-09") == ["XY-1"] and bind(school, "2028-05-10") == []
        for person in (school.contact, school.secretary, school.office):
            assert told(person, "协议已终止")
        effect = Effect.about(school.recognition).get()
        assert (effect.kind, effect.state) == ("cancellation", "proposed")
        assert fresh(school.recognition).state == "active"  # the office decides


def test_replaced_before_its_end(db):
    """Another text from a day on: the one before runs to its eve; on no day two, on no day none."""
    school = base("lcu")
    new = followed(school, "replacement", "2028-03-01", ("2028-04-01", "2031-03-31"), "2028-04-01")
    for day in ("2028-03-01", "2028-03-31", "2028-04-01", "2029-09-01", "2031-03-31"):
        assert bind(school, day) == ["XY-1" if day < "2028-04-01" else new.number], day
    with clock.travel("2028-04-01T00:20"):
        ledger.run_due(clock.today())
    assert fresh(school.agreement).ended_on == D("2028-03-31")
    with clock.travel("2029-09-01T00:20"):  # the first text's own last day means nothing any more
        ledger.run_due(clock.today())
    assert fresh(school.recognition).state == "active"


def test_no_second_agreement_beside_the_one_in_force(db):
    """A draft begun while there was none is not signed beside one that came meanwhile."""
    school = base("lcu")
    with clock.travel("2027-03-01T09:00"):
        school.agreement = fresh(school.agreement)
        other = follow(school.secretary.membership, fresh(school.recognition), "supplement")
        Agreement.objects.filter(pk=other.pk).update(type="new", previous=None)
        answers = house.agreement_answers(other, ("2027-03-01", "2030-02-28"))
        clauses = {f"clause_{one.key}": "约定。" for one in other.profile.agreement.clauses if not one.text}
        done(school.secretary.fill(other, "agreement", {**answers, **clauses}))
        done(school.secretary.do(other, "submit"))
        for step in list(fresh(other).open_steps()):
            done(school.office.step(other, step.key, {"opinion": "同意。"}))
        done(school.contact.step(other, "partner_confirmation", {"opinion": "确认。"}))
        done(school.office.do(other, "begin_sealing"))
        with unchanged(other):
            refused(school.office.do(other, "record_signature", house.signature("2027-03-01")), "XY-1", "不能并行")
    assert bind(school, "2027-03-01") == ["XY-1"]


# --- W7: the order of days --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signed", "effective", "words"),
    [
        ("2029-06-10", "2029-08-31", "早于协议期限的首日2029-09-01"),
        ("2029-06-10", "2029-06-09", "早于签订日期"),
        ("2029-06-10", "2032-09-01", "晚于协议期限的末日2032-08-31"),
        ("2029-06-10", "2029-09-01", ""),
        ("2029-06-10", "2032-08-31", ""),
    ],
)
def test_signed_then_in_force_inside_the_term(db, signed, effective, words):
    school = base("lcu")
    with clock.travel(f"{signed}T09:00"):
        agreement = follow(school.secretary.membership, fresh(school.recognition), "renewal")
        Agreement.objects.filter(pk=agreement.pk).update(starts_on=D("2029-09-01"), ends_on=D("2032-08-31"))
        found = force.day_findings(fresh(agreement), D(signed), D(effective))
    assert not words or any(words in finding.message for finding in found)
    assert bool(found) == bool(words)


def test_supplement_without_its_main_text(db):
    school = base("lcu")
    with clock.travel("2028-01-10T09:00"):
        supplement = follow(school.secretary.membership, fresh(school.recognition), "supplement")
        done(school.office.do(school.agreement, "terminate", house.termination("2028-01-09", "商定终止。")))
        found = force.standing_findings(fresh(supplement), D("2028-01-10"))
        assert "不在有效期内" in found[0].message


def test_nobody_outside_ends_it(db):
    school = base("lcu")
    stranger = Person(factories.member(factories.university(name="别的大学"), "graduate_office"))
    assert stranger.do(school.agreement, "terminate", house.termination("2027-01-01", "无")).status_code == 404


def test_what_stands_against_a_paper_is_found_without_writing_it_down(db):
    """The days typed for a paper agreement are compared with what binds, and the draft stays as it is."""
    school = base("lcu")
    with clock.travel("2028-03-01T09:00"):
        draft = follow(school.secretary.membership, fresh(school.recognition), "supplement")
        draft.type, draft.previous = "new", None
        before = {field.attname: getattr(draft, field.attname) for field in draft._meta.concrete_fields}
        typed = {"signed_on": "2028-02-01", "period": {"from": "2028-02-01", "to": "2031-01-31"}}
        (against,) = signing.paper_findings(draft, SimpleNamespace(data=typed))
        assert "XY-1" in against.message and against.field == "period"
        late = {"signed_on": "2028-02-01", "period": {"from": "2029-09-01", "to": "2032-08-31"}}
        assert signing.paper_findings(draft, SimpleNamespace(data=late)) == []  # from the day after the last one's end
        assert before == {field.attname: getattr(draft, field.attname) for field in draft._meta.concrete_fields}
