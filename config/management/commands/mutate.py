"""`mutate`: break every rule of a profile once and see whether a marked test turns red."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from regulations import loader
from regulations.mutation import Mutant, mutants

NO_TESTS = 5


class Command(BaseCommand):
    help = "Break each rule of NM and XCU and run the tests marked with its clause; reports the mutants nobody noticed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "profiles", nargs="*", default=["nm", "xcu"], help="folders below regulations/profiles"
        )
        parser.add_argument(
            "--all", action="store_true", help="also every bound shifted and every value left out"
        )
        parser.add_argument("--rule", action="append", default=[], help="only this rule")
        parser.add_argument("--jobs", type=int, default=2)

    def handle(self, *args, profiles: list[str], all: bool, rule: list[str], jobs: int, **options) -> None:  # noqa: A002
        work: list[tuple[str, Mutant, list[str]]] = []
        for folder in profiles:
            loaded = loader.load(loader.PROFILES / folder)
            profile = loaded.require()
            for mutant in mutants(profile, loaded.source.data):
                if (all or mutant.kind == "removed") and (not rule or mutant.rule in rule):
                    work.append((folder, mutant, profile.rule(mutant.rule).clauses))
        with ThreadPoolExecutor(jobs) as pool:
            results = list(pool.map(lambda one: self.attempt(*one), work))
        survivors = [
            (mutant, why) for (_folder, mutant, _clauses), why in zip(work, results, strict=True) if why
        ]
        self.stdout.write(
            f"{len(work)} mutants, {len(work) - len(survivors)} noticed, {len(survivors)} survived"
        )
        for mutant, why in survivors:
            self.stdout.write(
                f"  survived: {mutant.rule} ({mutant.clause}) {mutant.kind} {mutant.detail}: {why}"
            )
        if survivors:
            sys.exit(1)

    def attempt(self, folder: str, mutant: Mutant, clauses: list[str]) -> str:
        """Run the marked tests over one broken profile; "" when one of them turns red, else what happened instead."""
        with tempfile.TemporaryDirectory(prefix="lianpei-mutant.") as home:
            place = Path(home) / "profiles"
            shutil.copytree(loader.PROFILES, place)
            shutil.rmtree(place / folder)
            (place / folder).mkdir()
            (place / folder / "profile.yaml").write_text(mutant.content, encoding="utf-8")
            env = {**os.environ, "LIANPEI_PROFILES": str(place), "LIANPEI_ONLY_CLAUSES": " ".join(clauses),
                   "LIANPEI_TEST_DB": "sqlite"}  # fmt: skip
            for name in ("LIANPEI_VAR", "LIANPEI_ENV"):
                env.pop(name, None)
            run = subprocess.run(
                [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m", "clause and not browser"],
                cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, check=False,
            )  # fmt: skip
        said = {0: "all its tests still pass", 1: "", NO_TESTS: "no test is marked with its clause"}
        outcome = said.get(run.returncode, f"the tests could not run: {run.stdout[-300:]}")
        self.stdout.write(
            f"{'noticed ' if not outcome else 'SURVIVED'} {mutant.rule} {mutant.kind} {mutant.detail}"
        )
        self.stdout.flush()
        return outcome
