"""What every act on organisations and members does: ask for permission, write the log line."""

from __future__ import annotations

from contextlib import contextmanager

from django.db import transaction

from core.door import Actor, Forbidden, SystemActor, record_event
from core.models import TransitionLog
from tenants.models import Organisation


@contextmanager
def one_at_a_time(organisation: Organisation):
    """A transaction in which nothing else of this kind is begun for the organisation: whoever looks whether something
    was begun already and begins it otherwise, sees what a second click at the same moment has begun.
    """
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
        yield


def allow(actor: Actor, permission: str, organisation: Organisation, who: str) -> None:
    """Raise Forbidden, naming whose business it is, unless the actor may. The portal itself may."""
    if not isinstance(actor, SystemActor) and not actor.may(permission, organisation):
        raise Forbidden(who)


def note(organisation: Organisation, code: str, label: str, actor: Actor, reason: str = "", **data) -> None:
    """Write one line about an organisation or its people to the append-only log."""
    record_event(
        organisation,
        code,
        label,
        actor,
        reason=reason,
        data={name: value for name, value in data.items() if value not in ("", None)},
    )


def history(organisation: Organisation, limit: int = 30) -> list:
    """The newest lines about an organisation, newest first."""
    lines = TransitionLog.objects.filter(case_kind=Organisation.case_kind, case_id=organisation.pk)
    return list(lines.order_by("-id")[:limit])
