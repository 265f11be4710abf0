"""What the check of profiles refuses about grading: a grade that nobody can get, a score without a grade, what is not there."""

from __future__ import annotations

import copy

import pytest

from regulations.loader import PROFILES, load, load_data


@pytest.fixture(scope="module")
def xcu() -> dict:
    loaded = load(PROFILES / "xcu")
    assert not loaded.faults
    return loaded.source.data


def faults(data: dict, change) -> list[str]:
    content = copy.deepcopy(data)
    change(content["evaluations"]["triennial"]["grading"], content)
    return [fault.message for fault in load_data(content).faults]


def bands(*pairs) -> list[dict]:
    return [{"grade": grade, "from": start, "clause": "XCU-29d"} for grade, start in pairs]


CONDITION = {"key": "courses", "title": {"zh": "课程"}, "clause": "XCU-28a"}
WHEN = {"fact": "form.construction_report.courses", "gte": 1}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda g, c: g.update(bands=bands(("excellent", 85), ("unqualified", 0))), "grade «qualified» has no band"),
        (
            lambda g, c: g.update(bands=bands(("excellent", 60), ("qualified", 60), ("unqualified", 0))),
            "bands overlap: «excellent» begins at 60",
        ),
        (
            lambda g, c: g.update(bands=bands(("excellent", 60), ("qualified", 85), ("unqualified", 0))),
            "bands overlap",
        ),
        (
            lambda g, c: g.update(bands=bands(("excellent", 85), ("qualified", 60), ("unqualified", 1))),
            "scores below 1 have no grade",
        ),
        (
            lambda g, c: g.update(bands=bands(("excellent", 101), ("qualified", 60), ("unqualified", 0))),
            "a sheet gives at most 100",
        ),
        (
            lambda g, c: g.update(bands=bands(("good", 85), ("qualified", 60), ("unqualified", 0))),
            "no grade «good» (known: excellent, qualified, unqualified)",
        ),
        (lambda g, c: g.pop("combine"), "bands need a score"),
        (lambda g, c: g.pop("rounding"), "to how many places"),
        (
            lambda g, c: g.update(rounding={"places": 2, "mode": "nearest", "when": "combined", "local": True}),
            "half_up",
        ),
        (lambda g, c: g.update(combine={"how": "weighted", "local": True}), "which kind of expert counts how much"),
        (
            lambda g, c: g.update(combine={"how": "weighted", "weights": {"friends": 1}, "local": True}),
            "academic",
        ),
        (
            lambda g, c: g.update(combine={"how": {"setting": "evaluation.report_days"}, "local": True}),
            "a choice among",
        ),
        (lambda g, c: g.update(min_sheets={"setting": "evaluation.combination"}), "not a number"),
        (lambda g, c: g.update(min_sheets=0), "greater than or equal to 1"),
        (
            lambda g, c: g.update(conditions={"excellent": [{**CONDITION, "when": {"fact": "form.none.x", "gte": 1}}]}),
            "no form field",
        ),
        (lambda g, c: g.update(conditions={"unqualified": [{**CONDITION, "when": WHEN}]}), "is the lowest grade"),
        (
            lambda g, c: g.update(
                conditions={"excellent": [{**CONDITION, "experts": {"field": "nothing", "in": ["yes"]}}]}
            ),
            "experts are not asked for a field «nothing»",
        ),
        (
            lambda g, c: g.update(conditions={"excellent": [CONDITION]}),
            "one of when, experts",
        ),
        (
            lambda g, c: g.update(vetoes=[{**CONDITION, "grade": "excellent", "when": WHEN}]),
            "takes nothing away",
        ),
        (lambda g, c: g.update(bands=[], rounding=[], combine=None, min_sheets=None), None),
        (
            lambda g, c: g.update(
                bands=[],
                rounding=[],
                combine=None,
                min_sheets=None,
                conditions={"excellent": [{**CONDITION, "when": WHEN}]},
            ),
            "neither a band nor a condition",
        ),
    ],
)
def test_what_grading_cannot_say(xcu, change, words):
    said = faults(xcu, change)
    assert any(words in fault for fault in said) if words else said == []


@pytest.mark.parametrize(
    "change",
    [
        lambda g, c: g.update(conditions={"excellent": [{**CONDITION, "when": WHEN}]}),
        lambda g, c: g.update(vetoes=[{**CONDITION, "grade": "unqualified", "when": WHEN}]),
        lambda g, c: g.update(
            combine={"how": "weighted", "weights": {"academic": 1, "industry": "0.5"}, "local": True}
        ),
        lambda g, c: g.update(combine={"how": "trimmed", "trim": 2, "local": True}),
        lambda g, c: g.update(bands=bands(("excellent", 100), ("qualified", "0.01"), ("unqualified", 0))),
    ],
)
def test_what_grading_can_say(xcu, change):
    assert faults(xcu, change) == []


def test_a_panel_names_one_way_to_score(xcu):
    content = copy.deepcopy(xcu)
    panel = next(step for step in content["routes"]["evaluation"] if step["key"] == "experts")["panel"]
    panel["score"] = True
    assert any("leave `score` out" in fault.message for fault in load_data(content).faults)
    del panel["score"]
    panel["sheet"] = "other"
    said = [fault.message for fault in load_data(content).faults]
    assert any("no sheet «other»" in fault for fault in said)
    assert any("nothing reads sheet «standard»" in fault for fault in said)
