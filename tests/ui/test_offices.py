"""Whose business an act is: on a closed button and on a 403 page, by office and telephone; to a stranger nothing."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from casework.access import seen_case
from core import clock, door
from tenants.models import Organisation
from tests.browser import assert_clean, picture
from tests.scenarios import house
from tests.scenarios.house import done, fresh, text_of
from tests.tenants import factories

pytestmark = pytest.mark.django_db
SECRETARY = "农业学院1研究生秘书（研究生科，电话0471-1111111）"


@pytest.fixture
def submitted():
    """An application with the recommending institution, whose offices are in the telephone book."""
    with clock.travel("2027-03-01T09:00"):
        region = house.nm_region()
        for unit, office, phone in (
            (region.college, "研究生科", "0471-1111111"),
            (region.university, "研究生院", "0471-2222222"),
            (region.department, "学位处", "0471-3333333"),
        ):
            Organisation.objects.filter(pk=unit.pk).update(office=office, phone=phone)
        application = house.nm_draft(region, house.open_nm_call(region))
        done(region.secretary.do(application, "submit"))
        yield region, fresh(application)


def test_a_closed_button_names_the_office(submitted):
    region, application = submitted
    page = text_of(region.office.page(application))
    assert f"“撤回”由{SECRETARY}办理。" in page
    own = text_of(region.secretary.page(application))
    assert "“不予推荐”由岚江大学研究生处（研究生院，电话0471-2222222）办理。" in own
    assert "“撤回”由" not in own, "an open act has no reason"


def test_a_403_page_names_the_office_and_no_person(submitted):
    region, application = submitted
    url = f"{application.get_absolute_url()}do/recall/"
    for answer in (region.office.get(url), region.office.do(application, "recall", {"reason": "试"})):
        assert answer.status_code == 403
        assert f"“撤回”由{SECRETARY}办理。" in text_of(answer)
        assert region.secretary.membership.name not in text_of(answer)
        assert application.get_absolute_url() in text_of(answer)
    step = application.steps().get(key="six_aspects")
    answer = region.secretary.get(f"{application.get_absolute_url()}do/act_on_step/", step=step.pk)
    assert answer.status_code == 403
    assert "“办理”由岚江大学研究生处（研究生院，电话0471-2222222）办理。" in text_of(answer)


def test_to_a_stranger_there_is_nothing(submitted):
    region, application = submitted
    for person in (region.other_office, region.other_secretary, region.officer):
        for url in ("", "do/recall/"):
            answer = person.get(f"{application.get_absolute_url()}{url}")
            assert answer.status_code == 404
            assert "0471" not in text_of(answer)


def test_the_sentence_asks_the_database_nothing(submitted, django_assert_num_queries):
    region, application = submitted
    model = type(application)
    seen = seen_case(SimpleNamespace(membership=region.office.membership), "application", application.pk)
    with django_assert_num_queries(0):
        said = [door.why_not(seen, one) for one in door.moves(model).values() if one.subjects is None]
    assert len(said) > 5


def test_offices_of_pages_without_a_case(submitted):
    """The own university's office for what a college may not; the kind of office where there are many."""
    region, _application = submitted
    answer = region.secretary.get("/calls/new/")
    assert answer.status_code == 403
    assert "请联系：岚江大学研究生处（研究生院，电话0471-2222222）。" in text_of(answer)
    answer = region.office.get("/applications/start/")
    assert "请联系：学院研究生秘书、申报人。" in text_of(answer)
    factories.member(region.university, "admin")
    answer = region.office.get(f"/organisation/{region.university.pk}/edit/")
    assert answer.status_code == 403
    assert "请联系：岚江大学单位管理员（研究生院，电话0471-2222222）。" in text_of(answer)


def test_a_list_names_whom_the_regulation_names(submitted):
    region, application = submitted
    case_list = house.recommended_list(region, application.call)
    leader = house.Person(factories.member(region.university, "vice_president"))
    assert "“报送”由岚江大学研究生处（研究生院，电话0471-2222222）办理。" in text_of(leader.page(case_list))


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_it_looks_right(submitted, browser_page, new_page):
    new_page.watch.expected.append("403")
    region, application = submitted
    page = browser_page(region.office.membership)
    page.goto(application.get_absolute_url())
    assert_clean(page)
    picture(page, "offices-case", full=True)
    new = browser_page(region.office.membership)
    new.goto(f"{application.get_absolute_url()}do/recall/")
    assert SECRETARY in new.inner_text("main")
    picture(new, "offices-403")
