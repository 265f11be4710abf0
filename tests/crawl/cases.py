"""A case of every kind in a tenant, with a document and a paper of each, as plain rows in their first states."""

from __future__ import annotations

import datetime as dt
import io
from types import SimpleNamespace

from django.core.files.base import ContentFile
from pypdf import PdfWriter

from applications.models import Application, Call
from bases.models import Agreement, Base, Recognition
from casework.models import CaseList, Notice, Override
from core import clock
from core.models import Document, Paper
from core.uploads import CheckedFile, store_document
from regulations.models import RegulationVersion
from tenants.models import Membership, Organisation


def small_pdf() -> bytes:
    """One empty page."""
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(out)
    return out.getvalue()


def build(
    mark: str,
    units: dict[str, Organisation],
    version: RegulationVersion,
    listing: RegulationVersion,
    clerk: Membership,
    serial: int,
) -> SimpleNamespace:
    """Everything that has an address of its own in one tenant: `cases` by kind, `documents`, `papers`.

    The cases run under `version`, the list and its notice under `listing`, a regulation that has lists.
    """
    university, college, partner = units["university"], units["college"], units["partner"]
    main = {"university": university, "college": college, "partner": partner}
    pinned = {"regulation_version": version}
    today, now = clock.today(), clock.now()
    week = dt.timedelta(days=7)

    def named(kind: str) -> dict:
        return {"number": f"{kind}-{serial}", "title": f"{mark}{kind}"}

    call = Call.objects.create(
        **named("PC"), **pinned, level="school", year=today.year, university=university,
        opens_at=now - week, closes_at=now + week,
    )  # fmt: skip
    draft = Application.objects.create(**named("SB"), **pinned, **main, call=call, level="school")
    agreement = Agreement.objects.create(**named("XY"), **pinned, **main)
    base = Base.objects.create(number=f"JD-{serial}", name=f"{mark}基地", **main)
    recognition = Recognition.objects.create(
        **named("RD"), **pinned, **main, base=base, level="school", decided_on=today
    )
    lists, notices = list(listing.profile.lists), list(listing.profile.notices)
    case_list = CaseList.objects.create(
        **named("MD"), regulation_version=listing, university=university, key=lists[0], kind="recommended", context_kind="call",
        context_id=call.pk,
    )  # fmt: skip
    notice = Notice.objects.create(
        **named("GS"), university=university, case_list=case_list, key=notices[0], slug=f"gs{serial}",
        opens_on=today, closes_on=today + week, days=5,
    )  # fmt: skip
    override = Override.objects.create(
        **named("LW"), **pinned, university=university, subject_kind="application", subject_id=draft.pk,
        subject_title=draft.title, rule="x", gate="application.submit", clause="XCU-5", message=f"{mark}条件",
        reason=f"{mark}理由", requested_by=clerk.name, requester=university, role="graduate_office", unit=university,
    )  # fmt: skip
    cases = {
        "call": call, "application": draft, "agreement": agreement, "recognition": recognition, "list": case_list,
        "notice": notice, "override": override,
    }  # fmt: skip
    documents: list[Document] = []
    papers: list[Paper] = []
    for kind, case in cases.items():
        checked = CheckedFile(f"{mark}.pdf", "pdf", small_pdf())
        documents.append(store_document(checked, case, "evidence", clerk))
        paper = Paper(
            case_kind=kind, case_id=case.pk, kind="draft", title=f"{mark}文书", number=case.number,
            code=f"{serial}{kind}"[:20].upper(), content_sha256="0" * 64, created_by=clerk.name,
        )  # fmt: skip
        paper.file.save("paper.pdf", ContentFile(small_pdf()), save=False)
        paper.save()
        papers.append(paper)
    return SimpleNamespace(cases=cases, documents=documents, papers=papers, base=base, slug=notice.slug)
