"""条件核对: the conditions of an application one by one, and its rank."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applications.conditions import LET_PASS, MET, UNMET, lines, rank, ranks
from applications.models import Application
from casework.pages.findings import clause
from core import state_styles
from tenants import roles
from tenants.access import see_or_404

RANKED_BY = (roles.UNIVERSITY, roles.DEPARTMENT)  # who sees all that are decided together


@require_safe
def conditions(request: HttpRequest, pk: int) -> HttpResponse:
    """Which condition is met, let pass or open, with clause and evidence; for the deciding offices the rank as well."""
    along = ("call", "university", "college", "partner", "regulation_version__regulation")
    application = see_or_404(Application.objects.select_related(*along), request, pk=pk)
    membership = request.membership
    if membership.role in roles.PERSONAL_ROLES:
        raise Http404
    styles = {
        MET: (state_styles.GREEN, "check-circle", _("符合")),
        LET_PASS: (state_styles.YELLOW, "flag", _("例外准予")),
        UNMET: (state_styles.RED, "x-circle", _("不符合")),
    }
    left = (state_styles.GREY, "minus-circle", _("不具备（不影响申报）"))
    rows = [(line, clause(application, line.clause), styles.get(line.state, left)) for line in lines(application)]
    context = {
        "application": application,
        "rows": rows,
        "rank": rank(application, membership) if membership.kind in RANKED_BY else None,
        "tags": [(tag["text"], clause(application, tag["clause"])) for tag in application.priority],
        "ranks": ranks(application),
        "crumbs": [
            (_("申报项目"), reverse("applications:list")),
            (application.title, application.get_absolute_url()),
            (_("条件核对"), ""),
        ],
    }
    return render(request, "applications/conditions.html", context)
