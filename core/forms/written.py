"""Checking what is written: texts of one or many lines, telephone numbers, addresses, codes."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _
from stdnum.cn import uscc

from core import text
from core.forms.count import char_count
from core.forms.plain import MAX_LONGTEXT, MAX_TEXT, plain_text
from core.papers import fonts

PHONE = re.compile(r"[0-9+()（）\-—－转 、,，/;；]{5,60}")
_email = EmailValidator()


class Written:
    """The part of core.forms.checks.Check for fields of these types."""

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
