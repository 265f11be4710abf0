"""How calls are run: announcing, quotas, extensions, the university's own deadline."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from core import clock, ledger
from core.door import Act
from core.findings import Finding
from regulations.rules import check
from tenants.models import Membership, Organisation


def open_findings(call, act: Act) -> list[Finding]:
    """The rules of the gate "call.open", and a window that is not over."""
    findings = check(call.profile, "call.open", call, clock.today())
    findings += unending(call.profile, call.closes_at)
    if call.standing:
        return findings
    if call.closes_at <= clock.now():
        findings.append(Finding("", "hard", _("截止时间%(t)s已过，不能发布。") % {"t": _minute(call.closes_at)}))
    if call.opens_at >= call.closes_at:
        findings.append(Finding("", "hard", _("开始时间晚于截止时间。")))
    return findings


def unending(profile, closes_at: dt.datetime | None) -> list[Finding]:
    """A call without an end, where the regulation takes applications within a window only (NM-8.2c)."""
    declared = profile.apply.call if profile.apply else None
    window = declared.window if declared else None
    if closes_at is not None or window is None or not window.value:
        return []
    message = _("本办法要求在限定时间内申报，没有截止时间的批次不能发布。")
    return [
        Finding(window.clause or "", "hard", message, {"closes_at": None}, _("请填写截止日期。"), field="closes_on")
    ]


def window_words(opens: dt.datetime, closes: dt.datetime | None) -> str:
    """A window in words; one without an end is open at any time."""
    if closes is None:
        return _("自%(a)s起常年受理") % {"a": _minute(opens)}
    return _("%(a)s 至 %(b)s") % {"a": _minute(opens), "b": _minute(closes)}


def _minute(moment: dt.datetime) -> str:
    return clock.local(moment).strftime("%Y-%m-%d %H:%M")


def addressed(call) -> list[tuple[int, str]]:
    """The units that a call is addressed to, as (id, name): the authority's universities, the university's colleges."""
    if call.authority_id:
        units = Organisation.objects.filter(kind="university", parent=call.authority, active=True)
    else:
        units = Organisation.objects.filter(kind="college", parent=call.university, active=True)
    return [(unit.pk, unit.display_name) for unit in units.order_by("name")]


def _unit(call, act: Act):
    row, _created = call.units.get_or_create(organisation_id=int(act.data["organisation"]))
    return row


def announce(call, act: Act) -> None:
    """Tell everybody below, and enter the close as something due."""
    if call.authority_id:
        below = Organisation.objects.filter(parent=call.authority, kind="university", active=True)
        people = Membership.objects.usable().filter(organisation__in=below, role="graduate_office")
    else:
        below = Organisation.objects.filter(parent=call.university, kind="college", active=True)
        people = Membership.objects.usable().filter(organisation__in=below, role="secretary")
    act.notify(
        people.select_related("user"),
        _("申报通知：%(c)s") % {"c": call.title},
        _("常年受理，随时可以申报。") if call.standing else _("截止时间：%(t)s") % {"t": _minute(call.closes_at)},
    )
    for organisation in () if call.standing else below:
        _owe(call, organisation.pk, call.closes_at)
    end_by_date(call)


def _last(call) -> dt.datetime:
    """When the last window of a call ends, extensions included."""
    return max([call.closes_at, *call.units.exclude(extended_until=None).values_list("extended_until", flat=True)])


def end_by_date(call) -> None:
    """The call ends by itself the day after its last window; a standing one never."""
    if call.standing:
        return
    window = call.profile.apply.call.window if call.profile.apply and call.profile.apply.call else None
    key = f"call_end:{call.pk}"
    ledger.owe(
        key,
        kind="call_end",
        title=_("批次结束：%(c)s") % {"c": call.title},
        due_on=clock.local(_last(call)).date(),
        organisation_id=call.owner.pk,
        role="officer" if call.authority_id else "graduate_office",
        case=call,
        clause=(window.clause if window else None) or "",
        handler="applications.end_call",
    )
    ledger.reopen(key)


@ledger.handler("applications.end_call", says=lazy("最后的截止时间%(day)s已过，申报已截止。"), move="close")
def _end(entry, on: dt.date) -> None:
    """The day after a call's last window: the ledger ends the call."""
    ledger.carry_out(entry, "close", {"reason": _("最后的截止时间已过，系统按期结束。")})


def _owe(call, organisation_id: int, until: dt.datetime) -> None:
    """What a unit has to send is due until then; an extension moves the day."""
    ledger.owe(
        f"call:{call.pk}:{organisation_id}",
        kind="call",
        title=_("申报截止：%(c)s") % {"c": call.title},
        due_on=clock.local(until).date(),
        organisation_id=organisation_id,
        role="graduate_office" if call.authority_id else "secretary",
        case=call,
        remind_days=7,
    )


def set_quota(call, act: Act) -> None:
    row = _unit(call, act)
    row.quota = act.data["number"]
    row.factors = {key[7:]: value for key, value in act.data.items() if key.startswith("factor_") and value}
    row.save()


def extension_findings(call, act: Act) -> list[Finding]:
    """An extension ends later than the call and not in the past; a standing call needs none."""
    if call.standing:
        return [Finding("", "hard", _("本批次常年受理，没有截止时间，无需延期。"))]
    until = act.data.get("until")
    if until and _end_of(until) <= max(call.closes_at, clock.now()):
        return [
            Finding(
                "",
                "hard",
                _("延期至%(d)s不晚于原截止时间%(c)s或当前时间。") % {"d": until, "c": _minute(call.closes_at)},
                {"until": until},
                field="until",
            )
        ]
    return []


def _end_of(day: str) -> dt.datetime:
    return clock.aware(dt.datetime.combine(dt.date.fromisoformat(day), dt.time(23, 59, 59)))


def extend(call, act: Act) -> None:
    row = _unit(call, act)
    row.extended_until = _end_of(act.data["until"])
    row.extension_letter, row.extension_reason = act.data["letter"], act.data["reason"]
    row.save()
    _owe(call, row.organisation_id, row.extended_until)
    ledger.reopen(f"call:{call.pk}:{row.organisation_id}")
    end_by_date(call)
    act.notify(
        Membership.objects.of(row.organisation_id, "graduate_office", "secretary"),
        _("申报延期：%(c)s") % {"c": call.title},
        _("延期至%(d)s，函号%(n)s") % {"d": act.data["until"], "n": act.data["letter"]},
    )


def deadline_findings(call, act: Act) -> list[Finding]:
    """A university's own date lies before the authority's."""
    day = act.data.get("day")
    _opens, closes = call.window_for(act.actor.organisation)
    if day and closes is not None and _end_of(day) > closes + dt.timedelta(days=1):
        return [
            Finding(
                "",
                "hard",
                _("校内截止日%(d)s晚于申报截止时间%(c)s。") % {"d": day, "c": _minute(closes)},
                {"day": day},
                field="day",
            )
        ]
    return []


def set_school_deadline(call, act: Act) -> None:
    row, _created = call.units.get_or_create(organisation_id=act.actor.organisation_id)
    day, closes = _end_of(act.data["day"]), call.window_for(act.actor.organisation)[1]
    row.school_deadline = day if closes is None else min(day, closes)
    row.save()
    colleges = Organisation.objects.filter(parent_id=act.actor.organisation_id, kind="college", active=True)
    act.notify(
        Membership.objects.usable().filter(organisation__in=colleges, role="secretary").select_related("user"),
        _("校内截止时间：%(c)s") % {"c": call.title},
        act.data["day"],
    )


def close_findings(call, act: Act) -> list[Finding]:
    """A call is ended only after its last window, extensions included; a standing one whenever who runs it wants."""
    if call.standing:
        return []
    last = _last(call)
    if clock.now() <= last:
        return [Finding("", "hard", _("最后的截止时间%(t)s未到，不能结束。") % {"t": _minute(last)})]
    return []


def lock_places(call, organisation) -> None:
    """Lock the unit's row of the call until the act is done: whoever takes the last place does so alone."""
    list(call.units.select_for_update().filter(organisation=organisation))
