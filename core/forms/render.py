"""A form drawn for its reader: plain objects that templates/core/forms/form.html shows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from core.findings import Finding
from core.forms import reading
from core.forms.completeness import SectionProgress
from core.forms.count import char_count
from core.forms.spec import Field, FormSpec

INPUT_TYPES = {"date": "date", "month": "month", "email": "email", "phone": "tel"}
# Tables start with as many empty rows as they must have, but not more than a screen of them.
EMPTY_ROWS = 5


@dataclass(frozen=True)
class Choice:
    """One option, item or suggestion; `remark` belongs to a checklist's item."""

    code: str
    label: str
    chosen: bool = False
    remark: str = ""
    clause: str = ""


@dataclass(frozen=True)
class FileRow:
    """A file that stands in a field."""

    pk: int
    name: str
    url: str
    size: int


@dataclass
class FieldView:
    """One field as the template needs it. `name` is its name in the HTML form."""

    spec: Field
    name: str
    value: Any = ""
    errors: list[Finding] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    rows: list[list[FieldView]] = field(default_factory=list)
    blank: list[FieldView] = field(default_factory=list)
    files: list[FileRow] = field(default_factory=list)
    upload_url: str = ""
    other_value: str = ""
    in_table: bool = False

    @property
    def type(self) -> str:
        return self.spec.type

    @property
    def label(self) -> str:
        return f"{self.spec.label}（{self.spec.unit}）" if self.spec.unit else str(self.spec.label)

    @property
    def input_type(self) -> str:
        return INPUT_TYPES.get(self.spec.type, "text")

    @property
    def input_mode(self) -> str:
        return {"integer": "numeric", "decimal": "decimal", "money": "decimal"}.get(self.spec.type, "")

    @property
    def count(self) -> int:
        return char_count(self.value) if isinstance(self.value, str) else 0

    @property
    def limits(self) -> str:
        least, most = self.spec.min_chars, self.spec.max_chars
        parts = [f"不少于{least}字" if least else "", f"不超过{most}字" if most else ""]
        return "，".join(part for part in parts if part)

    @property
    def accept(self) -> str:
        kinds = self.spec.accept or ("pdf", "jpg", "png", "docx", "xlsx")
        return ",".join(f".{kind}" for kind in kinds) + (",.jpeg" if "jpg" in kinds else "")

    @property
    def describedby(self) -> str:
        ids = []
        if self.spec.help:
            ids.append(f"{self.name}-help")
        if self.errors:
            ids.append(f"{self.name}-error")
        return " ".join(ids)

    @property
    def first_line(self) -> str:
        return self.value.get("from", "") if isinstance(self.value, dict) else ""

    @property
    def last_line(self) -> str:
        return self.value.get("to", "") if isinstance(self.value, dict) else ""

    @property
    def wide(self) -> bool:
        return self.spec.type in ("longtext", "table", "checklist", "file", "multichoice", "note")


@dataclass
class SectionView:
    """One section: its fields to fill in, or how it reads for those who may not."""

    key: str
    title: str
    help: str
    clause: str
    editable: bool
    fields: list[FieldView]
    lines: Any = None
    progress: SectionProgress | None = None
    who: str = ""


@dataclass
class FormView:
    """The form as a whole."""

    key: str
    title: str
    sections: list[SectionView]
    upload_url: str = ""
    findings: list[Finding] = field(default_factory=list)

    @property
    def single(self) -> bool:
        return len(self.sections) == 1


def rendered(
    spec: FormSpec,
    answers: dict,
    *,
    findings: Iterable[Finding] = (),
    editable: Collection[str] | None = None,
    resolver=None,
    progress: Iterable[SectionProgress] = (),
    upload_url: str = "",
    extra_rows: dict[str, int] | None = None,
    who: dict[str, str] | None = None,
) -> FormView:
    """The form with its answers and what is wrong with them. `editable` None = every section may be filled in;
    `extra_rows` asks for further empty rows of a table; `who` names who fills in a section the reader may not."""
    by_field: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.field:
            by_field.setdefault(finding.field, []).append(finding)
    states = {one.key: one for one in progress}
    parts = {part.key: part for part in reading.reading(spec, answers, resolver)}
    sections = []
    for section in spec.sections:
        open_ = editable is None or section.key in editable
        views = [
            _view(one, f"f-{one.key}", answers.get(one.key), answers, by_field, resolver, upload_url, extra_rows or {})
            for one in section.fields
        ] if open_ else []  # fmt: skip
        sections.append(
            SectionView(
                section.key, str(section.title), str(section.help), section.clause, open_, views, parts[section.key],
                states.get(section.key), (who or {}).get(section.key, ""),
            )
        )  # fmt: skip
    return FormView(spec.key, str(spec.title), sections, upload_url, list(findings))


def _view(one: Field, name: str, value, answers, errors, resolver, upload_url, extra, row: bool = False) -> FieldView:
    view = FieldView(one, name, "" if value is None else value, errors.get(name[2:], []), upload_url=upload_url, in_table=row)
    if one.type == "boolean":
        view.value = value is True
    if one.type in ("choice", "multichoice"):
        chosen = value if isinstance(value, list) else [value]
        view.choices = [Choice(o.code, str(o.label), o.code in chosen, clause=o.clause) for o in one.options]
        view.other_value = str(answers.get(f"{one.key}_other") or "")
    elif one.type == "checklist":
        given = value if isinstance(value, dict) else {}
        view.choices = [
            Choice(i.code, str(i.label), bool((given.get(i.code) or {}).get("checked")),
                   str((given.get(i.code) or {}).get("remark") or ""), i.clause)
            for i in one.items
        ]  # fmt: skip
    elif one.type == "organisation" and resolver is not None:
        view.choices = [Choice(str(pk), label, str(pk) == str(value)) for pk, label in resolver.organisations(one.kinds)]
    elif one.type == "catalogue" and resolver is not None:
        view.choices = [Choice(code, label, code == value) for code, label in resolver.catalogue(one.catalogue).items()]
    elif one.type == "file" and resolver is not None:
        ids = [pk for pk in value if isinstance(pk, int)] if isinstance(value, list) else []
        known = resolver.documents(ids) if ids else {}
        view.files = [FileRow(pk, known[pk].name, f"/documents/{known[pk].uid}/", known[pk].size) for pk in ids if pk in known]
    elif one.type == "table":
        rows = [line for line in value if isinstance(line, dict)] if isinstance(value, list) else []
        wanted = max(len(rows) + extra.get(one.key, 0), min(one.min_rows or 1, EMPTY_ROWS))
        rows = rows + [{}] * (wanted - len(rows))
        view.rows = [
            [_view(column, f"{name}-{n}-{column.key}", line.get(column.key), line, errors, resolver, "", {}, True)
             for column in one.columns]
            for n, line in enumerate(rows)
        ]  # fmt: skip
        view.blank = [
            _view(column, f"{name}-__row__-{column.key}", None, {}, {}, resolver, "", {}, True) for column in one.columns
        ]
    return view
