"""Clauses and findings as a reader sees them: where they stand, who mends them, where that is done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.urls import reverse

from core import clock, pages
from core.findings import Finding
from core.language import beside, listed, titled
from regulations import wording
from regulations.models import Regulation
from regulations.services import version_on
from tenants import roles


def clause(case, code: str) -> pages.Clause:
    """A clause as people cite it, with the place on the reading page. One of another regulation (a university's own
    beside the province's) names that regulation too."""
    own = case.governing_version()
    if not code:
        return pages.Clause("")
    version = _version_of(code, own)
    if version is None:
        return pages.Clause(code)
    words = wording.article(version.profile, code)
    if own is not None and version.regulation_id != own.regulation_id:
        head = version.profile.head
        words = beside(titled(wording.words(head.short or head.title)), words)
    return pages.Clause(words, f"/regulations/{version.regulation.code}/{version.number}/#{code}")


def _version_of(code: str, own):
    """The version in which a clause stands: the case's own, or that in force today of the regulation it names."""
    named = code.partition("-")[0]
    if own is None or named == own.profile.code:
        return own
    regulation = Regulation.objects.filter(code=named).first()
    return (version_on(regulation, clock.today()) if regulation else None) or own


def finding_page(case, finding: Finding) -> pages.PageFinding:
    url = ""
    anchor = f"#f-{finding.field}" if finding.field else ""
    if finding.form in dossier(case):
        url = form_url(case, finding.form) + anchor
    elif finding.form:  # a form of the act itself: the field stands on the same page
        url = anchor
    return pages.PageFinding(finding, url=url, clause=clause(case, finding.clause))


def dossier(case) -> list[str]:
    """The keys of the forms that make up the case."""
    return case.form_keys()


def finding_pages(case, findings: Iterable[Finding], membership) -> list[pages.PageFinding]:
    """Findings for a reader: what stands in a section that somebody else fills in says who, and leads nowhere."""
    page_findings, closed = [], {}
    for finding in findings:
        if finding.form in dossier(case) and finding.form not in closed:
            closed[finding.form] = closed_sections(case, finding.form, membership)
        section = finding.section or _section_of(case, finding)
        others = closed.get(finding.form, {}).get(section, "")
        page = finding_page(case, finding)
        page_findings.append(replace(page, url="", filled_by=others) if others else page)
    return page_findings


def _section_of(case, finding: Finding) -> str:
    """The section in which a rule's finding says its field stands."""
    if finding.form not in dossier(case):
        return ""
    sections = case.form_spec(finding.form).sections
    return next((section.key for section in sections for field in section.fields if field.key == finding.field), "")


def closed_sections(case, form: str, membership) -> dict[str, str]:
    """Who fills in the sections of a form that the reader does not, by the section's key."""
    editable = case.editable_sections(form, membership)
    return {
        section.key: listed(roles.role_label(role.split("@")[0]) for role in section.filled_by)
        for section in case.form_spec(form).sections
        if section.key not in editable and section.filled_by
    }


def form_url(case, form: str) -> str:
    return reverse("case_form", args=[case.case_kind, case.pk, form])
