"""Facts and figures as people write them, in Chinese or English: dates, money, codes, articles."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.language import amount, english, listed
from regulations import facts, vocabulary
from regulations.context import find_field, find_table
from regulations.schema import Profile, Text

NUMERALS = "零一二三四五六七八九"


def numeral(number: int) -> str:
    """A number below 100 as articles are counted: 12 -> 十二, 20 -> 二十, 8 -> 八."""
    tens, ones = divmod(number, 10)
    if not tens:
        return NUMERALS[ones]
    return ("" if tens == 1 else NUMERALS[tens]) + "十" + (NUMERALS[ones] if ones else "")


def article(profile: Profile, clause: str) -> str:
    """The article as people cite it: NM-8.2b -> 第八条（二）; exceptions stand in `head.articles`."""
    if not clause:
        return ""
    if english():
        return _article_in_english(profile, clause)
    named = profile.head.articles
    if clause in named:
        return named[clause]
    bare = re.sub(r"(?<=[0-9])[a-z]$", "", clause)
    if bare in named:
        return named[bare]
    _code, _dash, rest = bare.partition("-")
    parts = rest.split(".")
    if not all(part.isdigit() for part in parts):
        return _annex(rest)
    numbers = [int(part) for part in parts]
    if numbers[0] == 0:
        return _("文首")
    if profile.head.citation == "section":
        return numeral(numbers[0]) + "、" + "".join(f"{number}." for number in numbers[1:]).rstrip(".")
    text = f"第{numeral(numbers[0])}条"
    if len(numbers) > 1 and numbers[1]:
        text += f"（{numeral(numbers[1])}）"
    return text + "".join(str(number) for number in numbers[2:])


def _article_in_english(profile: Profile, clause: str) -> str:
    """NM-8.2b -> Article 8 (2), CZMC-2.2.3 -> Article 2 (2) 3, JLU-2.3 -> Section 2.3, XCU-A1.II.4 -> Annex 1 (II.4)."""
    _code, _dash, rest = re.sub(r"(?<=[0-9])[a-z]$", "", clause).partition("-")
    parts = rest.split(".")
    if not all(part.isdigit() for part in parts):
        annex = re.match(r"A(\d+)\.?(.*)$", rest)
        if annex:
            return f"Annex {annex[1]}" + (f" ({annex[2]})" if annex[2] else "")
        return _("文末署名") if rest == "S" else rest
    if parts[0] == "0":
        return _("文首")
    if profile.head.citation == "section":
        return f"Section {rest}"
    inner = f" ({parts[1]})" if len(parts) > 1 and parts[1] != "0" else ""
    return f"Article {parts[0]}{inner}" + (f" {'.'.join(parts[2:])}" if len(parts) > 2 else "")


def _annex(rest: str) -> str:
    annex = re.match(r"A(\d+)\.?(.*)$", rest)
    if annex:
        return f"附件{annex[1]}" + (f" {annex[2]}" if annex[2] else "")
    return _("文末署名") if rest == "S" else rest


def words(text: Text | None) -> str:
    """A profile text in the language of the page."""
    return text.in_language(get_language() or "zh-hans") if text else ""


def term(profile: Profile, code: str) -> str:
    """The regulation's own word for a noun (`vocabulary.TERMS`), else the house's. Raises KeyError."""
    own = profile.terms.get(code)
    if own is not None and own.value is not None:
        return words(own.value)
    zh, en = vocabulary.TERMS[code]
    return words(Text(zh=zh, en=en))


def unit_word(unit: str | None) -> str:
    """The word of a unit code: working_day -> 个工作日."""
    return str(vocabulary.UNITS[unit]) if unit in vocabulary.UNITS else unit or ""


def date_words(day: dt.date) -> str:
    """2027年3月1日 or 2027-03-01."""
    if english():
        return day.isoformat()
    return f"{day.year}年{day.month}月{day.day}日"


def plain(value: Any) -> Any:
    """A value as JSON can keep it, for logs and findings."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def show(value: Any, options: dict[str, str] | None = None, unit: str = "") -> str:
    """A value for a sentence: dates, yes/no, labels of codes, numbers without idle zeros, "未填写" for nothing."""
    options = options or {}
    if value is None or value == "" or value == []:
        return _("未填写")
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, dt.datetime):
        return f"{date_words(value.date())} {value:%H:%M}"
    if isinstance(value, dt.date):
        return date_words(value)
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return amount(text.rstrip("0").rstrip(".") if "." in text else text, unit)
    if isinstance(value, int | float):
        return amount(value, unit)
    if isinstance(value, list | tuple):
        if all(isinstance(item, str) for item in value):
            return listed(options.get(item, item) for item in value)
        return _("%(n)s项") % {"n": len(value)}
    if isinstance(value, str):
        return str(options.get(value, value))
    return str(value)


def fact_label(profile: Profile, ref: Any) -> str:
    """What a fact is called for people."""
    if isinstance(ref, dict):
        item = find_table(profile, ref["table"])
        label = item.label if item else fact_label(profile, ref["table"])
        column = item.columns.get(ref.get("column")) if item else None
        return _("%(table)s的%(column)s") % {"table": label, "column": column.label} if column else str(label)
    item, tail = find_field(profile.form_fields, ref)
    if item:
        if tail == "from":
            return _("%(field)s起") % {"field": item.label}
        if tail == "to":
            return _("%(field)s止") % {"field": item.label}
        return str(item.options.get(tail, item.label) if tail else item.label)
    known = facts.CATALOGUE.get(ref)
    return str(known.text) if known else ref


def fact_options(profile: Profile, ref: Any) -> dict[str, str]:
    """The labels of the codes a fact may hold."""
    if isinstance(ref, dict):
        item = find_table(profile, ref["table"])
        column = item.columns.get(ref.get("column")) if item else None
        return column.options if column else {}
    item, tail = find_field(profile.form_fields, ref)
    if item and not tail:
        return item.options
    known = facts.CATALOGUE.get(ref)
    return known.labels(profile) if known is not None else {}


def fact_unit(profile: Profile, ref: Any) -> str:
    """The unit a fact is counted in."""
    if isinstance(ref, dict):
        item = find_table(profile, ref["table"])
        column = item.columns.get(ref.get("column")) if item else None
        return str(column.unit) if column else ""
    item, _tail = find_field(profile.form_fields, ref)
    if item:
        return str(item.unit)
    known = facts.CATALOGUE.get(ref)
    return unit_word(known.unit) if known else ""
