"""What the page of a backfill shows: how far it is, every fault by row and column, and what has become of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bases.existing import columns, moves, progress, sheets
from bases.existing.progress import Progress
from bases.models import Backfill, BackfillRow
from casework import papers
from casework.pages import Asking, Page, kinds
from casework.pages.findings import clause
from casework.papers.classes import CasePapers
from casework.papers.printing import Print
from core import pages
from core.findings import Finding

MOST = 200  # faults, and bases, that the page lists; the marked-up sheet and the register have them all
AGAIN = 3  # seconds after which the page of a running one is asked for again


@dataclass(frozen=True)
class ShownFault:
    """One fault as a line of the page."""

    row: int
    column: str
    message: str
    value: str
    blocking: bool
    cited: Any = ""


@dataclass(frozen=True)
class SheetPart:
    """What the part of the sheet shows. `left`: faults that the page leaves out."""

    backfill: Backfill
    progress: Progress | None
    faults: list[ShownFault]
    left: int
    template_url: str
    marked_url: str
    check_url: str


@kinds.register(Backfill)
class BackfillPage(Page):
    careful = frozenset({"discard", "close"})

    def refresh(self) -> int:
        return AGAIN if self.case.state in Backfill.RUNNING else 0

    def facts(self) -> list[tuple]:
        case = self.case
        facts: list[tuple] = [(_("方式"), _("表格") if case.by_sheet else _("逐个填写"))]
        if case.by_sheet and case.document_id:
            facts += [
                (_("表格"), case.document.name),
                (_("行数"), case.number_of_rows),
                (_("错误"), case.number_of_faults),
                (_("提示"), case.number_of_remarks),
            ]
        if case.entered_on:
            facts.append((_("录入日期"), case.entered_on))
        return facts

    def hints(self) -> list[pages.Hint]:
        """What happens now, and what is to be done."""
        case, hints = self.case, super().hints()
        if case.state == "halted":
            entered = case.rows.exclude(recognition=None).count()
            text = _("已写入台账%(m)s个，尚有%(n)s个没有写入，原因见下。处理后可继续导入；也可结束导入，其余另行补录。")
            words = {"m": entered, "n": case.number_of_rows - entered}
            hints.append(pages.Hint(text % words, "orange", title=_("导入没有完成")))
        elif case.state == "faulty":
            text = _("台账没有任何改动。请下载标注错误的表格，改好后重新上传。")
            hints.append(pages.Hint(text, "orange", title=_("共%(n)s处错误") % {"n": case.number_of_faults}))
        elif case.state == "checked":
            text = _("共%(n)s个基地，没有错误。确认导入后一次写入台账。") % {"n": case.number_of_rows}
            hints.append(pages.Hint(text, "green", title=_("检查通过")))
        elif case.state in Backfill.RUNNING:
            text = _("本页自动更新，可以离开，完成后会收到消息。")
            hints.append(pages.Hint(text, "blue", title=case.get_state_display()))
        return hints

    def choices(self) -> list[pages.ActionChoice]:
        """Filling the form in."""
        case = self.case
        if not case.editable_sections(Backfill.FORM, self.membership):
            return []
        url = reverse("case_form", args=[case.case_kind, case.pk, Backfill.FORM])
        return [pages.ActionChoice("fill_form", _("填写"), True, url, icon="edit")]

    def idle_moves(self) -> set[str]:
        return super().idle_moves() | ({"enter_one"} if self.case.by_sheet else {"check_sheet"})

    def findings(self) -> tuple[str, list[Finding]]:
        """What stands against handing the form in."""
        case = self.case
        if case.by_sheet or case.state != "draft" or not self.membership.may("bases.backfill", case):
            return "", []
        return "enter_one", moves.form_findings(case, Asking.by(self.membership))

    def untouched(self) -> bool:
        return not self.case.by_sheet and self.case.state == "draft" and not self.case.form_answers(Backfill.FORM)

    def extras(self) -> list[pages.ExtraPart]:
        case, extras = self.case, []
        if case.by_sheet and case.state not in ("entered", "discarded"):
            extras.append(pages.ExtraPart("sheet", _("表格"), "bases/existing/sheet.html", self._sheet()))
        entered = case.recognitions.select_related("base", "partner", "college").order_by("pk")
        rows = list(entered[: MOST + 1])
        if rows:
            register = f"{reverse('bases:list')}?entered=backfill"
            context = {"rows": rows[:MOST], "more": len(rows) > MOST, "register": register}
            extras.append(pages.ExtraPart("entered", _("已写入台账"), "bases/existing/entered.html", context))
        return extras

    def _sheet(self) -> SheetPart:
        case = self.case
        faults = self._faults()
        total = case.number_of_faults + case.number_of_remarks
        address = [case.case_kind, case.pk]
        open_now = case.state in ("draft", "faulty", "checked") and self.membership.may("bases.backfill", case)
        return SheetPart(
            case,
            progress.of(case.pk) if case.state in Backfill.RUNNING else None,
            faults,
            max(0, total - len(faults)),
            reverse("case_print", args=[*address, "template", "xlsx"]),
            reverse("case_print", args=[*address, "marked", "xlsx"]) if faults else "",
            reverse("case_do", args=[*address, "check_sheet"]) if open_now else "",
        )

    def _faults(self) -> list[ShownFault]:
        """What is wrong, row by row; faults of the file first. One query."""
        case = self.case
        titles = {column.key: column.title for column in columns.of_sheet(case)}
        shown = [self._shown(0, titles, *given) for given in case.file_problems]
        if case.state == "checking":
            return []
        rows = BackfillRow.objects.filter(backfill=case).exclude(problems=[]).order_by("-faulty", "number")
        for number, problems in rows.values_list("number", "problems")[:MOST]:
            shown += [self._shown(number, titles, *given) for given in problems]
            if len(shown) >= MOST:
                break
        return shown[:MOST]

    def _shown(self, number: int, titles: dict, key: str, message: str, value: str, blocking: bool, code: str):
        return ShownFault(
            number, titles.get(key, ""), message, value, blocking, clause(self.case, code) if code else ""
        )


@papers.kinds.register(Backfill)
class BackfillPapers(CasePapers):
    """The sheets: to fill in, and marked up."""

    def prints(self, actor=None, reviewer: bool = False) -> list[Print]:
        case = self.case
        if reviewer or not case.by_sheet:
            return []
        made = [Print("template", _("存量基地补录模板"), lambda: sheets.template(case), "xlsx")]
        if case.state in ("faulty", "checked", "halted"):
            made.append(Print("marked", _("标注错误的表格"), lambda: sheets.marked(case), "xlsx"))
        return made
