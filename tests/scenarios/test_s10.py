"""S10: a safety accident under NM that is reported, assessed and assessed again; a withdrawal too early, and a right one."""

import datetime as dt

import pytest

from bases.intake import intake
from bases.models import Incident, Withdrawal
from casework.models import Effect
from config.stories import placements
from core import clock, ledger
from core.models import LedgerEntry, OutboxMessage, Paper
from tests.effects.evaluated import graded
from tests.papers.pdf import whole
from tests.scenarios import house
from tests.scenarios.house import done, findings_of, fresh, main_of, refused, sent, text_of, unchanged
from tests.scenarios.test_s07 import recognised

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ACCIDENT = {
    "happened_on": "2028-02-02",
    "kind": "safety",
    "account": "合作单位车间发生重大安全生产事故，无研究生受伤。",
    "impact": "造成严重不良影响，车间停产整顿。",
}
REQUEST = {
    "consulted_on": "2030-10-18",
    "reasons": "双方业务方向调整，经协商一致申请撤销。",
    "students": "在岗研究生全部按期结束，无需另行安置。",
}


@pytest.fixture
def region():
    with clock.travel("2027-03-01T09:00"):
        return house.nm_region()


@pytest.fixture
def base(region):
    with clock.travel("2027-03-01T09:00"):
        call = house.open_nm_call(region)
    return recognised(region, call)


def begun(person, base, what: str):
    """The case that is begun on the base's page."""
    return person.client.post(f"/bases/{base.pk}/{what}/")


def entered(region, base, on: str = "2028-02-03T09:00") -> Incident:
    """An accident as the graduate office enters it, complete, not reported."""
    with clock.travel(on):
        done(begun(region.office, base, "incident"))
        incident = Incident.objects.get()
        done(region.office.fill(incident, "incident", ACCIDENT))
    return incident


def reported(region, base) -> Incident:
    incident = entered(region, base)
    with clock.travel("2028-02-04T10:00"):
        done(region.office.do(incident, "report"))
    return fresh(incident)


@pytest.mark.clause("NM-20a")
def test_an_accident_is_reminded_of_until_it_is_reported(region, base):
    incident = entered(region, base)
    assert incident.state == "draft"
    with clock.travel("2028-02-03T18:00"):
        ledger.run_due(clock.today())
        assert not reminders(incident)
        assert region.officer.page(incident).status_code == 404
        assert not intake(fresh(base), clock.today()).warnings
    with clock.travel("2028-02-04T09:00"):
        ledger.run_due(clock.today())
        told = [message.payload["to"] for message in reminders(incident)]
        assert told
        assert len(told) == len(set(told))
        ledger.run_due(clock.today())
        assert len(reminders(incident)) == len(told)
        assert "报告重大事项" in text_of(region.office.get("/todos/"))
        done(region.office.do(incident, "report"))
        assert region.officer.page(incident).status_code == 200
        assert "重大事项" in text_of(region.officer.get("/incidents/"))
        (warning,) = intake(fresh(base), clock.today()).warnings
        assert (warning.clause, warning.strength) == ("NM-20a", "info")
        assert intake(fresh(base), clock.today()).open
        assert "报告重大事项" not in text_of(region.office.get("/todos/"))
        student = placements.student(region.secretary.hand, "20270001", "陆离")
        stay = placements.planned(region.secretary.hand, fresh(base), student, ("2028-03-01", "2028-06-30"))
        assert "重大事项" in main_of(region.secretary.page(stay))


def reminders(incident) -> list[OutboxMessage]:
    return [
        message
        for message in OutboxMessage.objects.filter(kind="mail", case_kind="incident", case_id=incident.pk)
        if "到期提醒" in message.payload["subject"]
    ]


@pytest.mark.clause("NM-20a")
def test_a_report_says_what_happened_and_with_what_effect(region, base):
    with clock.travel("2028-02-03T09:00"):
        done(begun(region.office, base, "incident"))
        incident = Incident.objects.get()
        done(region.office.fill(incident, "incident", {**ACCIDENT, "impact": ""}))
        with unchanged(incident):
            refused(region.office.do(incident, "report"), "造成的影响", clause="NM-20a")
        done(region.office.fill(incident, "incident", {**ACCIDENT, "happened_on": "2028-02-04"}))
        with unchanged(incident):
            refused(region.office.do(incident, "report"), "晚于今天", clause="NM-20a")


@pytest.mark.clause("NM-20b")
def test_the_base_is_revoked_only_after_an_assessment_that_it_cannot_go_on(region, base):
    incident = reported(region, base)
    officer = region.officer
    with clock.travel("2028-02-10T09:00"):
        with unchanged(incident):
            refused(officer.do(incident, "revoke_base", {"reason": "撤销"}), "尚未作出研判结论", clause="NM-20b")
        with unchanged(incident):
            refused(officer.step(incident, "assessment", {}, outcome="positive"), "意见")
        done(officer.step(incident, "assessment", {"opinion": "已整改，风险可控。"}))
        incident = fresh(incident)
        assert (incident.state, incident.can_continue) == ("concluded", True)
        paper = Paper.about(incident).get(kind__startswith="assessment.")
        said = whole(region.office.get(f"/cases/incident/{incident.pk}/papers/{paper.pk}/pdf/").getvalue())
        assert "可以继续开展联合培养" in said and "已整改，风险可控。" in said
        with unchanged(incident):
            refused(officer.do(incident, "revoke_base", {"reason": "撤销"}), "可以继续", clause="NM-20b")
        assert fresh(base).state == "active"
        assert not intake(fresh(base), clock.today()).warnings
    with clock.travel("2028-04-01T09:00"):
        done(officer.do(incident, "assess_again", {"reason": "停产时间延长。"}))
        done(officer.step(incident, "assessment", {"opinion": "确无法继续开展。"}, outcome="negative"))
        incident = fresh(incident)
        assert (incident.state, incident.can_continue) == ("concluded", False)
        assert fresh(base).state == "active"  # the assessment alone revokes nothing
        assert "撤销基地" in text_of(officer.get("/todos/"))
        with unchanged(incident):
            refused(region.office.do(incident, "revoke_base", {"reason": "撤销"}), status=403)
        decision = {"reason": "经研判确无法继续。", "number": "岚教研函〔2028〕9号", "file": [sent("决定书.pdf")]}
        done(officer.do(incident, "revoke_base", decision))
    ended = fresh(base)
    assert (ended.state, ended.ended_on, ended.end_code, ended.end_clause) == (
        "ended",
        dt.date(2028, 4, 1),
        "incident",
        "NM-20b",
    )
    stop = intake(ended, dt.date(2028, 4, 1)).stops[0]
    assert (stop.clause, "重大事项" in stop.message) == ("NM-20b", True)
    assert Effect.objects.get(kind="revocation").decision_reason == "经研判确无法继续。"


@pytest.mark.clause("NM-20b")
def test_a_second_assessment_takes_back_what_the_first_proposed(region, base):
    incident = reported(region, base)
    with clock.travel("2028-04-01T09:00"):
        done(region.officer.step(incident, "assessment", {"opinion": "无法继续。"}, outcome="negative"))
        (effect,) = Effect.about(base).filter(kind="revocation")
        assert effect.state == "proposed"
        done(region.officer.do(incident, "assess_again", {"reason": "企业已复产。"}))
        done(region.officer.step(incident, "assessment", {"opinion": "可以继续。"}))
    effect.refresh_from_db()
    assert effect.state == "declined"
    assert fresh(base).state == "active"


def test_an_incident_that_nobody_reported_ends_with_its_base(region, base):
    """Entered beside the one for which the base is revoked: nothing is left to report, nobody is reminded of it any more."""
    incident = reported(region, base)
    with clock.travel("2028-03-01T09:00"):
        done(begun(region.office, base, "incident"))
        second = Incident.objects.exclude(pk=incident.pk).get()
        assert LedgerEntry.objects.filter(case_kind="incident", case_id=second.pk, done_at=None).exists()
    with clock.travel("2028-04-01T09:00"):
        done(region.officer.step(incident, "assessment", {"opinion": "无法继续。"}, outcome="negative"))
        decision = {"reason": "确无法继续。", "number": "岚教研函〔2028〕9号", "file": [sent("决定书.pdf")]}
        done(region.officer.do(incident, "revoke_base", decision))
        assert (fresh(base).state, fresh(incident).state, fresh(second).state) == ("ended", "concluded", "dropped")
        assert not LedgerEntry.objects.filter(case_kind="incident", case_id=second.pk, done_at=None).exists()
        assert second.number not in text_of(region.office.get("/todos/"))
        assert "随基地终止" in text_of(region.office.page(second))
        with unchanged(second):
            assert region.office.do(second, "report").status_code in (403, 409)


@pytest.mark.clause("NM-21a")
def test_nobody_withdraws_before_the_period_is_over(region, base):
    """The period runs 2027-09-10…2030-09-09: its last day is too early; from the next day the evaluation is missing."""
    for day, over in (("2029-09-10T09:00", False), ("2030-09-09T23:00", False), ("2030-09-10T00:00", True)):
        with clock.travel(day):
            page = region.office.page(base)
            assert "提出自主撤销" in text_of(page)
            with unchanged(base):
                answer = begun(region.office, base, "withdrawal")
                assert answer.status_code == 422
                assert "NM-21a" in findings_of(answer)
                assert ("建设期尚未届满" in text_of(answer)) is not over
                assert "尚未通过期满评估" in text_of(answer)
    assert not Withdrawal.objects.exists()


def drafted(region, base) -> Withdrawal:
    done(begun(region.office, base, "withdrawal"))
    withdrawal = Withdrawal.objects.get()
    done(region.office.fill(withdrawal, "withdrawal", REQUEST))
    done(region.office.do(withdrawal, "submit"))
    return fresh(withdrawal)


def signed(person, withdrawal, step: str) -> None:
    """One side stamps the printed request and brings its scan."""
    done(person.step(withdrawal, step, {"scan": [sent("联合申请书.pdf")]}))


@pytest.mark.clause("NM-21a", "NM-21b", "NM-21c")
def test_both_sides_sign_and_only_the_filing_ends_the_base(region, base):
    graded(region, base, "qualified")
    with clock.travel("2030-10-20T09:00"):
        withdrawal = drafted(region, base)
        assert withdrawal.state == "confirming"
        with unchanged(base):
            assert begun(region.office, base, "withdrawal").status_code == 422  # one at a time
        signed(region.office, withdrawal, "university_signs")
        with unchanged(withdrawal):
            refused(region.office.do(withdrawal, "send"), "合作单位签章", clause="NM-21b")
        signed(region.contact, withdrawal, "partner_signs")
        house.match_all(region.office, withdrawal)
        assert region.officer.page(withdrawal).status_code == 404
        done(region.office.do(withdrawal, "send"))
    with clock.travel("2030-11-30T09:00"):
        assert fresh(base).state == "active"
        assert intake(fresh(base), clock.today()).open
        assert region.officer.page(withdrawal).status_code == 200
    with clock.travel("2030-12-01T09:00"):
        done(region.officer.step(withdrawal, "filing"))
    withdrawal, ended = fresh(withdrawal), fresh(base)
    assert (withdrawal.state, withdrawal.filed_on) == ("filed", dt.date(2030, 12, 1))
    assert (ended.state, ended.end_code, ended.end_clause) == ("ended", "withdrawn", "NM-21c")
    assert not intake(ended, dt.date(2030, 12, 1)).open
    assert "自主撤销" in text_of(region.office.page(ended))


def test_a_request_under_way_ends_with_the_base(region, base):
    graded(region, base, "qualified")
    with clock.travel("2030-10-20T09:00"):
        withdrawal = drafted(region, base)
    incident = entered(region, base, "2030-10-21T09:00")
    with clock.travel("2030-10-22T09:00"):
        done(region.office.do(incident, "report"))
        done(region.officer.step(incident, "assessment", {"opinion": "无法继续。"}, outcome="negative"))
        done(region.officer.do(incident, "revoke_base", {"reason": "经研判确无法继续。"}))
    assert (fresh(base).end_code, fresh(withdrawal).state) == ("incident", "abandoned")
    assert not withdrawal.open_steps().exists()


@pytest.mark.clause("NM-21a")
def test_nobody_withdraws_after_a_failed_evaluation(region, base):
    graded(region, base, "unqualified")
    with clock.travel("2030-10-20T09:00"), unchanged(base):
        answer = begun(region.office, base, "withdrawal")
        assert answer.status_code == 422
        assert "NM-21a" in findings_of(answer)
