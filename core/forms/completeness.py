"""How far a form is filled in, section by section."""

from __future__ import annotations

from dataclasses import dataclass, field
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
    findings: list[Finding] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        return not self.findings


def completeness(spec: FormSpec, answers: dict, resolver=None) -> list[SectionProgress]:
    """Progress of every section. A conditional field counts once its condition holds."""
    _cleaned, findings = clean(spec, answers, resolver=resolver)
    found = []
    for section in spec.sections:
        wanted = [one for one in section.fields if is_needed(one, answers)]
        filled = [one for one in wanted if is_filled(one, answers.get(one.key))]
        mine = [finding for finding in findings if finding.section == section.key]
        found.append(SectionProgress(section.key, str(section.title), len(filled), len(wanted), mine))
    return found


def is_needed(one: Field, answers: dict) -> bool:
    """Whether the field counts as one that must be filled in, given the other answers."""
    if one.type in ("note", "signature"):
        return False
    return one.needed or required(one, answers)


def is_filled(one: Field, value: Any) -> bool:
    """Whether an answer holds something; a checklist does once every item is ticked, a period with both ends."""
    if one.type == "checklist":
        value = value if isinstance(value, dict) else {}
        ticked = [code for code in one.codes if isinstance(value.get(code), dict) and value[code].get("checked")]
        return len(ticked) == len(one.items)
    if one.type == "period":
        return isinstance(value, dict) and bool(value.get("from") and value.get("to"))
    return value not in (None, "", [], {})
