"""`simulate`: years of bases under the regulations that stand, day by day, in a database of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from applications.models import Application
from config.simulation.play import play
from config.simulation.report import write

FIRST_YEAR = 2027  # in which the bases are recognised; the years after it are played


class Command(BaseCommand):
    help = (
        "Play the regulations day by day through the door and the scheduler on fresh tenants, and write what happened "
        "to whom under which clause: DIR/simulation.html (the same for the same seed) and DIR/simulation.pdf."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--years", type=int, default=6, help="calendar years after the first, 1 to 20")
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--output", required=True, help="folder for the account")
        parser.add_argument("--here", action="store_true", help="in this database, which has to be empty")

    def handle(self, *args, years: int, seed: int, output: str, here: bool, **options) -> None:
        if not 1 <= years <= 20:
            raise CommandError(f"--years is 1 to 20, not {years}")
        if not here:
            self._elsewhere(years, seed, Path(output).resolve())
            return
        if settings.PRODUCTION:
            raise CommandError("a simulation is not for production")
        call_command("migrate", verbosity=0)
        if Application.objects.exists():
            raise CommandError("the database is not empty; without --here the simulation makes one of its own")
        played = play(years, seed, FIRST_YEAR, tell=self.stdout.write)
        for path in write(played, Path(output)):
            self.stdout.write(str(path))

    def _elsewhere(self, years: int, seed: int, output: Path) -> None:
        """The same command over again, on an empty SQLite database that is thrown away afterwards."""
        with tempfile.TemporaryDirectory(prefix="lianpei-simulation.") as var:
            env = {
                **os.environ,
                "LIANPEI_ENV": "development",
                "LIANPEI_VAR": var,
                "DATABASE_URL": f"sqlite:///{var}/simulation.sqlite3",
                "EMAIL_URL": "dummymail://",
                "LOG_LEVEL": "ERROR",
            }
            command = [sys.executable, "manage.py", "simulate", "--here", f"--years={years}", f"--seed={seed}"]
            done = subprocess.run([*command, f"--output={output}"], cwd=settings.BASE_DIR, env=env)
        if done.returncode:
            raise CommandError(f"the simulation ended with status {done.returncode}")
