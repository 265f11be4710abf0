"""Members and invitations, as the administrator of an organisation handles them."""

from __future__ import annotations

import segno
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods

from core.door import Refused
from tenants import queries, rights
from tenants.forms import ChangeRoleForm, ExpertKindForm, HandOverForm, InviteForm, ReasonForm
from tenants.models import Invitation, Membership
from tenants.services import handover, invitations, members
from tenants.views.common import answers, asked, seen_organisation, status_of


def _crumbs(unit, last: str) -> list[tuple[str, str]]:
    return [(_("单位与人员"), "/organisation/"), (unit.name, f"/organisation/{unit.pk}/"), (last, "")]


@require_http_methods(["GET", "HEAD", "POST"])
@answers
def invite(request: HttpRequest, unit: int) -> HttpResponse:
    """Invite somebody into an organisation."""
    shown = seen_organisation(request, unit)
    asked(request, rights.MANAGE_MEMBERS, shown, _(members.WHO))
    form = InviteForm(request.POST or None, organisation=shown)
    if request.method == "POST" and form.is_valid():
        made = form.attempt(
            lambda: invitations.invite(
                request.membership,
                shown,
                form.cleaned_data["role"],
                name=form.cleaned_data["name"],
                email=form.cleaned_data["email"],
                phone=form.cleaned_data["phone"],
                until_on=form.cleaned_data["until_on"],
            )
        )
        if made:
            return redirect("tenants:invitation", made.pk)
    context = {
        "form": form,
        "title": _("邀请成员"),
        "submit": _("生成邀请"),
        "back": f"/organisation/{shown.pk}/",
        "crumbs": _crumbs(shown, _("邀请成员")),
    }
    return render(request, "tenants/form.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@answers
def invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """One invitation with its link and QR code; send it again, or take it back."""
    invitation = get_object_or_404(
        Invitation.objects.select_related(
            "link__confirmed_by__organisation",
            "link__confirmed_by__user",
            "organisation__parent",
            "organisation__created_by",
            "invited_by__user",
            "membership__user",
        ),
        pk=pk,
        organisation__in=rights.visible_organisations(request.membership),
    )
    reader = request.membership
    manages = request.user.has_perm(rights.MANAGE_MEMBERS, invitation.organisation)
    others = invitations.confirmers(invitation) if invitation.current_state == "unconfirmed" else []
    confirms = any(confirmer.pk == reader.pk for confirmer in others)
    if not (
        manages
        or rights.confirms(reader, invitation)
        or request.user.has_perm(rights.VIEW_HISTORY, invitation.organisation)
    ):
        raise Http404
    if request.method == "POST":
        act = _INVITATION_ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise Http404
        try:
            act[0](reader, invitation)
        except Refused as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _(act[1]))
        return redirect("tenants:invitation", invitation.pk)
    link = invitations.link_of(invitation) if manages and invitation.current_state == "invited" else ""
    context = {
        "invitation": invitation,
        "unit": invitation.organisation,
        "manages": manages,
        "confirms": confirms,
        "others": others,
        "pending": invitations.PENDING,
        "link": link,
        "code": invitations.told_code(reader, invitation),
        "qr": segno.make(link, error="m").svg_data_uri(scale=5, border=2) if link else "",
        "days": invitations.days_valid(),
        "undelivered": next(iter(queries.undelivered([invitation])), None),
        "crumbs": _crumbs(invitation.organisation, _("邀请")),
    }
    return render(request, "tenants/invitation.html", context)


_INVITATION_ACTS = {
    "resend": (invitations.resend, gettext_noop("已生成新的链接，原链接作废。")),
    "withdraw": (invitations.withdraw, gettext_noop("邀请已撤回，链接作废。")),
    "confirm": (invitations.confirm, gettext_noop("已核实，邀请链接现在可以使用。")),
}


@require_http_methods(["GET", "HEAD", "POST"])
@answers
def member(request: HttpRequest, pk: int) -> HttpResponse:
    """One member: change of role, suspension, end, account."""
    membership = get_object_or_404(
        Membership.objects.select_related("user", "organisation__parent"),
        pk=pk,
        organisation__in=rights.visible_organisations(request.membership),
    )
    unit = membership.organisation
    if not request.user.has_perm(rights.MANAGE_MEMBERS, unit):
        raise Http404
    wanted = request.POST.get("act", "") if request.method == "POST" else ""
    change = ChangeRoleForm(request.POST if wanted == "role" else None, membership=membership, prefix="role")
    leave = ReasonForm(request.POST if wanted in ("suspend", "end", "deactivate") else None, prefix="leave")
    successors = handover.successors(membership)
    passing = HandOverForm(request.POST if wanted == "hand_over" else None, successors=successors, prefix="pass")
    kind = ExpertKindForm(
        request.POST if wanted == "kind" else None, initial={"kind": membership.expert_kind}, prefix="expert"
    )
    if request.method == "POST":
        if wanted == "hand_over":
            done = _pass_on(request, membership, passing)
        elif wanted == "kind":
            done = _kind(request, membership, kind)
        else:
            done = _act(request, membership, wanted, change, leave)
        if done:
            messages.success(request, done)
            return redirect("tenants:unit", unit.pk)
    context = {
        "member": membership,
        "unit": unit,
        "change": change,
        "leave": leave,
        "work": handover.open_work(membership),
        "successors": successors,
        "passing": passing,
        "kind": kind if membership.role == "expert" and membership.state != "ended" else None,
        "others": Membership.objects.filter(user=membership.user, organisation=unit)
        .exclude(pk=membership.pk)
        .order_by("-pk"),
        "crumbs": _crumbs(unit, membership.user.name),
    }
    return render(request, "tenants/member.html", context, status=422 if request.method == "POST" else 200)


def _pass_on(request: HttpRequest, membership: Membership, form: HandOverForm) -> str:
    """Hand a member's open work over; returns what to say, or "" where the form shows why not."""
    if not form.is_valid():
        return ""
    successor = form.cleaned_data["to"]
    done = form.attempt(lambda: handover.hand_over(request.membership, membership, successor))
    if not done:
        return ""
    return _("已把%(name)s名下%(n)s项在办事项移交给%(to)s。") % {
        "name": membership.user.name,
        "n": sum(done.values()),
        "to": successor.name,
    }


def _kind(request: HttpRequest, membership: Membership, form: ExpertKindForm) -> str:
    """Enter the kind of expert; returns what to say, or "" where the form shows why not."""
    if not form.is_valid():
        return ""
    if not form.attempt(lambda: members.set_expert_kind(request.membership, membership, form.cleaned_data["kind"])):
        return ""
    return _("%(name)s的专家类别已登记。") % {"name": membership.user.name}


def _act(request: HttpRequest, membership: Membership, wanted: str, change, leave) -> str:
    """Do what was asked; returns what to say, or "" where a form shows why not. Raises Http404."""
    actor, name = request.membership, membership.user.name
    if wanted == "role":
        data = change.cleaned_data if change.is_valid() else None
        if data and change.attempt(
            lambda: members.change_role(actor, membership, data["role"], data["reason"], data["until_on"])
        ):
            return _("%(name)s的身份已变更。") % {"name": name}
        return ""
    if wanted in ("suspend", "end", "deactivate"):
        service = {
            "suspend": members.suspend_membership,
            "end": members.end_membership,
            "deactivate": members.deactivate_user,
        }[wanted]
        if leave.is_valid() and leave.attempt(lambda: service(actor, membership, leave.cleaned_data["reason"])):
            return _("%(name)s：已办理。") % {"name": name}
        return ""
    service = {"resume": members.resume_membership, "reactivate": members.reactivate_user}.get(wanted)
    if service is None:
        raise Http404
    try:
        service(actor, membership)
    except Refused as error:
        messages.error(request, str(error))
        return ""
    return _("%(name)s：已恢复。") % {"name": name}
