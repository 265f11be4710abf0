"""How far a form is filled in, section by section."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from core.findings import Finding
from core.forms.checks import required
from core.forms.clean import clean
from core.forms.fields import Field, FormSpec


@dataclass(frozen=True)
class SectionProgress:
    """A section: how many fields must hold something, how many of them do, and what is wrong in it."""

    key: str
    title: str
    filled: int
    needed: int
    findings: list[Finding] = dataclasses.field(default_factory=list)

    @property
    def complete(self) -> bool:
        return not self.findings


def completeness(spec: FormSpec, answers: dict, resolver=None) -> list[SectionProgress]:
    """Progress of every section. A conditional field counts once its condition holds."""
    _cleaned, findings = clean(spec, answers, resolver=resolver)
    progress = []
    for section in spec.sections:
        wanted = [field for field in section.fields if is_needed(field, answers)]
        filled = [field for field in wanted if is_filled(field, answers.get(field.key))]
        mine = [finding for finding in findings if finding.section == section.key]
        progress.append(SectionProgress(section.key, str(section.title), len(filled), len(wanted), mine))
    return progress


def is_needed(field: Field, answers: dict) -> bool:
    """Whether the field counts as one that must be filled in, given the other answers."""
    if field.type in ("note", "signature"):
        return False
    return field.needed or required(field, answers)


def is_filled(field: Field, value: Any) -> bool:
    """Whether an answer holds something; a checklist does once every item is ticked, a period with both ends."""
    if field.type == "checklist":
        value = value if isinstance(value, dict) else {}
        ticked = [code for code in field.codes if isinstance(value.get(code), dict) and value[code].get("checked")]
        return len(ticked) == len(field.items)
    if field.type == "period":
        return isinstance(value, dict) and bool(value.get("from") and value.get("to"))
    return value not in (None, "", [], {})
