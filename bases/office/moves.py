"""The moves of an office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bases import specs
from bases.models import Office
from bases.office import services
from casework import records
from core.door import Act, move, moves_of


@moves_of(Office)
class OfficeMoves:
    """An office enters what its regulation asks it to keep."""

    @move(
        source="open",
        label=_("新增记录"),
        permission="bases.office_record",
        form=specs.record,
        hidden=True,
        conditions=[records.findings],
    )
    def enter_record(self: Office, act: Act) -> None:
        """Enter a dated record about the organisation: a body, a plan, a budget, a task that was done."""
        records.keep(self, act)

    @move(
        source="open",
        target="closed",
        label=_("停用"),
        permission="bases.run_office",
        form=specs.give_reason,
        confirm=_("停用后不能再登记；适用新的办法时可重新启用。"),
    )
    def close(self: Office, act: Act) -> None:
        """Close it, because another regulation governs from now on."""
        services.close(self, act)
