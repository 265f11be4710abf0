"""A partner unit's task in three steps: 看内容 → 下载盖章 → 拍照上传. For every kind of case that has a route; a kind with
a page of its own (an agreement) has a more particular address."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework import access, inputs, papers
from casework.models import Step
from casework.models.routed import RoutedCase
from casework.pages import kinds
from casework.pages.findings import clause
from casework.pages.sealing import of_step, parcel_rows, parcel_url
from casework.papers import parcels
from casework.permissions import acts_on_step
from casework.prefetched import Prefetched
from casework.views.builder import document_rows, form_parts, move_url
from core import clock, door, pages
from core.door import record_event
from core.language import in_source_language, listed, shown
from core.models import StampedCopy, TransitionLog
from tenants import roles
from tenants.models import Membership

READ, STAMP, UPLOAD, DONE = 1, 2, 3, 4
ACT = "act_on_step"


@require_http_methods(["GET", "HEAD", "POST"])
def three_steps(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The step of the reader's unit, the present part of it open. Whoever is no partner is sent to the case's page."""
    case = access.seen_case(request, kind, pk)
    if request.membership.kind != "partner" or not isinstance(case, RoutedCase):
        return redirect(case.get_absolute_url())
    step = _own_step(request, case)
    if step is None:
        return redirect(case.get_absolute_url())
    if request.method == "POST":
        if request.POST.get("do") != "read":
            raise Http404
        _note_read(case, step, request.membership)
        return redirect(f"{_address(case, step)}#s2")
    return render(request, "casework/three_steps.html", {"page": _page(request, case, step)})


def _own_step(request: HttpRequest, case) -> Step | None:
    """The step that the address names, else the first that is open, else the last that was done; of the reader's unit."""
    rows = list(case.steps().filter(unit_id=request.membership.organisation_id).exclude(state="waiting"))
    wanted = request.GET.get("step", "")
    named = [row for row in rows if row.key == wanted] or rows
    opened = [row for row in named if row.state == "open"]
    return opened[0] if opened else (named[-1] if named else None)


def _address(case, step, **more) -> str:
    query = urlencode({"step": step.key, **more})
    return f"{reverse('three_steps', args=[case.case_kind, case.pk])}?{query}"


def _reads(case, step, membership):
    return TransitionLog.objects.filter(
        case_kind=case.case_kind,
        case_id=case.pk,
        round=case.round,
        transition="read",
        step_key=step.key,
        organisation_id=membership.organisation_id,
    )


def _note_read(case, step, membership) -> None:
    """Keep once for each round and step that the unit has read the content: with its hash."""
    if step.state == "open" and acts_on_step(membership, step) and not _reads(case, step, membership).exists():
        with in_source_language():
            about = {"step_key": step.key, "step_title": step.title}
            record_event(case, "read", _("阅读事项内容"), membership, facts={"sha256": case.content_hash()}, **about)


def _page(request: HttpRequest, case, step: Step) -> pages.ConfirmPage:
    membership = request.membership
    case.prefetched = Prefetched(case, case.round)
    sender = case.university or case.authority
    page = pages.ConfirmPage(
        title=case.title,
        number=case.number,
        from_unit=sender.display_name if sender else "",
        to_unit=membership.organisation.display_name,
        stage=READ,
        what="",
        facts=_facts(case, step),
        version=case.version,
        contact=contact_of(case),
        case_url=case.get_absolute_url(),
        card=of_step(case, step),
        scans=scans_of(case, step),
        parcels=parcel_rows(parcels.sent(case, round=case.round, unit_id=membership.organisation_id)),
    )
    page.labels = [_("看内容"), _("下载盖章"), _("拍照上传")] if page.card else [_("看内容"), _("填写意见")]
    if access.reads_dossier(request, case):
        page.forms = form_parts(request, case, case.round)
        page.documents = document_rows(request, kinds.for_case(case)(case, membership))
    page.pdf_url = page.card.pdf_url if page.card else ""
    if not page.pdf_url:
        offered = papers.of(case).prints(membership)
        page.pdf_url = next((offer.url(case) for offer in offered if offer.ext == "pdf"), "")
    if page.card:
        page.parcel_url = parcel_address(case, membership, step.key, _address(case, step))
    _stage(page, request, case, step)
    return page


def _stage(page: pages.ConfirmPage, request: HttpRequest, case, step: Step) -> None:
    """How far the unit is, and what it is asked for."""
    membership = request.membership
    if step.state != "open":
        page.stage = DONE
        page.finished_text = _finished(case, step)
        return
    page.due, page.due_estimated = step.due_on, step.due_estimated
    if not acts_on_step(membership, step):
        page.what = _("本环节由%(r)s办理。") % {"r": roles.role_label(step.role)}
        return
    back = StampedCopy.objects.filter(
        paper__case_kind=case.case_kind, paper__case_id=case.pk, step_id=step.pk, state="mismatch"
    ).last()
    said = _("盖章件被退回重传：%(why)s。") % {"why": (back.note or _("与定稿不一致")).rstrip("。")} if back else ""
    if page.card:
        page.what = said + _("请先看内容，再下载打印、签字盖章，最后拍照上传。")
    else:
        page.what = said + _("请先看内容，再填写意见提交。")
    page.seen_url = _address(case, step)
    page.handover_url = reverse("tenants:delegations")
    page.paper_only_url = reverse("tenants:edit", args=[membership.organisation_id])
    if any(waivable.pk == step.pk for waivable in case.waivable_steps()):
        page.waiver_url = move_url(case, "ask_waiver", step)
    read = _reads(case, step, membership).exists()
    page.stage = (UPLOAD if page.card and request.GET.get("at") == "3" else STAMP) if read else READ
    page.stamped_url = f"{_address(case, step, at=3)}#s3" if page.card else ""
    give_form(page, request, case, step, _address(case, step))


def give_form(page: pages.ConfirmPage, request: HttpRequest, case, step: Step, back: str) -> None:
    """Put the form of a step on the page, and where it is sent; the act leads `back`."""
    declared = door.moves(type(case))[ACT]
    given = inputs.move_input(request, case, declared, step)
    page.form = inputs.move_view(request, case, declared, step, given, [])
    page.upload_url = f"{reverse('case_do', args=[case.case_kind, case.pk, ACT])}?step={step.pk}"
    page.hidden = {"step": step.pk, "next": back}


def parcel_address(case, membership, key: str, back: str) -> str:
    """Where the unit says by which courier it sent what it stamped for a step, "" for who sends nothing; it comes back to
    `back`."""
    url = parcel_url(membership, case)
    return f"{url}?{urlencode({'step': key, 'next': back})}" if url else ""


def _finished(case, step: Step) -> str:
    words = {"step": shown(step.title), "day": step.on or clock.local(step.closed_at).date() if step.closed_at else ""}
    if step.scan == "to_match":
        return _("%(step)s已办理（%(day)s），盖章件等待核对，无需再操作。") % words
    if step.state == "done":
        return _("%(step)s已办结（%(day)s），无需再操作。") % words
    return _("%(step)s已结束，无需再操作。") % words


def _facts(case, step: Step) -> list[pages.Fact]:
    facts = [pages.Fact(_("事项"), case.kind_label or case.case_kind), pages.Fact(_("环节"), shown(step.title))]
    for label, unit in ((_("学校"), case.university), (_("学院"), case.college)):
        if unit is not None:
            facts.append(pages.Fact(label, unit.display_name))
    if cited := clause(case, step.clause):
        facts.append(pages.Fact(_("依据条款"), cited.text, cited.url))
    return facts


def contact_of(case) -> str:
    """Whom to ask: the secretary of the college or the graduate office, the first of them with a telephone."""
    contacts = []
    for unit, role in ((case.college, "secretary"), (case.university, "graduate_office"), (case.authority, "officer")):
        person = Membership.objects.of(unit, role).first() if unit else None
        if person is not None:
            phone = person.user.phone or unit.phone
            contacts.append((phone, (unit.display_name, unit.office, person.name, phone)))
    parts = next((parts for phone, parts in contacts if phone), contacts[0][1] if contacts else ())
    return listed((part for part in parts if part), "，")


def scans_of(case, step: Step) -> list[pages.DocumentRow]:
    """What came back stamped with the step, and where each stands: not what other parties sent with theirs."""
    rows = StampedCopy.objects.filter(paper__case_kind=case.case_kind, paper__case_id=case.pk, step_id=step.pk)
    return [
        pages.DocumentRow(
            row.document.name,
            reverse("document", args=[row.document.uid]),
            str(row.get_state_display()),
            uploaded_at=row.uploaded_at,
            uploaded_by=row.uploaded_by,
        )
        for row in rows.select_related("document").order_by("pk")
    ]
