"""Make, remind of and escalate what is due, by hand: the same as the scheduler's job."""

from __future__ import annotations

import datetime as dt

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock, ledger

WORDS = {"acted": "made", "reminded": "reminded of", "escalated": "told the leader of"}


class Command(BaseCommand):
    help = (
        "Make, remind of and escalate everything due by a date. Catches up; a second run does nothing twice. "
        "With --dry-run it says what would happen, also on a day to come, and writes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=dt.date.fromisoformat, default=None, help="default: today")
        parser.add_argument("--dry-run", action="store_true", help="print what would happen, write nothing")

    def handle(self, *args, **given) -> None:
        day = given["date"] or clock.today()
        if given["dry_run"]:
            said = ledger.preview(day)
            self.stdout.write("Nothing of this is written.")
        elif day > clock.today():
            raise CommandError(f"{day} is to come: only --dry-run looks ahead.")
        else:
            said = ledger.run_due(day)
        self._counts(said)
        self._list("would be entered as due", [f"{due} {title}" for due, title in said.get("opened", ())])
        self._list("would be written in the log", said.get("lines", ()))
        self._list(
            "would be told",
            [
                f"{due} {title}{'（逾期）' if late else ''} → {people}"
                for due, title, late, people in said.get("told_of", ())
            ],
        )

    def _counts(self, said: dict) -> None:
        self.stdout.write(
            f"{said['date']}: {said['told']} digests, {said['waiting']} wait for something else, "
            f"{said['failed']} failed"
        )
        for kind, counts in sorted(said["kinds"].items()):
            told = ", ".join(f"{number} {WORDS[what]}" for what, number in counts.items())
            self.stdout.write(f"  {kind}: {told}")

    def _list(self, what: str, lines) -> None:
        if lines:
            self.stdout.write(f"{len(lines)} {what}:")
        for line in lines:
            self.stdout.write(f"  {line}")
