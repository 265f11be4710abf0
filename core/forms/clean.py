"""Checking answers against a form: every fault at once, in plain Chinese, each with its clause and the facts seen.

Input is hostile: any JSON type may stand anywhere. Unknown keys are dropped; nothing raises on data. A draft keeps
what was typed, as text where it does not fit its type, so that nothing typed is lost.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _
from stdnum.cn import uscc

from core.findings import Finding
from core.forms.count import char_count
from core.forms.spec import Field, FormSpec, Section

# Hard caps against abuse, above anything a form asks for.
MAX_TEXT, MAX_LONGTEXT, MAX_ROWS, MAX_FILES, MAX_CODES = 500, 20_000, 300, 60, 100
PHONE = re.compile(r"[0-9+()（）\-—转 、,，/]{5,60}")
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_email = EmailValidator()


class Resolver(Protocol):
    """What cleaning has to ask the house about codes and ids."""

    def organisation(self, pk: int): ...

    def documents(self, pks: Collection[int]) -> dict: ...

    def catalogue(self, name: str) -> dict[str, str]: ...


def clean(
    spec: FormSpec,
    raw: Any,
    *,
    section_keys: Collection[str] | None = None,
    draft: bool = False,
    resolver: Resolver | None = None,
) -> tuple[dict, list[Finding]]:
    """Answers as stored, and everything that is wrong with them.

    `section_keys` limits the check to some sections; `draft` keeps what was typed and finds nothing; `resolver`
    knows organisations, documents and catalogues (without it those are checked in form only).
    """
    raw = raw if isinstance(raw, dict) else {}
    answers: dict[str, Any] = {}
    findings: list[Finding] = []
    for section in spec.sections:
        if section_keys is not None and section.key not in section_keys:
            continue
        for field in section.fields:
            if field.type in ("note", "signature"):
                continue
            check = _Check(spec, section, field, answers, raw, resolver)
            value = check.run(raw.get(field.key))
            if value is not None:
                answers[field.key] = value
            other = f"{field.key}_other"
            if field.other:
                typed = _string(raw.get(other), MAX_TEXT)
                if typed:
                    answers[other] = typed
                chosen = value if isinstance(value, list) else [value]
                if field.other in chosen and not typed:
                    check.fault(_("“%(f)s”选择了其他，请填写具体内容。") % {"f": field.label}, {"other": ""})
            findings += check.findings
    return answers, [] if draft else findings


def _string(value: Any, cap: int) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return ""
    return _CONTROL.sub("", str(value)).replace("\r\n", "\n").replace("\r", "\n")[:cap]


class _Check:
    """One field being checked; collects its findings."""

    def __init__(self, spec: FormSpec, section: Section, field: Field, answers: dict, raw: dict, resolver,
                 row: int | None = None, table: Field | None = None):  # fmt: skip
        self.spec, self.section, self.field = spec, section, field
        self.answers, self.raw, self.resolver = answers, raw, resolver
        self.row, self.table = row, table
        self.findings: list[Finding] = []

    @property
    def label(self) -> str:
        if self.table is not None:
            return _("%(t)s第%(n)s行“%(f)s”") % {"t": self.table.label, "n": self.row, "f": self.field.label}
        return f"“{self.field.label}”"

    def fault(self, message: str, facts: dict, fix: str = "", clause: str = "") -> None:
        owner = self.table or self.field
        self.findings.append(
            Finding(
                clause=clause or self.field.clause or owner.clause or self.section.clause or self.spec.clause,
                strength="hard" if self.field.strength in ("hard", "priority", "info", "encouraged") else "default",
                message=message,
                facts=facts,
                fix=fix,
                form=self.spec.key,
                section=self.section.key,
                field=owner.key if self.table is None else f"{owner.key}-{self.row - 1}-{self.field.key}",
            )
        )

    def run(self, value: Any) -> Any:
        cleaned = getattr(self, f"_{self.field.type}", self._text)(value)
        if self._is_empty(cleaned):
            if self._required() and not self.findings:
                self.fault(_("%(f)s未填写。") % {"f": self.label}, {"value": None})
            return None
        return cleaned

    def _is_empty(self, value: Any) -> bool:
        if value in (None, "", [], {}):
            return True
        return self.field.type == "period" and isinstance(value, dict) and not any(value.values())

    def _required(self) -> bool:
        if self.field.type in ("checklist",):
            return False
        if self.field.required:
            return True
        when = self.field.required_when
        if when is None:
            return False
        other = self.answers.get(when.field, self.raw.get(when.field))
        held = other if isinstance(other, list) else [other]
        held = [("true" if one else "false") if isinstance(one, bool) else str(one) for one in held]
        return any(code in held for code in when.among)

    # --- text -------------------------------------------------------------------------------------------------

    def _text(self, value: Any) -> str:
        typed = _string(value, MAX_TEXT + 1)
        typed = " ".join(typed.split("\n")) if self.field.type != "longtext" else typed
        if len(typed) > MAX_TEXT:
            self.fault(_("%(f)s过长，不能超过%(n)s个字符。") % {"f": self.label, "n": MAX_TEXT}, {"length": len(typed)})
            typed = typed[:MAX_TEXT]
        typed = typed.strip()
        self._lengths(typed)
        return typed

    _person = _text

    def _longtext(self, value: Any) -> str:
        typed = _string(value, MAX_LONGTEXT + 1)
        if len(typed) > MAX_LONGTEXT:
            self.fault(_("%(f)s过长，不能超过%(n)s个字符。") % {"f": self.label, "n": MAX_LONGTEXT}, {"length": len(typed)})
            typed = typed[:MAX_LONGTEXT]
        typed = typed if typed.strip() else ""
        self._lengths(typed)
        return typed

    def _lengths(self, typed: str) -> None:
        if not typed.strip():
            return
        count, least, most = char_count(typed), self.field.min_chars, self.field.max_chars
        if least is not None and count < least:
            self.fault(_("%(f)s现有%(n)s字，要求不少于%(m)s字。") % {"f": self.label, "n": count, "m": least},
                       {"characters": count, "least": least}, _("请补充至少%(n)s字。") % {"n": least - count})  # fmt: skip
        if most is not None and count > most:
            self.fault(_("%(f)s现有%(n)s字，要求不超过%(m)s字。") % {"f": self.label, "n": count, "m": most},
                       {"characters": count, "most": most}, _("请删减至少%(n)s字。") % {"n": count - most})  # fmt: skip

    def _phone(self, value: Any) -> str:
        typed = _string(value, 80).strip()
        if typed and (not PHONE.fullmatch(typed) or sum(sign.isdigit() for sign in typed) < 5):
            self.fault(_("%(f)s“%(v)s”不是电话号码。") % {"f": self.label, "v": typed[:30]}, {"value": typed[:60]})
        return typed

    def _email(self, value: Any) -> str:
        typed = _string(value, 200).strip()
        if typed:
            try:
                _email(typed)
            except ValidationError:
                self.fault(_("%(f)s“%(v)s”不是电子邮箱地址。") % {"f": self.label, "v": typed[:60]}, {"value": typed[:60]})
        return typed

    def _uscc(self, value: Any) -> str:
        typed = _string(value, 40).strip().upper()
        if typed and not uscc.is_valid(typed):
            self.fault(_("%(f)s“%(v)s”不是有效的统一社会信用代码。") % {"f": self.label, "v": typed}, {"value": typed})
        return typed

    # --- numbers ----------------------------------------------------------------------------------------------

    def _integer(self, value: Any) -> int | str | None:
        if value is None or isinstance(value, bool) or value == "":
            return None
        typed = _string(value, 40).strip()
        if not re.fullmatch(r"-?\d{1,12}", typed):
            if typed:
                self.fault(_("%(f)s“%(v)s”不是整数。") % {"f": self.label, "v": typed[:20]}, {"value": typed[:40]})
            return typed
        number = int(typed)
        self._bounds(Decimal(number), typed)
        return number

    def _decimal(self, value: Any) -> str | None:
        if value is None or isinstance(value, bool) or value == "":
            return None
        typed = _string(value, 40).strip().replace(",", "").replace("，", "")
        if not typed:
            return None
        try:
            number = Decimal(typed)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or abs(number) >= Decimal(10) ** 15 or "e" in typed.lower():
            self.fault(_("%(f)s“%(v)s”不是数字。") % {"f": self.label, "v": typed[:20]}, {"value": typed[:40]})
            return typed
        places = -number.as_tuple().exponent if number.as_tuple().exponent < 0 else 0
        allowed = self.field.decimals if self.field.decimals is not None else (2 if self.field.type == "money" else 6)
        if places > allowed:
            self.fault(_("%(f)s%(v)s的小数位数超过%(n)s位。") % {"f": self.label, "v": typed, "n": allowed}, {"value": typed})
        self._bounds(number, typed)
        return typed

    _money = _decimal

    def _bounds(self, number: Decimal, typed: str) -> None:
        unit = str(self.field.unit)
        for bound, wrong, words in (
            (self.field.min, lambda b: number < b, _("%(f)s为%(v)s%(u)s，不得小于%(b)s%(u)s。")),
            (self.field.max, lambda b: number > b, _("%(f)s为%(v)s%(u)s，不得大于%(b)s%(u)s。")),
        ):
            if bound is not None and wrong(Decimal(str(bound))):
                self.fault(words % {"f": self.label, "v": typed, "u": unit, "b": bound}, {"value": typed, "bound": str(bound)})

    # --- dates ------------------------------------------------------------------------------------------------

    def _date(self, value: Any) -> str:
        typed = _string(value, 20).strip()
        if typed and not _is_date(typed):
            self.fault(_("%(f)s“%(v)s”不是日期，请按2027-03-01的格式填写。") % {"f": self.label, "v": typed}, {"value": typed})
        return typed

    def _month(self, value: Any) -> str:
        typed = _string(value, 20).strip()
        if typed and not MONTH.fullmatch(typed):
            self.fault(_("%(f)s“%(v)s”不是年月，请按2027-03的格式填写。") % {"f": self.label, "v": typed}, {"value": typed})
        return typed

    def _period(self, value: Any) -> dict | None:
        value = value if isinstance(value, dict) else {}
        ends = {end: _string(value.get(end), 20).strip() for end in ("from", "to")}
        if not any(ends.values()):
            return None
        wrong = [end for end, typed in ends.items() if not _is_date(typed)]
        if wrong:
            self.fault(_("%(f)s的起止日期没有填全或不是日期。") % {"f": self.label}, {"value": ends})
        elif ends["from"] > ends["to"]:
            self.fault(_("%(f)s的结束日期%(b)s早于开始日期%(a)s。") % {"f": self.label, "a": ends["from"], "b": ends["to"]},
                       {"value": ends})  # fmt: skip
        return ends

    # --- choices ----------------------------------------------------------------------------------------------

    def _choice(self, value: Any) -> str:
        typed = _string(value, 80).strip()
        if typed and typed not in {option.code for option in self.field.options}:
            self.fault(_("%(f)s的选项“%(v)s”不存在。") % {"f": self.label, "v": typed[:30]}, {"value": typed})
        return typed

    def _multichoice(self, value: Any) -> list[str]:
        if isinstance(value, str):
            value = [value]
        typed = [_string(one, 80).strip() for one in value[:MAX_CODES]] if isinstance(value, list) else []
        typed = list(dict.fromkeys(one for one in typed if one))
        known = {option.code for option in self.field.options}
        for one in typed:
            if one not in known:
                self.fault(_("%(f)s的选项“%(v)s”不存在。") % {"f": self.label, "v": one[:30]}, {"value": one})
        return typed

    def _boolean(self, value: Any) -> bool | None:
        if isinstance(value, str):
            value = {"true": True, "on": True, "1": True, "false": False, "0": False}.get(value.lower())
        return value if isinstance(value, bool) else None

    def _catalogue(self, value: Any) -> str:
        typed = _string(value, 40).strip()
        if not typed or self.resolver is None:
            return typed
        known = self.resolver.catalogue(self.field.catalogue)
        if typed not in known:
            # "In principle": a code outside the list is left to the profile's rule, which a named role may let pass.
            if self.field.strength == "default":
                return typed
            self.fault(_("%(f)s“%(v)s”不在目录中。") % {"f": self.label, "v": typed}, {"value": typed})
        elif self.field.name_key:
            name = _string(self.raw.get(self.field.name_key), MAX_TEXT).strip()
            if name and name != known[typed]:
                self.fault(_("%(f)s%(v)s在目录中的名称是“%(n)s”，填写的是“%(w)s”。")
                           % {"f": self.label, "v": typed, "n": known[typed], "w": name},
                           {"code": typed, "name": name, "expected": known[typed]})  # fmt: skip
        return typed

    def _organisation(self, value: Any) -> int | None:
        typed = _string(value, 20).strip()
        if not typed.isdigit():
            if typed:
                self.fault(_("%(f)s请从列表中选择。") % {"f": self.label}, {"value": typed})
            return None
        pk = int(typed)
        if self.resolver is not None:
            found = self.resolver.organisation(pk)
            if found is None or (self.field.kinds and found.kind not in self.field.kinds):
                self.fault(_("%(f)s选择的单位不存在或不可选。") % {"f": self.label}, {"value": pk})
                return None
        return pk

    def _file(self, value: Any) -> list[int]:
        value = value if isinstance(value, list) else [value]
        ids = [int(one) for one in value[:MAX_FILES] if isinstance(one, int | str) and not isinstance(one, bool)
               and str(one).isdigit()]  # fmt: skip
        ids = list(dict.fromkeys(ids))
        if self.resolver is not None and ids:
            known = self.resolver.documents(ids)
            ids = [pk for pk in ids if pk in known]
        least, most = self.field.min_files, self.field.max_files
        if least and len(ids) < least and (ids or self._required()):
            self.fault(_("%(f)s已上传%(n)s个文件，至少%(m)s个。") % {"f": self.label, "n": len(ids), "m": least},
                       {"files": len(ids), "least": least})  # fmt: skip
            return ids
        if most is not None and len(ids) > most:
            self.fault(_("%(f)s已上传%(n)s个文件，最多%(m)s个。") % {"f": self.label, "n": len(ids), "m": most},
                       {"files": len(ids), "most": most})  # fmt: skip
        return ids

    # --- tables and checklists ----------------------------------------------------------------------------------

    def _table(self, value: Any) -> list[dict]:
        rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
        if len(rows) > MAX_ROWS:
            self.fault(_("%(f)s有%(n)s行，最多%(m)s行。") % {"f": self.label, "n": len(rows), "m": MAX_ROWS}, {"rows": len(rows)})
            rows = rows[:MAX_ROWS]
        cleaned: list[dict] = []
        for row in rows:
            kept: dict[str, Any] = {}
            number = len(cleaned) + 1
            found: list[Finding] = []
            for column in self.field.columns:
                check = _Check(self.spec, self.section, column, kept, row, self.resolver, number, self.field)
                cell = check.run(row.get(column.key))
                if cell is not None:
                    kept[column.key] = cell
                if column.other and (typed := _string(row.get(f"{column.key}_other"), MAX_TEXT)):
                    kept[f"{column.key}_other"] = typed
                found += check.findings
            if kept:
                cleaned.append(kept)
                self.findings += found
        least, most = self.field.min_rows, self.field.max_rows
        if least and len(cleaned) < least:
            self.fault(_("%(f)s现有%(n)s行，至少%(m)s行。") % {"f": self.label, "n": len(cleaned), "m": least},
                       {"rows": len(cleaned), "least": least})  # fmt: skip
        if most is not None and len(cleaned) > most:
            self.fault(_("%(f)s现有%(n)s行，最多%(m)s行。") % {"f": self.label, "n": len(cleaned), "m": most},
                       {"rows": len(cleaned), "most": most})  # fmt: skip
        return cleaned

    def _checklist(self, value: Any) -> dict:
        value = value if isinstance(value, dict) else {}
        kept = {}
        for item in self.field.items:
            given = value.get(item.code)
            given = given if isinstance(given, dict) else {"checked": given}
            checked = given.get("checked")
            checked = checked is True or (isinstance(checked, str) and checked.lower() in ("true", "on", "1"))
            remark = _string(given.get("remark"), 2000).strip()
            if checked or remark:
                kept[item.code] = {"checked": checked, "remark": remark}
            if self.field.required and not checked:
                self.fault(_("%(f)s的“%(i)s”未勾选确认。") % {"f": self.label, "i": item.label}, {"item": item.code},
                           clause=item.clause)  # fmt: skip
        return kept


def _is_date(typed: str) -> bool:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", typed):
        return False
    try:
        return dt.date.fromisoformat(typed).year >= 1900
    except ValueError:
        return False
