"""A case of every kind in a tenant, with a document and a paper of each, as plain rows in their first states."""

from __future__ import annotations

import datetime as dt
import io
from types import SimpleNamespace

from django.core.files.base import ContentFile
from pypdf import PdfWriter

from applications.models import Application, Call
from bases.models import Agreement, Backfill, Base, Incident, Office, Recognition, Withdrawal
from casework import effects, panels
from casework.models import Assignment, CaseList, Decision, Notice, Override, Step
from core import clock
from core.door import record_event
from core.ledger import owe
from core.models import Case, Document, Paper
from core.uploads import CheckedFile, store_document
from evaluations.models import Evaluation, Rectification, Round
from regulations.models import RegulationVersion
from tenants import grants
from tenants.models import Membership, Organisation, User
from tests.placing import placed
from trainees.models import Placement, Student

SECRET = "机密"  # in what experts of an open panel may not see: each other, the log, files beside the dossier


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
    with_office: RegulationVersion,
    clerk: Membership,
    expert: Membership,
    serial: int,
) -> SimpleNamespace:
    """Everything that has an address of its own in one tenant: `cases` by kind, `documents`, `papers`.

    The cases run under `version`, the list and its notice under `listing`, a regulation that has lists, the office under
    one that gives its universities an office.
    """
    university, college, partner = units["university"], units["college"], units["partner"]
    main = {"university": university, "college": college, "partner": partner}
    pinned = {"regulation_version": version}
    today, now = clock.today(), clock.now()
    week = dt.timedelta(days=7)

    def named(kind: str) -> dict:
        return {"number": f"{kind}-{serial}", "title": f"{mark}{kind}"}

    call = Call.objects.create(
        **named("PC"),
        **pinned,
        level="school",
        year=today.year,
        university=university,
        opens_at=now - week,
        closes_at=now + week,
    )
    draft = Application.objects.create(**named("SB"), **pinned, **main, call=call, level="school")
    agreement = Agreement.objects.create(**named("XY"), **pinned, **main)
    base = Base.objects.create(number=f"JD-{serial}", name=f"{mark}基地", **main)
    recognition = Recognition.objects.create(
        **named("RD"), **pinned, **main, base=base, level="school", decided_on=today
    )
    lists, notices = list(listing.profile.lists), list(listing.profile.notices)
    student = Student.objects.create(
        university=university, college=college, number=f"{mark}{serial}", name=f"{mark}研究生"
    )
    stay = {"student": student, "recognition": recognition, "starts_on": today, "ends_on": today + week}
    placement = placed(Placement, "planned", **named("SJ"), **pinned, **main, **stay)
    case_list = CaseList.objects.create(
        **named("MD"),
        regulation_version=listing,
        university=university,
        key=lists[0],
        kind="recommended",
        context_kind="call",
        context_id=call.pk,
    )
    notice = Notice.objects.create(
        **named("GS"),
        university=university,
        case_list=case_list,
        key=notices[0],
        slug=f"gs{serial}",
        opens_on=today,
        closes_on=today + week,
        days=5,
    )
    override = Override.objects.create(
        **named("LW"),
        **pinned,
        university=university,
        subject_kind="application",
        subject_id=draft.pk,
        subject_title=draft.title,
        rule="x",
        gate="application.submit",
        clause="XCU-5",
        message=f"{mark}条件",
        reason=f"{mark}理由",
        requested_by=clerk.name,
        requester=university,
        role="graduate_office",
        unit=university,
    )
    in_round = Round.objects.create(
        **named("KP"), **pinned, university=university, organiser=university, kind="benchmark", period="2026"
    )
    evaluation = Evaluation.objects.create(
        **named("KH"),
        **pinned,
        **main,
        in_round=in_round,
        recognition=recognition,
        kind="benchmark",
        period="2026",
        report_due=today + week,
    )
    # Under a regulation that knows such things; the partner hears of an incident once it was reported.
    about = {"recognition": recognition, "regulation_version": listing}
    incident = Incident.objects.create(**named("ZS"), **about, university=university, college=college)
    withdrawal = Withdrawal.objects.create(**named("CX"), **about, **main)
    rectification = Rectification.objects.create(
        **named("ZG"),
        **main,
        regulation_version=listing,
        recognition=recognition,
        key="unqualified",
        effect=effects.put(recognition, "rectification", f"{mark}整改", today, code="unqualified"),
        starts_on=today,
        due_on=today + week,
    )
    office = Office.objects.create(**named("BG"), regulation_version=with_office, university=university)
    backfill = Backfill.objects.create(**named("BL"), **pinned, university=university)
    cases = {
        "call": call,
        "application": draft,
        "agreement": agreement,
        "recognition": recognition,
        "list": case_list,
        "notice": notice,
        "override": override,
        "placement": placement,
        "evaluation_round": in_round,
        "evaluation": evaluation,
        "incident": incident,
        "withdrawal": withdrawal,
        "rectification": rectification,
        "base_office": office,
        "backfill": backfill,
    }
    in_states = {
        (kind, state): in_state(case, state)
        for kind, case in cases.items()
        for state, _label in case._meta.get_field("state").choices
        if state != case.state
    }
    step = _work(mark, university, draft, expert, clerk)
    documents: list[Document] = []
    papers: list[Paper] = []
    for kind, case in cases.items():
        checked = CheckedFile(f"{mark}.pdf", "pdf", small_pdf())
        documents.append(store_document(checked, case, "evidence", clerk))
        paper = Paper(
            case_kind=kind,
            case_id=case.pk,
            kind="draft",
            title=f"{mark}文书",
            number=case.number,
            code=f"{serial}{kind}"[:20].upper(),
            content_sha256="0" * 64,
            created_by=clerk.name,
        )
        paper.file.save("paper.pdf", ContentFile(small_pdf()), save=False)
        paper.save()
        papers.append(paper)
    return SimpleNamespace(
        step=step, cases=cases, in_states=in_states, documents=documents, papers=papers, base=base, slug=notice.slug
    )


def in_state(case: Case, state: str, mark: str = "") -> Case:
    """Another row like the case, but in a later state; `mark` tells its number apart (default: the state)."""
    mark = mark or state
    model = type(case)
    own = {"id", "state", "number", "log_lines", "version"}
    columns = (field.attname for field in model._meta.concrete_fields if field.attname not in own)
    values = {column: getattr(case, column) for column in columns} | {"number": f"{case.number}-{mark}"}
    if isinstance(case, Notice):
        values |= {
            "slug": f"{case.slug}{state}",
            "title": f"公示（{state}）",
        }  # the home page shows everybody's notices
    if isinstance(case, Rectification):  # one runs of a base at a time
        other = in_state(case.recognition, "ended", f"z-{state}"[:10])
        values |= {
            "recognition_id": other.pk,
            "effect_id": effects.put(other, "rectification", case.effect.title, clock.today()).pk,
        }
    if isinstance(case, Recognition):
        base = Base.objects.get(pk=case.base_id)
        base.pk, base.number, base.category_code = None, f"{base.number}-{mark}", mark[:10]
        base.save()
        values["base_id"] = base.pk
    if isinstance(case, Withdrawal):  # one at a time for each base
        values["recognition_id"] = in_state(case.recognition, "pending", f"w-{state}"[:10]).pk
    if isinstance(case, Office):  # one of a university under each version
        values["regulation_version_id"] = RegulationVersion.objects.exclude(pk=case.regulation_version_id)[0].pk
    if isinstance(case, Evaluation | Round):
        values["period"] = state
    if isinstance(case, Evaluation) and state in ("confirmed", "missed"):
        grade = {"grade": "qualified", "passed": True} if state == "confirmed" else {"passed": False}
        values |= {"confirmed_on": clock.today(), **grade}
    return placed(model, state, **values)


def _work(mark: str, unit: Organisation, case: Application, expert: Membership, clerk: Membership) -> Step:
    """An open panel with an assigned expert, another one's opinion, a recusal, and a meeting's decision."""
    today, week = clock.today(), dt.timedelta(days=7)
    about = {"case_kind": case.case_kind, "case_id": case.pk, "case_title": case.title}
    key = next(one.key for one in case.declared_route() if one.kind == "panel")
    step = Step.objects.create(
        **about,
        case_number=case.number,
        round=1,
        key=key,
        title=f"{mark}评审",
        stage="reviewing",
        kind="panel",
        position=1,
        role="graduate_office",
        unit=unit,
        state="open",
        opened_at=clock.now(),
        due_on=today + week,
    )
    for state in ("assigned", "recused"):
        Assignment.objects.create(
            **about,
            step=step,
            expert=expert.user,
            membership=expert,
            state=state,
            opens_on=today,
            promised_at=clock.now(),
            closes_on=today + week,
            assigned_by=clerk.name,
            reason=f"{mark}缘由",
        )
    other = Membership.objects.create(
        user=User.objects.create(username=f"second.{case.pk}", name=f"{SECRET}专家"),
        organisation=unit,
        role="expert",
    )
    Assignment.objects.create(
        **about,
        step=step,
        expert=other.user,
        membership=other,
        state="submitted",
        opens_on=today,
        closes_on=today + week,
        assigned_by=clerk.name,
        verdict="reject",
        answers={"opinion": f"{SECRET}意见"},
    )
    record_event(case, "withdraw", f"{SECRET}操作", clerk, reason=f"{SECRET}理由")
    store_document(CheckedFile(f"{SECRET}纪要.pdf", "pdf", small_pdf()), case, "minutes", clerk)
    grants.give(expert.user, panels.VIEW, case)
    Decision.objects.create(
        body=f"{mark}会议",
        session=f"{mark}第1次",
        decided_on=today,
        resolution=f"{mark}决议",
        organisation=unit,
        entered_by=clerk.name,
    )
    owe(f"{mark}:1", kind="step", title=f"{mark}到期", due_on=today, organisation_id=unit.pk, case=case)
    return step
