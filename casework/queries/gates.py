"""What the rules of a gate say of many cases at once: a list, a round, a dry run over everything of one year."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from django.db.models import prefetch_related_objects

from casework.models.routed import RoutedCase
from core.findings import Finding
from regulations.rules import check_many


def findings_at(gate: str, cases: Sequence[RoutedCase], on: dt.date) -> dict[int, list[Finding]]:
    """The findings of a gate by pk of cases of one kind, exceptions considered, each under the version that it pins.

    The number of queries follows from the gate's rules and from how many versions the cases pin, not from how many
    cases there are.
    """
    prefetch_related_objects(list(cases), "regulation_version__regulation")
    by_version: dict[int, list[RoutedCase]] = defaultdict(list)
    for case in cases:
        by_version[case.regulation_version_id].append(case)
    findings: dict[int, list[Finding]] = {}
    for group in by_version.values():
        version = group[0].regulation_version
        overrides = type(group[0]).overrides_of(group, version)
        findings |= check_many(version.profile, gate, group, on, overrides=overrides)
    return findings
