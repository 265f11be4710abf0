"""催办: telling a unit that has not sent yet. Changes no state; stands in the call's log."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Call
from core import clock, outbox
from core.door import Forbidden, record_event
from core.language import in_source_language
from core.models import TransitionLog
from tenants.models import Membership, Organisation

HOLDERS = {"university": ("graduate_office",), "college": ("secretary",)}


def remind_unit(call: Call, unit: Organisation, actor) -> str:
    """Tell the unit's clerks in the portal and by mail, once a day at most. Returns "" or why nobody was told.

    Raises Forbidden for somebody who does not run the call.
    """
    if not actor.may("applications.run_call", call):
        raise Forbidden(_("催办由%(o)s的经办人办理。") % {"o": call.owner})
    today = clock.today()
    with transaction.atomic():
        Call.objects.select_for_update().filter(pk=call.pk).first()
        told = TransitionLog.objects.filter(
            case_kind="call", case_id=call.pk, transition="remind", reason=unit.display_name, on=today
        )
        if told.exists():
            return _("今天已经催办过。")
        people = list(Membership.objects.of(unit, *HOLDERS[unit.kind]))
        if not people:
            return _("该单位还没有可以接收消息的经办人。")
        closes = call.window_for(unit)[1]
        until = clock.local(closes).strftime("%Y-%m-%d %H:%M") if closes else _("常年受理")
        with in_source_language():
            outbox.notify(
                people,
                _("催办：%(c)s") % {"c": call.title},
                _("截至目前尚未收到贵单位的报送。截止时间：%(t)s。") % {"t": until},
                call.get_absolute_url(),
                key=f"remind:{call.pk}:{unit.pk}:{today.isoformat()}",
            )
            record_event(call, "remind", _("催办"), actor, reason=unit.display_name)
    return ""
