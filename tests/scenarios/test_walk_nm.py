"""NM from the call to the active recognition, every act a request (the spine's main way)."""

import datetime as dt

import pytest

from bases.models import Recognition
from casework.models import CaseList
from core import clock
from core.door import chain
from tests.scenarios import house
from tests.scenarios.house import done, fresh, sent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_nm_from_call_to_recognition():
    with clock.travel("2027-03-01T09:00"):
        region = house.nm_region()
        call = house.open_nm_call(region)
        application = house.nm_draft(region, call)
        done(region.secretary.do(application, "submit"))
        application = fresh(application)
        assert application.state == "recommending"
    with clock.travel("2027-05-06T09:00"):
        done(region.office.step(application, "six_aspects", house.SIX_ASPECTS))
        case_list = house.recommended_list(region, call)
        done(region.office.do(case_list, "add_member", {"case": f"application-{application.pk}", "rank": "1"}))
    with clock.travel("2027-05-10T09:00"):
        done(region.office.do(case_list, "publicise", house.notice_answers("2027-05-10")))
    assert application.authority_id is None
    with clock.travel("2027-05-20T09:00"):
        done(region.office.do(case_list, "send"))
        application = fresh(application)
        assert application.state == "reviewing"
        assert application.authority == region.department
    expert = house.expert(region.department, "钟离靖")
    with clock.travel("2027-06-10T09:00"):
        done(
            region.officer.do(
                application,
                "assign_expert",
                {"expert": str(expert.membership.pk), "closes_on": "2027-07-05"},
                step="expert_review",
            )
        )
    with clock.travel("2027-06-20T09:00"):
        page = expert.page(application)
        assert page.status_code == 200
        assignment = application.steps().get(key="expert_review").assignments.get()
        done(expert.do(application, "promise", house.PROMISE, step=assignment.pk))
        done(expert.do(application, "give_opinion", house.OPINION, step=assignment.pk))
    with clock.travel("2027-07-01T09:00"):
        done(region.officer.step(application, "expert_review", {"opinion": "专家一致同意。"}))
    with clock.travel("2027-07-05T09:00"):
        preliminary = house.department_list(region, call, "preliminary")
        done(region.officer.do(preliminary, "add_member", {"case": f"application-{application.pk}"}))
        done(region.officer.do(preliminary, "fix_list"))
        assert fresh(application).state == "deciding"
    with clock.travel("2027-07-20T09:00"):
        done(
            region.officer.step(
                application,
                "deliberation",
                {**house.meeting("厅党组会", "2027年第8次", "2027-07-18"), **house.DELIBERATION},
            )
        )
        final = house.department_list(region, call, "recognition")
        done(region.officer.do(final, "add_member", {"case": f"application-{application.pk}"}))
        done(region.officer.do(final, "publicise", house.notice_answers("2027-07-21")))
    with clock.travel("2027-09-12T09:00"):
        done(
            region.officer.do(
                final,
                "publish",
                {"number": "岚教研函〔2027〕18号", "published_on": "2027-09-10", "file": [sent("文件.pdf")]},
            )
        )
    application = fresh(application)
    assert application.state == "approved"
    recognition = Recognition.objects.get()
    assert recognition.state == "active"
    assert (recognition.starts_on, recognition.ends_on) == (dt.date(2027, 9, 10), dt.date(2030, 9, 9))
    assert sorted(CaseList.objects.values_list("state", flat=True)) == ["fixed", "published", "sent"]
    assert list(chain.breaks()) == []  # the log of the whole way is as the door wrote it
