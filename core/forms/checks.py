"""Checking one field: what is stored for it, and what is wrong with it."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _
from stdnum.cn import uscc

from core import text
from core.findings import Finding
from core.forms.count import char_count
from core.forms.fields import Field, FormSpec, Section
from core.forms.picks import Picks
from core.forms.plain import MAX_LONGTEXT, MAX_TEXT, plain_text
from core.papers import fonts

PHONE = re.compile(r"[0-9+()（）\-—－转 、,，/;；]{5,60}")
MONTH = re.compile(r"(19|2[01])\d\d-(0[1-9]|1[0-2])")
INTEGER = re.compile(r"-?[0-9]+")
DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
MAX_DIGITS = 12
DECIMALS = {"money": 2, "decimal": 6}
_email = EmailValidator()


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


def required(field: Field, raw: dict) -> bool:
    """Whether the field must hold something, given the other answers of the form or row. A checklist's items are
    asked for one by one instead."""
    when = field.required_when
    if field.type == "checklist" or field.required or when is None:
        return field.required and field.type != "checklist"
    other = raw.get(when.field)
    held = {
        ("true" if item else "false") if isinstance(item, bool) else plain_text(item).strip()
        for item in (other if isinstance(other, list) else [other])
    }
    return bool(held & set(when.among))


class Check(Picks):
    """One field of a form, or one cell of a table's row, being checked. `findings` collects what is wrong."""

    def __init__(
        self,
        spec: FormSpec,
        section: Section,
        field: Field,
        raw: dict,
        resolver: Any,
        draft: bool,
        table: Field | None = None,
        row: int = 0,
    ):
        self.spec, self.section, self.field = spec, section, field
        self.raw, self.resolver, self.draft = raw, resolver, draft
        self.table, self.row = table, row
        self.findings: list[Finding] = []

    def store(self, answers: dict) -> None:
        """Put the field's answer into `answers`, with the text behind the choice that asks for one."""
        value = self.value()
        if value is not None:
            answers[self.field.key] = value
        if not self.field.other:
            return
        other = plain_text(self.raw.get(f"{self.field.key}_other")).strip()
        if other:
            answers[f"{self.field.key}_other"] = other
        if self.field.other in (value if isinstance(value, list) else [value]):
            if not other:
                self.fault(_("%(f)s选择了“其他”，请写明具体内容。"), {"other": ""})
            self._capped(other, MAX_TEXT)
            self._printable(other)

    def value(self) -> Any:
        """The answer as it is stored; None for no answer."""
        answer = getattr(self, f"_{self.field.type}", self._text)(self.raw.get(self.field.key))
        if self.draft and not self.findings:
            for typed in _texts(answer):
                self._capped(typed, MAX_LONGTEXT)
        if not self.draft:
            self._printable("".join(_texts(answer)))
        if answer in (None, "", [], {}):
            if not any(finding.blocks for finding in self.findings) and required(self.field, self.raw):
                self._missing()
            return None
        return answer

    # --- findings ---------------------------------------------------------------------------------------------

    @property
    def label(self) -> str:
        label = str(self.field.label).rstrip("：: ")
        if self.table is not None:
            return _("“%(t)s”第%(n)s行“%(f)s”") % {"t": self.table.label, "n": self.row + 1, "f": label}
        return f"“{label}”"

    def fault(
        self,
        message: str,
        facts: dict,
        fix: str = "",
        *,
        clause: str = "",
        hard: bool = False,
        capped: bool = False,
        strength: str = "",
        **words,
    ) -> None:
        """Note a fault. `hard`: wrong in form, so that no override can let it pass; `capped`: too much to be kept, so
        that not even a draft is.
        """
        if self.draft and not capped:
            return
        owner = self.table or self.field
        place = self.field.key if self.table is None else f"{owner.key}-{self.row}-{self.field.key}"
        clause = clause or self.field.clause or owner.clause or self.section.clause or self.spec.clause
        self.findings.append(
            Finding(
                clause=clause,
                strength=strength or ("default" if self.field.strength == "default" and not hard else "hard"),
                message=message % {"f": self.label, **words},
                facts=facts,
                fix=fix,
                form=self.spec.key,
                section=self.section.key,
                field=place,
            )
        )

    def _missing(self) -> None:
        kind = self.field.type
        if kind in ("choice", "boolean", "organisation", "multichoice"):
            self.fault(_("%(f)s尚未选择。"), {"value": None}, _("请选择。"), hard=True)
        elif kind == "file":
            self.fault(_("%(f)s尚未上传。"), {"files": 0}, _("请上传。"), hard=True)
        elif kind == "table":
            self.fault(_("%(f)s尚未填写，至少填写1行。"), {"rows": 0, "least": 1}, hard=True)
        else:
            self.fault(_("%(f)s尚未填写。"), {"value": None}, _("请填写。"), hard=True)

    # --- text -------------------------------------------------------------------------------------------------

    def _text(self, value: Any) -> str:
        typed = self._line(value)
        if self._capped(typed, MAX_TEXT):
            self._lengths(typed)
        return typed

    def _line(self, value: Any) -> str:
        """What was typed into a field of one line. Several cells or lines of a spreadsheet do not fit into it."""
        typed = plain_text(value).strip()
        if "\t" in typed or "\n" in typed:
            self.fault(
                _("%(f)s只能填写一行，现含有制表符或换行。"),
                {"value": typed[:60]},
                _("从表格粘贴的内容请分别填入各栏。"),
                hard=True,
            )
        return typed

    def _longtext(self, value: Any) -> str:
        typed = plain_text(value).rstrip()
        if not typed.strip():
            return ""
        if self._capped(typed, MAX_LONGTEXT):
            self._lengths(typed)
        return typed

    def _capped(self, typed: str, most: int) -> bool:
        most = MAX_LONGTEXT if self.draft else most  # a draft keeps all that can be kept
        if len(typed) <= most:
            return True
        self.fault(
            _("%(f)s过长，现有%(n)s个字符，最多%(m)s个（含空格）。"),
            {"length": len(typed), "most": most},
            _("请删减至少%(n)s个字符，或改为附件上传。") % {"n": len(typed) - most},
            n=len(typed),
            m=most,
            hard=True,
            capped=True,
        )
        return False

    def _printable(self, typed: str) -> None:
        """Signs that would be boxes on the official paper: said, but nobody's name is refused for them."""
        if missing := fonts.unprintable(typed):
            self.fault(
                _("%(f)s中的“%(v)s”在文书字库中没有字形，打印出来是方框。"),
                {"signs": missing},
                _("请改用其他文字；确需使用的，请管理员安装含有这些字符的字体。"),
                strength="encouraged",
                v=missing[:30],
            )

    def _lengths(self, typed: str) -> None:
        if not typed:
            return
        count, least, most = char_count(typed), self.field.min_chars, self.field.max_chars
        if least is not None and count < least:
            self.fault(
                _("%(f)s现有%(n)s字，要求不少于%(m)s字。"),
                {"characters": count, "least": least},
                _("请补充至少%(n)s字。") % {"n": least - count},
                n=count,
                m=least,
            )
        if most is not None and count > most:
            self.fault(
                _("%(f)s现有%(n)s字，要求不超过%(m)s字。"),
                {"characters": count, "most": most},
                _("请删减至少%(n)s字。") % {"n": count - most},
                n=count,
                m=most,
            )

    def _phone(self, value: Any) -> str:
        typed = text.phone(plain_text(value))
        if typed and (not PHONE.fullmatch(typed) or sum(character in "0123456789" for character in typed) < 5):
            self._unreadable(
                typed,
                _("%(f)s填写的“%(v)s”不是电话号码。"),
                _("请填写手机号或带区号的座机号，如0834-2580000。"),
            )
        return typed

    def _email(self, value: Any) -> str:
        typed = text.address(plain_text(value))
        if typed:
            try:
                if len(typed) > 254:
                    raise ValidationError("long")
                _email(typed)
            except ValidationError:
                self._unreadable(typed, _("%(f)s填写的“%(v)s”不是电子邮箱地址。"), _("请按name@example.cn的格式填写。"))
        return typed

    def _uscc(self, value: Any) -> str:
        typed = text.code(plain_text(value)).replace("-", "")
        if typed and not uscc.is_valid(typed):
            self._unreadable(
                typed,
                _("%(f)s填写的“%(v)s”不是有效的统一社会信用代码（18位，末位为校验码）。"),
                _("请对照营业执照或法人证书核对。"),
            )
        return typed

    def _unreadable(self, typed: str, message: str, fix: str = "") -> None:
        self.fault(message, {"value": typed[:60]}, fix, hard=True, v=typed[:30])

    # --- numbers ----------------------------------------------------------------------------------------------

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

    # --- dates ------------------------------------------------------------------------------------------------

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


def _texts(answer: Any) -> list[str]:
    """The texts of one answer that is no table: itself, picked codes, a period's ends."""
    parts = answer.values() if isinstance(answer, dict) else answer if isinstance(answer, list) else [answer]
    return [part for part in parts if isinstance(part, str)]


def _shown(bound: Any) -> str:
    """A bound without exponent or empty decimals: 100000, 0.5, 2027-03-01."""
    if not isinstance(bound, Decimal):
        return str(bound)
    text = format(bound, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
