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
    kinds = {"removed", "gate", "bound", "value", "field", "band", "sheet", "cadence", "effect"}
    assert {one.kind for one in found} <= kinds
    assert all(one.clauses for one in found if one.kind == "field")
    contents = {one.content for one in found}
    assert loaded.content not in contents
    assert len(contents) == len(found)
    for one in found:
        assert canonical.parse(one.content)
    assert loader.load(loader.PROFILES / code).content == loaded.content


def test_a_bound_at_a_leaf_is_shifted_there():
    loaded = loader.load(loader.PROFILES / "nm")
    found = {
        (one.rule, one.detail): canonical.parse(one.content)
        for one in mutation.mutants(loaded.require(), loaded.source.data)
    }
    assert found["cooperation_two_years", "years -"].apply.cond.coop_years.value == 1
    assert found["cooperation_two_years", "years +"].apply.cond.coop_years.value == 3
    assert found["partner_kind", "without enterprise"].apply.partner.kinds.value == [
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
