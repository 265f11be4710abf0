"""Checks on scoring sheets: what adds up, what is computed, who marks it, and whose titles it takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from regulations import facts
from regulations.checks.references import Path_, Problem, all_steps
from regulations.checks.rulechecks import Wrong, fact_type
from regulations.schema import Profile, Sheet
from regulations.schema.sheets import Indicator
from regulations.vocabulary import NUMBER_TYPES


def every_sheet(profile: Profile, data: dict) -> Iterator[Problem]:
    """Every sheet of the profile."""
    for key, sheet in profile.sheets.items():
        path: Path_ = ("sheets", key)
        yield from _sums(path, sheet)
        yield from _keys(path, sheet)
        yield from _titles(profile, path, sheet)
        cases = {place[1] for place, step in all_steps(profile) if step.panel and step.panel.sheet == key}
        for place, indicator in _walk(sheet.indicators, (*path, "indicators")):
            if indicator.fact is not None:
                yield from _computed(profile, place, indicator, cases)


def panels(profile: Profile, data: dict) -> Iterator[Problem]:
    """Only a panel marks a sheet."""
    for path, step in all_steps(profile):
        if step.panel and step.panel.sheet and step.kind != "panel":
            yield (*path, "panel"), f"step «{step.key}»: only a step of kind panel marks a sheet"


def _walk(indicators: Sequence[Indicator], path: Path_) -> Iterator[tuple[Path_, Indicator]]:
    for number, indicator in enumerate(indicators):
        place = (*path, number)
        yield place, indicator
        yield from _walk(indicator.children, (*place, "children"))


def _sums(path: Path_, sheet: Sheet) -> Iterator[Problem]:
    for place, indicator in _walk(sheet.indicators, (*path, "indicators")):
        if indicator.children:
            made = sum((child.points for child in indicator.children), Decimal(0))
            if made != indicator.points:
                name = indicator.code or indicator.key
                yield place, f"{name}: its indicators add up to {made} points, the group says {indicator.points}"
    groups = sum((indicator.points for indicator in sheet.indicators), Decimal(0))
    leaves = sheet.leaf_points()
    if leaves != sheet.total:
        yield (*path, "total"), f"all indicators add up to {leaves} points, the total says {sheet.total}"
    elif groups != sheet.total:
        yield (*path, "total"), f"the groups add up to {groups} points, the total says {sheet.total}"


def _keys(path: Path_, sheet: Sheet) -> Iterator[Problem]:
    counted = Counter(indicator.key for _place, indicator in _walk(sheet.indicators, ()))
    for place, indicator in _walk(sheet.indicators, (*path, "indicators")):
        if counted[indicator.key] > 1:
            yield place, f"indicator «{indicator.key}» is given {counted[indicator.key]} times"


def _titles(profile: Profile, path: Path_, sheet: Sheet) -> Iterator[Problem]:
    setting = profile.settings.get(sheet.titles.setting) if sheet.titles else None
    if setting is None:
        return  # a setting that does not exist is said by the check of settings
    name = sheet.titles.setting
    if setting.type != "map" or not setting.local:
        yield (*path, "titles"), f"titles: setting «{name}» is to be local and of type map"
        return
    known = {indicator.key for _place, indicator in _walk(sheet.indicators, ())}
    for key in setting.value or {}:
        if key not in known:
            yield ("settings", name, "value"), f"the sheet has no indicator «{key}»"


def _computed(profile: Profile, path: Path_, indicator: Indicator, cases: set) -> Iterator[Problem]:
    name = indicator.code or indicator.key
    try:
        kind = fact_type(profile, indicator.fact)
    except Wrong as error:
        yield path, f"{name}: {error}"
        return
    scale = indicator.scale
    if kind not in NUMBER_TYPES and kind != "boolean":
        yield path, f"{name}: a mark is computed from a number or a boolean, «{indicator.fact}» is {kind}"
    elif kind == "boolean" and scale is not None:
        yield path, f"{name}: a boolean gives all points or none; leave the scale out"
    elif kind in NUMBER_TYPES and scale is None:
        yield path, f"{name}: how does a number become points? (scale: steps or per)"
    elif scale is not None and scale.steps and max(step.points for step in scale.steps) != indicator.points:
        highest = max(step.points for step in scale.steps)
        yield path, f"{name}: its scale gives at most {highest} points, the indicator says {indicator.points}"
    if isinstance(indicator.fact, str) and indicator.fact in facts.CATALOGUE:
        for case in sorted(cases):
            if case not in facts.CATALOGUE[indicator.fact].cases:
                yield path, f"{name}: fact «{indicator.fact}» cannot be read of a case of kind {case}"


CHECKS = (every_sheet, panels)
