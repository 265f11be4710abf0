"""How far a form is filled in, section by section."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.findings import Finding
from core.forms.clean import clean
from core.forms.spec import FormSpec


@dataclass(frozen=True)
class SectionProgress:
    """A section: required fields, those that hold something, and what is wrong in it."""

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
        needed = [one for one in section.fields if one.required or one.min_rows]
        filled = [one for one in needed if answers.get(one.key) not in (None, "", [], {})]
        mine = [finding for finding in findings if finding.section == section.key]
        found.append(SectionProgress(section.key, str(section.title), len(filled), len(needed), mine))
    return found
