"""How an agreement goes: handing in, exceptions, the return to the drafter, the end (its text: `drafttext`; signing: `signing`)."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from bases import drafttext, origin
from casework import exceptions, papers
from casework.steps import engine
from core import clock, ledger
from core.door import Act, Refused
from core.findings import Finding
from core.forms import store
from core.forms.clean import clean
from regulations.rules import check
from tenants.models import Membership


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
    return findings + [finding for _gate, finding in rule_findings(agreement)]


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
        confirmed_sha256=step.confirmed_sha256,
    )


def send_back(agreement, act: Act) -> None:
    """A new round for the drafter; the round before stays readable."""
    engine.end_round(agreement, act)
    before = agreement.round
    agreement.round += 1
    store.copy_forward(agreement, "agreement", before, agreement.round)
    agreement.correction_note = act.raw.get("note") or ""
    agreement.correction_due = clock.day_of(act.raw.get("due"))
    _tell_drafters(agreement, act, _("协议退回修改：%(a)s"), asks=correction_of(agreement))


def turn_down(agreement, act: Act) -> None:
    """The partner's refusal with its reason; the final text, if one was issued, is void."""
    engine.end_round(agreement, act)
    agreement.decline_reason = act.raw.get("reason") or ""
    if (standing := papers.current(agreement, "agreement")) is not None:
        papers.void(standing, _("合作单位不予确认"))
    ledger.settle_case(agreement)
    _tell_drafters(agreement, act, _("合作单位不予确认：%(a)s"))


def abandon(agreement, act: Act) -> None:
    engine.end_round(agreement, act)
    ledger.settle_case(agreement)
    agreement.ended_on, agreement.end_reason = clock.today(), act.data["reason"]


def replaced_key(pk: int) -> str:
    """The ledger's key of the day on which a later text takes the place of the agreement of this number."""
    return f"replaced:{pk}"


def terminate(agreement, act: Act) -> None:
    """End a signed agreement from a day on."""
    agreement.ended_on, agreement.end_reason = (
        clock.day_of(act.data["ended_on"]),
        act.data["reason"],
    )
    if agreement.ended_on > clock.today():
        raise Refused(Finding("", "hard", _("终止日期不能晚于今天。"), {}, field="ended_on"))
    ledger.settle_case(agreement)
    never = agreement.effective_on is not None and agreement.ended_on < agreement.effective_on
    if never and agreement.previous_id and agreement.previous.state == "signed":
        ledger.settle(replaced_key(agreement.previous_id))  # what it was to replace goes on


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
