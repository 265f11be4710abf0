"""What the page of an application shows beyond what every case shows."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Application
from applications.services import lifecycle
from bases.models import Agreement
from bases.queries import with_confirmation
from casework.models import CaseList
from casework.permissions import acts_on_step
from casework.queries.pages import Asking
from core import clock, pages
from core.findings import Finding
from regulations import wording

GONE = ("declined", "ended")
OVER = ("rejected", "withdrawn")


def application_facts(application: Application) -> list[tuple]:
    call = application.call
    found: list[tuple] = [(_("批次"), call.title, call)]
    if application.state == "draft":
        found += until(application)
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


def until(application: Application) -> list[tuple]:
    """Until when a draft may be handed in: the date for correction after a return, else the unit's window in the call
    with its extension and the university's own date. One query."""
    call = application.call
    if application.round > 1:
        return [(_("补正期限"), application.correction_due)] if application.correction_due else []
    rows = {
        row.organisation_id: row
        for row in call.units.filter(
            organisation__in=[pk for pk in (application.university_id, application.college_id) if pk]
        )
    }
    own = rows.get(application.university_id if call.authority_id else application.college_id)
    closes = own.extended_until if own is not None and own.extended_until else call.closes_at
    words = "%s" if closes == call.closes_at else _("延期至 %s")
    found = [(_("截止时间"), words % clock.local(closes).strftime("%Y-%m-%d %H:%M"))]
    school = rows.get(application.university_id) if call.authority_id else None
    if school is not None and school.school_deadline:
        found.append((_("校内截止时间"), clock.local(school.school_deadline).strftime("%Y-%m-%d %H:%M")))
    return found


def application_related(application: Application) -> list[tuple]:
    """Call, agreement, base, exceptions, and the lists it stands on."""
    found: list[tuple] = [
        (_("申报批次"), application.call),
        (_("合作协议"), application.agreement),
        (_("基地"), application.recognition),
    ]
    found += [(_("例外申请"), one) for one in application.prefetched.overrides[:5]]
    on = CaseList.objects.filter(
        entries__case_kind="application", entries__case_id=application.pk, entries__removed_at=None
    ).order_by("-pk")
    return found + [(_("名单"), one) for one in on[:5]]


def application_findings(application: Application, membership) -> tuple[str, list[Finding]]:
    """All that stands against handing the draft in, for whoever may: window, forms and rules at once."""
    if application.state != "draft" or not membership.may("applications.submit", application):
        return "", []
    return "submit", lifecycle.submit_findings(application, Asking.by(membership))


def application_choices(application: Application, request) -> list[pages.ActionChoice]:
    """What is no move of the application itself: filling in its form, drafting or linking its agreement."""
    membership, found = request.membership, []
    for key in application.form_keys():
        if application.editable_sections(key, membership):
            url = reverse("case_form", args=["application", application.pk, key])
            title = application.form_spec(key).title
            found.append(pages.ActionChoice(f"fill_{key}", _("填写：%(f)s") % {"f": title}, True, url, icon="edit"))
    waiting = application.open_of("agreement")
    filed = next((step for step in waiting if step.unit_id == membership.organisation_id), None)
    if filed is not None and not application.wants_agreement() and membership.sees(application.agreement):
        url = application.agreement.get_absolute_url()
        found.append(
            pages.ActionChoice(
                "agreement", _("办理合作协议"), True, url, primary=True, step_title=filed.title, icon="file"
            )
        )
    if application.wants_agreement() and membership.may("bases.draft_agreement", application):
        url = reverse("applications:agreement", args=[application.pk])
        found.append(
            pages.ActionChoice(
                "agreement", _("起草或关联协议"), True, url, primary=application.state == "draft", icon="file"
            )
        )
    return found + _to_its_list(application, membership)


def _to_its_list(application: Application, membership) -> list[pages.ActionChoice]:
    """The way on where the application waits for a list or its notice, for who draws the list up: to the list it
    stands on, to the one being drawn up, or to a new one."""
    waits = [
        step
        for step in (*application.open_of("notice"), *application.open_of("list"))
        if acts_on_step(membership, step)
    ]
    if not waits:
        return []
    declared = application.step_declaration(waits[0].key)
    known = application.profile.lists
    key = declared.list or next((key for key, one in known.items() if one.notice == declared.notice), "")
    if key not in known:
        return []
    rows = CaseList.objects.visible_to(membership).filter(
        context_kind="call", context_id=application.call_id, key=key, state__in=("prepared", "publicised")
    )
    on = rows.filter(
        entries__case_kind="application", entries__case_id=application.pk, entries__removed_at=None
    ).first()
    title = wording.words(known[key].title)
    if on is not None:
        label, url = _("打开%(list)s") % {"list": title}, on.get_absolute_url()
    elif (begun := rows.order_by("-state").first()) is not None:  # one still being drawn up before one posted
        label, url = _("打开%(list)s") % {"list": title}, begun.get_absolute_url()
        if begun.state == "prepared":
            label, url = _("列入%(list)s") % {"list": title}, f"{url}do/add_member/"
    else:
        label, url = (
            _("新建%(list)s") % {"list": title},
            f"{reverse('applications:list_new')}?call={application.call_id}",
        )
    return [pages.ActionChoice("to_list", label, True, url, primary=True, step_title=waits[0].title, icon="files")]


def linkable_agreements(application: Application, membership) -> QuerySet[Agreement]:
    """Agreements of the same university and partner that the reader sees and that no running application has."""
    if application.partner_id is None:
        return Agreement.objects.none()
    return (
        with_confirmation(Agreement.objects.visible_to(membership))
        .filter(university=application.university_id, partner=application.partner_id)
        .filter(Q(application_id=None) | Q(application_id__in=Application.objects.filter(state__in=OVER).values("pk")))
        .exclude(state__in=GONE)
        .order_by("-pk")
    )
