"""What a recognition waits for and leads to: the profile's gates, the agreement task."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils.translation import gettext as _

from bases import facts, origin
from bases.models import Agreement
from casework import effects, papers, records
from core import clock, ledger
from core.calendar import add_months, term_end
from core.door import Act
from core.findings import Finding
from regulations.rules import check
from regulations.settings import setting
from tenants.models import Membership

REVISE = "revise_agreement"  # the task that a recognition leads to where the regulation says so


def activation(recognition, act: Act) -> list[Finding]:
    """The rules at the gate "recognition.activate"."""
    return check(recognition.profile, "recognition.activate", recognition, clock.today())


def after_activation(recognition, act: Act) -> None:
    """Start the construction period and enter what the regulation wants done next."""
    declared = recognition.profile.recognition
    years = declared.construction.years if declared.construction else None
    if recognition.starts_on is None:
        recognition.starts_on = _first_day(recognition) or act.on
    if years is not None and years.value:
        recognition.ends_on = term_end(recognition.starts_on, years=years.value)
        ledger.owe(construction_key(recognition.pk), **construction_terms(recognition))
    Agreement.objects.filter(application_id=recognition.application_id, recognition=None).exclude(
        application_id=None
    ).update(recognition=recognition)
    if "certificate" in recognition.profile.papers:
        papers.issue(recognition, "certificate", act.actor.name)
    records.begin(recognition, act.on)
    agreement = recognition.profile.agreement
    revise = agreement.revise_after_recognition if agreement else None
    if revise is not None and revise.value:
        effects.put(
            recognition,
            effects.TASK,
            _("修订完善合作协议"),
            act.on,
            code=REVISE,
            clause=revise.clause or "",
            source=origin.case(recognition.application_id),
        )
        months = revision_months(recognition)
        due = add_months(act.on, months) if months else act.on
        ledger.owe(
            f"revise:{recognition.pk}",
            kind="agreement_due",
            title=_("修订协议：%(base)s") % {"base": recognition.listed_title},
            due_on=due,
            organisation_id=recognition.university_id,
            role="graduate_office",
            case=recognition,
            remind_days=0,
            clause=revise.clause or "",
        )
    people = Membership.objects.filter(
        organisation_id__in=[
            pk for pk in (recognition.university_id, recognition.college_id, recognition.partner_id) if pk
        ],
        role__in=("graduate_office", "secretary", "contact"),
        state="active",
    ).select_related("user")
    act.notify(people, _("基地已生效：%(base)s") % {"base": recognition.listed_title}, recognition.number)


def construction_key(pk: int) -> str:
    """The ledger's key of the end of the construction period of the recognition of this number."""
    return f"construction:{pk}"


def construction_terms(recognition) -> dict:
    """What the ledger keeps of the end of a construction period."""
    years = recognition.profile.recognition.construction.years
    return {
        "kind": "construction",
        "title": _("建设期届满：%(base)s") % {"base": recognition.listed_title},
        "due_on": recognition.ends_on,
        "organisation_id": recognition.university_id,
        "role": "graduate_office",
        "case": recognition,
        "remind_days": 90,
        "clause": (years.clause or "") if years is not None else "",
    }


def _first_day(recognition) -> dt.date | None:
    """The first day of the construction period where it begins with an agreement: the day it bears, or has effect from."""
    construction = recognition.profile.recognition.construction
    start = construction.start.value if construction and construction.start else ""
    column = {"signed": "signed_on", "effective": "effective_on"}.get(start)
    if column is None:
        return None
    own = Q(recognition=recognition)
    if recognition.application_id:
        own |= Q(application_id=recognition.application_id)
    days = Agreement.objects.filter(own, state="signed").order_by("signed_on", "pk").values_list(column, flat=True)
    return days.first()


def revision_months(recognition) -> int | None:
    """Months given for the revision by a local setting, or None where nobody has set any."""
    key = "agreement.revision.months"
    if key not in recognition.profile.settings:
        return None
    return setting(recognition.profile, key, recognition.authority or recognition.university, clock.today()).value


def plaque(recognition, act: Act) -> list[Finding]:
    """Handed over once, not before the regulation lets it be, never in the future."""
    findings = check(recognition.profile, "plaque.issue", recognition, clock.today())
    declared = recognition.profile.recognition.plaque if recognition.profile.recognition else None
    clause = declared.when.clause if declared and declared.when else ""
    if declared is None:
        findings.append(Finding("", "hard", _("本办法没有规定授牌。")))
    if recognition.plaque_on and not any(f.blocks for f in findings):
        findings.append(
            Finding(
                clause or "",
                "hard",
                _("牌匾已于%(day)s授予%(who)s，不能重复登记。")
                % {"day": recognition.plaque_on, "who": recognition.plaque_to},
                {"plaque_on": recognition.plaque_on.isoformat()},
            )
        )
    issued = clock.day_of(act.data.get("issued_on"))
    if issued and issued > clock.today():
        findings.append(
            Finding("", "hard", _("授牌日期不能晚于今天。"), {"issued_on": issued.isoformat()}, field="issued_on")
        )
    signed = facts.agreement_signed_on([recognition], clock.today()).get(recognition.pk)
    if issued and signed and declared and declared.when and declared.when.value == "after_signing" and issued < signed:
        findings.append(
            Finding(
                clause or "",
                "hard",
                _("授牌日期%(i)s早于协议签订日期%(s)s。") % {"i": issued, "s": signed},
                {"issued_on": issued.isoformat(), "signed_on": signed.isoformat()},
                field="issued_on",
            )
        )
    return findings
