"""Forms and papers on the reading page: every field with its limits and its article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

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


def form(writer: Writer, key: str, raw: dict) -> FormTable:
    """One form from its raw specification."""
    sections = []
    for section in raw.get("sections") or []:
        rows = [_field(writer, item) for item in section.get("fields") or []]
        sections.append(Group(wording.raw(section.get("title")), rows))
    return FormTable(key, wording.raw(raw.get("title")) or key, sections)


def _field(writer: Writer, item: dict) -> Row:
    limits = [str(labels.FIELD_TYPES.get(item.get("type"), item.get("type")))]
    if item.get("required"):
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
        if item.get(name) is not None:
            limits.append(
                beside(text % {"n": item[name]}, wording.raw(item.get("unit")) if name in ("min", "max") else "")
            )
    clauses = [item[name] for name in ("clause", "source") if item.get(name)] + list(item.get("also") or [])
    return Row(
        label=wording.raw(item.get("label")) or wording.raw(item.get("text")),
        values=[listed(limits, "，")],
        articles=writer.articles(clauses),
        strength=item.get("strength", "hard"),
        local=bool(item.get("local")),
        note=wording.raw(item.get("help")),
        points=[wording.raw(one.get("label")) for one in item.get("items") or []],
        parts=[_field(writer, column) for column in item.get("columns") or []],
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
