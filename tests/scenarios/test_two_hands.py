"""A story is the same by either hand: told over HTTP and at the door it leaves the same lines in the log."""

from __future__ import annotations

import pytest
from django.db import transaction

from config.stories import agreements, panels, xcu
from config.stories.hands import DoorHand
from core import clock
from core.models import TransitionLog
from tests.scenarios import house

pytestmark = pytest.mark.django_db


def told(hand_of) -> list[tuple]:
    """XCU from the draft to the signature by these hands; the lines of application and agreement. Undone afterwards."""
    with transaction.atomic(), clock.travel("2026-03-01T10:00"):
        school = house.xcu_school()
        application = house.xcu_draft(school, house.open_xcu_call(school))
        secretary, office, contact, recorder = map(
            hand_of, (school.secretary, school.office, school.contact, school.recorder)
        )
        expert = hand_of(house.expert(school.university, "钟离靖"))
        secretary.do(application, "submit")
        xcu.opinions(contact, secretary, office, application, "2026-03-01")
        panels.assigned(office, application, expert, "2026-03-31")
        panels.heard(expert, application)
        panels.closed(office, application)
        xcu.visited(office, application, "2026-03-01")
        xcu.checked(secretary, office, application)
        xcu.decided(recorder, application, "2026年第9次", "2026-03-01")
        agreement = house.fresh(application).agreement
        xcu.confirmed(contact, office, agreement)
        agreements.signed(office, agreement, "2026-03-01")
        assert house.fresh(agreement).state == "signed"
        lines = TransitionLog.objects.filter(case_kind__in=("application", "agreement", "recognition")).order_by("pk")
        # What a page notes beside the moves (a file that was sent, a form that was saved) is not the story's.
        moves = [line for line in lines if line.from_state != line.to_state or line.step_key]
        trace = [(one.case_kind, one.transition, one.to_state, one.step_key, one.role, one.actor_name) for one in moves]
        transaction.set_rollback(True)
    return trace


def test_both_hands_leave_the_same_trace():
    over_http, at_the_door = told(lambda person: person.hand), told(lambda person: DoorHand(person.membership))
    assert len(over_http) > 15
    assert over_http == at_the_door
