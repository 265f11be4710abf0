"""The same thing begun twice at the same moment is begun once."""

from __future__ import annotations

import pytest
from django.urls import reverse

from applications.models import Application
from casework.models import CaseList
from core import clock
from tests.door.test_races import at_once
from tests.scenarios import house
from tests.scenarios.house import Person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def test_two_clicks_on_start_make_one_draft():
    with clock.travel("2027-03-01T09:00"):
        region = house.nm_region()
        call = house.open_nm_call(region)
        posted = {"call": call.pk, "title": "⾼原作物基地", "track": "regular"}
        page = region.secretary.client.post("/applications/start/", {**posted, "title": "长" * 201})
        assert (
            page.status_code == 422 and "现有201个字符" in page.content.decode() and "长" * 201 in page.content.decode()
        )
        answers = []

        def start():
            person = Person(region.secretary.membership)
            answers.append(person.client.post(reverse("applications:start"), posted))

        assert at_once(start, start, start) == [None, None, None]
    assert {answer.status_code for answer in answers} == {302}, [answer.content.decode()[-2000:] for answer in answers]
    assert [row.title for row in Application.objects.all()] == ["高原作物基地"]
    assert len({answer["Location"] for answer in answers}) == 1


def test_two_clicks_on_a_new_list_make_one_list():
    with clock.travel("2027-03-01T09:00"):
        region = house.nm_region()
        call = house.open_nm_call(region)

        def start():
            Person(region.office.membership).client.post(
                reverse("applications:list_new"), {"call": call.pk, "key": "recommended"}
            )

        at_once(start, start)
    assert CaseList.objects.count() == 1
