"""The robot of an organisation's group chat: once a day what its people were reminded of."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from core import channels, clock, outbox
from core.language import in_source_language
from core.ledger import kinds
from core.ledger.digests import Told, channel
from core.models import LedgerEntry, OutboxMessage
from tenants.models import Membership, Robot

SHOWN = 20  # rows that a robot names; the others are counted
AFTER = dt.timedelta(minutes=2)  # by then all digests of the day are told


@channel
def posts(told: list[Told], on: dt.date) -> list[OutboxMessage]:
    """One message a day to each robot of the organisations that somebody was told in."""
    robots = Robot.objects.filter(organisation_id__in={each.member.organisation_id for each in told})
    return [
        OutboxMessage(
            kind="robot",
            key=f"robot:{robot.pk}:{on.isoformat()}",
            payload={
                "to": robot.get_kind_display(),
                "subject": on.isoformat(),
                "compose": "tenants.robots.compose",
                "arguments": {"robot": robot.pk, "on": on.isoformat()},
            },
            organisation_id=robot.organisation_id,
            available_at=clock.real_now() + AFTER,
        )
        for robot in robots
    ]


@outbox.composer
def compose(robot: int, on: str) -> tuple[str, dict] | None:
    """The robot's address and what it says; None where it has gone or everything is done. Students are not named."""
    row = Robot.objects.filter(pk=robot).select_related("organisation").first()
    if row is None:
        return None
    members = Membership.objects.filter(organisation_id=row.organisation_id).exclude(role="expert").values("pk")
    rows = LedgerEntry.objects.filter(
        reminders__digest__on=on, reminders__digest__membership_id__in=members, done_at=None
    ).distinct()
    total = rows.count()
    if not total:
        return None
    with in_source_language():
        title = _("到期提醒：%(unit)s，%(n)s项") % {"unit": row.organisation.display_name, "n": total}
        lines = [
            f"{entry.due_on.isoformat()} {kinds.outside(entry)}" for entry in rows.order_by("due_on", "pk")[:SHOWN]
        ]
        if total > SHOWN:
            lines.append(_("……其余%(n)s项见到期台账。") % {"n": total - SHOWN})
    url = channels.signed(row.url, row.secret) if row.kind == "dingtalk" else row.url
    return url, channels.robot_words(row.kind, title, lines)
