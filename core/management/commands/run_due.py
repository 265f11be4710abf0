"""Make, remind of and escalate what is due, by hand: the same as the scheduler's job."""

from __future__ import annotations

import datetime as dt

from django.core.management.base import BaseCommand, CommandParser

from core import clock, ledger

WORDS = {"acted": "made", "reminded": "reminded of", "escalated": "told the leader of"}


class Command(BaseCommand):
    help = "Make, remind of and escalate everything due by a date. Catches up; a second run does nothing twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=dt.date.fromisoformat, default=None, help="default: today")

    def handle(self, *args, **given) -> None:
        said = ledger.run_due(given["date"] or clock.today())
        self.stdout.write(f"{said['date']}: {said['waiting']} wait for something else, {said['failed']} failed")
        for kind, counts in sorted(said["kinds"].items()):
            told = ", ".join(f"{number} {WORDS[what]}" for what, number in counts.items())
            self.stdout.write(f"  {kind}: {told}")
