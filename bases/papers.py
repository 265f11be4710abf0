"""The papers of a base: its agreement with the tamper seal, its certificate."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from functools import partial
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils.translation import gettext as _

from bases import agreementpapers, decisions, originals, sealpapers
from bases.models import Agreement, Recognition
from bases.models.recognition import holder
from casework import papers
from casework.papers import CasePapers, RoutedPapers, printing
from casework.papers.printing import Print
from core import clock
from core.forms.store import content_hash
from core.models import Paper
from core.outbox import task

log = logging.getLogger(__name__)


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


@papers.kinds.register(Agreement)
class AgreementPapers(RoutedPapers):
    def main(self) -> str:
        return "agreement"

    def hash_of(self, kind: str) -> str:
        if sealpapers.tells(kind):
            return sealpapers.hash_of(self.case, kind)
        own = kind in ("termination", originals.REGISTER)
        return agreementpapers.hash_of(self.case, kind) if own else super().hash_of(kind)

    def render(self, paper: Paper) -> bytes:
        made = sealpapers if sealpapers.tells(paper.kind) else agreementpapers
        return made.render(self.case, paper)

    def finish(self, paper: Paper) -> None:
        finish(self.case, paper)

    def prints(self, actor=None, reviewer: bool = False) -> list[Print]:
        if reviewer:
            return []
        own = agreementpapers.prints(self.case, actor.name if actor is not None else "")
        return [*own, *sealpapers.prints(self.case, actor)]

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
    layout = printing.layout_of(recognition, "certificate", paper=paper)
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
        "base_no": base.number,
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
    """First and last day: the construction period, or the term of the agreement that the base stands on today, else of
    the one that was signed last. A text revised in mid-term runs from the day of the one that it took the place of."""
    if recognition.ends_on:
        return recognition.starts_on, recognition.ends_on
    terms = recognition.agreements.filter(state="signed", ends_on__isnull=False).exclude(type="supplement")
    signed = list(terms.order_by("-signed_on", "-pk"))
    if not signed:
        return None, None
    standing = next((row for row in signed if row.is_in_force(clock.today())), signed[0])
    first = standing
    while first.type in ("revision", "replacement") and first.previous is not None:
        first = first.previous
    return first.effective_on or first.starts_on, standing.ends_on


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

    make = partial(papers.print_now, recognition, "certificate", name)
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
