"""What `manage.py check` says of the door: moves that nobody loaded, tables that nothing guards."""

from __future__ import annotations

from django.core.checks import Error, Tags, register
from django.db import connections

from core import door, triggers


@register
def moves_are_loaded(app_configs=None, **kwargs) -> list[Error]:
    """Every kind of case has its moves; a model alone could do nothing, and a page would show no button."""
    errors = []
    for kind, model in door.kinds().items():
        try:
            door.moves(model)
        except LookupError as error:
            errors.append(Error(str(error), obj=model, id="core.E001", hint=f"case kind {kind!r}"))
    return errors


@register(Tags.database)
def tables_are_guarded(app_configs=None, databases=None, **kwargs) -> list[Error]:
    """Every table that should be guarded is, in the database as it stands."""
    return [
        Error(f"{table} has not the triggers that guard it", hint="run manage.py prepare migrate", id="core.E002")
        for alias in databases or []
        for table in triggers.unguarded(connections[alias])
    ]
