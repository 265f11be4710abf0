"""What both have in common: begun on a base as a draft with its form, handed in complete, sent back to the draft."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from bases.models import Recognition
from bases.models.events import BaseEvent
from casework.steps import engine
from core import serials
from core.door import Act, create
from core.findings import Finding
from core.forms import store
from core.forms.clean import clean
from tenants.models import Membership


def begin(recognition: Recognition, model: type[BaseEvent], series: str, act: Act, **more: Any) -> Any:
    """A draft about a base under the base's own regulation version. Before the authority it comes with its first step
    there."""
    title = f"{model.kind_label}：{recognition.base.name}"
    case = create(
        model(
            number=serials.number(series, act.now.year),
            title=title[:200],
            recognition=recognition,
            regulation_version=recognition.regulation_version,
            university=recognition.university,
            college=recognition.college,
            **more,
        ),
        act.actor,
        correlation=act.correlation,
    )
    act.facts[case.case_kind] = case.pk
    return case


def form_findings(case: BaseEvent, act: Act) -> list[Finding]:
    """What the form still lacks, each with the clause of its section."""
    key = case.declaration.form
    _answers, findings = clean(case.form_spec(key), case.form_answers(key), resolver=case.resolver(act.actor))
    return findings


def send_back(case: BaseEvent, act: Act) -> None:
    """A new round for whoever filled the form in, with the reason; the round before stays readable."""
    engine.end_round(case, act)
    before = case.round
    case.round += 1
    store.copy_forward(case, case.declaration.form, before, case.round)
    case.correction_note, case.correction_due = act.raw.get("note") or "", act.raw.get("due") or None
    tell(case, act, _("退回修改：%(case)s") % {"case": case.title}, case.correction_note)


def tell(case: BaseEvent, act: Act, title: str, body: str = "") -> None:
    """Tell the base's own side."""
    units = [pk for pk in (case.university_id, case.college_id) if pk]
    people = Membership.objects.filter(
        organisation_id__in=units, role__in=("graduate_office", "secretary"), state="active"
    )
    act.notify(people.select_related("user"), title, body, case=case)
