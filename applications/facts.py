"""Facts about applications, calls, lists and assignments, for the rules (see regulations.facts)."""

from __future__ import annotations

import datetime as dt

from applications import calls
from bases.models import Agreement, Recognition
from bases.stepkinds import REACHED
from casework.models import CaseList, Notice, Objection
from core import clock
from regulations.facts import fact
from tenants.models import Party


@fact("application.submitted_on", "date", "送审日期", "application")
def submitted_on(application, on: dt.date):
    return application.submitted_on or on


@fact("application.level", "code", "申报级别", "application")
def level(application, on):
    return application.level


@fact("application.track", "code", "申报途径", "application")
def track(application, on):
    return application.track or None


@fact("application.partner_count", "integer", "合作单位数", "application", unit="个")
def partner_count(application, on):
    further = Party.objects.filter(
        case_kind="application", case_id=application.pk, role="partner", until_on=None
    ).count()
    return (1 if application.partner_id else 0) + further


def with_partner(application, organisation) -> dict:
    """The facts that change when a further partner unit comes in: how many there are, and what the new one is."""
    return {
        "application.partner_count": partner_count(application, clock.today()) + 1,
        "partner.kind": organisation.partner_kind or None,
        "partner.legal_person": organisation.legal_person,
    }


@fact("application.open_objections")
def open_objections(application, on):
    return _numbers(
        Objection.objects.filter(
            notice__case_list__entries__case_kind="application",
            notice__case_list__entries__case_id=application.pk,
            notice__case_list__entries__removed_at=None,
        )
    )


def _numbers(objections) -> list[str]:
    """The numbers of those that nobody has settled yet."""
    return list(objections.filter(outcome="").order_by("pk").values_list("number", flat=True).distinct())


def _agreement(application) -> Agreement | None:
    found = application.agreement
    return found if found is not None and found.state not in ("declined", "ended") else None


@fact("application.agreement_signed_on", "date", "协议签订日期", "application")
def agreement_signed_on(application, on):
    agreement = _agreement(application)
    return agreement.signed_on if agreement is not None and agreement.state == "signed" else None


@fact("application.trained_of_category", "integer", "本类别已培养研究生数", "application", unit="人")
def trained_of_category(application, on):
    form = application.form_keys()[0]
    answers = application.form_answers(form)
    wanted = answers.get("degree_category")
    numbers = set()
    for row in answers.get("trained_students") or []:
        if not isinstance(row, dict) or not wanted or row.get("category") != wanted:
            continue
        end = str((row.get("period") or {}).get("to") or "") if isinstance(row.get("period"), dict) else ""
        if row.get("student_no") and end and end <= on.isoformat():
            numbers.add(str(row["student_no"]).strip())
    return len(numbers)


@fact("application.has_draft_agreement", "boolean", "已草拟协议", "application")
def has_draft_agreement(application, on):
    return _agreement(application) is not None


@fact("application.agreement_checked", "boolean", "协议已审核", "application")
def agreement_checked(application, on):
    return application.agreement is not None and application.agreement.state in REACHED["formal"]


@fact("application.notice_ends")
def application_notice_ends(application, on):
    return _last_day(
        Notice.objects.filter(
            case_list__entries__case_kind="application",
            case_list__entries__case_id=application.pk,
            case_list__entries__removed_at=None,
            case_list__kind="recognition",
        )
    )


def _last_day(notices) -> dt.date | None:
    """The last day of the newest notice that was posted."""
    posted = notices.filter(state__in=("publicised", "closed")).order_by("-pk")
    return posted.values_list("closes_on", flat=True).first()


@fact("application.school_recognition_active", "boolean", "已是校级基地", "application")
def school_recognition_active(application, on):
    return Recognition.objects.filter(
        university=application.university_id, partner=application.partner_id, level="school", state="active"
    ).exists()


@fact("applicant.in_region", "boolean", "申报主体在本地区", "application")
def in_region(application, on):
    authority = application.call.authority
    if authority is None or not application.university_id:
        return None
    return application.university.division[:2] == authority.division[:2]


@fact("applicant.has_professional_degree", "boolean", "开展专业学位研究生教育", "application")
def has_professional_degree(application, on):
    return application.university.has_professional_degree


@fact("partner.kind", "code", "合作单位性质", "application")
def partner_kind(application, on):
    partner = application.partner
    return (partner.partner_kind or None) if partner else None


@fact("partner.legal_person", "boolean", "合作单位具有独立法人资格", "application")
def legal_person(application, on):
    partner = application.partner
    return partner.legal_person if partner else None


@fact("call.count_in_year", "integer", "本年度批次数", "call", unit="次")
def count_in_year(call, on):
    return (
        type(call)
        .objects.filter(
            authority=call.authority_id,
            university=call.university_id,
            year=call.year,
            regulation_version__regulation=call.regulation_version.regulation_id,
            state__in=("open", "closed"),
        )
        .exclude(pk=call.pk)
        .count()
        + 1
    )


def _call_of(case):
    from applications.models import Call

    return Call.objects.get(pk=case.context_id) if isinstance(case, CaseList) else case.call


@fact("list.sending_at")
def sending_at(case_list, on):
    return clock.local(clock.now())


@fact("call.opens_at")
def opens_at(case_list, on):
    return clock.local(_call_of(case_list).window_for(case_list.university)[0])


@fact("call.closes_at")
def closes_at(case_list, on):
    return clock.local(_call_of(case_list).window_for(case_list.university)[1])


@fact("call.quota")
def quota(case, on):
    row = _call_of(case).units.filter(organisation=case.university).first()
    return row.quota if row else None


@fact("call.recommended")
def recommended(case, on):
    taken = calls.recommended(_call_of(case), case.university)
    if isinstance(case, CaseList):
        return taken.count()
    return taken.exclude(case_kind="application", case_id=case.pk).count() + 1


@fact("list.open_objections")
def list_open_objections(case_list, on):
    return _numbers(Objection.objects.filter(notice__case_list=case_list))


@fact("list.notice_ends")
def list_notice_ends(case_list, on):
    return _last_day(case_list.notices.all())
