"""Enter the country's holidays of years whose make-up days are known."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.calendar import seed_year


class Command(BaseCommand):
    help = "Enter holidays and make-up days of a year for everybody. What stands stays; a year whose plan is not out is refused."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("years", nargs="+", type=int)

    def handle(self, *args, years: list[int], **given) -> None:
        for year in years:
            try:
                self.stdout.write(f"{year}: {seed_year(year)} days entered")
            except ValueError as error:
                raise CommandError(str(error)) from None
