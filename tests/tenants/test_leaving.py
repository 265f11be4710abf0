"""Who leaves: the unit above goes on managing, and what stands under the leaver's name goes to a colleague."""

from __future__ import annotations

import pytest
from django.test import Client

from casework.models import CaseList
from core import clock
from core.door import record_event
from core.models import InboxMessage, TransitionLog
from tenants.models import Membership
from tenants.services import invitations, members
from tests.tenants import factories

pytestmark = pytest.mark.django_db
BACKEND = "config.accounts.LoginBackend"


@pytest.fixture
def college():
    return factories.college()


@pytest.fixture
def admin(college):
    return factories.member(college.parent, "admin")


def client_of(membership) -> Client:
    client = Client()
    client.force_login(membership.user, backend=BACKEND)
    return client


@pytest.mark.both_databases
def test_the_last_secretary_leaves_and_the_university_invites_the_next(college, admin):
    secretary = factories.member(college, "secretary")
    http = client_of(admin)
    page = f"/organisation/members/{secretary.pk}/"
    assert http.get(page).status_code == 200
    assert http.post(page, {"act": "end", "leave-reason": "调离"}).status_code == 302
    assert not Membership.objects.of(college, "secretary").exists()
    invite = f"/organisation/{college.pk}/invite/"
    assert http.post(invite, {"role": "secretary", "name": "白露晞", "email": "bai@example.invalid"}).status_code == 302
    assert client_of(factories.member(factories.university(), "admin")).get(invite).status_code == 404
    assert client_of(factories.member(college.parent, "finance")).get(invite).status_code == 403


def test_a_leavers_open_work_is_listed_and_handed_over(college, admin, make_case):
    leaver = factories.member(college, "secretary")
    draft = make_case(college=college)
    record_event(draft, "create", "新建", leaver)
    invited = invitations.invite(leaver, college, "applicant", name="尤小舟", email="you@example.invalid")
    colleague = factories.member(college, "applicant")
    members.delegate(leaver, colleague, clock.today(), clock.today(), "出差")
    http, page = client_of(admin), f"/organisation/members/{leaver.pk}/"
    shown = http.get(page).content.decode()
    for word in (draft.title, "尤小舟", colleague.name, "请先邀请接任的人"):
        assert word in shown
    assert http.post(page, {"act": "hand_over", "pass-to": colleague.pk}).status_code == 422, "another role"
    successor = factories.member(college, "secretary")
    assert f'value="{successor.pk}"' in http.get(page).content.decode()
    assert http.post(page, {"act": "end", "leave-reason": "调离"}).status_code == 302
    assert http.post(page, {"act": "hand_over", "pass-to": successor.pk}).status_code == 302, "also afterwards"
    invited.refresh_from_db()
    assert invited.invited_by == successor
    line = TransitionLog.objects.get(case_kind=CaseList.case_kind, case_id=draft.pk, transition="handed_over")
    assert line.data["to"] == successor.name
    assert InboxMessage.objects.filter(user=successor.user).count() == 2
    again = http.post(page, {"act": "hand_over", "pass-to": successor.pk})
    assert again.status_code == 422
    assert "没有可移交" in again.content.decode()
    assert TransitionLog.objects.filter(transition="work_handed_over").count() == 1


def test_only_who_manages_the_unit_hands_over(college):
    leaver, successor = factories.member(college, "secretary"), factories.member(college, "secretary")
    for other in (factories.member(college, "dean"), factories.member(factories.university(), "admin")):
        answer = client_of(other).post(
            f"/organisation/members/{leaver.pk}/", {"act": "hand_over", "pass-to": successor.pk}
        )
        assert answer.status_code == 404
