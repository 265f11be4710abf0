"""The papers of a base: its agreement with the tamper seal, the comparison with the template, its certificate."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from dataclasses import replace
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bases import decisions, drafttext, originals
from bases.models import Agreement, Recognition
from bases.models.recognition import holder
from casework import papers
from casework.papers import CasePapers, RoutedPapers, printing
from casework.papers.printing import Print
from core.forms.store import content_hash
from core.models import Paper
from core.outbox import task
from core.papers import elements
from core.papers.context import PaperContext
from core.papers.format import names_from, zh
from core.papers.layout import PaperLayout, bindings
from core.papers.render import render_paper
from core.papers.standard import agreement_layout, comparison_layout

log = logging.getLogger(__name__)
SIDES = {"first": "甲方", "second": "乙方"}
IN_REVIEW = ("checking", "confirming", "sealing")


# --- agreement ---------------------------------------------------------------------------------------------------


def agreement(case, paper: Paper) -> bytes:
    """The PDF of the agreement's final text: parties, clauses, signing page. The seal comes with the signature."""
    answers = printing.answers_in(case, "agreement", paper.round)
    layout = _layout(case, answers)
    return printing.filled(
        case,
        layout,
        answers=_answers(case, answers),
        form=case.form_spec("agreement"),
        paper=paper,
        state=printing.state_of(paper),
    )


def draft(case) -> bytes:
    """The text as it stands: marked as a draft while it is drafted, as 送审稿 while it is checked and confirmed."""
    answers = printing.answers_in(case, "agreement", case.round)
    state = "review" if case.state in IN_REVIEW else "draft"
    return printing.filled(
        case,
        _layout(case, answers),
        answers=_answers(case, answers),
        form=case.form_spec("agreement"),
        state=state,
    )


def parties(case, answers: dict) -> list[dict[str, Any]]:
    """The parties as the head and the signing page print them, side by side and in order."""
    rows = list(case.parties.select_related("organisation__parent"))
    sides = []
    for party in rows:
        same = [row for row in rows if row.side == party.side]
        label = SIDES[party.side] + (f"（{same.index(party) + 1}）" if len(same) > 1 else "")
        signatory = party.signatory or answers.get(f"{party.side}_signatory") or ""
        unit = party.organisation
        sides.append(
            {
                "label": label,
                "name": party.name,
                "uscc": unit.uscc,
                "address": unit.address,
                "phone": unit.phone,
                "signature": f"法定代表人或授权代表（{signatory}）签字：" if signatory else "",
            }
        )
    return sides


def clauses(case, answers: dict) -> list[dict[str, str]]:
    """The clauses that have a text, in the profile's order."""
    texts = []
    for clause in case.profile.agreement.clauses:
        text = str(answers.get(f"clause_{clause.key}") or "").strip()
        if text:
            texts.append({"heading": zh(clause.title), "text": text})
    return texts


def _answers(case, answers: dict) -> dict[str, Any]:
    template = case.profile.agreement.template
    closing = [
        drafttext.named(case, template.closing) if template and template.closing else "",
        copies(case),
    ]
    return {
        **answers,
        "parties": parties(case, answers),
        "clauses": clauses(case, answers),
        "opening": drafttext.named(case, template.opening) if template and template.opening else "",
        "closing": "\n".join(filter(None, closing)),
    }


def copies(case) -> str:
    """How many originals there are and who keeps them, where the regulation says so."""
    declared = case.profile.agreement.copies
    if declared is None:
        return ""
    holders = "、".join(zh(keeper.label) for keeper in declared.holders)
    kept = f"，由{holders}各存一份" if holders else ""
    return f"本协议一式{declared.number}份{kept}，具有同等效力。"


def _layout(case, answers: dict) -> PaperLayout:
    """The profile's layout (or the house's) with opening, closing and annexes where it has none, and without tables
    that this agreement leaves empty: nobody signs an empty grid."""
    layout = printing.layout_of(case, "agreement") or agreement_layout(drafttext.title(case))
    bound, made = bindings(layout), []
    for element in layout.elements:
        if isinstance(element, elements.Grid) and not _has_answers(element, answers):
            continue
        if isinstance(element, elements.Title) and answers.get("period"):
            element = replace(element, lines=(*element.lines, elements.Line("协议期限", "period", format="period")))
        if isinstance(element, elements.Clauses) and "opening" not in bound:
            made.append(elements.Box(value="opening", frame=False))
        if isinstance(element, elements.Signing) and answers.get("annexes"):
            made.append(elements.Attachments(title="附件", values=("annexes",)))
        made.append(element)
        if isinstance(element, elements.Clauses) and "closing" not in bound:
            made.append(elements.Box(value="closing", frame=False))
    return replace(layout, elements=tuple(made))


def _has_answers(grid: elements.Grid, answers: dict) -> bool:
    return any(answers.get(cell.value) for row in grid.rows for cell in row.cells if cell.value)


def comparison(case) -> bytes:
    """协议修改对照表: clause by clause, the template and this text, with what was taken out and put in marked."""
    reason = drafttext.answers_of(case).get("note") or ""
    changes = [
        {
            "clause": change["title"],
            "left": change["template"],
            "right": change["text"],
            "reason": reason if at == 0 else "",
        }
        for at, change in enumerate(drafttext.differences(case))
    ]
    context = PaperContext(
        title="协议修改对照表",
        answers={"agreement": case.title, "changes": changes},
        number=case.number,
        state="draft" if case.state == "draft" else "review",
        names=names_from(printing.PaperNames(case)),
    )
    return render_paper(comparison_layout(), context)


def seal_signed(case, paper: Paper) -> Paper:
    """Put the platform's tamper seal on the final text of a signed agreement, once. The file before it stays."""
    from core.papers import seal  # noqa: PLC0415 - loads pyhanko: a fifth of the start otherwise

    if case.state not in ("signed", "ended") or paper.kind != "agreement" or paper.sealed or paper.voided_at:
        return paper
    if case.signed_on is None:
        return paper
    with transaction.atomic():
        row = Paper.objects.select_for_update().get(pk=paper.pk)
        if not row.sealed and row.file:
            with row.file.open("rb") as file:
                content = file.read()
            if hashlib.sha256(content).hexdigest() != row.file_sha256:
                raise ValueError("the stored file is not the one that was issued")
            papers.keep(row, seal.seal_pdf(content, f"协议定稿 {row.number} {row.code}"), sealed=True)
    paper.refresh_from_db()
    return paper


def finish(case, paper: Paper) -> None:
    """Called whenever a file of the agreement is handed out. Without a key, or if the stored file is no longer the
    one that was issued, it stays unsealed, and the fault is logged."""
    try:
        seal_signed(case, paper)
    except (ImproperlyConfigured, ValueError) as error:
        log.error("paper %s was not sealed: %s", paper.code, error)


@task
def seal_agreement(agreement_id: int) -> None:
    """After the signature: make the final text's file if nobody printed it, and seal it."""
    case = Agreement.objects.get(pk=agreement_id)
    paper = papers.current(case, "agreement")
    if paper is not None:
        papers.ensure_file(paper, case)


def agreement_prints(case) -> list[Print]:
    """The text as it stands, and the comparison where it differs from the template."""
    if case.profile.agreement is None:
        return []
    title, prints = drafttext.title(case), []
    if case.type != "recorded" and case.state in ("draft", *IN_REVIEW) and papers.current(case, "agreement") is None:
        named = "草稿" if case.state == "draft" else "送审稿"
        note = _("草稿（不得用印）") if case.state == "draft" else _("供审核与确认，定稿后用印")
        prints.append(Print("draft", f"{title}（{named}）", lambda: draft(case), note=note))
    if case.type != "recorded" and drafttext.differences(case):
        prints.append(
            Print(
                "comparison",
                gettext_noop("协议修改对照表"),
                lambda: comparison(case),
                note=_("与模板不一致的条款"),
            )
        )
    return prints


@papers.kinds.register(Agreement)
class AgreementPapers(RoutedPapers):
    def main(self) -> str:
        return "agreement"

    def render(self, paper: Paper) -> bytes:
        return agreement(self.case, paper)

    def finish(self, paper: Paper) -> None:
        finish(self.case, paper)

    def prints(self, actor=None, reviewer: bool = False) -> list[Print]:
        return [] if reviewer else [*agreement_prints(self.case), *originals.prints(self.case)]

    def is_over(self) -> bool:
        return self.case.state in ("ended", "declined")

    def ended_on(self) -> dt.date | None:
        return self.case.ended_on

    def comes_back(self, key: str) -> bool:
        declared = self.case.profile.agreement.paper
        own = declared is not None and declared.scan != "none" and (declared.key or self.main()) == key
        return own or super().comes_back(key)


# --- certificate ---------------------------------------------------------------------------------------------------


def certificate(recognition, paper: Paper) -> bytes:
    """The base's certificate: the name the regulation gives its bases, number, period, who granted it and when."""
    layout = printing.layout_of(recognition, "certificate")
    return printing.filled(
        recognition,
        layout,
        answers=certificate_answers(recognition),
        paper=paper,
        state=printing.state_of(paper),
    )


def certificate_answers(recognition) -> dict[str, Any]:
    """What a certificate prints (see regulations/profiles/README-facts.md)."""
    base = recognition.base
    answers: dict[str, Any] = {
        "base_name": base.name,
        "fixed_name": recognition.title,
        "university": recognition.university.display_name,
        "college": recognition.college.display_name if recognition.college else "",
        "partner": recognition.partner.display_name if recognition.partner else "",
        "recognition_no": recognition.number,
        "issuer": holder(recognition).display_name,
        "document_no": recognition.document_number,
        "issued_on": (recognition.published_on or recognition.active_on or recognition.decided_on).isoformat(),
    }
    start, end = validity(recognition)
    if start and end:
        answers["period"] = {"from": start.isoformat(), "to": end.isoformat()}
    return answers


def validity(recognition) -> tuple:
    """First and last day: the construction period, or the term of the agreement that the base stands on."""
    if recognition.ends_on:
        return recognition.starts_on, recognition.ends_on
    newest = (
        Agreement.objects.filter(recognition=recognition, state="signed", ends_on__isnull=False)
        .order_by("-signed_on", "-pk")
        .first()
    )
    return (newest.effective_on or newest.starts_on, newest.ends_on) if newest else (None, None)


def certificate_hash(recognition) -> str:
    """The hash of what the certificate says: a renewed term or a new name makes a new version."""
    return content_hash(certificate_answers(recognition))


def recognition_prints(recognition, name: str) -> list[Print]:
    """The certificate as its content stands now, if the version on record is out of date."""
    if recognition.state != "active" or "certificate" not in recognition.profile.papers:
        return []
    standing = papers.current(recognition, "certificate")
    if standing is not None and standing.content_sha256 == papers.content_of(recognition, "certificate"):
        return []

    def make() -> bytes:
        paper = papers.ensure_file(papers.issue_now(recognition, "certificate", name), recognition)
        with paper.file.open("rb") as file:
            return file.read()

    title = papers.title_of(recognition, "certificate")
    return [Print("certificate", title, make, note=_("内容有更新，打印后原版本作废") if standing else "")]


@papers.kinds.register(Recognition)
class RecognitionPapers(CasePapers):
    def issuer(self) -> str:
        return holder(self.case).display_name

    def is_over(self) -> bool:
        return self.case.state == "ended"

    def has_ended(self, paper: Paper) -> bool:
        """A certificate ends with the base; a decision stands."""
        return self.is_over() and not decisions.tells(paper.kind)

    def ended_on(self) -> dt.date | None:
        return self.case.ended_on

    def content_hash(self) -> str:
        return certificate_hash(self.case)

    def hash_of(self, kind: str) -> str:
        return decisions.hash_of(self.case, kind) if decisions.tells(kind) else self.content_hash()

    def render(self, paper: Paper) -> bytes:
        return decisions.render(self.case, paper) if decisions.tells(paper.kind) else certificate(self.case, paper)

    def prints(self, actor=None, reviewer: bool = False) -> list[Print]:
        if reviewer:
            return []
        return recognition_prints(self.case, actor.name if actor is not None else "") + decisions.prints(self.case)
