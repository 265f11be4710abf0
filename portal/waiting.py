"""What waits for somebody although no step of a route is open for it: a draft's own parts, an agreement to be signed."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from applications.models import Application
from bases.models import Agreement
from casework.models import Step
from casework.models.regulated import with_regulation
from casework.permissions import CLERKS
from core import door
from core.forms.completeness import is_filled, is_needed
from core.models import FormAnswer

FILLING = {"contact", "partner_leader"}
LIMIT = 100


def parts_to_fill(membership) -> list[Application]:
    """Drafts in which the reader's partner unit has sections of its own that are not complete. Two queries."""
    if membership.kind != "partner" or not FILLING & membership.acting_roles:
        return []
    drafts = Application.objects.visible_to(membership).filter(state="draft")
    rows = list(with_regulation(drafts).select_related("college").order_by("pk")[:LIMIT])
    answers = {
        (answer.case_id, answer.form, answer.round): answer.answers
        for answer in FormAnswer.objects.filter(case_kind=Application.case_kind, case_id__in=[row.pk for row in rows])
    }
    return [row for row in rows if _is_incomplete(row, membership, answers)]


def declarations(rows) -> list[tuple]:
    """The to-dos whose step the case's regulation declares, each with that declaration. A query for each kind."""
    by_kind: dict[str, set[int]] = {}
    for row in rows:
        if row.step_key:
            by_kind.setdefault(row.case_kind, set()).add(row.case_id)
    cases = {
        (kind, case.pk): case
        for kind, ids in by_kind.items()
        for case in with_regulation(door.case_model(kind)._base_manager.filter(pk__in=ids))
    }
    found = []
    for row in rows:
        case = cases.get((row.case_kind, row.case_id)) if row.step_key else None
        declared = next((one for one in case.declared_route() if one.key == row.step_key), None) if case else None
        if declared is not None:
            found.append((row, declared))
    return found


def _is_incomplete(row: Application, membership, answers: dict) -> bool:
    for key in row.form_keys():
        mine = row.editable_sections(key, membership)
        given = answers.get((row.pk, key, row.round), {})
        fields = (one for part in row.form_spec(key).sections if part.key in mine for one in part.fields)
        if any(is_needed(one, given) and not is_filled(one, given.get(one.key)) for one in fields):
            return True
    return False


def on_paper(membership) -> Q:
    """Steps of partner units that keep to paper, for the clerk who enters what they decide."""
    kind = membership.kind
    if kind not in ("college", "university") or CLERKS[kind] not in membership.acting_roles:
        return Q(pk__in=[])
    where = Q(pk__in=[])
    for model in (Application, Agreement):
        ours = model.objects.filter(**{f"{kind}_id": membership.organisation_id})
        if kind == "university":
            ours = ours.filter(college=None)
        where |= Q(case_kind=model.case_kind, case_id__in=ours.values("pk"))
    return where & Q(offline=True, unit__kind="partner", unit__paper_only=True)


def to_sign(membership) -> list[Agreement]:
    """Agreements that the graduate office takes to the seals, or whose signature it enters. One query.

    One made for an application waits for the decision, unless its regulation wants it signed before.
    """
    if membership.kind != "university" or "graduate_office" not in membership.acting_roles:
        return []
    left = Step.objects.filter(
        case_kind=Agreement.case_kind,
        case_id=OuterRef("pk"),
        round=OuterRef("round"),
        state__in=("open", "waiting"),
    )
    rows = Agreement.objects.visible_to(membership).filter(state__in=("confirming", "sealing"))
    rows = with_regulation(rows.exclude(Exists(left)))
    return [row for row in rows.order_by("pk") if _may_be_signed(row)][:LIMIT]


def _may_be_signed(row: Agreement) -> bool:
    declared = row.profile.agreement.order
    before = declared is not None and declared.value == "before_application"
    approved = row.application_id is None or row.recognition_id is not None
    return row.state == "sealing" or before or approved
