"""A round begun by hand, and urging those who have not reported."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import clock, pages
from core.door import Forbidden, Refused
from core.forms.clean import clean
from core.forms.post import from_post
from core.forms.render import rendered
from core.forms.spec import parse_form
from evaluations import specs
from evaluations.models import Round
from evaluations.services import planning, rounds
from regulations import wording
from tenants.access import denied, see_or_404


@require_http_methods(["GET", "HEAD", "POST"])
def round_new(request: HttpRequest) -> HttpResponse:
    """新建考核批次: which kind, for which year."""
    membership = request.membership
    if not membership.may("evaluations.plan_round", membership.organisation):
        raise denied(_("考核批次由组织单位的经办人建立。"), "evaluations.plan_round", membership.organisation)
    kinds = {f"{version.pk}.{key}": (version, key) for version, key in planning.kinds_for(membership.organisation)}
    labels = [
        (code, f"{wording.words(version.profile.evaluations[key].title)}（{version}）")
        for code, (version, key) in kinds.items()
    ]
    spec = parse_form(specs.new_round(labels)) if kinds else None
    answers: dict = {"year": clock.today().year}
    findings = []
    if request.method == "POST" and spec is not None:
        answers, findings = clean(spec, from_post(spec, request.POST))
        if not findings:
            version, key = kinds[answers["kind"]]
            try:
                in_round = planning.plan(membership, version, key, answers["year"], answers.get("note") or "")
            except Refused as refusal:
                findings = list(refusal.findings)
            except Forbidden as error:
                raise PermissionDenied(str(error)) from error
            else:
                messages.success(request, _("批次已建立。核对后请点“启动考核”。"))
                return redirect(in_round.get_absolute_url())
    context = {
        "title": _("新建考核批次"),
        "submit": _("保存"),
        "form": rendered(spec, answers, findings=findings) if spec is not None else None,
        "nothing": _("本单位没有按办法须由本单位考核的在建基地。"),
        "findings": [pages.PageFinding(finding) for finding in findings if not finding.field],
        "label": _("保存"),
        "cancel_url": reverse("evaluations:rounds"),
        "crumbs": [(_("考核批次"), reverse("evaluations:rounds")), (_("新建考核批次"), "")],
    }
    return render(request, "bases/start.html", context, status=422 if findings else 200)


@require_POST
def urge(request: HttpRequest, pk: int) -> HttpResponse:
    """一键催报: everybody of the round whose report is missing."""
    in_round = see_or_404(Round.objects, request, pk=pk)
    try:
        told = rounds.urge(in_round, request.membership)
    except Forbidden as error:
        raise PermissionDenied(str(error)) from error
    if told:
        messages.success(request, _("已催报%(n)s个单位。") % {"n": told})
    else:
        messages.info(request, _("没有需要催报的单位，或今天已经催报过。"))
    return redirect(in_round.get_absolute_url())
