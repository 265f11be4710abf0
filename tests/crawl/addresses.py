"""Every address of the portal: how to build it, and who may read it. An address that is not here fails the crawl.

A room that adds an address adds it here: with the objects of the reader's own tenant, the same of a foreign tenant,
and the roles to which the own one answers 200.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from casework import papers
from core import door
from tenants import roles
from tests.crawl.factories import Tenant, World

Build = Callable[[World, Tenant], Iterable[str]]

EVERY_ROLE = frozenset((kind, role) for kind in roles.ROLES for role in roles.ROLES[kind])


def of(kind: str, *named: str, but: tuple[str, ...] = ()) -> frozenset:
    """These roles of a kind of organisation; without names all of them, `but` some."""
    return frozenset((kind, role) for role in named or roles.ROLES[kind] if role not in but)


# Who sees what their own organisation has a part in: whoever works there. Experts, mentors and students see only what
# is theirs by name.
DEPARTMENT = of("department", but=("expert",))
UNIVERSITY = of("university", but=("expert", "student"))
COLLEGE = of("college", but=("expert", "mentor", "party_committee", "student"))
PARTNER = of("partner", but=("base_mentor", "expert"))
STAFF = DEPARTMENT | UNIVERSITY | COLLEGE
ADMINS = frozenset(roles.ADMIN_ROLE.items())
AUDITORS = frozenset((kind, role) for kind, role in EVERY_ROLE if role in roles.READING_ROLES)
REVIEWER = of("university", "expert")  # assigned to the own tenant's application
CLERKS = of("university", "graduate_office") | of("college", "secretary")
STUDENTS = of("university", "student") | of("college", "student")
OFFICE = of("university", "graduate_office")
FILING = of("college") | of("partner", "contact", "partner_leader")
NOBODY: frozenset = frozenset()

# Who sees the cases of the own tenant, which has university, college and partner in it and no authority: by kind of
# case, and "later" for those in further states. A draft of a call is seen by whoever's application is in it already.
MAIN = UNIVERSITY | COLLEGE | PARTNER
SEE = {
    "call": UNIVERSITY | PARTNER,
    "application": MAIN | REVIEWER,
    "agreement": MAIN,
    "recognition": MAIN,
    "list": UNIVERSITY,
    "notice": UNIVERSITY,
    "override": UNIVERSITY,
    "placement": MAIN,
    "evaluation_round": UNIVERSITY,
    "evaluation": MAIN,
    "incident": UNIVERSITY | COLLEGE,
    "withdrawal": MAIN,
    "rectification": MAIN,
    "base_office": UNIVERSITY,
    "backfill": UNIVERSITY,
    "call later": UNIVERSITY | COLLEGE,
    "call void": UNIVERSITY,  # made void before anybody heard of it
    "application later": MAIN,
    "agreement later": MAIN,
    "recognition later": MAIN,
    "list later": UNIVERSITY,
    "notice later": UNIVERSITY,
    "override later": UNIVERSITY,
    "placement later": MAIN,
    "evaluation_round later": UNIVERSITY,
    "evaluation later": MAIN,
    "incident later": UNIVERSITY | COLLEGE,
    "withdrawal later": MAIN,
    "rectification later": MAIN,
    "base_office later": UNIVERSITY,
    "backfill later": UNIVERSITY,
}
SEE_PAPERS = {**SEE, "application": MAIN}  # a reviewer reads the dossier, not the papers of the case
WORK_ON = {kind: seeing - AUDITORS - REVIEWER for kind, seeing in SEE.items()}
FILL = {  # the forms of the own tenant's cases that may be filled in, by form
    "annex1": of("college", "applicant", "secretary") | (PARTNER - AUDITORS),
    "agreement": CLERKS,
    "construction_report": of("college", "secretary"),
    "incident": CLERKS,
    "withdrawal": OFFICE,
    "existing": OFFICE,
}
SEE_FORM = {"annex1": SEE["application"], "agreement": SEE["agreement"], "construction_report": MAIN}
SEE_FORM |= {"incident": SEE["incident"], "withdrawal": SEE["withdrawal"], "existing": SEE["backfill"]}
HOME = UNIVERSITY | COLLEGE  # where the student lives and whom to call is not for the unit where the stay is spent
SEE_FORM |= {"practice_application": HOME, "practice_plan": SEE["placement"]}


# The kinds of case that have a route, and who says by which courier the originals of their unit are on their way: the
# university's go to an authority, which these cases have not.
ROUTED = ("application", "agreement", "evaluation", "incident", "withdrawal", "rectification")
SENDS_PARCELS = of("college", "applicant", "dean", "secretary") | of("partner", "contact", "partner_leader")
PARCELS = {kind: SEE[kind] & SENDS_PARCELS for kind in ROUTED}


class At(str):
    """A path, and `what` it is about: a kind of organisation or of case, a form …; `Address.who` is said by it."""

    what: str

    def __new__(cls, path: str, what: str) -> At:
        made = super().__new__(cls, path)
        made.what = what
        return made


Who = frozenset | dict[str, frozenset]


@dataclass(frozen=True)
class Address:
    """One address by its route's name.

    `build(world, tenant)` gives the paths with that tenant's objects; an address without an object gives the same
    for both and is `plain`. `who` are the roles to whom the own tenant's paths answer 200 on GET, `sends` those whose
    POST is not refused: roles, or roles by what a path is about (`At.what`; what is not named is nobody's).
    `bounces`: who sees but may not is led back to the page of the case (302). `at_most`: the roles that may at all;
    which of them when is decided by something that another test proves. `open_to` is "public" (nobody is logged in),
    "person" (an account without a membership) or "member". `entrance`: a log-in page, which sends away whoever is
    logged in. `shows_foreign` says why a page without object may name the other tenant.
    """

    build: Build
    who: Who = EVERY_ROLE
    sends: Who = NOBODY
    open_to: str = "member"
    plain: bool = True
    entrance: bool = False
    bounces: bool = False
    at_most: bool = False
    shows_foreign: str = ""
    post: dict = field(default_factory=dict)
    every: int = 1  # of many like paths (moves), each role takes one in `every`

    def reads(self, role: tuple[str, str], path: str) -> bool:
        return role in _said_of(self.who, path)

    def may_send(self, role: tuple[str, str], path: str) -> bool:
        return role in _said_of(self.sends, path)


def _said_of(who: Who, path: str) -> frozenset:
    if isinstance(who, frozenset):
        return who
    return who.get(path.what, NOBODY) if isinstance(path, At) else NOBODY


def fixed(path: str) -> Build:
    return lambda world, tenant: [path]


def _list(path: str) -> Build:
    """A list's page, and its export."""
    return lambda world, tenant: [path, f"{path}?export=all"]


def _units(suffix: str = "", *kinds: str) -> Build:
    return lambda world, tenant: [
        At(f"/organisation/{unit.pk}/{suffix}", kind)
        for kind, unit in tenant.units.items()
        if not kinds or kind in kinds
    ]


def _things(pattern: str, *names: str) -> Build:
    """Paths of a tenant's things: an object, or a dictionary of objects."""

    def build(world: World, tenant: Tenant) -> list[str]:
        paths: list[str] = []
        for name in names:
            thing = getattr(tenant.things, name)
            things = thing if isinstance(thing, dict) else {name: thing}
            paths += [At(pattern.format(each.pk), what) for what, each in things.items()]
        return paths

    return build


def _members(world: World, tenant: Tenant) -> list[str]:
    return [At(f"/organisation/members/{member.pk}/", kind) for (kind, _role), member in tenant.members.items()]


def _messages(world: World, tenant: Tenant) -> list[str]:
    """A message of each role."""
    return [At(f"/inbox/{message.pk}/", " ".join(role)) for role, message in tenant.things.messages.items()]


def _versions(suffix: str = "") -> Build:
    return lambda world, tenant: [f"/regulations/{world.version.regulation.code}/{world.version.number}/{suffix}"]


def _cases(suffix: str = "", *, in_every_state: bool = False) -> Build:
    """A case of every kind, in its first state and, if wanted, in every other."""

    def build(world: World, tenant: Tenant) -> list[str]:
        paths = [At(f"/cases/{kind}/{case.pk}/{suffix}", kind) for kind, case in tenant.things.cases.items()]
        if in_every_state:
            for (kind, state), case in tenant.things.in_states.items():
                what = f"{kind} {state if (kind, state) == ('call', 'void') else 'later'}"
                paths.append(At(f"/cases/{kind}/{case.pk}/{suffix}", what))
        return paths

    return build


def _routed(pattern: str, *but: str) -> Build:
    """A case of every kind that has a route, `but` some."""
    kinds = [kind for kind in ROUTED if kind not in but]
    return lambda world, tenant: [At(pattern.format(kind, tenant.things.cases[kind].pk), kind) for kind in kinds]


def _student(suffix: str) -> Build:
    """The student of a tenant's stay."""
    return lambda world, tenant: [f"/students/{tenant.things.cases['placement'].student_id}/{suffix}"]


def _one(pattern: str, kind: str) -> Build:
    """One path, with a tenant's case of a kind."""
    return lambda world, tenant: [At(pattern.format(tenant.things.cases[kind].pk), kind)]


def _moves(suffix: str = "") -> Build:
    """Every move of every kind of case, declared or not."""
    return lambda world, tenant: [
        At(f"/cases/{kind}/{case.pk}/do/{code}/{suffix}", kind if code != "nothing" else "nothing")
        for kind, case in tenant.things.cases.items()
        for code in [*door.moves(type(case)), "nothing"]
    ]


def _papers(suffix: str = "") -> Build:
    return lambda world, tenant: [
        At(f"/cases/{paper.case_kind}/{paper.case_id}/papers/{paper.pk}/{suffix}", paper.case_kind)
        for paper in tenant.things.papers
    ]


def _forms(suffix: str = "") -> Build:
    return lambda world, tenant: [
        At(f"/cases/{kind}/{case.pk}/forms/{form}/{suffix}", form)
        for kind, case in tenant.things.cases.items()
        for form in [*case.form_keys(), "nothing"]
    ]


def _documents(world: World, tenant: Tenant) -> list[str]:
    return [At(f"/documents/{document.uid}/", document.case_kind) for document in tenant.things.documents]


def _prints(world: World, tenant: Tenant) -> list[str]:
    """Every print that some case offers to the graduate office, and one that nobody offers."""
    clerk = tenant.members["university", "graduate_office"]
    paths = []
    for kind, case in tenant.things.cases.items():
        offered = [f"{one.key}.{one.ext}" for one in papers.of(case).prints(clerk)]
        for name in [*offered, "nothing.pdf"]:
            paths.append(At(f"/cases/{kind}/{case.pk}/prints/{name}", f"{kind} {name}"))
    return paths


PRINTS = {
    "application draft.pdf": SEE["application"],
    "application blank.pdf": MAIN,
    "application blank_expert_review.pdf": UNIVERSITY,
    "application opinions_expert_review.pdf": of("university", "graduate_office"),
    "agreement draft.pdf": MAIN,
    "evaluation draft.pdf": MAIN,
    "agreement comparison.pdf": MAIN,
    "evaluation_round notice.docx": of("university", "graduate_office"),
    "evaluation_round results.docx": of("university", "graduate_office"),
    "evaluation_round table.xlsx": of("university", "graduate_office"),
    "list draft.pdf": UNIVERSITY,
    "list table.xlsx": UNIVERSITY,
    "list notice.docx": UNIVERSITY,
    "list letter.docx": UNIVERSITY,
    "notice notice.docx": UNIVERSITY,
    "placement practice_application.pdf": HOME,
    "placement practice_plan.pdf": SEE["placement"],
}


PUBLIC = {"open_to": "public"}
PERSON = {"open_to": "person"}
POST_ONLY = {"who": NOBODY}
OBJECT = {"plain": False}
ENTRANCE = {"open_to": "public", "entrance": True}
ACCOUNT = {
    "open_to": "person",
    "entrance": True,
}  # of the log-in package: asks for the password first, or what was set up
TOKEN = "0" * 64
EDIT_UNIT = {kind: frozenset({pair}) for kind, pair in ((pair[0], pair) for pair in ADMINS)}
INVITE = {**EDIT_UNIT, "college": EDIT_UNIT["college"] | of("university", "admin")}
SEE_UNIT = {
    "department": DEPARTMENT | of("department", "expert") | UNIVERSITY,
    "university": DEPARTMENT | of("university") | COLLEGE,
    "college": of("college") | UNIVERSITY,
    "partner": DEPARTMENT | UNIVERSITY | COLLEGE | of("partner"),
}
INVITED_BY = of("university", "admin", "auditor", "graduate_office")
SEE_INVITATION = {
    "department": DEPARTMENT,
    "university": DEPARTMENT | INVITED_BY,
    "college": INVITED_BY | of("college", "auditor", "secretary"),
    "partner": DEPARTMENT
    | INVITED_BY
    | of("college", "auditor", "secretary")
    | of("partner", but=("base_mentor", "expert", "partner_leader")),
}
CONTACTS = {
    "partner": of("department", "admin", "officer", "leader")
    | of("university", "admin", "graduate_office")
    | of("college", "secretary")
}
DEAL_WITH_PEOPLE = {**EDIT_UNIT, "college": INVITE["college"]}
ADOPTS = of("department", "admin") | of("university", "admin")
INTRODUCES = ADOPTS | of("department", "officer") | of("university", "graduate_office")
INTRODUCES |= of("college", "secretary", "applicant")
STARTS_CALLS = of("department", "officer") | of("university", "graduate_office")

ADDRESSES: dict[str, Address] = {
    # the ground
    "livez": Address(fixed("/livez"), **PUBLIC),
    "healthz": Address(fixed("/healthz"), at_most=True, **PUBLIC),
    "csp_report": Address(fixed("/csp-report"), who=NOBODY, sends=EVERY_ROLE, open_to="public"),
    "session_state": Address(fixed("/session/"), **PUBLIC),
    "set_language": Address(fixed("/language/"), who=NOBODY, sends=EVERY_ROLE, open_to="public", bounces=True),
    # the log-in package
    "account_login": Address(fixed("/accounts/login/"), **ENTRANCE),
    "account_logout": Address(fixed("/accounts/logout/"), **ENTRANCE),
    "account_inactive": Address(fixed("/accounts/inactive/"), **PUBLIC),
    "account_signup": Address(fixed("/accounts/signup/"), who=NOBODY),
    "account_reauthenticate": Address(fixed("/accounts/reauthenticate/"), **ACCOUNT),
    "account_email": Address(fixed("/accounts/email/"), who=NOBODY),
    "account_email_verification_sent": Address(fixed("/accounts/confirm-email/"), who=NOBODY),
    "account_change_password": Address(fixed("/accounts/password/change/"), **ACCOUNT),
    "account_set_password": Address(fixed("/accounts/password/set/"), who=NOBODY),
    "account_reset_password": Address(fixed("/accounts/password/reset/"), **ENTRANCE),
    "account_confirm_login_code": Address(fixed("/accounts/login/code/confirm/"), who=NOBODY),
    "account_confirm_email": Address(fixed("/accounts/confirm-email/abc/"), who=NOBODY),
    "account_reset_password_from_key_done": Address(fixed("/accounts/password/reset/key/done/"), **PUBLIC),
    "account_reset_password_from_key": Address(fixed("/accounts/password/reset/key/1-abc/"), **ENTRANCE),
    "account_reset_password_done": Address(fixed("/accounts/password/reset/done/"), **PUBLIC),
    "mfa_index": Address(fixed("/accounts/2fa/"), **PERSON),
    "mfa_authenticate": Address(fixed("/accounts/2fa/authenticate/"), **ENTRANCE),
    "mfa_reauthenticate": Address(fixed("/accounts/2fa/reauthenticate/"), **ACCOUNT),
    "mfa_activate_totp": Address(fixed("/accounts/2fa/totp/activate/"), **ACCOUNT),
    "mfa_deactivate_totp": Address(fixed("/accounts/2fa/totp/deactivate/"), **ACCOUNT),
    "mfa_view_recovery_codes": Address(fixed("/accounts/2fa/recovery-codes/"), **ACCOUNT),
    "mfa_generate_recovery_codes": Address(fixed("/accounts/2fa/recovery-codes/generate/"), **ACCOUNT),
    "mfa_download_recovery_codes": Address(fixed("/accounts/2fa/recovery-codes/download/"), **ACCOUNT),
    # tenants
    "tenants:organisation": Address(fixed("/organisation/")),
    "tenants:unit": Address(_units(), who=SEE_UNIT, **OBJECT),
    "tenants:edit": Address(_units("edit/"), who=EDIT_UNIT, sends=EDIT_UNIT, **OBJECT),
    "tenants:state": Address(
        _units("state/"),
        sends={"university": of("department", "admin"), "college": of("university", "admin")},
        post={"active": "0", "reason": "x"},
        **POST_ONLY,
        **OBJECT,
    ),
    "tenants:invite": Address(
        _units("invite/"), who=INVITE, sends=INVITE, post={"role": "expert", "name": "x"}, **OBJECT
    ),
    "tenants:site_new": Address(_units("sites/new/"), who=EDIT_UNIT, sends=EDIT_UNIT, post={"name": "x"}, **OBJECT),
    "tenants:site": Address(
        _things("/organisation/sites/{}/", "site"),
        who=of("partner", "contact"),
        sends=of("partner", "contact"),
        post={"name": "x"},
        **OBJECT,
    ),
    "tenants:contacts": Address(_units("contacts/"), who=CONTACTS, sends=CONTACTS, post={"name": "x"}, **OBJECT),
    "tenants:units": Address(fixed("/organisation/units/")),
    "tenants:unit_new": Address(fixed("/organisation/units/new/"), who=ADOPTS, sends=ADOPTS),
    "tenants:partners": Address(
        fixed("/organisation/partners/"),
        shows_foreign="the directory of partner units, which belong to nobody",
    ),
    "tenants:registration": Address(
        lambda world, tenant: [f"/organisation/registrations/{tenant.things.registration.pk}/"],
        who=of("university", "admin", "graduate_office"),
        sends=of("university", "admin", "graduate_office"),
        post={"act": "decline", "reason": ""},
        **OBJECT,
    ),
    "tenants:partner_new": Address(fixed("/organisation/partners/new/"), who=INTRODUCES, sends=INTRODUCES),
    "tenants:work": Address(fixed("/organisation/work/"), post={"row": "message-1", "act": "retry"}, **POST_ONLY),
    "tenants:member": Address(
        _members,
        who=DEAL_WITH_PEOPLE,
        sends=DEAL_WITH_PEOPLE,
        post={"act": "suspend", "leave-reason": "x"},
        **OBJECT,
    ),
    "tenants:invitation": Address(
        _things("/organisation/invitations/{}/", "invitations"),
        who=SEE_INVITATION,
        sends=DEAL_WITH_PEOPLE,
        post={"act": "withdraw"},
        **OBJECT,
    ),
    "tenants:delegations": Address(fixed("/organisation/delegations/"), sends=EVERY_ROLE),
    "tenants:end_delegation": Address(
        _things("/organisation/delegations/{}/end/", "delegations"), sends=EDIT_UNIT, **POST_ONLY, **OBJECT
    ),
    "tenants:memberships": Address(fixed("/memberships/"), **PERSON),
    "tenants:switch": Address(fixed("/switch/"), who=NOBODY, open_to="person", post={"membership": "0"}),
    "tenants:profile": Address(fixed("/profile/"), sends=EVERY_ROLE, **PERSON),
    "tenants:accept": Address(
        lambda world, tenant: [tenant.things.link, f"/invitations/{TOKEN}/"],
        at_most=True,
        sends=EVERY_ROLE,
        open_to="public",
        shows_foreign="a link says which unit invites whoever holds it",
    ),
    # regulations: reading pages are for everybody
    "regulations:index": Address(fixed("/regulations/"), **PUBLIC),
    "regulations:version": Address(_versions(), **PUBLIC),
    "regulations:adoptions": Address(fixed("/regulations/adoptions/"), who=STAFF),
    "regulations:adopt": Address(
        fixed("/regulations/adoptions/new/"), who=ADOPTS, sends=ADOPTS, post={"version": "1", "from_on": "x"}
    ),
    "regulations:publish": Address(_versions("publish/"), sends=of("university", "admin"), **POST_ONLY),
    "regulations:setting": Address(_versions("settings/nothing/"), who=NOBODY),
    "regulations:wording": Address(
        _versions("papers/application/"), who=of("university", "admin"), sends=of("university", "admin")
    ),
    # cases: one set of addresses for every kind
    "case": Address(_cases(in_every_state=True), who=SEE, **OBJECT),
    # Which role may make which move in which state: tests/door/test_roles.py.
    "case_do": Address(
        _moves(),
        who=SEE,
        sends=SEE,
        at_most=True,
        every=9,
        post={"f-reason": "x", "reason": "x"},
        **OBJECT,
    ),
    "case_draft_input": Address(_moves("draft/"), sends=SEE, at_most=True, every=9, **POST_ONLY, **OBJECT),
    "case_form": Address(
        _forms(), who=FILL, sends=SEE_FORM, bounces=True, post={"revision": "0", "f-title": "x"}, **OBJECT
    ),
    "case_autosave": Address(_forms("autosave/"), sends=FILL, **POST_ONLY, **OBJECT),
    "case_upload": Address(_forms("upload/"), sends=FILL, **POST_ONLY, **OBJECT),
    "case_paper": Address(_papers(), who=SEE_PAPERS, **OBJECT),
    "case_paper_pdf": Address(_papers("pdf/"), who=SEE_PAPERS, **OBJECT),
    "case_parcel": Address(
        _routed("/cases/{}/{}/parcel/"),
        who=PARCELS,
        sends=PARCELS,
        post={"courier": "x", "courier_number": "SF12345678", "sent_on": "2026-01-01"},
        **OBJECT,
    ),
    # whether the reader's unit has a step: tests/papers_glue/test_sealing.py
    "three_steps": Address(
        _routed("/p/{}/{}/", "agreement"),
        who={kind: SEE[kind] & PARTNER for kind in ROUTED},
        sends=SEE,
        bounces=True,
        at_most=True,
        post={"do": "read"},
        **OBJECT,
    ),
    "case_draft": Address(
        _cases("draft.pdf"),
        who={kind: SEE[kind] for kind in ("application", "agreement", "list", "evaluation")},
        **OBJECT,
    ),
    "case_print": Address(_prints, who=PRINTS, **OBJECT),
    "document": Address(_documents, who=SEE_PAPERS, **OBJECT),
    # What opens a link is in its mail and nowhere else: tests/agreements/test_links.py.
    "step_link": Address(fixed("/q/0000-0000-0000/"), who=NOBODY, open_to="public"),
    "step_link_pdf": Address(fixed("/q/0000-0000-0000/text.pdf"), who=NOBODY, open_to="public"),
    "step_link_file": Address(
        fixed("/q/0000-0000-0000/files/8b7ae1f0-33cd-4e84-9c43-2f9a4a3c5a11/"), who=NOBODY, open_to="public"
    ),
    # lists are for everybody; what stands in them is the reader's own
    "casework:notices": Address(_list("/notices/")),
    "casework:overrides": Address(_list("/overrides/")),
    "casework:panels": Address(_list("/panels/")),
    "casework:assign": Address(fixed("/panels/assign/"), who=STARTS_CALLS, sends=STARTS_CALLS),
    "casework:panel_progress": Address(_list("/panels/progress/")),
    "casework:recusals": Address(_list("/panels/recusals/")),
    "casework:experts": Address(_list("/panels/experts/")),
    "casework:reviews": Address(_list("/reviews/")),
    "casework:decisions": Address(_list("/decisions/")),
    "casework:scans": Address(_list("/scans/")),
    "casework:scans_compare": Address(fixed("/scans/compare/")),
    # applications
    "applications:list": Address(_list("/applications/")),
    "applications:start": Address(fixed("/applications/start/"), who=FILING, sends=of("college")),
    "applications:agreement": Address(
        _one("/applications/{}/agreement/", "application"), who=CLERKS, sends=CLERKS, post={"do": "draft"}, **OBJECT
    ),
    "applications:conditions": Address(_one("/applications/{}/conditions/", "application"), who=MAIN, **OBJECT),
    "applications:calls": Address(_list("/calls/")),
    "applications:call_new": Address(fixed("/calls/new/"), who=STARTS_CALLS, sends=STARTS_CALLS),
    "applications:quotas": Address(_list("/calls/quotas/")),
    "applications:progress": Address(_list("/calls/progress/")),
    "applications:lists": Address(_list("/lists/")),
    "applications:list_new": Address(fixed("/lists/new/")),
    "applications:agenda": Address(_list("/agenda/")),
    "applications:decide": Address(fixed("/agenda/decide/"), who=NOBODY),
    # bases
    "bases:list": Address(_list("/bases/")),
    "bases:incident_new": Address(_one("/bases/{}/incident/", "recognition"), who=CLERKS, sends=CLERKS, **OBJECT),
    "bases:withdrawal_new": Address(
        _one("/bases/{}/withdrawal/", "recognition"),
        who=of("university", "graduate_office"),
        sends=of("university", "graduate_office"),
        **OBJECT,
    ),
    "bases:backfills": Address(_list("/bases/existing/")),
    "bases:backfill_new": Address(
        fixed("/bases/existing/new/"),
        who=OFFICE | of("department", "officer"),
        sends=OFFICE | of("department", "officer"),
    ),
    "bases:layout": Address(fixed("/bases/layout/"), who=DEPARTMENT | UNIVERSITY | COLLEGE),
    "bases:movements": Address(_list("/bases/movements/")),
    "bases:office_open": Address(fixed("/offices/open/"), **POST_ONLY),
    "bases:office_log": Address(_one("/offices/{}/log/", "base_office"), who=SEE["base_office"], **OBJECT),
    "bases:candidates": Address(_list("/bases/candidates/")),
    "bases:incidents": Address(_list("/incidents/")),
    "bases:withdrawals": Address(_list("/withdrawals/")),
    "bases:agreements": Address(_list("/agreements/")),
    "bases:agreement_new": Address(fixed("/agreements/new/"), who=CLERKS, sends=CLERKS),
    "bases:agreement_follow": Address(
        _one("/bases/{}/agreement/", "recognition"), who=CLERKS, sends=CLERKS, post={"type": "renewal"}, **OBJECT
    ),
    "bases:partner_page": Address(
        _one("/p/agreement/{}/", "agreement"), who=PARTNER, sends=MAIN, bounces=True, post={"do": "read"}, **OBJECT
    ),
    "bases:partner_qr": Address(_one("/p/agreement/{}/qr.svg", "agreement"), who=MAIN, **OBJECT),
    "evaluations:list": Address(_list("/evaluations/")),
    "evaluations:rounds": Address(_list("/evaluations/rounds/")),
    "evaluations:round_new": Address(
        fixed("/evaluations/rounds/new/"), who=STARTS_CALLS, sends=STARTS_CALLS, post={"f-year": "2026"}
    ),
    "evaluations:urge": Address(
        _one("/evaluations/rounds/{}/urge/", "evaluation_round"),
        sends=of("university", "graduate_office"),
        **POST_ONLY,
        **OBJECT,
    ),
    "evaluations:rectifications": Address(_list("/rectifications/")),
    "bases:coverage": Address(_list("/reports/coverage/"), who=DEPARTMENT),
    # trainees
    "trainees:placements": Address(_list("/placements/")),
    "trainees:reports": Address(fixed("/placements/reports/"), sends=EVERY_ROLE - AUDITORS),
    "trainees:report_link": Address(fixed("/r/0/"), who=NOBODY, open_to="public"),
    "trainees:apply": Address(fixed("/placements/apply/"), who=STUDENTS, sends=STUDENTS),
    "trainees:plan": Address(fixed("/placements/new/"), who=CLERKS, sends=CLERKS),
    "trainees:students": Address(_list("/students/")),
    "trainees:student_new": Address(fixed("/students/new/"), who=CLERKS, sends=CLERKS),
    # Each student role is a member of its own; none of them is linked with the tenant's student.
    "trainees:mine": Address(fixed("/students/mine/"), who=of("university", "student") | of("college", "student")),
    "trainees:party": Address(
        fixed("/students/party/"), who=of("college", "party_committee"), sends=of("college", "party_committee")
    ),
    "trainees:student_sheets": Address(fixed("/students/import/"), who=CLERKS, sends=CLERKS),
    "trainees:student_template": Address(fixed("/students/import/template.xlsx"), who=CLERKS),
    "trainees:student_sheet": Address(
        _things("/students/import/{}/", "student_sheet"),
        who=of("college", "secretary"),
        sends=of("college", "secretary"),
        **OBJECT,
    ),
    "trainees:student": Address(
        _student(""), who=UNIVERSITY | COLLEGE, sends=of("university", "admin") | of("college", "secretary"), **OBJECT
    ),
    "trainees:student_change": Address(_student("change/"), who=CLERKS, sends=CLERKS, **OBJECT),
    "trainees:student_leave": Address(_student("leave/"), who=CLERKS, sends=CLERKS, **OBJECT),
    "trainees:student_family": Address(_student("family/"), who=CLERKS, sends=CLERKS, **OBJECT),
    # portal
    "portal:home": Address(fixed("/")),
    "portal:todos": Address(fixed("/todos/")),
    "portal:done": Address(fixed("/done/")),
    "portal:started": Address(_list("/started/")),
    "portal:copied": Address(_list("/copied/")),
    "portal:copy": Address(_cases("copy/"), who=WORK_ON, sends=WORK_ON, post={"to": "1", "note": "x"}, **OBJECT),
    "portal:remind": Address(_cases("remind/"), sends=WORK_ON, **POST_ONLY, **OBJECT),
    "portal:inbox": Address(fixed("/inbox/"), **PERSON),
    "portal:inbox_read_all": Address(fixed("/inbox/read/"), who=NOBODY, sends=EVERY_ROLE, open_to="person"),
    "portal:inbox_read": Address(
        _messages,
        who=NOBODY,
        sends={" ".join(role): frozenset({role}) for role in EVERY_ROLE},
        open_to="person",
        plain=False,
    ),
    "portal:due": Address(_list("/due/")),
    "portal:due_month": Address(fixed("/due/calendar/")),
    "portal:due_settings": Address(fixed("/due/settings/"), sends=EVERY_ROLE),
    "portal:workdays": Address(fixed("/due/workdays/"), sends=of("department", "admin") | of("university", "admin")),
    "portal:due_feed": Address(fixed(f"/calendar/{TOKEN}.ics"), who=NOBODY, open_to="public"),
    "portal:clock": Address(_cases("clock/", in_every_state=True), who=SEE_PAPERS, **OBJECT),
    "portal:statistics": Address(_list("/statistics/"), who=DEPARTMENT | UNIVERSITY),
    "portal:search": Address(lambda world, tenant: [f"/search/?q={tenant.mark}", "/search/?q=SB-"]),
    "portal:help": Address(fixed("/help/"), **PUBLIC),
    "portal:guide": Address(
        lambda world, tenant: [At("/help/college/", "guide"), At("/help/nothing/", "")],
        who={"guide": EVERY_ROLE},
        **PUBLIC,
    ),
    "portal:gallery": Address(fixed("/gallery/"), **PUBLIC),
    "portal:notice_preview": Address(
        _one("/lists/{}/preview/", "list"), sends=of("university", "graduate_office"), **POST_ONLY, **OBJECT
    ),
    "portal:public": Address(fixed("/public/"), shows_foreign="notices are for the public", **PUBLIC),
    "portal:public_join": Address(fixed("/public/join/"), shows_foreign="calls for units are for the public", **PUBLIC),
    "portal:public_join_form": Address(fixed("/public/join/999999999/"), who=NOBODY, open_to="public"),
    "portal:public_join_confirm": Address(fixed(f"/public/join/confirm/{TOKEN}/"), who=NOBODY, open_to="public"),
    "portal:public_objection": Address(fixed(f"/public/objections/{TOKEN}/"), who=NOBODY, open_to="public"),
    "portal:public_notice": Address(
        lambda world, tenant: [
            At(f"/public/notices/{tenant.things.public_slug}/", "before the public"),
            At(f"/public/notices/{tenant.things.slug}/", "draft"),
        ],
        who={"before the public": EVERY_ROLE},
        sends={"before the public": EVERY_ROLE},
        shows_foreign="a notice is for the public",
        **PUBLIC,
    ),
    "portal:public_bases": Address(
        fixed("/public/bases/"), shows_foreign="the register of bases is for the public", **PUBLIC
    ),
    "portal:verify": Address(fixed("/verify/"), sends=EVERY_ROLE, **PUBLIC),
    "portal:verify_code": Address(
        lambda world, tenant: [f"/verify/{tenant.things.papers[0].code}/", "/verify/NOTHING/"],
        sends=EVERY_ROLE,
        shows_foreign="whoever holds a paper may ask whether it is real",
        **PUBLIC,
    ),
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
        (
            f"/placements/new/?base={cases['recognition'].pk}&student={cases['placement'].student_id}",
            {"f-base": cases["recognition"].pk, "f-number": cases["placement"].student.number},
        ),
        (f"/placements/?base={cases['recognition'].pk}&student={cases['placement'].student_id}", {}),
        ("/lists/", {"pick": cases["list"].pk, "bulk": "x"}),
        ("/applications/", {"pick": cases["application"].pk, "bulk": "x"}),
    ]
