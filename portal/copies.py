"""抄送: bring a case to the notice of colleagues of one's own organisation. Changes no state; stands in the log."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.access import seen_case
from casework.models import Copy
from core import clock, outbox
from core.door import record_event
from core.forms.plain import plain_id
from core.language import in_source_language
from portal.remind import may_remind
from tenants import roles
from tenants.models import Membership

MOST = 20  # colleagues at once


def may_copy(membership) -> bool:
    """Whether the reader works for an organisation: readers, experts, students and mentors do not."""
    return may_remind(membership) and membership.role not in roles.PERSONAL_ROLES


def colleagues(membership) -> list[Membership]:
    """Those of the sender's organisation who see its cases as the sender does. One query."""
    rows = Membership.objects.of(membership.organisation_id).exclude(user_id=membership.user_id)
    return list(rows.exclude(role__in=roles.PERSONAL_ROLES).order_by("role", "pk")[:200])


@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Choose colleagues and say why; whoever got the case from the sender today is not told again."""
    case = seen_case(request, kind, pk)
    membership = request.membership
    if not may_copy(membership):
        raise PermissionDenied(_("抄送由单位的工作人员办理。"))
    offered = colleagues(membership)
    problem, note, picked = "", "", set()
    if request.method == "POST":
        picked = {plain_id(text) for text in request.POST.getlist("to")}
        note = request.POST.get("note", "").strip()
        chosen = [member for member in offered if member.pk in picked]
        if not chosen:
            problem = _("请选择抄送的同事。")
        elif len(chosen) > MOST:
            problem = _("一次最多抄送%(n)s人，已选%(m)s人。") % {"n": MOST, "m": len(chosen)}
        elif len(note) > 200:
            problem = _("附言现有%(n)s字，不能超过200字。") % {"n": len(note)}
        else:
            told = send(membership, case, chosen, note)
            if told:
                messages.success(request, _("已抄送：%(who)s。") % {"who": "、".join(told)})
            else:
                messages.info(request, _("今天已抄送过，没有重复发送。"))
            return redirect(case.get_absolute_url())
    context = {
        "case": case,
        "offered": offered,
        "picked": picked,
        "note": note,
        "problem": problem,
        "crumbs": [(case.title, case.get_absolute_url()), (_("抄送"), "")],
    }
    return render(request, "portal/copy.html", context, status=422 if problem else 200)


def send(membership, case, chosen: list[Membership], note: str) -> list[str]:
    """Copy a case to colleagues. Returns the names of those who had not got it from the sender today."""
    told = []
    with in_source_language(), transaction.atomic():
        type(case)._base_manager.select_for_update(of=("self",)).get(pk=case.pk)  # two clicks: one copy
        for member in chosen:
            _row, new = Copy.objects.get_or_create(
                case_kind=case.case_kind,
                case_id=case.pk,
                membership=member,
                sender=membership,
                on=clock.today(),
                defaults={
                    "case_number": case.number,
                    "case_title": case.title,
                    "sender_name": membership.name,
                    "note": note,
                },
            )
            if new:
                told.append(member)
        if told:
            title = _("【抄送】%(title)s") % {"title": case.title}
            text = _("%(who)s抄送给您。%(note)s") % {"who": membership.name, "note": note}
            keys = "-".join(str(member.pk) for member in told)
            outbox.notify(
                told,
                title,
                text,
                case.get_absolute_url(),
                key=f"copy:{case.case_kind}:{case.pk}:{membership.pk}:{clock.today()}:{keys}",
            )
            names = "、".join(member.name for member in told)
            record_event(case, "copy", _("抄送"), membership, reason=f"{names}。{note}" if note else names)
    return [member.name for member in told]
