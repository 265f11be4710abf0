"""Kinds of step: each word of the profile's vocabulary has its class and each class its word."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from casework.steps import kind
from core.door import kinds as case_kinds
from regulations import routekinds
from tests.regulations.samples import faults
from tests.regulations.test_routekinds import harvest, route  # noqa: F401 - a fixture

ROOT = Path(__file__).resolve().parents[2]


def test_every_kind_may_be_named_by_a_profile_and_belongs_to_a_kind_of_case_that_has_a_route():
    assert kind.codes() == set(routekinds.STEPS)
    for code, word in routekinds.STEPS.items():
        assert word.title != code and set(word.routes) <= set(routekinds.KINDS), code
        assert any(code in route.step_kinds for route in routekinds.KINDS.values()), code


def test_every_link_is_of_kinds_of_case_that_there_are():
    assert routekinds.LINKS["list"] == {""} and "application" in routekinds.LINKS["agreement"]
    for awaited, waiters in routekinds.LINKS.items():
        assert {awaited, *waiters} - {""} <= set(case_kinds())


@pytest.fixture
def weighing():
    """A further kind of step: one class, as one file would hold it."""

    @kind.register
    class Weighing(kind.StepKind):
        code = "weighing"
        title = "过磅"
        routes = ("harvest",)

    yield
    del kind._kinds["weighing"], routekinds.STEPS["weighing"]


def test_a_further_kind_of_step_is_one_class(harvest, weighing):  # noqa: F811
    assert faults(route({"kind": "weighing"})) == []
    content = route()
    content["routes"]["application"][0]["kind"] = "weighing"
    assert "kind weighing is none of" in faults(content)[0]


def test_a_kind_that_nobody_registered_is_refused_with_those_there_are(harvest):  # noqa: F811
    assert faults(route({"kind": "weighing"})) == ["step «reap»: kind weighing is none of endorse, evidence"]


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
