"""No page has an axe violation, a console error, a CSP report, or a horizontal scroll bar at 390 px.

In the demo world, as every role and as nobody: from the home page along every link, one example of each kind of page.
Nothing is changed but by the pages around logging in, which nobody reaches by a link.

The whole way goes who is WHOLE, the others to their first page, to every kind of page that nobody has met, and to a third
of what their first page leads to. LIANPEI_SWEEP=all sends everybody the whole way (a quarter of an hour).
"""

from __future__ import annotations

import datetime as dt
import os
import re
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.core.cache import cache

from applications.models import Call
from applications.queries.calls import calls_for_units
from applications.services.starting import start_application
from bases.drafting import columns_of
from casework.models import Notice, Step
from core import clock, outbox
from core.door import get_case, perform
from core.models import Paper
from portal import objections
from regulations.services import enter_setting
from tenants import roles
from tenants.models import ActionLink, Invitation, Membership, PartnerSite
from tenants.services import contacts, invitations, links, registrations
from tests.browserjobs.site import _django_db_helper, _files_of_the_site, demo_site, log_in  # noqa: F401
from tests.browserjobs.sweeping import LISTEN, Account, Sweep
from tests.crawl.addresses import ADDRESSES
from tests.ground.browser import Watch
from tests.tenants import factories
from trainees.during import letters
from trainees.students import sheet

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]

# Who is followed: those who meet two regulations in both of them.
ACCOUNTS = [
    ("u4.clerk", "graduate_office"),
    ("u1.clerk", "graduate_office"),
    ("u3.clerk", "graduate_office"),
    ("u2.clerk", "graduate_office"),
    ("ped.officer", "officer"),
    ("ped.officer", "admin"),
    ("ped.leader", "leader"),
    ("e2.expert", "expert"),
    ("u4.clerk", "admin"),
    ("u4.vp", "vice_president"),
    ("u4.recorder", "meeting_recorder"),
    ("u4.legal", "legal"),
    ("u4.finance", "finance"),
    ("u4.supervisor", "supervisor"),
    ("u1.auditor", "auditor"),
    ("u3a.secretary", "secretary"),
    ("u4b.secretary", "secretary"),
    ("u4a.dean", "dean"),
    ("m1.mentor", "applicant"),
    ("m1.mentor", "mentor"),
    ("s1.student", "student"),
    ("p8.contact", "contact"),
    ("p3.leader", "partner_leader"),
    ("b1.mentor", "base_mentor"),
]
WHOLE = {
    ("u4.clerk", "graduate_office"),
    ("ped.officer", "officer"),
    ("p8.contact", "contact"),
    ("u4.clerk", "admin"),
}
# Roles that nobody has in the demo: a new member each.
NEWCOMERS = [
    ("PED", "auditor"),
    ("U1", "support"),
    ("U1", "student"),
    ("U1", "expert"),
    ("U1B", "expert"),
    ("U1B", "auditor"),
    ("U1B", "party_committee"),
    ("P8", "expert"),
    ("P8", "auditor"),
]

# Addresses that no GET answers with a page to look at, and why.
NO_PAGES = {
    "csp_report": "takes reports only",
    "session_state": "answers scripts, every page asks it",
    "healthz": "answers machines",
    "set_language": "changes the language, POST only",
    "account_signup": "closed",
    "account_email": "closed: addresses are kept by the administrator",
    "account_email_verification_sent": "closed",
    "account_set_password": "closed: nobody is without a password",
    "account_confirm_login_code": "closed",
    "account_confirm_email": "closed",
    "tenants:state": "POST only",
    "tenants:end_delegation": "POST only",
    "tenants:switch": "POST only",
    "tenants:work": "POST only",
    "regulations:publish": "POST only",
    "case_autosave": "POST only",
    "case_draft_input": "POST only",
    "case_upload": "POST only",
    "portal:remind": "POST only",
    "portal:due_feed": "answers calendars at an address that is its reader's secret",
    "bases:office_open": "POST only",
    "evaluations:urge": "POST only",
    "portal:notice_preview": "POST only",
    "step_link_file": "a file beside the text behind a link, where there is one: tests/agreements/test_links.py",
    "portal:inbox_read": "POST only",
    "portal:inbox_read_all": "POST only",
}


@pytest.fixture(scope="module")
def sweep(demo_site):  # noqa: F811
    """The sweep of this module, over a demo in which also what is rare stands: an open invitation, a draft of the first
    minute, a partner's second site, a sheet of students that was checked, a member in each role that the demo leaves out.
    """
    college = demo_site.membership("u4b.secretary")
    invitations.invite(college, college.organisation, "applicant", name="韩济川")
    normal = demo_site.membership("u3a.secretary")
    start_application(normal, Call.objects.visible_to(normal).get(state="open"), title="云屿师范学院—新建基地")
    PartnerSite.objects.create(organisation=demo_site.story.unit("P8"), name="高新区研发中心")
    office = demo_site.membership("u4.clerk", "graduate_office")  # who goes the whole way
    own = columns_of(office)
    sheet.check(office, own, "研究生名单.xlsx", sheet.template(own))
    return Sweep(demo_site)


def followed(sweep: Sweep, login: str, role: str) -> Account:
    whole = (login, role) in WHOLE or os.environ.get("LIANPEI_SWEEP") == "all"
    return sweep.of(f"{login} {role}", sweep.site.membership(login, role), whole=whole)


def newcomer(sweep: Sweep, unit: str, role: str) -> Account:
    """A role that nobody has in the demo, given to a new member."""
    label = f"{unit} {role}"
    until = {"until_on": clock.today() + dt.timedelta(days=30)} if role in roles.TIMED_ROLES else {}
    made = None if label in sweep.accounts else factories.member(sweep.site.story.unit(unit), role, **until)
    return sweep.of(label, made, whole=os.environ.get("LIANPEI_SWEEP") == "all")


def nobody(sweep: Sweep) -> Account:
    """Who is not logged in; with the addresses that people are given on paper, in mails, or by their administrator."""
    if "nobody" in sweep.accounts:
        return sweep.accounts["nobody"]
    open_to = Invitation.objects.get(name="韩济川", state="invited")
    running = Notice.objects.filter(
        state="publicised", opens_on__lte=clock.today(), closes_on__gte=clock.today()
    ).first()
    typed = {
        "name": "郑文澜",
        "email": "zheng@example.invalid",
        "phone": "",
        "text": "对名单中的一家基地有异议，请核实。",
    }
    objection = objections.begin(running, typed, "198.51.100.7")
    call = next(iter(calls_for_units()))
    unit = {
        "name": "路过的医院",
        "uscc_absent_reason": "没有",
        "contact": "郑文澜",
        "mobile": "0990-1",
        "email": typed["email"],
    }
    registration = registrations.begin(call.university, call.pk, call.title, unit, "198.51.100.7")
    starts = (
        "/",
        "/public/",
        "/verify/",
        "/help/",
        "/accounts/login/",
        "/accounts/inactive/",
        "/livez",
        "/gallery/",
        f"/verify/{Paper.objects.first().code}/",
        urlsplit(invitations.link_of(open_to)).path,
        urlsplit(links.address_of(objection)).path,
        urlsplit(links.address_of(registration)).path,
    )
    return sweep.of("nobody", None, starts)


@pytest.mark.parametrize(("login", "role"), ACCOUNTS)
def test_every_page_of(sweep, login, role):
    assert followed(sweep, login, role).faults == []


@pytest.mark.parametrize(("unit", "role"), NEWCOMERS)
def test_every_page_of_a_new(sweep, unit, role):
    assert newcomer(sweep, unit, role).faults == []


def test_every_page_of_nobody(sweep):
    assert nobody(sweep).faults == []


def test_the_accounts_have_every_role(sweep):
    there = {(one.organisation.kind, one.role) for one in (sweep.site.membership(*who) for who in ACCOUNTS)}
    there |= {(sweep.site.story.unit(unit).kind, role) for unit, role in NEWCOMERS}
    assert there == {(kind, role) for kind in roles.ROLES for role in roles.ROLES[kind]}


# --- Pages that nobody reaches by a link ---------------------------------------------------------------------------


def code_of(secret: str) -> str:
    """What the telephone shows now."""
    cache.clear()  # the second use within half a minute, which people would wait for
    return totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))


def around_logging_in(sweep: Sweep) -> Account:
    """Log-in, a new password by mail, the second factor from beginning to end; a session that is asked once more."""
    if "log-in" in sweep.accounts:
        return sweep.accounts["log-in"]
    account = sweep.accounts["log-in"] = Account("log-in")
    watch = Watch(sweep.site.url)
    membership = factories.member(
        sweep.site.story.unit("P2"), "base_mentor"
    )  # no demo account: those keep their password
    login = membership.user.username
    page = sweep.site.context(None, watch)
    page.context.add_init_script(LISTEN)

    def at(address: str = "") -> None:
        if address:
            page.goto(address)
        sweep.see(page, account)

    def press(selector: str = "main button[type=submit]", **filled: str) -> None:
        for name, value in filled.items():
            assert page.locator(f"main [name={name}]").count() == 1, f"{page.url}: {page.inner_text('main')}"
            page.fill(f"main [name={name}]", value)
        with page.expect_navigation():
            page.locator(selector).first.click()

    at("/accounts/password/reset/")
    press(email=membership.user.email)
    at()
    outbox.drain()
    link = re.search(r"https?://\S+(/accounts/password/reset/key/\S+)", mail.outbox[-1].body)
    at(link[1])
    fresh = "xinjiang-7710-putao"
    press(password1=fresh, password2=fresh)
    at()
    log_in(page, login, fresh)
    at("/accounts/2fa/")
    at("/accounts/2fa/totp/activate/")  # asks for the password once more
    press(password=fresh)
    at()
    secret = page.locator("main .code").first.inner_text()
    press(code=code_of(secret))
    at("/accounts/2fa/recovery-codes/")
    at("/accounts/2fa/recovery-codes/generate/")
    at("/accounts/2fa/totp/deactivate/")
    at("/accounts/password/change/")
    at("/accounts/2fa/reauthenticate/")
    sweep.fetch(page, account, "/accounts/2fa/recovery-codes/download/")
    at("/accounts/logout/")
    press()
    page.goto("/accounts/login/")
    press(login=login, password=fresh)
    at()
    press(code=code_of(secret))
    at()
    page.context.close()
    account.faults += watch.faults
    return account


def test_every_page_around_logging_in(sweep):
    assert around_logging_in(sweep).faults == []


def chosen_together(sweep: Sweep) -> Account:
    """登记会议审定结果: the page that ticked rows of the agenda lead to, by a form and not by a link."""
    if "chosen" in sweep.accounts:
        return sweep.accounts["chosen"]
    account = sweep.accounts["chosen"] = Account("chosen")
    watch = Watch(sweep.site.url)
    page = sweep.site.context(sweep.site.membership("u4.recorder"), watch)
    page.context.add_init_script(LISTEN)
    page.goto("/agenda/")
    page.locator("tbody input[type=checkbox]").first.check()
    with page.expect_navigation():
        page.get_by_role("button", name="登记会议审定结果").click()
    sweep.see(page, account)
    page.context.close()
    account.faults += watch.faults
    return account


def test_every_page_that_a_choice_leads_to(sweep):
    account = chosen_together(sweep)
    assert account.names == {"applications:decide"}
    assert account.faults == []


def by_link(sweep: Sweep) -> Account:
    """The page behind a one-time link, before and after its code, and the text that it opens: its address is in a mail."""
    if "link" in sweep.accounts:
        return sweep.accounts["link"]
    account = sweep.accounts["link"] = Account("link")
    step = Step.objects.filter(case_kind="agreement", kind="confirmation", state="open", unit__kind="partner").first()
    agreement = get_case(step.case_kind, step.case_id)
    clerk = Membership.objects.of(agreement.university, "graduate_office").first()
    second = factories.member(agreement.university, "admin")
    allowed = agreement.regulation_version, "agreement.confirm_by_link", agreement.university, True
    enter_setting(*allowed, clock.today(), "合作单位没有账号")
    person = {"name": "周若水", "post": "总经理", "email": "zhou.ruoshui@example.invalid", "phone": "0990-8800123"}
    contact = contacts.verify(second, contacts.enter(clerk, step.unit, **person))
    perform(agreement, "send_link", clerk, {"step": str(step.pk), "answers": {"contact": str(contact.pk)}})
    link = ActionLink.objects.get(contact=contact)
    watch = Watch(sweep.site.url)
    page = sweep.site.context(None, watch)
    page.context.add_init_script(LISTEN)
    page.goto(urlsplit(links.address_of(link)).path)
    sweep.see(page, account)
    for act in ("code", "enter"):
        if act == "enter":
            page.fill("#f-code", links.code_of(ActionLink.objects.get(pk=link.pk)))
        with page.expect_navigation():
            page.locator(f"main button[value={act}]").first.click()
        sweep.see(page, account)
    sweep.fetch(page, account, urlsplit(page.url).path + "text.pdf")
    page.context.close()
    account.faults += watch.faults
    return account


def test_every_page_behind_a_link(sweep):
    assert by_link(sweep).faults == []


def looked_at(sweep: Sweep, account: Account, membership: Membership | None, address: str) -> Account:
    """One page that no link of the demo leads to, opened by a member or by nobody."""
    watch = Watch(sweep.site.url)
    page = sweep.site.context(membership, watch)
    page.context.add_init_script(LISTEN)
    page.goto(address)
    sweep.see(page, account)
    page.context.close()
    account.faults += watch.faults
    return account


def by_mail(sweep: Sweep) -> Account:
    """The page behind a mentor's mail about reports, with nothing to confirm; with reports: tests/during/test_browsers.py."""
    if "mail" in sweep.accounts:
        return sweep.accounts["mail"]
    account = sweep.accounts["mail"] = Account("mail")
    mentor = sweep.site.membership("b1.mentor", "base_mentor")
    until = clock.now() + dt.timedelta(days=1)
    link = links.make(letters.PURPOSE, mentor.pk, until=until, name=mentor.name, address="b1@example.invalid")
    return looked_at(sweep, account, None, urlsplit(links.address_of(link)).path)


def test_every_page_behind_a_mail(sweep):
    account = by_mail(sweep)
    assert account.names == {"trainees:report_link"}
    assert account.faults == []


def three_steps(sweep: Sweep) -> Account:
    """A partner unit's three steps, where the demo has nothing open for the contact who is followed."""
    if "three steps" in sweep.accounts:
        return sweep.accounts["three steps"]
    account = sweep.accounts["three steps"] = Account("three steps")
    steps = Step.objects.filter(unit__kind="partner").exclude(case_kind="agreement").exclude(state="waiting")
    step = steps.order_by("pk").last()
    contact = Membership.objects.of(step.unit, "contact").first()
    return looked_at(sweep, account, contact, f"/p/{step.case_kind}/{step.case_id}/")


def test_every_page_of_three_steps(sweep):
    account = three_steps(sweep)
    assert account.names == {"three_steps"}
    assert account.faults == []


def test_every_page_was_visited(sweep):
    """An address that no link leads to is found here: link it, or say above why it is none."""
    accounts = [followed(sweep, *who) for who in ACCOUNTS] + [newcomer(sweep, *who) for who in NEWCOMERS]
    accounts += [nobody(sweep), around_logging_in(sweep), chosen_together(sweep), by_link(sweep), three_steps(sweep)]
    accounts.append(by_mail(sweep))
    visited = set().union(*(one.names for one in accounts))
    assert set(ADDRESSES) - visited - set(NO_PAGES) == set()
    assert visited & set(NO_PAGES) == set(), "these are pages after all"
