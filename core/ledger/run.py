"""The job over the ledger: first what the calendar alone brings is entered, then acts, so that nobody is reminded of what
has just been made, then the telling, tenant by tenant."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Collection

from core import clock
from core.ledger import acts, digests, people, reminders
from core.models import DailyRun

log = logging.getLogger("lianpei.ledger")
PLANNERS: list[Callable[[dt.date], None]] = []
MORNING = 7  # the hour from which the digests of a day go out


def planner(function: Callable[[dt.date], None]) -> Callable[[dt.date], None]:
    """Register `function(on)`, which enters in the ledger what has come due by a day without anybody's act. It finds what
    earlier runs missed, and a second run adds nothing."""
    if function not in PLANNERS:
        PLANNERS.append(function)
    return function


def run_due(on: dt.date) -> dict:
    """Make, remind of and escalate everything due by `on`; rows missed on earlier days are caught up.

    Returns the date; how many rows were "acted" on, are still "waiting" for something else, were "reminded" of and
    "escalated"; how many digests were "told"; how many things "failed"; and the first, third and fourth by kind of row
    under "kinds".
    """
    return tell_all(run_acts(on), on)


def run_scheduled() -> dict:
    """What the scheduler asks for again and again: acts and windows each time; from the morning on, once for each tenant
    and day, who is to be told of what."""
    now = clock.now()
    on = now.date()
    said = run_acts(on)
    if now.hour < MORNING:
        return said
    return tell_all(said, on, but=set(DailyRun.objects.filter(on=on).values_list("tenant", flat=True)))


def run_acts(on: dt.date) -> dict:
    """Enter what the calendar brings and make what is to be made by `on`."""
    said = {
        "date": on.isoformat(),
        **dict.fromkeys(("acted", "waiting", "reminded", "escalated", "told", "failed"), 0),
        "kinds": {},
    }
    for plan in PLANNERS:
        try:
            plan(on)
        except Exception as error:  # noqa: BLE001 - what one room plans stops no other room
            log.error("%s.%s: %s", plan.__module__, plan.__name__, error, exc_info=error)
            said["failed"] += 1
    for pk, kind in list(acts.due(on).values_list("pk", "kind")):
        outcome = acts.act_on(pk, on)
        if outcome:
            said[outcome] += 1
        if outcome == "acted":
            _count(said, outcome, {kind: 1})
    return said


def run_daily(tenant: people.Tenant, on: dt.date) -> dict:
    """Gather what a tenant's people are told of on a day; that it has been done is kept."""
    said = {"reminded": 0, "escalated": 0, "failed": 0, "kinds": {}}
    try:
        for name, telling in (("reminded", reminders.REMIND), ("escalated", reminders.ESCALATE)):
            counts, failed = reminders.gather(telling, tenant, on)
            said[name] = sum(counts.values())
            said["failed"] += failed
            _count(said, name, counts)
        DailyRun.objects.get_or_create(tenant=tenant.code, on=on, defaults={"said": said})
    except Exception as error:  # noqa: BLE001 - one tenant's fault stops no other; it is tried again at the next run
        log.error("daily run of %r: %s", tenant.code, error, exc_info=error)
        said["failed"] += 1
    return said


def tell_all(said: dict, on: dt.date, but: Collection[str] = ()) -> dict:
    """Tell the people of every tenant, but for those whose day is done, and whoever has not been told yet."""
    for tenant in people.directory.tenants():
        if tenant.code not in but:
            add(said, run_daily(tenant, on), "reminded", "escalated")
    told, failed = digests.tell(on)
    said["told"] += told
    said["failed"] += failed
    return said


def add(said: dict, more: dict, *names: str) -> None:
    """Add to what was said what a further run said of `names`, and its failures."""
    for name in (*names, "failed"):
        said[name] += more[name]
        _count(said, name, {kind: counts[name] for kind, counts in more["kinds"].items() if name in counts})


def _count(said: dict, what: str, counts: dict[str, int]) -> None:
    for kind, number in counts.items():
        row = said["kinds"].setdefault(kind, {})
        row[what] = row.get(what, 0) + number
