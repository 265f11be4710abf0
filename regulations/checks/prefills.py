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


CHECKS = (application,)
