"""The card that says which seal a paper wants, on how many copies, and whom to send them to."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from casework import papers
from casework.models.routed import RoutedCase
from casework.papers import parcels
from core import pages
from core.language import listed, shown
from core.models import Paper
from regulations import wording
from regulations.vocabulary import STAMPS


def of_step(case, step) -> pages.SealingCard | None:
    """The card of a step whose paper has to come back stamped; None for any other step."""
    declared = case.step_declaration(step.key)
    asked = declared.paper
    if asked is None or asked.scan == "none":
        return None
    paper = papers.current(case, papers.paper_key(case, declared))
    return card(case, step.unit, asked, paper)


def to_stamp(case, unit_id: int) -> list[pages.SealingCard]:
    """What a unit has to stamp now. The case is prefetched."""
    cards = (of_step(case, step) for step in case.prefetched.steps if step.state == "open" and step.unit_id == unit_id)
    return [card for card in cards if card is not None]


def parcel_url(membership, case) -> str:
    """Where the reader's unit says by which courier it sent originals; "" for who sends none, and where a case has no route
    on which something is stamped."""
    sends = isinstance(case, RoutedCase) and membership.may("casework.send_parcel", case)
    if not sends or parcels.recipient(case, membership.organisation) is None:
        return ""
    return reverse("case_parcel", args=[case.case_kind, case.pk])


def card(case, unit, asked, paper: Paper | None, copies: str = "") -> pages.SealingCard:
    """The card for `unit`, which stamps: `asked` is what the regulation says of the step's paper (schema.route.StepPaper),
    `paper` the version that is printed, None while there is none; `copies` where the case itself knows how many."""
    to = parcels.recipient(case, unit)
    labels = listed(shown(copy["label"]) for copy in paper.copies) if paper is not None else ""
    if not copies and asked is not None and asked.copies:
        copies = _("%(n)s份") % {"n": asked.copies}
    elif not copies and labels:
        copies = _("%(n)s份") % {"n": len(paper.copies)}
    return pages.SealingCard(
        paper=shown(paper.title) if paper is not None else "",
        version=_("第%(v)s版") % {"v": paper.version} if paper is not None else "",
        pdf_url=reverse("case_paper_pdf", args=[case.case_kind, case.pk, paper.pk]) if paper is not None else "",
        seal=wording.words(asked.seal) if asked is not None and asked.seal else "",
        stamp=str(STAMPS[asked.stamp]) if asked is not None and asked.stamp else "",
        own=unit.seal if unit is not None else "",
        copies=copies,
        labels=labels,
        keeper=wording.words(asked.keeper) if asked is not None and asked.keeper else "",
        to_unit=to.unit.display_name if to else "",
        to_person=to.person if to else "",
        to_address=to.address if to else "",
        to_phone=to.phone if to else "",
        missing=to.missing if to else "",
    )


def parcel_rows(rows) -> list[pages.ParcelRow]:
    """What was sent by courier, as pages show it."""
    return [pages.ParcelRow(row.courier, row.number, row.sent_on, row.unit.display_name, row.sent_by) for row in rows]
