"""The moves of a backfill: a form handed in, or a sheet checked, confirmed, entered."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django_fsm import GET_STATE

from bases.existing import work
from bases.models import Backfill
from casework.specs import field, form, give_reason
from core import clock, ledger
from core.door import Act, move, moves_of
from core.findings import Finding
from core.forms.clean import clean
from core.models import Document
from core.uploads import MAX_BYTES
from tenants.models import Membership

FORM = Backfill.FORM
ENDED_WELL = ("checked", "entering", "halted", "entered")


def sheet_form(backfill: Backfill, actor, data, subject) -> dict:
    """The filled-in sheet."""
    return form(
        "sheet",
        _("上传并检查"),
        field(
            "file",
            "file",
            _("填好的表格（.xlsx）"),
            accept=["xlsx"],
            min_files=1,
            max_files=1,
            help=_("先下载模板填写。检查只读取表格，不写入台账；全部无误后再确认导入。"),
        ),
    )


def _sent(act: Act) -> Document | None:
    pks = act.data.get("file") or []
    rows = Document.objects.filter(case_kind=Backfill.case_kind, case_id=act.case.pk, pk__in=pks)
    return rows.order_by("-pk").first()


def sheet_findings(backfill: Backfill, act: Act) -> list[Finding]:
    """A sheet, of a backfill that has one; none that was entered before."""
    if not backfill.by_sheet:
        return [_another_way()]
    sent = _sent(act)
    if sent is None:
        return []
    again = Backfill.objects.filter(file_sha256=sent.sha256, state__in=ENDED_WELL).exclude(pk=backfill.pk)
    owner = {f"{backfill.owner.column}_id": backfill.owner.pk}
    other = again.filter(**owner).order_by("-pk").first()
    if other is None:
        return []
    words = {"n": other.number, "s": other.get_state_display(), "d": clock.local(other.changed_at).date()}
    message = _("同一份表格已上传过（%(n)s，%(s)s，%(d)s），不能重复导入。") % words
    facts = {"backfill": other.number, "sha256": sent.sha256, "most": MAX_BYTES}
    return [Finding("", "hard", message, facts, _("请上传另外的表格，或放弃本次补录。"), field="file")]


def _another_way() -> Finding:
    return Finding("", "hard", _("本次补录不是用这种方式办理的。"))


def form_findings(backfill: Backfill, act: Act) -> list[Finding]:
    """The whole form, and everything that the check of a row says of it; what is only remarked blocks nothing."""
    if backfill.by_sheet:
        return [_another_way()]
    given = backfill.form_answers(FORM)
    answers, findings = clean(backfill.form_spec(FORM), given, resolver=backfill.resolver(act.actor))
    if any(finding.blocks for finding in findings):
        return findings
    written, _check = work.check_form(backfill, answers)
    return findings + [
        Finding(
            fault.clause,
            "hard" if fault.blocking else "info",
            fault.message,
            {"value": fault.value} if fault.value else {},
            form=FORM,
            field=field_of(fault.key),
        )
        for fault in written.faults
    ]


def field_of(key: str) -> str:
    """The form's field of a column: those of the evaluations so far stand in one table."""
    name, _sign, number = key.rpartition("_")
    return f"grades-{int(number) - 1}-{name}" if number.isdecimal() else key


def no_rows_in(backfill: Backfill, act: Act) -> list[Finding]:
    """What has been entered in part is not given up as if nothing were in."""
    if not backfill.recognitions.exists():
        return []
    return [Finding("", "hard", _("已有基地写入台账，不能放弃；可继续导入，或结束导入。"))]


def _clerk(backfill: Backfill):
    """Whoever enters bases for the owner, to be told that the work in the background is done."""
    role = "officer" if backfill.owner.kind == "department" else "graduate_office"
    return Membership.objects.of(backfill.owner, role)


@moves_of(Backfill)
class BackfillMoves:
    """A form is handed in; a sheet is checked until nothing is wrong with it, then confirmed, then entered as a whole."""

    @move(
        source="draft",
        target="entered",
        label=lazy("提交补录"),
        permission="bases.backfill",
        primary=True,
        conditions=[form_findings],
        confirm=lazy("提交后基地写入台账，与经申报设立的基地同样管理。"),
    )
    def enter_one(self: Backfill, act: Act) -> None:
        """Enter the base of the form."""
        answers, _findings = clean(self.form_spec(FORM), self.form_answers(FORM), resolver=self.resolver(act.actor))
        recognition = work.enter_form(self, answers, act.actor)
        self.entered_on, self.number_of_rows, self.title = act.on, 1, recognition.base.name[:200]
        act.facts |= {"recognition": recognition.pk, "number": recognition.number}

    @move(
        source=["draft", "faulty", "checked"],
        target="checking",
        label=lazy("上传并检查"),
        permission="bases.backfill",
        form=sheet_form,
        conditions=[sheet_findings],
    )
    def check_sheet(self: Backfill, act: Act) -> None:
        """Send a sheet in, to be read and checked in the background; nothing is entered."""
        sent = _sent(act)
        self.document, self.file_sha256 = sent, sent.sha256
        self.file_problems, self.number_of_rows, self.number_of_faults, self.number_of_remarks = [], 0, 0, 0
        act.task("bases.existing.tasks.check_sheet", backfill=self.pk)

    @move(source="checking", target="faulty", label=lazy("检查发现错误"), permission="", system=True, hidden=True)
    def note_faults(self: Backfill, act: Act) -> None:
        """The check has found faults: all of them stand with the rows."""
        act.facts |= {"rows": self.number_of_rows, "faults": self.number_of_faults}
        act.notify(_clerk(self), _("存量补录检查完毕：有%(n)s处错误") % {"n": self.number_of_faults}, self.title)

    @move(source="checking", target="checked", label=lazy("检查通过"), permission="", system=True, hidden=True)
    def note_clean(self: Backfill, act: Act) -> None:
        """Nothing is wrong with the sheet."""
        act.facts |= {"rows": self.number_of_rows, "remarks": self.number_of_remarks}
        act.notify(
            _clerk(self), _("存量补录检查通过：共%(n)s个基地，待确认导入") % {"n": self.number_of_rows}, self.title
        )

    @move(
        source=["checked", "halted"],
        target="entering",
        label=lazy("确认导入"),
        permission="bases.backfill",
        primary=True,
        confirm=lazy("导入后基地写入台账，与经申报设立的基地同样管理。"),
    )
    def enter(self: Backfill, act: Act) -> None:
        """Have the rows entered that are not in yet."""
        act.task("bases.existing.tasks.enter_sheet", backfill=self.pk, membership=act.actor.membership_id)

    @move(source="entering", target="entered", label=lazy("导入完成"), permission="", system=True, hidden=True)
    def finish(self: Backfill, act: Act) -> None:
        """All of it is in."""
        self.entered_on = act.on
        act.facts |= {"rows": self.number_of_rows}
        act.notify(_clerk(self), _("存量补录导入完成：%(n)s个基地已写入台账") % {"n": self.number_of_rows}, self.title)

    @move(
        source="entering",
        target=GET_STATE(lambda self, act: self.goes_to, states=["faulty", "halted"]),
        label=lazy("导入停止"),
        permission="",
        system=True,
        hidden=True,
    )
    def stop(self: Backfill, act: Act) -> None:
        """Something speaks against rows that nobody knew when the sheet was checked."""
        entered = self.rows.exclude(recognition=None).count()
        self.goes_to = "halted" if entered else "faulty"
        act.facts |= {"entered": entered, "rows": self.number_of_rows}
        words = {"m": entered, "n": self.number_of_rows}
        act.notify(_clerk(self), _("存量补录导入停止：已写入%(m)s个，共%(n)s个") % words, self.title)

    @move(
        source="halted",
        target="entered",
        label=lazy("结束导入"),
        permission="bases.backfill",
        form=give_reason,
        confirm=lazy("已写入台账的保留，其余各行不再导入；以后可另行补录。"),
    )
    def close(self: Backfill, act: Act) -> None:
        """Leave out the rows that are not in; those that are in stay."""
        self.entered_on = act.on
        act.facts |= {"entered": self.rows.exclude(recognition=None).count(), "rows": self.number_of_rows}

    @move(
        source=["draft", "faulty", "checked"],
        target="discarded",
        label=lazy("放弃"),
        permission="bases.backfill",
        conditions=[no_rows_in],
        confirm=lazy("放弃后本次补录不能再办理，可另行开始。"),
    )
    def discard(self: Backfill, act: Act) -> None:
        """Give it up; nothing of it is in."""
        ledger.settle_case(self)
