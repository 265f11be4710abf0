"""The application behind an agreement or a base: a case of a room above, known here by its number alone."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from core.door import case_model

KIND = "application"  # no case: the one place in this room that names it; `application_id` is a reference as data


def rows() -> QuerySet:
    """All of them, unscoped: for the house's own work."""
    return case_model(KIND)._base_manager.all()


def visible_to(actor: Any) -> QuerySet:
    """Those that exist for an actor."""
    return case_model(KIND).objects.visible_to(actor)


def case(pk: int | None) -> Any:
    """The application by its number; None without one."""
    return rows().filter(pk=pk).first() if pk else None
