"""Several experts and several cases in one grid; what kind of expert somebody is."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework.models import Assignment
from core import clock
from core.models import InboxMessage, TransitionLog
from tests.scenarios import house
from tests.scenarios.house import Person, done, refused, text_of
from tests.tenants import factories

GRID = "/panels/assign/"


@pytest.fixture
def school(db):
    return house.xcu_school()


@pytest.fixture
def cases(school):
    """Three applications whose experts are to be chosen."""
    call = None
    with clock.travel("2026-03-01T10:00"):
        call = house.open_xcu_call(school)
        rows = [house.xcu_submitted(school, call, base_name=f"基地{name}") for name in "甲乙丙"]
    return [house.xcu_opinions(school, row) for row in rows]


@pytest.fixture(autouse=True)
def _april():
    with clock.travel("2026-04-01T09:00"):
        yield


def panel(case):
    return case.steps().get(key="expert_review")


def picks(cases, experts) -> list[str]:
    return [f"{panel(case).pk}-{expert.membership.pk}" for case in cases for expert in experts]


def sent(school, chosen, closes_on="2026-04-30"):
    return school.office.client.post(GRID, {"pick": chosen, "closes_on": closes_on})


def test_who_acted_on_a_case_for_a_side_is_not_made_its_expert(school, cases):
    """The reason stands in the grid before anybody picks, and refuses the pick; a second account changes nothing."""
    secretary = school.secretary.membership.user
    secretary.phone = "13800001234"
    secretary.save()
    acted = house.expert(school.university, "游影")
    acted.membership.user.phone = "138 0000 1234"
    acted.membership.user.save()
    page = text_of(school.office.get(GRID))
    assert "研究生秘书”的身份办理" in page
    refused(sent(school, picks(cases[:1], [acted])), "应当回避", "研究生秘书”的身份办理")
    assert not Assignment.objects.exists()


def test_two_experts_get_two_cases_in_one_act(school, cases):
    experts = [house.expert(school.university, name) for name in ("钟离靖", "阿依努尔")]
    page = text_of(school.office.get(GRID))
    assert all(word in page for word in ("基地甲", "基地乙", "基地丙", "钟离靖", "阿依努尔"))
    assert sent(school, picks(cases[:2], experts)).status_code == 302
    assert Assignment.objects.count() == 4 and panel(cases[2]).assignments.count() == 0
    lines = TransitionLog.objects.filter(transition="assign_expert")
    assert lines.count() == 4 and len({line.correlation for line in lines}) == 1
    for expert in experts:
        assert InboxMessage.objects.filter(user=expert.membership.user, title__contains="评审邀请").count() == 2
    assert text_of(school.office.get(GRID)).count("待承诺") == 4


def test_one_pick_that_cannot_be_stops_them_all_and_says_which(school, cases):
    """Somebody of the applying partner is marked in the grid; picked in spite of that, nothing at all is assigned."""
    free = house.expert(school.university, "钟离靖")
    bound = house.expert(school.university, "冯且歌", school.partner)
    page = text_of(school.office.get(GRID))
    assert page.count("应回避") == 3
    answer = sent(school, [*picks(cases, [free]), *picks(cases[1:2], [bound])])
    refused(answer, "应当回避", "冯且歌", "基地乙")
    assert Assignment.objects.count() == 0
    assert "checked" in answer.content.decode() and 'value="2026-04-30"' in answer.content.decode()
    refused(sent(school, picks(cases, [free]), "2026-03-31"), "早于今天")
    refused(sent(school, picks(cases, [free]), ""), "评审截止日")


def test_nobody_assigns_on_panels_of_others(school, cases):
    expert = house.expert(school.university, "钟离靖")
    other = factories.university(name="别的大学")
    stranger = Person(factories.member(other, "graduate_office"))
    assert "基地甲" not in text_of(stranger.get(GRID))
    assert stranger.client.post(GRID, {"pick": picks(cases, [expert]), "closes_on": "2026-04-30"}).status_code == 302
    for person in (school.secretary, expert):
        assert person.get(GRID).status_code == 403
        assert person.client.post(GRID, {"pick": picks(cases, [expert])}).status_code == 403
    assert Assignment.objects.count() == 0


def test_the_grid_asks_no_more_for_three_cases_than_for_one(school, cases):
    def queries(before="") -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert school.office.get(GRID, **({"before": before} if before else {})).status_code == 200
        return len(asked)

    for name in ("钟离靖", "阿依努尔", "冯且歌"):
        house.expert(school.university, name)
    queries()
    assert queries() == queries(panel(cases[1]).pk)


def test_the_kind_of_an_expert_goes_with_what_they_are_asked_for(school, cases):
    """Entered by the unit's administrator, copied to the assignment on the day, changed later without touching it."""
    expert = house.expert(school.university, "钟离靖")
    admin = Person(factories.member(school.university, "admin"))
    address = reverse("tenants:member", args=[expert.membership.pk])
    assert "专家类别" in text_of(admin.get(address))
    done(admin.client.post(address, {"act": "kind", "expert-kind": "industry"}))
    assert sent(school, picks(cases[:1], [expert])).status_code == 302
    done(admin.client.post(address, {"act": "kind", "expert-kind": "academic"}))
    assert sent(school, picks(cases[1:2], [expert])).status_code == 302
    kinds = {row.case_id: row.expert_kind for row in Assignment.objects.all()}
    assert kinds == {cases[0].pk: "industry", cases[1].pk: "academic"}
    assert "高校专家" in text_of(school.office.get("/panels/experts/"))
    secretary = reverse("tenants:member", args=[school.secretary.membership.pk])
    answer = admin.client.post(secretary, {"act": "kind", "expert-kind": "academic"})
    assert answer.status_code in (404, 422)
