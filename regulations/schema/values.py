"""Values of settings: the types a setting may have, and reading one from plain data (a profile, a local row, a form)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _


class SettingError(ValueError):
    """A value does not fit a setting; the message says why, for people."""


def typed(value: Any, kind: str, options: list, low: int | None, high: int | None, keys: list = ()) -> Any:
    """The typed value of a setting of a kind (`SETTING_TYPES`) from a plain one, within its options and bounds; `keys`:
    what a map may map from.

    Raises SettingError.
    """
    codes = [option.code for option in options]
    read = READERS[kind](value, codes)
    if kind == "map" and keys and (unknown := sorted(set(read) - {key.code for key in keys})):
        raise SettingError(_("没有类别“%(codes)s”") % {"codes": "、".join(unknown)})
    if kind in ("integer", "decimal", "money"):
        if low is not None and read < low:
            raise SettingError(_("不得小于%(min)s") % {"min": low})
        if high is not None and read > high:
            raise SettingError(_("不得大于%(max)s") % {"max": high})
    return read


def _integer(value: Any, codes: list[str]) -> int:
    if isinstance(value, str) and value.strip().lstrip("-").isdecimal():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise SettingError(_("应为整数"))
    return value


def _decimal(value: Any, codes: list[str]) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(value, bool) or not number.is_finite():
        raise SettingError(_("应为数字"))
    return number


def _text(value: Any, codes: list[str]) -> str:
    if not isinstance(value, str):
        raise SettingError(_("应为文字"))
    return value.strip()


def _boolean(value: Any, codes: list[str]) -> bool:
    if isinstance(value, str) and value in ("true", "false"):
        return value == "true"
    if not isinstance(value, bool):
        raise SettingError(_("应为是或否"))
    return value


def _date(value: Any, codes: list[str]) -> dt.date:
    try:
        return value if isinstance(value, dt.date) else dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        raise SettingError(_("应为日期")) from None


def _choice(value: Any, codes: list[str]) -> str:
    if value not in codes:
        raise SettingError(_("不在可选范围内"))
    return value


def _codes(value: Any, codes: list[str]) -> list[str]:
    if not isinstance(value, list) or any(code not in codes for code in value if codes):
        raise SettingError(_("不在可选范围内"))
    return value


def _map(value: Any, codes: list[str]) -> dict[str, str]:
    """A mapping from one code list to another: `{clinical: university}` (CZMC-4.1a)."""
    if not isinstance(value, dict) or any(code not in codes for code in value.values() if codes):
        raise SettingError(_("不在可选范围内"))
    return value


READERS = {
    "integer": _integer,
    "decimal": _decimal,
    "money": _decimal,
    "text": _text,
    "boolean": _boolean,
    "date": _date,
    "choice": _choice,
    "codes": _codes,
    "map": _map,
}
SETTING_TYPES = tuple(READERS)
