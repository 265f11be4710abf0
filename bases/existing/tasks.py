"""Work after the commit: thin, each calls one function."""

from __future__ import annotations

from bases.existing import work
from core import outbox
from tenants.models import Membership


@outbox.task
def check_sheet(backfill: int) -> None:
    """Read and check an uploaded sheet."""
    work.check_sheet(backfill)


@outbox.task
def enter_sheet(backfill: int, membership: int) -> None:
    """Enter the rows of a checked sheet, as the member who confirmed it."""
    work.enter_sheet(backfill, Membership.objects.select_related("user", "organisation__parent").get(pk=membership))
