"""The door and its declarations: one table, one way in."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.conf import settings

from config.management.commands import moves as command
from core import door
from tenants import permissions, roles

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
)


def test_the_committed_table_is_what_the_declarations_say():
    """state × move × role, exhaustive: a changed declaration changes the committed table, which somebody reads."""
    assert command.TABLE.read_text(encoding="utf-8") == command.table()
    assert command.DIAGRAMS.read_text(encoding="utf-8") == command.diagrams()


def test_the_table_knows_every_state_and_move():
    rows = door.table(permissions.roles_with)
    for kind, model in door.kinds().items():
        states = {code for code, _label in model._meta.get_field("state").choices}
        declared = door.moves(model)
        assert declared, kind
        for code, move in declared.items():
            assert set(move.sources) <= states, (kind, code)
            assert set(move.targets or ()) <= states, (kind, code)
            assert {row[1] for row in rows if row[0] == kind and row[2] == code} == set(move.sources)


def test_every_move_is_somebodys():
    """A move that no role, job or member of the public may make is dead code; a role that does not exist is a fault."""
    known = {f"{kind}.{role}" for kind, named in roles.ROLES.items() for role in named} | {"system", "public"}
    for kind, _state, code, _target, who in door.table(permissions.roles_with):
        assert who, (kind, code)
        assert set(who.split()) <= known, (kind, code)


def _sources():
    for room in ROOMS:
        for path in sorted(Path(settings.BASE_DIR, room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, ast.parse(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def code():
    return list(_sources())


CASES = {model.__name__ for model in door.kinds().values()}
MOVES = {name for model in door.kinds().values() for name in door.moves(model)}
# Names of moves that are ordinary words of Python and of its library as well.
WORDS = {
    "open",
    "close",
    "match",
    "publish",
    "send",
    "grant",
    "submit",
    "post",
    "object",
    "extend",
    "advance",
    "recall",
}


def test_no_case_is_made_or_changed_with_a_state(code):
    """A constructor, `create`, `update`, `bulk_*` or `get_or_create` could set any state: none may name it."""
    wrong = []
    for path, tree in code:
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            named = {keyword.arg for keyword in node.keywords}
            text = ast.unparse(node.func)
            if "state" not in named:
                continue
            builds = any(
                text == case
                or text.startswith(
                    (f"{case}.objects.create", f"{case}.objects.get_or_create", f"{case}.objects.update_or_create")
                )
                for case in CASES
            )
            updates = text.endswith(".update") and any(f"{case}." in text for case in CASES)
            if builds or updates:
                wrong.append(f"{path}:{node.lineno}")
    assert wrong == []


def test_no_state_is_assigned_outside_the_models_of_rows(code):
    """`x.state = …` on a case raises anyway (protected); in code it may stand only for rows that are no cases."""
    rows = {
        "step",
        "stamp",
        "copy",
        "assignment",
        "membership",
        "invitation",
        "version",
        "older",
        "row",
        "entry",
    }
    wrong = []
    for path, tree in code:
        for node in ast.walk(tree):
            targets = node.targets if isinstance(node, ast.Assign) else []
            for target in [leaf for one in targets for leaf in (one.elts if isinstance(one, ast.Tuple) else [one])]:
                if isinstance(target, ast.Attribute) and target.attr == "state":
                    owner = ast.unparse(target.value)
                    if owner not in rows | {"self"} and "tenants" not in path.parts:  # memberships, invitations
                        wrong.append(f"{path}:{node.lineno} {owner}")
    assert wrong == []


def test_nothing_but_the_door_calls_a_move(code):
    """Moves are made by `perform`, `act.perform` and `act.then`; a direct call of a move's method is a fault."""
    wrong = []
    for path, tree in code:
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            name, owner = node.func.attr, ast.unparse(node.func.value)
            if name in MOVES - WORDS and owner in {
                "case",
                "application",
                "agreement",
                "recognition",
                "call",
                "notice",
                "case_list",
                "override",
                "self",
                "fresh",
            }:
                wrong.append(f"{path}:{node.lineno} {owner}.{name}")
            if name in MOVES & WORDS and owner in {
                "application",
                "agreement",
                "recognition",
                "call",
                "notice",
                "case_list",
                "override",
                "fresh",
            }:
                wrong.append(f"{path}:{node.lineno} {owner}.{name}")
    assert wrong == []


def test_a_protected_state_cannot_be_assigned():
    from applications.models import Application

    application = Application(title="x")
    with pytest.raises(AttributeError):
        application.state = "approved"
