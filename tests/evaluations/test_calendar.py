"""When evaluations open: the months, anniversaries and ends that the regulations name; each once."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection

from bases.models import Recognition
from casework import effects
from core import clock, ledger
from core.models import InboxMessage, LedgerEntry, TransitionLog
from evaluations.models import Evaluation, Round
from evaluations.services import schedule
from tests.evaluations.world import another, build, run
from tests.placing import place

pytestmark = pytest.mark.django_db


def kinds(**where) -> list[tuple[str, str]]:
    rows = Evaluation.objects.filter(**where).order_by("pk")
    return list(rows.values_list("kind", "period"))


@pytest.mark.clause("NM-15a")
def test_first_evaluation_the_day_after_the_construction_period():
    world = build("nm", "2027-09-10", "2032-09-09", construction="2030-09-09")
    run("2030-09-09")
    assert kinds() == []
    run("2030-09-10")
    run("2030-09-10")
    assert kinds() == [("effectiveness", "2030-09-10")]
    evaluation = Evaluation.objects.get()
    assert evaluation.authority == world.school.department
    assert str(evaluation.report_due) == "2030-10-10"


@pytest.mark.clause("NM-15b")
def test_periodic_evaluation_after_the_interval():
    """The interval counts from the last confirmation and is the department's setting; without one none is due."""
    world = build("nm", "2027-09-10", "2042-09-09", construction="2030-09-09")
    evaluation = world.opened("effectiveness", "2030-09-10")
    with clock.travel("2030-10-15T09:00"):
        place(evaluation, "confirmed", grade="qualified", passed=True, confirmed_on=dt.date(2030, 10, 15))
    run("2033-10-14")
    assert len(kinds()) == 1
    run("2033-10-15")
    run("2033-10-16")
    assert kinds() == [("effectiveness", "2030-09-10"), ("periodic", "2033-10-15")]
    with clock.travel("2033-11-20T09:00"):
        periodic = Evaluation.objects.get(kind="periodic")
        place(periodic, "confirmed", grade="qualified", passed=True, confirmed_on=dt.date(2033, 11, 20))
    run("2036-11-19")
    assert len(kinds()) == 2
    run("2036-11-20")
    assert kinds()[2:] == [("periodic", "2036-11-20")]


def test_interval_is_a_setting():
    world = build("nm", "2027-09-10", "2042-09-09", construction="2030-09-09")
    evaluation = world.opened("effectiveness", "2030-09-10")
    with clock.travel("2030-10-15T09:00"):
        world.setting("evaluation.interval", 12, "2030-10-15")
        place(evaluation, "confirmed", grade="qualified", passed=True, confirmed_on=dt.date(2030, 10, 15))
    run("2031-10-14")
    assert len(kinds()) == 1
    run("2031-10-15")
    assert kinds()[1:] == [("periodic", "2031-10-15")]


@pytest.mark.clause("XCU-29a")
def test_one_benchmark_a_year():
    """In force since 2026-05-18; the job twice in 2026 and twice in 2027: two checks."""
    world = build("xcu", "2026-05-18", "2031-05-17")
    run("2026-11-30")
    assert kinds() == []
    run("2026-12-01")
    assert kinds() == [("benchmark", "2026")]
    for day in ("2026-12-02", "2027-12-01", "2027-12-20"):
        run(day)
    assert kinds() == [("benchmark", "2026"), ("benchmark", "2027")]
    assert {row.university for row in Evaluation.objects.all()} == {world.school.university}


def test_month_of_the_benchmark_is_a_setting():
    world = build("xcu", "2026-05-18", "2031-05-17")
    with clock.travel("2026-06-01T09:00"):
        world.setting("evaluation.benchmark_month", 10, "2026-06-01")
    run("2026-09-30")
    assert kinds() == []
    run("2026-10-01")
    assert kinds() == [("benchmark", "2026")]


@pytest.mark.clause("XCU-29b")
def test_assessment_three_years_after_the_agreement_began():
    """Not after the decision, nor after the day on which the base came into force."""
    world = build("xcu", "2025-09-01", "2030-08-31")
    later = {"active_on": dt.date(2025, 9, 8), "starts_on": dt.date(2025, 9, 10)}
    Recognition.objects.filter(pk=world.base.pk).update(**later)
    run("2028-08-31")
    assert kinds(kind="triennial") == []
    run("2028-09-01")
    assert kinds(kind="triennial") == [("triennial", "2028-09-01")]
    run("2028-09-01")
    run("2028-09-05")
    assert kinds(kind="triennial") == [("triennial", "2028-09-01")]


@pytest.mark.clause("XCU-29c")
def test_assessment_when_the_agreement_has_ended():
    build("xcu", "2025-09-01", "2030-08-31")
    run("2030-08-31")
    assert kinds(kind="agreement_end") == []
    run("2030-09-01")
    run("2030-09-02")
    assert kinds(kind="agreement_end") == [("agreement_end", "2030-09-01")]


def test_a_base_that_came_later_is_not_asked_for_what_was_before():
    """In force on 2 December: not this December. Entered here long after it began: not for the years before."""
    world = build("xcu", "2026-12-02", "2031-12-01")
    run("2026-12-05")
    assert kinds() == []
    late = another(world, 2, "2027-11-30")
    Recognition.objects.filter(pk=late.pk).update(active_on=dt.date(2020, 1, 1))
    run("2027-12-01")
    assert kinds(recognition=late) == [("benchmark", "2027")]


@pytest.mark.both_databases
def test_three_days_without_a_run_lose_nothing():
    """The job is down from 30 November to 3 December: the round opens then, with its whole window."""
    build("xcu", "2026-05-18", "2031-05-17")
    run("2026-11-29")
    run("2026-12-04")
    evaluation = Evaluation.objects.get()
    assert (evaluation.period, str(evaluation.report_due)) == ("2026", "2026-12-19")
    assert InboxMessage.objects.filter(title__startswith="考核通知").count() == 1


@pytest.mark.both_databases
def test_a_worker_that_dies_in_the_middle_leaves_nothing_and_the_next_run_does_it_all(monkeypatch):
    """The last of its cases are in the database already: nothing of the round stays; the row keeps the error and is tried again."""
    world = build("xcu", "2026-05-18", "2031-05-17")
    for number in range(2, 6):
        another(world, number, "2026-06-01")
    real, calls = schedule.owed, []

    def dying(evaluation, kind):
        calls.append(evaluation)
        if len(calls) == 4:
            raise SystemError("killed")
        return real(evaluation, kind)

    monkeypatch.setattr(schedule, "owed", dying)
    said = run("2026-12-01")
    assert said["failed"] == 1
    assert not Round.objects.exists() and not Evaluation.objects.exists()
    assert "killed" in LedgerEntry.objects.get(kind="evaluation_round").error
    monkeypatch.setattr(schedule, "owed", real)
    run("2026-12-02")
    assert Round.objects.count() == 1 and Evaluation.objects.count() == 5
    assert TransitionLog.objects.filter(case_kind="evaluation", transition="create").count() == 5
    run("2026-12-02")
    assert Evaluation.objects.count() == 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="two workers at once need a database with row locks")
@pytest.mark.both_databases
def test_two_schedulers_at_once():
    """Two workers run the same December at once: one round, each base once."""
    world = build("xcu", "2026-05-18", "2031-05-17")
    for number in range(2, 30):
        another(world, number, "2026-06-01")
    gate, errors = threading.Barrier(2), []

    def work() -> None:
        try:
            gate.wait()
            ledger.run_due(dt.date(2026, 12, 1))
        except Exception as error:  # noqa: BLE001 - a thread says so to the test
            errors.append(error)
        finally:
            connection.close()

    with clock.travel("2026-12-01T06:00"):
        threads = [threading.Thread(target=work) for _number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        ledger.run_due(clock.today())
    assert errors == []
    assert Round.objects.count() == 1
    assert Evaluation.objects.count() == 29
    assert Evaluation.objects.values("recognition").distinct().count() == 29


@pytest.mark.clause("CZMC-6.3")
def test_a_base_of_two_weeks_takes_part_too():
    """CZMC leaves nobody out: the house's setting of how many months a base must have been in force is nought."""
    build("czmc", "2026-11-15", "2031-11-14")
    run("2026-12-01")
    assert kinds() == [("annual", "2026")]


@pytest.mark.clause("CZMC-6.3")
def test_bases_that_take_no_students_that_day_are_not_evaluated():
    """A year without students is a year without an evaluation (CZMC)."""
    world = build("czmc", "2026-04-01", "2031-03-31")
    with clock.travel("2027-05-20T09:00"):
        effects.put(
            world.base,
            "suspension",
            "下年度暂停",
            dt.date(2028, 1, 1),
            until_on=dt.date(2028, 12, 31),
            state="standing",
        )
    run("2027-12-01")
    run("2028-12-01")
    run("2029-12-01")
    assert kinds() == [("annual", "2027"), ("annual", "2029")]
