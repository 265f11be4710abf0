"""What pages of this room take in: a new call, and a meeting's decision on several cases."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from applications import callplans, specs
from core import clock
from core.findings import Finding
from core.forms.clean import clean
from core.forms.post import from_post
from core.forms.spec import parse_form
from core.language import bracketed
from core.models import Document
from core.uploads import TYPES, CheckedFile, store_document
from regulations import services, wording
from regulations.models import Adoption, RegulationVersion
from tenants.models import Organisation


def call_versions(organisation: Organisation) -> list[RegulationVersion]:
    """The versions under which an organisation may run calls today: those that itself has adopted, whose
    applications are made to a call that a unit of its kind opens."""
    today, versions = clock.today(), []
    for level, _label in Adoption.LEVELS:
        version = services.governing(organisation, level, today)
        if version is None or not services.adopts(organisation.pk, version.regulation_id):
            continue
        apply = version.profile.apply
        if apply is None or apply.form is None or version in versions:
            continue
        opener = apply.call.opened_by if apply.call else None
        if opener is None or opener.unit == organisation.column:
            versions.append(version)
    return versions


def version_label(version: RegulationVersion) -> str:
    """The regulation's name with its version."""
    return bracketed(wording.words(version.profile.head.title), f"{version.regulation.code} {version.number}")


@dataclass
class NewCall:
    """The form of a new call: what was typed, cleaned, and what is wrong with it."""

    actor: Any
    versions: list[RegulationVersion]
    answers: dict = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    values: dict = field(default_factory=dict)

    def __post_init__(self) -> None:
        pairs = [(version.pk, version_label(version)) for version in self.versions]
        self.spec = parse_form(specs.new_call(self.actor, pairs))
        if not self.answers:
            self.answers = self._first()

    def _first(self) -> dict:
        year, organisation = clock.today().year, self.actor.organisation
        return {
            "adoption": str(self.versions[0].pk) if len(self.versions) == 1 else "",
            "title": _("%(y)s年度%(o)s研究生联合培养基地申报")
            % {"y": year, "o": organisation.short_name or organisation.name},
            "year": year,
            "opens_time": "08:00",
            "closes_time": "17:00",
            "contact": self.actor.name,
            "phone": organisation.phone,
        }

    def take(self, post) -> bool:
        """Read and check a POST; whether it can be used."""
        self.answers = from_post(self.spec, post)
        cleaned, self.findings = clean(self.spec, self.answers)
        days, faults = callplans.window(cleaned)
        self.findings += faults
        if any(finding.blocks for finding in self.findings):
            return False
        version = next(version for version in self.versions if str(version.pk) == str(cleaned["adoption"]))
        self.values = {
            "version": version,
            "title": cleaned["title"],
            "year": cleaned["year"],
            **days,
            "contact": cleaned.get("contact") or "",
            "phone": cleaned.get("phone") or "",
            "note": cleaned.get("note") or "",
        }
        return True


# --- one decision on several cases ------------------------------------------------------------------------------


def answers_for(case, first, spec, answers: dict, actor: Any) -> dict:
    """The answers of one meeting with their files as the case's own: each dossier holds its copy of the minutes.

    The files came in for the `first` case.
    """
    if case.pk == first.pk:
        return dict(answers)
    own = dict(answers)
    for section in spec.sections:
        for form_field in section.fields:
            if form_field.type == "file":
                copies = [copied(pk, first, case, actor) for pk in answers.get(form_field.key) or []]
                own[form_field.key] = [pk for pk in copies if pk is not None]
    return own


def copied(pk: Any, source, case, actor: Any) -> int | None:
    """The case's own copy of one of the source's documents, made once however often it is tried; None for a
    document that is not the source's."""
    if not str(pk).isdigit():
        return None
    kept = Document.objects.filter(pk=int(pk), case_kind=source.case_kind, case_id=source.pk).first()
    if kept is None:
        return None
    same = Document.about(case).filter(sha256=kept.sha256, purpose=kept.purpose).first()
    if same is not None:
        return same.pk
    kind = next(kind for kind, content_type in TYPES.items() if content_type == kept.content_type)
    with kept.file.open("rb") as file:
        return store_document(CheckedFile(kept.name, kind, file.read()), case, kept.purpose, actor).pk
