"""The sheets of a backfill: the one to fill in, and the one that comes back with its faults marked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from bases.existing import columns
from bases.existing.columns import CHECKED, Asked
from bases.models import Backfill, BackfillRow
from core.spreadsheets import SheetColumn, Table, catalogue, write_book
from regulations import wording

LISTS = ("university", "college", "category", "partner_kind")
FAULT, REMARK = "✗", "△"
AT_ONCE = 500


def template(backfill: Backfill) -> bytes:
    """The sheet to fill in: its columns with lists to choose from, what each is about, and the catalogue."""
    asked = columns.of_sheet(backfill)
    return write_book(_("存量基地补录"), _book(backfill, asked, [], lines=_lines(backfill)))


def marked(backfill: Backfill) -> bytes:
    """The sheet as it was sent in, each row with what is wrong with it and the places on red; and all of it as a list."""
    asked = columns.of_sheet(backfill)
    titles = {row.key: row.title for row in asked}
    lines = [_("红色单元格有错误或需核对；改好后可直接上传本表，“检查结果”一列不读取。")]
    main, *others = _book(backfill, asked, _rows(backfill, asked), lines=lines, remarks=True)
    faults = Table(
        _("错误清单"),
        [
            SheetColumn("row", _("原表行号"), "integer"),
            SheetColumn("column", _("列")),
            SheetColumn("kind", _("性质"), width=8),
            SheetColumn("message", _("问题"), width=70),
            SheetColumn("value", _("所填内容"), width=30),
        ],
        _faults(backfill, titles),
        number="",
    )
    return write_book(_("存量基地补录"), [main, faults, *others])


def _lines(backfill: Backfill) -> list[str]:
    words = {"o": backfill.owner.display_name, "r": wording.words(backfill.profile.head.title)}
    return [
        _("补录单位：%(o)s　适用办法：《%(r)s》") % words,
        _("每行一个在建基地；带*的列必填，各列说明见“填写说明”，可选内容见“目录”。全部检查无误后一次导入。"),
    ]


def _book(backfill: Backfill, asked: list[Asked], rows: Any, *, lines: list[str], remarks: bool = False) -> list[Table]:
    offered = {row.key: row.offered for row in asked if row.key in LISTS and row.offered}
    titles = {row.key: row.title for row in asked}
    lists, ranges = catalogue(_("目录"), offered, titles)
    shown = [
        SheetColumn(row.key, row.title, row.kind, required=row.required, choices=dict.fromkeys(row.offered, ""))
        for row in asked
    ]
    if remarks:
        shown.insert(0, SheetColumn(CHECKED, _("检查结果"), width=46))
    main = Table(
        _("存量基地补录"),
        shown,
        rows,
        lines=lines,
        ranges=ranges,
        marked=(lambda row, key: key in row["_marked"]) if remarks else None,
    )
    notes = Table(
        _("填写说明"),
        [
            SheetColumn("title", _("列")),
            SheetColumn("needed", _("必填"), width=8),
            SheetColumn("kind", _("填法"), width=12),
            SheetColumn("note", _("说明"), width=70),
        ],
        [
            {
                "title": row.title,
                "needed": _("必填") if row.required else "",
                "kind": _kind(row),
                "note": "" if row.note == columns.DAY else row.note,
            }
            for row in asked
        ],
        number="",
    )
    return [main, notes, lists]


def _kind(row: Asked) -> str:
    if row.offered:
        return _("选填列表")
    return {"date": _("日期 %(d)s") % {"d": columns.DAY}, "integer": _("整数")}.get(row.kind, _("文字"))


def _rows(backfill: Backfill, asked: list[Asked]) -> Iterator[dict[str, Any]]:
    """The rows as the sheet shows them: words for codes, and what is wrong."""
    words = {row.key: {code: title for title, code in reversed(row.choices.items())} for row in asked if row.choices}
    titles = {row.key: row.title for row in asked}
    for row in BackfillRow.objects.filter(backfill=backfill).order_by("number").iterator(chunk_size=AT_ONCE):
        cells = dict(row.values)
        for grade in cells.pop("grades", []):
            cells |= {f"{name}_{grade['at']}": grade[name] for name in grade.keys() - {"at"}}
        shown = {key: words.get(key, {}).get(str(value), value) for key, value in cells.items()}
        for key, _message, value, _blocking, _clause in row.problems:
            shown.setdefault(key, value)  # what could not be read stands there as it was written
        shown[CHECKED] = "\n".join(
            f"{FAULT if blocking else REMARK} {titles.get(key, '')} {message}".replace("  ", " ")
            for key, message, _value, blocking, _clause in row.problems
        )
        yield {**shown, "_marked": {problem[0] for problem in row.problems}}


def _faults(backfill: Backfill, titles: dict[str, str]) -> Iterator[dict[str, Any]]:
    kinds = {True: _("错误"), False: _("提示")}
    for key, message, value, blocking, _clause in backfill.file_problems:
        yield {"column": titles.get(key, ""), "message": message, "value": value, "kind": kinds[bool(blocking)]}
    rows = BackfillRow.objects.filter(backfill=backfill).exclude(problems=[]).order_by("number")
    for row in rows.iterator(chunk_size=AT_ONCE):
        for key, message, value, blocking, _clause in row.problems:
            yield {
                "row": row.number,
                "column": titles.get(key, ""),
                "message": message,
                "value": value,
                "kind": kinds[bool(blocking)],
            }
