"""One set of minutes decides many cases: the form is asked once, every case gets its own step, files and log line."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.forms import answers_for
from applications.models import Application
from applications.queries.lists import decision_steps
from applications.views.start import a_number
from casework import inputs
from casework.models.regulated import with_regulation
from casework.pages.findings import clause, finding_page
from core import pages
from core.door import DoorError, Refused, moves, perform_together
from core.language import shown

MOST = 100


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest) -> HttpResponse:
    """登记会议审定结果 for the steps named in the address (`?step=1&step=2`): all of them, or none."""
    wanted = [pk for pk in map(a_number, request.GET.getlist("step")[: MOST + 1]) if pk is not None]
    steps = decision_steps(request.membership, wanted)
    if not steps or len(wanted) > MOST:
        raise Http404
    cases = {case.pk: case for case in _cases(request, steps)}
    steps = [step for step in steps if step.case_id in cases]
    if len(steps) < len(set(wanted)):
        messages.warning(
            request,
            _("所选项目中有%(n)s项已不在待审定环节，未列入本次登记。") % {"n": len(set(wanted)) - len(steps)},
        )
    if len({(cases[step.case_id].regulation_version_id, step.key) for step in steps}) > 1:
        messages.warning(request, _("所选项目适用的办法或环节不同，请按同一环节分批登记。"))
        return redirect("applications:agenda")
    chosen = [cases[step.case_id] for step in steps]
    if request.method == "GET":
        return _ask(request, chosen, steps)
    return _decide(request, chosen, steps)


def _cases(request: HttpRequest, steps: list) -> list[Application]:
    rows = Application.objects.visible_to(request.membership).filter(pk__in=[step.case_id for step in steps])
    return list(with_regulation(rows).select_related("university", "college", "partner", "call").order_by("pk"))


def _decide(request: HttpRequest, cases: list, steps: list) -> HttpResponse:
    declared = moves(Application)["act_on_step"]
    first = cases[0]
    given = inputs.sent_input(request, first, declared, steps[0], draft=False)
    acts = [
        (
            case,
            "act_on_step",
            {"step": step.pk, "answers": answers_for(case, first, given.spec, given.answers, request.membership)},
        )
        for case, step in zip(cases, steps, strict=True)
    ]
    if given.findings:
        return _ask(request, cases, steps, given, Refused(given.findings))
    try:
        perform_together(acts, request.membership)
    except Refused as refusal:
        return _ask(request, cases, steps, given, refusal)
    except DoorError as error:
        messages.warning(request, str(error) or _("所选项目中有的已由他人办理，本次登记没有改动任何内容。"))
        return redirect("applications:agenda")
    messages.success(request, _("已登记%(n)s个项目的会议审定结果。") % {"n": len(cases)})
    return redirect("applications:agenda")


def _ask(request: HttpRequest, cases: list, steps: list, given=None, refusal=None) -> HttpResponse:
    """The input page: which cases, and the step's form as for one case. A refusal says of which case it speaks."""
    declared = moves(Application)["act_on_step"]
    first = cases[0]
    given = given or inputs.move_input(request, first, declared, steps[0], draft=False)
    at = getattr(refusal, "at", None)
    findings = [finding_page(at or first, finding) for finding in refusal.findings] if refusal else []
    count = len(cases)
    page = pages.ActionPage(
        case_title=_("共%(n)s个项目") % {"n": count},
        case_number="",
        case_url=reverse("applications:agenda"),
        state=first.state,
        state_label=first.get_state_display(),
        label=_("登记会议审定结果"),
        post_url=request.get_full_path(),
        seen=0,
        help=_("一份会议纪要同时办理以下各项，全部通过校验后一并生效；有一项不能办理的，全部不办理。"),
        step_title=shown(steps[0].title),
        form=inputs.move_view(request, first, declared, steps[0], given, inputs.reasons(given, refusal)),
        findings=findings,
        clause=clause(first, steps[0].clause),
        multipart=True,
        crumbs=[(_("上会议题"), reverse("applications:agenda"))],
        submit_label=_("登记%(n)s个项目") % {"n": count},
        extras=[
            pages.ExtraPart("cases", _("本次审定的项目"), "applications/parts/decided.html", {"cases": cases, "at": at})
        ],
    )
    return render(request, "casework/action.html", {"page": page}, status=422 if refusal else 200)
