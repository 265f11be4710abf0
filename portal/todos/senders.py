"""What a row of to-dos says beside its own words: who sent it, and for a partner unit which seal on how many copies."""

from __future__ import annotations

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from casework.models.regulated import with_regulation
from core import door
from core.language import shown
from core.models import Paper, TransitionLog
from portal.todos.rows import Todo


def name_senders(rows: list[Todo], reader) -> None:
    """Who sent each case to the reader: the last who acted on it other than the reader. One query for all rows."""
    if not rows:
        return
    latest = (
        TransitionLog.objects.filter(_where(rows))
        .exclude(role="system")
        .exclude(user_id=reader.user_id)
        .values("case_kind", "case_id")
        .annotate(last=Max("id"))
        .values("last")
    )
    last = {
        (line.case_kind, line.case_id): line
        for line in TransitionLog.objects.filter(pk__in=latest).only(
            "case_kind", "case_id", "organisation_name", "organisation_id", "actor_name", "role", "user_id"
        )
    }
    for row in rows:
        line = last.get((row.case_kind, row.case_id))
        if line and not row.from_person:
            row.from_unit, row.from_person = line.organisation_name, line.name_for(reader)


def _where(rows: list[Todo]) -> Q:
    """The cases of these rows, for a table that names its case by kind and number."""
    by_kind: dict[str, set[int]] = {}
    for row in rows:
        by_kind.setdefault(row.case_kind, set()).add(row.case_id)
    where = Q(pk__in=[])
    for kind, ids in by_kind.items():
        where |= Q(case_kind=kind, case_id__in=ids)
    return where


def name_seals(rows: list[Todo]) -> None:
    """Which seal goes on how many copies: what the step's own paper asks for, else the latest paper of the case. One
    query for all rows and one for each kind of case."""
    papers = Paper.objects.filter(_where(rows), voided_at=None).exclude(seal_kind="").order_by("pk")
    latest = {(paper.case_kind, paper.case_id): paper for paper in papers}
    for row in rows:
        if paper := latest.get((row.case_kind, row.case_id)):
            row.seal = shown(paper.seal_kind)
            row.copies = _("%(n)s份") % {"n": len(paper.copies)} if paper.copies else ""
    for row, declared in _declarations(rows):
        asked = declared.paper is not None and declared.paper.scan != "none"
        row.seal = shown(declared.paper.seal) if asked else ""
        row.copies = _("%(n)s份") % {"n": declared.paper.copies} if asked and declared.paper.copies else ""


def _declarations(rows) -> list[tuple]:
    """The to-dos whose step the case's regulation declares, each with that declaration. A query for each kind."""
    by_kind: dict[str, set[int]] = {}
    for row in rows:
        if row.step_key:
            by_kind.setdefault(row.case_kind, set()).add(row.case_id)
    cases = {
        (kind, case.pk): case
        for kind, ids in by_kind.items()
        for case in with_regulation(door.case_model(kind)._base_manager.filter(pk__in=ids))
    }
    pairs = []
    for row in rows:
        case = cases.get((row.case_kind, row.case_id)) if row.step_key else None
        declared = next((step for step in case.declared_route() if step.key == row.step_key), None) if case else None
        if declared is not None:
            pairs.append((row, declared))
    return pairs
