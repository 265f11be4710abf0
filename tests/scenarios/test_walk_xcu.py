"""XCU from Annex 1 to plaque, every act a request (the spine's main way)."""

import datetime as dt

import pytest

from bases.models import Recognition
from core import clock
from core.door import chain
from tests.scenarios import house
from tests.scenarios.house import done, fresh, sent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_xcu_from_annex_1_to_plaque():
    with clock.travel("2026-03-01T09:00"):
        school = house.xcu_school()
        call = house.open_xcu_call(school)
        application = house.xcu_draft(school, call)
        done(school.secretary.do(application, "submit"))
        application = fresh(application)
        assert application.state == "recommending"
    with clock.travel("2026-03-05T09:00"):
        done(school.contact.step(application, "partner_opinion", {"opinion": "同意共建。", "scan": [sent("盖章.pdf")]}))
        done(
            school.secretary.step(
                application,
                "college_opinion",
                {
                    "opinion": "同意申报。",
                    "decided_by": "吉克·拉则（院长）",
                    "decided_on": "2026-03-04",
                    "scan": [sent("盖章页.pdf")],
                },
            )
        )
        for step in fresh(application).unmatched_steps():
            done(school.office.do(application, "match_scan", {"result": "matched", "kept_at": "档案柜3"}, step=step.pk))
        assert fresh(application).state == "reviewing"
    reviewer = house.expert(school.university, "钟离靖")
    with clock.travel("2026-04-01T09:00"):
        done(
            school.office.do(
                application,
                "assign_expert",
                {"expert": str(reviewer.membership.pk), "closes_on": "2026-04-20"},
                step="expert_review",
            )
        )
        assignment = fresh(application).steps().get(key="expert_review").assignments.get()
        done(reviewer.do(application, "promise", house.PROMISE, step=assignment.pk))
        done(reviewer.do(application, "give_opinion", house.OPINION, step=assignment.pk))
    with clock.travel("2026-04-12T09:00"):
        done(school.office.step(application, "expert_review", {"opinion": "同意。"}))
        done(school.office.step(application, "site_visit", house.SITE_VISIT))
        done(school.office.step(application, "review_opinion", {"review_text": "建议设立。", "opinion": "同意。"}))
    agreement = fresh(application).agreement
    with clock.travel("2026-04-20T09:00"):
        done(school.secretary.do(agreement, "submit"))
        done(school.office.step(agreement, "go_check", {"opinion": "与模板一致。"}))
        assert fresh(agreement).state == "confirming"
        assert fresh(application).steps().get(key="formal_agreement").state == "done"
        done(school.office.step(application, "go_opinion", {"opinion": "同意。"}))
    with clock.travel("2026-05-06T16:00"):
        done(
            school.recorder.step(
                application, "meeting_decision", house.meeting("校长办公会", "2026年第9次", "2026-05-06")
            )
        )
        assert fresh(application).state == "approved"
    recognition = Recognition.objects.get()
    assert recognition.state == "pending"
    with clock.travel("2026-05-18T09:00"):
        done(school.contact.step(agreement, "partner_confirmation", {"opinion": "确认。"}))
        done(school.office.do(agreement, "begin_sealing"))
        done(
            school.office.do(
                agreement,
                "record_signature",
                {
                    "signed_on": "2026-05-18",
                    "effective_on": "2026-05-20",
                    "signatories": "校长、站长",
                    "scan": [sent("签署.pdf", house.pdf(3))],
                    "pages_complete": True,
                    "kept_at": "档案室",
                },
            )
        )
    assert fresh(agreement).state == "signed"
    assert fresh(recognition).state == "active"
    with clock.travel("2026-05-25T09:00"):
        done(
            school.office.do(
                recognition,
                "issue_plaque",
                {"issued_on": "2026-05-25", "recipient": "试验站马吉宁", "photo": [sent("授牌.pdf")]},
            )
        )
    assert fresh(recognition).plaque_on == dt.date(2026, 5, 25)
    assert list(chain.breaks()) == []  # the log of the whole way is as the door wrote it
