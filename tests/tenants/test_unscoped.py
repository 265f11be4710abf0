"""No view asks for scoped cases without saying to whom they are shown (design, "Who sees what")."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from tenants.models import ScopedCase

# Pages for everybody: they show what has been publicised, to nobody in particular.
PUBLIC = {"portal/public.py"}
MANAGERS = {"objects", "_default_manager", "_base_manager"}


def scoped_names() -> set[str]:
    return {model.__name__ for model in apps.get_models() if issubclass(model, ScopedCase)}


def view_files() -> list[Path]:
    base = Path(settings.BASE_DIR)
    found = []
    for room in settings.ROOMS:
        found += [base / room / "views.py", base / room / "public.py", *(base / room / "views").rglob("*.py")]
    return [path for path in found if path.exists() and str(path.relative_to(base)) not in PUBLIC]


def unscoped(source: str, names: set[str]) -> list[str]:
    """Where a module takes a scoped model's manager for anything but `visible_to`."""
    tree = ast.parse(source)
    parents = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS and _names(node.value) in names:
            parent = parents.get(node)
            scoped = isinstance(parent, ast.Attribute) and parent.attr == "visible_to"
            if not scoped and not _handed_to_see_or_404(node, parents):
                found.append(f"line {node.lineno}: {_names(node.value)}.{node.attr}")
        called = _names(node.func) if isinstance(node, ast.Call) and node.args else ""
        if called in {"get_object_or_404", "get_list_or_404"} and _names(node.args[0]) in names:
            found.append(f"line {node.lineno}: {called}({_names(node.args[0])})")
    return found


def _handed_to_see_or_404(node: ast.AST, parents: dict) -> bool:
    """Whether the manager, with selects and orders, is the first argument of `tenants.access.see_or_404`."""
    while (above := parents.get(node)) is not None and not isinstance(above, ast.stmt):
        if isinstance(above, ast.Call) and _names(above.func) == "see_or_404":
            return bool(above.args) and above.args[0] is node
        node = above
    return False


def _names(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


@pytest.mark.parametrize("path", view_files(), ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_views_start_from_what_the_membership_sees(path):
    assert unscoped(path.read_text(encoding="utf-8"), scoped_names()) == []


def test_the_test_finds_what_it_looks_for():
    names = {"Application"}
    assert unscoped("Application.objects.visible_to(m).filter(pk=1)", names) == []
    assert unscoped("Organisation.objects.all()", names) == []
    assert unscoped("see_or_404(Application.objects.select_related('call'), request, pk=1)", names) == []
    for bad in (
        "see_or_404(Call.objects, request, pk=Application.objects.first().pk)",
        "Application.objects.all()",
        "x = Application.objects",
        "models.Application._base_manager.get(pk=1)",
        "get_object_or_404(Application, pk=1)",
        "Application.objects.filter(pk=1).visible_to(m)",
    ):
        assert len(unscoped(bad, names)) == 1, bad
    assert {"Application", "Agreement", "Recognition", "CaseList", "Notice"} <= scoped_names()
