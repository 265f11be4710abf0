"""What the page of an application shows beyond what every case shows."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from applications import conduct
from applications.models import Application
from bases.models import Agreement
from casework.models import CaseList, Override
from casework.queries.pages import Asking
from core import pages
from core.door import moves
from core.findings import Finding

GONE = ("declined", "ended")
OVER = ("rejected", "withdrawn")


def application_facts(application: Application) -> list[tuple]:
    call = application.call
    found: list[tuple] = [(_("批次"), call.title, call.get_absolute_url())]
    if application.category_code:
        found.append((_("专业学位类别"), f"{application.category_name}（{application.category_code}）"))
    if application.leader_name:
        found.append((_("负责人"), application.leader_name))
    if application.submitted_on:
        found.append((_("送审日期"), application.submitted_on))
    if application.rank:
        found.append((_("推荐排序"), application.rank))
    if application.priority:
        found.append((_("优先"), "、".join(one["text"] for one in application.priority)))
    return found


def application_related(application: Application) -> list[tuple]:
    """Call, agreement, base, exceptions, and the lists it stands on."""
    found: list[tuple] = [
        (_("申报批次"), application.call),
        (_("合作协议"), application.agreement),
        (_("基地"), application.recognition),
    ]
    asked = Override.objects.filter(subject_kind="application", subject_id=application.pk).order_by("-pk")
    found += [(_("例外申请"), one) for one in asked[:5]]
    on = CaseList.objects.filter(
        entries__case_kind="application", entries__case_id=application.pk, entries__removed_at=None
    ).order_by("-pk")
    return found + [(_("名单"), one) for one in on[:5]]


def application_findings(application: Application, membership) -> tuple[str | None, list[Finding]]:
    """All that stands against handing the draft in, for whoever may: window, forms and rules at once."""
    if application.state != "draft" or not membership.may("applications.submit", application):
        return None, []
    declared = moves(type(application))["submit"]
    return str(declared.label), conduct.submit_findings(application, Asking.by(membership))


def wants_agreement(application: Application) -> bool:
    """Whether an agreement belongs to the application and none stands yet."""
    if application.profile.agreement is None or application.state not in ("draft", *application.STAGES):
        return False
    return application.agreement is None or application.agreement.state in GONE


def application_choices(application: Application, request) -> list[pages.ActionChoice]:
    """What is no move of the application itself: filling in its form, drafting or linking its agreement."""
    membership, found = request.membership, []
    for key in application.form_keys():
        if application.editable_sections(key, membership):
            url = reverse("case_form", args=["application", application.pk, key])
            title = application.form_spec(key).title
            found.append(
                pages.ActionChoice(f"fill_{key}", _("填写：%(f)s") % {"f": title}, True, url, icon="edit")
            )
    if wants_agreement(application) and membership.may("bases.draft_agreement", application):
        url = reverse("applications:agreement", args=[application.pk])
        found.append(pages.ActionChoice("agreement", _("起草或关联协议"), True, url, icon="file"))
    return found


def linkable_agreements(application: Application, membership) -> QuerySet[Agreement]:
    """Agreements of the same university and partner that the reader sees and that no running application has."""
    if application.partner_id is None:
        return Agreement.objects.none()
    return (
        Agreement.objects.visible_to(membership)
        .filter(university=application.university_id, partner=application.partner_id)
        .filter(
            Q(application_id=None)
            | Q(application_id__in=Application.objects.filter(state__in=OVER).values("pk"))
        )
        .exclude(state__in=GONE)
        .order_by("-pk")
    )
