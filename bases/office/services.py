"""Which regulation gives an organisation an office, and the office's beginning and end."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bases.models import Office
from casework import records
from core import clock, serials
from core.door import Act, Forbidden, create
from core.language import in_source_language
from regulations import wording
from regulations.models import Adoption
from regulations.services import governing


def declared_for(organisation: Any) -> list[Any]:
    """The versions that govern an organisation of its own today and give it an office."""
    versions = [governing(organisation, level, clock.today()) for level, _label in Adoption.LEVELS]
    fitting = [version for version in versions if version is not None and version.profile.office is not None]
    return [version for version in fitting if version.profile.office.unit == organisation.column]


def offices(membership: Any) -> list[Office]:
    """The offices that are there for a membership, the newest first."""
    rows = Office.objects.visible_to(membership).filter(state="open")
    return list(rows.select_related("regulation_version__regulation").order_by("-pk")[:10])


def openable(membership: Any) -> list[Any]:
    """The versions whose office the membership may open, because its own is not there yet."""
    organisation = membership.organisation
    if not membership.may("bases.open_office", organisation):
        return []
    there = set(
        Office.objects.filter(state="open", **{organisation.column: organisation}).values_list(
            "regulation_version_id", flat=True
        )
    )
    versions = [version for version in declared_for(organisation) if version.pk not in there]
    return [version for version in versions if version.profile.office.role in membership.acting_roles]


def open_office(actor: Any, version: Any) -> Office:
    """Open the office of the actor's organisation; its records that are owed at intervals begin today. Raises Forbidden
    for whoever is not its keeper, and where it is there already."""
    with in_source_language(), transaction.atomic():
        type(actor.organisation).objects.select_for_update().get(pk=actor.organisation_id)
        if version not in openable(actor):
            raise Forbidden(_("该办公室已经启用，或不由您的角色启用。"))
        office = create(
            Office(
                number=serials.number("BG", clock.today().year),
                title=wording.words(version.profile.office.title),
                regulation_version=version,
                **{actor.organisation.column: actor.organisation},
            ),
            actor,
        )
        records.begin(office, clock.today())
    return office


def runs(membership: Any, office: Office) -> bool:
    """Whether the membership keeps the office: the role that the regulation names."""
    own = office.declaration
    return own is not None and records.is_actor(membership, office, own)


def keepers(office: Office) -> list[tuple]:
    """The same, for the sentence that says whose business it is."""
    own = office.declaration
    return [(office.holder, [own.role])] if own is not None else []


def close(office: Office, act: Act) -> None:
    """Nothing is entered any more; what was stays readable, also on the page of the office that follows."""
