"""How an answer reads on a paper: dates as 2026年9月1日, choices by their label, Chinese numerals and capital amounts.

Papers are Chinese whatever language the reader uses, so nothing here goes through gettext. A field is anything with
the attributes of `core.forms`' Field (type, options, unit, columns, items, other); without one the value decides.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from core import clock
from core.language import Bilingual

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
DIGITS = "〇一二三四五六七八九"
BLANK_DATE = "　　　年　　月　　日"
Names = Callable[[str, Any], str]  # ("organisation" | "file" | "catalogue:<name>", stored value) -> what is printed


def names_from(resolver: Any) -> Names:
    """`Names` out of a resolver as `core.forms` uses it (its `organisation` and `documents`)."""

    def look_up(kind: str, value: Any) -> str:
        if kind == "organisation" and isinstance(value, int):
            row = resolver.organisation(value)
            return str(row.display_name) if row is not None else str(value)
        if kind == "file" and isinstance(value, int):
            row = resolver.documents([value]).get(value)
            return str(row.name) if row is not None else ""
        return str(value)

    return look_up


def zh(text: Any) -> str:
    """The Chinese of a text leaf: a string, `{zh, en}`, or a `core.language.Bilingual`; None is empty."""
    if text is None:
        return ""
    if isinstance(text, Mapping):
        return str(text.get("zh", ""))
    return text.zh if isinstance(text, Bilingual) else str(text)


def date_text(value: Any) -> str:
    """2026年9月1日. A text that is no date is returned as it is."""
    day = clock.day_of(value)
    return f"{day.year}年{day.month}月{day.day}日" if day else str(value or "")


def month_text(value: Any) -> str:
    """2026年9月."""
    day = clock.day_of(value)
    return f"{day.year}年{day.month}月" if day else str(value or "")


def small_number(number: int) -> str:
    """1 to 99 in Chinese as spoken: 九, 十, 十一, 二十, 三十一. Raises ValueError outside."""
    if not 1 <= number <= 99:
        raise ValueError(f"{number} is not between 1 and 99")
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else DIGITS[tens] + "十") + (DIGITS[ones] if ones else "")


def ordinal(number: int) -> str:
    """Chinese number of a clause or note, 1 to 9999: 一, 十二, 一百〇三 reads 一百零三."""
    if number < 100:
        return small_number(number)
    if number > 9999:
        raise ValueError(f"{number} is larger than 9999")
    text, gap = "", False
    for power, unit in ((1000, "千"), (100, "百")):
        digit, number = divmod(number, power)
        if digit:
            text += ("零" if gap else "") + DIGITS[digit] + unit
            gap = False
        elif text:
            gap = True
    if not number:
        return text
    if number < 10:
        return text + "零" + DIGITS[number]
    tail = small_number(number)
    return text + ("零" if gap else "") + ("一" + tail if tail.startswith("十") else tail)


def chinese_month(value: Any) -> str:
    """二〇二六年九月, as on covers (XCU-A1.C9)."""
    day = clock.day_of(value)
    if not day:
        return ""
    return "".join(DIGITS[int(digit)] for digit in str(day.year)) + f"年{small_number(day.month)}月"


def chinese_date(value: Any) -> str:
    """二〇二六年九月一日."""
    day = clock.day_of(value)
    return f"{chinese_month(day)}{small_number(day.day)}日" if day else ""


def blank_chinese_month(year: int | None = None) -> str:
    """The line of a form not yet filled: the last digit of the year and the month are left open (X-19)."""
    century = "".join(DIGITS[int(digit)] for digit in str(year or 2020)[:3])
    return f"{century}　年　　月"


def period_text(value: Any) -> str:
    """2026年9月1日至2027年2月28日; an open end stays open."""
    if not isinstance(value, Mapping):
        return str(value or "")
    start, end = value.get("from"), value.get("to")
    if not start and not end:
        return ""
    shown = month_text if len(str(start or end)) == 7 else date_text
    return f"{shown(start)}至{shown(end)}"


def number_text(value: Any) -> str:
    """A number as it was entered: 3, 1.5, 60.00; no grouping, no exponent."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f")
    return str(value)


def money_text(value: Any) -> str:
    """An amount with grouped thousands and two decimals: 100,000.00."""
    try:
        return f"{Decimal(str(value)):,.2f}"
    except InvalidOperation:
        return str(value or "")


def capital_amount(value: Any) -> str:
    """Yuan in capital numerals, as contracts write amounts: 壹拾万元整. Below 10^12; negative amounts are refused.

    Raises ValueError for what is no such amount.
    """
    try:
        cents = int((Decimal(str(value)) * 100).to_integral_value(rounding="ROUND_HALF_UP"))
    except InvalidOperation:
        raise ValueError(f"{value} is no amount") from None
    if not 0 <= cents < 10**14:
        raise ValueError(f"{value} is out of range")
    figures, units = "零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟")
    yuan, cents = divmod(cents, 100)
    text, pending = "", False
    for place in range(2, -1, -1):
        group = yuan // 10 ** (4 * place) % 10**4
        for power in range(3, -1, -1):
            digit = group // 10**power % 10
            if digit:
                text += ("零" if pending and text else "") + figures[digit] + units[power]
                pending = False
            else:
                pending = True
        if group:
            text += ("", "万", "亿")[place]
            pending = False
        else:
            pending = bool(text)
    jiao, fen = divmod(cents, 10)
    text = text + "元" if text else ("" if cents else "零元")
    if not cents:
        return text + "整"
    if jiao:
        text += figures[jiao] + "角"
    elif text:
        text += "零"
    return text + (figures[fen] + "分" if fen else "整")


def options_of(field: Any) -> list[tuple[str, str]]:
    """(code, label) pairs of a choice field; options may be objects or mappings."""
    pairs = []
    for option in getattr(field, "options", None) or ():
        code = option["code"] if isinstance(option, Mapping) else option.code
        label = option["label"] if isinstance(option, Mapping) else option.label
        pairs.append((str(code), zh(label)))
    return pairs


def display(value: Any, field: Any = None, *, form: str = "", names: Names | None = None, other: str = "") -> str:
    """What is printed for a stored answer; "" for no answer.

    `form` overrides the field's type: date, month, chinese_month, year, period, money, capital, tick. `names` looks
    up organisations and files; `other` is the text behind the option that asks for one.
    """
    if value is None or value == "" or value == [] or value == {}:
        return ""
    kind = str(getattr(field, "type", "") or "")
    if form:
        return _AS[form](value)
    if kind in ("choice", "multichoice"):
        return _chosen(value, field, other)
    if isinstance(value, bool):
        return "是" if value else "否"
    if kind == "date" or (not kind and isinstance(value, str) and ISO_DAY.fullmatch(value)):
        return date_text(value)
    if kind == "month":
        return month_text(value)
    if kind == "organisation" and names:
        return names("organisation", value)
    if kind == "file":
        return (
            "；".join(filter(None, (names("file", document) for document in value))) if names else f"共{len(value)}份"
        )
    if isinstance(value, Mapping):
        return period_text(value) if {"from", "to"} & set(value) else ""
    if isinstance(value, list | tuple):
        return "、".join(display(item, None) for item in value)
    if isinstance(value, dt.date):
        return date_text(value)
    if isinstance(value, int | float | Decimal):
        return number_text(value)
    return str(value)


def _chosen(value: Any, field: Any, other: str) -> str:
    codes = [str(code) for code in (value if isinstance(value, list | tuple) else [value])]
    labels = dict(options_of(field))
    asks = str(getattr(field, "other", "") or "")
    return "、".join(labels.get(code, code) + (f"（{other}）" if other and code == asks else "") for code in codes)


_AS: dict[str, Callable[[Any], str]] = {
    "date": date_text,
    "month": month_text,
    "chinese_month": chinese_month,
    "year": lambda value: f"{day.year}年" if (day := clock.day_of(value)) else str(value),
    "period": period_text,
    "money": money_text,
    "capital": capital_amount,
    "tick": lambda value: "√" if value is True or value in ("true", "1", 1) else "",
}
