"""Exceptions: letting a rule of strength "default" pass for one case, on a request that carries rule, facts, reason."""

from __future__ import annotations

from django.utils.translation import gettext as _

from casework.models import Override
from casework.specs import PAPER, field, form, options, reason
from core import serials
from core.door import Act, create
from core.findings import Finding
from core.models import TransitionLog
from tenants.models import Membership, User
from tenants.persons import same_person


def standing(findings: list[Finding]) -> list[Finding]:
    """Those findings of the profile's rules that a named role may let pass and has not."""
    return [f for f in findings if f.strength == "default" and not f.overridden and f.rule]


def request_form(waiting: list[Finding]) -> dict:
    """The form that asks for one of the exceptions that are wanting now, with the reason.

    Where rules of two regulations bear one key, the first is asked for first.
    """
    wanting = {f.rule: f"{f.clause} {f.message}"[:200] for f in reversed(waiting)}
    return form(
        "override_request",
        _("申请例外"),
        field("rule", "choice", _("未满足的条件"), options=options(reversed(wanting.items()))),
        reason(_("申请理由"), min_chars=10),
        field("material", "file", _("佐证材料"), required=False, accept=PAPER, max_files=5),
    )


def asked_already(case, rule: str, unit: int | None = None) -> list[Finding]:
    """What stands against asking again while the first request (of this unit, where each may ask for itself) waits."""
    waiting = Override.about(case).filter(rule=rule, state="requested")
    if unit is not None:
        waiting = waiting.filter(requester_id=unit)
    return [Finding("", "hard", _("该条件的例外申请已提交，正在审批。"))] if waiting.exists() else []


def own_request(override: Override, act: Act) -> list[Finding]:
    """Nobody grants what they asked for, through whatever membership or account."""
    line = TransitionLog.about(override).exclude(user_id=None).order_by("position").first()
    asker = User.objects.filter(pk=line.user_id).first() if line is not None else None
    if asker is None or not same_person(asker, act.actor.user):
        return []
    message = _("本例外由%(who)s申请，同一人不能批准自己的申请。") % {"who": override.requested_by}
    fix = _("请由%(unit)s的其他人员审批。") % {"unit": override.unit.display_name}
    return [Finding(override.clause, "hard", message, {"requested_by": override.requested_by}, fix)]


def ask(case, gate: str, finding: Finding, act: Act, version=None) -> Override:
    """Put the request before the role that the profile names: it need not see the case itself.

    `version` is the regulation version that the rule stands in, where that is not the case's own.
    """
    version = version or case.regulation_version
    rule = version.profile.rule(finding.rule)
    unit = case.route_unit(rule.override.unit)
    override = create(
        Override(
            number=serials.number("LW", act.now.year),
            title=_("例外申请：%(t)s") % {"t": case.title},
            authority=unit if unit.kind == "department" else None,
            university=case.university,
            college=case.college,
            regulation_version=version,
            subject_kind=case.case_kind,
            subject_id=case.pk,
            subject_title=case.title,
            rule=finding.rule,
            gate=gate,
            clause=finding.clause,
            message=finding.message,
            facts=finding.facts,
            reason=act.data["reason"],
            requested_by=act.actor.name,
            requester_id=act.actor.organisation_id,
            role=rule.override.role,
            unit=unit,
        ),
        act.actor,
        correlation=act.correlation,
    )
    act.notify(
        Membership.objects.of(unit, rule.override.role),
        override.title,
        finding.message,
        case=override,
        asks=override.asks_for,
    )
    act.facts["override"] = override.pk
    return override
