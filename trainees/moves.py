"""The moves of a placement."""

from __future__ import annotations

import datetime as dt

from django.db.models import Max
from django.utils.translation import gettext as words
from django.utils.translation import gettext_lazy as _

from bases.effects import when_a_base_ends
from bases.models import Recognition
from core import ledger
from core.door import Act, move, moves_of
from trainees import gates, services, specs
from trainees.models import Insurance, Placement
from trainees.queries import STANDING
from trainees.services import MANAGE, starting


@moves_of(Placement)
class PlacementMoves:
    """A stay is planned, the student goes, and the stay ends. What a base decides on later never ends it."""

    @move(
        source="planned",
        target="active",
        label=_("登记进入基地"),
        permission=MANAGE,
        form=specs.entry,
        conditions=[gates.start],
        primary=True,
    )
    def start(self: Placement, act: Act) -> None:
        """The student goes to the base, once everything is there that its regulation asks for."""
        self.entered_on = dt.date.fromisoformat(act.data["entered_on"])
        ledger.settle(starting(self))

    @move(
        source=STANDING,
        label=_("安排导师"),
        permission=MANAGE,
        form=specs.mentors,
        conditions=[gates.mentors],
    )
    def assign_mentors(self: Placement, act: Act) -> None:
        """Name the mentors of both sides, or others in their place."""
        self.university_mentor = specs.mentor_named(act.data.get("university_mentor"))
        self.base_mentor = specs.mentor_named(act.data.get("base_mentor"))

    @move(source=STANDING, label=_("登记保险"), permission=MANAGE, form=specs.insurance)
    def insure(self: Placement, act: Act) -> None:
        """Enter a policy that covers the student; a further one carries on where an earlier one ends."""
        period, scan = act.data["period"], act.data.get("scan") or []
        Insurance.objects.create(
            placement=self,
            insurer=act.data["insurer"],
            policy=act.data["policy"],
            starts_on=dt.date.fromisoformat(period["from"]),
            ends_on=dt.date.fromisoformat(period["to"]),
            scan_id=scan[0] if scan else None,
        )
        self.insured_until = self.insurances.aggregate(last=Max("ends_on"))["last"]

    @move(
        source="active",
        target="ended",
        label=_("登记结束"),
        permission=MANAGE,
        form=specs.ending,
        conditions=[gates.ending],
        primary=True,
    )
    def end(self: Placement, act: Act) -> None:
        """The student has left the base, on a day."""
        self.left_on, self.end_reason = dt.date.fromisoformat(act.data["left_on"]), act.data.get("reason") or ""
        ledger.settle_case(self)

    @move(
        source="planned",
        target="cancelled",
        label=_("取消安排"),
        permission=MANAGE,
        form=specs.give_reason,
        confirm=_("取消后不能恢复，可另行安排。"),
    )
    def cancel(self: Placement, act: Act) -> None:
        """Give the plan up before the student went."""
        self.end_reason = act.data["reason"]
        ledger.settle_case(self)

    @move(
        source="planned",
        target="cancelled",
        label=_("随基地终止取消"),
        permission="",
        system=True,
        hidden=True,
    )
    def end_with_base(self: Placement, act: Act) -> None:
        """The base is one no longer before the student went: whoever is concerned is told, and plans anew."""
        services.base_has_ended(self, act)


@when_a_base_ends
def cancel_planned(recognition: Recognition, act: Act) -> None:
    """Nobody comes any more from the day of the end on; who is there already goes on. Who was to come before that day
    may be there: whoever looks after them says so, or cancels."""
    for placement in recognition.placements.filter(state="planned", starts_on__gte=recognition.ended_on).order_by("pk"):
        reason = words("基地已于%(day)s终止（%(why)s）。") % {"day": recognition.ended_on, "why": recognition.end_label}
        act.then(placement, "end_with_base", {"reason": reason, "clause": recognition.end_clause})
