"""`user.has_perm(permission, object)`: the only question, asked from both sides."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from guardian.shortcuts import assign_perm

from core import clock
from tenants import grants, permissions
from tenants.models import Delegation, Membership, Party
from tenants.permissions import grant
from tests.tenants import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("registries")]

ACT = "casework.test_act"


@pytest.fixture
def own(make_case):
    """A college's secretary and a case of that college."""
    grant(ACT, {("college", "secretary"), ("university", "graduate_office")})
    college = factories.college()
    case = make_case(college=college, university=college.parent)
    return factories.member(college, "secretary"), case


def test_the_role_in_the_column_may(own):
    membership, case = own
    assert membership.may(ACT, case)
    assert membership.user.has_perm(ACT, case)
    assert factories.member(case.university, "graduate_office").may(ACT, case)


def test_another_role_another_organisation_another_column_may_not(own, make_case):
    membership, case = own
    assert not factories.member(membership.organisation, "dean").may(ACT, case)
    assert not factories.member(factories.college(case.university), "secretary").may(ACT, case)
    assert not factories.member(factories.university(), "graduate_office").may(ACT, case)
    # The organisation stands in the case, but in a column that is not its kind's.
    stray = make_case(partner=membership.organisation)
    assert not membership.may(ACT, stray)


def test_without_an_object_the_answer_is_no(own):
    membership, _case = own
    membership.user.active_membership = membership
    assert not membership.user.has_perm(ACT)
    assert not membership.user.has_perm(ACT, None)
    assert not membership.user.has_module_perms("casework")


def test_a_superuser_stands_in_no_organisation(own):
    _membership, case = own
    root = factories.user(is_superuser=True, is_staff=True)
    assert not root.has_perm(ACT, case)
    assert not root.has_perm("tenants.add_user")


def test_without_an_active_membership_the_answer_is_no(own):
    membership, case = own
    membership.user.active_membership = None
    assert not membership.user.has_perm(ACT, case)


def test_somebody_elses_membership_opens_nothing(own):
    membership, case = own
    stranger = factories.user()
    stranger.active_membership = membership
    assert not stranger.has_perm(ACT, case)


def test_an_unknown_permission_is_nobodys(own):
    membership, case = own
    assert not membership.may("casework.never_granted", case)
    assert not membership.may("nonsense", case)


def test_an_object_without_columns_needs_a_scope(own):
    membership, _case = own
    assert not membership.may(ACT, membership.organisation)
    grant("tenants.test_look", {("college", "secretary")}, scope=lambda m, org: org.pk == m.organisation_id)
    assert membership.may("tenants.test_look", membership.organisation)
    assert not membership.may("tenants.test_look", membership.organisation.parent)


@pytest.mark.parametrize("state", ["suspended", "ended"])
def test_a_membership_that_is_not_active(own, state):
    membership, case = own
    membership.state = state
    membership.save()
    assert not membership.may(ACT, case)
    assert not membership.sees(case)


def test_dates_are_judged_by_the_clock(own):
    membership, case = own
    membership.from_on, membership.until_on = dt.date(2026, 3, 1), dt.date(2026, 6, 30)
    membership.save()
    for day, expected in [
        ("2026-02-28", False),
        ("2026-03-01", True),
        ("2026-06-30", True),
        ("2026-07-01", False),
    ]:
        with clock.travel(f"{day}T23:59"):
            assert membership.may(ACT, case) is expected, day
            assert membership.sees(case) is expected, day
            assert Membership.objects.usable().filter(pk=membership.pk).exists() is expected, day


def test_an_inactive_organisation_or_account_opens_nothing(own):
    membership, case = own
    membership.organisation.active = False
    assert not membership.may(ACT, case)
    membership.organisation.active = True
    membership.user.is_active = False
    assert not membership.may(ACT, case)
    assert not membership.sees(case)


def test_a_second_partner_by_part(make_case):
    grant(ACT, {("partner", "contact")}, parties={"second_partner"})
    first, second, host = factories.partner(), factories.partner(), factories.partner()
    case = make_case(partner=first)
    today = clock.today()
    for organisation, role, until in [
        (second, "second_partner", None),
        (host, "host", None),
    ]:
        Party.objects.create(
            case_kind=case.case_kind,
            case_id=case.pk,
            organisation=organisation,
            role=role,
            from_on=today,
            until_on=until,
        )
    assert factories.member(first, "contact").may(ACT, case)
    member = factories.member(second, "contact")
    assert member.may(ACT, case)
    assert not factories.member(host, "contact").may(ACT, case)
    Party.objects.filter(organisation=second).update(
        until_on=today - dt.timedelta(days=1), from_on=today - dt.timedelta(9)
    )
    assert not member.may(ACT, case)


def test_the_registry_refuses_what_does_not_exist():
    with pytest.raises(ValueError):
        grant("casework.test_x", {("college", "vice_president")})
    with pytest.raises(ValueError):
        grant("casework.test_x", {("college", "secretary")}, column="faculty")
    with pytest.raises(ValueError):
        grant("undotted", {("college", "secretary")})
    assert "casework.test_x" not in permissions.codes()


def test_granting_twice_adds_nothing(own):
    grant(ACT, {("college", "secretary"), ("university", "graduate_office")})
    assert len(permissions.rules(ACT)) == 1
    assert permissions.roles_with(ACT) == {"college.secretary", "university.graduate_office"}


# --- standing in for a colleague ---------------------------------------------------------------------------


def _lend(giver, taker, start="2026-05-01", end="2026-05-31", **more):
    return Delegation.objects.create(
        from_membership=giver,
        to_membership=taker,
        from_on=dt.date.fromisoformat(start),
        until_on=dt.date.fromisoformat(end),
        **more,
    )


def _fresh(membership) -> Membership:
    return Membership.objects.select_related("user", "organisation").get(pk=membership.pk)


def test_a_colleague_may_while_the_delegation_lasts(own):
    membership, case = own
    dean = factories.member(membership.organisation, "dean")
    _lend(membership, dean)
    for day, expected in [
        ("2026-04-30", False),
        ("2026-05-01", True),
        ("2026-05-31", True),
        ("2026-06-01", False),
    ]:
        with clock.travel(day):
            assert _fresh(dean).may(ACT, case) is expected, day


def test_a_delegation_of_somebody_who_left_opens_nothing(own):
    membership, case = own
    dean = factories.member(membership.organisation, "dean")
    row = _lend(membership, dean)
    with clock.travel("2026-05-10"):
        assert _fresh(dean).may(ACT, case)
        Membership.objects.filter(pk=membership.pk).update(state="suspended")
        assert not _fresh(dean).may(ACT, case)
        Membership.objects.filter(pk=membership.pk).update(state="active", until_on=dt.date(2026, 5, 9))
        assert not _fresh(dean).may(ACT, case)
        Membership.objects.filter(pk=membership.pk).update(until_on=None)
        row.ended_at = clock.now()
        row.save()
        assert not _fresh(dean).may(ACT, case)


def test_a_delegation_across_organisations_opens_nothing(own):
    membership, case = own
    outsider = factories.member(factories.college(case.university), "dean")
    _lend(membership, outsider)
    with clock.travel("2026-05-10"):
        assert not _fresh(outsider).may(ACT, case)


def test_an_auditor_borrows_no_role(own):
    membership, case = own
    auditor = factories.member(membership.organisation, "auditor")
    _lend(membership, auditor)
    with clock.travel("2026-05-10"):
        assert not _fresh(auditor).may(ACT, case)
        assert _fresh(auditor).sees(case)


# --- exceptions given to a person --------------------------------------------------------------------------

VIEW = "casework.test_dossier"


@pytest.fixture
def assigned(make_case):
    """An expert with a guardian row, and the set of people whose assignment is open today."""
    still_open = set()
    grants.register(
        VIEW,
        lambda user, obj: (user.pk, obj.pk) in still_open,
        open_ids=lambda user, model, day: [pk for who, pk in still_open if who == user.pk],
    )
    department = factories.department()
    expert = factories.member(department, "expert")
    case = make_case(authority=department, university=factories.university(department))
    return expert, case, still_open


def test_both_the_row_and_the_assignment_are_asked(assigned):
    expert, case, still_open = assigned
    assert not expert.may(VIEW, case)
    still_open.add((expert.user_id, case.pk))
    assert not expert.may(VIEW, case)
    assert not expert.sees(case)
    grants.give(expert.user, VIEW, case)
    assert expert.may(VIEW, case)
    assert expert.sees(case)


def test_a_row_whose_assignment_has_closed_opens_nothing(assigned):
    expert, case, still_open = assigned
    still_open.add((expert.user_id, case.pk))
    grants.give(expert.user, VIEW, case)
    still_open.clear()
    assert not expert.may(VIEW, case)
    assert not expert.sees(case)
    assert list(type(case).objects.visible_to(expert)) == []


def test_the_row_taken_away_opens_nothing(assigned):
    expert, case, still_open = assigned
    still_open.add((expert.user_id, case.pk))
    grants.give(expert.user, VIEW, case)
    grants.give(expert.user, VIEW, case)
    grants.take(expert.user, VIEW, case)
    assert not expert.may(VIEW, case)
    grants.take(expert.user, VIEW, case)


def test_the_exception_is_for_the_person_acting_as_expert(assigned):
    expert, case, still_open = assigned
    still_open.add((expert.user_id, case.pk))
    grants.give(expert.user, VIEW, case)
    dean = factories.member(factories.college(), "dean", expert.user)
    assert not dean.may(VIEW, case)
    assert not dean.sees(case)
    colleague = factories.member(expert.organisation, "expert")
    still_open.add((colleague.user_id, case.pk))
    assert not colleague.may(VIEW, case)


def test_a_suspended_expert_sees_nothing(assigned):
    expert, case, still_open = assigned
    still_open.add((expert.user_id, case.pk))
    grants.give(expert.user, VIEW, case)
    expert.state = "suspended"
    expert.save()
    assert not expert.may(VIEW, case)
    assert not expert.sees(case)


def test_a_row_for_a_permission_that_nobody_declared_opens_nothing(assigned):
    expert, case, _still_open = assigned

    kind = ContentType.objects.get_for_model(case)
    Permission.objects.create(content_type=kind, codename="stray", name="stray")
    assign_perm("stray", expert.user, case)
    assert not expert.may("casework.stray", case)
    assert not expert.may("stray", case)
    with pytest.raises(LookupError):
        grants.give(expert.user, "casework.stray", case)


def test_the_number_of_queries_is_fixed(assigned, django_assert_num_queries):
    expert, case, still_open = assigned
    still_open.add((expert.user_id, case.pk))
    grants.give(expert.user, VIEW, case)
    expert = _fresh(expert)
    expert.may(VIEW, case)
    with django_assert_num_queries(1):
        expert.may(VIEW, case)
