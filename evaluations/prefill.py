"""What the portal knows already of what a self-report asks for."""

from __future__ import annotations

from typing import Any

from regulations.prefill import prefilled


def known(evaluation) -> dict[str, Any]:
    """The report's fields that the profile fills in beforehand."""
    return prefilled(evaluation.profile, evaluation.recognition, evaluation.declaration.report.prefill)


def editable_sections(evaluation, form_key: str, actor) -> set[str]:
    """The whole report for whoever hands it in; sections that name others for those, while it is a draft."""
    if evaluation.state != "draft" or form_key not in evaluation.form_keys():
        return set()
    if not actor.may("evaluations.fill_in", evaluation):
        return set()
    unit, role = evaluation.reporter
    reports = actor.organisation_id == unit and actor.acts_as({role})
    mine = {actor.role, f"{actor.organisation.column}.{actor.role}"}
    return {
        section.key
        for section in evaluation.form_spec(form_key).sections
        if reports or mine & set(section.filled_by or ())
    }
