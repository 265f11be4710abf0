"""`mutate`: break every rule of a profile once and see whether a marked test turns red (tests/mutants.py)."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from regulations import loader
from regulations.mutation import Mutant, mutants

# What a profile says as such; the other kinds (bounds, codes, form fields) come with --all.
USUAL = ("removed", "gate", "band", "sheet", "cadence", "effect")
# mutant → the test that noticed it last time: asked first, and nothing else is kept of a run.
MEMORY = Path(settings.BASE_DIR) / "var" / "mutants.json"

CLAUSE = re.compile(r"[A-Z]+-[A-Za-z0-9.]+")
COMPUTED = re.compile(r"mark\.clause\([^\"]")  # marks whose clauses are no literals

Work = list[tuple[str, Mutant]]


@dataclass(frozen=True)
class Verdict:
    """Who noticed a mutant, or why nobody did."""

    folder: str
    mutant: Mutant
    noticed: str
    why: str = ""
    seconds: float = 0.0

    def __str__(self) -> str:
        said = f"{'noticed ' if self.noticed else 'SURVIVED'} {self.folder}: {self.mutant}: {self.noticed or self.why}"
        return f"{said} ({self.seconds:.0f} s)" if self.seconds >= 1 else said


def name_of(folder: str, mutant: Mutant) -> str:
    return f"{folder}: {mutant.kind}: {mutant}"


def marked_files(tests: str, clauses: set[str]) -> Iterator[str]:
    """The test files that name one of these clauses: the rest need not be collected."""
    place = Path(settings.BASE_DIR) / tests
    for path in place.rglob("test_*.py") if place.is_dir() else [place]:
        text = path.read_text(encoding="utf-8")
        if COMPUTED.search(text) or clauses & set(CLAUSE.findall(text)):
            yield str(path.relative_to(settings.BASE_DIR))


def remembered() -> dict[str, str]:
    return json.loads(MEMORY.read_text(encoding="utf-8")) if MEMORY.exists() else {}


class Command(BaseCommand):
    help = (
        "Break each rule, band, sheet, cadence and effect of CZMC, NM and XCU once and run the tests marked with its \
clause; reports the mutants nobody noticed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "profiles", nargs="*", default=["czmc", "nm", "xcu"], help="folders below regulations/profiles"
        )
        parser.add_argument("--all", action="store_true", help="every kind (see regulations.mutation)")
        parser.add_argument("--kind", action="append", default=[], help="only mutants of this kind")
        parser.add_argument("--rule", action="append", default=[], help="only this rule or field")
        parser.add_argument("--clause", action="append", default=[], help="only of this clause; * stands for the rest")
        parser.add_argument("--tests", default="tests", help="only tests below this folder")
        parser.add_argument("--jobs", type=int, default=2)
        parser.add_argument("--list", action="store_true", help="name the mutants and try none")

    def handle(self, *args, profiles: list[str], tests: str, jobs: int, **options) -> None:
        work = [(folder, mutant) for folder in profiles for mutant in self.wanted(folder, options)]
        if options["list"]:
            for folder, mutant in work:
                self.stdout.write(f"{name_of(folder, mutant)} ({' '.join(mutant.clauses)})")
            return
        began = time.monotonic()
        refused = [verdict for folder, mutant in work if (verdict := self.refused(folder, mutant))]
        beyond = {id(verdict.mutant) for verdict in refused}
        work = [each for each in work if id(each[1]) not in beyond]
        shares = [work[number::jobs] for number in range(jobs)]
        with ThreadPoolExecutor(jobs) as pool:
            verdicts = refused + [
                each for many in pool.map(lambda share: self.attempt(share, tests), shares) for each in many
            ]
        self.remember(verdicts)
        survivors = [verdict for verdict in verdicts if not verdict.noticed]
        self.stdout.write(
            f"{len(verdicts)} mutants, {len(verdicts) - len(survivors)} noticed, {len(survivors)} survived, "
            f"{(time.monotonic() - began) / 60:.0f} minutes"
        )
        for verdict in survivors:
            mutant = verdict.mutant
            self.stdout.write(f"  survived: {verdict.folder}: {mutant} ({' '.join(mutant.clauses)}): {verdict.why}")
        if survivors:
            sys.exit(1)

    def wanted(self, folder: str, options: dict) -> Iterator[Mutant]:
        """The mutants of a profile that the options ask for."""
        kinds, rules, clauses = options["kind"], options["rule"], options["clause"]
        loaded = loader.load(loader.PROFILES / folder)
        for mutant in mutants(loaded.require(), loaded.source.data):
            if not (mutant.kind in kinds if kinds else options["all"] or mutant.kind in USUAL):
                continue
            if rules and mutant.rule not in rules:
                continue
            if clauses and not any(fnmatchcase(clause, like) for clause in mutant.clauses for like in clauses):
                continue
            yield mutant

    def remember(self, verdicts: list[Verdict]) -> None:
        """Keep who noticed what, for the order of the next run."""
        MEMORY.parent.mkdir(exist_ok=True)
        kept = remembered() | {name_of(each.folder, each.mutant): each.noticed for each in verdicts if each.noticed}
        MEMORY.write_text(json.dumps(kept, ensure_ascii=False, indent=0, sort_keys=True), encoding="utf-8")

    def refused(self, folder: str, mutant: Mutant) -> Verdict | None:
        """A mutant that no deployment could load: the profile's own check notices it."""
        faults = loader.load_data(mutant.data).faults
        return Verdict(folder, mutant, f"refused when loaded: {faults[0].message}") if faults else None

    def attempt(self, work: Work, tests: str) -> list[Verdict]:
        """Run the marked tests over these mutants."""
        if not work:
            return []
        before = remembered()
        with tempfile.TemporaryDirectory(prefix="lianpei-mutant.") as home:
            place, listed, log = Path(home) / "profiles", Path(home) / "mutants", Path(home) / "log"
            shutil.copytree(loader.PROFILES, place)
            with listed.open("w", encoding="utf-8") as lines:
                for folder, mutant in work:
                    line = {
                        "folder": folder,
                        "rule": mutant.rule,
                        "clauses": mutant.clauses,
                        "content": mutant.content,
                        "before": before.get(name_of(folder, mutant), ""),
                    }
                    lines.write(json.dumps(line) + "\n")
            wanted = sorted({clause for _folder, mutant in work for clause in mutant.clauses})
            files = sorted(marked_files(tests, set(wanted)))
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
            options = ["-q", "-n", "0", "-p", "no:cacheprovider", "-p", "tests.mutants", "-m", "clause and not browser"]
            with log.open("w") as out:
                run = subprocess.Popen(
                    [sys.executable, "-m", "pytest", *options, *(files or [tests])],
                    cwd=settings.BASE_DIR,
                    env=env,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                )
                said = self.follow(run, Path(f"{listed}.said"), work)
            if len(said) < len(work):
                tail = log.read_text()[-2000:]
                raise CommandError(f"the tests stopped after {len(said)} of {len(work)} mutants: {tail}")
            return said

    def follow(self, run: subprocess.Popen, said: Path, work: Work) -> list[Verdict]:
        """Report each outcome as it comes, until the run ends."""
        verdicts: list[Verdict] = []
        while True:
            over = run.poll() is not None
            lines = said.read_text(encoding="utf-8").splitlines() if said.exists() else []
            for line in lines[len(verdicts) :]:
                verdicts.append(Verdict(*work[len(verdicts)], *json.loads(line)))
                self.stdout.write(str(verdicts[-1]))
                self.stdout.flush()
            if over:
                return verdicts
            time.sleep(0.5)
