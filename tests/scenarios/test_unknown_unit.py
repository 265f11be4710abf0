"""A unit that nobody has entered registers itself, is checked by the graduate office, and applies (S02.1 from before its
account): every act a request, the public's too."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core import mail
from django.test import Client

from applications.models import Application
from core import clock, outbox
from core.models import TransitionLog
from tenants.models import Invitation, Membership, Organisation, UnitRegistration
from tenants.services import registrations
from tests.scenarios import house, house_czmc
from tests.scenarios.house import Person, done, main_of, text_of
from tests.tenants import factories

pytestmark = pytest.mark.django_db

AT = "2026-03-03T09:00"
TYPED = {
    "name": "潞城康复医院",
    "partner_kind": "public_institution",
    "uscc": "",
    "uscc_absent_reason": "",
    "division": "山西省",
    "address": "潞城区建设路8号",
    "office": "科教科",
    "phone": "0355-6770000",
    "seal": "单位公章",
    "contact": "申慧敏",
    "email": "shen@example.invalid",
    "mobile": "13903550000",
}


@pytest.fixture
def school():
    with clock.travel("2026-03-01T09:00"):
        return house_czmc.school()


@pytest.fixture
def call(school):
    with clock.travel("2026-03-01T09:00"):
        return house_czmc.standing_call(school)


@pytest.fixture
def code():
    return "91990200DEMP00025Y"  # a valid code of no place


def code_in_mail() -> str:
    outbox.drain()
    return re.search(r"\d{6}", mail.outbox[-1].body)[0]


def sent(call, **changes):
    return Client().post(f"/public/join/{call.pk}/", TYPED | changes)


def asked(call, code: str, **changes) -> UnitRegistration:
    """Typed, sent, and the code entered."""
    answer = sent(call, uscc=code, **changes)
    assert answer.status_code == 302, text_of(answer)
    page = Client().get(answer["Location"])
    assert "验证码已发到" in text_of(page) and not UnitRegistration.objects.filter(unit__uscc=code).exists()
    done(Client().post(answer["Location"], {"f-code": code_in_mail()}))
    row = UnitRegistration.objects.latest("pk")
    assert row.number in text_of(Client().get(answer["Location"]))
    return row


def test_from_the_public_page_to_its_own_application(school, call, code):
    office, page = school.office, f"/public/join/{call.pk}/"
    second = Person(factories.member(school.university, "admin", factories.user("核实人")))
    with clock.travel(AT):
        assert "/public/join/" in Client().get("/accounts/login/").content.decode()
        listed = text_of(Client().get("/public/join/"))
        assert call.title in listed and "常年受理" in listed
        assert Client().get(page).status_code == 200
        row = asked(call, code)
        assert not Organisation.objects.filter(uscc=code).exists()  # nothing of the public's stands in the register

        assert TYPED["name"] in text_of(office.get("/todos/"))
        assert "外单位申请登记" in text_of(office.get("/inbox/"))
        here = f"/organisation/registrations/{row.pk}/"
        assert here in office.get("/organisation/partners/").content.decode()
        shown = main_of(office.get(here))
        assert code in shown and "申慧敏" in shown and "尚未核实" in shown

        done(office.client.post(here, {"act": "take"}))
        unit = Organisation.objects.get(uscc=code)
        assert (unit.kind, unit.name, unit.created_by) == ("partner", TYPED["name"], school.university)
        invitation = Invitation.objects.get(organisation=unit)
        assert (invitation.role, invitation.email, invitation.current_state) == (
            "contact",
            "shen@example.invalid",
            "unconfirmed",
        )
        assert office.client.post(here, {"act": "take"}).status_code == 422  # a second click
        office.get(here)  # which shows what is left to be said
        assert TYPED["name"] not in text_of(office.get("/todos/"))

        place = f"/organisation/invitations/{invitation.pk}/"
        assert office.client.post(place, {"act": "confirm"}).status_code == 403  # K2: not who took it
        done(second.client.post(place, {"act": "confirm"}))
        outbox.drain()
        link = re.search(r"https?://\S+(/invitations/\S+/)", mail.outbox[-1].body)[1]
        guest = Client()
        guest.get(link)
        guest.post(link, {"act": "code"})
        given = {"login": "shen.huimin", "password1": "luzhou-4417-kangfu", "password2": "luzhou-4417-kangfu"}
        done(guest.post(link, given | {"code": code_in_mail(), "name": "申慧敏"}))
        contact = Person(Membership.objects.get(organisation=unit))
        done(contact.client.post("/applications/start/", {"call": call.pk, "title": "潞城康复医院培养基地"}))
        assert Application.objects.get().partner == unit
    line = TransitionLog.objects.get(transition="registration_taken")
    assert line.case_id == school.university.pk and line.data["unit"] == TYPED["name"]


def test_what_is_wrong_is_said_and_kept(call, code):
    with clock.travel(AT):
        answer = sent(call, uscc=code[:-1] + ("A" if code[-1] != "A" else "B"), contact="", email="不是邮箱")
        assert answer.status_code == 422
        said = answer.content.decode()
        assert "校验不通过" in said and 'value="潞城康复医院"' in said
        assert sent(call).status_code == 422  # neither code nor a reason for having none
        assert not mail.outbox and not UnitRegistration.objects.exists()
        assert Client().get("/public/join/999999/").status_code == 404


def test_a_call_that_takes_no_units_is_not_there(school):
    with clock.travel(AT):
        region = house.nm_region()
        call = house.open_nm_call(region, opens="2026-03-01T00:00", closes="2026-05-31T23:59:59")
        assert call.title not in text_of(Client().get("/public/join/"))
        assert Client().get(f"/public/join/{call.pk}/").status_code == 404
        assert sent(call).status_code == 404


def test_without_the_code_nothing_is_there(call, school, code):
    with clock.travel(AT):
        answer = sent(call, uscc=code)
        outbox.drain()
        right = code_in_mail()
        wrong = f"{(int(right) + 1) % 1_000_000:06d}"
        assert Client().post(answer["Location"], {"f-code": wrong}).status_code == 422
        assert not UnitRegistration.objects.exists()
        assert TYPED["name"] not in text_of(school.office.get("/todos/"))
    with clock.travel("2026-03-04T10:00"):  # a day is over
        assert Client().post(answer["Location"], {"f-code": right}).status_code == 422
        assert "已过期" in text_of(Client().get(answer["Location"]))


def test_limits_against_floods(call, code):
    with clock.travel(AT):
        for _turn in range(registrations.LIMITS.address):
            assert sent(call, uscc=code).status_code == 302
        refused = sent(call, uscc=code)
        assert refused.status_code == 429 and "已提交3次" in text_of(refused)
        for turn in range(registrations.LIMITS.network - registrations.LIMITS.address):
            assert sent(call, uscc=code, email=f"other{turn}@example.invalid").status_code == 302
        assert sent(call, uscc=code, email="last@example.invalid").status_code == 429


def test_declined_with_its_reason(school, call, code):
    with clock.travel(AT):
        row = asked(call, code)
        here = f"/organisation/registrations/{row.pk}/"
        assert school.office.client.post(here, {"act": "decline", "reason": " "}).status_code == 422
        done(school.office.client.post(here, {"act": "decline", "reason": "电话核实，该院科教科未申请。"}))
        outbox.drain()
        assert mail.outbox[-1].to == ["shen@example.invalid"] and "该院科教科未申请" in mail.outbox[-1].body
        row.refresh_from_db()
        assert (row.state, row.organisation) == ("declined", None)
        assert not Organisation.objects.filter(uscc=code).exists()


def test_a_unit_with_its_own_people_invites_them_itself(school, call):
    """The code is that of a unit with a contact: the registration opens no second door into it."""
    unit, code = school.partner, "91990200DEMP00025Y"
    Organisation.objects.filter(pk=unit.pk).update(uscc=code)
    with clock.travel(AT):
        row = asked(call, code)
        answer = school.office.client.post(f"/organisation/registrations/{row.pk}/", {"act": "take"})
        assert answer.status_code == 422 and "由该单位联系人邀请同事" in text_of(answer)
        assert not Invitation.objects.filter(organisation=unit, email="shen@example.invalid").exists()


def test_a_unit_entered_by_another_school_is_not_taken_over(school, call, code):
    with clock.travel(AT):
        other = factories.university()
        Organisation.objects.create(kind="partner", name="潞城康复医院", uscc=code, created_by=other)
        row = asked(call, code)
        answer = school.office.client.post(f"/organisation/registrations/{row.pk}/", {"act": "take"})
        assert answer.status_code == 422 and other.name in text_of(answer)
        row.refresh_from_db()
        assert row.state == "asked"


def test_only_the_university_asked_sees_it(school, call, code):
    with clock.travel(AT):
        row = asked(call, code)
        here = f"/organisation/registrations/{row.pk}/"
        stranger = Person(factories.member(factories.university(), "graduate_office"))
        auditor = Person(factories.member(school.university, "auditor", until_on=clock.today() + dt.timedelta(days=30)))
        for person, status in ((stranger, 404), (school.secretary, 404), (school.contact, 404), (auditor, 403)):
            assert person.get(here).status_code == status
            assert person.client.post(here, {"act": "take"}).status_code == status
            assert TYPED["name"] not in text_of(person.get("/todos/"))
