"""Acts on the pages of this room in a browser, and the invitation on a phone from link to home.

That every page of an administrator and around logging in is clean: tests/browserjobs/test_sweep.py.
"""

from urllib.parse import urlsplit

import pytest

from tenants.demo import create_organisations_and_people, password_of
from tenants.services import invitations, links, members
from tests.browser import assert_clean, picture
from tests.tenants import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def secretary():
    college = factories.college()
    member = factories.member(college, "secretary")
    dean = factories.member(college, "dean", factories.user(name="韩济川", phone="13812340000"))
    today = members.clock.today()
    members.delegate(member, dean, today, today, "出差")
    member.invited = invitations.invite(member, college, "applicant", name="白露晞", email="bai@example.invalid")
    member.dean = dean
    return member


def test_a_form_that_comes_back_is_clean_too(browser_page, new_page, secretary):
    new_page.watch.expected.append("status of 422")
    page = browser_page(secretary)
    page.goto("/organisation/partners/new/")
    page.fill("[name=name]", "某厂")
    page.fill("[name=uscc]", "123")
    page.click("main button[type=submit]")
    page.wait_for_selector(".invalid-feedback")
    assert page.input_value("[name=uscc]") == "123"
    assert_clean(page)
    picture(page, "tenants-refused", full=True)


def test_the_entrance(browser_page):
    create_organisations_and_people()
    page = browser_page()
    page.goto("/accounts/login/")
    picture(page, "tenants-login", full=True)
    page.fill("[name=login]", "u4b.secretary")
    page.fill("[name=password]", password_of("u4b.secretary"))
    page.click("main form button[type=submit]")
    page.wait_for_url("**/")
    page.goto("/organisation/")
    assert "信息技术学院（演示）" in page.inner_text("h1")


def test_an_invitation_on_a_phone(browser_page, secretary, live_server):
    page = browser_page()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(urlsplit(invitations.link_of(secretary.invited)).path)
    assert_clean(page)
    picture(page, "tenants-accept", full=True)
    page.set_viewport_size({"width": 390, "height": 844})
    page.click("main button[name=act]")
    page.wait_for_selector(".note")
    secretary.invited.link.refresh_from_db()
    page.fill("[name=code]", links.code_of(secretary.invited.link))
    page.fill("[name=login]", "bai.luxi")
    page.fill("[name=password1]", "xi-ting-4417-qing")
    page.fill("[name=password2]", "xi-ting-4417-qing")
    page.click("form[data-join] button[type=submit]")
    page.wait_for_url("**/")
    page.goto("/organisation/")
    assert secretary.organisation.name in page.inner_text("h1")
