"""A partner unit that keeps to paper: the college's secretary enters what it decided, with the stamped paper."""

from __future__ import annotations

import pytest

from applications.services.starting import start_application
from bases.signing import online_counts
from core import clock
from core.models import Document, TransitionLog
from tenants.models import Organisation
from tests.scenarios import house
from tests.scenarios.house import Person, done, fresh, refused, sent, text_of, unchanged
from tests.tenants import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ENTERED = {"decided_by": "马吉宁（站长）", "decided_on": "2026-03-04"}


@pytest.fixture
def school():
    with clock.travel("2026-03-01T09:00"):
        yield house.xcu_school()


def keeps_to_paper(school) -> None:
    """The unit's own contact says so in its data."""
    page = {
        "name": school.partner.name,
        "partner_kind": "public_institution",
        "legal_person": "true",
        "uscc_absent_reason": "测试单位",
    }
    done(school.contact.client.post(f"/organisation/{school.partner.pk}/edit/", {**page, "paper_only": "on"}))
    assert Organisation.objects.get(pk=school.partner.pk).paper_only
    for person in (school.contact, school.secretary, school.office):
        person.membership.refresh_from_db()


def submitted(school):
    """Annex 1, all of it filled in by the secretary from the unit's paper."""
    application = start_application(school.secretary.membership, house.open_xcu_call(school), title="试验站基地")
    done(school.secretary.fill(application, "annex1", house.annex1_answers(school)))
    done(school.secretary.fill(application, "annex1", house.annex1_answers(school)))
    house.new_agreement(school, application)
    done(school.secretary.do(application, "submit"))
    return fresh(application)


def test_the_unit_says_so_itself_and_the_log_keeps_it(school):
    keeps_to_paper(school)
    line = TransitionLog.objects.get(
        case_kind="organisation", case_id=school.partner.pk, transition="organisation_changed"
    )
    assert line.data["changed"]["paper_only"] == [False, True]
    assert line.actor_name == "卓玛央金"
    assert "只办纸质，不在线上确认" in text_of(school.contact.get(f"/organisation/{school.partner.pk}/"))


def test_nobody_enters_for_a_unit_that_acts_for_itself(school):
    call = house.open_xcu_call(school)
    application = house.xcu_submitted(school, call)
    with clock.travel("2026-03-05T09:00"), unchanged(application):
        answer = school.secretary.step(
            application, "partner_opinion", {**ENTERED, "opinion": "同意。", "scan": [sent()]}
        )
        assert answer.status_code == 403


def test_the_opinion_is_entered_with_the_stamped_page_and_the_trail_says_by_whom(school):
    keeps_to_paper(school)
    application = submitted(school)
    with clock.travel("2026-03-05T09:00"):
        home = text_of(school.secretary.get("/"))
        assert "合作单位意见" in home and "登记" in home
        step = application.steps().get(key="partner_opinion")
        page = text_of(school.secretary.get(f"{application.get_absolute_url()}do/act_on_step/", step=step.pk))
        assert "青岐市高原作物试验站只办纸质，凭其盖章件登记" in page and "作出意见的人" in page
        with unchanged(application):
            refused(
                school.secretary.step(application, "partner_opinion", {"opinion": "同意共建。", "scan": [sent()]}),
                "作出意见的人",
                "签署日期",
            )
            refused(
                school.secretary.step(application, "partner_opinion", {"opinion": "同意共建。", **ENTERED}),
                "盖章件",
            )
        done(
            school.secretary.step(
                application, "partner_opinion", {"opinion": "同意共建。", "scan": [sent()], **ENTERED}
            )
        )
    step = fresh(application).steps().get(key="partner_opinion")
    assert (step.state, step.scan) == ("done", "to_match")
    assert (step.decided_by, step.entered_by, step.on.isoformat()) == (
        "马吉宁（站长）",
        "游映雪",
        "2026-03-04",
    )
    assert "决定人：马吉宁（站长）（由游映雪登记）" in text_of(school.office.page(application))


def test_only_the_college_of_the_case_stands_in(school):
    keeps_to_paper(school)
    application = submitted(school)
    stranger = Person(factories.member(school.other_college, "secretary", factories.user("党莫离二")))
    entered = {"opinion": "同意共建。", "scan": [sent()], **ENTERED}
    with clock.travel("2026-03-05T09:00"), unchanged(application):
        assert school.office.step(application, "partner_opinion", entered).status_code == 403
        assert stranger.step(application, "partner_opinion", entered).status_code == 404
    assert "合作单位意见" not in text_of(stranger.get("/"))


def test_the_confirmation_of_the_agreement_comes_with_its_paper_and_counts_as_no_online_signature(school):
    keeps_to_paper(school)
    application = submitted(school)
    agreement = application.agreement
    with clock.travel("2026-04-20T09:00"):
        done(school.secretary.do(agreement, "submit"))
        done(school.office.step(agreement, "go_check", {"opinion": "与模板一致。"}))
        given = {"decided_by": "马吉宁（站长）", "decided_on": "2026-04-18"}
        with unchanged(agreement):
            refused(school.secretary.step(agreement, "partner_confirmation", given), "签字件")
        done(school.secretary.step(agreement, "partner_confirmation", {**given, "signed": [sent("确认函.pdf")]}))
    party = fresh(agreement).parties.get(organisation=school.partner)
    assert party.confirmed_by == "马吉宁（站长）" and party.confirmed_sha256
    assert Document.objects.filter(case_kind="agreement", case_id=agreement.pk, name="确认函.pdf").exists()
    assert "发给合作单位确认" not in text_of(school.secretary.page(agreement))
    assert not online_counts(fresh(agreement))


def test_a_refusal_on_paper_needs_its_paper_too(school):
    keeps_to_paper(school)
    agreement = submitted(school).agreement
    with clock.travel("2026-04-20T09:00"):
        done(school.secretary.do(agreement, "submit"))
        done(school.office.step(agreement, "go_check", {"opinion": "与模板一致。"}))
        given = {
            "opinion": "津贴标准需另行商定。",
            "decided_by": "马吉宁（站长）",
            "decided_on": "2026-04-18",
        }
        with unchanged(agreement):
            refused(school.secretary.step(agreement, "partner_confirmation", given, "negative"), "签字件")
        done(school.secretary.step(agreement, "partner_confirmation", {**given, "signed": [sent()]}, "negative"))
    assert (fresh(agreement).state, fresh(agreement).decline_reason) == ("declined", "津贴标准需另行商定。")
    assert "决定人：马吉宁（站长）（由游映雪登记）" in text_of(school.office.page(agreement))


def test_where_the_unit_has_nobody_who_introduced_it_says_so(school):
    unit = Organisation.objects.create(
        kind="partner",
        name="无人登录的工厂",
        uscc_absent_reason="测试",
        partner_kind="enterprise",
        created_by=school.college,
    )
    page = {
        "name": unit.name,
        "partner_kind": "enterprise",
        "legal_person": "true",
        "uscc_absent_reason": "测试",
    }
    done(school.secretary.client.post(f"/organisation/{unit.pk}/edit/", {**page, "paper_only": "on"}))
    unit.refresh_from_db()
    assert unit.paper_only
