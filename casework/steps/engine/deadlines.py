"""The day by which a step is to be done, and what the ledger does where it passes in silence."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from casework.models import Step
from casework.models.routed import RoutedCase
from core import ledger
from core.calendar import add_months, working_days_after
from core.door import Act
from regulations.settings import figure
from tenants.models import Organisation


def owe(case: RoutedCase, step: Step, declared, act: Act) -> None:
    """Start the clock of a step that opens, or opens again: due days from today, and what silence means then."""
    step.due_on = due_day(case, declared, act.now.date(), step.unit)
    step.save(update_fields=["due_on"])
    if step.due_on is None:
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
    )
    ledger.reopen(key)


def due_day(case: RoutedCase, declared, on: dt.date, unit: Organisation | None) -> dt.date | None:
    """The day by which a step opened on `on` is to be done, or None where neither the text nor a setting of the `unit`
    says."""
    if declared.due is None:
        return None
    for name, count in (
        ("days", lambda n: on + dt.timedelta(days=n)),
        ("working_days", lambda n: working_days_after(on, n)[0]),
        ("months", lambda n: add_months(on, n)),
    ):
        value = getattr(declared.due, name)
        if value is None:
            continue
        number = figure(case.profile, value, unit, on)
        return count(number) if number else None
    return None


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
