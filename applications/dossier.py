"""The form of an application: as its profile declares it, who fills in which part, what is copied to columns."""

from __future__ import annotations

from django.db.models import Q

from casework.resolver import CaseResolver
from core.forms.plain import plain_id
from regulations import catalogues
from regulations.prefill import prefilled
from tenants.models import Organisation

UNNAMED = "未命名基地"  # the title that is kept of a draft begun without one


def form_spec(application, form_key: str):
    """The parsed form of the application's profile."""
    return application.profile.forms[form_key]


def copy_columns(application, form_key: str, answers: dict) -> None:
    """Copy partner, category and leader to the columns that lists filter and scoping reads.

    Which field holds them follows from the fields' types: the form's partner-unit field, its catalogue field (or
    the first row of the table that has one), its field of the key "leader".
    """
    spec = form_spec(application, form_key)
    columns: dict = {}
    catalogue = ""
    for field in (field for section in spec.sections for field in section.fields):
        value = answers.get(field.key)
        if field.type == "organisation" and "partner" in (field.kinds or ()):
            if application.filed_by == "partner":  # it applies for itself, whatever the field says
                continue
            chosen = Organisation.objects.filter(pk=plain_id(value), kind="partner", active=True)
            columns["partner"] = chosen.first()
        elif field.type == "catalogue" and field.catalogue != catalogues.PLACES and "category_code" not in columns:
            catalogue = field.catalogue
            columns["category_code"] = str(value or "")[:10]
            columns["category_name"] = str(answers.get(field.name_key) or "")[:60] if field.name_key else ""
        elif field.type == "table" and "category_code" not in columns:
            codes = (column for column in field.columns if column.type == "catalogue")
            code = next((column for column in codes if column.catalogue != catalogues.PLACES), None)
            rows = [row for row in value or [] if isinstance(row, dict)] if code else []
            if code and rows:
                catalogue = code.catalogue
                columns["category_code"] = str(rows[0].get(code.key) or "")[:10]
                columns["category_name"] = str(rows[0].get(code.name_key) or "")[:60] if code.name_key else ""
        elif field.key == "leader":
            columns["leader_name"] = str(value or "")[:60]
        elif field.key == "base_name" and value:
            columns["title"] = str(value)[:200]
    if columns.get("category_code") and not columns.get("category_name"):
        columns["category_name"] = catalogues.entries(catalogue).get(columns["category_code"], "")[:60]
    for name, value in columns.items():
        setattr(application, name, value)
    if columns:
        type(application).objects.filter(pk=application.pk).update(**columns)


DRAFTERS, PARTNERS = {"secretary", "applicant"}, {"contact", "partner_leader"}


def files(actor, application) -> bool:
    """Whether the actor stands in the organisation that applies."""
    column = actor.organisation.column
    return application.filed_by == column and getattr(application, f"{column}_id") == actor.organisation_id


# Who hands an application in, by the column whose organisation applies; the clerk first.
FILERS = {"college": ("secretary",), "university": ("graduate_office",), "partner": ("contact", "partner_leader")}


def whose(application) -> list[tuple]:
    """The organisation that applies, with the roles that hand in for it."""
    return [(application.filer, FILERS[application.filed_by])]


def applies_for_itself(actor, application) -> bool:
    """The same of a university or a unit from outside that applies itself, and for no college."""
    return application.filed_by != "college" and files(actor, application)


class OwnUnit(CaseResolver):
    """A unit that applies itself names no other unit from outside."""

    def _nameable(self):
        return super()._nameable().exclude(~Q(pk=self.case.partner_id), kind="partner")


def resolver(application, actor) -> CaseResolver:
    """What the application's forms may name."""
    return (OwnUnit if application.filed_by == "partner" else CaseResolver)(application, actor)


def first_answers(application, form_key: str) -> dict:
    """What a form starts with: what the profile fills in beforehand, the name given when the draft was begun, and where a
    unit applies itself, that unit."""
    if form_key not in application.form_keys():
        return {}
    known = prefilled(application.profile, application, application.profile.apply.prefill)
    for field in (field for section in form_spec(application, form_key).sections for field in section.fields):
        if field.key == "base_name" and application.title != UNNAMED:
            known[field.key] = application.title
        elif field.type == "organisation" and "partner" in (field.kinds or ()) and application.filed_by == "partner":
            known[field.key] = application.partner_id
    return known


def editable_sections(application, form_key: str, actor) -> set[str]:
    """Sections that the actor's role may fill in: while drafting, and those of a return only where it names some. For a
    partner unit that keeps to paper the drafter enters its sections too."""
    if application.state != "draft" or form_key not in application.form_keys():
        return set()
    if not actor.may("applications.fill_in", application):
        return set()
    open_to, drafter = set(), actor.role in DRAFTERS or applies_for_itself(actor, application)
    on_paper = application.partner is not None and application.partner.paper_only
    for section in form_spec(application, form_key).sections:
        who = set(section.filled_by or ())
        mine = {
            actor.role,
            f"{actor.role}@{actor.organisation.kind}",
            f"{actor.organisation.column}.{actor.role}",
        }
        theirs = DRAFTERS | PARTNERS if on_paper else DRAFTERS
        if (not who and drafter) or who & mine or (drafter and who & theirs):
            open_to.add(section.key)
    return open_to
