"""Organisations: one's own page, those below it, partner units, sites."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tenants import queries, rights, roles, work
from tenants.forms import OrganisationForm, ReasonForm, SiteForm
from tenants.models import Organisation, PartnerSite
from tenants.services import acts, organisations, registrations
from tenants.views.common import answers, asked, seen_organisation, status_of
from tenants.views.contacts import contacts_of

UNIT_ADMIN = "单位信息由本单位管理员维护。"


@require_safe
@answers
def organisation(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """An organisation: its data, sites, members and invitations, as far as the reader may see them."""
    shown = seen_organisation(request, request.membership.organisation_id if pk is None else pk)
    user = request.user
    manages = user.has_perm(rights.MANAGE_MEMBERS, shown)
    oversees = manages or user.has_perm(rights.VIEW_HISTORY, shown)
    sees_members = manages or user.has_perm(rights.VIEW_MEMBERS, shown)
    own = shown.pk == request.membership.organisation_id
    above = shown.parent if shown.parent_id == request.membership.organisation_id else None
    context = {
        "unit": shown,
        "own": own,
        "manages": manages,
        "edits": user.has_perm(rights.MANAGE_ORGANISATION, shown),
        "founds": own and user.has_perm(rights.CREATE_UNIT, shown),
        "child_kind": rights.CHILD_KIND.get(shown.kind, ""),
        "closes": above is not None and user.has_perm(rights.CREATE_UNIT, above),
        "contacts": contacts_of(request.membership, shown),
        "sites": list(shown.sites.order_by("-active", "pk")) if shown.kind == roles.PARTNER else [],
        "members": queries.members(shown, request.GET.dict()) if sees_members else None,
        "oversees": oversees,
        "invitations": queries.invitations(shown) if oversees else [],
        "work": work.troubles(shown) if manages and own else [],
        "history": acts.history(shown) if oversees else [],
        "role_choices": roles.role_choices(shown.kind),
        "also_admin": own
        and not manages
        and next(
            (
                membership
                for membership in request.memberships
                if membership.organisation_id == shown.pk and membership.is_admin
            ),
            None,
        ),
        "asked": request.GET.dict(),
        "crumbs": [(_("单位与人员"), "")] if own else [(_("单位与人员"), "/organisation/"), (shown.name, "")],
    }
    return render(request, "tenants/organisation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@answers
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an organisation's data."""
    shown = seen_organisation(request, pk)
    asked(request, rights.MANAGE_ORGANISATION, shown, _(UNIT_ADMIN))
    form = OrganisationForm(request.POST or None, instance=shown, kind=shown.kind)
    if request.method == "POST" and form.is_valid():
        saved = form.attempt(lambda: organisations.update_organisation(request.membership, shown, form.cleaned_data))
        if saved:
            messages.success(request, _("单位信息已保存。"))
            return redirect("tenants:unit", shown.pk)
    context = {
        "form": form,
        "title": _("修改单位信息"),
        "back": f"/organisation/{shown.pk}/",
        "crumbs": [
            (_("单位与人员"), "/organisation/"),
            (shown.name, f"/organisation/{shown.pk}/"),
            (_("修改"), ""),
        ],
    }
    return render(request, "tenants/form.html", context, status=status_of(form))


@require_safe
@answers
def units(request: HttpRequest) -> HttpResponse:
    """The organisations below one's own."""
    home = request.membership.organisation
    rows = Organisation.objects.filter(parent=home) if home.kind in rights.CHILD_KIND else Organisation.objects.none()
    if request.membership.role in roles.PERSONAL_ROLES:
        rows = rows.none()
    context = {
        "page": queries.keyset(rows, request.GET.get("after")),
        "child_kind": rights.CHILD_KIND.get(home.kind, ""),
        "founds": request.user.has_perm(rights.CREATE_UNIT, home),
        "crumbs": [(_("单位与人员"), "/organisation/"), (_("下级单位"), "")],
    }
    return render(request, "tenants/units.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@answers
def unit_new(request: HttpRequest) -> HttpResponse:
    """Found a university below the department, or a college below the university."""
    home = request.membership.organisation
    asked(request, rights.CREATE_UNIT, home, _("下级单位由本单位管理员设立。"))
    kind = rights.CHILD_KIND[home.kind]
    form = OrganisationForm(request.POST or None, kind=kind)
    if request.method == "POST" and form.is_valid():
        made = form.attempt(lambda: organisations.create_unit(request.membership, home, kind, form.cleaned_data))
        if made:
            messages.success(request, _("%(name)s已登记。请邀请其管理员。") % {"name": made.name})
            return redirect("tenants:unit", made.pk)
    context = {
        "form": form,
        "title": _("登记学校") if kind == roles.UNIVERSITY else _("登记学院"),
        "back": "/organisation/units/",
        "crumbs": [
            (_("单位与人员"), "/organisation/"),
            (_("下级单位"), "/organisation/units/"),
            (_("登记"), ""),
        ],
    }
    return render(request, "tenants/form.html", context, status=status_of(form))


@require_POST
@answers
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an organisation below one's own out of use, or back."""
    shown = seen_organisation(request, pk)
    if shown.parent is None:
        raise Http404
    asked(request, rights.CREATE_UNIT, shown.parent, _("下级单位由上级单位管理员停用。"))
    form = ReasonForm(request.POST)
    if form.is_valid():
        done = form.attempt(
            lambda: (
                organisations.set_active(
                    request.membership, shown, request.POST.get("active") == "1", form.cleaned_data["reason"]
                )
                or True
            )
        )
        if done:
            messages.success(request, _("已恢复使用。") if shown.active else _("已停用。"))
            return redirect("tenants:unit", shown.pk)
    messages.error(request, " ".join(message for errors in form.errors.values() for message in errors))
    return redirect("tenants:unit", shown.pk)


@require_safe
@answers
def partners(request: HttpRequest) -> HttpResponse:
    """The partner units: a directory for departments, schools and colleges."""
    visible = rights.visible_organisations(request.membership)
    context = {
        "page": queries.partners(visible, request.GET.dict()),
        "asked": request.GET.dict(),
        "kinds": roles.PARTNER_KINDS,
        "introduces": request.user.has_perm(rights.INTRODUCE_PARTNER, request.membership.organisation),
        "waiting": registrations.waiting(request.membership),
        "crumbs": [(_("合作单位"), "")],
    }
    return render(request, "tenants/partners.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@answers
def partner_new(request: HttpRequest) -> HttpResponse:
    """Enter a partner unit, or come to the one that is there under the same code."""
    asked(
        request,
        rights.INTRODUCE_PARTNER,
        request.membership.organisation,
        _("合作单位由研究生处或学院研究生秘书登记。"),
    )
    form = OrganisationForm(request.POST or None, kind=roles.PARTNER)
    if request.method == "POST" and form.is_valid():
        introduced = form.attempt(lambda: organisations.introduce_partner(request.membership, form.cleaned_data))
        if introduced:
            unit, new = introduced
            if new:
                messages.success(request, _("%(name)s已登记。请邀请其联系人。") % {"name": unit.name})
            else:
                messages.info(request, _("%(name)s此前已登记，直接使用即可，没有重复建档。") % {"name": unit.name})
            return redirect("tenants:unit", unit.pk)
    context = {
        "form": form,
        "title": _("登记合作单位"),
        "back": "/organisation/partners/",
        "crumbs": [(_("合作单位"), "/organisation/partners/"), (_("登记"), "")],
    }
    return render(request, "tenants/form.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@answers
def site(request: HttpRequest, pk: int | None = None, unit: int | None = None) -> HttpResponse:
    """Enter or change a site of a partner unit."""
    if pk is not None:
        own = get_object_or_404(
            PartnerSite.objects.filter(organisation__in=rights.visible_organisations(request.membership)),
            pk=pk,
        )
        shown = seen_organisation(request, own.organisation_id)
    else:
        own, shown = None, seen_organisation(request, unit)
    asked(request, rights.MANAGE_ORGANISATION, shown, _("院区（厂区、校区）由本单位联系人维护。"))
    form = SiteForm(request.POST or None, instance=own)
    if request.method == "POST" and form.is_valid():
        saved = form.attempt(lambda: organisations.save_site(request.membership, shown, form.cleaned_data, own))
        if saved:
            messages.success(request, _("%(name)s已保存。") % {"name": saved.name})
            return redirect("tenants:unit", shown.pk)
    context = {
        "form": form,
        "title": _("院区（厂区、校区）"),
        "back": f"/organisation/{shown.pk}/",
        "crumbs": [
            (_("单位与人员"), "/organisation/"),
            (shown.name, f"/organisation/{shown.pk}/"),
            (_("院区（厂区、校区）"), ""),
        ],
    }
    return render(request, "tenants/form.html", context, status=status_of(form))
