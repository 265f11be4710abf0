"""Moves by which what happens during a stay is written down and confirmed. None changes the stay's state."""

from __future__ import annotations

from django.utils.translation import gettext as words
from django.utils.translation import gettext_lazy as _

from bases import specs
from casework import records
from casework.models import Confirmation
from casework.records import confirming
from casework.specs import field, form
from core.door import Act, move, moves_of
from trainees.models import Placement

WRITE, CONFIRM, ENTER = "trainees.write_record", "trainees.confirm_record", "trainees.enter_confirmation"
READ = ("active", "interrupted", "assessing", "ended")


def said(placement, actor, data, subject: Confirmation) -> dict:
    """What somebody said of a report elsewhere: on which day, and what beside it."""
    name, _member = confirming.asked_of(placement, subject)
    label = words("%(who)s确认“%(what)s”（%(on)s）") % {
        "who": name,
        "what": subject.record.title,
        "on": subject.record.on,
    }
    return form(
        "said",
        words("代录确认"),
        {"key": "who", "type": "note", "label": label, "local": True},
        field("on", "date", words("确认日期"), help=words("对方答复（电话、当面、邮件等）的日期。")),
        field("comment", "longtext", words("对方意见"), required=False, max_chars=300),
    )


@moves_of(Placement)
class DuringMoves:
    """What is written during a stay, and who has seen it."""

    @move(
        source=READ,
        label=_("填写记录"),
        permission=WRITE,
        form=specs.record,
        hidden=True,
        conditions=[records.findings],
    )
    def enter_record(self: Placement, act: Act) -> None:
        """Enter a dated record of a type that the regulation wants of a stay."""
        records.keep(self, act)

    @move(
        source=READ,
        label=_("确认记录"),
        permission=CONFIRM,
        hidden=True,
        conditions=[confirming.findings],
    )
    def confirm_records(self: Placement, act: Act) -> None:
        """Whoever a record type names confirms entries of this stay."""
        confirming.confirm(self, act)

    @move(
        source=READ,
        label=_("代录确认"),
        permission=ENTER,
        form=said,
        subjects=confirming.waiting,
        hidden=True,
        conditions=[confirming.enter_findings],
    )
    def enter_confirmation(self: Placement, act: Act) -> None:
        """Enter what a mentor said elsewhere: their name stands with it, and who entered it."""
        confirming.enter(self, act)
