"""A student's page, for whoever looks after them and for the student; entering, changing, inviting; the spreadsheet."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from bases.drafting import columns_of
from casework.resolver import CaseResolver
from core import clock, pages
from core.door import Forbidden, Refused
from core.findings import Finding, blocking
from core.forms.clean import clean
from core.forms.post import from_post
from core.forms.spec import parse_form
from core.listing import export
from tenants.access import see_or_404
from tenants.roles import PARTY_COMMITTEE
from trainees import queries, services, specs
from trainees.models import Placement, Student, StudentSheet
from trainees.students import inviting, private, register, sheet
from trainees.students import specs as asked
from trainees.views.begin import asked_of, form_page, may_manage


def _list_crumb() -> tuple[str, str]:
    return _("研究生"), reverse("trainees:students")


def _filled(
    request: HttpRequest, spec_data: dict, given: dict, own: dict, act, title: str, crumb: tuple
) -> HttpResponse:
    """A form that was opened or sent: `act(answers)` does it and gives where to go on. Raises PermissionDenied."""
    spec = parse_form(spec_data)
    resolver = CaseResolver(Placement(**own), request.membership)
    answers: dict[str, Any] = given
    findings: list[Finding] = []
    if request.method == "POST":
        answers, findings = clean(spec, from_post(spec, request.POST), resolver=resolver)
        if not blocking(findings):
            try:
                return redirect(act(answers))
            except Refused as refusal:
                findings = refusal.findings
            except Forbidden as error:
                raise PermissionDenied(str(error)) from error
    shown = [pages.PageFinding(finding) for finding in findings]
    return form_page(request, title, spec, answers, shown, resolver, crumb)


@require_http_methods(["GET", "HEAD", "POST"])
def student_new(request: HttpRequest) -> HttpResponse:
    """登记研究生."""
    own = asked_of(request)

    def enter(answers: dict) -> str:
        values = asked.values_of(answers, own)
        seat = specs.mentor_named(answers.get("seat"))
        more = {"university": own["university"], "number": answers["number"], "seat": seat}
        student = services.add_student(request.membership, **values, **more)
        messages.success(request, _("已登记研究生%(who)s。") % {"who": student})
        return reverse("trainees:student", args=[student.pk])

    spec = asked.entering(request.membership, own)
    return _filled(request, spec, {}, own, enter, _("登记研究生"), _list_crumb())


def _seen(request: HttpRequest, pk: int) -> Student:
    rows = Student.objects.select_related("university", "college__parent", "seat__user", "invitation__link")
    return see_or_404(rows, request, pk=pk)


def _managed(request: HttpRequest, pk: int) -> Student:
    student = _seen(request, pk)
    if not request.membership.may(services.MANAGE, student):
        raise PermissionDenied(_(register.WHO))
    return student


@require_http_methods(["GET", "HEAD", "POST"])
def student_change(request: HttpRequest, pk: int) -> HttpResponse:
    """修改研究生信息."""
    student = _managed(request, pk)
    own = columns_of(request.membership)
    page = reverse("trainees:student", args=[pk])

    def change(answers: dict) -> str:
        register.change(request.membership, student, asked.values_of(answers, own))
        messages.success(request, _("已保存。"))
        return page

    given = asked.answers_of(student)
    return _filled(request, asked.changing(own), given, own, change, _("修改研究生信息"), (str(student), page))


@require_http_methods(["GET", "HEAD", "POST"])
def student_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """登记离校."""
    student = _managed(request, pk)
    own = columns_of(request.membership)
    page = reverse("trainees:student", args=[pk])

    def leave(answers: dict) -> str:
        on = dt.date.fromisoformat(answers["left_on"])
        if on > clock.today():
            text = _("离校日期不能晚于今天。")
            raise Refused(Finding("", "hard", text, {"left_on": str(on)}, field="left_on"))
        register.leave(request.membership, student, on, answers["reason"])
        messages.success(request, _("已登记离校。"))
        return page

    return _filled(request, asked.leaving(), {}, own, leave, _("登记离校"), (str(student), page))


@require_http_methods(["GET", "HEAD", "POST"])
def student_family(request: HttpRequest, pk: int) -> HttpResponse:
    """家庭联系方式: by the student, or by the office that looks after them."""
    student = _seen(request, pk)
    if not (private.is_own(request.membership, student) or request.membership.may(private.SEE_FAMILY, student)):
        raise Http404
    own = {"university": student.university, "college": student.college}
    page = reverse("trainees:student", args=[pk])

    def keep(answers: dict) -> str:
        private.set_family(request.membership, student, answers["family_contact"], answers["family_phone"])
        messages.success(request, _("已保存。"))
        return page

    given = private.family_of(request.membership, student)
    return _filled(request, asked.family(), given, own, keep, _("家庭联系方式"), (str(student), page))


@require_http_methods(["GET", "HEAD", "POST"])
def party(request: HttpRequest) -> HttpResponse:
    """登记党员名单: by the college's Party committee, who alone keeps it."""
    reader = request.membership
    if reader.role != PARTY_COMMITTEE:
        raise Http404

    def keep(answers: dict) -> str:
        rows = private.named(reader, answers["numbers"])
        number = private.set_party(reader, rows, answers["act"] == "add")
        messages.success(request, _("已变更%(n)s人。") % {"n": number})
        return reverse("trainees:students")

    crumb = (_("研究生党员"), reverse("trainees:students"))
    return _filled(request, asked.party(), {}, columns_of(reader), keep, _("登记党员名单"), crumb)


@require_http_methods(["GET", "HEAD", "POST"])
def student(request: HttpRequest, pk: int) -> HttpResponse:
    """One student: who they are, where they are or were, under whom; the way to an account."""
    shown = _seen(request, pk)
    reader = request.membership
    invites = inviting.may_invite(reader, inviting.home_of(shown))
    if request.method == "POST":
        if not invites:
            raise PermissionDenied(_("研究生账号由学院研究生秘书邀请。"))
        try:
            made = inviting.invite(reader, shown)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("已向%(to)s发出邀请。") % {"to": made.email})
        return redirect("trainees:student", pk)
    own = private.is_own(reader, shown)
    context = {
        "student": shown,
        "own": own,
        "facts": _facts(shown),
        "private": private.shown(reader, shown),
        "keeps_family": own or reader.may(private.SEE_FAMILY, shown),
        "manages": reader.may(services.MANAGE, shown),
        "invites": invites and shown.seat is None and shown.studying,
        "placements": list(queries.placements(reader).filter(student=shown).order_by("-starts_on", "-pk")),
        "plan_url": f"{reverse('trainees:plan')}?student={pk}" if may_manage(reader) and shown.studying else "",
        "crumbs": [_list_crumb(), (str(shown), "")] if not own else [(_("我的信息"), "")],
    }
    return render(request, "trainees/student.html", context)


def _facts(student: Student) -> list[tuple[str, Any]]:
    return [
        (label, value)
        for label, value in (
            (_("学校"), student.university.display_name),
            (_("学院"), student.college.name if student.college else ""),
            (_("学号"), student.number),
            (_("入学年份"), student.cohort),
            (_("专业学位类别"), student.category),
            (_("学位类型"), student.get_degree_display()),
            (_("学习方式"), student.get_mode_display()),
            (_("电子邮箱"), student.email),
            (_("手机号"), student.phone),
        )
        if value
    ]


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """我的信息: a student's own record; whose membership no record is linked with is told whom to ask."""
    if request.membership.role != "student":
        raise Http404
    row = Student.objects.visible_to(request.membership).order_by("pk").first()
    if row is not None:
        return redirect("trainees:student", row.pk)
    return render(request, "trainees/not_linked.html", {"crumbs": [(_("我的信息"), "")]})


# --- by spreadsheet --------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def student_sheets(request: HttpRequest) -> HttpResponse:
    """导入研究生: a filled-in sheet is read and checked; nothing is entered by that."""
    own = asked_of(request)
    problem = ""
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            problem = _("请选择要导入的表格。")
        else:
            made = sheet.check(request.membership, own, file.name or "", file.read(sheet.MAX_BYTES + 1))
            return redirect("trainees:student_sheet", made.pk)
    rows = StudentSheet.objects.visible_to(request.membership).select_related("made_by__user").order_by("-pk")
    context = {
        "sheets": rows.defer("rows", "problems")[:20],
        "problem": problem,
        "most": sheet.MOST,
        "crumbs": [_list_crumb(), (_("导入研究生"), "")],
    }
    return render(request, "trainees/sheets.html", context, status=422 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def student_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """What a checked sheet came to, by row and column; and the button that enters all of it."""
    asked_of(request)
    checked = see_or_404(StudentSheet.objects.select_related("university", "college", "made_by__user"), request, pk=pk)
    if request.method == "POST":
        try:
            number = sheet.enter(request.membership, checked)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("trainees:student_sheet", pk)
        messages.success(request, _("已导入%(n)s名研究生。") % {"n": number})
        return redirect("trainees:students")
    faults = [fault for fault in checked.problems if fault[4]]
    remarks = [fault for fault in checked.problems if not fault[4]]
    context = {
        "sheet": checked,
        "faults": faults,
        "remarks": remarks,
        "crumbs": [_list_crumb(), (_("导入研究生"), reverse("trainees:student_sheets")), (str(checked), "")],
    }
    return render(request, "trainees/sheet.html", context)


@require_GET
def student_template(request: HttpRequest) -> HttpResponse:
    """The sheet to fill in."""
    own = asked_of(request)
    return export.download(sheet.template(own), _("研究生名单") + ".xlsx")
