"""Where a base's files are: its construction files and approvals, and who keeps the originals and the copies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from bases import origin
from core.language import listed, shown
from core.models import Paper, StampedCopy
from regulations import wording

RECORD = "archive"  # the type of record by which the files are filed


@dataclass
class Keeper:
    """Who keeps the originals, or copies of them."""

    title: str
    unit: str
    original: bool
    clause: str
    cited: Any = None


@dataclass(frozen=True)
class File:
    """One paper of the base, with where its stamped scan stands."""

    title: str
    code: str
    made_on: Any
    state: Any
    label: str
    holders: str  # of a paper with several originals: who has one each


def keepers(recognition) -> list[Keeper]:
    """Whom the regulation makes keep the files, as far as the base has them; [] where it says nothing."""
    declared = recognition.profile.recognition
    rows = []
    for custody in declared.custody if declared else []:
        unit = getattr(recognition, custody.unit)
        if unit is not None:
            name = f"{unit.display_name}{unit.office}" if custody.role == "graduate_office" else unit.display_name
            rows.append(Keeper(wording.words(custody.title), name, custody.kind == "original", custody.clause or ""))
    return rows


def keeps(recognition, membership) -> bool:
    """Whether the membership's organisation is one of those that keep the files."""
    declared = recognition.profile.recognition
    return any(
        getattr(recognition, f"{custody.unit}_id") == membership.organisation_id
        for custody in (declared.custody if declared else [])
    )


def files(recognition) -> list[File]:
    """The papers of the base's application and agreements that stand, the oldest first. Three queries."""
    agreements = list(recognition.agreements.values_list("pk", flat=True))
    rows = Paper.objects.filter(
        Q(case_kind=origin.KIND, case_id=recognition.application_id) | Q(case_kind="agreement", case_id__in=agreements),
        voided_at=None,
    )
    papers = list(rows.order_by("created_at", "pk"))
    stamps: dict[int, StampedCopy] = {}
    for stamp in StampedCopy.objects.filter(paper__in=papers).exclude(state="void").order_by("pk"):
        stamps[stamp.paper_id] = stamp
    states = {paper.pk: paper.stamp_state(stamps.get(paper.pk)) for paper in papers}
    return [
        File(
            shown(paper.title),
            paper.code,
            paper.created_at,
            states[paper.pk],
            str(states[paper.pk].label),
            listed(shown(copy["label"]) for copy in paper.copies),
        )
        for paper in papers
    ]
