"""The day loop: the job of the day, what waits in the outbox, then whoever has something to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from config.simulation.beginnings import Beginning, begin
from config.simulation.people import Keeper
from core import clock, ledger, outbox
from tenants.demo.build import ACTOR, World
from tenants.models import Membership
from tenants.services import members

# Mentors whom the demo's people lack: (login, organisation, role).
MENTORS = [
    ("m3.mentor", "U2B", "mentor"),
    ("m6.mentor", "U4B", "mentor"),
    ("b6.mentor", "P10", "base_mentor"),
]


@dataclass
class Played:
    """A simulation that has run: its bases by regulation, with what was refused to the people around each."""

    first: dt.date
    last: dt.date
    seed: int
    beginnings: list[Beginning]
    keepers: dict[int, Keeper] = field(default_factory=dict)


def play(years: int, seed: int, year: int = 2027, tell: Callable[[str], None] = lambda line: None) -> Played:
    """Found the bases in `year`, then live `years` calendar years, day by day. The database must be empty."""
    world, beginnings = begin(year)
    _mentors(world)
    first = dt.date(year + 1, 1, 1)
    last = dt.date(year + years, 12, 31)
    played = Played(first, last, seed, beginnings)
    for beginning in beginnings:
        for recognition in beginning.bases:
            played.keepers[recognition.pk] = Keeper(recognition, seed)
    day = first
    while day <= last:
        with clock.travel(dt.datetime.combine(day, dt.time(6))):
            ledger.run_due(day)
            outbox.drain(10_000)
        if day.weekday() < 5:
            with clock.travel(dt.datetime.combine(day, dt.time(9, 30))):
                for keeper in played.keepers.values():
                    keeper.day()
        if day.day == 1 and day.month == 1:
            tell(str(day.year))
        day += dt.timedelta(days=1)
    return played


def _mentors(world: World) -> None:
    for login, unit, role in MENTORS:
        user, organisation = world.people[login], world.organisations[unit]
        if not Membership.objects.filter(user=user, organisation=organisation, role=role).exists():
            members.add_member(ACTOR, user, organisation, role)
