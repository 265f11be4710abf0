"""One person never stands on both sides: no own invitation, a second pair of eyes, a code to the invited address."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.test import Client

from core import clock, outbox
from core.door import Forbidden, Refused
from core.models import InboxMessage, TransitionLog
from tenants.models import ActionLink, ActionLinkUse, Invitation, Membership, User
from tenants.services import invitations, links, organisations
from tests.tenants import factories
from tests.tenants.test_invitations import GOOD, code

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
BACKEND = "config.accounts.LoginBackend"


@pytest.fixture
def university():
    return factories.university()


@pytest.fixture
def secretary(university):
    return factories.member(factories.college(university), "secretary", factories.user(phone="139 1234-0001"))


@pytest.fixture
def office(university):
    return factories.member(university, "graduate_office")


@pytest.fixture
def unit(secretary):
    found, _new = organisations.introduce_partner(
        secretary, {"name": "某厂", "uscc": "91990200DEMP00025Y", "partner_kind": "enterprise"}
    )
    return found


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def path_of(invitation: Invitation) -> str:
    return invitations.link_of(Invitation.objects.get(pk=invitation.pk)).replace("http://127.0.0.1:8000", "")


def invite(member: Membership, unit, role: str, **more) -> Invitation:
    return invitations.invite(member, unit, role, name="尤小舟", **({"email": "you@example.invalid"} | more))


def test_the_whole_attack_over_http(secretary, unit, office):
    """A secretary introduces a partner, invites its contact, takes the link herself: every way is shut."""
    own = client_of(secretary.user)
    form = {"role": "contact", "name": "尤小舟"}
    address = f"/organisation/{unit.pk}/invite/"
    for mine in (
        {"email": secretary.user.email.upper()},
        {"phone": "１３９１２３４０００１"},
        {"phone": "139-1234-0001"},
    ):
        answer = own.post(address, form | mine)
        assert answer.status_code == 422, mine
        assert "不能邀请本人" in answer.content.decode()
    assert own.post(address, form | {"email": "second.mailbox@example.invalid"}).status_code == 302
    made = Invitation.objects.get()
    page = f"/organisation/invitations/{made.pk}/"
    assert invitations.link_of(made) not in own.get(page).content.decode()
    outbox.drain()
    assert not [one for one in mail.outbox if "second.mailbox@example.invalid" in one.to], (
        "mailed before it was confirmed"
    )
    stranger = Client()
    assert stranger.get(path_of(made)).status_code == 403
    assert stranger.post(path_of(made), {"act": "code"}).status_code == 403
    assert own.post(page, {"act": "confirm"}).status_code == 403
    assert InboxMessage.objects.filter(user=office.user).exists()
    # The office finds that the address is not the unit's, and does not confirm: nothing can be done with the link.
    assert not Membership.objects.filter(organisation=unit).exists()


def test_another_person_confirms_and_the_right_one_joins(secretary, unit, office):
    made = invite(secretary, unit, "contact")
    page = f"/organisation/invitations/{made.pk}/"
    eyes = client_of(office.user)
    assert "已核实属实" in eyes.get(page).content.decode()
    assert eyes.post(page, {"act": "confirm"}).status_code == 302
    assert eyes.post(page, {"act": "withdraw"}).status_code == 403
    outbox.drain()
    assert [one.to for one in mail.outbox if "邀请您" in one.subject] == [["you@example.invalid"]]
    person = Client()
    path = path_of(made)
    assert person.get(path).status_code == 200
    assert person.post(path, {"act": "code"}).status_code == 302
    outbox.drain()
    made.link.refresh_from_db()
    sent = links.code_of(made.link)
    assert mail.outbox[-1].to == ["you@example.invalid"]
    assert sent in mail.outbox[-1].body
    typed = {"login": "you.xiaozhou", "name": "尤小舟", "password1": GOOD, "password2": GOOD}
    wrong = person.post(path, typed | {"code": "000000" if sent != "000000" else "000001"})
    assert wrong.status_code == 422
    assert "验证码不符" in wrong.content.decode()
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in sent)
    assert person.post(path, typed | {"code": f"验证码：{wide}"}).status_code == 302
    assert Membership.objects.get(organisation=unit).user.username == "you.xiaozhou"
    events = list(ActionLinkUse.objects.filter(link=made.link).order_by("pk").values_list("event", flat=True))
    assert events == ["made", "confirmed", "code", "wrong", "used"]
    log = TransitionLog.objects.filter(case_kind="organisation", case_id=unit.pk)
    assert log.get(transition="invitation_confirmed").user_id == office.user_id


def test_the_auditor_sees_who_introduced_invited_and_confirmed(secretary, unit, office, university):
    made = invite(secretary, unit, "contact")
    invitations.confirm(office, made)
    auditor = factories.member(university, "auditor", until_on=clock.today())
    page = client_of(auditor.user).get(f"/organisation/{unit.pk}/").content.decode()
    for word in ("登记单位", "邀请成员", "核实受邀人联系方式", secretary.name, office.name):
        assert word in page
    assert client_of(auditor.user).get(f"/organisation/invitations/{made.pk}/").status_code == 200
    elsewhere = factories.member(factories.university(), "auditor", until_on=clock.today())
    assert client_of(elsewhere.user).get(f"/organisation/{unit.pk}/").status_code == 404


@pytest.mark.parametrize("kind,role", [("college", "dean"), ("university", "vice_president"), ("department", "leader"),
                                       ("partner", "partner_leader")])  # fmt: skip
def test_whoever_decides_is_not_put_there_by_one_person(kind, role, secretary, university, office):
    units = {"college": secretary.organisation, "university": university, "department": university.parent}
    if kind == "partner":
        units["partner"] = organisations.introduce_partner(
            secretary, {"name": "某厂", "uscc_absent_reason": "演示", "partner_kind": "enterprise"}
        )[0]
    unit = units[kind]
    admin = {"college": secretary}.get(kind) or factories.member(unit, {"partner": "contact"}.get(kind, "admin"))
    made = invite(admin, unit, role)
    assert made.current_state == "unconfirmed"
    second = office if kind != "department" else factories.member(unit, "officer")
    assert second in invitations.confirmers(made)
    with pytest.raises(Forbidden):
        invitations.confirm(admin, made)
    with pytest.raises(Forbidden):
        invitations.confirm(factories.member(factories.university(), "admin"), made)
    # Another account of the inviter's, with the same telephone number, is the same hand.
    admin.user.phone = "138 0000 1234"
    admin.user.save()
    twin = factories.member(second.organisation, second.role, factories.user(phone="１３８00001234"))
    with pytest.raises(Forbidden):
        invitations.confirm(twin, Invitation.objects.get(pk=made.pk))
    confirmed = invitations.confirm(second, made)
    sent = code(confirmed)
    for hand in (admin.user, second.user, twin.user):
        with pytest.raises(Refused, match="不能由其本人"):
            invitations.accept(Invitation.objects.get(pk=made.pk), hand, sent)
    assert invitations.accept(Invitation.objects.get(pk=made.pk), factories.user(), sent).role == role


def test_who_entered_the_partner_does_not_confirm_the_link_of_a_colleague(secretary, unit, university):
    introducer = factories.member(university, "graduate_office", secretary.user)
    colleague = factories.member(secretary.organisation, "secretary")
    made = invite(colleague, unit, "contact")
    with pytest.raises(Forbidden):
        invitations.confirm(introducer, made)
    assert introducer not in invitations.confirmers(made)


def test_a_forwarded_link_lets_no_stranger_join(secretary, university):
    made = invite(secretary, secretary.organisation, "applicant")
    path = path_of(made)
    stranger = client_of(factories.user())
    assert stranger.get(path).status_code == 200
    for typed in ("", "123456"):
        assert stranger.post(path, {"code": typed}).status_code == 422
    assert stranger.post(path, {"act": "code"}).status_code == 302, "the code goes to the invited address, not to them"
    made.link.refresh_from_db()
    right = links.code_of(made.link)
    guesses = [f"{number:06d}" for number in range(6) if f"{number:06d}" != right][:5]
    for guess in guesses:
        assert stranger.post(path, {"code": guess}).status_code == 422
    dead = stranger.post(path, {"code": right})
    assert dead.status_code == 422
    assert "已输错5次" in dead.content.decode()
    assert Invitation.objects.get().state == "invited"


def test_codes_end_and_are_not_sent_without_end(secretary):
    made = invite(secretary, secretary.organisation, "applicant")
    sent = code(made)
    with pytest.raises(Refused, match="刚刚发送"):
        links.send_code(made.link)
    start = clock.now()
    with clock.travel(start + dt.timedelta(minutes=30)), pytest.raises(Refused, match="30分钟"):
        invitations.accept(Invitation.objects.get(), factories.user(), sent)
    for number in range(1, 5):
        with clock.travel(start + dt.timedelta(minutes=2 * number)):
            links.send_code(made.link)
    with clock.travel(start + dt.timedelta(hours=1)), pytest.raises(Refused, match="5次"):
        links.send_code(made.link)
    outbox.drain()
    codes = [one for one in mail.outbox if "验证码" in one.subject]
    assert len(codes) == 1, "only the newest is mailed"


def test_without_a_mail_address_the_code_is_told_by_whoever_confirmed(secretary, unit, office):
    made = invite(secretary, unit, "contact", email="", phone="0834-2580000")
    page = f"/organisation/invitations/{made.pk}/"
    invitations.confirm(office, made)
    made.refresh_from_db()
    told = links.code_of(made.link)
    assert told in client_of(office.user).get(page).content.decode()
    inviters = client_of(secretary.user).get(page).content.decode()
    assert told not in inviters
    assert invitations.link_of(made) in inviters
    assert invitations.link_of(made) not in client_of(office.user).get(page).content.decode()


def test_the_same_person_is_invited_once(secretary):
    college = secretary.organisation
    first = invite(secretary, college, "applicant", phone="0834-2580000")
    address = f"/organisation/{college.pk}/invite/"
    own = client_of(secretary.user)
    for again in ({"email": "YOU@example.invalid"}, {"phone": "０８３４－２５８００００"}):
        answer = own.post(address, {"role": "applicant", "name": "尤小舟"} | again)
        assert answer.status_code == 422
        assert "已有一份待接受的邀请" in answer.content.decode()
    assert own.post(address, {"role": "legal", "name": "尤小舟"}).status_code == 422
    assert own.post(address, {"role": "expert", "name": "尤小舟", "email": "you@example.invalid"}).status_code == 302
    with clock.travel(clock.now() + dt.timedelta(days=15)):
        assert own.post(address, {"role": "applicant", "name": "尤", "email": "you@example.invalid"}).status_code == 302
    first.refresh_from_db()
    assert first.state == "expired"


def test_a_get_uses_nothing_up(secretary):
    made = invite(secretary, secretary.organisation, "applicant")
    before = ActionLink.objects.values().get()
    for _preview in range(3):
        assert Client().get(path_of(made)).status_code == 200
        assert Client().head(path_of(made)).status_code == 200
    assert ActionLink.objects.values().get() == before
    assert str(before).count(invitations.link_of(made).split("/")[-2]) == 0
