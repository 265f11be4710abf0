"""How an agreement goes: handing in, exceptions, the return to the drafter, the end (its text: `drafttext`; signing: `signing`)."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from bases import drafttext, origin
from bases.confirmed import facts_of
from casework import exceptions, papers
from casework.steps import engine
from core import clock, ledger
from core.door import Act
from core.findings import Finding
from core.forms import store
from core.forms.clean import clean
from regulations.rules import check
from tenants.models import Membership

CHANGING = ("revision", "supplement", "replacement")
NOT_CONFIRMED = {"confirmed_at": None, "confirmed_by": "", "confirmed_sha256": "", "confirmed_facts": {}}


def submit_findings(agreement, act: Act) -> list[Finding]:
    """The whole form, and the rules of the gate: for a revision those of revising too."""
    answers, findings = clean(
        drafttext.form_spec(agreement),
        drafttext.answers_of(agreement),
        resolver=agreement.resolver(act.actor),
    )
    if agreement.starts_on and agreement.ends_on and agreement.starts_on > agreement.ends_on:
        findings.append(
            Finding(
                "",
                "hard",
                _("协议结束日期早于开始日期。"),
                {"from": agreement.starts_on.isoformat(), "to": agreement.ends_on.isoformat()},
                form="agreement",
                field="period",
            )
        )
    return findings + _changes_something(agreement) + [finding for _gate, finding in rule_findings(agreement)]


def _changes_something(agreement) -> list[Finding]:
    """A text that changes the one before says something else than that."""
    before = agreement.previous
    if agreement.type not in CHANGING or before is None or before.was_on_paper:
        return []
    if before.terms("agreement") != agreement.terms("agreement") or _units(before) != _units(agreement):
        return []
    message = _("本协议的条款与原协议没有差别，无需再签。")
    return [Finding("", "hard", message, {"previous": before.number}, _("请修改条款，或放弃本协议。"))]


def _units(agreement) -> list[int]:
    return sorted(agreement.parties.values_list("organisation_id", flat=True))


def rule_findings(agreement) -> list[tuple[str, Finding]]:
    """What the rules say of the draft, each with its gate: those of handing in, for a revision those of revising."""
    gates = ["agreement.submit", *(["agreement.revise"] if agreement.type == "revision" else [])]
    on, overrides = clock.today(), agreement.overrides()
    return [(gate, f) for gate in gates for f in check(agreement.profile, gate, agreement, on, overrides=overrides)]


def wanted_exceptions(agreement) -> list[Finding]:
    """Rules of strength "default" that stand against the draft and have not been let pass."""
    return exceptions.standing([finding for _gate, finding in rule_findings(agreement)])


def override_findings(agreement, act: Act) -> list[Finding]:
    return exceptions.asked_already(agreement, act.data.get("rule") or "")


def request_override(agreement, act: Act) -> None:
    """Put the request before the role that the profile names: rule, facts and reason, not the text itself."""
    gate, finding = next((g, f) for g, f in rule_findings(agreement) if f.rule == act.data["rule"])
    exceptions.ask(agreement, gate, finding, act)


def confirmed(agreement, step, act: Act) -> None:
    """A partner's confirmation is kept at its party, with the hash of what was confirmed."""
    agreement.parties.filter(organisation_id=step.unit_id).update(
        confirmed_at=act.now,
        confirmed_by=step.decided_by or act.actor.name,
        confirmed_sha256=agreement.content_hash(),
        confirmed_facts=facts_of(agreement),
    )


def unconfirmed(agreement, step, act: Act) -> None:
    """A confirmation is void; so is the final text, if one was issued: nobody signs what not all have confirmed."""
    agreement.parties.filter(organisation_id=step.unit_id).update(**NOT_CONFIRMED)
    _void_text(agreement, _("内容已修改，重新确认"))


def _void_text(agreement, reason: str) -> None:
    """The final text, if one was issued, is void."""
    if (standing := papers.current(agreement, "agreement")) is not None:
        papers.void(standing, reason)


def faults_of_facts(agreement) -> list[str]:
    """Facts that have changed since a party confirmed the text: they void nothing, but are told."""
    rows = agreement.parties.exclude(confirmed_at=None).select_related("organisation__parent")
    confirmed = [party for party in rows if party.confirmed_facts]
    if not confirmed:
        return []
    now, labels = facts_of(agreement), []
    for party in confirmed:
        was = party.confirmed_facts
        if any(now.get(key, "") != was.get(key, "") for key in {*was, *now}):
            labels.append(party.name)
    return labels


def new_round(agreement, act: Act, reason: str) -> None:
    """A new round for the drafter; the round before stays readable, and nobody's confirmation passes over to the new one."""
    engine.end_round(agreement, act)
    agreement.parties.update(**NOT_CONFIRMED)
    _void_text(agreement, reason)
    before = agreement.round
    agreement.round += 1
    store.copy_forward(agreement, "agreement", before, agreement.round)


def send_back(agreement, act: Act) -> None:
    """Back to the drafter, with what is to be corrected and until when."""
    new_round(agreement, act, _("协议退回修改"))
    agreement.correction_note = act.raw.get("note") or ""
    agreement.correction_due = clock.day_of(act.raw.get("due"))
    _tell_drafters(agreement, act, _("协议退回修改：%(a)s"), asks=correction_of(agreement))


def turn_down(agreement, act: Act) -> None:
    """The partner's refusal with its reason; the final text, if one was issued, is void."""
    engine.end_round(agreement, act)
    agreement.decline_reason = act.raw.get("reason") or ""
    _void_text(agreement, _("合作单位不予确认"))
    ledger.settle_case(agreement)
    _tell_drafters(agreement, act, _("合作单位不予确认：%(a)s"))


def abandon(agreement, act: Act) -> None:
    """Give up an agreement that is not signed."""
    _never_signed(agreement, act, clock.today(), "abandoned", act.data["reason"])


def end_with_base(agreement, act: Act) -> None:
    """Its base has ended: nobody signs any more what was on its way, and its drafters are told."""
    _never_signed(agreement, act, clock.day_of(act.raw["ended_on"]), "with_base", act.raw["reason"])
    _tell_drafters(agreement, act, _("基地已终止，协议不再签订：%(a)s"))


def _never_signed(agreement, act: Act, on: dt.date, code: str, reason: str) -> None:
    """End an agreement on its way to a signature; the final text, if one was issued, is void."""
    engine.end_round(agreement, act)
    ledger.settle_case(agreement)
    _void_text(agreement, reason)
    agreement.ended_on, agreement.end_code, agreement.end_reason = on, code, reason


def correction_of(agreement) -> str:
    """The name of what is asked for when an agreement is sent back, in messages."""
    return f"correction:agreement:{agreement.pk}"


def _tell_drafters(agreement, act: Act, text: str, asks: str = "") -> None:
    people = Membership.objects.filter(
        organisation_id__in=[pk for pk in (agreement.college_id, agreement.university_id) if pk],
        role__in=("secretary", "graduate_office"),
        state="active",
    ).select_related("user")
    act.notify(people, text % {"a": agreement.title}, act.raw.get("note") or act.raw.get("reason") or "", asks=asks)


def approved_on(agreement) -> dt.date | None:
    """The day of the decision that the agreement's base rests on, or None while there is none."""
    return agreement.recognition.decided_on if agreement.recognition_id else None


def application_of(agreement):
    """The application that the agreement belongs to, or None."""
    return origin.case(agreement.application_id)
