"""20,000 applications as rows: what the pages have to find their way through. Rows only, not a story: no door."""

from __future__ import annotations

import datetime as dt
import random

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from applications.models import Application, Call
from casework.models import Step
from core import clock
from core.models import FormAnswer, TransitionLog
from regulations import services
from regulations.loader import PROFILES
from regulations.loader import load as load_profile
from tenants.models import Membership, Organisation, User

NUMBER = 20_000
UNIVERSITIES = 20


def build() -> dict:
    """Fill the database; returns the session of a department's officer and of a university's clerk, and a case."""
    random.seed(7)
    version, _said = services.store(load_profile(PROFILES / "nm"))
    version = services.publish(version, dt.date(2026, 1, 1))
    department = Organisation.objects.create(kind="department", name="省教育厅", division="990000")
    now = clock.now()
    call = Call.objects.create(
        number="PC-B", title="批次", authority=department, regulation_version=version, level="provincial", year=2026,
        opens_at=now, closes_at=now + dt.timedelta(days=90),
    )  # fmt: skip
    universities, colleges, partners = [], [], []
    for n in range(UNIVERSITIES):
        university = Organisation.objects.create(kind="university", name=f"大学{n}", parent=department)
        universities.append(university)
        colleges.append([Organisation.objects.create(kind="college", name=f"学院{m}", parent=university) for m in range(5)])
        partners.append(Organisation.objects.create(kind="partner", name=f"单位{n}", uscc_absent_reason="试验"))
    applications = []
    for n in range(NUMBER):
        at = n % UNIVERSITIES
        applications.append(
            Application(
                number=f"SB-B-{n:06}", title=f"研究生联合培养基地{n}", call=call, level="provincial", regulation_version=version,
                authority=department, university=universities[at], college=random.choice(colleges[at]), partner=partners[at],
                category_code="0855", category_name="机械", leader_name="某人", submitted_on=clock.today(), submitted_at=now,
                stage_since=now,
            )
        )  # fmt: skip
    Application.objects.bulk_create(applications, batch_size=2000)
    Application.objects.filter(pk__in=Application.objects.values("pk")[: NUMBER // 2]).update(rank=1)
    Step.objects.bulk_create(
        [
            Step(
                case_kind="application", case_id=one.pk, case_title=one.title, case_number=one.number, round=1, key=key,
                title=key, stage="reviewing", kind="panel", position=position, role="officer", unit=department,
                state="open" if position == 3 else "done",
            )
            for one in applications
            for position, key in enumerate(("six_aspects", "recommend_notice", "recommended_list", "expert_review"))
        ],
        batch_size=5000,
    )  # fmt: skip
    case = applications[NUMBER // 2]
    FormAnswer.objects.create(case_kind="application", case_id=case.pk, form="application", round=1, revision=1,
                              answers={"base_name": case.title, "industry_fit": "服务行业。" * 200})  # fmt: skip
    TransitionLog.objects.bulk_create(
        [
            TransitionLog(at=now, real_at=now, case_kind="application", case_id=case.pk, transition="act_on_step", label="办理",
                          on=clock.today(), actor_name="某人")
            for _ in range(30)
        ]
    )  # fmt: skip
    return {
        "officer": _session(department, "officer"),
        "clerk": _session(universities[0], "graduate_office"),
        "case": f"/cases/application/{case.pk}/",
        "list": "/applications/",
    }


def _session(organisation: Organisation, role: str) -> str:
    user = User.objects.create(username=f"{role}.{organisation.pk}", name="某人")
    user.set_unusable_password()
    user.save()
    membership = Membership.objects.create(user=user, organisation=organisation, role=role)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "config.accounts.LoginBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["membership"] = membership.pk
    session["seen"] = int(clock.real_now().timestamp())
    session.save()
    return session.session_key
