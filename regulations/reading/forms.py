"""Forms and papers on the reading page: every field with its limits and its article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.forms.fields import Field, FormSpec
from core.language import beside, listed, said
from regulations import wording
from regulations.reading import labels
from regulations.reading.parts import Row, Writer


@dataclass(frozen=True)
class Group:
    """Rows under a heading: the conditions of one gate, the fields of one section."""

    title: str
    rows: list[Row]


@dataclass(frozen=True)
class FormTable:
    """One form: its sections as groups of field rows."""

    key: str
    title: str
    sections: list[Group]


def form(writer: Writer, spec: FormSpec) -> FormTable:
    """One form."""
    sections = [
        Group(str(section.title), [_field(writer, item) for item in section.fields]) for section in spec.sections
    ]
    return FormTable(spec.key, str(spec.title), sections)


def _field(writer: Writer, item: Field) -> Row:
    limits = [str(labels.FIELD_TYPES[item.type])]
    if item.required:
        limits.append(_("必填"))
    for name, text in (
        ("min_chars", _("不少于%(n)s字")),
        ("max_chars", _("不超过%(n)s字")),
        ("min", _("不小于%(n)s")),
        ("max", _("不大于%(n)s")),
        ("min_rows", _("不少于%(n)s行")),
        ("min_files", _("不少于%(n)s份")),
        ("max_files", _("不超过%(n)s份")),
    ):
        if getattr(item, name) is not None:
            limits.append(beside(text % {"n": getattr(item, name)}, str(item.unit) if name in ("min", "max") else ""))
    return Row(
        label=str(item.label),
        values=[listed(limits, "，")],
        articles=writer.articles([clause for clause in (item.clause, *item.also) if clause]),
        strength=item.strength,
        local=item.local,
        note=str(item.help),
        points=[str(point.label) for point in item.items],
        parts=[_field(writer, column) for column in item.columns],
    )


def paper(writer: Writer, kind: Any) -> Row:
    """One paper: sheet, font, seal, copies, whether a scan comes back."""
    values = [said(_("纸张"), kind.sheet.replace("_booklet", _("中缝装订")))]
    if kind.font:
        values.append(said(_("字体"), kind.font))
    if kind.scan != "none":
        values.append(str(labels.SCANS[kind.scan]))
    if kind.seal:
        values.append(said(_("盖章"), wording.words(kind.seal)))
    if kind.copies:
        values.append(_("一式%(n)s份") % {"n": kind.copies})
    if kind.keeper:
        values.append(said(_("原件存放"), wording.words(kind.keeper)))
    return Row(wording.words(kind.title), values, writer.articles(kind), local=kind.local)
