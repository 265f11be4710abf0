"""What becomes of an evaluation whose base ends while it runs."""

from __future__ import annotations

import pytest

from core import clock, ledger
from core.door import chain
from core.models import LedgerEntry
from evaluations.models import Evaluation
from tests.evaluations.world import build
from tests.scenarios.house import done, fresh, text_of
from tests.scenarios.test_s22 import sheet

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_nobody_reports_on_a_base_that_is_none_any_more():
    """The yearly check has opened; the triennial assessment ends the base: the check ends with it, and nothing is late."""
    world = build("xcu", "2026-05-18", "2031-05-17")
    check = world.opened("benchmark", "2026-12-01")
    with clock.travel("2029-05-18T08:00"):
        ledger.run_due(clock.today())
    triennial = world.base.evaluations.get(kind="triennial")
    triennial = world.heard(world.reported(triennial, "2029-05-19"), "2029-05-19", sheet("40"))
    with clock.travel("2029-05-20T09:00"):
        done(world.organiser.step(triennial, "give_grade", {"opinion": "确认。"}))
        assert (fresh(triennial).state, world.base.state) == ("confirmed", "ended")
        assert {row.state for row in Evaluation.objects.filter(recognition=world.base).exclude(pk=triennial.pk)} == {
            "cancelled"
        }
        assert fresh(check).missed_reason == "基地已终止，本次考核不再进行。"
        assert not LedgerEntry.objects.filter(case_kind="evaluation", done_at=None).exists()
        assert check.title not in text_of(world.reporter.get("/todos/"))
    assert list(chain.breaks()) == []
