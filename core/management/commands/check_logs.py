"""`check_logs`: whether the log of acts is as it was written."""

from __future__ import annotations

import datetime as dt

from django.core.management.base import BaseCommand, CommandError

from core import clock
from core.door import chain


class Command(BaseCommand):
    help = "Check the chain of every case in the log of acts, and print a digest to keep elsewhere."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--before", metavar="YYYY-MM-DD", help="digest of what was entered before this day (default: today)"
        )
        parser.add_argument("--digest", help="the digest noted for that day: must be the same still")

    def handle(self, *args, before: str | None = None, digest: str | None = None, **options) -> None:
        try:
            day = dt.date.fromisoformat(before) if before else clock.real_now().date()
        except ValueError as error:
            raise CommandError(f"--before: {before} is no day like 2027-03-01") from error
        broken = 0
        for break_ in chain.breaks():
            broken += 1
            self.stderr.write(str(break_))
        count, now = chain.digest(day)
        self.stdout.write(f"{count} lines before {day.isoformat()}: {now}")
        if digest and digest != now:
            self.stderr.write(f"the digest noted for {day.isoformat()} was {digest}: lines of that time were rewritten")
        if broken or (digest and digest != now):
            raise CommandError(f"{broken} broken chains" if broken else "the digest differs")
        self.stdout.write("every chain holds")
