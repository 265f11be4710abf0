"""Mutants: every rule is broken, and every broken profile is a different one that still loads."""

from __future__ import annotations

import pytest

from regulations import loader, mutation


@pytest.mark.parametrize("code", ["nm", "xcu", "czmc", "lcu", "jlu"])
def test_every_rule_is_broken_and_every_mutant_loads(code):
    loaded = loader.load(loader.PROFILES / code)
    profile = loaded.require()
    found = list(mutation.mutants(profile, loaded.source.data))
    assert {one.rule for one in found} == {rule.key for rule in profile.rules}
    assert {one.rule for one in found if one.kind == "removed"} == {rule.key for rule in profile.rules}
    contents = {one.content for one in found}
    assert loaded.content not in contents
    assert len(contents) == len(found)
    for one in found:
        assert loader.parse(one.content)
    assert loader.load(loader.PROFILES / code).content == loaded.content


def test_a_bound_at_a_leaf_is_shifted_there():
    loaded = loader.load(loader.PROFILES / "nm")
    found = {
        (one.rule, one.detail): loader.parse(one.content)
        for one in mutation.mutants(loaded.require(), loaded.source.data)
    }
    assert found["cooperation_two_years", "years -"].apply.cond.coop_years.value == 1
    assert found["cooperation_two_years", "years +"].apply.cond.coop_years.value == 3
