"""Stamped papers that came back and wait to be compared by the reader: as to-dos, as a list, and one after another."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat

from casework.models import Override, Step
from casework.models.effects import SCAN_RULE
from casework.models.routed import RoutedCase
from casework.permissions import CLERKS
from core import door
from core.models import StampedCopy


def _takes_scans_in(membership) -> str:
    """The column of the cases whose stamped papers the membership compares; "" where it compares none."""
    if membership is None or not membership.usable():
        return ""
    kind = membership.organisation.kind
    office = kind in ("department", "university") and CLERKS[kind] in membership.acting_roles
    return membership.organisation.column if office else ""


def steps_to_compare(membership) -> QuerySet[Step]:
    """The steps of the present round whose stamped paper waits for the reader, while their case is under way."""
    column = _takes_scans_in(membership)
    if not column:
        return Step.objects.none()
    where = Q(pk__in=[])
    for model in (model for model in door.kinds().values() if issubclass(model, RoutedCase)):
        under_way = model.objects.filter(
            pk=OuterRef("case_id"),
            round=OuterRef("round"),
            state__in=model.STAGES,
            **{f"{column}_id": membership.organisation_id},
        )
        where |= Q(Exists(under_way), case_kind=model.case_kind)
    return Step.objects.filter(where, state="done", scan="to_match")


def supplied_to_compare(membership) -> QuerySet[Override]:
    """The exceptions whose stamped paper was let wait, has come, and waits for the reader, who let it wait."""
    if membership is None:
        return Override.objects.none()
    return Override.objects.filter(
        unit_id=membership.organisation_id,
        role__in=membership.acting_roles,
        state="granted",
        rule__startswith=SCAN_RULE,
        supplied_on__isnull=False,
        settled_on=None,
    )


def scans_to_compare(membership) -> QuerySet[StampedCopy]:
    """The scans behind both, the last of each step's row (parties may have steps of one key): with `case_kind`,
    `case_id`, `case_title`, `case_number`, `step_title`, `unit_kind` and `unit_name` (of whose paper it is) beside them."""
    whose = Step.objects.filter(pk=OuterRef("step_id"))
    steps = steps_to_compare(membership).filter(pk=OuterRef("step_id"))
    late = supplied_to_compare(membership).filter(
        subject_kind=OuterRef("paper__case_kind"),
        subject_id=OuterRef("paper__case_id"),
        rule=Concat(Value(SCAN_RULE), OuterRef("step_key")),
        requester_id=OuterRef("unit"),
    )
    same = StampedCopy.objects.filter(step_id=OuterRef("step_id"), state="to_match")
    shown = {
        "case_title": "case_title",
        "case_number": "case_number",
        "step_title": "title",
        "unit_kind": "unit__kind",
        "unit_name": "unit__name",
    }
    return (
        StampedCopy.objects.annotate(unit=Subquery(whose.values("unit_id")[:1]))
        .filter(Q(Exists(steps)) | Q(Exists(late)), ~Exists(same.filter(pk__gt=OuterRef("pk"))), state="to_match")
        .annotate(**{name: Subquery(whose.values(path)[:1]) for name, path in shown.items()})
    )
