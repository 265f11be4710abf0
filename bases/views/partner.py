"""The partner's page of an agreement, for a phone: read, confirm or decline, upload. And the QR code that leads to it."""

from __future__ import annotations

import io

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bases import drafttext, signing
from bases.models import Agreement
from bases.pages import partner_url, span
from casework import papers
from casework.models import Amendment, Step
from casework.pages.sealing import card, parcel_rows
from casework.papers import parcels
from casework.permissions import acts_on_step
from casework.views.partner import contact_of, give_form, parcel_address, scans_of
from core import clock, pages
from core.door import record_event
from core.forms.reading import reading
from core.language import in_source_language, listed, shown
from core.models import TransitionLog
from tenants import roles
from tenants.access import see_or_404

READ, CONFIRM, UPLOAD, DONE = 1, 2, 3, 4


def _agreement(request: HttpRequest, pk: int) -> Agreement:
    along = ("university", "college", "partner", "regulation_version__regulation")
    return see_or_404(Agreement.objects.select_related(*along), request, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def partner_page(request: HttpRequest, pk: int) -> HttpResponse:
    """看内容 → 确认内容 → 上传. Anybody else who sees the agreement is sent to its page."""
    agreement = _agreement(request, pk)
    if request.membership.kind != "partner":
        return redirect(agreement.get_absolute_url())
    if request.method == "POST":
        if request.POST.get("do") != "read":
            raise Http404
        _note_read(agreement, request.membership)
        return redirect(f"{request.path}#s2")
    return render(request, "casework/confirm.html", {"page": _page(request, agreement)})


def _reads(agreement: Agreement, membership):
    return TransitionLog.objects.filter(
        case_kind="agreement",
        case_id=agreement.pk,
        round=agreement.round,
        transition="read",
        organisation_id=membership.organisation_id,
    )


def _note_read(agreement: Agreement, membership) -> None:
    """Keep once that the partner has read the text of this round: with its hash."""
    if agreement.state != "draft" and not _reads(agreement, membership).exists():
        with in_source_language():
            record_event(agreement, "read", _("阅读协议内容"), membership, facts={"sha256": agreement.content_hash()})


def _own_step(agreement: Agreement, membership, **where) -> Step | None:
    return agreement.steps().filter(unit_id=membership.organisation_id, **where).order_by("-pk").first()


def _page(request: HttpRequest, agreement: Agreement) -> pages.ConfirmPage:
    membership = request.membership
    confirming = _own_step(agreement, membership, kind="confirmation")
    sealing = _own_step(agreement, membership, stage="sealing", state="open")
    paper = papers.current(agreement, "agreement")
    declared = agreement.profile.agreement
    spec = drafttext.form_spec(agreement)
    page = pages.ConfirmPage(
        title=agreement.title,
        number=agreement.number,
        from_unit=agreement.university.display_name if agreement.university else "",
        to_unit=membership.organisation.display_name,
        stage=READ,
        what="",
        facts=_facts(agreement),
        reading=reading(spec, drafttext.answers_of(agreement), agreement.resolver(membership)),
        version=agreement.version,
        contact=contact_of(agreement),
        case_url=agreement.get_absolute_url(),
        parcels=parcel_rows(parcels.sent(agreement, round=agreement.round, unit_id=membership.organisation_id)),
    )
    if declared.paper is not None and declared.paper.seal:
        copies = _("%(n)s份") % {"n": declared.copies.number} if declared.copies else ""
        page.card = card(agreement, membership.organisation, declared.paper, paper, copies)
    if paper is not None:
        page.pdf_url = reverse("case_paper_pdf", args=["agreement", agreement.pk, paper.pk])
        page.code = paper.code
    else:
        offered = papers.of(agreement).prints(membership)
        page.pdf_url = next((offer.url(agreement) for offer in offered if offer.ext == "pdf"), "")
    if drafttext.differences(agreement) and not agreement.was_on_paper:
        page.difference_url = f"{agreement.get_absolute_url()}#differences"
    if confirming is not None and confirming.state == "done":
        page.confirmed_by = confirming.decided_by or confirming.entered_by
        page.confirmed_at = confirming.closed_at
        if confirming.decided_by and confirming.entered_by != confirming.decided_by:
            page.confirmed_text = _("%(who)s 于 %(day)s 书面确认，由%(by)s登记。") % {
                "who": confirming.decided_by,
                "day": confirming.on,
                "by": confirming.entered_by,
            }
    _stage(page, request, agreement, confirming, sealing)
    return page


def _stage(page, request, agreement: Agreement, confirming: Step | None, sealing: Step | None) -> None:
    """Where the partner is, what is asked of it, and the addresses by which it is done."""
    membership = request.membership
    do = reverse("case_do", args=["agreement", agreement.pk, "act_on_step"])
    back = reverse("bases:partner_page", args=[agreement.pk])
    if confirming is not None and confirming.state == "open":
        page.due, page.due_estimated = confirming.due_on, confirming.due_estimated
        if not acts_on_step(membership, confirming):
            page.what = _("本协议等待贵单位确认，由%(r)s办理。") % {"r": roles.role_label(confirming.role)}
            return
        read = _reads(agreement, membership).exists()
        page.stage = CONFIRM if read else READ
        page.what = _("请阅读协议内容。内容无误的，确认内容；不同意的，请写明理由。")
        page.what = _changed(agreement, membership) + page.what
        if membership.organisation.paper_only:
            page.what += _("贵单位选择了只办纸质：也可以把盖章的书面意见交学校，由学院研究生秘书登记。")
        page.version = ""  # another party's confirmation makes nobody's page old: the content that was read does
        page.hidden = {
            "do": "read",
            "step": confirming.pk,
            "f-outcome": "positive",
            "next": back,
            "content": agreement.content_hash(),
        }
        page.seen_url = back
        page.confirm_url = f"{do}?step={confirming.pk}"
        page.decline_url = f"{do}?step={confirming.pk}&outcome=negative"
        page.handover_url = reverse("tenants:delegations")
        page.paper_only_url = reverse("tenants:edit", args=[membership.organisation_id])
        page.counts_as_signature = signing.online_counts(agreement)
        return
    if sealing is not None:
        page.stage, page.due, page.due_estimated = UPLOAD, sealing.due_on, sealing.due_estimated
        page.what = _("请下载打印，签字盖章后拍照或扫描上传。")
        if not agreement.asks_for_scan(sealing):
            page.what, page.card = _("请办理：%(step)s。") % {"step": shown(sealing.title)}, None
        page.scans = scans_of(agreement, sealing)
        page.parcel_url = parcel_address(agreement, membership, sealing.key, back)
        if acts_on_step(membership, sealing):
            give_form(page, request, agreement, sealing, back)
        return
    if agreement.state == "sealing":
        page.stage = UPLOAD
        page.what = _("内容已确认，正在用印。请在纸质文本上签字盖章，由学校核对后登记签订。")
        page.upload_text = _("签署文本由学校统一扫描上传，贵单位无需在此上传；原件寄出后请登记快递单号。")
        page.parcel_url = parcel_address(agreement, membership, "", back)
        return
    if agreement.state == "confirming" and confirming is not None and confirming.state == "done":
        page.stage, page.card = UPLOAD, None
        page.what = _("贵单位已确认内容。学校办完审定等环节后进入用印，届时再请签字盖章，现在无需操作。")
        page.upload_text = _("还没有到用印环节，现在无需上传。")
        return
    texts = {
        "draft": _("学校正在起草本协议，起草完成并审核后再请贵单位确认。"),
        "checking": _("学校正在审核本协议，审核后再请贵单位确认。"),
    }
    if agreement.state in texts:
        page.what = texts[agreement.state]
        return
    page.stage, page.upload_text = DONE, _("贵单位无需上传。")
    page.finished_text = {
        "signed": _("协议已签订，签订日期%(d)s。") % {"d": agreement.signed_on},
        "declined": _("贵单位已答复不予确认：%(r)s") % {"r": agreement.decline_reason},
        "ended": _("本协议已终止。"),
    }.get(agreement.state, "")


def _changed(agreement: Agreement, membership) -> str:
    """That the text was changed after the unit had confirmed it, and what; "" where it was not."""
    made = Amendment.about(agreement).filter(round=agreement.round).order_by("-pk").first()
    unit = membership.organisation.display_name
    if made is None or all(row["unit"] != unit for row in made.voided):
        return ""
    return _("协议内容有修改（%(what)s），请重新阅读并确认。") % {"what": listed(row["label"] for row in made.changes)}


def _facts(agreement: Agreement) -> list[pages.Fact]:
    facts = [pages.Fact(_("类型"), agreement.get_type_display())]
    for party in agreement.parties.select_related("organisation__parent"):
        facts.append(pages.Fact(str(party.get_side_display()), party.name))
    if agreement.starts_on:
        facts.append(pages.Fact(_("起止日期"), span(agreement.starts_on, agreement.ends_on)))
    facts.append(pages.Fact(_("状态"), agreement.get_state_display()))
    return facts


@require_safe
def partner_qr(request: HttpRequest, pk: int) -> HttpResponse:
    """The partner's link as a QR code to copy into a chat or to print; `?download` gives it as a file."""
    agreement = _agreement(request, pk)
    out = io.BytesIO()
    segno.make(partner_url(agreement), error="m", micro=False).save(out, kind="svg", scale=4, border=3, light="#fff")
    answer = HttpResponse(out.getvalue(), content_type="image/svg+xml")
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    if "download" in request.GET:
        answer["Content-Disposition"] = f'attachment; filename="{agreement.number}-{clock.today().isoformat()}.svg"'
    return answer
