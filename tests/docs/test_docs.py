"""The documents say what is there: their links, paths, commands and variables exist, and their pictures are small."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

ROOT = Path(settings.BASE_DIR)
DOCS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs" / "decisions").glob("*.md")),
]
PICTURES = sorted((ROOT / "docs" / "screenshots").iterdir())
ROOMS = (
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
    "docs",
    "deploy",
    "tests",
    "templates",
    "static",
    "bench",
)
WRITTEN = DOCS[:2] + [
    path for path in DOCS[2:] if path.name in {"architecture.md", "operations.md"} or path.parent.name == "decisions"
]
MADE_LATER = {"deploy/tls/"}  # by whoever runs the portal
VARIABLE = re.compile(r"`(LIANPEI_[A-Z_]+|[A-Z]+(?:_[A-Z]+)+)(?:=[^`]*)?`")


def words(path: Path) -> list[str]:
    """What stands between backquotes."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.S))


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), f"{path.name}: {target}"


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_paths_exist(path):
    for word in words(path):
        if word not in MADE_LATER and re.fullmatch(rf"(?:{'|'.join(ROOMS)})/[\w./*-]*", word):
            assert list(ROOT.glob(word.rstrip("/"))), f"{path.name}: {word}"


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_commands_exist(path):
    text = path.read_text(encoding="utf-8")
    known = get_commands()
    for name in re.findall(r"manage\.py (\w+)", text):
        assert name in known, f"{path.name}: manage.py {name}"
    targets = set(re.findall(r"^([\w ]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.M))
    targets = {one for line in targets for one in line.split()}
    for name in re.findall(r"(?:`|^)make (\w+)", text, flags=re.M):
        assert name in targets, f"{path.name}: make {name}"


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_variables_are_read_somewhere(path):
    sources = [*ROOT.glob("*.yml"), *ROOT.glob("deploy/*"), ROOT / "Makefile", ROOT / "Dockerfile"]
    sources += [file for room in (*ROOMS[:10], "tests") for file in (ROOT / room).rglob("*.py")]
    code = "\n".join(file.read_text(encoding="utf-8") for file in sources if file.is_file())
    for name in {found for line in path.read_text(encoding="utf-8").splitlines() for found in VARIABLE.findall(line)}:
        assert re.search(rf"\b{name}\b", code), f"{path.name}: {name}"


def test_pictures_are_few_small_and_shown():
    shown = (ROOT / "README.md").read_text(encoding="utf-8")
    assert 0 < len(PICTURES) <= 10
    for picture in PICTURES:
        assert picture.stat().st_size <= 200 * 1024
        assert f"docs/screenshots/{picture.name}" in shown


def test_the_readme_names_accounts_of_the_demo():
    people = yaml.safe_load((ROOT / "tenants" / "demo" / "world.yaml").read_text(encoding="utf-8"))["people"]
    logins = {person["login"] for person in people}
    kinds = "|".join(sorted({login.split(".")[1] for login in logins}))
    named = {word for word in words(ROOT / "README.md") if re.fullmatch(rf"[a-z]+\d*[a-z]?\.({kinds})", word)}
    assert len(named) >= 5 and named <= logins
