"""Checks on training away from home: the form has the fields that it is read from."""

from __future__ import annotations

from collections.abc import Iterator

from regulations import catalogues
from regulations.checks.references import Problem
from regulations.schema import Profile


def offsite(profile: Profile, data: dict) -> Iterator[Problem]:
    """Form, place and columns are there, of the types that the facts read; a setting names what is home."""
    own = profile.offsite
    if own is None:
        return
    if own.home not in profile.settings:
        yield ("offsite", "home"), f"offsite: no setting «{own.home}»"
    spec = profile.forms.get(own.form)
    if spec is None:
        yield ("offsite", "form"), f"offsite: no form «{own.form}»"
        return
    place = spec.field(own.place)
    if place is None or place.catalogue != catalogues.PLACES:
        yield ("offsite", "place"), f"offsite: «{own.place}» is no field of form «{own.form}» with the list of places"
    if own.stages is None:
        return
    table, wanted = own.stages.table, {"stage": "choice", "place": "catalogue", "period": "period", "main": "boolean"}
    for part, kind in wanted.items():
        key = getattr(own.stages, part)
        column = spec.field(f"{table}.{key}") if key is not None else None
        if key is not None and (column is None or column.type != kind):
            yield ("offsite", "stages", part), f"offsite: table «{table}» has no column «{key}» of type {kind}"
    stage = spec.field(f"{table}.{own.stages.stage}")
    for code in own.stages.exempt:
        if stage is None or code not in stage.codes:
            yield ("offsite", "stages", "exempt"), f"offsite: no stage «{code}»"
    yield from _supervision(profile, stage)


def _supervision(profile: Profile, stage) -> Iterator[Problem]:
    own = profile.offsite.stages.supervision
    if own is None:
        return
    kind = profile.records.get(own.record)
    code = next((field for field in kind.fields if field.key == kind.columns.get("code")), None) if kind else None
    if code is None or stage is None or not set(stage.codes) >= set(code.codes):
        place = ("offsite", "stages", "supervision")
        yield place, f"offsite: record «{own.record}» has no column code that names the stages"


CHECKS = (offsite,)
