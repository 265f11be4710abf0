"""Invitations: link, code, mail, second pair of eyes, acceptance by a new and an existing account, expiry, withdrawal."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.urls import reverse

from core import clock, outbox
from core.door import Forbidden, Refused
from core.models import OutboxMessage, TransitionLog
from tenants.models import Invitation, Membership, User
from tenants.services import invitations, links, members, organisations
from tests.tenants import factories

pytestmark = pytest.mark.django_db
GOOD = "xi-ting-4417-qing"


@pytest.fixture
def college():
    return factories.college()


@pytest.fixture
def secretary(college):
    return factories.member(college, "secretary")


@pytest.fixture
def invited(college, secretary):
    return invitations.invite(secretary, college, "applicant", name="韩济川", email="han@example.invalid")


def code(invitation) -> str:
    """The code that the invited person got: asked for on the page, or told by telephone."""
    invitation.link.refresh_from_db()
    if invitation.link.state == "open" and not invitation.link.code_nonce:
        links.send_code(invitation.link)
        invitation.link.refresh_from_db()
    return links.code_of(invitation.link)


def token_of(invitation) -> str:
    return invitations.link_of(invitation).split("/")[-2]


def accept(invitation, user) -> Membership:
    return invitations.accept(invitation, user, code(invitation))


def accept_as_new(invitation, **data) -> Membership:
    return invitations.accept_as_new(invitation, code=code(invitation), **data)


def _path(invitation) -> str:
    return invitations.link_of(invitation).replace("http://127.0.0.1:8000", "")


def test_the_mail_carries_the_link_and_the_queue_does_not(invited):
    token = token_of(invited)
    message = OutboxMessage.objects.get()
    assert token not in str(message.payload)
    assert token not in str(Invitation.objects.filter(pk=invited.pk).values()[0])
    assert mail.outbox == []
    assert outbox.drain() == 1
    sent = mail.outbox[0]
    assert sent.to == ["han@example.invalid"]
    assert token in sent.body
    assert re.search(r"邀请您加入", sent.subject)
    assert "韩济川" in sent.body
    outbox.drain()
    assert len(mail.outbox) == 1


def test_without_an_address_nothing_is_mailed(college, secretary):
    made = invitations.invite(secretary, college, "applicant", name="韩济川")
    assert OutboxMessage.objects.count() == 0
    assert invitations.find(token_of(made)) == made


def test_only_the_administrator_invites(college):
    for role in ("dean", "applicant", "mentor", "student", "expert", "auditor"):
        with pytest.raises(Forbidden):
            invitations.invite(factories.member(college, role), college, "dean", name="某")
    with pytest.raises(Forbidden):
        invitations.invite(factories.member(factories.college(), "secretary"), college, "dean", name="某")


def test_the_college_that_introduced_a_partner_invites_its_first_contact_and_no_second(secretary):
    unit, new = organisations.introduce_partner(
        secretary, {"name": "某厂", "uscc": "91990200DEMP00025Y", "partner_kind": "enterprise"}
    )
    assert new
    made = invitations.invite(secretary, unit, "contact", name="尤小舟")
    made = invitations.confirm(factories.member(secretary.organisation.parent, "graduate_office"), made)
    with pytest.raises(Forbidden):
        invitations.invite(factories.member(factories.college(), "secretary"), unit, "contact", name="别人")
    accept(made, factories.user())
    with pytest.raises(Forbidden):
        invitations.invite(secretary, unit, "contact", name="第二人")


def test_a_new_account_joins(invited, college):
    membership = accept_as_new(invited, login="han.jichuan", name=" 韩 济川 ", password=GOOD)
    assert (membership.organisation, membership.role, membership.state) == (college, "applicant", "active")
    person = User.objects.get(username="han.jichuan")
    assert (person.name, person.email) == ("韩 济川", "han@example.invalid")
    assert person.check_password(GOOD)
    invited.refresh_from_db()
    assert (invited.state, invited.membership) == ("accepted", membership)
    codes = TransitionLog.objects.filter(case_kind="organisation", case_id=college.pk).order_by("pk")
    assert list(codes.values_list("transition", flat=True)) == [
        "member_invited",
        "member_added",
        "invitation_accepted",
    ]


@pytest.mark.parametrize(
    "login,password,field",
    [
        ("han", "short", "password1"),
        ("han", "1234567890123", "password1"),
        ("hanjichuan88", "hanjichuan88", "password1"),
        ("h", GOOD, "login"),
        ("汉字登录名", GOOD, "login"),
        ("a" * 61, GOOD, "login"),
        ("<script>", GOOD, "login"),
    ],
)
def test_a_bad_login_or_password_opens_no_account(invited, login, password, field):
    before = User.objects.count()
    with pytest.raises(Refused) as refused:
        accept_as_new(invited, login=login, name="韩济川", password=password)
    assert field in {finding.field for finding in refused.value.findings}
    assert User.objects.count() == before
    invited.refresh_from_db()
    assert invited.state == "invited"


def test_a_login_or_address_in_use_opens_no_second_account(invited):
    factories.user(username="Han.JiChuan")
    with pytest.raises(Refused, match="已被使用"):
        accept_as_new(invited, login="han.jichuan", name="韩济川", password=GOOD)
    factories.user(email="HAN@example.invalid")
    with pytest.raises(Refused, match="已有账号"):
        accept_as_new(invited, login="another", name="韩济川", password=GOOD)


def test_a_login_is_nobody_elses_address(invited):
    """Else guesses at one account would lock the other, and a mail would reach the wrong person (faults K14)."""
    with pytest.raises(Refused, match="不能是别的邮箱"):
        accept_as_new(invited, login="wen@example.invalid", name="韩济川", password=GOOD)
    assert accept_as_new(invited, login="HAN@example.invalid", name="韩济川", password=GOOD).state == "active"


def test_ones_address_is_nobody_elses_login(client):
    other = factories.user(username="wen@example.invalid")
    person = factories.user(username="han.jichuan")
    person.set_password(GOOD)
    person.save()
    client.force_login(person)
    page = client.post(
        reverse("tenants:profile"), {"name": "韩", "email": "WEN@example.invalid", "phone": "", "password": GOOD}
    )
    assert "该邮箱已用于另一个账号" in page.content.decode()
    person.refresh_from_db()
    assert person.email != other.username


def test_a_link_is_good_once(invited):
    accept(invited, factories.user())
    with pytest.raises(Refused, match="已接受"):
        accept(invited, factories.user())
    assert Membership.objects.filter(organisation=invited.organisation, role="applicant").count() == 1


def test_a_link_expires_by_the_clock(invited):
    token = token_of(invited)
    with clock.travel(clock.now() + dt.timedelta(days=13, hours=23)):
        assert invitations.find(token).current_state == "invited"
    with clock.travel(clock.now() + dt.timedelta(days=14, minutes=1)):
        assert invitations.find(token).current_state == "expired"
        with pytest.raises(Refused, match="已过期"):
            accept(invited, factories.user())
        assert Invitation.objects.get().state == "invited"
        assert invitations.expire_due(clock.today())["expired"] == 1
        assert invitations.expire_due(clock.today())["expired"] == 0
        assert Invitation.objects.get().state == "expired"


def test_the_number_of_days_is_a_setting(college, secretary, settings):
    settings.INVITATION_DAYS = 3
    made = invitations.invite(secretary, college, "applicant", name="某")
    with clock.travel(clock.now() + dt.timedelta(days=3, minutes=1)):
        assert made.current_state == "expired"


def test_sending_again_kills_the_older_link(invited, secretary):
    old = token_of(invited)
    with clock.travel(clock.now() + dt.timedelta(days=20)):
        fresh = invitations.resend(secretary, invited)
        assert invitations.find(old) is None
        assert invitations.find(token_of(fresh)).current_state == "invited"


def test_only_the_newest_link_is_mailed(invited, secretary):
    old = token_of(invited)
    fresh = invitations.resend(secretary, invited)
    outbox.drain()
    assert len(mail.outbox) == 1
    assert token_of(fresh) in mail.outbox[0].body
    assert old not in mail.outbox[0].body


def test_a_withdrawn_link_is_dead_and_unmailed(invited, secretary):
    invitations.withdraw(secretary, invited)
    with pytest.raises(Refused, match="已撤回"):
        accept(invited, factories.user())
    with pytest.raises(Refused):
        invitations.resend(secretary, invited)
    outbox.drain()
    assert mail.outbox == []


def test_a_forged_token_finds_nothing(invited):
    assert invitations.find("0" * 64) is None
    assert invitations.find("") is None
    assert invitations.find(invited.link.token_hash) is None
    assert invitations.find(invited.link.nonce) is None


def test_the_link_of_a_dismissed_inviter_is_dead(invited, college, secretary):
    factories.member(college, "secretary")
    members.end_membership(secretary, secretary, "离职")
    with pytest.raises(Refused, match="不在岗"):
        accept(invited, factories.user())


def test_a_changed_secret_shows_no_link(invited, settings):
    settings.SECRET_KEY = "another-" * 8
    assert invitations.link_of(invited) == ""


# --- over HTTP ---------------------------------------------------------------------------------------------


def test_joining_over_http_logs_in(client, invited):
    path = _path(invited)
    page = client.get(path)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "same-origin"
    answer = client.post(
        path, {"code": code(invited), "login": "han.jc", "name": "韩济川", "password1": GOOD, "password2": GOOD}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.session["membership"] == Membership.objects.get(user__username="han.jc").pk
    assert client.get("/organisation/").status_code == 200


def test_nothing_typed_is_lost_when_it_is_wrong(client, invited):
    answer = client.post(
        _path(invited), {"login": "han.jc", "name": "韩济川", "password1": GOOD, "password2": "another"}
    )
    assert answer.status_code == 422
    body = answer.content.decode()
    assert 'value="han.jc"' in body
    assert "两次输入的密码不一致" in body
    assert GOOD not in body
    assert not User.objects.filter(username="han.jc").exists()


def test_an_existing_account_logs_in_and_joins(client, invited):
    path = _path(invited)
    person = factories.user(username="han.old")
    assert f"next={path.replace('/', '%2F')}" in client.get(path).content.decode()
    client.force_login(person)
    assert "以此账号加入" in client.get(path).content.decode()
    assert client.post(path, {"code": code(invited)})["Location"] == "/"
    assert Membership.objects.get(user=person).role == "applicant"
    assert client.get(path).status_code == 410
    assert client.post(path).status_code == 410


def test_dead_and_forged_links_over_http(client, invited, secretary):
    assert client.get("/invitations/" + "0" * 64 + "/").status_code == 404
    assert client.post("/invitations/" + "0" * 64 + "/").status_code == 404
    path = _path(invited)
    invitations.withdraw(secretary, invited)
    assert client.get(path).status_code == 410
    assert client.post(path, {"login": "x"}).status_code == 410


def test_the_administrator_sees_link_and_qr_and_handles_it(client, invited, secretary):
    client.force_login(secretary.user)
    path = f"/organisation/invitations/{invited.pk}/"
    body = client.get(path).content.decode()
    assert invitations.link_of(invited) in body
    assert "data:image/svg+xml" in body
    assert client.post(path, {"act": "resend"}).status_code == 302
    invited.refresh_from_db()
    assert client.post(path, {"act": "nonsense"}).status_code == 404
    assert client.post(path, {"act": "withdraw"}).status_code == 302
    invited.refresh_from_db()
    assert invited.state == "withdrawn"
    assert "已撤回" in client.get(path).content.decode()


def test_inviting_over_http(client, college, secretary):
    client.force_login(secretary.user)
    path = f"/organisation/{college.pk}/invite/"
    assert client.get(path).status_code == 200
    wrong = client.post(path, {"role": "auditor", "name": "严知非", "email": "not-an-address"})
    assert wrong.status_code == 422
    assert "严知非" in wrong.content.decode()
    timed = client.post(path, {"role": "auditor", "name": "严知非"})
    assert timed.status_code == 422
    assert "督查审计须写明截止日期" in timed.content.decode()
    foreign_role = client.post(path, {"role": "vice_president", "name": "某"})
    assert foreign_role.status_code == 422
    assert Invitation.objects.count() == 0
    done = client.post(path, {"role": "applicant", "name": "<b>某</b>"})
    made = Invitation.objects.get()
    assert done["Location"] == f"/organisation/invitations/{made.pk}/"
    assert "<b>某</b>" not in client.get(done["Location"]).content.decode()
