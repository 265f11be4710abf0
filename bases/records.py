"""Dated entries on a base: who may make them, which rules they meet, matters that somebody has to settle."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from casework.models import Record
from core import clock, ledger
from core.door import Act, get_case
from core.findings import Finding
from regulations.rules import check
from tenants.models import Membership


def declared(recognition, kind: str):
    """The record type of the recognition's profile, or None."""
    return recognition.profile.records.get(kind)


def findings(recognition, act: Act) -> list[Finding]:
    """A record of a declared type, by one of its authors, that meets the rules of its own gate."""
    kind = str(act.raw.get("type") or "")
    own = declared(recognition, kind)
    if own is None:
        return [Finding("", "hard", _("本办法没有这种记录。"), {"type": kind})]
    if own.authors and not any(is_actor(act.actor, recognition, author) for author in own.authors):
        return [Finding(own.clause or "", "hard", _("“%(t)s”不由您的角色填写。") % {"t": own.title})]
    return _not_ahead(act) + check(
        recognition.profile, f"record.save:{kind}", recognition, clock.today(), answers={kind: act.data}
    )


def is_actor(actor, recognition, named) -> bool:
    """Whether somebody acts in the unit and role that a profile names."""
    return named.role == actor.role and getattr(recognition, f"{named.unit}_id") == actor.organisation_id


def _not_ahead(act: Act) -> list[Finding]:
    on = act.data.get("on")
    if on and dt.date.fromisoformat(on) > clock.today():
        return [Finding("", "hard", _("发生日期不能晚于今天。"), {"on": on}, field="on")]
    return []


def keep(recognition, act: Act) -> Record:
    """Keep the record. Of a standing type it replaces the one before; a matter goes to whoever has to settle it."""
    kind = str(act.raw["type"])
    own = declared(recognition, kind)
    due = act.data.get(own.matter.due) if own.matter and own.matter.due else None
    entry = _enter(recognition, kind, act, due_on=dt.date.fromisoformat(due) if due else None)
    if own.standing:
        _rows(recognition, kind).exclude(pk=entry.pk).filter(replaced_by=None).update(replaced_by=entry)
    if own.matter:
        _hand_over(recognition, own, entry, act)
    return entry


def _rows(recognition, kind: str):
    return Record.objects.filter(subject_kind=recognition.case_kind, subject_id=recognition.pk, type=kind)


def _enter(recognition, kind: str, act: Act, **more) -> Record:
    title = str(declared(recognition, kind).title)
    entry = Record.objects.create(
        type=kind,
        subject_kind=recognition.case_kind,
        subject_id=recognition.pk,
        title=title,
        on=dt.date.fromisoformat(act.data["on"]),
        organisation_id=act.actor.organisation_id,
        regulation_version=recognition.regulation_version,
        entered_by=act.actor.name,
        **{"answers": act.data, **more},
    )
    act.step_title, act.facts["record"] = title, entry.pk
    return entry


def _hand_over(recognition, own, entry: Record, act: Act) -> None:
    unit_id = getattr(recognition, f"{own.matter.unit}_id")
    if entry.due_on:
        ledger.owe(
            f"record:{entry.pk}",
            kind="record",
            title=f"{entry.title}：{recognition.listed_title}",
            due_on=entry.due_on,
            organisation_id=unit_id,
            role=own.matter.role,
            case=recognition,
            clause=own.clause or "",
        )
    text = _("%(who)s提出，请于%(day)s前处理。") if entry.due_on else _("%(who)s提出，请处理。")
    act.notify(
        Membership.objects.of(unit_id, own.matter.role),
        f"{entry.title}：{recognition.listed_title}",
        text % {"who": act.actor.organisation_name or act.actor.name, "day": entry.due_on},
    )


# --- matters ------------------------------------------------------------------------------------------------------


def open_matters(recognition) -> list[Record]:
    """Entries on the base that wait for being settled, oldest first."""
    kinds = [key for key, kind in recognition.profile.records.items() if kind.matter]
    rows = Record.objects.filter(
        subject_kind=recognition.case_kind,
        subject_id=recognition.pk,
        type__in=kinds,
        replaced_by=None,
        settled_on=None,
    )
    return list(rows.order_by("pk")) if kinds else []


def settles(membership, entry: Record) -> bool:
    """Whether the membership is the one that the profile lets settle this matter."""
    recognition = get_case(entry.subject_kind, entry.subject_id)
    own = declared(recognition, entry.type)
    return own is not None and own.matter is not None and is_actor(membership, recognition, own.matter)


def settlers(entry: Record) -> list:
    """The organisation and role that the profile lets settle this matter."""
    recognition = get_case(entry.subject_kind, entry.subject_id)
    own = declared(recognition, entry.type)
    return [(getattr(recognition, own.matter.unit), [own.matter.role])] if own and own.matter else []


def settle_findings(recognition, act: Act) -> list[Finding]:
    """Settled on a day between the entry and today."""
    found = _not_ahead(act)
    entry: Record = act.subject
    if act.data.get("on") and act.data["on"] < entry.on.isoformat():
        found.append(Finding("", "hard", _("办结日期早于发生日期%(day)s。") % {"day": entry.on}, {}, field="on"))
    return found


def settle(recognition, act: Act) -> Record:
    """Close a matter by an entry of its own that carries what was asked and how it was settled."""
    before: Record = act.subject
    entry = _enter(
        recognition,
        before.type,
        act,
        due_on=before.due_on,
        settled_on=dt.date.fromisoformat(act.data["on"]),
        answers={**before.answers, **act.data},
    )
    Record.objects.filter(pk=before.pk).update(replaced_by=entry)
    ledger.settle(f"record:{before.pk}")
    people = Membership.objects.filter(
        organisation_id=before.organisation_id, role__in=("secretary", "contact", "graduate_office"), state="active"
    ).select_related("user")
    act.notify(people, _("已办结：%(t)s") % {"t": f"{entry.title}：{recognition.listed_title}"}, act.reason)
    return entry
