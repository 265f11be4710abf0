"""What stays with a body: its minutes, and the names of the experts on its panel."""

from __future__ import annotations

import pytest

from core import clock
from core.models import Document, TransitionLog
from tests.scenarios import house, test_s07
from tests.scenarios.house import done, fresh, text_of

pytestmark = pytest.mark.django_db
EXPERT = "钟离靖"  # the one that the story assigns


@pytest.fixture
def region():
    with clock.travel("2027-03-01T09:00"):
        return house.nm_region()


@pytest.fixture
def call(region):
    with clock.travel("2027-03-01T09:00"):
        return house.open_nm_call(region)


@pytest.fixture
def deliberated(region, call):
    application = test_s07.sent_to_department(region, call)
    test_s07.to_deliberation(region, call, application)
    with clock.travel("2027-07-20T09:00"):
        meeting = {**house.meeting("厅党组会", "2027年第8次", "2027-07-18"), **house.DELIBERATION}
        done(region.officer.step(application, "deliberation", meeting))
        yield fresh(application)


def test_the_minutes_stay_with_the_body(region, deliberated):
    minutes = Document.objects.get(case_kind="application", case_id=deliberated.pk, purpose="minutes")
    address = f"/documents/{minutes.uid}/"
    assert region.officer.get(address).status_code == 200 and address in text_of(region.officer.page(deliberated))
    for person in (region.office, region.secretary, region.contact):
        answer = person.page(deliberated)
        assert answer.status_code == 200
        assert address not in text_of(answer) and person.get(address).status_code == 404
        assert "厅党组会" in text_of(answer)  # the conclusion, and who drew it, are theirs to read


def test_minutes_for_two_universities_are_read_by_neither(region, call):
    """One file of minutes decides cases of two universities: each case has its copy, and neither university opens one."""
    both = [test_s07.sent_to_department(region, call, number) for number in (1, 2)]
    for application in both:
        test_s07.to_deliberation(region, call, application)
    with clock.travel("2027-07-20T09:00"):
        for application in both:
            meeting = {**house.meeting("厅党组会", "2027年第8次", "2027-07-18"), **house.DELIBERATION}
            done(region.officer.step(application, "deliberation", meeting))
        for minutes in Document.objects.filter(purpose="minutes"):
            for person in (region.office, region.other_office, region.secretary, region.other_secretary):
                assert person.get(f"/documents/{minutes.uid}/").status_code == 404
            assert region.officer.get(f"/documents/{minutes.uid}/").status_code == 200


def test_experts_are_named_to_the_body_that_asked_them_alone(region, deliberated):
    assert TransitionLog.objects.filter(case_id=deliberated.pk, role="expert", actor_name=EXPERT).exists()
    assert EXPERT in text_of(region.officer.page(deliberated))
    for person in (region.office, region.secretary, region.contact):
        page = text_of(person.page(deliberated))
        assert EXPERT not in page and "评审专家" in page
        for address in ("/", "/todos/", "/messages/", "/applications/", f"/search/?q={EXPERT}"):
            answer = person.get(address)
            said = text_of(answer).replace(f'value="{EXPERT}"', "").replace(f"“{EXPERT}”", "")
            assert answer.status_code != 200 or EXPERT not in said, address


def test_a_stale_page_names_no_expert(region, call):
    """The applicant's old page is refused after an expert's act; whose act it was is not said."""
    application = test_s07.sent_to_department(region, call)
    seen = fresh(application).version
    expert = house.expert(region.department, EXPERT)
    assignment = test_s07.assigned(region, application, expert)
    with clock.travel("2027-06-20T09:00"):
        done(expert.do(application, "promise", house.PROMISE, step=assignment.pk))
        done(expert.do(application, "give_opinion", house.OPINION, step=assignment.pk))
        answer = region.secretary.do(application, "withdraw", {"reason": "不再申报。"}, seen=seen)
        assert answer.status_code == 409 and EXPERT not in text_of(answer) and "评审专家" in text_of(answer)
