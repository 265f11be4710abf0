"""How long whoever reports has, and when they are reminded: of every kind of evaluation of every regulation."""

from __future__ import annotations

import datetime as dt

import pytest

from core import clock
from core.models import InboxMessage
from evaluations.models import Evaluation, Round
from tests.evaluations.world import World, build, run
from tests.scenarios.house import done

pytestmark = pytest.mark.django_db
TERMS = {
    "czmc": ("2026-04-01", "2031-03-31", None),
    "nm": ("2027-09-10", "2042-09-09", "2030-09-09"),
    "xcu": ("2026-05-18", "2031-05-17", None),
}


def by_hand(world: World, kind: str, on: str) -> Evaluation:
    """A round of a kind opened by its organiser, for the kinds that wait for what came before."""
    given = {"f-kind": f"{world.school.version.pk}.{kind}", "f-year": on[:4], "f-note": "专项考核"}
    with clock.travel(f"{on}T08:00"):
        done(world.organiser.client.post("/evaluations/rounds/new/", given))
        done(world.organiser.do(Round.objects.get(), "open", {}))
    return Evaluation.objects.get()


def reminded(evaluation: Evaluation) -> bool:
    return InboxMessage.objects.filter(title__contains="到期提醒", case_id=evaluation.pk).exists()


def kind(clause: str, *rest: str, calendar: bool = True):
    return pytest.param(*rest, calendar, marks=pytest.mark.clause(clause), id=f"{rest[0]}-{rest[1]}")


@pytest.mark.parametrize(
    ("code", "kind", "opens", "due", "reminder", "calendar"),
    [
        kind("CZMC-6.3.1", "czmc", "annual", "2026-12-01", "2026-12-11", "2026-12-08"),
        kind("NM-15a", "nm", "effectiveness", "2030-09-10", "2030-10-10", "2030-10-03"),
        kind("NM-15b", "nm", "periodic", "2031-06-01", "2031-07-01", "2031-06-24", calendar=False),
        kind("NM-19b", "nm", "reevaluation", "2031-06-01", "2031-07-01", "2031-06-24", calendar=False),
        kind("XCU-29a", "xcu", "benchmark", "2026-12-01", "2026-12-16", "2026-12-11"),
        kind("XCU-29b", "xcu", "triennial", "2029-05-18", "2029-06-02", "2029-05-28"),
        kind("XCU-29c", "xcu", "agreement_end", "2031-05-18", "2031-06-02", "2031-05-28"),
    ],
)
def test_window_and_reminder(code, kind, opens, due, reminder, calendar):
    world = build(code, *TERMS[code])
    evaluation = world.opened(kind, opens) if calendar else by_hand(world, kind, opens)
    assert str(evaluation.report_due) == due
    run(str(dt.date.fromisoformat(reminder) - dt.timedelta(days=1)))
    assert not reminded(evaluation)
    run(reminder)
    assert reminded(evaluation)
