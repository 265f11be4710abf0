"""Checking what is measured: numbers, amounts of money, days, months, periods, and the bounds they keep to."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core import text
from core.forms.plain import plain_text

MONTH = re.compile(r"(19|2[01])\d\d-(0[1-9]|1[0-2])")
INTEGER = re.compile(r"-?[0-9]+")
DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
MAX_DIGITS = 12
DECIMALS = {"money": 2, "decimal": 6}


def is_date(typed: str) -> bool:
    """Whether a text is a calendar day, YYYY-MM-DD, of the years 1900 to 2199."""
    if not re.fullmatch(r"(19|2[01])\d\d-\d{2}-\d{2}", typed):
        return False
    try:
        dt.date.fromisoformat(typed)
    except ValueError:
        return False
    return True


def iso_day(typed: str) -> str:
    """A day written otherwise as YYYY-MM-DD; what is no day stays as typed."""
    named = text.day(typed)
    return named.isoformat() if named else typed


def iso_month(typed: str) -> str:
    """A month written otherwise as YYYY-MM; what is no month stays as typed."""
    return text.month(typed) or typed


class Measured:
    """The part of core.forms.checks.Check for fields of these types."""

    # --- numbers -----------------------------------------------------------------------------------------------

    def _integer(self, value: Any) -> int | str:
        typed = text.figure(plain_text(value))
        if typed and not INTEGER.fullmatch(typed):
            typed = plain_text(value).strip()
            self._unreadable(typed, _("%(f)s填写的“%(v)s”不是整数。"), _("请填写整数。"))
            return typed
        if len(typed.lstrip("-0")) > MAX_DIGITS:
            self._unreadable(typed, _("%(f)s填写的“%(v)s”数值过大。"))
            return typed
        if typed:
            self._bounds(Decimal(typed), typed)
        return int(typed) if typed else ""

    def _decimal(self, value: Any) -> str:
        typed = text.figure(plain_text(value))
        if typed and not DECIMAL.fullmatch(typed):
            typed = plain_text(value).strip()
            self._unreadable(typed, _("%(f)s填写的“%(v)s”不是数字。"), _("请只填写数字，不带单位。"))
            return typed
        if len(typed.partition(".")[0].lstrip("-0")) > MAX_DIGITS:
            self._unreadable(typed, _("%(f)s填写的“%(v)s”数值过大。"))
            return typed
        if typed:
            allowed = DECIMALS[self.field.type] if self.field.decimals is None else self.field.decimals
            places = len(typed.partition(".")[2])
            if places > allowed:
                self.fault(
                    _("%(f)s填写的“%(v)s”有%(n)s位小数，最多%(m)s位。"),
                    {"value": typed, "decimals": places, "most": allowed},
                    hard=True,
                    v=typed,
                    n=places,
                    m=allowed,
                )
            self._bounds(Decimal(typed), typed)
        return typed

    _money = _decimal

    def _bounds(self, number: Any, typed: str) -> None:
        """Compare with the bounds, which are of the number's kind: Decimal, or ISO text for days and months."""
        unit = str(self.field.unit) or (_("元") if self.field.type == "money" else "")
        low, high = self.field.min, self.field.max
        words = {"v": typed, "u": unit}
        if low is not None and number < low:
            self.fault(
                _("%(f)s为%(v)s%(u)s，不得小于%(b)s%(u)s。")
                if unit or isinstance(low, Decimal)
                else _("%(f)s为%(v)s，不得早于%(b)s。"),
                {"value": typed, "least": _shown(low)},
                b=_shown(low),
                **words,
            )
        if high is not None and number > high:
            self.fault(
                _("%(f)s为%(v)s%(u)s，不得大于%(b)s%(u)s。")
                if unit or isinstance(high, Decimal)
                else _("%(f)s为%(v)s，不得晚于%(b)s。"),
                {"value": typed, "most": _shown(high)},
                b=_shown(high),
                **words,
            )

    # --- dates -------------------------------------------------------------------------------------------------

    def _date(self, value: Any) -> str:
        typed = iso_day(plain_text(value).strip())
        if typed and not is_date(typed):
            self._unreadable(typed, _("%(f)s填写的“%(v)s”不是日期。"), _("请按2027-03-01的格式填写。"))
        elif typed:
            self._bounds(typed, typed)
        return typed

    def _month(self, value: Any) -> str:
        typed = iso_month(plain_text(value).strip())
        if typed and not MONTH.fullmatch(typed):
            self._unreadable(typed, _("%(f)s填写的“%(v)s”不是年月。"), _("请按2027-03的格式填写。"))
        elif typed:
            self._bounds(typed, typed)
        return typed

    def _period(self, value: Any) -> dict:
        value = value if isinstance(value, dict) else {}
        ends = {end: iso_day(plain_text(value.get(end)).strip()) for end in ("from", "to")}
        if not any(ends.values()):
            return {}
        for end, name in (("from", _("开始日期")), ("to", _("结束日期"))):
            if not ends[end]:
                self.fault(_("%(f)s的%(e)s尚未填写。"), {"value": ends}, _("请填写。"), hard=True, e=name)
            elif not is_date(ends[end]):
                self.fault(
                    _("%(f)s的%(e)s“%(v)s”不是日期。"),
                    {"value": ends},
                    _("请按2027-03-01的格式填写。"),
                    hard=True,
                    e=name,
                    v=ends[end][:30],
                )
        if all(map(is_date, ends.values())) and ends["from"] > ends["to"]:
            self.fault(
                _("%(f)s的结束日期%(b)s早于开始日期%(a)s。"),
                {"value": ends},
                hard=True,
                a=ends["from"],
                b=ends["to"],
            )
        return ends


def _shown(bound: Any) -> str:
    """A bound without exponent or empty decimals: 100000, 0.5, 2027-03-01."""
    if not isinstance(bound, Decimal):
        return str(bound)
    text = format(bound, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
