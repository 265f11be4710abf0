"""The work behind a backfill: reading and checking its sheet, and entering its rows, all or nothing.

PostgreSQL enters everything in one transaction. SQLite has one writer at a time: there each part of 500 rows is a
transaction of its own, so that nobody waits for thousands, after a check of all of them. A part that fails (somebody
entered the same base meanwhile) stops the work with what is in named row by row, and it is resumed from there.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from bases.existing import columns, progress
from bases.existing.checking import Check
from bases.existing.entering import Entering
from bases.existing.rows import Fault, Written, by_row, of_form, of_sheet_row
from bases.models import Agreement, Backfill, BackfillRow, Recognition
from bases.signing import RECORDED
from core.door import DoorError, SystemActor, perform
from core.forms import store
from core.models import Document
from core.spreadsheets import SheetRow, read_table

PART = 500


def parts(rows: Sequence) -> Iterator[Sequence]:
    """The rows in parts of PART."""
    return (rows[start : start + PART] for start in range(0, len(rows), PART))


# --- one by one -----------------------------------------------------------------------------------------------------


def check_form(backfill: Backfill, answers: dict[str, Any]) -> tuple[Written, Check]:
    """The check of the form's answers."""
    written, check = of_form(answers), Check(backfill)
    check.run([written])
    return written, check


def enter_form(backfill: Backfill, answers: dict[str, Any], actor: Any) -> Recognition:
    """Enter the base of a form that has been checked, inside the move's transaction."""
    _written, check = check_form(backfill, answers)
    recognition = Entering(backfill, actor).enter(list(check.ready.values()))[0]
    agreement = recognition.agreements.first()
    if agreement is not None and answers.get("scan"):
        _hand_scan_over(backfill, agreement, answers["scan"], actor)
    return recognition


def _hand_scan_over(backfill: Backfill, agreement: Agreement, pks: Sequence[int], actor: Any) -> None:
    """The scan that came with the form is the agreement's text: rows of its own for the same files."""
    sent = Document.about(backfill).filter(pk__in=pks).order_by("pk")
    made = []
    for document in sent:
        document.pk, document.uid, document._state.adding = None, uuid.uuid4(), True
        document.case_kind, document.case_id, document.purpose = agreement.case_kind, agreement.pk, "scan"
        document.save()
        made.append(document.pk)
    row = store.load(agreement, RECORDED)
    store.save(agreement, RECORDED, agreement.round, {**row.answers, "scan": made}, row.revision, actor)


# --- reading and checking a sheet -------------------------------------------------------------------------------------


def check_sheet(pk: int) -> None:
    """Read the sheet and say everything that is wrong with it. Changes nothing but what stands on the backfill; may be
    done twice."""
    backfill = Backfill.objects.select_related("document").get(pk=pk)
    if backfill.state != "checking":
        return
    progress.begin(pk)
    asked = columns.sheet_columns(backfill)
    with backfill.document.file.open("rb") as file:
        read, problems = read_table(file.read(), asked)
    faults = by_row(problems, {column.title: column.key for column in asked})
    rows = [_written(row, faults.get(row.number, [])) for row in read]
    whole = [
        fault.as_data() for number in sorted(faults.keys() - {row.number for row in rows}) for fault in faults[number]
    ]
    if not rows and not whole:
        whole.append(Fault("", _("表格中没有填写任何基地。")).as_data())
    if not any(blocking for _key, _message, _value, blocking, _clause in whole):
        _check_all(backfill, rows, lambda done: progress.tell(pk, "checking", done, len(rows)))
    _keep(backfill, rows)
    with transaction.atomic():
        faulty = [fault for row in rows for fault in row.faults if fault.blocking]
        remarks = [fault for row in rows for fault in row.faults if not fault.blocking]
        Backfill.objects.filter(pk=pk).update(
            file_problems=whole,
            number_of_rows=len(rows),
            number_of_faults=len(faulty) + sum(bool(fault[3]) for fault in whole),
            number_of_remarks=len(remarks) + sum(not fault[3] for fault in whole),
        )
        fits = not faulty and not any(fault[3] for fault in whole)
        perform(backfill, "note_clean" if fits else "note_faults", SystemActor())


def _written(row: SheetRow, faults: Sequence[Fault]) -> Written:
    written = of_sheet_row(row)
    written.values.pop(columns.CHECKED, None)
    written.faults += [fault for fault in faults if fault.key != columns.CHECKED]
    return written


def _check_all(backfill: Backfill, rows: Sequence[Written], told: Callable[[int], None]) -> Check:
    check, done = Check(backfill), 0
    for part in parts(rows):
        check.run(part)
        done += len(part)
        told(done)
    return check


def _keep(backfill: Backfill, rows: Sequence[Written]) -> None:
    """The rows with their faults in the place of those of an earlier sheet, part by part."""
    BackfillRow.objects.filter(backfill=backfill).delete()
    for part in parts(rows):
        BackfillRow.objects.bulk_create(
            BackfillRow(
                backfill=backfill,
                number=row.number,
                values=row.values,
                problems=[fault.as_data() for fault in row.faults],
                faulty=row.faulty,
            )
            for row in part
        )


# --- entering -------------------------------------------------------------------------------------------------------


class Stopped(Exception):
    """Something speaks against rows: they stand in `rows`, or the reason against all of them in the message."""

    def __init__(self, rows: Sequence[Written] = (), message: str = ""):
        self.rows, self.message = rows, message
        super().__init__(message)


def enter_sheet(pk: int, actor: Any) -> None:
    """Enter the rows that are not in yet. May be done twice, and by two workers."""
    backfill = Backfill.objects.get(pk=pk)
    if backfill.state != "entering":
        return
    progress.begin(pk)
    try:
        with transaction.atomic() if connection.vendor == "postgresql" else nullcontext():
            _enter(backfill, actor)
    except Stopped as stopped:
        _stop(backfill, stopped.rows, stopped.message)
    except DoorError as error:  # their role has ended since, say
        _stop(backfill, (), str(error))


def _enter(backfill: Backfill, actor: Any) -> None:
    """Check everything once more, then enter part by part: inside one transaction the whole, else each part its own."""
    pk = backfill.pk
    with transaction.atomic():
        if _locked(pk) is None:
            return
        rows = [Written(row.number, row.values) for row in _left(pk)]
    total = BackfillRow.objects.filter(backfill=pk).count()
    _check_all(backfill, rows, lambda done: progress.tell(pk, "checking", done, len(rows)))
    if any(row.faulty for row in rows):
        raise Stopped(rows)
    entering, done = Entering(backfill, actor), total - len(rows)
    for part in parts(rows):
        with transaction.atomic():
            if _locked(pk) is None:
                return
            _enter_part(backfill, entering, part)
        done += len(part)
        progress.tell(pk, "entering", done, total)
    with transaction.atomic():
        if _locked(pk) is not None:
            perform(backfill, "finish", SystemActor())


def _enter_part(backfill: Backfill, entering: Entering, part: Sequence[Written]) -> None:
    """Enter those of the rows that are not in yet. Raises Stopped where something has come between check and entry."""
    there = {row.number: row for row in _left(backfill.pk).filter(number__in=[row.number for row in part])}
    wanted, check = [Written(number, row.values) for number, row in there.items()], Check(backfill)
    check.run(wanted)
    if any(row.faulty for row in wanted):
        raise Stopped(wanted)
    for number, recognition in entering.enter([check.ready[row.number] for row in wanted]).items():
        there[number].recognition = recognition
    BackfillRow.objects.bulk_update(there.values(), ["recognition"])


def _locked(pk: int) -> Backfill | None:
    """The backfill under its lock, or None where another worker has finished it."""
    backfill = Backfill.locked(pk)
    return backfill if backfill is not None and backfill.state == "entering" else None


def _left(pk: int):
    return BackfillRow.objects.filter(backfill=pk, recognition=None).order_by("number")


def _stop(backfill: Backfill, rows: Sequence[Written], message: str = "") -> None:
    """What speaks against rows, or against all of them, now stands with the backfill; nothing further is entered."""
    whole = [Fault("", message).as_data()] if message else []
    with transaction.atomic():
        numbers = {row.number: row for row in rows if row.faults}
        kept = list(_left(backfill.pk).filter(number__in=numbers))
        for row in kept:
            row.problems = [fault.as_data() for fault in numbers[row.number].faults]
            row.faulty = numbers[row.number].faulty
        BackfillRow.objects.bulk_update(kept, ["problems", "faulty"])
        faults = sum(fault.blocking for row in rows for fault in row.faults) + len(whole)
        Backfill.objects.filter(pk=backfill.pk).update(number_of_faults=faults, file_problems=whole)
        perform(backfill, "stop", SystemActor())
