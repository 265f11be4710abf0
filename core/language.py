"""Pages speak the reader's language; what is kept speaks Chinese, the language of the sources.

Log lines, messages, titles and papers are written once and read by everybody, so their words may not depend on who
happened to act. Labels of the log are the sources' own messages: a page translates them again with `shown`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, gettext, gettext_noop, override


class Bilingual:
    """Base of texts with a Chinese wording `zh` and perhaps an English one `en` ("" for none)."""


def in_source_language() -> override:
    """A block (or a decorated function) whose texts are to be kept: they come out in Chinese."""
    return override(settings.LANGUAGE_CODE)


# Heads of kept titles and editions of papers that stand nowhere else by themselves.
HEADS = (
    gettext_noop("协议到期"),
    gettext_noop("建设期届满"),
    gettext_noop("公示届满"),
    gettext_noop("修订协议"),
    gettext_noop("申报截止"),
    gettext_noop("待办"),
    gettext_noop("申报通知"),
    gettext_noop("申报延期"),
    gettext_noop("补正"),
    gettext_noop("催办"),
    gettext_noop("收到报送"),
    gettext_noop("评审邀请"),
    gettext_noop("专家回避"),
    gettext_noop("例外申请"),
    gettext_noop("基地已生效"),
    gettext_noop("协议退回修改"),
    gettext_noop("盖章件不一致，请重新上传"),
    gettext_noop("合作单位不予确认"),
    gettext_noop("空白表"),
    gettext_noop("送审稿"),
    gettext_noop("含办理意见"),
    gettext_noop("已提交"),
    gettext_noop("A3中缝装订"),
    gettext_noop("系统"),
    gettext_noop("后补盖章件"),
    gettext_noop("准予后补盖章件"),
    gettext_noop("盖章件已补交，请核对"),
    gettext_noop("盖章件不一致，请重新补交"),
    gettext_noop("盖章件待核对"),
)
# Further dictionaries of kept words, by English: the regulations add what their profiles call things.
GLOSSARIES: list[Callable[[str], str]] = []


def shown(label: Any) -> str:
    """Kept words in the reader's language: a label of the log, the title of a step. Free text stays as it is."""
    label = str(label or "")
    if not label or not english():
        return label
    word = next(filter(None, (look_up(label) for look_up in GLOSSARIES)), None) or gettext(label)
    if word != label:
        return word
    head, colon, rest = label.partition("：")
    if colon and shown(head) != head:
        return said(shown(head), shown(rest))
    base, bracket, inside = label.removesuffix("）").rpartition("（")
    if bracket and label.endswith("）") and base:
        return bracketed(shown(base), shown(inside))
    return label


def english() -> bool:
    """Whether the reader reads English: for the few places where a sentence is put together from parts."""
    return (get_language() or "").startswith("en")


# What stands between two parts of a sentence, and what English writes there.
SIGNS = {
    "：": ": ",
    "，": ", ",
    "、": ", ",
    "；": "; ",
    "（": " (",
    "）": ")",
    "〔": "[",
    "〕": "]",
    "。": ".",
    " 至 ": " to ",
}


def sign(chinese: str) -> str:
    """A mark of punctuation as the reader's language writes it."""
    return SIGNS[chinese] if english() else chinese


def listed(items: Iterable[Any], mark: str = "、") -> str:
    """甲、乙 or A, B; `mark` is the Chinese sign that stands between them."""
    return sign(mark).join(str(item) for item in items)


def beside(first: Any, second: Any) -> str:
    """Two words side by side: joined in Chinese, apart in English."""
    return f"{first} {second}".strip() if english() else f"{first}{second}"


def titled(title: Any) -> str:
    """《甲》 or “A”."""
    return f"“{title}”" if english() else f"《{title}》"


def bracketed(text: Any, inside: Any) -> str:
    """甲（乙） or A (B); the bare text where there is nothing to put in brackets."""
    if not str(inside or ""):
        return str(text)
    return f"{text}{sign('（')}{inside}{sign('）')}"


def said(label: Any, value: Any) -> str:
    """甲：乙 or A: B."""
    return f"{label}{sign('：')}{value}"


# What "1" goes with in English, where cutting the s off is not enough.
_ONE = {
    "people": "person",
    "copies": "copy",
    "people a year": "person a year",
    "times a year": "time a year",
    "times a month": "time a month",
}


def amount(number: Any, unit: Any) -> str:
    """3年 or 3 years, 1 year; the bare number where it is counted in nothing."""
    unit = str(unit or "")
    if not unit or not english():
        return f"{number}{unit}"
    if str(number) == "1":
        unit = _ONE.get(unit, unit.removesuffix("s"))
    return f"{number}{unit}" if unit == "%" else f"{number} {unit}"


def sentence(text: Any) -> str:
    """The text with a full stop at its end, unless it has a mark there already."""
    text = str(text or "").strip()
    return text if not text or text[-1] in "。；！？：….;:!?" else f"{text}{sign('。')}"
