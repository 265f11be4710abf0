"""Mutants: every rule is broken, and every broken profile is a different one that still loads."""

from __future__ import annotations

import pytest

from regulations import canonical, loader, mutation


@pytest.mark.parametrize("code", ["nm", "xcu", "czmc", "lcu", "jlu"])
def test_every_rule_is_broken_and_every_mutant_loads(code):
    loaded = loader.load(loader.PROFILES / code)
    profile = loaded.require()
    found = list(mutation.mutants(profile, loaded.source.data))
    assert {one.rule for one in found if one.kind == "removed"} == {rule.key for rule in profile.rules}
    kinds = {"removed", "gate", "bound", "value", "when", "strength", "field", "band", "sheet", "cadence", "effect"}
    assert {one.kind for one in found} <= kinds
    assert all(one.clauses for one in found if one.kind == "field")
    contents = {one.content for one in found}
    assert loaded.content not in contents
    assert len(contents) == len(found)
    for mutant in found[::3]:
        assert canonical.parse(mutant.content)
    assert loader.load(loader.PROFILES / code).content == loaded.content


def test_a_bound_at_a_leaf_is_shifted_there():
    loaded = loader.load(loader.PROFILES / "nm")
    contents = {
        (mutant.rule, mutant.detail): mutant.content
        for mutant in mutation.rule_mutants(loaded.require(), loaded.source.data)
    }

    def apply(*name):
        return canonical.parse(contents[name]).apply

    assert apply("cooperation_two_years", "years -").cond.coop_years.value == 1
    assert apply("cooperation_two_years", "years +").cond.coop_years.value == 3
    assert apply("partner_kind", "without enterprise").partner.kinds.value == [
        "government",
        "public_institution",
        "research_institute",
        "social_organisation",
    ]


def test_a_field_is_loosened_where_it_stands():
    loaded = loader.load(loader.PROFILES / "nm")
    found = {(one.rule, one.detail): one for one in mutation.field_mutants(loaded.source.data)}
    loose = found["six_aspects.category", "not required"]
    assert loose.clauses == ("NM-8.2a",)
    (field,) = [one for one in loose.data["forms"]["six_aspects"]["sections"][0]["fields"] if one["key"] == "category"]
    assert field["required"] is False
    assert ("application.investments.amount", "min +") in found


def test_bands_sheets_cadences_and_effects_are_broken():
    """A band shifts by a point, a leaf with its group and total, a period by a year; a consequence goes missing."""
    loaded = loader.load(loader.PROFILES / "xcu")
    found = {(one.rule, one.kind, one.detail): one for one in mutation.mutants(loaded.require(), loaded.source.data)}
    strict = canonical.parse(found["triennial excellent", "band", "from +"].content)
    assert strict.evaluations["triennial"].grading.bands[0].from_ == 86
    sheet = canonical.parse(found["sheet standard d3", "sheet", "points -"].content).sheets["standard"]
    assert (sheet.total, sheet.indicators[3].points, sheet.leaf_points()) == (99, 34, 99)
    assert found["evaluation triennial", "cadence", "years +"].clauses == ("XCU-29b",)
    gone = canonical.parse(found["triennial unqualified cancellation", "effect", "0 left out"].content)
    assert gone.evaluations["triennial"].consequences["unqualified"] == []
    asked = canonical.parse(found["triennial unqualified cancellation", "effect", "0 to be confirmed"].content)
    (effect,) = asked.evaluations["triennial"].consequences["unqualified"]
    assert (effect.automatic, effect.confirm.role) == (False, "graduate_office")
    passed = canonical.parse(found["triennial unqualified", "band", "passed turned round"].content)
    assert passed.evaluations["triennial"].grade("unqualified").passed is True


def test_a_figure_of_a_setting_is_shifted_once_where_it_stands():
    """Three kinds of evaluation take their time for the report from one setting."""
    loaded = loader.load(loader.PROFILES / "xcu")
    mutants = list(mutation.mutants(loaded.require(), loaded.source.data))
    shifted = [each for each in mutants if each.rule == "setting evaluation.report_days"]
    assert [(each.kind, each.detail, each.clauses) for each in shifted] == [
        ("cadence", "value -", ("XCU-29a",)),
        ("cadence", "value +", ("XCU-29a",)),
    ]
    assert canonical.parse(shifted[0].content).settings["evaluation.report_days"].value == 14


def test_conditions_and_strengths_of_rules_are_broken():
    loaded = loader.load(loader.PROFILES / "nm")
    mutants = {(each.rule, each.kind): each for each in mutation.mutants(loaded.require(), loaded.source.data)}
    (rule,) = [
        each for each in canonical.parse(mutants["one_partner", "strength"].content).rules if each.key == "one_partner"
    ]
    assert (rule.strength, rule.override) == ("hard", None)
    key = next(rule for rule, kind in mutants if kind == "when")
    (rule,) = [each for each in canonical.parse(mutants[key, "when"].content).rules if each.key == key]
    assert rule.when is None
    (record,) = [each for (name, kind), each in mutants.items() if (name, kind) == ("record training_rules", "gate")]
    assert canonical.parse(record.content).records["training_rules"].gates == []
