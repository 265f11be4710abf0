"""Checking what is picked rather than written: options, codes, organisations, files, rows, ticks."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.findings import Finding
from core.forms.plain import MAX_CODES, MAX_FILES, MAX_ROWS, MAX_TEXT, READ_PICKS, READ_ROWS, plain_id, plain_text


class Picks:
    """The part of core.forms.checks.Check for fields of these types."""

    # --- choices ----------------------------------------------------------------------------------------------

    def _choice(self, value: Any) -> str:
        typed = plain_text(value).strip()
        if typed and typed not in self.field.codes:
            self._unreadable(typed, _("%(f)s没有“%(v)s”这一选项。"), _("请重新选择。"))
        return typed

    def _multichoice(self, value: Any) -> list[str]:
        given = value if isinstance(value, list) else [value]
        typed = list(dict.fromkeys(filter(None, (plain_text(item).strip() for item in given[:READ_PICKS]))))
        unknown = [code for code in typed if code not in self.field.codes]
        for code in unknown[:3]:
            self._unreadable(code, _("%(f)s没有“%(v)s”这一选项。"), _("请重新选择。"))
        if len(unknown) > MAX_CODES:
            self.fault(_("%(f)s的选项过多。"), {"codes": len(given)}, _("请重新选择。"), hard=True, capped=True)
        return typed

    def _boolean(self, value: Any) -> bool | None:
        if isinstance(value, str):
            value = {"true": True, "on": True, "1": True, "false": False, "0": False}.get(value.strip().lower())
        return value if isinstance(value, bool) else None

    def _catalogue(self, value: Any) -> str:
        typed = plain_text(value).strip()
        self._capped(typed, MAX_TEXT)
        if not typed or self.resolver is None:
            return typed
        known = self.resolver.catalogue(self.field.catalogue)
        if typed not in known:
            # "In principle": a code outside the list is left to the profile's rule, which a named role may let pass.
            if self.field.strength != "default":
                self._unreadable(typed, _("%(f)s填写的“%(v)s”不在目录中。"), _("请从目录中选择代码。"))
        elif self.field.name_key:
            name = plain_text(self.raw.get(self.field.name_key)).strip()
            if name and name != known[typed]:
                self.fault(
                    _("%(f)s填写的%(c)s在目录中的名称是“%(n)s”，但填写的名称是“%(w)s”。"),
                    {"code": typed, "name": name[:60], "expected": known[typed]},
                    _("请核对代码或名称。"),
                    hard=True,
                    c=typed,
                    n=known[typed],
                    w=name[:30],
                )
        return typed

    def _organisation(self, value: Any) -> int | str | None:
        typed = plain_text(value).strip()
        pk = plain_id(typed)
        if self.resolver is not None and pk is not None:
            organisation = self.resolver.organisation(pk)
            if organisation is None or (self.field.kinds and organisation.kind not in self.field.kinds):
                pk = None
        if typed and pk is None:
            self._unreadable(typed, _("%(f)s选择的单位不存在或不在可选范围内。"), _("请从列表中选择。"))
        return typed if pk is None and self.draft else pk

    def _file(self, value: Any) -> list[int]:
        given = value if isinstance(value, list) else [value]
        ids = list(dict.fromkeys(filter(None, (plain_id(item) for item in given[:READ_PICKS]))))
        if self.resolver is not None and ids:
            known = self.resolver.documents(ids)
            ids = [pk for pk in ids if pk in known]
        least, most = self.field.min_files or 0, self.field.max_files
        most = MAX_FILES if most is None else min(most, MAX_FILES)
        if 0 < len(ids) < least or (not ids and least > 1 and self.field.required):
            self.fault(
                _("%(f)s已上传%(n)s个文件，至少%(m)s个。"),
                {"files": len(ids), "least": least},
                _("请再上传%(n)s个。") % {"n": least - len(ids)},
                n=len(ids),
                m=least,
            )
        if len(ids) > most:
            self.fault(
                _("%(f)s已上传%(n)s个文件，最多%(m)s个。"),
                {"files": len(ids), "most": most},
                _("请移除%(n)s个。") % {"n": len(ids) - most},
                n=len(ids),
                m=most,
                capped=len(ids) > MAX_FILES,
            )
        return ids

    # --- tables and checklists ----------------------------------------------------------------------------------

    def _table(self, value: Any) -> list[dict]:
        given = value if isinstance(value, list) else []
        kept: list[dict] = []
        for row in (item for item in given[:READ_ROWS] if isinstance(item, dict)):
            cells: dict[str, Any] = {}
            findings: list[Finding] = []
            for column in self.field.columns:
                check = type(self)(
                    self.spec, self.section, column, row, self.resolver, self.draft, self.field, len(kept)
                )
                check.store(cells)
                findings += check.findings
            if cells:
                kept.append(cells)
                self.findings += findings
        least = max(self.field.min_rows or 0, 1 if self.field.required else 0)
        most = MAX_ROWS if self.field.max_rows is None else min(self.field.max_rows, MAX_ROWS)
        if len(kept) < least and (kept or least > 1 or not self.field.required):
            self.fault(
                _("%(f)s现有%(n)s行，要求不少于%(m)s行。"),
                {"rows": len(kept), "least": least},
                _("请补充至少%(n)s行。") % {"n": least - len(kept)},
                n=len(kept),
                m=least,
            )
        if len(kept) > most:
            self.fault(
                _("%(f)s现有%(n)s行，要求不超过%(m)s行。"),
                {"rows": len(kept), "most": most},
                _("请删除多余的%(n)s行，或改为附件上传。") % {"n": len(kept) - most},
                n=len(kept),
                m=most,
                capped=len(kept) > MAX_ROWS,
            )
        return kept

    def _checklist(self, value: Any) -> dict:
        value = value if isinstance(value, dict) else {}
        kept = {}
        for item in self.field.items:
            given = value.get(item.code)
            given = given if isinstance(given, dict) else {"checked": given}
            checked = self._boolean(given.get("checked")) is True
            remark = plain_text(given.get("remark")).strip()
            if checked or remark:
                kept[item.code] = {"checked": checked, "remark": remark}
            if self.field.required and not checked:
                self.fault(
                    _("%(f)s的“%(i)s”未勾选。"),
                    {"item": item.code, "checked": False},
                    _("确已具备的，请勾选并说明。"),
                    clause=item.clause,
                    hard=True,
                    i=item.label,
                )
            self._capped(remark, MAX_TEXT * 4)
        return kept
