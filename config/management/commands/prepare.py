"""Bring the database to where the code is: tables, regulations, demo world. Used by `make serve`."""

from __future__ import annotations

import time
from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandParser

# Step → what is run for it, in order: title, command, options.
STEPS = {
    "migrate": [
        ("tables", ["migrate"], {"verbosity": 0, "interactive": False}),
        ("working days", ["working_days", "2026"], {}),  # the last year whose make-up days are known
    ],
    "regulations": [("regulations", ["regulations", "load"], {})],
    "demo": [("demo world", ["demo"], {})],
}


class Command(BaseCommand):
    help = "Run the named set-up steps in order: migrate (with the country's working days), regulations, demo."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("steps", nargs="+", choices=list(STEPS))

    def handle(self, *args: Any, steps: list[str], **options: Any) -> None:
        for title, command, extra in (each for step in STEPS if step in steps for each in STEPS[step]):
            if command[0] not in get_commands():
                self.stdout.write(f"· {title}: this checkout has no command for it")
                continue
            began = time.monotonic()
            self.stdout.write(f"· {title} …")
            self.stdout.flush()
            call_command(*command, **extra)
            self.stdout.write(f"· {title}: {time.monotonic() - began:.1f} s")
