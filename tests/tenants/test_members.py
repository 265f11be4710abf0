"""Members: beginning, ending, changing a role; what stays, what is refused, what the log says."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from core import clock
from core.door import Forbidden, Refused, SystemActor
from core.ledger import people
from core.ledger.people import Place
from core.models import TransitionLog
from tenants.models import Delegation, Membership
from tenants.services import members
from tests.tenants import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def college():
    return factories.college()


@pytest.fixture
def secretary(college):
    return factories.member(college, "secretary")


def _log(organisation) -> list[tuple[str, str]]:
    rows = TransitionLog.objects.filter(case_kind="organisation", case_id=organisation.pk).order_by("pk")
    return list(rows.values_list("transition", "actor_name"))


def test_the_administrator_adds_a_member(college, secretary):
    person = factories.user()
    made = members.add_member(secretary, person, college, "dean")
    assert (made.state, made.role, made.from_on, made.until_on) == ("active", "dean", clock.today(), None)
    assert _log(college) == [("member_added", secretary.name)]


@pytest.mark.parametrize("role", ["dean", "applicant", "mentor", "student", "expert", "auditor"])
def test_nobody_else_does(college, role):
    other = factories.member(college, role)
    with pytest.raises(Forbidden):
        members.add_member(other, factories.user(), college, "dean")
    assert _log(college) == []


def test_not_for_another_organisation(college, secretary):
    for foreign in (factories.college(), college.parent, factories.partner()):
        with pytest.raises(Forbidden):
            members.add_member(secretary, factories.user(), foreign, "dean")


def test_a_university_manages_its_colleges_people(college, secretary):
    admin = factories.member(college.parent, "admin")
    members.add_member(admin, factories.user(), college, "applicant")
    for foreign in (factories.member(factories.university(), "admin"), factories.member(college.parent, "finance")):
        with pytest.raises(Forbidden):
            members.add_member(foreign, factories.user(), college, "applicant")
    members.end_membership(admin, secretary, "调离")
    members.add_member(admin, factories.user(), college, "secretary")


def test_roles_and_dates_are_checked(college, secretary):
    with pytest.raises(Refused):
        members.add_member(secretary, factories.user(), college, "vice_president")
    with pytest.raises(Refused):
        members.add_member(secretary, factories.user(), college, "auditor")
    with pytest.raises(Refused):
        members.add_member(secretary, factories.user(), college, "auditor", until_on=clock.today() - dt.timedelta(1))
    members.add_member(secretary, factories.user(), college, "auditor", until_on=clock.today())


def test_the_same_role_twice_is_refused(college, secretary):
    person = factories.user()
    members.add_member(secretary, person, college, "dean")
    with pytest.raises(Refused, match="已是本单位"):
        members.add_member(secretary, person, college, "dean")
    assert Membership.objects.filter(user=person).count() == 1


def test_ending_keeps_the_row_and_needs_a_reason(college, secretary):
    dean = factories.member(college, "dean")
    with pytest.raises(Refused):
        members.end_membership(secretary, dean, "  ")
    ended = members.end_membership(secretary, dean, "退休")
    assert (ended.state, ended.ended_reason) == ("ended", "退休")
    assert Membership.objects.get(pk=dean.pk).ended_at is not None
    with pytest.raises(Refused, match="已结束"):
        members.end_membership(secretary, dean, "再次")
    with pytest.raises(Refused):
        members.resume_membership(secretary, dean)
    # A later term is a new row.
    again = members.add_member(secretary, dean.user, college, "dean")
    assert again.pk != dean.pk
    assert [code for code, _who in _log(college)] == ["member_ended", "member_added"]


@pytest.mark.parametrize(
    "kind,role",
    [("department", "admin"), ("university", "admin"), ("college", "secretary"), ("partner", "contact")],
)
def test_the_last_administrator_stays(kind, role):
    unit = {
        "department": factories.department,
        "university": factories.university,
        "college": factories.college,
        "partner": factories.partner,
    }[kind]()
    only = factories.member(unit, role)
    for act in (
        lambda: members.end_membership(only, only, "离职"),
        lambda: members.suspend_membership(only, only, "离职"),
        lambda: members.deactivate_user(only, only, "离职"),
        lambda: members.change_role(only, only, "expert", "转岗"),
    ):
        with pytest.raises(Refused, match="最后一名"):
            act()
    assert Membership.objects.get(pk=only.pk).state == "active"
    # One whose term is over, or who is suspended, does not count as the other administrator.
    factories.member(unit, role, until_on=clock.today() - dt.timedelta(days=1))
    factories.member(unit, role, state="suspended")
    with pytest.raises(Refused, match="最后一名"):
        members.end_membership(only, only, "离职")
    factories.member(unit, role)
    members.end_membership(only, only, "离职")


def test_suspending_and_resuming(college, secretary):
    dean = factories.member(college, "dean")
    members.suspend_membership(secretary, dean, "挂职")
    assert not Membership.objects.get(pk=dean.pk).usable()
    members.resume_membership(secretary, dean)
    assert Membership.objects.get(pk=dean.pk).usable()


def test_another_role_is_another_row(college, secretary):
    dean = factories.member(college, "dean")
    new = members.change_role(secretary, dean, "applicant", "换届")
    assert new.pk != dean.pk
    assert (new.role, new.state) == ("applicant", "active")
    assert Membership.objects.get(pk=dean.pk).state == "ended"
    with pytest.raises(Refused):
        members.change_role(secretary, new, "applicant", "重复")
    with pytest.raises(Refused):
        members.change_role(secretary, new, "graduate_office", "错")
    assert Membership.objects.get(pk=new.pk).state == "active"


@pytest.mark.parametrize("kind,role,to", [("college", "secretary", "dean"), ("university", "admin", "vice_president"),
                                          ("partner", "contact", "partner_leader"), ("department", "admin", "leader")])  # fmt: skip
def test_nobody_is_put_alone_where_their_own_work_is_decided_on(kind, role, to):
    unit = getattr(factories, kind)()
    manager, other = factories.member(unit, role), factories.member(unit, "expert")
    with pytest.raises(Refused, match="另一人核实"):
        members.change_role(manager, other, to, "转岗")
    assert Membership.objects.get(pk=other.pk).state == "active"


def test_an_account_with_a_life_elsewhere_is_not_closed(college, secretary):
    dean = factories.member(college, "dean")
    elsewhere = factories.member(factories.department(), "expert", dean.user)
    with pytest.raises(Refused, match="其他单位"):
        members.deactivate_user(secretary, dean, "调离")
    members.end_membership(SystemActor(), elsewhere, "退库")
    closed = members.deactivate_user(secretary, dean, "调离")
    assert not closed.is_active
    assert not Membership.objects.get(pk=dean.pk).usable()
    with pytest.raises(Refused, match="已结束"):
        members.reactivate_user(factories.member(elsewhere.organisation, "admin"), elsewhere)
    assert not Membership.objects.get(pk=dean.pk).usable()
    members.reactivate_user(secretary, dean)
    assert Membership.objects.get(pk=dean.pk).usable()


def test_the_log_cannot_be_rewritten(college, secretary):
    members.add_member(secretary, factories.user(), college, "dean")
    line = TransitionLog.objects.get(case_kind="organisation", case_id=college.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        TransitionLog.objects.filter(pk=line.pk).update(actor_name="别人")
    with pytest.raises(DatabaseError), transaction.atomic():
        line.delete()


# --- standing in -------------------------------------------------------------------------------------------


def test_lending_a_role_to_a_colleague(college, secretary):
    dean = factories.member(college, "dean")
    today = clock.today()
    row = members.delegate(secretary, dean, today, today + dt.timedelta(days=7), "出差")
    assert "secretary" in Membership.objects.get(pk=dean.pk).acting_roles
    members.end_delegation(secretary, row)
    assert "secretary" not in Membership.objects.get(pk=dean.pk).acting_roles
    with pytest.raises(Refused):
        members.end_delegation(secretary, row)
    assert [code for code, _who in _log(college)] == ["delegated", "delegation_ended"]


def test_one_delegation_at_a_time(college, secretary):
    dean, other, today = factories.member(college, "dean"), factories.member(college, "applicant"), clock.today()
    week = today + dt.timedelta(days=7)
    members.delegate(secretary, dean, today, week, "出差")
    for from_on, until_on in ((today, week), (week, week + dt.timedelta(days=1))):
        with pytest.raises(Refused, match="重叠"):
            members.delegate(secretary, dean, from_on, until_on, "再次")
    assert Delegation.objects.count() == 1
    members.delegate(secretary, dean, week + dt.timedelta(days=1), week + dt.timedelta(days=2), "之后")
    members.delegate(secretary, other, today, week, "另一人")


def test_who_is_told_that_something_waits(college, secretary):
    dean, other = factories.member(college, "dean"), factories.member(college, "applicant")
    factories.member(college, "secretary", state="suspended")
    assert list(Membership.objects.acting_for(college, "secretary")) == [secretary]
    members.delegate(secretary, dean, clock.today(), clock.today(), "出差")
    assert set(Membership.objects.acting_for(college.pk, "secretary")) == {secretary, dean}
    role, unit, nowhere = Place(college.pk, "secretary"), Place(college.pk), Place(None, "secretary")
    told = people.directory.holders({role, unit, nowhere})
    assert set(told[role]) == {secretary, dean} and set(told[unit]) == {secretary, dean, other}
    assert told[nowhere] == []
    with clock.travel(clock.now() + dt.timedelta(days=1)):
        assert list(Membership.objects.acting_for(college, "secretary")) == [secretary]


def test_a_role_is_not_lent_outside_or_to_readers(college, secretary):
    today = clock.today()
    later = today + dt.timedelta(days=7)
    for taker in (
        factories.member(factories.college(), "dean"),
        factories.member(college, "auditor", until_on=later),
        factories.member(college, "mentor"),
        factories.member(college, "dean", state="suspended"),
        factories.member(college, "dean", secretary.user),
    ):
        with pytest.raises(Refused):
            members.delegate(secretary, taker, today, later, "出差")
    dean = factories.member(college, "dean")
    with pytest.raises(Refused):
        members.delegate(factories.member(college, "expert"), dean, today, later, "出差")
    with pytest.raises(Refused):
        members.delegate(secretary, dean, later, today, "出差")
    assert Delegation.objects.count() == 0


def test_leaving_ends_what_was_lent(college, secretary):
    dean = factories.member(college, "dean")
    today = clock.today()
    members.delegate(dean, secretary, today, today + dt.timedelta(days=7), "出差")
    members.suspend_membership(secretary, dean, "离岗")
    assert Delegation.objects.filter(ended_at=None).count() == 0
    stranger = factories.member(college, "applicant")
    row = Delegation.objects.get()
    row.ended_at = None
    row.save()
    with pytest.raises(Forbidden):
        members.end_delegation(stranger, row)
