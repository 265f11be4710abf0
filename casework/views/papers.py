"""A case's official papers: the file, and the stamped scan beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from casework import access, papers
from casework.models import Step
from casework.models.effects import SCAN_RULE
from casework.models.routed import RoutedCase
from casework.pages.sealing import parcel_rows
from casework.papers import parcels, scans
from casework.papers.printing import TYPES
from casework.steps.waivers import step_of
from casework.views.builder import move_url
from core import pages
from core.language import in_source_language, listed, shown
from core.models import Paper, StampedCopy
from core.papers.booklet import impose_booklet
from core.papers.merge import file_name


def _paper(request: HttpRequest, kind: str, pk: int, paper_pk: int):
    case = access.seen_case(request, kind, pk)
    if access.is_reviewer(request, case):
        raise Http404
    return case, get_object_or_404(Paper, pk=paper_pk, case_kind=kind, case_id=pk)


@require_GET
def case_draft(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The case's paper as its content stands now: a draft with its mark, or what reviewers read."""
    return case_print(request, kind, pk, "draft", "pdf")


@require_GET
def case_print(request: HttpRequest, kind: str, pk: int, key: str, ext: str) -> HttpResponse:
    """One of the prints that the case offers to the reader; anything else does not exist."""
    case = access.seen_case(request, kind, pk)
    if not access.reads_dossier(request, case):
        raise Http404
    offered = papers.of(case).prints(request.membership, access.is_reviewer(request, case))
    offer = next((row for row in offered if (row.key, row.ext) == (key, ext) and row.make is not None), None)
    if offer is None:
        raise Http404
    with in_source_language():
        answer = HttpResponse(offer.make(), content_type=TYPES[ext])
    answer["Content-Disposition"] = content_disposition_header(ext != "pdf", offer.name(case))
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_GET
def paper_pdf(request: HttpRequest, kind: str, pk: int, paper: int) -> FileResponse:
    """The paper's own file, exactly as it was issued; `?booklet` gives it as an A3 booklet."""
    case, issued = _paper(request, kind, pk, paper)
    papers.ensure_file(issued, case)
    owner = case.university or case.authority
    name = file_name(
        issued.number, owner.display_name if owner else "", case.listed_title, f"{issued.title}_{issued.code}"
    )
    if not issued.file:  # void before anybody printed it: to be read, marked as what it is, and kept nowhere
        with in_source_language():
            answer = HttpResponse(papers.of(case).render(issued), content_type="application/pdf")
    elif "booklet" in request.GET:
        with issued.file.open("rb") as file:
            answer = HttpResponse(impose_booklet(file.read()), content_type="application/pdf")
        name = f"A3_{name}"
    else:
        answer = FileResponse(issued.file.open("rb"), content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(False, name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_GET
def paper_page(request: HttpRequest, kind: str, pk: int, paper: int) -> HttpResponse:
    """Generated PDF on the left, the scan on the right, and whether they match."""
    case, issued = _paper(request, kind, pk, paper)
    return render(request, "casework/paper.html", {"page": side_by_side(request, case, issued)})


def side_by_side(request: HttpRequest, case, issued: Paper, scan: int | None = None) -> pages.PaperPage:
    """The page on which a paper and a stamped scan of it are compared: the scan of this id, the one that the request
    names, or the last."""
    stamps = list(issued.stamped.select_related("document").order_by("-pk"))
    chosen = str(scan) if scan is not None else request.GET.get("scan", "")
    stamp = next((copy for copy in stamps if str(copy.pk) == chosen), stamps[0] if stamps else None)
    row = _row(issued, stamp)
    asked = _comparison(request, case, stamp)
    seen = scans.remarks(case, issued, [stamp.document]) if stamp is not None and stamp.state == "to_match" else None
    match_url = move_url(case, asked.code, asked.subject) if asked else ""
    return pages.PaperPage(
        paper=row,
        case_title=case.listed_title,
        case_number=case.number,
        case_url=case.get_absolute_url(),
        pdf_url=reverse("case_paper_pdf", args=[case.case_kind, case.pk, issued.pk]),
        scans=[
            (copy.document.name, f"/documents/{copy.document.uid}/", copy.document.content_type.startswith("image/"))
            for copy in ([stamp] if stamp else [])
        ],
        step_title=shown(asked.title) if asked else "",
        match_url=match_url,
        mismatch_url=match_url,
        seen=case.version,
        hidden={"step": asked.subject.pk} if asked else {},
        checks=_checks((asked.seal if asked else "") or row.seal, issued.code),
        against=seen.against if seen else [],
        further=seen.further if seen else [],
        matched_by=stamp.matched_by if stamp else "",
        matched_at=stamp.matched_at if stamp else None,
        uploaded_by=stamp.uploaded_by if stamp else "",
        uploaded_at=stamp.uploaded_at if stamp else None,
        note=stamp.note if stamp else "",
        parcels=parcel_rows(parcels.sent(case, **_sent_with(issued, stamp))),
        history=[_row(issued, copy) for copy in stamps if copy is not stamp],
    )


def _sent_with(issued: Paper, stamp: StampedCopy | None) -> dict:
    """Which parcels hold the originals of a scan: those of its step, and those that name none; of the step's unit."""
    if stamp is None:
        return {"round": issued.round}
    own = {"unit__in": Step.objects.filter(pk=stamp.step_id).values("unit")} if stamp.step_id else {}
    return {"round": issued.round, "step_key__in": ("", stamp.step_key), **own}


@dataclass(frozen=True)
class Comparison:
    """The move by which a scan is compared: its code, the step or exception it is about, title and seal wanted."""

    code: str
    subject: Any
    title: str
    seal: str = ""


def _comparison(request: HttpRequest, case, stamp: StampedCopy | None) -> Comparison | None:
    """How the reader may compare a scan that waits for it, or None."""
    if stamp is None or stamp.state != "to_match" or not isinstance(case, RoutedCase):
        return None
    step = next((unmatched for unmatched in case.unmatched_steps() if unmatched.pk == stamp.step_id), None)
    if step is not None and request.membership.may("casework.match_scan", step):
        asked = case.step_declaration(step.key).paper
        return Comparison("match_scan", step, step.title, str(asked.seal or "") if asked is not None else "")
    late = next((waiver for waiver in case.uncompared_papers() if _is_of(case, waiver, stamp)), None)
    if late is not None and request.membership.may("casework.decide_override", late):
        return Comparison("match_supplied", late, late.facts.get("step", ""))
    return None


def _is_of(case, waiver, stamp: StampedCopy) -> bool:
    """Whether a scan is that of the paper that was let wait."""
    if waiver.rule != f"{SCAN_RULE}{stamp.step_key}":
        return False
    step = step_of(case, waiver)
    return step is not None and step.pk == stamp.step_id


def comparison_url(case, code: str, subject) -> str:
    """The page that shows paper and scan side by side, for a move that compares them; "" for every other move."""
    if code not in ("match_scan", "match_supplied") or subject is None:
        return ""
    step = subject if isinstance(subject, Step) else step_of(case, subject)
    stamps = StampedCopy.objects.filter(paper__case_kind=case.case_kind, paper__case_id=case.pk, state="to_match")
    stamp = stamps.filter(step_id=step.pk).order_by("-pk").first() if step is not None else None
    if stamp is None:
        return ""
    return f"{reverse('case_paper', args=[case.case_kind, case.pk, stamp.paper_id])}?scan={stamp.pk}"


def _checks(seal: str, code: str) -> list[str]:
    """What the person who compares looks at."""
    return [
        _("页数齐全，没有缺页、换页"),
        _("每页页脚的版本校验码为%(c)s") % {"c": code},
        _("所盖印章为：%(s)s") % {"s": seal or _("单位公章")},
        _("签字和日期齐全"),
    ]


def _row(paper: Paper, stamp: StampedCopy | None) -> pages.PaperRow:
    state = paper.stamp_state(stamp)
    return pages.PaperRow(
        shown(paper.title),
        _("第%(v)s版") % {"v": paper.version},
        state,
        str(state.label),
        shown(paper.seal_kind),
        listed(shown(copy["label"]) for copy in paper.copies),
        keeper=shown(paper.keeper),
        code=paper.code,
        round=paper.round,
        scan_name=stamp.document.name if stamp else "",
        on=stamp.on if stamp else None,
        note=shown(paper.void_reason),
    )
