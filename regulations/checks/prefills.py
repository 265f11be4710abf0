"""Checks on what a form starts with: the fields are the form's, the facts those of its case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from regulations import facts, gates
from regulations.checks.references import Path_, Problem
from regulations.schema import Profile
from regulations.schema.base import Prefill


def prefills(profile: Profile, path: Path_, form_key: str, entries: Iterable[Prefill], kind: str) -> Iterator[Problem]:
    """What is filled in beforehand are fields of the form and facts of a case of this kind."""
    form = profile.forms.get(form_key)
    for at, entry in enumerate(entries):
        place = (*path, "prefill", at)
        if form is not None and form.field(entry.field) is None:
            yield place, f"form «{form_key}» has no field «{entry.field}»"
        if form is not None and entry.evidence and getattr(form.field(entry.evidence), "type", "") != "file":
            yield place, f"form «{form_key}» has no file field «{entry.evidence}»"
        known = facts.CATALOGUE.get(entry.fact)
        if known is None or kind not in known.cases:
            yield place, f"no fact «{entry.fact}» of a case of kind {kind}"


def application(profile: Profile, data: dict) -> Iterator[Problem]:
    """What an application starts with has a form to stand in."""
    apply = profile.apply
    if apply is None or not apply.prefill:
        return
    if apply.form is None:
        yield ("apply", "prefill"), "there is no form (apply.form) to fill in beforehand"
        return
    yield from prefills(
        profile, ("apply",), apply.form.value, apply.prefill, next(iter(gates.cases_at(profile, "application.submit")))
    )


def placement(profile: Profile, data: dict) -> Iterator[Problem]:
    """What the forms of a stay start with; and the field that says from when until when is one of theirs."""
    declared = profile.placement
    if declared is None:
        return
    asked = [*declared.forms, *filter(None, [declared.completion])]
    for form, entries in declared.prefill.items():
        if form not in asked:
            yield (
                ("placement", "prefill", form),
                f"form «{form}» is not asked for (placement.forms, placement.completion)",
            )
        kind = next(iter(gates.cases_at(profile, "placement.apply")))
        yield from prefills(profile, ("placement", form), form, entries, kind)
    for at, form in enumerate(declared.private):
        if form not in asked:
            yield (
                ("placement", "private", at),
                f"form «{form}» is not asked for (placement.forms, placement.completion)",
            )
    if declared.period is not None:
        fields = [profile.forms[form].field(declared.period) for form in declared.forms if form in profile.forms]
        field = next(filter(None, fields), None)
        if field is None or not (field.type == "period" or any(column.type == "period" for column in field.columns)):
            yield ("placement", "period"), f"no form of the stay has a period «{declared.period}»"


CHECKS = (application, placement)
