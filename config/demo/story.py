"""The demo's teller: its world, its people's hands at the door, and its clock."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from config.stories.hands import DoorHand, fresh
from core import clock
from tenants.demo.build import World
from tenants.models import Membership, Organisation


@dataclass
class Story:
    """The world and its clock. Days are those of the story's own calendar, moved by `shift` to end about today."""

    world: World
    shift: dt.timedelta

    def day(self, text: str) -> dt.date:
        """A day of the story on the portal's calendar."""
        return dt.date.fromisoformat(text) + self.shift

    def iso(self, text: str) -> str:
        return self.day(text).isoformat()

    def at(self, text: str):
        """Turn the clock to a moment of the story, "2026-09-20" (nine o'clock) or "2026-09-20 15:30"."""
        day, _blank, time = text.partition(" ")
        return clock.travel(dt.datetime.combine(self.day(day), dt.time.fromisoformat(time or "09:00")))

    def who(self, login: str, role: str | None = None) -> Membership:
        return self.world.membership(login, role)

    def unit(self, key: str) -> Organisation:
        return self.world.organisations[key]

    def hand(self, login: str, role: str | None = None) -> DoorHand:
        return DoorHand(self.who(login, role))

    def fill(self, login: str, case, form: str, answers: dict) -> None:
        """Fill a form of the dossier in."""
        self.hand(login).fill(case, form, answers)

    def do(self, login: str, case, move: str, answers: dict | None = None, *, step=None):
        """Make a move; returns the fresh case."""
        self.hand(login).do(case, move, answers, step=step)
        return fresh(case)

    def step(self, login: str, case, key: str, answers: dict | None = None, outcome: str = "positive"):
        """Act on an open step; returns the fresh case."""
        self.hand(login).step(case, key, answers, outcome)
        return fresh(case)
