"""Facts about applications, calls and lists, for the rules (see regulations.facts)."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from applications.models import Call, CallUnit
from bases.models import Recognition
from bases.stepkinds import REACHED
from casework.models import CaseList, ListEntry, Notice, Objection
from core import clock
from regulations import vocabulary, wording
from regulations.facts import each, fact
from tenants.models import DegreeProgramme, Party


@fact("application.submitted_on", "date", _("提交日期"), "application")
def submitted_on(applications, on: dt.date):
    return {application.pk: application.submitted_on or on for application in applications}


fact("application.level", "code", _("申报级别"), "application", options=vocabulary.LEVELS)(
    each(lambda application: application.level)
)


def _tracks(profile) -> dict[str, str]:
    return {track.key: wording.words(track.title) for track in (profile.apply.tracks if profile.apply else [])}


fact("application.track", "code", _("申报途径"), "application", options=_tracks)(
    each(lambda application: application.track or None)
)


FILED_BY = {"college": _("学院"), "university": _("学校"), "partner": _("合作单位")}
fact("application.filed_by", "code", _("申报方"), "application", options=FILED_BY)(
    each(lambda application: application.filed_by)
)


@fact("application.partner_count", "integer", _("合作单位数"), "application", unit="item")
def partner_count(applications, on):
    further = Counter(
        Party.objects.filter(
            case_kind="application", case_id__in=_pks(applications), role="partner", until_on=None
        ).values_list("case_id", flat=True)
    )
    return {
        application.pk: (1 if application.partner_id else 0) + further[application.pk] for application in applications
    }


def with_partner(application, organisation) -> dict[str, Any]:
    """The facts that change when a further partner unit comes in: how many there are, and what the new one is."""
    return {
        "application.partner_count": partner_count([application], clock.today())[application.pk] + 1,
        "partner.kind": organisation.partner_kind or None,
        "partner.legal_person": organisation.legal_person,
        "partner.uscc": organisation.uscc or None,
        "partner.name": organisation.name,
        "partner.address": organisation.address or None,
    }


def _pks(cases: Iterable[Any]) -> list[int]:
    return [case.pk for case in cases]


@fact("application.open_objections", "codes", _("未办结异议"), "application")
def open_objections(applications, on):
    rows = Objection.objects.filter(
        notice__case_list__entries__case_kind="application",
        notice__case_list__entries__case_id__in=_pks(applications),
        notice__case_list__entries__removed_at=None,
    )
    return _numbers(applications, rows, "notice__case_list__entries__case_id")


def _numbers(cases: Sequence[Any], objections, owner: str) -> dict[int, list[str]]:
    """By case, the numbers of the objections that nobody has settled yet; `owner`: the path to the case's pk."""
    numbers: dict[int, list[str]] = {case.pk: [] for case in cases}
    for pk, number in objections.filter(outcome="").order_by("pk").values_list(owner, "number"):
        if number not in numbers[pk]:
            numbers[pk].append(number)
    return numbers


def _standing_agreement(application):
    agreement = application.agreement
    return agreement if agreement is not None and agreement.state not in ("declined", "ended") else None


@fact("application.agreement_signed_on", "date", _("联合培养协议签订日期"), "application", needs=["agreement"])
@each
def agreement_signed_on(application):
    agreement = _standing_agreement(application)
    return agreement.signed_on if agreement is not None and agreement.state == "signed" else None


@fact("application.has_draft_agreement", "boolean", _("已草拟合作协议"), "application", needs=["agreement"])
@each
def has_draft_agreement(application):
    return _standing_agreement(application) is not None


@fact("application.agreement_checked", "boolean", _("协议已经审核"), "application", needs=["agreement"])
@each
def agreement_checked(application):
    return application.agreement is not None and application.agreement.state in REACHED["formal"]


@fact("application.notice_ends", "date", _("认定结果公示截止日"), "application")
def application_notice_ends(applications, on):
    rows = Notice.objects.filter(
        case_list__entries__case_kind="application",
        case_list__entries__case_id__in=_pks(applications),
        case_list__entries__removed_at=None,
        case_list__kind="recognition",
    )
    return _last_days(rows, "case_list__entries__case_id")


def _last_days(notices, owner: str) -> dict[int, dt.date]:
    """By case, the last day of the newest notice that was posted; `owner`: the path to the case's pk."""
    posted = notices.filter(state__in=("publicised", "closed")).order_by("pk")
    return dict(posted.values_list(owner, "closes_on"))


def _recognised_at(level: str):
    """Whether the base (same university and partner) holds an active recognition of a level."""

    def provider(applications, on):
        active = set(
            Recognition.objects.filter(
                university__in={application.university_id for application in applications},
                partner__in={application.partner_id for application in applications},
                level=level,
                state="active",
            ).values_list("university_id", "partner_id")
        )
        return {
            application.pk: (application.university_id, application.partner_id) in active
            for application in applications
        }

    return provider


# One for each level; the regulation says which of them an application has to have (XCU-4d: that of the school).
for _level, _text in (
    ("school", _("已是校级基地")),
    ("provincial", _("已是省级基地")),
    ("national", _("已是国家级基地")),
):
    fact(f"application.{_level}_recognition_active", "boolean", _text, "application")(_recognised_at(_level))


@fact(
    "applicant.in_region",
    "boolean",
    _("申请单位在本区域内"),
    "application",
    needs=["call__authority", "university"],
)
@each
def in_region(application):
    authority = application.call.authority
    if authority is None or not application.university_id:
        return None
    return application.university.division[:2] == authority.division[:2]


@fact("applicant.has_professional_degree", "boolean", _("开展专业学位研究生教育"), "application")
def has_professional_degree(applications, on):
    universities = {application.university_id for application in applications}
    running = set(
        DegreeProgramme.objects.filter(university__in=universities, professional=True).values_list(
            "university_id", flat=True
        )
    )
    return {application.pk: application.university_id in running for application in applications}


@fact(
    "partner.kind",
    "code",
    _("合作单位性质"),
    "application",
    options=vocabulary.PARTNER_KINDS,
    needs=["partner"],
)
@each
def partner_kind(application):
    return (application.partner.partner_kind or None) if application.partner else None


@fact("partner.legal_person", "boolean", _("合作单位具有独立法人资格"), "application", needs=["partner"])
@each
def legal_person(application):
    return application.partner.legal_person if application.partner else None


@fact("partner.uscc", "text", _("合作单位登记的统一社会信用代码"), "application", needs=["partner"])
@each
def uscc(application):
    return (application.partner.uscc or None) if application.partner else None


@fact("partner.name", "text", _("合作单位名称"), "application", needs=["partner"])
@each
def partner_name(application):
    return application.partner.name if application.partner else None


@fact("partner.address", "text", _("合作单位登记的地址"), "application", needs=["partner"])
@each
def partner_address(application):
    return (application.partner.address or None) if application.partner else None


@fact("call.count_in_year", "integer", _("本年度申报批次数"), "call", unit="time", needs=["regulation_version"])
def count_in_year(calls, on):
    held = Counter()
    rows = Call.objects.filter(year__in={call.year for call in calls}, state__in=("open", "closed"))
    announced = {
        pk: tuple(key)
        for pk, *key in rows.values_list(
            "pk", "authority_id", "university_id", "year", "regulation_version__regulation_id"
        )
    }
    held.update(announced.values())
    counts = {}
    for call in calls:
        key = (call.authority_id, call.university_id, call.year, call.regulation_version.regulation_id)
        counts[call.pk] = held[key] - (1 if announced.get(call.pk) == key else 0) + 1
    return counts


# --- a university in a call ----------------------------------------------------------------------------------------


def _calls(cases: Sequence[Any]) -> dict[int, Call]:
    """By pk of a case (an application, or a list drawn up in a call) its call."""
    if isinstance(cases[0], CaseList):
        calls = Call.objects.in_bulk({case.context_id for case in cases})
        return {case.pk: calls[case.context_id] for case in cases}
    prefetch_related_objects(cases, "call")
    return {case.pk: case.call for case in cases}


def _places(cases: Sequence[Any]) -> dict[int, CallUnit | None]:
    """By pk of a case the row of its university in its call."""
    calls = _calls(cases)
    rows = CallUnit.objects.filter(
        call__in=set(calls.values()), organisation__in={case.university_id for case in cases if case.university_id}
    )
    known = {(row.call_id, row.organisation_id): row for row in rows}
    return {case.pk: known.get((calls[case.pk].pk, case.university_id)) for case in cases}


@fact("list.sending_at", "moment", _("报送时间"), "list")
def sending_at(lists, on):
    return dict.fromkeys(_pks(lists), clock.local(clock.now()))


@fact("call.opens_at", "moment", _("报送开始时间"), "list")
def opens_at(lists, on):
    return {pk: clock.local(call.opens_at) for pk, call in _calls(lists).items()}


@fact("call.closes_at", "moment", _("报送截止时间"), "list")
def closes_at(lists, on):
    calls, places = _calls(lists), _places(lists)
    ends = {pk: calls[pk].closes_for(places[pk]) for pk in calls}
    return {pk: clock.local(end) if end else None for pk, end in ends.items()}


@fact("call.quota", "integer", _("名额"), ("application", "list"), unit="item")
def quota(cases, on):
    return {pk: row.quota if row else None for pk, row in _places(cases).items()}


@fact("call.recommended", "integer", _("推荐数"), ("application", "list"), unit="item")
def recommended(cases, on):
    """Cases on the university's recommended lists in the call; asked of an application, with itself."""
    calls = _calls(cases)
    standing: dict[tuple, set[tuple]] = defaultdict(set)
    entries = ListEntry.objects.filter(
        case_list__context_kind="call",
        case_list__context_id__in={call.pk for call in calls.values()},
        case_list__kind="recommended",
        case_list__university__in={case.university_id for case in cases},
        removed_at=None,
    )
    for call, university, *member in entries.values_list(
        "case_list__context_id", "case_list__university_id", "case_kind", "case_id"
    ):
        standing[call, university].add(tuple(member))
    counts = {}
    for case in cases:
        members = standing[calls[case.pk].pk, case.university_id]
        itself = set() if isinstance(case, CaseList) else {(case.case_kind, case.pk)}
        counts[case.pk] = len(members | itself)
    return counts


@fact("list.open_objections", "codes", _("未办结异议"), "list")
def list_open_objections(lists, on):
    return _numbers(lists, Objection.objects.filter(notice__case_list__in=_pks(lists)), "notice__case_list_id")


@fact("list.notice_ends", "date", _("名单公示截止日"), "list")
def list_notice_ends(lists, on):
    return _last_days(Notice.objects.filter(case_list__in=_pks(lists)), "case_list_id")
