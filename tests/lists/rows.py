"""Rows of every kind that a list shows, as many as wanted, written to the tables directly: nothing here is an act."""

from __future__ import annotations

import datetime as dt
from itertools import count

from applications.models import Application, Call, CallUnit
from bases.models import Agreement, AgreementParty, Base, Recognition
from casework.models import Assignment, CaseList, Decision, ListEntry, Notice, Objection, Override, Step
from casework.panels import VIEW
from core import clock
from core.models import Document, Paper, StampedCopy
from tenants import grants
from tests.placing import placed
from tests.tenants import factories

_serial = count(1)
MOMENT = dt.datetime(2027, 3, 1, 1, 0, tzinfo=dt.UTC)
DAY = dt.date(2027, 3, 1)


def number(prefix: str) -> str:
    return f"{prefix}-{next(_serial):05d}"


def document(kind: str, pk: int) -> Document:
    return Document.objects.create(
        sha256="0" * 64,
        name="纪要.pdf",
        content_type="application/pdf",
        size=1,
        file="x",
        case_kind=kind,
        case_id=pk,
    )


def applications(region, call: Call, many: int, state: str = "reviewing") -> list[Application]:
    """Applications that department and university see, each with an open step, a paper and its stamped copy."""
    made = []
    for n in range(many):
        college = region.college if n % 2 else factories.college(region.university)
        application = placed(
            Application,
            state,
            number=number("T-SB"),
            title=f"测试基地{n}",
            call=call,
            level="provincial",
            regulation_version=region.version,
            university=region.university,
            college=college,
            partner=factories.partner(),
            authority=region.department,
            category_code="0951",
            category_name="农业",
            leader_name="程望舒",
            rank=n + 1,
            priority=[{"rule": "r", "clause": "NM-7.1c", "text": "急需行业优先"}] if n % 2 else [],
        )
        step(
            application,
            region.department,
            "officer",
            key="expert_review",
            title="专家审核评议",
            kind="panel",
            stage="reviewing",
        )
        stamped("application", application)
        application.save()
        made.append(application)
    return made


def scans(region, call: Call, many: int) -> list[Application]:
    """Applications of which a stamped paper waits for the department to compare it."""
    made = applications(region, call, many)
    for application in made:
        own = step(application, application.college, "dean", key="", state="done", scan="to_match", stage="reviewing")
        StampedCopy.objects.filter(paper__case_kind="application", paper__case_id=application.pk).update(step_id=own.pk)
    return made


def stamped(kind: str, case) -> StampedCopy:
    paper = Paper.objects.create(
        case_kind=kind,
        case_id=case.pk,
        kind=kind,
        title="文书",
        number=case.number,
        code=number("C"),
        content_sha256="0",
        seal_kind="公章",
        copies=[{"code": "u", "label": "学校"}, {"code": "p", "label": "合作单位"}],
    )
    return StampedCopy.objects.create(
        paper=paper,
        document=document(kind, case.pk),
        state="to_match",
        on=DAY,
        uploaded_by="某人",
        kept_at="档案室",
    )


def step(case, unit, role: str, **more) -> Step:
    more = {"key": "k", "title": "环节", "kind": "endorse", "stage": "deciding", "state": "open"} | more
    return Step.objects.create(
        case_kind=case.case_kind,
        case_id=case.pk,
        case_title=case.title,
        case_number=case.number,
        round=case.round,
        position=1,
        role=role,
        unit=unit,
        opened_at=MOMENT,
        **more,
    )


def calls(region, many: int) -> list[Call]:
    made = [
        placed(
            Call,
            "open",
            number=number("T-PC"),
            title=f"批次{n}",
            regulation_version=region.version,
            level="provincial",
            year=2027,
            opens_at=MOMENT,
            closes_at=MOMENT + dt.timedelta(days=60),
            authority=region.department,
        )
        for n in range(many)
    ]
    for call in made:
        CallUnit.objects.create(call=call, organisation=region.university, quota=3, extended_until=MOMENT)
    return made


def agreements(region, many: int) -> list[Agreement]:
    made = []
    for n in range(many):
        partner = factories.partner()
        agreement = placed(
            Agreement,
            "signed",
            number=number("T-XY"),
            title=f"协议{n}",
            regulation_version=region.version,
            university=region.university,
            college=region.college,
            partner=partner,
            starts_on=DAY,
            ends_on=DAY + dt.timedelta(days=400 + n),
            signed_on=DAY,
            effective_on=DAY,
        )
        AgreementParty.objects.create(agreement=agreement, organisation=region.university, side="first")
        AgreementParty.objects.create(agreement=agreement, organisation=partner, side="second")
        stamped("agreement", agreement)
        made.append(agreement)
    return made


def recognitions(region, many: int, state: str = "active", code: str = "0951") -> list[Recognition]:
    made = []
    for n in range(many):
        partner = factories.partner(partner_kind="enterprise")
        base = Base.objects.create(
            number=number("T-JD"),
            name=f"基地{n}",
            university=region.university,
            college=region.college,
            partner=partner,
            category_code=code,
            category_name="农业",
            leader_name="程望舒",
        )
        recognition = placed(
            Recognition,
            state,
            number=number("T-RD"),
            title=base.name,
            base=base,
            regulation_version=region.version,
            level="provincial",
            authority=region.department,
            university=region.university,
            college=region.college,
            partner=partner,
            decided_on=DAY,
            document_number=f"岚教研函〔2027〕{n}号",
            starts_on=DAY,
            ends_on=DAY + dt.timedelta(days=1000),
            active_on=DAY,
        )
        placed(
            Agreement,
            "signed",
            number=number("T-XY"),
            title="协议",
            regulation_version=region.version,
            university=region.university,
            partner=partner,
            recognition=recognition,
            starts_on=DAY,
            ends_on=DAY + dt.timedelta(days=700),
        )
        made.append(recognition)
    return made


def case_lists(region, call: Call, many: int, members: int = 2) -> list[CaseList]:
    made = []
    for n in range(many):
        case_list = placed(
            CaseList,
            "publicised",
            number=number("T-MD"),
            title=f"名单{n}",
            key="recommended",
            kind="recommended",
            regulation_version=region.version,
            context_kind="call",
            context_id=call.pk,
            university=region.university,
        )
        for m in range(members):
            ListEntry.objects.create(
                case_list=case_list,
                case_kind="application",
                case_id=10_000 + next(_serial),
                case_title=f"项目{m}",
                rank=m + 1,
            )
        notices(region, case_list)
        made.append(case_list)
    return made


def notices(region, case_list: CaseList) -> Notice:
    notice = placed(
        Notice,
        "publicised",
        number=number("T-GS"),
        title=f"关于{case_list.title}的公示",
        university=region.university,
        case_list=case_list,
        key="recommend",
        slug=number("s"),
        opens_on=DAY,
        closes_on=DAY + dt.timedelta(days=7),
        days=5,
    )
    for outcome in ("", "dismissed"):
        Objection.objects.create(
            notice=notice,
            number=number("T-YY"),
            channel="web",
            name="某人",
            contact="139",
            text="异议",
            raised_at=MOMENT,
            outcome=outcome,
        )
    return notice


def overrides(region, many: int) -> list[Override]:
    return [
        Override.objects.create(
            number=number("T-LW"),
            title="例外申请",
            authority=region.department,
            university=region.university,
            college=region.college,
            regulation_version=region.version,
            subject_kind="application",
            subject_id=n + 1,
            subject_title=f"项目{n}",
            rule="one_partner",
            gate="application.submit",
            clause="NM-7.2b",
            message="合作单位有2个",
            reason="确有需要",
            requested_by="贺小满",
            requester=region.college,
            role="officer",
            unit=region.department,
        )
        for n in range(many)
    ]


def panels(region, call: Call, many: int, expert=None) -> list[Step]:
    """Open panels of the department, each with two experts."""
    made = []
    for application in applications(region, call, many):
        panel = Step.objects.get(case_kind="application", case_id=application.pk, kind="panel")
        for number_ in range(2):
            membership = expert.membership if expert and not number_ else factories.member(region.department, "expert")
            Assignment.objects.create(
                step=panel,
                case_kind="application",
                case_id=application.pk,
                case_title=application.title,
                expert=membership.user,
                membership=membership,
                state="recused" if number_ else "invited",
                opens_on=DAY,
                closes_on=DAY + dt.timedelta(days=30),
                ended_at=MOMENT if number_ else None,
                reason="回避",
                assigned_by="邵怀瑾",
            )
            if expert and not number_:
                grants.give(membership.user, VIEW, application)
        made.append(panel)
    return made


def decisions(region, call: Call, many: int) -> list[Decision]:
    made = []
    for n in range(many):
        decision = Decision.objects.create(
            body="厅党组会",
            session=f"第{n}次",
            decided_on=DAY,
            resolution="同意。",
            organisation=region.department,
            minutes=document("application", 1),
            entered_by="邵怀瑾",
            entered_at=clock.now(),
        )
        for application in applications(region, call, 1):
            step(
                application,
                region.department,
                "officer",
                kind="decision",
                state="done",
                outcome="positive",
                decision=decision,
            )
        made.append(decision)
    return made


def units(region, call: Call, many: int) -> None:
    """Universities of the region, each with a quota in the call."""
    for _ in range(many):
        CallUnit.objects.create(
            call=call, organisation=factories.university(region.department), quota=2, factors={"scale": "大"}
        )
