"""What people and organisations have said of how they want to be told of what is due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core import channels, clock, ledger
from core.ledger import kinds
from tenants import rights
from tenants.directory import Directory, below
from tenants.models import MutedKind, Organisation, ReminderDays, Robot, User
from tenants.services.acts import allow, note

MOST_DAYS = 365


def choose(user: User, muted: set[str]) -> None:
    """Keep which kinds a person wants to hear nothing of."""
    with transaction.atomic():
        MutedKind.objects.filter(user=user).exclude(kind__in=muted).delete()
        MutedKind.objects.bulk_create(
            [MutedKind(user=user, kind=code) for code in sorted(muted)], ignore_conflicts=True
        )


@dataclass(frozen=True)
class Days:
    """The days of a kind for an organisation's page, and the rows that say so, the newest first."""

    code: str
    label: Any
    days: tuple[int, ...]
    rows: list[ReminderDays]


def days_of(organisation: Organisation) -> list[Days]:
    """For each kind that is reminded of in stages: what holds today, and what has been said of it."""
    rows = list(ReminderDays.objects.filter(organisation=organisation).order_by("-pk"))
    answer = Directory().stages
    return [
        Days(
            code,
            kinds.of(code).label,
            answer(organisation.pk, code, clock.today()),
            [row for row in rows if row.kind == code][:5],
        )
        for code in kinds.settable()
    ]


def set_days(actor, organisation: Organisation, code: str, days: list[int]) -> str:
    """Keep from today on how many days ahead an organisation is reminded; what is open follows. Returns what is wrong with
    it, "" for nothing. Raises Forbidden."""
    allow(actor, rights.MANAGE_ORGANISATION, organisation, _("由本单位管理员设置。"))
    wanted = sorted(set(days), reverse=True)
    most = 1 if kinds.of(code).after else 8
    if code not in kinds.settable() or not wanted or len(wanted) > most or not 0 < wanted[-1] <= wanted[0] <= MOST_DAYS:
        return _("请填写1至%(most)s个天数，每个在1至%(n)s之间，用逗号隔开，如“90，60，30，7”。") % {
            "most": most,
            "n": MOST_DAYS,
        }
    with transaction.atomic():
        ReminderDays.objects.create(
            organisation=organisation, kind=code, days=wanted, from_on=clock.today(), by=actor.name
        )
        if code in kinds.staged():
            ledger.restage(code, _following(organisation, code), wanted)
        words = ", ".join(map(str, wanted))
        note(organisation, "reminder_days", gettext_noop("设置到期提醒天数"), actor, kind=code, days=words)
    return ""


def _following(organisation: Organisation, code: str) -> list[int]:
    """The organisation and whoever below it hears of a kind on its days: not those who have days of their own, nor those
    below these."""
    rows = Organisation.objects.filter(pk__in=below(organisation.pk)).values_list("pk", "parent_id")
    own = ReminderDays.objects.filter(kind=code, organisation__in=[pk for pk, _parent in rows])
    apart = set(own.exclude(organisation=organisation).values_list("organisation_id", flat=True))
    return [pk for pk, parent in rows if pk not in apart and (pk == organisation.pk or parent not in apart)]


def robots_of(organisation: Organisation) -> list[tuple[str, Any, Robot | None]]:
    """Every kind of robot with the organisation's own, if there is one."""
    own = {row.kind: row for row in Robot.objects.filter(organisation=organisation)}
    return [(code, label, own.get(code)) for code, label in Robot.KINDS]


def set_robot(actor, organisation: Organisation, code: str, url: str, secret: str) -> str:
    """Keep or, without an address, end an organisation's robot. Returns what is wrong with it. Raises Forbidden."""
    allow(actor, rights.MANAGE_ORGANISATION, organisation, _("由本单位管理员设置。"))
    if code not in dict(Robot.KINDS):
        return _("没有这种群机器人。")
    if url and not channels.is_robot_address(url):
        return _("地址须以%(hosts)s开头。请从群机器人的设置页复制完整的Webhook地址。") % {
            "hosts": "、".join(channels.robot_prefixes())
        }
    with transaction.atomic():
        Robot.objects.filter(organisation=organisation, kind=code).delete()
        if url:
            Robot.objects.create(
                organisation=organisation, kind=code, url=url, secret=secret[:200], by=actor.name, at=clock.now()
            )
        what = gettext_noop("设置群机器人") if url else gettext_noop("停用群机器人")
        note(organisation, "robot", what, actor, kind=code)
    return ""
