"""分组指派: several experts and several cases in one grid, for whatever kind of case has a panel; all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework import panels, queries
from casework.models import Assignment, Step
from casework.models.regulated import with_regulation
from casework.pages.findings import finding_page
from casework.prefetched import COLUMNS, bring_organisations
from core import door
from core.door import DoorError, Refused, perform_together
from core.forms.plain import plain_id
from core.language import shown
from tenants.models import Membership, Organisation

ROLES = {"officer", "graduate_office"}
ROWS = 30
SHOWN = 8  # experts that stand in the grid before anybody chose


@dataclass
class Cell:
    """An expert on a case: sits on the panel already, may not, or can be picked."""

    membership: Membership
    name: str
    standing: Assignment | None = None
    against: list[str] = field(default_factory=list)
    picked: bool = False


@dataclass
class Line:
    """An open panel of a case."""

    step: Step
    case: Any
    title: str
    count: int
    cells: list[Cell]


@require_http_methods(["GET", "HEAD", "POST"])
def grid(request: HttpRequest) -> HttpResponse:
    """The open panels of the reader's organisation against the experts of its pool."""
    if not request.membership.acts_as(ROLES):
        raise PermissionDenied(_("专家由组织评审的单位指派：学校的研究生处，主管部门的经办人。"))
    if request.method == "POST":
        return _assign(request)
    return _page(request)


def _assign(request: HttpRequest) -> HttpResponse:
    """Every pick of the grid passes through the door, all in one transaction."""
    chosen = [pair for pair in map(_pick, request.POST.getlist("pick")[: ROWS * 100]) if pair is not None]
    steps = {step.pk: step for step in queries.panel_steps(request.membership).filter(state="open")}
    closes_on = request.POST.get("closes_on", "").strip()
    cases = _cases([steps[pk] for pk, _expert in chosen if pk in steps])
    if not chosen or any(pk not in steps for pk, _expert in chosen):
        messages.warning(request, _("没有选中可以指派的专家，或所选评审已办结。没有改动任何内容。"))
        return redirect(request.get_full_path())
    acts = [
        (cases[steps[pk].case_kind, steps[pk].case_id], "assign_expert", _asked(pk, expert, closes_on))
        for pk, expert in chosen
    ]
    try:
        perform_together(acts, request.membership)
    except Refused as refusal:
        return _page(request, set(chosen), closes_on, refusal)
    except DoorError as error:
        messages.warning(request, str(error) or _("所选评审中有的已由他人办理，没有改动任何内容。"))
        return redirect(request.get_full_path())
    count = {"n": len(chosen), "cases": len({pk for pk, _expert in chosen})}
    messages.success(request, _("已为%(cases)s项评审指派专家%(n)s人次。") % count)
    return redirect(request.get_full_path())


def _asked(step: int, expert: int, closes_on: str) -> dict:
    return {"step": step, "answers": {"expert": str(expert), "closes_on": closes_on}}


def _pick(text: str) -> tuple[int, int] | None:
    step, _dash, expert = text.partition("-")
    numbers = plain_id(step), plain_id(expert)
    return numbers if all(numbers) else None


def _page(
    request: HttpRequest,
    picked: set[tuple[int, int]] = frozenset(),
    closes_on: str = "",
    refusal: Refused | None = None,
) -> HttpResponse:
    pool = list(queries.experts(request.membership).select_related("user__employer").order_by("user__name", "pk"))
    wanted = {pk for pk in map(plain_id, request.GET.getlist("expert")) if pk}
    columns = [row for row in pool if row.pk in wanted] or pool[:SHOWN]
    rows = queries.panel_steps(request.membership).filter(state="open").order_by("-pk")
    if before := plain_id(request.GET.get("before", "")):
        rows = rows.filter(pk__lt=before)
    steps = list(rows.select_related("unit")[: ROWS + 1])
    lines = _lines(steps[:ROWS], columns, picked)
    at = getattr(refusal, "at", None)
    context = {
        "lines": lines,
        "columns": [(row, _employer(row)) for row in columns],
        "pool": [(row, _employer(row), row in columns) for row in pool],
        "choose": len(pool) > SHOWN,
        "closes_on": closes_on,
        "findings": [finding_page(at, finding) for finding in refusal.findings] if refusal else [],
        "refused": at,
        "more": steps[ROWS - 1].pk if len(steps) > ROWS else None,
        "wanted": sorted(wanted),
        "crumbs": [(_("专家评审"), reverse("casework:panels")), (_("分组指派"), "")],
    }
    return render(request, "casework/assigning.html", context, status=422 if refusal else 200)


def _employer(membership: Membership) -> str:
    person = membership.user
    return person.employer_name or (person.employer.display_name if person.employer else "")


def _cases(steps: list[Step]) -> dict[tuple[str, int], Any]:
    """The cases of panels by kind and number, with their organisations: one query for each kind, one for those."""
    ids: dict[str, set[int]] = {}
    for step in steps:
        ids.setdefault(step.case_kind, set()).add(step.case_id)
    cases = {
        (kind, case.pk): case
        for kind, wanted in ids.items()
        for case in with_regulation(door.case_model(kind)._base_manager.filter(pk__in=wanted))
    }
    known: dict[int, Organisation] = {}
    bring_organisations(cases.values(), COLUMNS, known)
    return cases


def _lines(steps: list[Step], columns: list[Membership], picked: set[tuple[int, int]]) -> list[Line]:
    cases = _cases(steps)
    homes = {
        (step.case_kind, step.case_id)
        for step in steps
        if panels.of_the_house(cases[step.case_kind, step.case_id], step)
    }
    against = panels.conflicts_of(list(cases.values()), columns, homes) if columns else {}
    standing = {
        (row.step_id, row.expert_id): row
        for row in Assignment.objects.filter(step__in=steps, state__in=Assignment.OPEN)
    }
    lines = []
    for step in steps:
        case = cases[step.case_kind, step.case_id]
        cells = [
            Cell(
                membership,
                membership.user.name,
                standing.get((step.pk, membership.user_id)),
                against[panels.pair(case, membership)],
                (step.pk, membership.pk) in picked,
            )
            for membership in columns
        ]
        lines.append(Line(step, case, shown(step.title), step.experts, cells))
    return lines
