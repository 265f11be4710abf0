"""催办: a reminder to whoever has the case now, at most once a day from each unit for each step."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from casework.access import seen_case
from casework.models import Step
from casework.permissions import asked
from casework.steps import places
from core import clock, outbox
from core.door import record_event
from core.language import in_source_language, listed
from core.models import TransitionLog
from tenants import roles

# People who look on, or review: it is not theirs to press.
SILENT = roles.READING_ROLES | {"expert"}


def may_remind(membership) -> bool:
    """Whether the reader is somebody who may remind others at all."""
    return membership is not None and membership.role not in SILENT


@require_POST
def remind(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Remind the holders of every open step of a case that are not the reader's own unit."""
    case = seen_case(request, kind, pk)
    if not may_remind(request.membership):
        raise Http404
    steps = (
        Step.objects.filter(case_kind=kind, case_id=pk, round=case.round, state="open")
        .exclude(unit_id=request.membership.organisation_id)
        .select_related("unit")
    )
    told = [unit for unit in (_remind_of(request.membership, case, step) for step in steps) if unit]
    if told:
        messages.success(request, _("已催办：%(who)s。") % {"who": listed(told)})
    else:
        messages.info(request, _("今天已催办过，或当前环节不在其他单位。"))
    return redirect(case.get_absolute_url())


def _remind_of(membership, case, step: Step) -> str:
    """Remind of one step; "" if this unit has done so today. Returns the unit's name."""
    with in_source_language(), transaction.atomic():
        type(case)._base_manager.select_for_update(of=("self",)).get(pk=case.pk)  # two clicks: one reminder
        before = TransitionLog.about(case).filter(
            transition="remind",
            step_key=step.key,
            organisation_id=membership.organisation_id,
            on=clock.today(),
        )
        members = asked(step)
        if not members or before.exists():
            return ""
        outbox.notify(
            members,
            _("【催办】%(title)s：%(step)s") % {"title": case.title, "step": step.title},
            _("%(unit)s %(who)s 提醒您办理。%(due)s")
            % {
                "unit": membership.organisation_name,
                "who": membership.name,
                "due": _("办理时限：%(day)s") % {"day": step.due_on.isoformat()} if step.due_on else "",
            },
            places.page_of(case, step),
            key=f"remind:{step.pk}:{membership.organisation_id}:{clock.today().isoformat()}",
            case=case,
            asks=f"step:{step.pk}",
        )
        record_event(case, "remind", _("催办"), membership, step_key=step.key, step_title=step.title)
    return step.unit.display_name
