"""Profiles from files: read, merge, validate, and say with file and line what is wrong.

`load(path)` gives a `Loaded`; its `faults` are empty or the profile must not be used. The content that a version
keeps is the merged data as canonical JSON text in the order of the files (order is meaning: a route is a
list), and its SHA-256.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from regulations.canonical import canonical
from regulations.checks import (
    consequences,
    evaluations,
    links,
    office,
    offsite,
    prefills,
    rectifications,
    references,
    rulechecks,
    sheets,
    tracks,
)
from regulations.schema import Profile
from regulations.schema.forms import FORM_FAULT
from regulations.yamlsource import Fault, Source, read_files, read_text

# Another folder stands in where the suite tries broken copies (`manage.py mutate`).
PROFILES = Path(os.environ.get("LIANPEI_PROFILES") or Path(__file__).resolve().parent / "profiles")
ROOT = Path(__file__).resolve().parent.parent

CHECKS = (
    *references.CHECKS,
    *rulechecks.CHECKS,
    *consequences.CHECKS,
    *office.CHECKS,
    *offsite.CHECKS,
    *evaluations.CHECKS,
    *prefills.CHECKS,
    *rectifications.CHECKS,
    *sheets.CHECKS,
    *tracks.CHECKS,
    *links.CHECKS,
)


class ProfileFaults(Exception):
    """A profile has faults; `faults` names each with file and line."""

    def __init__(self, faults: list[Fault]):
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))


@dataclass
class Loaded:
    """A profile as read: `profile` is None while the schema itself is not met."""

    name: str
    source: Source
    profile: Profile | None = None
    content: str = ""
    faults: list[Fault] = field(default_factory=list)

    @property
    def sha256(self) -> str:
        """Hash of the content."""
        return hashlib.sha256(self.content.encode()).hexdigest()

    def require(self) -> Profile:
        """The profile. Raises ProfileFaults if anything is wrong with it."""
        if self.faults or self.profile is None:
            raise ProfileFaults(self.faults)
        return self.profile


def files_of(path: Path) -> list[Path]:
    """The YAML files of a profile: the file itself, or `profile.yaml` and all others below a folder."""
    if path.is_file():
        return [path]
    return sorted(path.rglob("*.yaml"), key=lambda file: (file.name != "profile.yaml", str(file)))


def all_profiles() -> list[Path]:
    """The profiles of this repository, by name."""
    folders = [entry for entry in PROFILES.iterdir() if entry.is_dir() and any(entry.rglob("*.yaml"))]
    return sorted([*folders, *PROFILES.glob("*.yaml")])


def load(path: Path | str) -> Loaded:
    """Read and check one profile, a file or a folder."""
    path = Path(path).resolve()
    files = files_of(path)
    source = read_files(files, ROOT)
    if not files:
        source.faults.append(Fault(str(path), 1, "no YAML file here"))
    return _check(path.stem, source)


def load_text(text: str, name: str = "<text>") -> Loaded:
    """Read and check one profile given as text (YAML or JSON)."""
    return _check(name, read_text(text, name))


def load_data(data: dict[str, Any], name: str = "<data>") -> Loaded:
    """Check one profile given as plain data."""
    return _check(name, Source(data=json.loads(canonical(data)), places={(): (name, 1)}))


def _check(name: str, source: Source) -> Loaded:
    loaded = Loaded(name=name, source=source)
    loaded.faults = list(source.faults)
    try:
        loaded.profile = Profile.model_validate(source.data)
    except ValidationError as error:
        loaded.faults += [_fault(source, entry) for entry in error.errors()]
    if loaded.profile is not None:
        loaded.content = canonical(source.data)
        for check in CHECKS:
            for path, message in check(loaded.profile, source.data):
                loaded.faults.append(Fault(*source.place(path), message))
    loaded.faults = sorted(set(loaded.faults))
    return loaded


def _fault(source: Source, entry: dict) -> Fault:
    """A pydantic error at the file and line it speaks of. Steps of the location that are no keys are left out."""
    path: list[str | int] = []
    for part in entry["loc"]:
        if (*path, part) in source.places:
            path.append(part)
    where = ".".join(str(part) for part in entry["loc"] if not str(part)[:1].isupper() and "[" not in str(part))
    kind, message = entry["type"], entry["msg"].removeprefix("Value error, ")
    key = entry["loc"][-1] if entry["loc"] else ""
    if kind == FORM_FAULT:  # the message says where in its form or list of fields
        where = "" if entry["loc"][0] == "forms" else ".".join(entry["loc"][: entry["loc"].index("fields")])
    elif kind == "extra_forbidden":
        message = f"unknown key «{key}»"
    elif kind == "missing":
        message = f"«{key}» is missing"
    file, line = source.place(tuple(path))
    return Fault(file, line, f"{where}: {message}" if where else message)
