"""One case of every kind, for what holds of all of them."""

from __future__ import annotations

import pytest

from applications.models import Application, Call
from bases.models import Agreement, Backfill, Base, Incident, Office, Recognition, Withdrawal
from casework import effects
from casework.models import CaseList, Notice, Override
from core import clock, door
from evaluations.models import Evaluation, Rectification, Round
from tenants import roles
from tests.placing import placed
from tests.scenarios import house
from tests.tenants import factories
from trainees.models import Placement, Student


@pytest.fixture
def scene():
    """One case of every kind, with an organisation in every column, and a member in every role of each."""
    version = house.published("nm")
    department = factories.department("某省教育厅")
    university = factories.university(department, "某大学")
    college, partner = factories.college(university, "某学院"), factories.partner("某单位")
    columns = {"authority": department, "university": university, "college": college, "partner": partner}
    now = clock.now()
    call = Call.objects.create(
        number="C",
        title="批次",
        authority=department,
        regulation_version=version,
        level="provincial",
        year=2027,
        opens_at=now,
        closes_at=now,
    )
    application = Application.objects.create(
        number="A", title="申报", call=call, level="provincial", regulation_version=version, **columns
    )
    agreement = Agreement.objects.create(number="X", title="协议", regulation_version=version, **columns)
    base = Base.objects.create(number="B", name="基地", university=university, college=college, partner=partner)
    recognition = Recognition.objects.create(
        number="R",
        title="基地",
        base=base,
        regulation_version=version,
        level="provincial",
        decided_on=clock.today(),
        **columns,
    )
    case_list = CaseList.objects.create(
        number="L",
        title="名单",
        key="recommended",
        kind="recommended",
        regulation_version=version,
        context_kind="call",
        context_id=call.pk,
        authority=department,
        university=university,
    )
    notice = Notice.objects.create(
        number="N",
        title="公示",
        case_list=case_list,
        key="recommend",
        slug="n",
        days=5,
        opens_on=clock.today(),
        closes_on=clock.today(),
        authority=department,
        university=university,
    )
    override = Override.objects.create(
        number="O",
        title="例外",
        regulation_version=version,
        subject_kind="application",
        subject_id=application.pk,
        subject_title="x",
        rule="x",
        gate="x",
        clause="NM-7.2b",
        message="x",
        reason="x",
        requested_by="x",
        requester=college,
        role="officer",
        unit=department,
        **columns,
    )
    student = Student.objects.create(university=university, college=college, number="S", name="研究生")
    placement = placed(
        Placement,
        "planned",
        number="P",
        title="实践",
        student=student,
        recognition=recognition,
        regulation_version=version,
        starts_on=clock.today(),
        ends_on=clock.today(),
        **columns,
    )
    in_round = Round.objects.create(
        number="KP",
        title="考核批次",
        regulation_version=version,
        authority=department,
        organiser=department,
        kind="effectiveness",
        period="2030-09-10",
    )
    evaluation = Evaluation.objects.create(
        number="K",
        title="考核",
        regulation_version=version,
        in_round=in_round,
        recognition=recognition,
        kind="effectiveness",
        period="2030-09-10",
        report_due=clock.today(),
        **columns,
    )
    about = {"recognition": recognition, "regulation_version": version, **columns}
    incident = Incident.objects.create(number="ZS", title="重大事项", **about)
    withdrawal = Withdrawal.objects.create(number="CX", title="自主撤销", **about)
    rectification = Rectification.objects.create(
        number="Z",
        title="整改",
        regulation_version=version,
        recognition=recognition,
        key="unqualified",
        effect=effects.put(recognition, "rectification", "整改", clock.today(), code="unqualified"),
        starts_on=clock.today(),
        due_on=clock.today(),
        **columns,
    )
    office = Office.objects.create(
        number="BG", title="基地办公室", regulation_version=house.published("lcu"), university=university
    )
    backfill = Backfill.objects.create(number="BL", title="存量补录", regulation_version=version, authority=department)
    people = [
        factories.member(organisation, role, until_on=clock.today() if role in roles.TIMED_ROLES else None)
        for organisation in columns.values()
        for role in roles.ROLES[organisation.kind]
    ]
    cases = {
        one.case_kind: one
        for one in (
            call,
            application,
            agreement,
            recognition,
            case_list,
            notice,
            override,
            placement,
            in_round,
            evaluation,
            incident,
            withdrawal,
            rectification,
            office,
            backfill,
        )
    }
    assert set(cases) == set(door.kinds())
    return cases, people
