"""Checking answers against a form: every fault at once, in plain Chinese, each with its clause and the facts seen.

Input is hostile: any JSON type may stand anywhere. Unknown keys are dropped; nothing raises on data. A draft keeps
what was typed, as text where it does not fit its type, so that nothing typed is lost.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Protocol

from core.findings import Finding
from core.forms.checks import Check
from core.forms.fields import FormSpec
from core.forms.plain import MAX_CODES, MAX_FILES, MAX_LONGTEXT, MAX_ROWS, MAX_TEXT

__all__ = ["MAX_CODES", "MAX_FILES", "MAX_LONGTEXT", "MAX_ROWS", "MAX_TEXT", "Resolver", "clean"]


class Resolver(Protocol):
    """What cleaning and drawing ask the house about codes and ids, for one case and one actor."""

    def organisation(self, pk: int):
        """The organisation if the actor may name it (with `.kind`, `.display_name`), else None."""

    def organisations(self, kinds: Collection[str]) -> Iterable[tuple[int, str]]:
        """What a list to choose from offers: (id, display name); every kind if none is named."""

    def documents(self, pks: Collection[int]) -> dict:
        """Those of the ids that are documents of this case: {id: core.models.Document}."""

    def catalogue(self, name: str) -> dict[str, str]:
        """An official code list: {code: name}; empty for an unknown one."""

    def offered_codes(self, name: str) -> dict[str, str]:
        """As much of that list as an input offers; every code of it may be typed."""


def clean(
    spec: FormSpec,
    raw: Any,
    *,
    section_keys: Collection[str] | None = None,
    draft: bool = False,
    resolver: Resolver | None = None,
) -> tuple[dict, list[Finding]]:
    """Answers as stored, and everything that is wrong with them.

    `section_keys` limits the check to some sections; `draft` keeps what was typed and finds nothing; `resolver`
    knows organisations, documents and catalogues (without it those are checked in form only).
    """
    raw = raw if isinstance(raw, dict) else {}
    answers: dict[str, Any] = {}
    findings: list[Finding] = []
    sections = [section for section in spec.sections if section_keys is None or section.key in section_keys]
    for section in sections:
        for field in section.fields:
            if field.type in ("note", "signature"):
                continue
            check = Check(spec, section, field, raw, resolver, draft)
            check.store(answers)
            findings += check.findings
    return answers, findings
