"""One link, two tabs at the same moment: it acts once."""

from __future__ import annotations

import pytest

from casework import linking
from core import clock
from core.models import TransitionLog
from tests.agreements.linked import Holder, Linked, events, row
from tests.door.test_races import at_once
from tests.scenarios.house import fresh

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def test_two_answers_with_the_same_code_at_once():
    with clock.travel("2027-03-01T09:00"):
        world = Linked()
        agreement = world.to_confirm(world.draft())
        holder = Holder(world.sent(agreement))
        holder.open()
        link, case, step = linking.with_case(holder.link)
        said = at_once(
            lambda: linking.act(link, case, step, "positive", ""),
            lambda: linking.act(link, case, step, "negative", "条款不能接受。"),
        )
    assert sorted(type(error).__name__ for error in said) == ["NoneType", "Stale"]
    lines = TransitionLog.about(agreement).filter(transition="act_on_step", role="link")
    assert lines.count() == 1
    assert events(link).count("used") == 1 and row(link).state == "used"
    assert fresh(agreement).steps().get(kind="confirmation").state in ("done", "negative")
