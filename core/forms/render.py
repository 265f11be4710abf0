"""A form drawn for its reader: core.forms.views objects for templates/core/forms/form.html."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.utils.translation import gettext as _

from core.findings import Finding
from core.forms import reading
from core.forms.clean import Resolver
from core.forms.completeness import SectionProgress, completeness, is_needed
from core.forms.fields import Field, FormSpec, Section
from core.forms.plain import MAX_ROWS
from core.forms.views import Choice, FieldView, FileRow, FormView, SectionView
from core.language import listed
from core.uploads import MAX_BYTES

# Tables start with as many empty rows as they must have, but not more than a screen of them.
EMPTY_ROWS = 5


def rendered(
    spec: FormSpec,
    answers: dict,
    *,
    findings: Iterable[Finding] = (),
    editable: Collection[str] | None = None,
    resolver: Resolver | None = None,
    progress: Iterable[SectionProgress] | None = None,
    upload_url: str = "",
    extra_rows: dict[str, int] | None = None,
    who: dict[str, str] | None = None,
    autosave_url: str = "",
    revision: int | None = None,
    cite: Callable[[str], Any] = str,
) -> FormView:
    """The form with its answers and what is wrong with them.

    `editable`: keys of the sections that may be filled in, None = all; the others are shown to read. `progress`:
    None counts it here. `extra_rows`: {table: further empty rows}. `who`: {section: who fills it in}. `cite` turns
    a clause ID into what is printed (a text, or a core.pages.Clause with its address). With `autosave_url` the
    script saves by itself over `revision` and keeps unsent text in the browser; with `upload_url` it sends files at
    once, without it they come with the form as `upload-<key>`.
    """
    findings = list(findings)
    draw = _Draw(answers, findings, resolver, upload_url, extra_rows or {}, cite)
    if progress is None:
        progress = completeness(spec, answers, resolver) if len(spec.sections) > 1 else ()
    states = {state.key: state for state in progress}
    parts = {part.key: part for part in reading.reading(spec, answers, resolver)}
    sections = []
    for section in spec.sections:
        open_ = editable is None or section.key in editable
        sections.append(
            SectionView(
                key=section.key,
                title=str(section.title),
                help=str(section.help),
                clause=cite(section.clause) if section.clause else "",
                editable=open_,
                fields=[draw.field(field, section, spec) for field in section.fields] if open_ else [],
                lines=parts[section.key],
                progress=states.get(section.key),
                who=(who or {}).get(section.key, ""),
            )
        )
    return FormView(
        key=spec.key,
        title=str(spec.title),
        sections=sections,
        help=str(spec.help),
        findings=findings,
        upload_url=upload_url,
        autosave_url=autosave_url,
        revision=revision,
        max_bytes=MAX_BYTES,
        catalogues=draw.catalogues,
    )


class _Draw:
    """What every field of one form is drawn with."""

    def __init__(self, answers, findings, resolver, upload_url, extra_rows, cite):
        self.answers, self.resolver, self.upload_url = answers, resolver, upload_url
        self.extra_rows, self.cite = extra_rows, cite
        self.catalogues: dict[str, dict[str, str]] = {}
        self.errors: dict[str, list[Finding]] = {}
        for finding in findings:
            if finding.field:
                self.errors.setdefault(finding.field, []).append(finding)

    def field(self, field: Field, section: Section, spec: FormSpec) -> FieldView:
        view = self._view(field, field.key, self.answers.get(field.key), self.answers)
        view.clause = self.cite(field.clause) if field.clause else ""
        if section.clause and str(view.clause) == str(self.cite(section.clause)):
            view.clause = ""  # the section's head says it already
        view.needed = is_needed(field, self.answers)
        if field.required_when:
            view.when = _when(field, spec)
        return view

    def _view(self, field: Field, key: str, value: Any, answers: dict, row: bool = False) -> FieldView:
        view = FieldView(
            spec=field,
            name=f"f-{key}",
            value="" if value is None else value,
            errors=self.errors.get(key, []),
            upload_url=self.upload_url,
            in_table=row,
            needed=field.required,
        )
        fill = getattr(self, f"_{field.type}", None)
        if fill is not None:
            fill(view, value)
        if field.other:
            view.other_value = str(answers.get(f"{field.key}_other") or "")
        return view

    def _choice(self, view: FieldView, value: Any) -> None:
        chosen = [str(item) for item in value] if isinstance(value, list) else [str(value or "")]
        view.choices = [Choice(o.code, str(o.label), o.code in chosen, help=str(o.help)) for o in view.spec.options]
        known = set(view.spec.codes)
        view.choices += [Choice(code, code, True) for code in chosen if code and code not in known]

    _multichoice = _choice

    def _boolean(self, view: FieldView, value: Any) -> None:
        view.choices = [Choice("true", _("是"), value is True), Choice("false", _("否"), value is False)]
        if not view.in_table and not view.spec.required:
            view.choices.append(Choice("", _("不填"), value is None))

    def _checklist(self, view: FieldView, value: Any) -> None:
        given = (
            {code: tick for code, tick in value.items() if isinstance(tick, dict)} if isinstance(value, dict) else {}
        )
        for item in view.spec.items:
            tick = given.get(item.code, {})
            clause = self.cite(item.clause) if item.clause and item.clause != view.spec.clause else ""
            view.choices.append(
                Choice(
                    item.code,
                    str(item.label),
                    tick.get("checked") is True,
                    str(tick.get("remark") or ""),
                    clause,
                    str(item.help),
                )
            )

    def _organisation(self, view: FieldView, value: Any) -> None:
        if self.resolver is None:
            return
        offered = [(str(pk), label) for pk, label in self.resolver.organisations(view.spec.kinds)]
        if value and str(value) not in {pk for pk, _label in offered} and isinstance(value, int):
            organisation = self.resolver.organisation(value)
            offered += [(str(value), organisation.display_name)] if organisation is not None else []
        view.choices = [Choice(pk, label, pk == str(value)) for pk, label in offered]

    def _catalogue(self, view: FieldView, value: Any) -> None:
        if self.resolver is not None and view.spec.catalogue not in self.catalogues:
            self.catalogues[view.spec.catalogue] = self.resolver.offered_codes(view.spec.catalogue)

    def _file(self, view: FieldView, value: Any) -> None:
        ids = [pk for pk in value if isinstance(pk, int)] if isinstance(value, list) else []
        known = self.resolver.documents(ids) if self.resolver is not None and ids else {}
        for pk in ids:
            if pk in known:
                view.files.append(FileRow(pk, known[pk].name, f"/documents/{known[pk].uid}/", known[pk].size))

    def _table(self, view: FieldView, value: Any) -> None:
        rows = [line for line in value if isinstance(line, dict)] if isinstance(value, list) else []
        least = view.spec.min_rows or (1 if view.spec.required else 0)
        wanted = max(len(rows) + self.extra_rows.get(view.spec.key, 0), min(least, EMPTY_ROWS))
        most = max(len(rows), min(view.spec.max_rows or MAX_ROWS, MAX_ROWS))  # too many rows are shown, not dropped
        rows = (rows + [{}] * (wanted - len(rows)))[:most]
        for n, line in enumerate(rows):
            view.rows.append(
                [
                    self._view(column, f"{view.spec.key}-{n}-{column.key}", line.get(column.key), line, True)
                    for column in view.spec.columns
                ]
            )
        view.blank = [
            self._view(column, f"{view.spec.key}-__row__-{column.key}", None, {}, True) for column in view.spec.columns
        ]


def _when(field: Field, spec: FormSpec) -> str:
    """“合作单位类型”为“其他”时必填."""
    asked = spec.field(field.required_when.field)
    labels = {option.code: str(option.label) for option in asked.options} | {
        "true": _("是"),
        "false": _("否"),
    }
    among = listed(labels.get(code, code) for code in field.required_when.among)
    return _("“%(f)s”为“%(c)s”时必填") % {"f": asked.label, "c": among}
