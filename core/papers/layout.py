"""The layout of an official paper, as data. It stands in a form's `paper:` or in a profile's `papers.<key>.layout`.

A complete example; every element there is appears once (tests/papers parses this very text). Bindings (`value`,
`choice`, `month`, ...) are field keys of the form. `{key}` in running text inserts an answer. A text is a string or
`{zh: ..., en: ...}`; papers print zh. Unknown keys are refused. Heights in mm, sizes in pt, widths relative.

```yaml
title: 研究生联合培养基地申报书       # name of the paper; a form's own title if left out
sheet: A3_booklet                   # A4 (default) | A3_booklet: the same A4 pages imposed for centre-fold binding
landscape: false                    # A4 lying (summary tables)
font: song                          # song (default) | fangsong | kai | hei
size: 12                            # 小四 = 12 pt (default)
margins: [25, 22, 24, 22]           # mm: top, right, bottom, left
elements:
  - cover:                          # a page of its own
      annex: 附件1
      title: 西昌学院研究生联合培养基地申报书
      number: 编号                  # prints 编号：<number of the case> at the top right
      lines:
        - {label: 基地名称, value: base_name}
        - {label: 申报单位, value: applicant, hint: （填写校内培养单位名称）}
        - {label: 申报日期, value: applied_on}
      imprint: 西昌学院制
      month: applied_on             # 二〇二六年九月; blank form: 二〇二　年　月
  - notes: {title: 填表说明, new_page: true, numbering: chinese, items: [第一条说明。, 第二条说明。]}
  - part: {title: I 建立基地的必要性和可行性论证分析, note: （不少于500字）, new_page: true}
  - box: {value: necessity, min_height: 200, note: 可加附页}          # long text; runs on over more pages
  - box:                            # several answers in one frame, with a place to sign
      title: 合作单位的情况简介
      lines: [{label: （一）合作意愿, value: cond_1}, {label: （二）代表性, value: cond_2}]
      sign: {label: 填报人签字：, seal: "", date: true}
  - part: {title: II 申报单位基本情况}
  - grid:
      columns: [2, 3, 2, 2, 2]
      rows:                         # a row is a list of cells; a plain string is a label cell
        - [{text: 参与基地建设的学科、专业情况, rowspan: 2}, 专业学位类别名称, 代码, 校内导师人数, 近3年招生人数]
        - {each: disciplines, min: 3, cells: [{value: name}, {value: code}, {value: mentors}, {value: enrol_3y}]}
          # ^ repeated for every row of the table; the rowspan above counts it as one row and grows with it
        - [负责人, {value: leader}, 联系电话, {value: phone, colspan: 2}]
        - [横向经费, {value: hor_funds, unit: 万元, align: center}, 占比, {value: share, colspan: 2, note: （近三年）}]
        - [{text: 近三年取得的成果（500字内）, vertical: true}, {value: results, colspan: 4, min_height: 60}]
        - [基地类型, {choice: base_type, style: brackets, colspan: 4,
                     options: [{code: outside, label: 校外基地}, {code: other, label: 其他}]}]   # boxes | brackets
        - [起止时间, {value: period, format: period}, 备查, {blank: true, colspan: 2}]
        - [实践计划, {lines: [{label: 任务, value: task}], colspan: 4, sign: {label: 签字：, seal: "", date: true}}]
        - [导师意见, {opinion: op_mentor, colspan: 4, min_height: 35, sign: {label: 导师签字：, seal: "", date: true}}]
  - rows_table:
      value: equipment
      caption: 大型、精密、贵重仪器设备（单价10万元以上）等情况
      number: 序号                  # adds a column of numbers
      min_rows: 8                   # empty rows are printed up to this
      columns:
        - {title: 仪器设备（平台）名称, value: name, width: 3}
        - {title: 购置（建设）时间, value: acquired_on, format: month, align: center}
        - {title: 单价（元）, value: unit_price, align: right, total: true}
  - opinion: {key: op_college, title: 校内申报单位意见：, signature: 院长签章：, seal: 公章, date: true, min_height: 60}
  - opinion: {key: op_school, title: 学校意见：}                       # no personal signature line
  - checklist: {value: review, title: 审核内容}                        # 序号｜内容｜是｜否｜备注
  - text: {paragraphs: ["经审核，{base_name}申报材料齐全。"], align: left}
  - attachments: {title: 附件清单, items: [联合培养协议], values: [evidence]}
  - copies: {text: 备注：本申请表一式三份。, labels: [学科与研究生处存, 学院存, 本人存]}
  - pictures: {value: shots, title: 附：网页截图, new_page: true}      # rows {caption, content}: the pictures themselves
  - new_page
  - title: {title: 研究生联合培养基地协议书, annex: "", subtitle: "", number: 协议编号}   # a paper without cover
  - parties: {value: parties}       # rows {label: 甲方, name, uscc, address, representative, contact, phone}
  - clauses: {value: clauses}       # rows {heading, text}; article | chinese | arabic
  - signing: {value: parties, new_page: true, hint: 本协议多页，请加盖骑缝章。}
  - signing:                        # or fixed blocks
      columns: 3
      blocks: [{label: 研究生签字：}, {label: 校内导师签字：}, {label: 基地（盖章）, seal: 公章}]
  - diff: {value: changes, left: 模板文本, right: 本协议文本}           # rows {clause, left, right, reason}
  - section: {key: base}            # a section of the form laid out by the house (no printed form prescribed)
  - certificate:
      title: 研究生联合培养基地证书
      name: base_name
      body: ["经审定，认定由{university}与{partner}共建的上述基地为研究生联合培养基地。"]
      facts: [{label: 基地编号, value: base_no}, {label: 有效期, value: period, format: period}]
      issuer: issuer
      date: issued_on
      number: document_no
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from . import elements as kinds
from .elements import NAMES, Element
from .strict import LayoutError, build

__all__ = ["LayoutError", "PaperLayout", "bindings", "check_bindings", "parse_layout"]

PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_.]*)\}")


@dataclass(frozen=True)
class PaperLayout:
    """A paper's layout. Margins in mm (top, right, bottom, left), size in pt."""

    elements: tuple[Element, ...]
    title: str = ""
    sheet: Literal["A4", "A3_booklet"] = "A4"
    landscape: bool = False
    font: Literal["song", "fangsong", "kai", "hei"] = "song"
    size: float = 12
    margins: tuple[float, ...] = (25, 22, 24, 22)

    def __post_init__(self) -> None:
        if not self.elements:
            raise LayoutError("a paper needs elements")
        if len(self.margins) != 4:
            raise LayoutError("margins are four numbers: top, right, bottom, left")
        if self.landscape and self.sheet != "A4":
            raise LayoutError("a booklet cannot lie")
        if any(isinstance(element, kinds.Cover) for element in self.elements[1:]):
            raise LayoutError("the cover comes first; nothing stands before it")

    @property
    def copies(self) -> tuple[str, ...]:
        """Holders for whom a labelled copy each is printed, from the `copies` elements."""
        return tuple(
            label for element in self.elements if isinstance(element, kinds.Copies) for label in element.labels
        )


def parse_layout(data: dict[str, Any], *, title: str = "") -> PaperLayout:
    """Read a layout out of plain data; `title` fills a missing title.

    Raises LayoutError, which names the place, for anything unknown, missing, of the wrong type, or for a grid whose
    rows do not fill its columns.
    """
    layout = build(PaperLayout, data, "paper")
    return layout if layout.title or not title else replace(layout, title=title)


def _bound(item: Any) -> Iterator[str]:
    """Every answer key an element (or part of one) names; rows of tables as `table.column`."""
    table = getattr(item, "each", "") or (item.value if isinstance(item, kinds.RowsTable) else "")
    for field in fields(item):
        content = getattr(item, field.name)
        names_key = field.name in ("value", "choice", "each", "month", "values") or (
            isinstance(item, kinds.Certificate) and field.name in ("name", "issuer", "date", "number")
        )
        for part in content if isinstance(content, tuple) else (content,):
            if is_dataclass(part):
                for key in _bound(part):
                    inside = table and isinstance(part, kinds.Cell | kinds.Column)
                    yield f"{table}.{key}" if inside else key
            elif names_key and part:
                yield part
            elif isinstance(part, str):
                yield from PLACEHOLDER.findall(part)


@lru_cache(maxsize=256)
def bindings(layout: PaperLayout) -> frozenset[str]:
    """The answer keys the layout prints; a table's column reads `table.column`. Opinion keys are not among them."""
    return frozenset(key for element in layout.elements for key in _bound(element))


def opinion_keys(layout: PaperLayout) -> tuple[str, ...]:
    """Keys of the opinion blocks, in printed order."""
    keys: list[str] = []
    for element in layout.elements:
        if isinstance(element, kinds.Opinion):
            keys.append(element.key)
        elif isinstance(element, kinds.Grid):
            keys += [cell.opinion for row in element.rows for cell in row.cells if cell.opinion]
    return tuple(keys)


def check_bindings(layout: PaperLayout, form: Any) -> list[str]:
    """Keys printed that the form does not have, sorted; for the profile check. `form` is a parsed form."""
    known: set[str] = set()
    sections = set()
    for section in form.sections:
        sections.add(section.key)
        for field in section.fields:
            known.add(field.key)
            known |= {f"{field.key}.{column.key}" for column in getattr(field, "columns", ()) or ()}
    missing = {key for key in bindings(layout) if key not in known and key.split(".")[0] not in known}
    missing |= {
        f"section {element.key}"
        for element in layout.elements
        if isinstance(element, kinds.Section) and element.key not in sections
    }
    return sorted(missing)


def kind_of(element: Any) -> str:
    """The element's name as written in a layout."""
    return NAMES[type(element)]


def example() -> str:
    """The YAML text of the example above."""
    return (__doc__ or "").split("```yaml\n", 1)[1].split("```", 1)[0]
