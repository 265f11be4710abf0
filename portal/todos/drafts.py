"""Drafts: those sent back, those not handed in yet, and the parts that a partner unit fills in."""

from __future__ import annotations

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Application
from casework.models.regulated import with_regulation
from casework.models.routed import RoutedCase
from core import door, ledger
from core.forms.completeness import is_filled, is_needed
from core.models import FormAnswer
from portal.queries.words import kind_label
from portal.todos import owed
from portal.todos.rows import Line, Todo, lines
from portal.todos.source import LIMIT, Source, register

DRAFTERS = {"secretary", "dean", "applicant", "graduate_office"}
FILING = DRAFTERS | {"contact", "partner_leader"}  # of an application of their own unit's
FILLING = {"contact", "partner_leader"}


def drafted_kinds() -> list[type[RoutedCase]]:
    """The kinds of case that are drafted, sent back and corrected."""
    return [model for model in door.kinds().values() if issubclass(model, RoutedCase)]


def of_case(case, step: str, action: str, **more) -> Todo:
    """A to-do about a case that is at hand."""
    about = {"number": case.number, "url": case.get_absolute_url(), "since": case.changed_at}
    return Todo(kind_label(case.case_kind), case.title, case.case_kind, case.pk, step, action=action, **about | more)


def _drafts(model: type[RoutedCase], membership) -> QuerySet | None:
    """The drafts of a kind that the reader's unit works on; None where its people never do."""
    column = membership.organisation.column
    own = {f"{column}_id": membership.organisation_id}
    if model is Application:
        return model.objects.filter(**own, filed_by=column, state="draft")
    if not DRAFTERS & membership.acting_roles:
        return None
    if model.DRAFTED_BY is None:
        if column == "university":
            own["college"] = None
    elif not any(kind == membership.kind and membership.acts_as({role}) for kind, role in model.DRAFTED_BY):
        return None
    return model.objects.filter(**own, state="draft")


@register
class Drafts(Source):
    """Drafts of the reader's own unit: sent back for correction, or not handed in yet; but for those that a row of the
    ledger asks the reader for."""

    code = "draft"
    acts = frozenset({"submit", "withdraw", "abandon"})

    def lines(self, membership):
        if not FILING & membership.acting_roles:
            return []
        asked = ledger.owed_by(membership).filter(kind__in=owed.ASKS, case_id=OuterRef("pk"))
        back = Case(
            When(Q(round__gt=1) | Q(correction_due__isnull=False), then=Value(True)),
            default=Value(False),
        )
        return [
            lines(
                rows.exclude(Exists(asked.filter(case_kind=model.case_kind))),
                self.code,
                case_kind=Value(model.case_kind),
                case_id="pk",
                case_title="title",
                number="number",
                since="changed_at",
                due="correction_due",
                returned=back,
            )
            for model in drafted_kinds()
            if (rows := _drafts(model, membership)) is not None
        ]

    def todo(self, line: Line) -> Todo:
        if line.returned:
            return line.todo(_("退回修改"), _("去修改"))
        return line.todo(_("填报"), _("继续填写"))


@register
class Parts(Source):
    """Drafts in which the reader's partner unit has sections of its own that are not complete. Two queries."""

    code = "part"

    def todos(self, membership) -> list[Todo]:
        if membership.kind != "partner" or not FILLING & membership.acting_roles:
            return []
        drafts = Application.objects.visible_to(membership).filter(state="draft").exclude(filed_by="partner")
        cases = list(with_regulation(drafts).select_related("college").order_by("pk")[:LIMIT])
        answers = {
            (answer.case_id, answer.form, answer.round): answer.answers
            for answer in FormAnswer.objects.filter(
                case_kind=Application.case_kind, case_id__in=[case.pk for case in cases]
            )
        }
        return [
            of_case(
                case,
                _("填写本单位的部分"),
                _("去填写"),
                url=reverse("case_form", args=[case.case_kind, case.pk, case.form_keys()[0]]),
                due=case.correction_due,
                returned=case.round > 1 or case.correction_due is not None,
            )
            for case in cases
            if _is_incomplete(case, membership, answers)
        ]


def _is_incomplete(case: Application, membership, answers: dict) -> bool:
    for key in case.form_keys():
        own = case.editable_sections(key, membership)
        given = answers.get((case.pk, key, case.round), {})
        fields = (field for part in case.form_spec(key).sections if part.key in own for field in part.fields)
        if any(is_needed(field, given) and not is_filled(field, given.get(field.key)) for field in fields):
            return True
    return False
