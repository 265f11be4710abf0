"""`divisions`: add a place to the list of administrative divisions, name one anew, or end one; look one up."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants import divisions
from tenants.models import Division


def day(text: str) -> dt.date:
    """A day as YYYY-MM-DD. Raises CommandError."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text} is no day (YYYY-MM-DD)") from None


class Command(BaseCommand):
    help = "Show a place of GB/T 2260 by its code; with --name, enter it beside the national list or name it anew."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="six digits")
        parser.add_argument("--name", default="")
        parser.add_argument("--since", default="", help="first day, YYYY-MM-DD")
        parser.add_argument("--until", default="", help="last day, YYYY-MM-DD")

    def handle(self, *args: Any, **given: Any) -> None:
        code, name = given["code"], given["name"].strip()
        if len(code) != 6 or not code.isascii() or not code.isdigit():
            raise CommandError(f"{code} is no code of six digits")
        if name:
            since, until = (day(given[end]) if given[end] else None for end in ("since", "until"))
            if since and until and until < since:
                raise CommandError("the last day lies before the first")
            Division.objects.update_or_create(code=code, defaults={"name": name[:60], "since": since, "until": until})
        full = divisions.places().get(code)
        self.stdout.write(f"{code} {full}" if full else f"{code}: not on the list this year")
