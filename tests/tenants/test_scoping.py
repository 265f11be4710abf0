"""`visible_to`: what exists for whom."""

import datetime as dt

import pytest
from django.db.models import Q

from casework.models import CaseList
from core import clock
from tenants import roles, scoping
from tenants.models import Membership, Party
from tests.tenants import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("registries")]


@pytest.fixture
def two_provinces(make_case):
    """Two whole tenants, each with a case that has been sent and one that has not."""
    found = []
    for _ in range(2):
        department = factories.department()
        university = factories.university(department)
        college = factories.college(university)
        partner = factories.partner()
        main = {"university": university, "college": college, "partner": partner}
        found.append(
            {
                "organisations": {"department": department, **main},
                "draft": make_case(**main),
                "sent": make_case(authority=department, **main),
            }
        )
    return found


def _seen(membership) -> set[int]:
    membership = Membership.objects.select_related("user", "organisation").get(pk=membership.pk)
    return set(CaseList.objects.visible_to(membership).values_list("pk", flat=True))


EXPECTED = {
    "department": {"sent"},
    "university": {"draft", "sent"},
    "college": {"draft", "sent"},
    "partner": {"draft", "sent"},
}


@pytest.mark.parametrize("kind,role", [(kind, role) for kind in roles.ROLES for role in roles.ROLES[kind]])
def test_every_role_sees_its_own_tenant_and_nothing_else(two_provinces, kind, role):
    own, _foreign = two_provinces
    membership = factories.member(own["organisations"][kind], role)
    wanted = set() if role in roles.PERSONAL_ROLES else {own[name].pk for name in EXPECTED[kind]}
    assert _seen(membership) == wanted


def test_a_department_sees_no_draft_of_its_own_universities(two_provinces):
    own, _foreign = two_provinces
    officer = factories.member(own["organisations"]["department"], "officer")
    assert officer.sees(own["sent"])
    assert not officer.sees(own["draft"])


def test_another_college_of_the_same_university_sees_nothing(two_provinces):
    own, _foreign = two_provinces
    assert _seen(factories.member(factories.college(own["organisations"]["university"]), "secretary")) == set()


def test_nobody_and_the_unusable_see_nothing(two_provinces):
    own, _foreign = two_provinces
    assert CaseList.objects.visible_to(None).count() == 0
    membership = factories.member(own["organisations"]["university"], "graduate_office", state="suspended")
    assert _seen(membership) == set()
    auditor = factories.member(own["organisations"]["university"], "auditor", until_on=dt.date(2026, 6, 30))
    with clock.travel("2026-06-30T18:00"):
        assert _seen(auditor) == {own["draft"].pk, own["sent"].pk}
    with clock.travel("2026-07-01T00:00"):
        assert _seen(auditor) == set()


def test_a_part_opens_one_case_for_its_time(two_provinces):
    own, foreign = two_provinces
    guest = factories.member(foreign["organisations"]["partner"], "contact")
    case = own["draft"]
    Party.objects.create(
        case_kind=case.case_kind,
        case_id=case.pk,
        organisation=guest.organisation,
        role="second_partner",
        from_on=dt.date(2026, 5, 1),
        until_on=dt.date(2026, 5, 31),
    )
    theirs = {foreign["draft"].pk, foreign["sent"].pk}
    for day, more in [
        ("2026-04-30", set()),
        ("2026-05-01", {case.pk}),
        ("2026-05-31", {case.pk}),
        ("2026-06-01", set()),
    ]:
        with clock.travel(day):
            assert _seen(guest) == theirs | more, day


def test_a_part_in_a_case_of_another_kind_opens_nothing_here(two_provinces):
    own, foreign = two_provinces
    guest = factories.member(foreign["organisations"]["partner"], "contact")
    Party.objects.create(
        case_kind="application",
        case_id=own["draft"].pk,
        organisation=guest.organisation,
        role="x",
        from_on=clock.today(),
    )
    assert not guest.sees(own["draft"])


def test_a_part_does_not_open_its_case_to_the_organisations_experts(two_provinces):
    own, foreign = two_provinces
    expert = factories.member(foreign["organisations"]["university"], "expert")
    Party.objects.create(
        case_kind="list",
        case_id=own["draft"].pk,
        organisation=expert.organisation,
        role="assessor",
        from_on=clock.today(),
    )
    assert _seen(expert) == set()


def test_a_personal_view_shows_a_person_what_a_room_says(two_provinces):
    own, _foreign = two_provinces
    student = factories.member(own["organisations"]["college"], "student")
    scoping.personal_view("student", "casework.CaseList", lambda m, model, day: Q(pk=own["draft"].pk))
    assert _seen(student) == {own["draft"].pk}
    assert _seen(factories.member(own["organisations"]["college"], "mentor")) == set()
    with pytest.raises(ValueError):
        scoping.personal_view("secretary", "", lambda m, model, day: Q())


@pytest.mark.parametrize(
    "kind,role", [("university", "graduate_office"), ("department", "officer"), ("partner", "contact")]
)
def test_one_query_whatever_the_number(two_provinces, make_case, django_assert_num_queries, kind, role):
    own, _foreign = two_provinces
    membership = factories.member(own["organisations"][kind], role)
    membership = Membership.objects.select_related("user", "organisation").get(pk=membership.pk)
    for number in range(3):
        case = make_case(university=own["organisations"]["university"], authority=own["organisations"]["department"])
        Party.objects.create(
            case_kind="list",
            case_id=case.pk,
            organisation=membership.organisation,
            role="x",
            from_on=clock.today(),
        )
        with django_assert_num_queries(1):
            assert len(list(CaseList.objects.visible_to(membership))) >= number + 1
