"""`mutate`: break every rule of a profile once and see whether a marked test turns red (tests/mutants.py)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from regulations import loader
from regulations.mutation import Mutant, mutants

Work = list[tuple[str, Mutant]]


class Command(BaseCommand):
    help = "Break each rule of NM and XCU and run the tests marked with its clause; reports the mutants nobody noticed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("profiles", nargs="*", default=["nm", "xcu"], help="folders below regulations/profiles")
        parser.add_argument(
            "--all",
            action="store_true",
            help="also bounds, values and form fields (see regulations.mutation)",
        )
        parser.add_argument("--kind", action="append", default=[], help="only mutants of this kind")
        parser.add_argument("--rule", action="append", default=[], help="only this rule or field")
        parser.add_argument("--tests", default="tests", help="only tests below this folder")
        parser.add_argument("--jobs", type=int, default=2)

    def handle(
        self,
        *args,
        profiles: list[str],
        all: bool,
        kind: list[str],
        rule: list[str],
        tests: str,  # noqa: A002
        jobs: int,
        **options,
    ) -> None:
        work: Work = []
        for folder in profiles:
            loaded = loader.load(loader.PROFILES / folder)
            for mutant in mutants(loaded.require(), loaded.source.data):
                wanted = mutant.kind in kind if kind else all or mutant.kind in ("removed", "gate")
                if wanted and (not rule or mutant.rule in rule):
                    work.append((folder, mutant))
        shares = [work[number::jobs] for number in range(jobs)]
        with ThreadPoolExecutor(jobs) as pool:
            verdicts = [
                verdict for many in pool.map(lambda share: self.attempt(share, tests), shares) for verdict in many
            ]
        survivors = [(mutant, why) for mutant, noticed, why in verdicts if not noticed]
        self.stdout.write(
            f"{len(verdicts)} mutants, {len(verdicts) - len(survivors)} noticed, {len(survivors)} survived"
        )
        for mutant, why in survivors:
            self.stdout.write(f"  survived: {mutant} ({' '.join(mutant.clauses)}): {why}")
        if survivors:
            sys.exit(1)

    def attempt(self, work: Work, tests: str) -> list[tuple[Mutant, str, str]]:
        """Run the marked tests over these mutants; each with the test that noticed it, or why nobody did."""
        if not work:
            return []
        with tempfile.TemporaryDirectory(prefix="lianpei-mutant.") as home:
            place, listed, log = Path(home) / "profiles", Path(home) / "mutants", Path(home) / "log"
            shutil.copytree(loader.PROFILES, place)
            listed.write_text(
                "".join(
                    json.dumps({"folder": folder, "clauses": mutant.clauses, "content": mutant.content}) + "\n"
                    for folder, mutant in work
                ),
                encoding="utf-8",
            )
            wanted = sorted({clause for _folder, mutant in work for clause in mutant.clauses})
            env = {
                **os.environ,
                "LIANPEI_PROFILES": str(place),
                "LIANPEI_ONLY_CLAUSES": " ".join(wanted),
                "LIANPEI_MUTANTS": str(listed),
                "LIANPEI_TEST_DB": "sqlite",
                "LIANPEI_CLAUSES": str(Path(home) / "clauses.json"),
            }
            for name in ("LIANPEI_VAR", "LIANPEI_ENV"):
                env.pop(name, None)
            with log.open("w") as out:
                run = subprocess.Popen(
                    [
                        sys.executable,
                        "-m",
                        "pytest",
                        "-q",
                        "-n",
                        "0",
                        "-p",
                        "no:cacheprovider",
                        "-p",
                        "tests.mutants",
                        "-m",
                        "clause and not browser",
                        tests,
                    ],
                    cwd=settings.BASE_DIR,
                    env=env,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                )
                said = self.follow(run, Path(f"{listed}.said"), work)
            if len(said) < len(work):
                raise CommandError(
                    f"the tests stopped after {len(said)} of {len(work)} mutants: {log.read_text()[-2000:]}"
                )
            return said

    def follow(self, run: subprocess.Popen, said: Path, work: Work) -> list[tuple[Mutant, str, str]]:
        """Report each outcome as it comes, until the run ends."""
        verdicts: list[tuple[Mutant, str, str]] = []
        while True:
            over = run.poll() is not None
            lines = said.read_text(encoding="utf-8").splitlines() if said.exists() else []
            for line in lines[len(verdicts) :]:
                noticed, why = json.loads(line)
                mutant = work[len(verdicts)][1]
                verdicts.append((mutant, noticed, why))
                self.stdout.write(f"{'noticed ' if noticed else 'SURVIVED'} {mutant}: {noticed or why}")
                self.stdout.flush()
            if over:
                return verdicts
            time.sleep(0.5)
