"""Lists and pages cost as many queries with thirty rows as with one."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock, ledger
from core.models import LedgerEntry
from evaluations.models import Evaluation, Round
from tests.evaluations.world import World, another, build, run
from tests.placing import place

pytestmark = pytest.mark.django_db


def cost(world: World, url: str) -> int:
    with clock.travel("2026-12-18T09:00"):
        assert world.organiser.get(url).status_code == 200  # once before: what is kept per process
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert world.organiser.get(url).status_code == 200
    return len(queries)


def graded() -> None:
    """Every evaluation has its result."""
    for evaluation in Evaluation.objects.exclude(state="confirmed"):
        place(evaluation, "confirmed", grade="qualified", passed=True, score=70, confirmed_on=dt.date(2026, 12, 17))


def test_thirty_rows_cost_no_more_than_one():
    world = build("xcu", "2026-05-18", "2031-05-17")
    run("2026-12-01")
    graded()
    addresses = ["/evaluations/", "/evaluations/rounds/", Round.objects.get().get_absolute_url(), "/bases/", "/"]
    before = {url: cost(world, url) for url in addresses}
    for number in range(2, 31):
        another(world, number, "2026-06-01")
    run("2026-12-02")
    assert Evaluation.objects.count() == 30
    graded()
    assert {url: cost(world, url) for url in addresses} == before


def test_opening_costs_as_many_queries_whatever_the_number():
    """Twenty-one bases are opened with as many statements as one."""
    world, counts = build("xcu", "2026-05-18", "2036-05-17"), []
    for year in (2026, 2027):
        with clock.travel(f"{year}-12-01T06:00"), CaptureQueriesContext(connection) as queries:
            ledger.run_due(clock.today())
        counts.append(len(queries))
        LedgerEntry.objects.filter(kind__in=("report", "report_absent")).delete()  # what is late costs one by one
        for number in range(2, 22) if year == 2026 else ():
            another(world, number, "2027-06-01")
    assert Evaluation.objects.filter(period="2027").count() == 21
    assert counts[1] <= counts[0] + 2, counts
