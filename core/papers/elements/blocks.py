"""Elements that are no tables: covers, titles, texts, boxes, opinions, places to sign, lists of attachments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from core.papers.elements.parts import Line, Sign
from core.papers.strict import LayoutError, Shorthand


@dataclass(frozen=True)
class Cover:
    """Page of its own: annex label, title, labelled lines, imprint, year and month in Chinese numerals.

    `month` binds a date; a blank form leaves 二〇二　年　月. `number` prints the paper's number at the top right.
    """

    title: str
    annex: str = ""
    subtitle: str = ""
    lines: tuple[Line, ...] = ()
    imprint: str = ""
    month: str = ""
    number: str = ""


@dataclass(frozen=True)
class Notes:
    """Numbered text, e.g. 填表说明."""

    items: tuple[str, ...]
    title: str = ""
    numbering: Literal["chinese", "arabic", "none"] = "chinese"
    new_page: bool = False


@dataclass(frozen=True)
class Part:
    """Title of a part. `note` is printed smaller behind it."""

    title: str
    note: str = ""
    new_page: bool = False
    level: int = 1


@dataclass(frozen=True)
class Title:
    """Title of a paper that has no cover. `annex` above it at the left, `number` (a label) below at the right."""

    title: str
    annex: str = ""
    subtitle: str = ""
    number: str = ""
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Box:
    """A framed long text of at least `min_height` mm; longer text runs on over as many pages as it needs."""

    value: str = ""
    title: str = ""
    note: str = ""
    min_height: float = 0
    lines: tuple[Line, ...] = ()
    sign: Sign | None = None
    frame: bool = True

    def __post_init__(self) -> None:
        if not self.value and not self.lines:
            raise LayoutError("a box needs value or lines")


@dataclass(frozen=True)
class Opinion:
    """A framed opinion block: title, recorded text, then at the foot signature line (or none), seal mark, date."""

    key: str
    title: str
    signature: str = ""
    seal: str = "公章"
    date: bool = True
    note: str = ""
    min_height: float = 55
    record: bool = True


@dataclass(frozen=True)
class Signing:
    """Blocks for signature, side by side: listed, or one per row of a table (`value`; row keys label, name).

    Each block prints its seal mark, `signature` line and date. `hint` (e.g. on the 骑缝章) is printed below.
    """

    value: str = ""
    blocks: tuple[Sign, ...] = ()
    signature: str = "法定代表人或授权代表（签字）："
    seal: str = "（公章）"
    columns: int = 2
    hint: str = ""
    title: str = ""
    new_page: bool = False
    min_height: float = 0  # 0: 60 mm with a seal, 35 mm without

    def __post_init__(self) -> None:
        if bool(self.value) == bool(self.blocks):
            raise LayoutError("signing needs either value or blocks")


@dataclass(frozen=True)
class Text:
    """Paragraphs; `{key}` inserts an answer."""

    paragraphs: tuple[str, ...]
    align: Literal["left", "center", "right"] = "left"
    indent: bool = True
    size: Literal["normal", "small", "large"] = "normal"


@dataclass(frozen=True)
class Attachments:
    """Numbered list of attachments: fixed texts and the files of the named file fields."""

    title: str = "附件清单"
    items: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Copies:
    """The note on copies; its labels are the holders for whom a labelled copy each is printed."""

    labels: tuple[str, ...]
    text: str = ""


@dataclass(frozen=True)
class Section:
    """A section of the form laid out by the house: short fields in a grid, long texts in boxes, tables as tables."""

    key: str
    title: bool = True
    skip: tuple[str, ...] = ()
    min_height: float = 40


@dataclass(frozen=True)
class Pictures:
    """Pictures of a table with rows {caption, content}: content is the JPEG itself, never an address."""

    value: str
    title: str = ""
    new_page: bool = False


@dataclass(frozen=True)
class Break(Shorthand):
    """A new page."""

    @staticmethod
    def shorthand(data: Any) -> Any:
        return {} if data is None or data is True else data
