"""Stamped scans compared one after another: as the list has them, without going back to it."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from casework import access
from casework.views.lists.scans import Scans, kind_label, place
from casework.views.papers import side_by_side
from core import pages
from core.listing.view import PLACE

MOST = 500  # scans that are counted and gone through


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """One of the scans that wait for the reader, beside its paper; what is decided of it leads to the next. `at` names the
    one to begin with, the rest of the query filters and orders as the list does."""
    rows = list(Scans().in_order(request)[:MOST])
    kept = request.GET.copy()
    for name in (*PLACE, "at"):
        kept.pop(name, None)
    listed = f"{reverse('casework:scans')}?{kept.urlencode()}".rstrip("?")
    if not rows:
        context = {"list_url": listed, "narrowed": bool(kept), "crumbs": _crumbs(listed)}
        return render(request, "casework/scans_done.html", context)
    places = [place(row) for row in rows]
    wanted = request.GET.get("at", "")
    # A to-do names case and key; a scan of the list also its row, since parties may have steps of one key.
    here = next((at for at, name in enumerate(places) if wanted and f"{name}.".startswith(f"{wanted}.")), 0)
    row = rows[here]

    def url(at: int) -> str:
        query = kept.copy()
        query["at"] = places[at]
        return f"{request.path}?{query.urlencode()}"

    after = here + 1 if here + 1 < len(rows) else 0
    queue = pages.ScanQueue(
        number=here + 1,
        count=len(rows),
        list_url=listed,
        before_url=url(here - 1) if here else "",
        after_url=url(after) if len(rows) > 1 else "",
        then_url=url(after) if len(rows) > 1 else f"{request.path}?{kept.urlencode()}".rstrip("?"),
        what=kind_label(row),
        unit=row.unit_name or "",
        narrowed=bool(kept),
    )
    case = access.seen_case(request, row.paper.case_kind, row.paper.case_id)
    page = side_by_side(request, case, row.paper, row.pk)
    page = replace(page, hidden={**page.hidden, "next": queue.then_url})
    crumbs = _crumbs(listed)
    return render(request, "casework/scans_compare.html", {"page": page, "queue": queue, "crumbs": crumbs})


def _crumbs(listed: str) -> list[tuple[str, str]]:
    return [(_("盖章件核对"), listed), (_("逐件核对"), "")]
