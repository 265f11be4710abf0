"""A text that no column holds is refused by name, on both engines, and stays typed."""

from __future__ import annotations

import pytest

from core import bounds, clock
from core.door import Refused
from tests.scenarios import house
from tests.scenarios.house import done, refused, sent, text_of, unchanged
from tests.tenants import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.mark.parametrize(("length", "taken"), [(120, True), (121, False)])
def test_one_long_word_in_a_short_answer(length, taken):
    """A Latin word counts as one character (RR-3), whatever its length."""
    with clock.travel("2026-03-01T10:00"):
        school = house.xcu_school()
        application = house.xcu_submitted(school, house.open_xcu_call(school), agreement=False)
    with clock.travel("2026-03-05T09:00"):
        done(school.contact.step(application, "partner_opinion", {"opinion": "同意共建。", "scan": [sent("盖章.pdf")]}))
        given = house.dean_opinion(decided_by="D" * length)
        if taken:
            done(school.secretary.step(application, "college_opinion", given))
            return
        with unchanged(application):
            page = school.secretary.step(application, "college_opinion", given)
        refused(page, f"作出意见的人过长，现有{length}个字符，最多120个")
        assert "D" * length in text_of(page)


def test_a_row_outside_a_form_names_its_column():
    university = factories.university()
    university.name = "大" * 121
    with pytest.raises(Refused, match="单位名称过长，现有121个字符，最多100个"):
        university.save()
    university.save(update_fields=["active"])


def test_the_columns_of_packages_are_their_own():
    assert bounds._columns(type(factories.user("某某")))
    from django.contrib.sessions.models import Session  # noqa: PLC0415 - one that is not the house's

    assert bounds._columns(Session) == ()
