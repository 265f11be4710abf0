"""A base and what runs on it, worked on at the same moment: whoever comes second waits, and nobody blocks the other."""

from __future__ import annotations

import datetime as dt
import threading
import time

import pytest
from django.db import connection, connections, transaction

from bases.models import Recognition
from core import clock
from core.door import DoorError, perform
from tests.effects.acting import declared, proposed
from tests.evaluations.world import build
from tests.scenarios.house import done, fresh

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def waiting(number: int) -> None:
    """Until so many sessions of this database wait for a lock; SQLite, which has one lock for all, is not asked."""
    sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    for _try in range(500 if connection.vendor == "postgresql" else 0):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # inside a transaction the first look would stay
            cursor.execute(sql)
            if cursor.fetchone()[0] >= number:
                return
        time.sleep(0.01)
    assert connection.vendor != "postgresql", "nobody waits"


def behind_a_lock(base: Recognition, *acts) -> list[Exception | None]:
    """Run acts in threads of their own while the base is locked, each once those before it wait; then let go. Their
    errors, None for what went through."""
    said: list[Exception | None] = [None] * len(acts)

    def run(number: int, act) -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001 - what a database says is what is asked for
            said[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
    with transaction.atomic():
        Recognition.locked(base.pk)
        for number, thread in enumerate(threads, 1):
            thread.start()
            waiting(number)
    for thread in threads:
        thread.join(60)
    return said


@pytest.mark.parametrize("first", ["base", "rectification"])
def test_a_base_is_ended_while_its_rectification_is_rechecked(first):
    world = build("czmc", "2026-03-01", "2029-02-28")
    base, office = world.base, world.organiser
    with clock.travel("2026-12-15T09:00"):
        clause = {"clause": "CZMC-6.3.4a"}
        proposed(base, declared("rectification", "限期整改", code="unqualified", automatic=True, **clause))
        decides = {"unit": "university", "role": "graduate_office"}
        (end,) = proposed(base, declared("cancellation", "取消", reason="unqualified", confirm=decides, **clause))
        case = base.rectifications.get()
        problems = [{"text": "安全管理办法未修订", "criterion": "查阅"}]
        done(office.do(case, "order", {"due_on": "2027-04-30", "problems": problems}))
    with clock.travel("2027-05-01T09:00"):
        done(office.do(case, "recheck_unreported", {"reason": "期满未报。"}))
        step = fresh(case).open_steps().get()
        negative = {"outcome": "negative", "opinion": "未整改。"}
        acts = {
            "base": lambda: perform(base, "confirm_effect", office.membership, {"step": str(end.pk), "answers": {}}),
            "rectification": lambda: perform(
                case, "act_on_step", office.membership, {"step": str(step.pk), "answers": negative}
            ),
        }
        other = next(name for name in acts if name != first)
        said = behind_a_lock(base, acts[first], acts[other])
    assert all(error is None or isinstance(error, DoorError) for error in said), said
    assert (fresh(base).state, fresh(base).ended_on) == ("ended", dt.date(2027, 5, 1))
    came_first = {"base": "cancelled", "rectification": "failed"}
    if connection.vendor == "postgresql":  # SQLite hands its one lock to anybody
        assert said[0] is None and fresh(case).state == came_first[first]
    assert fresh(case).state in came_first.values()
