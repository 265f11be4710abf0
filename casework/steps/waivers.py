"""Papers that may come later: a step's stamped paper let wait for one case, with a reason and a day (补交期限).

Whoever has the step asks; the office that takes the case's papers in decides, as an exception like any other
(`casework.exceptions`). What was let wait is owed: a row of the ledger on its day, with a reminder, until the paper has
come. It is compared like every stamped paper; one that does not match is owed again.
"""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from casework import exceptions, papers
from casework.models import Override, Step
from casework.models.effects import SCAN_RULE, SUPPLY
from casework.permissions import CLERKS
from core import clock, ledger, serials
from core.door import Act, Refused, create, get_case
from core.findings import Finding
from core.language import shown
from tenants.models import Membership, Organisation


def office(case, step) -> tuple[Organisation, str]:
    """Who takes the paper in, and so decides: the university's graduate office; for the university's own papers the
    authority that has the case."""
    unit = case.university
    if step.unit_id == unit.pk and case.authority is not None:
        unit = case.authority
    return unit, CLERKS[unit.kind]


def _not_past(day: dt.date | None) -> list[Finding]:
    if day is None or day >= clock.today():
        return []
    return [
        Finding(
            "",
            "hard",
            _("补交期限%(day)s早于今天%(today)s。") % {"day": day, "today": clock.today()},
            {"due_on": day.isoformat()},
            field="due_on",
        )
    ]


def ask_findings(case, act: Act) -> list[Finding]:
    """A day that is still to come, and no request for the same paper that waits."""
    return _not_past(clock.day_of(act.data.get("due_on"))) + exceptions.asked_already(
        case, SCAN_RULE + act.subject.key, act.subject.unit_id
    )


def ask(case, act: Act) -> Override:
    """Put the request before the office: which paper, why, until when."""
    step = act.subject
    paper = case.step_declaration(step.key).paper
    unit, role = office(case, step)
    override = create(
        Override(
            number=serials.number("LW", act.now.year),
            title=_("后补盖章件：%(t)s") % {"t": case.title},
            authority=unit if unit.kind == "department" else None,
            university=case.university,
            college=case.college,
            partner=case.partner if step.unit_id == case.partner_id else None,
            regulation_version=case.regulation_version,
            subject_kind=case.case_kind,
            subject_id=case.pk,
            subject_title=case.title,
            rule=SCAN_RULE + step.key,
            gate=f"step.complete:{step.key}",
            clause=step.clause,
            message=_("“%(step)s”的盖章件（%(seal)s）暂不能提供")
            % {"step": step.title, "seal": paper.seal or _("公章")},
            facts={"step": step.title},
            reason=act.data["reason"],
            requested_by=act.actor.name,
            requester_id=step.unit_id,
            role=role,
            unit=unit,
            due_on=clock.day_of(act.data["due_on"]),
        ),
        act.actor,
        correlation=act.correlation,
    )
    act.step_key, act.step_title, act.facts["override"] = step.key, step.title, override.pk
    people = Membership.objects.of(unit, role)
    act.notify(people, override.title, override.message, case=override, asks=override.asks_for)
    return override


def granted(override: Override, act: Act) -> None:
    """From now on the paper is owed: a row of the ledger, and word to whoever owes it. Raises Refused for a day gone."""
    override.due_on = clock.day_of(act.data.get("due_on")) or override.due_on
    if late := _not_past(override.due_on):
        raise Refused(late)
    _owe(override)
    text = _("请于%(day)s前补交。%(why)s") % {
        "day": override.due_on,
        "why": override.decision_reason or act.reason,
    }
    act.notify(
        _clerks(override),
        _("准予后补盖章件：%(t)s") % {"t": override.subject_title},
        text,
        case=_subject(override),
        asks=_key(override),
    )


def _subject(override: Override):
    return get_case(override.subject_kind, override.subject_id)


def _clerks(override: Override):
    return Membership.objects.of(override.requester_id, CLERKS[override.requester.kind])


def _key(override: Override) -> str:
    return f"{SUPPLY}:{override.pk}"


def _to_compare(override: Override) -> str:
    """What the office is asked for once the paper has come."""
    return f"compare:{override.pk}"


def title_of(override: Override) -> str:
    return _("补交盖章件：%(step)s") % {"step": shown(override.facts.get("step", ""))}


def _owe(override: Override) -> None:
    ledger.owe(
        _key(override),
        kind=SUPPLY,
        title=title_of(override),
        due_on=override.due_on,
        organisation_id=override.requester_id,
        role=CLERKS[override.requester.kind],
        case=_subject(override),
        clause=override.clause,
    )


def came_with_step(override: Override, act: Act) -> None:
    """The paper came with the step after all: nothing is owed; it is compared with the step."""
    override.supplied_on = override.settled_on = act.on
    override.save(update_fields=["supplied_on", "settled_on"])
    ledger.settle(_key(override))


def step_of(case, override: Override) -> Step | None:
    """The step whose paper was let wait, as it stands in the present round: that of the unit that asked."""
    own = case.steps().filter(key=override.rule.removeprefix(SCAN_RULE), unit_id=override.requester_id)
    return own.order_by("-round", "-pk").first()


def supply(case, act: Act) -> None:
    """Take the paper that was let wait; it goes to the office to be compared."""
    override: Override = act.subject
    step = step_of(case, override)
    if step is None or step.state != "done":
        raise Refused(_("该环节尚未办理，请在办理时一并上传盖章件。"))
    state = papers.take_scan(case, step, case.step_declaration(step.key), act)
    override.supplied_on = act.on
    override.settled_on = act.on if state == "matched" else None
    override.save(update_fields=["supplied_on", "settled_on"])
    ledger.settle(_key(override))
    act.step_key, act.step_title = step.key, step.title
    act.notify(
        Membership.objects.of(override.unit_id, override.role),
        _("盖章件已补交，请核对：%(t)s") % {"t": case.title},
        step.title,
        asks="" if override.settled_on else _to_compare(override),
    )


def match_supplied(case, act: Act) -> None:
    """Whether it is the version that was printed; if not, the paper is owed again, on the same day."""
    override: Override = act.subject
    step = step_of(case, override)
    if step is None:
        raise Refused(_("没有待核对的盖章件。"))
    copy = papers.compare(case, step, act)
    act.step_title, act.reason = override.facts.get("step", ""), copy.note
    ledger.settle(_to_compare(override))
    if copy.state == "matched":
        override.settled_on = act.on
    else:
        override.supplied_on = None
        ledger.reopen(_key(override))
        title = _("盖章件不一致，请重新补交：%(t)s") % {"t": case.title}
        act.notify(_clerks(override), title, copy.note, asks=_key(override))
    override.save(update_fields=["settled_on", "supplied_on"])
