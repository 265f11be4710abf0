"""Two whole tenants for the crawl: everything of the second one carries the mark FOREIGN in its texts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from types import SimpleNamespace
from urllib.parse import urlsplit

from core import clock
from core.models import InboxMessage
from regulations import loader, services
from regulations.models import RegulationVersion
from tenants import roles
from tenants.models import Membership, Organisation, PartnerSite, UnitRegistration, User
from tenants.services import invitations, members
from tests.crawl import cases
from trainees.models import StudentSheet

FOREIGN = "异乡"
HOME = "本地"


@dataclass
class Tenant:
    """A department, a university, a college, a partner unit, everybody in them, and objects of every kind."""

    mark: str
    units: dict[str, Organisation] = field(default_factory=dict)
    members: dict[tuple[str, str], Membership] = field(default_factory=dict)
    things: SimpleNamespace = field(default_factory=SimpleNamespace)


@dataclass
class World:
    """The reader's tenant, the foreign one, what belongs to nobody, and people outside the ordinary."""

    own: Tenant
    foreign: Tenant
    version: RegulationVersion
    outsiders: dict[str, User] = field(default_factory=dict)
    media: str = ""


def _user(login: str, name: str) -> User:
    return User.objects.create(username=login, name=name, email=f"{login}@example.invalid", phone="13800001111")


def _tenant(mark: str, code: str, version: RegulationVersion, listing: RegulationVersion, *more) -> Tenant:
    tenant = Tenant(mark)
    department = Organisation.objects.create(kind="department", name=f"{mark}省厅", division="510000")
    university = Organisation.objects.create(kind="university", name=f"{mark}大学", parent=department)
    college = Organisation.objects.create(kind="college", name=f"{mark}学院", parent=university)
    partner = Organisation.objects.create(
        kind="partner", name=f"{mark}合作单位", uscc_absent_reason=f"{mark}原因", created_by=college
    )
    tenant.units = {
        "department": department,
        "university": university,
        "college": college,
        "partner": partner,
    }
    for kind, unit in tenant.units.items():
        for role in roles.ROLES[kind]:
            login = f"{code}.{kind}.{role}"
            until = clock.today() + dt.timedelta(days=30) if role in roles.TIMED_ROLES else None
            tenant.members[kind, role] = Membership.objects.create(
                user=_user(login, f"{mark}{kind}{role}"), organisation=unit, role=role, until_on=until
            )
    things = tenant.things
    things.site = PartnerSite.objects.create(organisation=partner, name=f"{mark}院区")
    things.invitations = {}
    things.delegations = {}
    for kind, unit in tenant.units.items():
        admin = tenant.members[kind, roles.ADMIN_ROLE[kind]]
        things.invitations[kind] = invitations.invite(admin, unit, "expert", name=f"{mark}受邀人")
        colleague = Membership.objects.create(
            user=_user(f"{code}.{kind}.second", f"{mark}同事"), organisation=unit, role=roles.ADMIN_ROLE[kind]
        )
        later = clock.today() + dt.timedelta(days=3)
        things.delegations[kind] = members.delegate(admin, colleague, clock.today(), later, f"{mark}出差")
    things.student_sheet = StudentSheet.objects.create(
        university=university,
        college=college,
        file_name=f"{mark}名单.xlsx",
        state="faulty",
        made_by=tenant.members["college", "secretary"],
    )
    things.registration = UnitRegistration.objects.create(
        number=f"DJ-{code}",
        university=tenant.units["university"],
        about_id=0,
        about="常年受理",
        name=f"{mark}外单位",
        unit={"name": f"{mark}外单位", "uscc_absent_reason": "不公开"},
        contact=f"{mark}联系人",
        email="unit@example.invalid",
        phone="13900000000",
    )
    things.link = urlsplit(invitations.link_of(things.invitations["college"])).path
    clerk = tenant.members["university", "graduate_office"]
    made = cases.build(
        mark,
        tenant.units,
        version,
        listing,
        *more,
        clerk,
        tenant.members["university", "expert"],
        serial=1 if mark == HOME else 2,
    )
    things.__dict__.update(made.__dict__)
    things.public_slug = things.in_states["notice", "publicised"].slug
    things.messages = {
        role: InboxMessage.objects.create(user=membership.user, title=f"{mark}消息", membership_id=membership.pk)
        for role, membership in tenant.members.items()
    }
    return tenant


def _published(code: str) -> RegulationVersion:
    path = next(path for path in loader.all_profiles() if path.stem == code or path.parent.name == code)
    stored, _how = services.store(loader.load(path))
    return services.publish(stored, dt.date(2023, 1, 1))


def build() -> World:
    """Make both tenants, each under its own regulations."""
    version, listing = _published("xcu"), _published("nm")
    versions = (version, listing, _published("lcu"))
    world = World(_tenant(HOME, "own", *versions), _tenant(FOREIGN, "foreign", *versions), version)
    for tenant in (world.own, world.foreign):
        services.adopt(tenant.units["university"], "school", version.regulation, dt.date(2023, 1, 1))
        services.adopt(tenant.units["department"], "provincial", listing.regulation, dt.date(2023, 1, 1))
    college = world.own.units["college"]
    world.outsiders = {"nobody": _user("out.nobody", "无单位者")}
    for state in ("suspended", "ended"):
        user = _user(f"out.{state}", "已离任者")
        Membership.objects.create(user=user, organisation=college, role="secretary", state=state)
        world.outsiders[state] = user
    late = _user("out.late", "期满审计")
    yesterday = clock.today() - dt.timedelta(days=1)
    Membership.objects.create(user=late, organisation=world.own.units["university"], role="auditor", until_on=yesterday)
    world.outsiders["late auditor"] = late
    root = _user("out.root", "超级用户")
    User.objects.filter(pk=root.pk).update(is_superuser=True, is_staff=True)
    world.outsiders["superuser"] = User.objects.get(pk=root.pk)
    return world
