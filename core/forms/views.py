"""What templates/core/forms draws: plain objects, filled by core.forms.render."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from core.findings import Finding
from core.forms.completeness import SectionProgress, is_filled
from core.forms.count import char_count
from core.forms.fields import FILE_KINDS, Field
from core.forms.measured import MONTH, is_date
from core.language import bracketed, listed

# Choices of at most so many options are shown as buttons to pick from, longer ones as a list.
RADIOS = 4
# A table whose columns together are wider than this is shown as one card per row on every screen.
ROOM = 13
_WIDTH = {
    "integer": 1,
    "boolean": 1.5,
    "catalogue": 1.5,
    "period": 4,
    "longtext": 4,
    "multichoice": 3,
}
_MODES = {"integer": "numeric", "decimal": "decimal", "money": "decimal", "phone": "tel", "email": "email"}
_PICTURES = ("jpg", "png")


@dataclass(frozen=True)
class Choice:
    """One option or item; `remark` belongs to a checklist's item."""

    code: str
    label: str
    chosen: bool = False
    remark: str = ""
    clause: Any = ""
    help: str = ""


@dataclass(frozen=True)
class FileRow:
    """A file that stands in a field."""

    pk: int
    name: str
    url: str
    size: int


@dataclass
class FieldView:
    """One field as the template needs it. `name` is its name in the HTML form and its anchor."""

    spec: Field
    name: str
    value: Any = ""
    errors: list[Finding] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    rows: list[list[FieldView]] = field(default_factory=list)
    blank: list[FieldView] = field(default_factory=list)
    files: list[FileRow] = field(default_factory=list)
    upload_url: str = ""
    upload_key: str = ""
    other_value: str = ""
    clause: Any = ""
    in_table: bool = False
    needed: bool = False
    when: str = ""
    """In words when the field must be filled in, for `required_when`."""

    @cached_property
    def type(self) -> str:
        return self.spec.type

    @cached_property
    def label(self) -> str:
        unit = str(self.spec.unit) or (_("元") if self.type == "money" else "")
        return bracketed(self.spec.label, unit if self.in_table else "")

    @cached_property
    def unit(self) -> str:
        if self.in_table:
            return ""
        return str(self.spec.unit) or (_("元") if self.type == "money" else "")

    @cached_property
    def control(self) -> str:
        """Which control is drawn: longtext, radios, select, boxes, checklist, table, files, period, code or line."""
        if self.type in ("choice", "boolean"):
            few = len(self.choices) <= RADIOS and not self.in_table
            return "radios" if few and (self.type == "boolean" or self.spec.required) else "select"
        return {
            "organisation": "select",
            "multichoice": "boxes",
            "file": "files",
            "catalogue": "code",
            "longtext": "longtext",
            "checklist": "checklist",
            "table": "table",
            "period": "period",
        }.get(self.type, "line")

    @cached_property
    def grouped(self) -> bool:
        """Whether several inputs stand under one label."""
        return self.control in ("radios", "boxes", "checklist", "table", "files", "period")

    @property
    def wide(self) -> bool:
        return self.type in ("longtext", "table", "checklist", "file", "multichoice", "note", "signature")

    @property
    def input_type(self) -> str:
        """A picker of days or months, unless what was typed is none: a picker would drop it."""
        if self.type == "date":
            return "date" if not self.value or is_date(str(self.value)) else "text"
        if self.type == "month":
            return "month" if not self.value or MONTH.fullmatch(str(self.value)) else "text"
        return "tel" if self.type == "phone" else "text"

    @property
    def input_mode(self) -> str:
        return _MODES.get(self.type, "")

    @property
    def placeholder(self) -> str:
        return {"date": "2027-03-01", "month": "2027-03"}.get(self.type, "")

    @property
    def lines(self) -> int:
        """Height of a long text's box in lines."""
        if self.in_table:
            return 2
        if (self.spec.min_chars or 0) >= 300:
            return 10
        return 5 if self.spec.max_chars is None or self.spec.max_chars > 200 else 3

    @property
    def ends(self) -> list[tuple[str, str, str, str]]:
        """The two inputs of a period: (suffix, label, value, input type)."""
        value = self.value if isinstance(self.value, dict) else {}
        ends = []
        for suffix, label in (("from", _("开始日期")), ("to", _("结束日期"))):
            typed = str(value.get(suffix) or "")
            ends.append((suffix, label, typed, "date" if not typed or is_date(typed) else "text"))
        return ends

    @cached_property
    def counted(self) -> bool:
        """Whether the box says how many characters it holds."""
        limits = self.spec.min_chars is not None or self.spec.max_chars is not None
        return self.type in ("text", "longtext") and limits and not self.in_table

    @property
    def limits(self) -> str:
        least, most = self.spec.min_chars, self.spec.max_chars
        words = [
            _("不少于%(n)s字") % {"n": least} if least else "",
            _("不超过%(n)s字") % {"n": most} if most else "",
        ]
        return listed(filter(None, words), "，")

    @property
    def count(self) -> int:
        return char_count(self.value) if isinstance(self.value, str) else 0

    @property
    def kinds(self) -> tuple[str, ...]:
        return self.spec.accept or FILE_KINDS

    @property
    def accept(self) -> str:
        return ",".join(f".{kind}" for kind in self.kinds) + (",.jpeg" if "jpg" in self.kinds else "")

    @property
    def photos(self) -> bool:
        """Whether photographs may be sent from a phone. Naming JPEG makes an iPhone convert its own format."""
        return any(kind in self.kinds for kind in _PICTURES)

    @property
    def kinds_text(self) -> str:
        return listed(kind.upper() for kind in self.kinds)

    @property
    def cards(self) -> bool:
        """Whether a table's rows are cards on every screen because its columns need more room than there is."""
        return sum(_WIDTH.get(column.type, 2) for column in self.spec.columns) > ROOM

    @property
    def filled(self) -> bool:
        return is_filled(self.spec, self.value)

    @cached_property
    def described(self) -> str:
        """Ids of what explains the input: help, count, error."""
        parts = {
            "help": bool(self.spec.help or self.when) and not self.in_table,
            "count": self.counted,
            "error": bool(self.errors),
        }
        return " ".join(f"{self.name}-{part}" for part, there in parts.items() if there)


@dataclass
class SectionView:
    """One section: its fields to fill in, or how it reads for those who may not."""

    key: str
    title: str
    help: str
    clause: Any
    editable: bool
    fields: list[FieldView]
    lines: Any = None
    progress: SectionProgress | None = None
    who: str = ""
    marked: bool = False
    """Whether it was sent back to be changed."""


@dataclass
class FormView:
    """The form as a whole, with what its script needs (static/js/forms.js)."""

    key: str
    title: str
    sections: list[SectionView]
    help: str = ""
    findings: list[Finding] = field(default_factory=list)
    upload_url: str = ""
    autosave_url: str = ""
    revision: int | None = None
    saved_at: Any = None
    saved_by: str = ""
    max_bytes: int = 0
    catalogues: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def single(self) -> bool:
        return len(self.sections) == 1

    @property
    def indexed(self) -> bool:
        return len(self.sections) > 2

    @property
    def multipart(self) -> bool:
        """Whether the form takes files, so that its page must send it as multipart/form-data."""
        return any(view.type == "file" for part in self.sections for view in part.fields)

    @property
    def words(self) -> str:
        """The script's sentences in the reader's language, as JSON. Braces are filled in by the script."""
        return json.dumps(
            {
                "saving": _("正在暂存…"),
                "saved": _("已暂存 {time}"),
                "unsaved": _("有未暂存的修改"),
                "offline": _("暂时连不上服务器，内容保留在本机，连上后自动暂存。"),
                "login": _("登录已过期，内容保留在本机。"),
                "refused": _("未能暂存：{message}"),
                "again": _("立即暂存"),
                "kept": _("本机保留有{time}填写、尚未暂存到服务器的内容。"),
                "restore": _("恢复"),
                "discard": _("丢弃"),
                "restored": _("已恢复，请核对后继续填写。"),
                "conflict": _("{by}已修改此表。您的内容没有丢失，请逐项选择保留哪一方。"),
                "somebody": _("其他人"),
                "changed": _("此表已被他人修改"),
                "both": _("两段都保留（对方的接在后面）"),
                "mine": _("我填写的"),
                "theirs": _("对方填写的"),
                "apply": _("按所选内容暂存"),
                "choose": _("请选择"),
                "nothing": _("（空）"),
                "count": _("现有{n}字"),
                "short": _("还需{n}字"),
                "over": _("超出{n}字"),
                "uploading": _("正在上传 {n}/{all}：{name}"),
                "uploaded": _("已上传{n}个文件。"),
                "large": _("“{name}”为{size} MB，超过{most} MB的上限。请压缩或拆分后重新上传。"),
                "failed": _("“{name}”没有上传成功，请重试。"),
                "many": _("最多{n}个文件。"),
                "remove": _("移除"),
                "up": _("前移"),
                "down": _("后移"),
                "movedto": _("现在是第{n}页。"),
                "ordered": _("已选{n}个文件，按此顺序提交；可以再选、再拍，调整顺序。"),
                "removed": _("已移除：{name}"),
                "gone": _("已删除第{n}行。"),
                "undo": _("撤销"),
                "files": _("{n}个文件"),
                "filled": _("已填{n}/{all}"),
                "until": _("至"),
                "paste": _("粘贴表格内容"),
                "pastehint": _("将从第{row}行“{column}”起填入{rows}行{columns}列，原有内容会被替换。请核对后填入。"),
                "pasteextra": _("右侧{n}列没有对应的栏目，不能填入。请调整后重新粘贴。"),
                "pastemany": _("此表最多{most}行，粘贴后有{rows}行。请减少{n}行后重新粘贴。"),
                "pasteunknown": _("第{row}行“{column}”没有“{value}”这一选项，该格留空，请手工选择。"),
                "pasteline": _("此栏只填一行，粘贴的内容含有制表符或换行，没有填入。请分别粘贴到各栏。"),
                "take": _("填入"),
                "cancel": _("取消"),
            },
            ensure_ascii=False,
        )
