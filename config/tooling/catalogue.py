"""Message catalogues without the gettext tools: read a .po file, write the .mo that Python loads.

The source language is Chinese (zh-Hans), so the Chinese catalogue is the source itself; `locale/en` holds the
English. `make check` extracts the messages anew (this needs xgettext) and compares.

    python config/tooling/catalogue.py compile | check | update
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PO = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
SOURCES = (
    "core",
    "tenants",
    "regulations",
    "casework",
    "bases",
    "trainees",
    "evaluations",
    "applications",
    "portal",
    "config",
    "templates",
)
# Where a file needs both, gettext_lazy goes by the name of `lazy`.
MAKE_MESSAGES = """
from django.core.management.commands.makemessages import Command
from django.core.management import call_command
Command.xgettext_options += ["--keyword=lazy"]
call_command(Command(), locale=["en"], add_location="file", no_wrap=True, no_obsolete=True, extensions=["py,html,txt"])
"""
CHINESE = re.compile(r"[\u3400-\u9fff]")
ENGLISH = re.compile(r"\b[a-z]{3,}\b")


@dataclass
class Entry:
    """One message: context, singular, plural, translations by plural form, flags (fuzzy, python-format …)."""

    context: str | None = None
    id: str = ""
    plural: str | None = None
    strings: dict[int, str] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)
    places: list[str] = field(default_factory=list)

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context, self.id

    @property
    def translated(self) -> bool:
        return "fuzzy" not in self.flags and bool(self.strings) and all(self.strings.values())


def parse(text: str) -> list[Entry]:
    """Read a .po file. The header is the entry with an empty id; obsolete entries are left out."""
    entries: list[Entry] = []
    entry, part = Entry(), ""
    began = False

    def add(value: str) -> None:
        if part == "msgctxt":
            entry.context = (entry.context or "") + value
        elif part == "msgid":
            entry.id += value
        elif part == "msgid_plural":
            entry.plural = (entry.plural or "") + value
        elif part.startswith("msgstr"):
            form = int(part[7:-1]) if "[" in part else 0
            entry.strings[form] = entry.strings.get(form, "") + value

    for line in [*text.splitlines(), ""]:
        line = line.strip()
        if line.startswith("#~"):
            continue
        if not line or (line.startswith("#") and part.startswith("msgstr")):
            if began:
                entries.append(entry)
                entry, part, began = Entry(), "", False
            if not line:
                continue
        if line.startswith("#"):
            if line.startswith("#,"):
                entry.flags |= {flag.strip() for flag in line[2:].split(",")}
            elif line.startswith("#:"):
                entry.places += line[2:].split()
            continue
        if not line.startswith('"'):
            word, line = line.split(None, 1)
            if word in ("msgctxt", "msgid") and part.startswith("msgstr"):
                entries.append(entry)
                entry = Entry()
            part, began = word, True
        add(ast.literal_eval(line))
    return entries


def machine_object(entries: list[Entry]) -> bytes:
    """The .mo file of the translated entries (GNU gettext's format, little-endian, no hash table)."""
    pairs = []
    for entry in entries:
        if entry.id and not entry.translated:
            continue
        source = entry.id if entry.plural is None else f"{entry.id}\0{entry.plural}"
        if entry.context is not None:
            source = f"{entry.context}\4{source}"
        target = "\0".join(entry.strings[form] for form in sorted(entry.strings))
        pairs.append((source.encode(), target.encode()))
    pairs.sort()
    count, start = len(pairs), 28
    at = start + 16 * count
    tables: list[list[bytes]] = [[], []]
    body = b""
    for side in (0, 1):
        for pair in pairs:
            tables[side].append(struct.pack("<2I", len(pair[side]), at + len(body)))
            body += pair[side] + b"\0"
    header = struct.pack("<7I", 0x950412DE, 0, count, start, start + 8 * count, 0, 0)
    return header + b"".join(tables[0]) + b"".join(tables[1]) + body


def compile_all(root: Path = ROOT) -> int:
    """Write the .mo next to every .po of the house that is newer; returns how many."""
    done = 0
    for po in (root / "locale").glob("*/LC_MESSAGES/*.po"):
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime:
            fresh = mo.with_suffix(f".{os.getpid()}.tmp")  # several processes may begin at once
            fresh.write_bytes(machine_object(parse(po.read_text(encoding="utf-8"))))
            fresh.replace(mo)
            done += 1
    return done


def extracted(old: Path | None = None) -> str:
    """The catalogue that the present sources ask for, merged with `old`; made in a copy of the sources."""
    with tempfile.TemporaryDirectory(prefix="lianpei-messages.") as place:
        for folder in SOURCES:
            for path in (ROOT / folder).rglob("*"):
                if path.suffix in (".py", ".html", ".txt") and path.is_file() and "migrations" not in path.parts:
                    target = Path(place) / path.relative_to(ROOT)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(path, target)
        po = Path(place) / "locale" / "en" / "LC_MESSAGES" / "django.po"
        po.parent.mkdir(parents=True)
        if old is not None and old.exists():
            shutil.copyfile(old, po)
        done = subprocess.run(
            [sys.executable, "-c", MAKE_MESSAGES],
            cwd=place,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        return po.read_text(encoding="utf-8")


def check() -> list[str]:
    """Faults: source messages that are not Chinese; messages without an English translation."""
    used = [entry for entry in parse(extracted()) if entry.id]
    faults = [
        f"not Chinese at the source: {entry.id!r} ({', '.join(entry.places)})"
        for entry in used
        if not CHINESE.search(entry.id) and ENGLISH.search(re.sub(r"%\(\w+\)[sd]|<[^>]*>|\{\w*\}", "", entry.id))
    ]
    print(f"  {len(used)} messages in the sources, all present in Chinese by themselves")
    if not PO.exists():
        print(f"  there is no English catalogue yet ({PO.relative_to(ROOT)}): nothing to compare")
        return faults
    have = {entry.key: entry for entry in parse(PO.read_text(encoding="utf-8"))}
    absent = [entry for entry in used if not (entry.key in have and have[entry.key].translated)]
    faults += [
        f"no English: {entry.id!r} ({', '.join(entry.places)}); add it with python config/tooling/catalogue.py update"
        for entry in absent
    ]
    for entry in used:
        if (known := have.get(entry.key)) and known.translated:
            faults += placeholder_faults(known)
    print(f"  {len(used) - len(absent)} of them in English")
    return faults


def placeholder_faults(entry: Entry) -> list[str]:
    """A translation has to keep the placeholders of its message."""
    pattern = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")
    wanted = sorted(pattern.findall(entry.id))
    return [
        f"other placeholders in English: {entry.id!r}"
        for string in entry.strings.values()
        if entry.plural is None and sorted(pattern.findall(string)) != wanted
    ]


def main(arguments: list[str]) -> int:
    task = arguments[0] if arguments else "check"
    if task == "compile":
        print(f"{compile_all()} catalogues compiled")
    elif task == "update":
        PO.parent.mkdir(parents=True, exist_ok=True)
        text = re.sub(r'^"POT-Creation-Date:.*\n', "", extracted(PO), flags=re.M)  # differs without a difference
        PO.write_text(text, encoding="utf-8")
        print(f"{PO.relative_to(ROOT)}: {len(parse(text)) - 1} messages")
    else:
        faults = check()
        for fault in faults[:40]:
            print(f"  {fault}")
        if len(faults) > 40:
            print(f"  … and {len(faults) - 40} more")
        return bool(faults)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
