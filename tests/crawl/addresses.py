"""Every address of the portal: how to build it, and who may read it. An address that is not here fails the crawl.

A room that adds an address adds it here: with the objects of the reader's own tenant, the same of a foreign tenant,
and the roles to which the own one answers 200.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from casework import papers
from core import door
from core.models import InboxMessage
from tenants import roles
from tests.crawl.factories import Tenant, World

Build = Callable[[World, Tenant], Iterable[str]]

EVERY_ROLE = frozenset((kind, role) for kind in roles.ROLES for role in roles.ROLES[kind])
STAFF = frozenset((kind, role) for kind, role in EVERY_ROLE if role not in roles.PERSONAL_ROLES | roles.READING_ROLES)
ADMINS = frozenset(roles.ADMIN_ROLE.items())
NOBODY: frozenset = frozenset()


@dataclass(frozen=True)
class Address:
    """One address by its route's name.

    `build(world, tenant)` gives the paths with that tenant's objects; an address without an object gives the same
    for both and is `plain`. `who` are the roles to whom the own tenant's paths answer 200 on GET (a frozenset, or a
    callable (role pair, path) → bool); `open_to` is "public" (nobody is logged in), "person" (an account without a
    membership) or "member". `lenient` means that who reads what of the own tenant is tested elsewhere; a foreign
    object is refused all the same. `shows_foreign` says why a page without object may name the other tenant.
    `redirects`: a GET answers with a redirect to another page of the portal.
    """

    build: Build
    who: Any = EVERY_ROLE
    open_to: str = "member"
    plain: bool = True
    lenient: bool = False
    shows_foreign: str = ""
    post: dict = field(default_factory=dict)
    redirects: bool = False
    every: int = 1  # of the own tenant's many like paths (moves), each role reads one in `every`; foreign ones all


def fixed(path: str) -> Build:
    return lambda world, tenant: [path]


def _list(path: str) -> Build:
    """A list's page, and its export."""
    return lambda world, tenant: [path, f"{path}?export=all", f"{path}?export=page"]


def _units(suffix: str = "", *kinds: str) -> Build:
    return lambda world, tenant: [
        f"/organisation/{unit.pk}/{suffix}" for kind, unit in tenant.units.items() if not kinds or kind in kinds
    ]


def _things(pattern: str, *names: str) -> Build:
    """Paths of a tenant's things: an object, or a dictionary of objects."""

    def build(world: World, tenant: Tenant) -> list[str]:
        found: list = []
        for name in names:
            thing = getattr(tenant.things, name)
            found += thing.values() if isinstance(thing, dict) else [thing]
        return [pattern.format(thing.pk) for thing in found]

    return build


def _members(world: World, tenant: Tenant) -> list[str]:
    return [f"/organisation/members/{member.pk}/" for member in tenant.members.values()]


def _messages(world: World, tenant: Tenant) -> list[str]:
    users = [member.user_id for member in tenant.members.values()]
    return [f"/inbox/{pk}/" for pk in InboxMessage.objects.filter(user__in=users).values_list("pk", flat=True)]


def _versions(suffix: str = "") -> Build:
    return lambda world, tenant: [f"/regulations/{world.version.regulation.code}/{world.version.number}/{suffix}"]


def _cases(*suffixes: str) -> Build:
    return lambda world, tenant: [
        f"/cases/{kind}/{case.pk}/{suffix}"
        for kind, case in tenant.things.cases.items()
        for suffix in suffixes or ("",)
    ]


def _one(pattern: str, kind: str) -> Build:
    """One path, with a tenant's case of a kind."""
    return lambda world, tenant: [pattern.format(tenant.things.cases[kind].pk)]


def _moves(suffix: str = "") -> Build:
    """Every move of every kind of case, declared or not."""
    return lambda world, tenant: [
        f"/cases/{kind}/{case.pk}/do/{code}/{suffix}"
        for kind, case in tenant.things.cases.items()
        for code in [*door.moves(type(case)), "nothing"]
    ]


def _papers(suffix: str = "") -> Build:
    return lambda world, tenant: [
        f"/cases/{paper.case_kind}/{paper.case_id}/papers/{paper.pk}/{suffix}" for paper in tenant.things.papers
    ]


def _forms(suffix: str = "") -> Build:
    return lambda world, tenant: [
        f"/cases/{kind}/{case.pk}/forms/{form}/{suffix}"
        for kind, case in tenant.things.cases.items()
        for form in [*case.form_keys(), "nothing"]
    ]


def _documents(world: World, tenant: Tenant) -> list[str]:
    return [f"/documents/{document.uid}/" for document in tenant.things.documents]


def _prints(world: World, tenant: Tenant) -> list[str]:
    """Every print that some case offers to the graduate office, and one that nobody offers."""
    clerk = tenant.members["university", "graduate_office"]
    found = []
    for kind, case in tenant.things.cases.items():
        offered = papers.of(case).prints(clerk)
        keys = [f"{one.key}.{one.ext}" for one in offered]
        found += [f"/cases/{kind}/{case.pk}/prints/{name}" for name in [*keys, "draft.pdf", "nothing.pdf"]]
    return found


PUBLIC = {"who": EVERY_ROLE, "open_to": "public"}
PERSON = {"who": EVERY_ROLE, "open_to": "person"}
POST_ONLY = {"who": NOBODY}
OBJECT = {"plain": False}
ENTRANCE = {"open_to": "public", "lenient": True}  # log-in pages send away whoever is logged in
TOKEN = "0" * 64

ADDRESSES: dict[str, Address] = {
    # the ground
    "livez": Address(fixed("/livez"), **PUBLIC),
    "healthz": Address(fixed("/healthz"), lenient=True, open_to="public"),
    "csp_report": Address(fixed("/csp-report"), who=NOBODY, open_to="public"),
    "session_state": Address(fixed("/session/"), lenient=True, open_to="public"),
    "set_language": Address(fixed("/language/"), lenient=True, open_to="public"),
    # the log-in package
    "account_login": Address(fixed("/accounts/login/"), **ENTRANCE),
    "account_logout": Address(fixed("/accounts/logout/"), **ENTRANCE),
    "account_inactive": Address(fixed("/accounts/inactive/"), **PUBLIC),
    "account_signup": Address(fixed("/accounts/signup/"), who=NOBODY),
    "account_reauthenticate": Address(fixed("/accounts/reauthenticate/"), open_to="person", lenient=True),
    "account_email": Address(fixed("/accounts/email/"), who=NOBODY),
    "account_email_verification_sent": Address(fixed("/accounts/confirm-email/"), who=NOBODY),
    "account_change_password": Address(fixed("/accounts/password/change/"), open_to="person", lenient=True),
    "account_set_password": Address(fixed("/accounts/password/set/"), who=NOBODY),
    "account_reset_password": Address(fixed("/accounts/password/reset/"), **ENTRANCE),
    "account_confirm_login_code": Address(fixed("/accounts/login/code/confirm/"), who=NOBODY),
    "account_confirm_email": Address(fixed("/accounts/confirm-email/abc/"), who=NOBODY),
    "account_reset_password_from_key_done": Address(fixed("/accounts/password/reset/key/done/"), **PUBLIC),
    "account_reset_password_from_key": Address(fixed("/accounts/password/reset/key/1-abc/"), **ENTRANCE),
    "account_reset_password_done": Address(fixed("/accounts/password/reset/done/"), **PUBLIC),
    "mfa_index": Address(fixed("/accounts/2fa/"), **PERSON),
    "mfa_authenticate": Address(fixed("/accounts/2fa/authenticate/"), **ENTRANCE),
    "mfa_reauthenticate": Address(fixed("/accounts/2fa/reauthenticate/"), open_to="person", lenient=True),
    "mfa_activate_totp": Address(fixed("/accounts/2fa/totp/activate/"), open_to="person", lenient=True),
    "mfa_deactivate_totp": Address(fixed("/accounts/2fa/totp/deactivate/"), open_to="person", lenient=True),
    "mfa_view_recovery_codes": Address(fixed("/accounts/2fa/recovery-codes/"), open_to="person", lenient=True),
    "mfa_generate_recovery_codes": Address(
        fixed("/accounts/2fa/recovery-codes/generate/"), open_to="person", lenient=True
    ),
    "mfa_download_recovery_codes": Address(
        fixed("/accounts/2fa/recovery-codes/download/"), open_to="person", lenient=True
    ),
    # tenants
    "tenants:organisation": Address(fixed("/organisation/")),
    "tenants:unit": Address(_units(), lenient=True, **OBJECT),
    "tenants:edit": Address(_units("edit/"), lenient=True, **OBJECT),
    "tenants:state": Address(_units("state/"), post={"active": "0", "reason": "x"}, **POST_ONLY, **OBJECT),
    "tenants:invite": Address(_units("invite/"), lenient=True, post={"role": "expert", "name": "x"}, **OBJECT),
    "tenants:site_new": Address(_units("sites/new/"), lenient=True, post={"name": "x"}, **OBJECT),
    "tenants:site": Address(
        _things("/organisation/sites/{}/", "site"),
        who=frozenset({("partner", "contact")}),
        post={"name": "x"},
        **OBJECT,
    ),
    "tenants:units": Address(fixed("/organisation/units/")),
    "tenants:unit_new": Address(
        fixed("/organisation/units/new/"), who=frozenset({("department", "admin"), ("university", "admin")})
    ),
    "tenants:partners": Address(
        fixed("/organisation/partners/"),
        shows_foreign="the directory of partner units, which belong to nobody",
    ),
    "tenants:partner_new": Address(
        fixed("/organisation/partners/new/"),
        who=frozenset(
            {
                ("department", "admin"),
                ("university", "admin"),
                ("university", "graduate_office"),
                ("college", "secretary"),
                ("college", "applicant"),
            }
        ),
    ),
    "tenants:work": Address(fixed("/organisation/work/"), post={"row": "message-1", "act": "retry"}, **POST_ONLY),
    "tenants:member": Address(_members, lenient=True, post={"act": "suspend", "leave-reason": "x"}, **OBJECT),
    "tenants:invitation": Address(
        _things("/organisation/invitations/{}/", "invitations"),
        lenient=True,
        post={"act": "withdraw"},
        **OBJECT,
    ),
    "tenants:delegations": Address(fixed("/organisation/delegations/")),
    "tenants:end_delegation": Address(
        _things("/organisation/delegations/{}/end/", "delegations"), **POST_ONLY, **OBJECT
    ),
    "tenants:memberships": Address(fixed("/memberships/"), **PERSON),
    "tenants:switch": Address(fixed("/switch/"), who=NOBODY, open_to="person", post={"membership": "1"}),
    "tenants:profile": Address(fixed("/profile/"), **PERSON),
    "tenants:accept": Address(fixed(f"/invitations/{TOKEN}/"), who=NOBODY, open_to="public"),
    # regulations: reading pages are for everybody
    "regulations:index": Address(fixed("/regulations/"), **PUBLIC),
    "regulations:version": Address(_versions(), lenient=True, open_to="public"),
    "regulations:adoptions": Address(
        fixed("/regulations/adoptions/"),
        who=frozenset(
            (kind, role) for kind, role in EVERY_ROLE if kind != "partner" and role not in roles.PERSONAL_ROLES
        ),
    ),
    "regulations:adopt": Address(
        fixed("/regulations/adoptions/new/"),
        who=frozenset({("department", "admin"), ("university", "admin")}),
        post={"version": "1", "from_on": "x"},
    ),
    "regulations:publish": Address(_versions("publish/"), **POST_ONLY),
    "regulations:setting": Address(_versions("settings/nothing/"), who=NOBODY),
    # cases: one set of addresses for every kind
    "case": Address(_cases(), lenient=True, **OBJECT),
    "case_do": Address(_moves(), lenient=True, every=9, post={"f-reason": "x", "reason": "x"}, **OBJECT),
    "case_draft_input": Address(_moves("draft/"), every=9, **POST_ONLY, **OBJECT),
    "case_form": Address(_forms(), lenient=True, post={"revision": "0", "f-title": "x"}, **OBJECT),
    "case_autosave": Address(_forms("autosave/"), **POST_ONLY, **OBJECT),
    "case_upload": Address(_forms("upload/"), **POST_ONLY, **OBJECT),
    "case_paper": Address(_papers(), lenient=True, **OBJECT),
    "case_paper_pdf": Address(_papers("pdf/"), lenient=True, **OBJECT),
    "case_draft": Address(_cases("draft.pdf"), lenient=True, **OBJECT),
    "case_print": Address(_prints, lenient=True, **OBJECT),
    "document": Address(_documents, lenient=True, **OBJECT),
    "casework:notices": Address(_list("/notices/"), lenient=True),
    "casework:overrides": Address(_list("/overrides/"), lenient=True),
    "casework:panels": Address(_list("/panels/"), lenient=True),
    "casework:panel_progress": Address(_list("/panels/progress/"), lenient=True),
    "casework:recusals": Address(_list("/panels/recusals/"), lenient=True),
    "casework:experts": Address(_list("/panels/experts/"), lenient=True),
    "casework:reviews": Address(_list("/reviews/"), lenient=True),
    "casework:decisions": Address(_list("/decisions/"), lenient=True),
    # applications
    "applications:list": Address(_list("/applications/"), lenient=True),
    "applications:start": Address(fixed("/applications/start/"), lenient=True),
    "applications:agreement": Address(
        _one("/applications/{}/agreement/", "application"),
        lenient=True,
        post={"do": "draft"},
        **OBJECT,
    ),
    "applications:calls": Address(_list("/calls/"), lenient=True),
    "applications:call_new": Address(fixed("/calls/new/"), lenient=True),
    "applications:quotas": Address(_list("/calls/quotas/"), lenient=True),
    "applications:progress": Address(_list("/calls/progress/"), lenient=True),
    "applications:lists": Address(_list("/lists/"), lenient=True),
    "applications:list_new": Address(fixed("/lists/new/"), lenient=True),
    "applications:agenda": Address(_list("/agenda/"), lenient=True),
    "applications:decide": Address(fixed("/agenda/decide/"), lenient=True),
    # bases
    "bases:list": Address(_list("/bases/"), lenient=True),
    "bases:agreements": Address(_list("/agreements/"), lenient=True),
    "bases:agreement_new": Address(fixed("/agreements/new/"), lenient=True),
    "bases:agreement_follow": Address(
        _one("/bases/{}/agreement/", "recognition"), lenient=True, post={"type": "renewal"}, **OBJECT
    ),
    "bases:partner_page": Address(_one("/p/agreement/{}/", "agreement"), lenient=True, post={"do": "read"}, **OBJECT),
    "bases:partner_qr": Address(_one("/p/agreement/{}/qr.svg", "agreement"), lenient=True, **OBJECT),
    "bases:coverage": Address(_list("/reports/coverage/"), lenient=True),
    # portal
    "portal:home": Address(fixed("/")),
    "portal:todos": Address(fixed("/todos/")),
    "portal:done": Address(fixed("/done/")),
    "portal:started": Address(_list("/started/")),
    "portal:copied": Address(_list("/copied/")),
    "portal:copy": Address(_cases("copy/"), lenient=True, post={"to": "1", "note": "x"}, **OBJECT),
    "portal:remind": Address(_cases("remind/"), **POST_ONLY, **OBJECT),
    "portal:inbox": Address(fixed("/inbox/"), **PERSON),
    "portal:inbox_read_all": Address(fixed("/inbox/read/"), who=NOBODY, open_to="person"),
    "portal:inbox_read": Address(_messages, who=NOBODY, open_to="person", plain=False),
    "portal:search": Address(fixed("/search/?q=异乡"), shows_foreign="the page repeats the reader's own search text"),
    "portal:help": Address(fixed("/help/"), lenient=True, open_to="public"),
    "portal:guide": Address(fixed("/help/nothing/"), who=NOBODY, open_to="public"),
    "portal:gallery": Address(fixed("/gallery/"), lenient=True, open_to="public"),
    "portal:public": Address(fixed("/public/"), **PUBLIC),
    "portal:public_objection": Address(fixed(f"/public/objections/{TOKEN}/"), who=NOBODY, open_to="public"),
    "portal:public_notice": Address(fixed("/public/notices/nothing/"), who=NOBODY, open_to="public"),
    "portal:public_bases": Address(fixed("/public/bases/"), **PUBLIC),
    "portal:verify": Address(fixed("/verify/"), **PUBLIC),
    "portal:verify_code": Address(fixed("/verify/NOTHING/"), **PUBLIC),
}


def smuggled(tenant: Tenant, own: Tenant) -> list[tuple[str, dict]]:
    """Requests to the reader's own pages that name a foreign tenant's objects in their parameters."""
    cases, mine = tenant.things.cases, own.things.cases
    member = tenant.members["college", "dean"]
    expert = tenant.members["university", "expert"]
    call, step = cases["call"].pk, tenant.things.step.pk
    work = f"/cases/application/{mine['application'].pk}"
    return [
        ("/switch/", {"membership": member.pk}),
        (
            "/organisation/delegations/",
            {"to": member.pk, "from_on": "2026-01-01", "until_on": "2099-01-01", "reason": "x"},
        ),
        (f"/applications/start/?call={call}", {"call": call, "title": "x"}),
        (
            f"/applications/{mine['application'].pk}/agreement/",
            {"do": "link", "agreement": cases["agreement"].pk},
        ),
        (f"/calls/quotas/?call={call}", {"call": call}),
        (f"/calls/progress/?call={call}", {"call": call}),
        (f"/lists/new/?call={call}", {"call": call, "key": "recommended"}),
        (f"/agenda/decide/?step={step}", {"f-outcome": "positive"}),
        (f"{work}/do/act_on_step/?step={step}", {"step": step, "f-outcome": "positive", "f-opinion": "x"}),
        (
            f"{work}/do/assign_expert/?step={step}",
            {"step": step, "f-expert": expert.pk, "f-closes_on": "2099-01-01"},
        ),
        (f"{work}/?scan={tenant.things.documents[0].pk}&round=2", {}),
        (
            f"/cases/list/{mine['list'].pk}/do/add_member/",
            {"f-case": f"application-{cases['application'].pk}"},
        ),
        (f"/cases/agreement/{cases['application'].pk}/", {}),
        (f"/cases/call/{cases['override'].pk}9/", {}),
        (f"{work}/papers/{tenant.things.papers[1].pk}/", {}),
        (f"{work}/papers/{tenant.things.papers[1].pk}/pdf/", {}),
        (
            f"/agreements/new/?partner={tenant.units['university'].pk}",
            {"partner": tenant.units["university"].pk},
        ),
        ("/lists/", {"pick": cases["list"].pk, "bulk": "x"}),
        ("/applications/", {"pick": cases["application"].pk, "bulk": "x"}),
    ]
