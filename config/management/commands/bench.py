"""`bench`: see bench/run.py. `--build` fills the database that the environment names, for the run itself."""

import json
import sys

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Requests per second of the main pages beside a view that loads only session and user."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--build", action="store_true", help="fill the database and print what to ask for")

    def handle(self, *args, build: bool = False, **options) -> None:
        if build:
            from bench.world import build as fill

            self.stdout.write(json.dumps(fill()))
            return
        from bench.run import main

        sys.exit(main())
