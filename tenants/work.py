"""What the portal could not do by itself for an organisation and those below it: mails that came back, tasks that were
set aside, acts by date that fail. Shown to the administrator, who has it tried again or says that it is seen to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core import clock, ledger
from core.door import Actor
from core.ledger.acts import failing
from core.models import LedgerEntry, OutboxMessage
from core.outbox import state
from tenants import rights, roles
from tenants.models import Organisation
from tenants.services.acts import allow, note

MOST = 50  # rows of each sort


@dataclass(frozen=True)
class Trouble:
    """One line of the box: what it is, since when, what was said, and what may be done about it."""

    name: str  # of the row: its sort and number
    what: str
    about: str
    url: str
    since: Any
    error: str
    label: Any = ""
    closable: bool = False


def troubles(organisation: Organisation) -> list[Trouble]:
    """What failed for an organisation and those below it, the newest first. What belongs to nobody in particular is shown
    where nothing stands above. Three queries."""
    units = _overseen(organisation)
    messages = [
        Trouble(
            f"message-{row.pk}",
            _("后台任务（生成或签章文件）")
            if row.kind == "task"
            else _("%(way)s：%(to)s") % {"way": row.get_kind_display(), "to": row.payload["to"]},
            row.payload.get("subject", "") if row.kind != "task" else "",
            _case_url(row),
            row.failed_at,
            row.error,
            row.get_fault_display(),
            closable=True,
        )
        for row in OutboxMessage.objects.filter(state.UNSEEN, units).order_by("-failed_at")[:MOST]
    ]
    return messages + [
        Trouble(
            f"entry-{row.pk}",
            row.title,
            row.case_title,
            _case_url(row),
            row.due_on,
            row.error,
            _("已试%(n)s次") % {"n": row.failures},
        )
        for row in failing().filter(units).order_by("-due_on")[:MOST]
    ]


def see_to(actor: Actor, organisation: Organisation, name: str, act: str) -> None:
    """Have one line tried again ("retry"), or take it off the box ("close"). Raises Forbidden; Http404 for a line that is
    not there."""
    allow(actor, rights.MANAGE_MEMBERS, organisation, _("由本单位管理员处理。"))
    sort, _dash, number = name.partition("-")
    rows: Any = {"message": OutboxMessage.objects.filter(state.UNSEEN), "entry": failing()}.get(sort)
    if rows is None or not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Http404
    row = rows.filter(_overseen(organisation), pk=number).first()
    if row is None or act not in ("retry", "close") or (act == "close" and sort == "entry"):
        raise Http404
    if act == "close":
        OutboxMessage.objects.filter(pk=row.pk).update(dealt_with_at=clock.real_now())
        note(organisation, "work_closed", gettext_noop("后台处理：不再处理"), actor, row=str(row))
        return
    if isinstance(row, LedgerEntry):
        ledger.retry(row)
    else:
        state.retry(row)
    note(organisation, "work_retried", gettext_noop("后台处理：再试一次"), actor, row=str(row))


def _overseen(organisation: Organisation) -> Q:
    """The rows of an organisation and those below it."""
    below = Organisation.objects.filter(
        Q(pk=organisation.pk) | Q(parent=organisation.pk) | Q(parent__parent=organisation.pk)
    )
    where = Q(organisation_id__in=below.values("pk"))
    if organisation.parent_id is None and organisation.kind != roles.PARTNER:
        where |= Q(organisation_id=None)
    return where


def _case_url(row: OutboxMessage | LedgerEntry) -> str:
    return f"/cases/{row.case_kind}/{row.case_id}/" if row.case_id else ""
