"""Steps that have no last day and wait for long: their holders are reminded of them, once."""

from __future__ import annotations

import datetime as dt

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from casework.models import Step
from core import clock, ledger
from core.language import in_source_language
from core.ledger import people
from core.models import LedgerEntry

KIND = "step_waiting"


@ledger.planner
def plan(on: dt.date) -> None:
    """Enter every open step without a last day that has waited as long as its unit lets pass. No text gives the number:
    the unit's own, else the portal's. Two queries and those of the rows that are new."""
    named = LedgerEntry.objects.filter(key=OuterRef("name"))
    name = Concat(Value("step:"), Cast("pk", CharField()), output_field=CharField())
    steps = Step.objects.annotate(name=name).filter(state="open", due_on=None, opened_at__isnull=False)
    steps = steps.exclude(unit=None).exclude(Exists(named))
    patience: dict[int, int] = {}
    for step in steps.order_by("pk").iterator(chunk_size=500):
        if step.unit_id not in patience:
            patience[step.unit_id] = min(people.directory.stages(step.unit_id, KIND, on))
        opened = clock.local(step.opened_at).date()
        day = opened + dt.timedelta(days=patience[step.unit_id])
        if day <= on:
            _owe(step, opened, day, patience[step.unit_id])


def _owe(step: Step, opened: dt.date, day: dt.date, number: int) -> None:
    with in_source_language():
        title = _("%(step)s已停留%(n)s天：%(case)s") % {"step": step.title, "n": number, "case": step.case_title}
    entry = ledger.owe(
        f"step:{step.pk}",
        kind=KIND,
        title=title,
        due_on=day,
        organisation_id=step.unit_id,
        role=step.role,
        membership=step.assignee_id,
        remind_days=0,
        counted={"from": opened.isoformat(), "number": number, "unit": "days"},
    )
    LedgerEntry.objects.filter(pk=entry.pk).update(
        case_kind=step.case_kind, case_id=step.case_id, case_title=step.case_title[:200]
    )
