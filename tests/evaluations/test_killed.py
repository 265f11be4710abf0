"""A worker killed with SIGKILL in the middle of a round: a process of its own, which no handler of ours ever sees die."""

from __future__ import annotations

import os
import signal

import pytest
from django.db import connection, connections

from core import clock, ledger, outbox
from core.door import chain
from core.models import InboxMessage, LedgerEntry, OutboxMessage, TransitionLog
from evaluations.models import Evaluation, Round
from tests.evaluations.world import another, build
from tests.scenarios.house import done, fresh
from tests.scenarios.test_s22 import sheet

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def killed(work, statement: str, times: int = 1) -> None:
    """Do the work in a process that kills itself once it has sent a statement that begins so for the nth time."""
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        seen = 0

        def count(execute, sql, parameters, many, context):
            nonlocal seen
            result = execute(sql, parameters, many, context)
            seen += sql.startswith(statement)
            if seen == times:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        with connection.execute_wrapper(count):
            work()
        os._exit(0)  # nothing of the test may go on twice
    _pid, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL, f"{statement} was not sent {times} times"


@pytest.fixture
def world():
    world = build("xcu", "2026-05-18", "2031-05-17")
    another(world, 2, "2026-06-01")
    return world


@pytest.mark.parametrize("statement", ['INSERT INTO "evaluations_round"', 'INSERT INTO "evaluations_evaluation"'])
def test_a_worker_killed_while_a_round_opens_leaves_nothing_and_the_next_run_does_it_all(world, statement):
    with clock.travel("2026-12-01T06:00"):
        killed(lambda: ledger.run_due(clock.today()), statement)
        assert not Round.objects.exists() and not Evaluation.objects.exists()
        ledger.run_due(clock.today())
        ledger.run_due(clock.today())
    assert Round.objects.get().evaluations.count() == Evaluation.objects.count() == 2
    assert TransitionLog.objects.filter(case_kind="evaluation", transition="create").count() == 2
    assert LedgerEntry.objects.filter(kind="report").count() == 2
    assert InboxMessage.objects.filter(title__startswith="考核通知").count() == 1
    assert list(chain.breaks()) == []


def test_a_worker_killed_while_a_rounds_results_are_brought_to_its_bases_loses_none(world):
    """The round is closed; the first base has its result, the second was being written: it comes with the next run."""
    with clock.travel("2026-12-01T06:00"):
        ledger.run_due(clock.today())
    in_round = Round.objects.get()
    for evaluation in Evaluation.objects.order_by("pk"):
        signed = {} if evaluation.recognition == world.base else {"agreement_signed_on": "2026-06-01"}
        world.heard(world.reported(evaluation, "2026-12-05", **signed), "2026-12-06", sheet("86"))
    with clock.travel("2026-12-07T09:00"):
        done(world.organiser.do(in_round, "close"))
        outbox.drain(lane="mails")
        killed(outbox.drain, 'UPDATE "evaluations_evaluation"', times=4)
        states = list(Evaluation.objects.order_by("pk").values_list("state", flat=True))
        assert states == ["confirmed", "deciding"]
        OutboxMessage.objects.filter(sent_at=None).update(available_at=clock.real_now())
        outbox.drain()
    assert {fresh(row).state for row in Evaluation.objects.all()} == {"confirmed"}
    assert TransitionLog.objects.filter(case_kind="evaluation", to_state="confirmed").count() == 2
    assert list(chain.breaks()) == []
