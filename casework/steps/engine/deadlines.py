"""The day by which a step is to be done, and what the ledger does where it passes in silence."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from casework.models import Step
from casework.models.routed import RoutedCase
from core import ledger
from core.calendar import add_months, working_days_after
from core.door import Act
from core.models import LedgerEntry
from regulations.settings import figure
from tenants.models import Organisation


def owe(case: RoutedCase, step: Step, declared, act: Act) -> None:
    """Start the clock of a step that opens, or opens again: due days from today, and what silence means then."""
    reckoned = reckon(case, declared, act.now.date(), step.unit)
    step.due_on = reckoned.day if reckoned else None
    step.due_estimated = bool(reckoned and reckoned.estimated)
    step.save(update_fields=["due_on", "due_estimated"])
    if reckoned is None:
        return
    key = f"step:{step.pk}"
    ledger.owe(
        key,
        kind="step",
        title=f"{step.title}：{case.title}",
        due_on=step.due_on,
        organisation_id=step.unit_id,
        role=step.role,
        membership=step.assignee_id,
        case=case,
        remind_days=3,
        clause=declared.due.clause or step.clause,
        handler="" if declared.silence == "none" else f"silence_{declared.silence}",
        payload={"step": step.pk},
        counted=reckoned.counted,
        estimated=reckoned.estimated,
    )
    ledger.reopen(key)


class Reckoned(NamedTuple):
    """The day by which a step is to be done, and how it was found (`LedgerEntry.counted`)."""

    day: dt.date
    counted: dict
    estimated: bool = False


def reckon(case: RoutedCase, declared, on: dt.date, unit: Organisation | None) -> Reckoned | None:
    """The last day of a step opened on `on`, or None where neither the text nor a setting of the `unit` says."""
    for name in ("days", "working_days", "months") if declared.due is not None else ():
        value = getattr(declared.due, name)
        if value is None:
            continue
        number = figure(case.profile, value, unit, on)
        if not number:
            return None
        counted = {"from": on.isoformat(), "number": number, "unit": name}
        if name == "working_days":
            day, estimated = working_days_after(on, number, organisation_id=unit.pk if unit else None)
            return Reckoned(day, counted, estimated)
        return Reckoned(add_months(on, number) if name == "months" else on + dt.timedelta(days=number), counted)
    return None


def recount(unit_ids: list[int]) -> int:
    """Reckon anew the last days of these units' open steps that were estimated: their table of working days has changed.
    Returns how many days moved."""
    rows = LedgerEntry.objects.filter(kind="step", estimated=True, done_at=None, organisation_id__in=unit_ids)
    moved = 0
    for pk in list(rows.values_list("pk", flat=True)):
        with transaction.atomic():
            entry = rows.filter(pk=pk).select_for_update().first()
            step = Step.objects.filter(pk=entry.payload["step"], state="open").first() if entry else None
            if step is None:
                continue
            start = dt.date.fromisoformat(entry.counted["from"])
            day, estimated = working_days_after(start, entry.counted["number"], organisation_id=entry.organisation_id)
            if (day, estimated) == (entry.due_on, entry.estimated):
                continue
            moved += day != entry.due_on
            by = day - entry.due_on
            LedgerEntry.objects.filter(pk=pk).update(due_on=day, remind_on=entry.remind_on + by, estimated=estimated)
            Step.objects.filter(pk=step.pk).update(due_on=day, due_estimated=estimated)
    return moved


@ledger.handler("silence_positive", says=lazy("办理时限%(day)s已过，按办法逾期未表态视为同意（%(clause)s）。"))
@ledger.handler("silence_negative", says=lazy("办理时限%(day)s已过，按办法逾期未表态视为不同意（%(clause)s）。"))
def by_silence(entry, on: dt.date) -> None:
    """The day after a step's due day: the ledger lets the case go on through the door."""
    words = {
        "silence_positive": _("办理时限%(day)s已过，逾期未表态，按办法视为同意。"),
        "silence_negative": _("办理时限%(day)s已过，逾期未表态，按办法视为不同意。"),
    }
    reason = words[entry.handler] % {"day": entry.due_on.isoformat()}
    if entry.clause:
        reason += _("依据：%(clause)s。") % {"clause": entry.clause}
    ledger.carry_out(entry, "lapse", {"lapse": entry.payload["step"], "reason": reason})
