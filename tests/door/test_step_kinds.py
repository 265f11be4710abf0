"""Kinds of step: each word of the profile's vocabulary has its class and each class its word."""

from __future__ import annotations

import ast
from pathlib import Path

from casework.steps import kind
from regulations import vocabulary

ROOT = Path(__file__).resolve().parents[2]


def test_the_vocabulary_and_the_registry_know_the_same_kinds():
    assert kind.codes() == set(vocabulary.STEP_KINDS)


def test_whoever_acts_has_a_choice_and_whoever_does_not_waits_for_something():
    for code in kind.codes():
        one = kind.kind_of(type("Declared", (), {"kind": code}))
        assert bool(one.outcomes) == one.acted_on, code
        assert one.acted_on or one.awaits, code


def test_no_code_outside_the_classes_asks_which_kind_a_step_is():
    """`step.kind == "…"` is the class's business; a kind's code may only pick rows in a query."""
    wrong = []
    for room in ("casework", "bases", "applications", "portal"):
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" in path.parts or path.parent.name == "kinds":
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Compare):
                    continue
                sides = [node.left, *node.comparators]
                texts = {one.value for side in sides for one in ast.walk(side) if isinstance(one, ast.Constant)}
                asks = any(isinstance(one, ast.Attribute) and one.attr == "kind" for one in sides)
                names = {ast.unparse(one) for one in sides}
                if asks and texts & kind.codes() and any(name.endswith("step.kind") for name in names):
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert wrong == []
