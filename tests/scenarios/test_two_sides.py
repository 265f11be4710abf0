"""One person on one side of a case; nothing is signed or approved by running out of steps."""

from __future__ import annotations

import pytest

from applications.services.starting import plan_call, start_application
from bases.services import draft_agreement
from casework.models import Assignment
from core import clock
from core.door import Forbidden, Refused
from core.models import AttemptLog, TransitionLog
from regulations import services
from regulations.loader import load_data
from tenants.models import Membership
from tenants.services import invitations, links, members, organisations
from tests.scenarios import house
from tests.scenarios.house import Person, done, fresh, refused, unchanged
from tests.scenarios.test_sixth_profile import School, profile
from tests.tenants import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def xcu():
    with clock.travel("2026-03-01T09:00"):
        school = house.xcu_school()
        call = house.open_xcu_call(school)
        yield school, house.xcu_draft(school, call)


def also(person: Person, organisation, role: str) -> Person:
    """The same person in a further membership."""
    return Person(factories.member(organisation, role, person.membership.user))


def test_a_secretary_does_not_confirm_her_own_text_as_the_partners_contact(xcu):
    school, application = xcu
    agreement = application.agreement
    done(school.secretary.do(agreement, "submit"))
    done(school.office.step(agreement, "go_check", {"opinion": "与模板一致。"}))
    herself = also(school.secretary, school.partner, "contact")
    with unchanged(agreement):
        answer = herself.step(agreement, "partner_confirmation")
        said = school.secretary.organisation.name
        refused(answer, f"以“{said}·研究生秘书”的身份对本事项办理“送审”", "同一人不能代表两方", school.partner.name)
    attempt = AttemptLog.objects.get(transition="act_on_step")
    assert attempt.membership_id == herself.membership.pk and attempt.error == "refused"
    done(school.contact.step(agreement, "partner_confirmation"))  # somebody else of the same unit
    assert fresh(agreement).state == "confirming"


def test_a_second_account_of_the_same_person_changes_nothing(xcu):
    """Another account with the same telephone number, written differently: the same hand."""
    school, application = xcu
    agreement = application.agreement
    done(school.secretary.do(agreement, "submit"))
    done(school.office.step(agreement, "go_check", {"opinion": "与模板一致。"}))
    secretary = school.secretary.membership.user
    secretary.phone = "138 0000-1234"
    secretary.save()
    second = Person(factories.member(school.partner, "contact", factories.user(phone="＋86 １３８００００１２３４")))
    with unchanged(agreement):
        refused(second.step(agreement, "partner_confirmation"), "同一人不能代表两方")
    stranger = Person(factories.member(school.partner, "contact", factories.user(phone="13800001235")))
    done(stranger.step(agreement, "partner_confirmation"))


def test_every_way_of_one_secretary_to_both_sides_of_her_case(client):
    """She enters a partner unit, invites its contact, and tries for both sides: own invitation, own address, a second
    account, a link taken before it was confirmed, and, with the membership in hand after all, at the door."""
    with clock.travel("2026-03-01T09:00"):
        school = house.xcu_school()
        application = house.xcu_draft(school, house.open_xcu_call(school))
        agreement, secretary = application.agreement, school.secretary.membership
        unit, _new = organisations.introduce_partner(
            secretary, {"name": "某新厂", "uscc_absent_reason": "演示", "partner_kind": "enterprise"}
        )
        with pytest.raises(Refused, match="不能邀请本人"):
            invitations.invite(secretary, unit, "contact", name="某", email=secretary.user.email)
        made = invitations.invite(secretary, unit, "contact", name="某", email="second.mailbox@example.invalid")
        path = invitations.link_of(made).removeprefix("http://127.0.0.1:8000")
        assert client.get(path).status_code == 403 and client.post(path, {"act": "code"}).status_code == 403
        with pytest.raises(Forbidden):
            invitations.confirm(also(school.secretary, school.university, "graduate_office").membership, made)
        made = invitations.confirm(school.office.membership, made)
        links.send_code(made.link)
        made.refresh_from_db()
        code = links.code_of(made.link)
        for hand in (secretary.user, school.office.membership.user):
            client.force_login(hand, backend="config.accounts.LoginBackend")
            answer = client.post(path, {"code": code})
            assert answer.status_code == 422 and "不能由其本人" in answer.content.decode()
        assert not Membership.objects.filter(organisation=unit).exists()
        done(school.secretary.do(agreement, "submit"))
        done(school.office.step(agreement, "go_check", {"opinion": "与模板一致。"}))
        for role in ("contact", "partner_leader"):
            herself = also(school.secretary, school.partner, role)
            with unchanged(agreement):
                answer = herself.step(agreement, "partner_confirmation")
                assert answer.status_code in (403, 409, 422)
        lent = factories.member(school.partner, "contact")
        members.delegate(lent, herself.membership, clock.today(), clock.today(), "出差")
        with unchanged(agreement):
            refused(herself.step(agreement, "partner_confirmation"), "同一人不能代表两方")


def test_nor_does_the_partners_contact_act_for_the_school_afterwards(xcu):
    school, application = xcu
    agreement = application.agreement
    done(school.secretary.do(agreement, "submit"))
    done(school.office.step(agreement, "go_check", {"opinion": "与模板一致。"}))
    done(school.contact.step(agreement, "partner_confirmation"))
    himself = also(school.contact, school.university, "graduate_office")
    with unchanged(agreement):
        refused(himself.do(agreement, "begin_sealing"), "同一人不能代表两方", "合作单位")


def test_two_memberships_on_one_side_are_the_routes_business(xcu):
    """Secretary, then graduate office: the route of this text does not keep them apart."""
    school, application = xcu
    agreement = application.agreement
    done(school.secretary.do(agreement, "submit"))
    done(
        also(school.secretary, school.university, "graduate_office").step(agreement, "go_check", {"opinion": "同意。"})
    )
    assert fresh(agreement).state == "confirming"


def test_an_opinion_is_given_as_the_expert_who_was_asked(xcu):
    """Somebody in two pools: the act stands under the membership that it was due from, not under the active one."""
    school, application = xcu
    done(school.secretary.do(application, "submit"))
    application = house.xcu_opinions(school, application)
    reviewer = house.expert(school.university, "钟离靖")
    elsewhere = also(reviewer, factories.department("外省教育厅"), "expert")
    with clock.travel("2026-04-01T09:00"):
        asked = {"expert": str(reviewer.membership.pk), "closes_on": "2026-04-20"}
        done(school.office.do(application, "assign_expert", asked, step="expert_review"))
        assignment = Assignment.objects.get(expert=reviewer.membership.user)
        home = elsewhere.get("/")
        assert home.context["todos"].rows == [] and reviewer.membership.label in house.text_of(home)
        assert elsewhere.get("/todos/").content.decode().count("去评审") == 0
        (todo,) = reviewer.get("/").context["todos"].rows
        assert (todo.url, todo.action) == (application.get_absolute_url(), "去评审")
        with unchanged(application):
            answer = elsewhere.do(application, "give_opinion", house.OPINION, step=assignment.pk)
            assert answer.status_code in (403, 404)
        done(reviewer.do(application, "promise", house.PROMISE, step=assignment.pk))
        done(reviewer.do(application, "give_opinion", house.OPINION, step=assignment.pk))
    line = TransitionLog.objects.get(transition="give_opinion", case_id=application.pk)
    assert line.membership_id == assignment.membership_id == reviewer.membership.pk


# --- running out of steps ----------------------------------------------------------------------------------------


class Emptied(School):
    """A school whose regulation bears the profile of the sixth, changed."""

    def __init__(self, change):
        data = profile()
        change(data)
        loaded = load_data(data)
        assert not loaded.faults, [str(fault) for fault in loaded.faults]
        version, _said = services.store(loaded)
        self.version = services.publish(version)
        self.university = factories.university(name="第六大学")
        self.college = factories.college(self.university, "某学院")
        self.unit = house.partner("某企业", "enterprise")
        self.secretary = Person(factories.member(self.college, "secretary"))
        self.graduate_office = Person(factories.member(self.university, "graduate_office"))

    def agreement(self):
        agreement = draft_agreement(
            self.secretary.membership,
            university=self.university,
            college=self.college,
            partner=self.unit,
            version=self.version,
        )
        answers = house.agreement_answers(agreement, ("2027-03-02", "2029-03-01"))
        done(self.secretary.fill(agreement, "agreement", answers))
        return agreement


def test_an_agreement_without_a_route_is_not_signed_by_handing_it_in():
    with clock.travel("2027-03-01T09:00"):
        school = Emptied(lambda data: data["routes"].pop("agreement"))
        agreement = school.agreement()
        with unchanged(agreement):
            refused(school.secretary.do(agreement, "submit"), "没有为本事项规定需要办理的环节")
    assert fresh(agreement).signed_on is None


def test_an_agreement_that_nobody_confirms_waits_for_its_signature():
    """A route that only checks: after the check the text waits for whoever starts the signing, and is not signed."""

    def only_checked(data):
        data["routes"]["agreement"] = [
            {
                "key": "check",
                "title": "审核",
                "stage": "checking",
                "kind": "endorse",
                "unit": "university",
                "role": "graduate_office",
                "local": True,
            }
        ]

    with clock.travel("2027-03-01T09:00"):
        school = Emptied(only_checked)
        for organisation in (school.university, school.unit):
            services.enter_setting(school.version, "online", organisation, True, clock.today(), "双方约定")
        agreement = school.agreement()
        done(school.secretary.do(agreement, "submit"))
        done(school.graduate_office.step(agreement, "check", {"opinion": "同意。"}))
        assert fresh(agreement).state == "confirming" and fresh(agreement).signed_on is None
        done(school.graduate_office.do(agreement, "begin_sealing"))
        assert fresh(agreement).state == "sealing" and fresh(agreement).signed_on is None  # no party has done anything
        with unchanged(agreement):
            refused(school.graduate_office.do(agreement, "record_signature", {}))


def test_an_application_whose_steps_are_all_skipped_is_not_approved_by_handing_it_in():
    def all_conditional(data):
        steps = [step for step in data["routes"]["application"] if step["key"] == "many"]
        data["routes"]["application"] = [{key: value for key, value in steps[0].items() if key != "after"}]
        del data["forms"]["check"]

    with clock.travel("2027-03-01T09:00"):
        school = Emptied(all_conditional)
        call = plan_call(
            school.graduate_office.membership,
            version=school.version,
            title="遴选",
            year=2027,
            opens_at=clock.aware("2027-03-01"),
            closes_at=clock.aware("2027-12-31"),
        )
        done(school.graduate_office.do(call, "open"))
        application = start_application(school.secretary.membership, fresh(call), title="基地")
        answers = {"base_name": "某企业基地", "partner": str(school.unit.pk), "places": "3", "leader": "某人"}
        done(school.secretary.fill(application, "sheet", answers))
        with unchanged(application):
            refused(school.secretary.do(application, "submit"), "均不适用")
