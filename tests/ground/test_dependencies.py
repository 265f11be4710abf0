"""What the code imports is what pyproject.toml asks for, in versions that the lock file has."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", name)[0]).lower()


def imported(*folders: str) -> dict[str, set[str]]:
    """Top-level modules that the files in these folders import, with the files."""
    found: dict[str, set[str]] = {}
    for folder in folders:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom) and not node.level:
                    names = [node.module]
                else:
                    continue
                for name in names:
                    found.setdefault(name.split(".")[0], set()).add(str(path.relative_to(ROOT)))
    return found


def missing(modules: dict[str, set[str]], wanted: set[str]) -> dict[str, set[str]]:
    """Modules that come from no distribution among `wanted`."""
    own = {path.name for path in ROOT.iterdir() if path.is_dir()} | {
        path.stem for path in (ROOT / "config" / "tooling").glob("*.py")
    }
    makers = packages_distributions()
    return {
        module: files
        for module, files in modules.items()
        if module not in own
        and module not in sys.stdlib_module_names
        and not {normal(name) for name in makers.get(module, [])} & wanted
    }


def test_what_the_portal_imports_is_asked_for():
    wanted = {normal(name) for name in PROJECT["dependencies"]}
    assert missing(imported(*settings.ROOMS, "config"), wanted) == {}


def test_what_the_suite_imports_is_asked_for():
    wanted = {normal(name) for name in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]}
    assert missing(imported("tests", "bench"), wanted) == {}


LOCKS = {"requirements.lock": [], "requirements-dev.lock": PROJECT["optional-dependencies"]["dev"]}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_has_a_version_and_hashes_of_everything(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    packages = re.split(r"^(?=\S)", text, flags=re.MULTILINE)[1:]
    assert all("==" in package and "--hash=sha256:" in package for package in packages)
    locked = {normal(package.split("==")[0]) for package in packages}
    for name in PROJECT["dependencies"] + LOCKS[lock]:
        assert normal(name) in locked, name


def test_both_lock_files_name_the_same_archives():
    run, develop = ((ROOT / lock).read_text(encoding="utf-8").splitlines() for lock in LOCKS)
    assert set(run) <= set(develop)
