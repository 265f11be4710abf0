"""Facts about applications, calls, lists and assignments, for the rules (see regulations.facts)."""

from __future__ import annotations

import datetime as dt

from applications import calls
from bases.models import Agreement, Recognition
from casework.models import Assignment, CaseList, Notice, Objection
from core import clock
from regulations.facts import fact
from tenants.models import Membership, Party


@fact("application.submitted_on", "date", "送审日期", "application")
def submitted_on(application, on: dt.date):
    return application.submitted_on or on


@fact("application.level", "code", "申报级别", "application")
def level(application, on):
    return application.level


@fact("application.track", "code", "申报途径", "application")
def track(application, on):
    return application.track or None


@fact("application.owner_college", "organisation", "责任学院", "application")
def owner_college(application, on):
    return application.college_id


@fact("application.partner_count", "integer", "合作单位数", "application", unit="个")
def partner_count(application, on):
    further = Party.objects.filter(
        case_kind="application", case_id=application.pk, role="partner", until_on=None
    ).count()
    adding = 1 if getattr(application, "_adding_partner", None) else 0
    return (1 if application.partner_id else 0) + further + adding


@fact("application.open_objections", "integer", "未办结的异议", "application", unit="件")
def open_objections(application, on):
    return Objection.objects.filter(
        outcome="", notice__case_list__entries__case_kind="application",
        notice__case_list__entries__case_id=application.pk, notice__case_list__entries__removed_at=None,
    ).count()  # fmt: skip


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
    return application.agreement_has_reached("formal")


@fact("application.meeting_approved", "boolean", "会议审定通过", "application")
def meeting_approved(application, on):
    step = application.steps().filter(kind="decision").exclude(closed_at=None).order_by("-closed_at").first()
    at_hand = getattr(application, "_step_at_hand", None)
    if step is None and at_hand is not None and at_hand[0].kind == "decision":
        return (at_hand[1].get("outcome") or "positive") == "positive"
    return (
        step is not None
        and step.state == "done"
        and step.outcome == "positive"
        and step.decision_id is not None
    )


@fact("application.recognition_notice_closed", "boolean", "认定公示已期满", "application")
def recognition_notice_closed(application, on):
    return Notice.objects.filter(
        case_list__entries__case_kind="application", case_list__entries__case_id=application.pk,
        case_list__entries__removed_at=None, case_list__kind="recognition", closes_on__lt=on,
        state__in=("publicised", "closed"),
    ).exists()  # fmt: skip


@fact("application.school_recognition_active", "boolean", "已是校级基地", "application")
def school_recognition_active(application, on):
    return Recognition.objects.filter(
        university=application.university_id, partner=application.partner_id, level="school", state="active"
    ).exists()


@fact("applicant.kind", "code", "申报主体类型", "application")
def applicant_kind(application, on):
    return application.university.kind if application.university_id else None


@fact("applicant.in_region", "boolean", "申报主体在本地区", "application")
def in_region(application, on):
    authority = application.call.authority
    if authority is None or not application.university_id:
        return None
    return application.university.division[:2] == authority.division[:2]


@fact("applicant.has_professional_degree", "boolean", "开展专业学位研究生教育", "application")
def has_professional_degree(application, on):
    return application.university.has_professional_degree


def _partner(application):
    return getattr(application, "_adding_partner", None) or application.partner


@fact("partner.kind", "code", "合作单位性质", "application")
def partner_kind(application, on):
    partner = _partner(application)
    return (partner.partner_kind or None) if partner else None


@fact("partner.legal_person", "boolean", "合作单位具有独立法人资格", "application")
def legal_person(application, on):
    partner = _partner(application)
    return partner.legal_person if partner else None


@fact("call.count_in_year", "integer", "本年度批次数", "call", unit="次")
def count_in_year(call, on):
    return (
        type(call)
        .objects.filter(
            authority=call.authority_id, university=call.university_id, year=call.year,
            regulation_version__regulation=call.regulation_version.regulation_id, state__in=("open", "closed"),
        )
        .exclude(pk=call.pk)
        .count()
        + 1
    )  # fmt: skip


def _call_of(case):
    from applications.models import Call

    return Call.objects.get(pk=case.context_id) if isinstance(case, CaseList) else case.call


@fact("call.is_open", "boolean", "在报送期内", "list")
def call_is_open(case_list, on):
    return _call_of(case_list).is_open_for(case_list.university, clock.now())


@fact("call.quota_left", "integer", "剩余名额", ("application", "list"), unit="个")
def quota_left(case, on):
    call = _call_of(case)
    row = call.units.filter(organisation=case.university).first()
    if row is None or row.quota is None:
        return None
    taken = calls.recommended(call, case.university)
    if not isinstance(case, CaseList):
        taken = taken.exclude(case_kind="application", case_id=case.pk)
    return row.quota - taken.count()


@fact("list.open_objections", "integer", "未办结的异议", "list", unit="件")
def list_open_objections(case_list, on):
    return Objection.objects.filter(notice__case_list=case_list, outcome="").count()


@fact("list.notice_closed", "boolean", "名单公示已期满", "list")
def notice_closed(case_list, on):
    notice = case_list.notice()
    return notice is not None and notice.state in ("publicised", "closed") and notice.closes_on < on


def _homes(at_hand) -> set[int]:
    """Organisations the expert belongs to otherwise than as an expert, employers and universities of colleges."""
    rows = Membership.objects.filter(user=at_hand.membership.user, state="active").exclude(role="expert")
    homes = set(rows.values_list("organisation_id", flat=True))
    homes |= {pk for pk in rows.values_list("organisation__parent_id", flat=True) if pk}
    employer = at_hand.membership.user.employer
    if employer is not None:
        homes |= {employer.pk, employer.parent_id}
    return homes - {None}


@fact("assignment.same_university", "boolean", "专家在申报学校任职", "assignment")
def same_university(at_hand, on):
    own = {at_hand.case.university_id, at_hand.case.college_id} - {None}
    homes = _homes(at_hand)
    # A college's member has the university among the homes as its parent, but so has the department's as theirs:
    # only the case's own university and college count.
    return bool(homes & own)


@fact("assignment.same_partner", "boolean", "专家在合作单位任职", "assignment")
def same_partner(at_hand, on):
    partners = {at_hand.case.partner_id} | set(
        Party.objects.filter(
            case_kind=at_hand.case.case_kind, case_id=at_hand.case.pk, role="partner", until_on=None
        ).values_list("organisation_id", flat=True)
    )
    return bool(_homes(at_hand) & (partners - {None}))


@fact("assignment.declared_conflict", "boolean", "专家已声明回避", "assignment")
def declared_conflict(at_hand, on):
    return Assignment.objects.filter(
        case_kind=at_hand.case.case_kind,
        case_id=at_hand.case.pk,
        expert=at_hand.membership.user,
        state="recused",
    ).exists()
