"""Entries: who may make them, which rules they meet, matters that somebody has to settle."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from casework.models import Record
from casework.models.regulated import RegulatedCase
from casework.records import cadence, clocks, confirming
from casework.records.subjects import belongs, is_actor, kept_by, subject_of, subjects_of
from core import clock, ledger, subjects
from core.door import Act, get_case
from core.findings import Finding
from regulations import gates, vocabulary
from regulations.rules import check
from tenants.models import Membership


def declared(case, kind: str):
    """The record type of the case's profile, or None."""
    return case.profile.records.get(kind)


def findings(case, act: Act) -> list[Finding]:
    """A record of a declared type, by one of its authors, that meets the rules of its own gate."""
    kind = str(act.raw.get("type") or "")
    own = declared(case, kind)
    if own is None:
        return [Finding("", "hard", _("本办法没有这种记录。"), {"type": kind})]
    if own.authors and not any(is_actor(act.actor, case, author) for author in own.authors):
        return [Finding(own.clause or "", "hard", _("“%(t)s”不由您的角色填写。") % {"t": own.title})]
    if not belongs(case, own) or subject_of(case, own) is None:
        return [Finding(own.clause or "", "hard", _("本事项没有“%(t)s”所记录的对象。") % {"t": own.title})]
    return _not_ahead(act) + check(case.profile, f"record.save:{kind}", case, clock.today(), answers={kind: act.data})


def _not_ahead(act: Act) -> list[Finding]:
    on = act.data.get("on")
    if on and dt.date.fromisoformat(on) > clock.today():
        return [Finding("", "hard", _("发生日期不能晚于今天。"), {"on": on}, field="on")]
    return []


def keep(case, act: Act) -> Record:
    """Keep the record. Of a standing type it replaces the one before; a matter goes to whoever has to settle it."""
    kind = str(act.raw["type"])
    own = declared(case, kind)
    due = act.data.get(own.matter.due) if own.matter and own.matter.due else None
    entry = _enter(case, kind, act, **({"due_on": dt.date.fromisoformat(due)} if due else {}))
    subject = subject_of(case, own)
    if own.standing:
        about(subject).filter(type=kind, replaced_by=None).exclude(pk=entry.pk).update(replaced_by=entry)
    if own.matter:
        _hand_over(case, own, entry, act)
    if own.cadence is not None and own.subject in vocabulary.RECORD_PAGES:
        clocks.entered(case, kind, own, entry)
    elif own.cadence is not None:
        cadence.entered(case, kind, own, subject, entry.on)
    confirming.ask(case, own, entry, act)
    return entry


def about(subject) -> QuerySet[Record]:
    """The records about a subject, on whichever case's page they were entered."""
    return Record.objects.filter(subject_kind=subjects.kind_of(subject), subject_id=subject.pk)


def shown(case) -> QuerySet[Record]:
    """The records that a case's page lists: those about anything that its regulation keeps records of."""
    among = Q(pk__in=())
    for kind, number in subjects_of(case):
        among |= Q(subject_kind=kind, subject_id=number)
    rows = Record.objects.filter(among, replaced_by=None, type__in=kept_by(case))
    return rows.select_related("organisation").order_by("-on", "-pk")


def hidden_documents(case, reader) -> set[int]:
    """Files of entries that a reader of the case's page does not read: those of types that name other readers. At most one
    query, none where all may be read."""
    if not isinstance(case, RegulatedCase) or case.governing_version() is None:
        return set()
    closed = {
        key: [field.key for field in own.fields if field.type == "file"]
        for key, own in kept_by(case).items()
        if own.readers and not reads(reader, case, own)
    }
    closed = {key: fields for key, fields in closed.items() if fields}
    if not closed:
        return set()
    rows = Record.about(case).filter(type__in=closed).values_list("type", "answers")
    return {pk for key, answers in rows for field in closed[key] for pk in answers.get(field) or ()}


def reads(reader, case, own) -> bool:
    """Whether somebody who sees a case reads its records of a type: everybody, where it names no readers; else these, whoever
    writes them and whoever is asked to confirm them."""
    return not own.readers or any(
        is_actor(reader, case, hand) for hand in (*own.readers, *own.authors, *own.confirmed_by)
    )


def missing(profile, gate: str, cases, on: dt.date) -> dict[int, list[Finding]]:
    """Gates that stay shut while a record of a type is missing: the findings of several cases by pk."""
    by_case: dict[int, list[Finding]] = {}
    for key, own in profile.records.items():
        if gate not in own.gates:
            continue
        of = {case.pk: subject_of(case, own) for case in cases}
        held = {subject.pk for subject in of.values() if subject is not None}
        kinds = {subjects.kind_of(subject) for subject in of.values() if subject is not None}
        rows = Record.objects.filter(type=key, subject_kind__in=kinds, subject_id__in=held, on__lte=on)
        if own.confirmed_by:
            rows = rows.exclude(confirmations__confirmed_at=None)
        present = set(rows.values_list("subject_kind", "subject_id"))
        for case in cases:
            subject = of[case.pk]
            if subject is None or (subjects.kind_of(subject), subject.pk) in present:
                continue
            message = _("还没有“%(t)s”的记录。") % {"t": own.title}
            there = profile.office is not None and own.subject == profile.office.unit
            fix = _("请先在“建设与记录”中登记。") if gates.knows_bases(profile) else _("请先在“过程记录”中登记。")
            if there:
                fix = _("请先在“布局与进出”的“%(office)s”中登记。") % {"office": profile.office.title}
            finding = Finding(own.clause or "", own.strength, message, {"record": key, "entries": 0}, fix)
            by_case.setdefault(case.pk, []).append(finding)
    return by_case


def _enter(case, kind: str, act: Act, **more) -> Record:
    own = declared(case, kind)
    subject = subject_of(case, own)
    entry = Record.objects.create(
        **Record.about_values(case),
        type=kind,
        subject_kind=subjects.kind_of(subject),
        subject_id=subject.pk,
        title=str(own.title),
        on=dt.date.fromisoformat(act.data["on"]),
        organisation_id=act.actor.organisation_id,
        regulation_version=case.regulation_version,
        entered_by=act.actor.name,
        **{"answers": act.data, **columns(own, more.get("answers") or act.data), **more},
    )
    act.facts["record"] = entry.pk
    if not own.readers:  # of the others the log of the case, which more people read, does not say what they are about
        act.step_title = entry.title
    return entry


def columns(own, answers: dict) -> dict:
    """The values of the typed columns that a record type fills from its fields."""
    given = {name: answers.get(key) for name, key in own.columns.items() if answers.get(key) not in (None, "")}
    days = {f"{name}_on": dt.date.fromisoformat(given[name]) for name in ("until", "due") if name in given}
    texts = {name: str(given[name]) for name in ("code", "number", "person") if name in given}
    amount = {"amount": Decimal(str(given["amount"]))} if "amount" in given else {}
    named = {"named_id": int(given["organisation"])} if "organisation" in given else {}
    return days | texts | amount | named


def _hand_over(case, own, entry: Record, act: Act) -> None:
    unit_id = getattr(case, f"{own.matter.unit}_id")
    if entry.due_on:
        ledger.owe(
            f"record:{entry.pk}",
            kind="record",
            title=f"{entry.title}：{case.listed_title}",
            due_on=entry.due_on,
            organisation_id=unit_id,
            role=own.matter.role,
            case=case,
            clause=own.clause or "",
        )
    text = _("%(who)s提出，请于%(day)s前处理。") if entry.due_on else _("%(who)s提出，请处理。")
    act.notify(
        Membership.objects.of(unit_id, own.matter.role),
        f"{entry.title}：{case.listed_title}",
        text % {"who": act.actor.organisation_name or act.actor.name, "day": entry.due_on},
        asks=f"record:{entry.pk}",
    )


# --- matters ------------------------------------------------------------------------------------------------------


def open_matters(case) -> list[Record]:
    """Entries on the base that wait for being settled, oldest first."""
    kinds = [key for key, kind in case.profile.records.items() if kind.matter]
    rows = Record.about(case).filter(type__in=kinds, replaced_by=None, settled_on=None)
    return list(rows.order_by("pk")) if kinds else []


def settles(membership, entry: Record) -> bool:
    """Whether the membership is the one that the profile lets settle this matter."""
    case = get_case(entry.case_kind, entry.case_id)
    own = declared(case, entry.type)
    return own is not None and own.matter is not None and is_actor(membership, case, own.matter)


def settlers(entry: Record) -> list:
    """The organisation and role that the profile lets settle this matter."""
    case = get_case(entry.case_kind, entry.case_id)
    own = declared(case, entry.type)
    return [(getattr(case, own.matter.unit), [own.matter.role])] if own and own.matter else []


def settle_findings(case, act: Act) -> list[Finding]:
    """Settled on a day between the entry and today."""
    faults = _not_ahead(act)
    entry: Record = act.subject
    if act.data.get("on") and act.data["on"] < entry.on.isoformat():
        faults.append(Finding("", "hard", _("办结日期早于发生日期%(day)s。") % {"day": entry.on}, {}, field="on"))
    return faults


def settle(case, act: Act) -> Record:
    """Close a matter by an entry of its own that carries what was asked and how it was settled."""
    before: Record = act.subject
    entry = _enter(
        case,
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
    act.notify(people, _("已办结：%(t)s") % {"t": f"{entry.title}：{case.listed_title}"}, act.reason)
    return entry
