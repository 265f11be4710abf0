"""`make check`: lint, formatting, templates, floors, the one clock, plain names, missing migrations, catalogues, profiles,
signposts.

Everything is run, also after a failure; exit status 0 only if all is well.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import order
import plainness
from prepare import ROOT, VENV, die_with_parent

BIN = VENV / "bin"
TEMPLATES = ("templates", *(f"{path.parent.name}/templates" for path in ROOT.glob("*/templates")))
SYSTEM_TIME = re.compile(r"\b(?:datetime\.now|datetime\.utcnow|date\.today|timezone\.now|time\.time)\(")


def one_clock() -> list[str]:
    """Places outside core/clock.py that read the system's time (design, "Time")."""
    faults = []
    for room in (*ROOT.glob("*/apps.py"),):
        for path in sorted(room.parent.rglob("*.py")):
            if path == ROOT / "core" / "clock.py" or "migrations" in path.parts:
                continue
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if SYSTEM_TIME.search(line):
                    faults.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    return faults


def commands() -> list[tuple[str, list[str | Path]]]:
    python = BIN / "python"
    templates = [folder for folder in TEMPLATES if (ROOT / folder).is_dir() and any((ROOT / folder).rglob("*.html"))]
    steps: list[tuple[str, list[str | Path]]] = [
        ("lint", [BIN / "ruff", "check", "."]),
        ("formatting", [BIN / "ruff", "format", "--check", "."]),
        ("floors", [BIN / "lint-imports", "--no-cache"]),
        ("missing migrations", [python, "manage.py", "makemigrations", "--check", "--dry-run"]),
        ("system checks", [python, "manage.py", "check"]),
        ("table of moves", [python, "manage.py", "moves"]),
        ("signposts", [python, "manage.py", "signposts"]),
        ("catalogues", [python, "config/tooling/catalogue.py", "check"]),
    ]
    if templates:
        # No formatting of templates: djlint's moves white space into titles and between inline words.
        steps.insert(2, ("templates", [BIN / "djlint", "--lint", "--quiet", *templates]))
    if (ROOT / "regulations" / "management" / "commands" / "regulations.py").exists():
        steps.append(("regulations", [python, "manage.py", "regulations", "check"]))
    return steps


def main(only: list[str]) -> int:
    failed = []
    for title, command in commands():
        if only and not any(word in title for word in only):
            continue
        began = time.monotonic()
        done = subprocess.run(
            [str(part) for part in command],
            cwd=ROOT,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            preexec_fn=die_with_parent,
        )
        well = done.returncode == 0
        print(f"{'✓' if well else '✗'} {title} ({time.monotonic() - began:.1f} s)", flush=True)
        if not well or title in ("catalogues", "regulations"):
            print(done.stdout.rstrip(), flush=True)
        if not well:
            failed.append(title)
    if not only or "clock" in only:
        faults = one_clock()
        print(f"{'✗' if faults else '✓'} one clock")
        for fault in faults:
            print(f"  {fault}")
        failed += ["one clock"] if faults else []
    house = order.House(ROOT)
    for word, of_house in (("order", order.faults), ("names", plainness.faults)):
        if only and word not in only:
            continue
        for title, faults in of_house(house).items():
            print(f"{'✗' if faults else '✓'} {title}")
            for fault in faults:
                print(f"  {fault}")
            failed += [title] if faults else []
    print(f"\n{'failed: ' + ', '.join(failed) if failed else 'all is well'}")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main([Path(argument).name for argument in sys.argv[1:]]))
