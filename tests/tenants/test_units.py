"""Organisations: founding, partner units and their codes, pages, masks, query counts."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.door import Forbidden, Refused
from core.models import TransitionLog
from tenants import queries, rights, roles
from tenants.models import Membership, Organisation
from tenants.services import invitations, members, organisations
from tests.tenants import factories

pytestmark = pytest.mark.django_db
USCC = "91990200DEMP00025Y"
WRONG_CODES = [
    "91990200DEMP00025X",
    "123",
    "9" * 18,
    "91990200DEMP00025Y7",
    "统一社会信用代码",
    "<script>alert(1)</script>",
]


@pytest.fixture
def college():
    return factories.college()


@pytest.fixture
def secretary(college):
    return factories.member(college, "secretary")


def test_who_may_found_what():
    department = factories.department()
    admin = factories.member(department, "admin")
    university = organisations.create_unit(admin, department, "university", {"name": "某大学"})
    assert university.parent == department
    college = organisations.create_unit(
        factories.member(university, "admin"), university, "college", {"name": "某学院"}
    )
    assert college.parent == university
    assert list(
        TransitionLog.objects.filter(transition="organisation_created").values_list("case_title", flat=True)
    ) == ["某大学", "某学院"]
    for kind in ("college", "partner", "department"):
        with pytest.raises(Refused):
            organisations.create_unit(admin, department, kind, {"name": "错"})
    with pytest.raises(Refused):
        organisations.create_unit(admin, None, "department", {"name": "错"})
    for actor in (factories.member(department, "officer"), factories.member(factories.department(), "admin")):
        with pytest.raises(Forbidden):
            organisations.create_unit(actor, department, "university", {"name": "错"})
    with pytest.raises(Refused, match="同名"):
        organisations.create_unit(admin, department, "university", {"name": "某大学"})


def test_a_partner_unit_is_entered_once(secretary):
    data = {
        "name": "某厂",
        "uscc": " 9199 0200 demp 00025y ",
        "partner_kind": "enterprise",
        "division": "990200",
    }
    with pytest.raises(Refused, match="不存在"):
        organisations.introduce_partner(secretary, data)
    data["division"] = "510000"
    unit, new = organisations.introduce_partner(secretary, data)
    assert (new, unit.uscc, unit.parent, unit.created_by) == (True, USCC, None, secretary.organisation)
    other = factories.member(factories.college(), "applicant")
    again, new = organisations.introduce_partner(other, {**data, "name": "另写的名字", "uscc": USCC})
    assert (again, new) == (unit, False)
    assert Organisation.objects.get(pk=unit.pk).name == "某厂"
    assert Organisation.objects.filter(kind="partner").count() == 1


def test_a_place_is_given_by_code_or_by_name(secretary):
    unit, _new = organisations.introduce_partner(secretary, {"name": "某厂", "uscc": USCC, "division": " 四川省 "})
    assert (unit.division, unit.division_name) == ("510000", "四川省")
    for wrong in ("五川省", "000000", "5100", "5100000"):
        with pytest.raises(Refused) as refused:
            organisations.introduce_partner(secretary, {"name": "某厂", "uscc": USCC, "division": wrong})
        assert [finding.field for finding in refused.value.findings] == ["division"]


@pytest.mark.parametrize("wrong", WRONG_CODES)
def test_a_wrong_code_is_refused(secretary, wrong):
    with pytest.raises(Refused) as refused:
        organisations.introduce_partner(secretary, {"name": "某厂", "uscc": wrong})
    assert [finding.field for finding in refused.value.findings] == ["uscc"]
    assert not Organisation.objects.filter(kind="partner").exists()


def test_no_code_because(secretary):
    with pytest.raises(Refused, match="写明原因"):
        organisations.introduce_partner(secretary, {"name": "某部"})
    data = {"name": "某部", "uscc_absent_reason": "部队单位", "division": "510000"}
    unit, new = organisations.introduce_partner(secretary, data)
    assert (new, unit.uscc, unit.uscc_absent_reason) == (True, "", "部队单位")
    assert organisations.introduce_partner(secretary, data) == (unit, False)
    elsewhere, new = organisations.introduce_partner(secretary, {**data, "division": "530000"})
    assert new
    assert elsewhere != unit


def test_who_may_not_introduce_a_partner(college):
    for actor in (
        factories.member(college, "dean"),
        factories.member(college, "auditor"),
        factories.member(factories.partner(), "contact"),
        factories.member(college.parent, "legal"),
    ):
        with pytest.raises(Forbidden):
            organisations.introduce_partner(actor, {"name": "某厂", "uscc": USCC})


def test_a_schools_code_is_no_partners(secretary):
    Organisation.objects.filter(pk=secretary.organisation.parent_id).update(uscc=USCC)
    with pytest.raises(Refused, match="学校或主管部门"):
        organisations.introduce_partner(secretary, {"name": "某厂", "uscc": USCC})


def test_changes_are_logged_with_what_was_before(secretary):
    college = secretary.organisation
    organisations.update_organisation(
        secretary, college, {"phone": "0831-1234567", "kind": "department", "active": False}
    )
    college.refresh_from_db()
    assert (college.phone, college.kind, college.active) == ("0831-1234567", "college", True)
    line = TransitionLog.objects.get(transition="organisation_changed")
    assert line.data == {"changed": {"phone": ["", "0831-1234567"]}}
    organisations.update_organisation(secretary, college, {"phone": "0831-1234567"})
    assert TransitionLog.objects.filter(transition="organisation_changed").count() == 1
    with pytest.raises(Forbidden):
        organisations.update_organisation(factories.member(college, "dean"), college, {"phone": "1"})


def test_two_units_never_share_a_code(secretary):
    first, _new = organisations.introduce_partner(secretary, {"name": "甲", "uscc": USCC})
    second = factories.partner()
    contact = factories.member(second, "contact")
    with pytest.raises(Refused, match="另一单位"):
        organisations.update_organisation(contact, second, {"uscc": USCC})
    assert first.uscc == USCC


def test_an_organisation_out_of_use_opens_nothing(college):
    admin = factories.member(college.parent, "admin")
    dean = factories.member(college, "dean")
    with pytest.raises(Refused):
        organisations.set_active(admin, college, False, " ")
    with pytest.raises(Forbidden):
        organisations.set_active(dean, college, False, "x")
    organisations.set_active(admin, college, False, "撤并")
    assert not Membership.objects.get(pk=dean.pk).usable()
    organisations.set_active(admin, college, True, "恢复")
    assert Membership.objects.get(pk=dean.pk).usable()


# --- pages -------------------------------------------------------------------------------------------------


def test_the_members_page_masks_telephone_numbers(client, college, secretary):
    dean = factories.member(college, "dean", factories.user(name="韩<b>济川</b>", phone="13812340000"))
    client.force_login(secretary.user)
    body = client.get("/organisation/").content.decode()
    assert "138****0000" in body
    assert "13812340000" not in body
    assert "<b>济川</b>" not in body
    assert "13812340000" in client.get(f"/organisation/members/{dean.pk}/").content.decode()


@pytest.mark.parametrize(
    "role,sees",
    [("dean", True), ("expert", False), ("student", False), ("mentor", False), ("auditor", False)],
)
def test_who_sees_the_members_of_their_own_organisation(client, college, secretary, role, sees):
    client.force_login(factories.member(college, role).user)
    page = client.get("/organisation/")
    assert page.status_code == 200
    assert (secretary.user.username in page.content.decode()) is sees
    assert "邀请成员" not in page.content.decode()


def test_what_exists_for_whom(client, college):
    university, department = college.parent, college.parent.parent
    partner, foreign = factories.partner(), factories.college()
    everything = [university, department, college, partner, foreign, foreign.parent]
    expected = {
        (department, "officer"): {department, university, partner},
        (university, "graduate_office"): {university, department, college, partner},
        (college, "secretary"): {college, university, partner},
        (partner, "contact"): {partner},
        (college, "student"): {college},
        (department, "expert"): {department},
        (university, "auditor"): {university, department, college},
    }
    for (organisation, role), seen in expected.items():
        client.force_login(factories.member(organisation, role).user)
        for target in everything:
            status = client.get(f"/organisation/{target.pk}/").status_code
            assert status == (200 if target in seen else 404), (organisation, role, target)


def test_nobody_sees_a_foreign_organisations_members(client, college):
    contact = factories.member(factories.partner(), "contact")
    for actor in (factories.member(college, "secretary"), factories.member(college.parent, "admin")):
        client.force_login(actor.user)
        page = client.get(f"/organisation/{contact.organisation_id}/")
        assert page.status_code == 200
        assert contact.user.username not in page.content.decode()
        assert contact.user.name not in page.content.decode()
        assert client.get(f"/organisation/members/{contact.pk}/").status_code == 404


def test_may_see_but_not_do_is_403(client, college):
    partner = factories.partner()
    factories.member(partner, "contact")
    client.force_login(factories.member(college, "secretary").user)
    for path in (
        f"/organisation/{partner.pk}/edit/",
        f"/organisation/{partner.pk}/invite/",
        f"/organisation/{partner.pk}/sites/new/",
        "/organisation/units/new/",
    ):
        assert client.get(path).status_code == 403, path
        assert client.post(path, {"name": "x"}).status_code == 403, path
    assert client.post(f"/organisation/{partner.pk}/state/", {"active": "0", "reason": "x"}).status_code == 404
    assert Organisation.objects.get(pk=partner.pk).active


def test_founding_and_entering_over_http(client, college):
    admin = factories.member(college.parent, "admin")
    client.force_login(admin.user)
    assert client.get("/organisation/units/").status_code == 200
    assert client.post("/organisation/units/new/", {"name": ""}).status_code == 422
    made = client.post("/organisation/units/new/", {"name": "新学院"})
    unit = Organisation.objects.get(name="新学院")
    assert made["Location"] == f"/organisation/{unit.pk}/"
    assert client.post(f"/organisation/{unit.pk}/state/", {"active": "0", "reason": "撤并"}).status_code == 302
    assert not Organisation.objects.get(pk=unit.pk).active
    data = {
        "name": "某厂",
        "partner_kind": "enterprise",
        "uscc": "统一社会信用代码：９１９９０２００demp 00025y",
        "legal_person": "true",
        "phone": "电话：０８３４－２５８００００",
    }
    made = client.post("/organisation/partners/new/", data)
    unit = Organisation.objects.get(name="某厂")
    assert made["Location"] == f"/organisation/{unit.pk}/"
    assert (unit.uscc, unit.legal_person, unit.phone) == (USCC, True, "0834-2580000")
    again = client.post("/organisation/partners/new/", {**data, "name": "又一次"}, follow=True)
    assert "此前已登记" in again.content.decode()
    wrong = client.post("/organisation/partners/new/", {**data, "uscc": "123"})
    assert wrong.status_code == 422
    assert "校验不通过" in wrong.content.decode()
    everything = client.post("/organisation/partners/new/", {"uscc": "123", "division": "五川省"})
    assert set(everything.context["form"].errors) == {"name", "partner_kind", "uscc", "division"}
    assert 'value="某厂"' in wrong.content.decode()


def test_sites_over_http(client):
    contact = factories.member(factories.partner(), "contact")
    client.force_login(contact.user)
    path = f"/organisation/{contact.organisation_id}/sites/new/"
    assert client.post(path, {"name": "湖滨院区", "active": "on"}).status_code == 302
    assert client.post(path, {"name": "湖滨院区", "active": "on"}).status_code == 422
    site = contact.organisation.sites.get()
    assert client.post(f"/organisation/sites/{site.pk}/", {"name": "湖滨院区", "division": "990000"}).status_code == 422
    assert client.post(f"/organisation/sites/{site.pk}/", {"name": "湖滨院区", "division": "510000"}).status_code == 302
    site.refresh_from_db()
    assert (site.division, site.active) == ("510000", False)
    client.force_login(factories.member(factories.partner(), "contact").user)
    assert client.get(f"/organisation/sites/{site.pk}/").status_code == 404


def test_the_member_page_over_http(client, college, secretary):
    dean = factories.member(college, "dean")
    client.force_login(secretary.user)
    path = f"/organisation/members/{dean.pk}/"
    assert client.get(path).status_code == 200
    assert client.post(path, {"act": "suspend", "leave-reason": ""}).status_code == 422
    assert client.post(path, {"act": "suspend", "leave-reason": "挂职"}).status_code == 302
    assert client.post(path, {"act": "resume"}).status_code == 302
    assert client.post(path, {"act": "role", "role-role": "applicant", "role-reason": "转岗"}).status_code == 302
    new = Membership.objects.get(user=dean.user, state="active")
    assert client.post(f"/organisation/members/{new.pk}/", {"act": "end", "leave-reason": "离职"}).status_code == 302
    own = f"/organisation/members/{secretary.pk}/"
    last = client.post(own, {"act": "end", "leave-reason": "离职"})
    assert last.status_code == 422
    assert "最后一名" in last.content.decode()
    assert client.post(own, {"act": "delete"}).status_code == 404
    assert Membership.objects.filter(user=dean.user).count() == 2


def test_delegations_over_http(client, college, secretary):
    dean = factories.member(college, "dean")
    client.force_login(secretary.user)
    data = {"to": dean.pk, "from_on": "2026-01-01", "until_on": "2099-01-01", "reason": "出差"}
    assert client.post("/organisation/delegations/", data | {"until_on": "2020-01-01"}).status_code == 422
    assert (
        client.post(
            "/organisation/delegations/", data | {"to": factories.member(factories.college(), "dean").pk}
        ).status_code
        == 422
    )
    assert client.post("/organisation/delegations/", data).status_code == 302
    row = secretary.delegations_given.get()
    client.force_login(factories.member(factories.college(), "secretary").user)
    assert client.post(f"/organisation/delegations/{row.pk}/end/").status_code == 404
    client.force_login(factories.member(college, "applicant").user)
    assert client.post(f"/organisation/delegations/{row.pk}/end/").status_code == 403
    client.force_login(secretary.user)
    assert client.post(f"/organisation/delegations/{row.pk}/end/").status_code == 302


@pytest.mark.parametrize(
    "path",
    [
        "/organisation/",
        "/organisation/units/",
        "/organisation/partners/",
        "/memberships/",
        "/organisation/delegations/",
    ],
)
def test_the_number_of_queries_does_not_grow(client, django_assert_max_num_queries, path):
    university = factories.university()
    admin = factories.member(university, "admin")
    client.force_login(admin.user)

    def rows() -> None:
        for role in ("graduate_office", "legal", "finance"):
            made = factories.member(university, role)
            factories.member(university, "supervisor", made.user)
        factories.college(university)
        factories.partner()
        factories.member(factories.college(), "expert", admin.user)
        invited = members.delegate(admin, made, members.clock.today(), members.clock.today(), "x")
        assert invited

        invitations.invite(admin, university, "legal", name=f"某{made.pk}")

    def count() -> int:
        client.get(path)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    rows()
    few = count()
    for _ in range(9):
        rows()
    assert count() == few <= 14


def test_lists_go_on_by_key(client, college, secretary, django_assert_max_num_queries):
    for _ in range(queries.PAGE + 5):
        factories.member(college, "applicant")
    client.force_login(secretary.user)
    first = client.get("/organisation/").context["members"]
    assert len(first.rows) == queries.PAGE
    second = client.get("/organisation/", {"after": first.after}).context["members"]
    assert len(second.rows) == 6
    assert second.after is None
    for odd in ("x", "-1", "9" * 30, "１"):
        assert len(client.get("/organisation/", {"after": odd}).context["members"].rows) == queries.PAGE
    found = client.get("/organisation/", {"role": "secretary"}).context["members"].rows
    assert found == [secretary]


def test_every_role_has_a_label_and_every_kind_an_administrator():
    for kind, known in roles.ROLES.items():
        assert set(known) <= set(roles.ROLE_LABELS)
        assert roles.ADMIN_ROLE[kind] in known
    assert {pair[0] for pair in rights.ADMINS} == set(roles.ROLES)
