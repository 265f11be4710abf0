"""S01: a base that a college contacted under CZMC, from the form to its working group, every act a request."""

from __future__ import annotations

import pytest

from config.stories import answers as written
from core import clock
from core.door import chain
from tests.scenarios import house_czmc
from tests.scenarios.house import fresh, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def school():
    with clock.travel("2026-03-01T09:00"):
        yield house_czmc.school()


@pytest.fixture
def call(school):
    with clock.travel("2026-03-01T09:00"):
        return house_czmc.standing_call(school)


def test_from_the_form_to_the_working_group(school, call):
    """The whole of S01's steps 1-6 on the scenario's days."""
    recognition = house_czmc.approved(school, call)
    assert recognition.state == "pending" and str(recognition.decided_on) == "2026-03-20"
    agreement = house_czmc.signed(school, recognition)
    assert (agreement.state, fresh(recognition).state) == ("signed", "active")
    with clock.travel("2026-04-05T09:00"):
        school.secretary.hand.record(recognition, "working_group", written.working_group("2026-04-05"))
        for name, discipline in (("纪云舒", "护理学"), ("闻人越", "公共卫生")):
            mentor = written.base_mentor(name, "主任护师", discipline, "2026-04-05")
            school.office.hand.record(recognition, "mentor", mentor)
        page = text_of(school.secretary.page(recognition))
        assert "护理学" in page and "公共卫生" in page
    assert list(chain.breaks()) == []
