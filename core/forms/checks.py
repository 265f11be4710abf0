"""Checking one field: what is stored for it, and what is wrong with it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.findings import Finding
from core.forms.fields import Field, FormSpec, Section
from core.forms.measured import Measured
from core.forms.picks import Picks
from core.forms.plain import MAX_LONGTEXT, MAX_TEXT, plain_text
from core.forms.written import Written


def required(field: Field, raw: dict) -> bool:
    """Whether the field must hold something, given the other answers of the form or row. A checklist's items are
    asked for one by one instead."""
    when = field.required_when
    if field.type == "checklist" or field.required or when is None:
        return field.required and field.type != "checklist"
    other = raw.get(when.field)
    held = {
        ("true" if item else "false") if isinstance(item, bool) else plain_text(item).strip()
        for item in (other if isinstance(other, list) else [other])
    }
    return bool(held & set(when.among))


class Check(Written, Measured, Picks):
    """One field of a form, or one cell of a table's row, being checked. `findings` collects what is wrong."""

    def __init__(
        self,
        spec: FormSpec,
        section: Section,
        field: Field,
        raw: dict,
        resolver: Any,
        draft: bool,
        table: Field | None = None,
        row: int = 0,
    ):
        self.spec, self.section, self.field = spec, section, field
        self.raw, self.resolver, self.draft = raw, resolver, draft
        self.table, self.row = table, row
        self.findings: list[Finding] = []

    def store(self, answers: dict) -> None:
        """Put the field's answer into `answers`, with the text behind the choice that asks for one."""
        value = self.value()
        if value is not None:
            answers[self.field.key] = value
        if not self.field.other:
            return
        other = plain_text(self.raw.get(f"{self.field.key}_other")).strip()
        if other:
            answers[f"{self.field.key}_other"] = other
        if self.field.other in (value if isinstance(value, list) else [value]):
            if not other:
                self.fault(_("%(f)s选择了“其他”，请写明具体内容。"), {"other": ""})
            self._capped(other, MAX_TEXT)
            self._printable(other)

    def value(self) -> Any:
        """The answer as it is stored; None for no answer."""
        answer = getattr(self, f"_{self.field.type}", self._text)(self.raw.get(self.field.key))
        if self.draft and not self.findings:
            for typed in _texts(answer):
                self._capped(typed, MAX_LONGTEXT)
        if not self.draft:
            self._printable("".join(_texts(answer)))
        if answer in (None, "", [], {}):
            if not any(finding.blocks for finding in self.findings) and required(self.field, self.raw):
                self._missing()
            return None
        return answer

    # --- findings ----------------------------------------------------------------------------------------------

    @property
    def label(self) -> str:
        label = str(self.field.label).rstrip("：: ")
        if self.table is not None:
            return _("“%(t)s”第%(n)s行“%(f)s”") % {"t": self.table.label, "n": self.row + 1, "f": label}
        return f"“{label}”"

    def fault(
        self,
        message: str,
        facts: dict,
        fix: str = "",
        *,
        clause: str = "",
        hard: bool = False,
        capped: bool = False,
        strength: str = "",
        **words,
    ) -> None:
        """Note a fault. `hard`: wrong in form, so that no override can let it pass; `capped`: too much to be kept, so
        that not even a draft is.
        """
        if self.draft and not capped:
            return
        owner = self.table or self.field
        place = self.field.key if self.table is None else f"{owner.key}-{self.row}-{self.field.key}"
        clause = clause or self.field.clause or owner.clause or self.section.clause or self.spec.clause
        self.findings.append(
            Finding(
                clause=clause,
                strength=strength or ("default" if self.field.strength == "default" and not hard else "hard"),
                message=message % {"f": self.label, **words},
                facts=facts,
                fix=fix,
                form=self.spec.key,
                section=self.section.key,
                field=place,
            )
        )

    def _missing(self) -> None:
        kind = self.field.type
        if kind in ("choice", "boolean", "organisation", "multichoice"):
            self.fault(_("%(f)s尚未选择。"), {"value": None}, _("请选择。"), hard=True)
        elif kind == "file":
            self.fault(_("%(f)s尚未上传。"), {"files": 0}, _("请上传。"), hard=True)
        elif kind == "table":
            self.fault(_("%(f)s尚未填写，至少填写1行。"), {"rows": 0, "least": 1}, hard=True)
        else:
            self.fault(_("%(f)s尚未填写。"), {"value": None}, _("请填写。"), hard=True)


def _texts(answer: Any) -> list[str]:
    """The texts of one answer that is no table: itself, picked codes, a period's ends."""
    parts = answer.values() if isinstance(answer, dict) else answer if isinstance(answer, list) else [answer]
    return [part for part in parts if isinstance(part, str)]
