"""Builds the demo's organisations and people through this room's own services, with the clock turned back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from django.db import transaction

from core import clock
from core.door import SystemActor
from tenants.demo.accounts import hash_of, password_of
from tenants.models import Division, Membership, Organisation, User
from tenants.services import members, organisations

WORLD = Path(__file__).with_name("world.yaml")
ACTOR = SystemActor(name="演示数据")


@dataclass
class World:
    """What was built, by the ids and logins of the world file."""

    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    facts: dict = field(default_factory=dict)

    def membership(self, login_or_id: str, role: str | None = None) -> Membership:
        """A person's membership in a role (default: their first). Raises LookupError where there is none."""
        user = self.people[login_or_id]
        rows = Membership.objects.filter(user=user, state="active").select_related("user", "organisation")
        membership = (rows.filter(role=role) if role else rows).order_by("pk").first()
        if membership is None:
            raise LookupError(f"{login_or_id} has no membership {role or ''}")
        return membership


def load(path: str | Path | None = None) -> dict:
    """The world file as data."""
    return yaml.safe_load(Path(path or WORLD).read_text(encoding="utf-8"))


def create_organisations_and_people(path: str | Path | None = None) -> World:
    """Create what the world file says, or find it where it stands already; a second run adds nothing."""
    facts = load(path)
    world = World(facts=facts)
    since = clock.aware(facts["meta"]["since"]) + dt.timedelta(hours=9)
    with transaction.atomic():
        for row in facts["divisions"]:
            Division.objects.get_or_create(code=row["code"], defaults={"name": row["name"], "is_demo": True})
        with clock.travel(since):
            for row in facts["organisations"]:
                world.organisations[row["id"]] = _organisation(row, world)
        for position, row in enumerate(facts["people"], start=1):
            _person(row, position, world, since)
    return world


def _organisation(row: dict, world: World) -> Organisation:
    parent = world.organisations.get(row.get("parent", ""))
    existing = Organisation.objects.filter(is_demo=True, kind=row["kind"], name=row["name"], parent=parent).first()
    if existing:
        return existing
    data = {name: value for name, value in row.items() if name in organisations.EDITABLE}
    if row["kind"] == "partner":
        organisation, _new = organisations.introduce_partner(ACTOR, data)
    else:
        organisation = organisations.create_unit(ACTOR, parent, row["kind"], data)
    organisation.is_demo = True
    organisation.save(update_fields=["is_demo"])
    for name in row.get("sites", ()):
        organisations.save_site(ACTOR, organisation, {"name": name, "division": organisation.division})
    return organisation


def _person(row: dict, position: int, world: World, since: dt.datetime) -> None:
    login = row["login"]
    user = User.objects.filter(username=login).first()
    if user is None:
        user = User(
            username=login,
            name=row["name"],
            email=f"{login}@demo.invalid",
            phone=f"1990000{position:04d}",
            post=row.get("post", ""),
            fields=row.get("fields", []),
            employer=world.organisations.get(row.get("employer", "")),
            employer_name=row.get("employer_name", ""),
            is_demo=True,
            password=hash_of(password_of(login)),
            date_joined=since,
        )
        user.save()
        for part in row["memberships"]:
            _join(user, part, world, since)
    world.people[login] = user
    if "id" in row:
        world.people[row["id"]] = user


def _join(user: User, part: dict, world: World, since: dt.datetime) -> None:
    from_on = part.get("from") or since.date()
    until_on = clock.today() + dt.timedelta(days=part["for_days"]) if "for_days" in part else None
    with clock.travel(clock.aware(from_on) + dt.timedelta(hours=9)):
        members.add_member(
            ACTOR, user, world.organisations[part["in"]], part["role"], from_on=from_on, until_on=until_on
        )
