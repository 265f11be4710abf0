"""Checks on the office that a regulation gives an organisation: its tasks can be marked, its records be entered."""

from __future__ import annotations

from collections.abc import Iterator

from regulations.checks.references import Problem
from regulations.schema import Profile


def office(profile: Profile, data: dict) -> Iterator[Problem]:
    """A task is marked by a record about the office's own organisation, whose code names every task of the list."""
    declared = profile.office
    if declared is None:
        return
    for key, kind in profile.records.items():
        if kind.subject != declared.unit:
            continue
        for author in kind.authors:
            if author.unit != declared.unit:
                yield (
                    ("records", key, "authors"),
                    f"record «{key}» stands on the office's page, which only members of the unit «{declared.unit}» see, "
                    f"not «{author.unit}»",
                )
    if declared.record is None:
        return
    own = profile.records.get(declared.record)
    if own is None:
        yield ("office", "record"), f"office: no record «{declared.record}» (known: {', '.join(profile.records)})"
        return
    if own.subject != declared.unit:
        yield ("office", "record"), f"office: record «{declared.record}» must be about the unit «{declared.unit}»"
    column = own.columns.get("code")
    codes = {code for field in own.fields if field.key == column for code in field.codes}
    for task in declared.tasks:
        if task.code not in codes:
            yield (
                ("office", "tasks"),
                f"office: the task «{task.code}» cannot be marked: record «{declared.record}» has no such option in its "
                f"column code (known: {', '.join(sorted(codes)) or 'none'})",
            )


CHECKS = (office,)
