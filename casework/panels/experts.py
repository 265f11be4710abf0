"""Expert panels: assigning, standing back, opinions, closing.

Experts never review their own university or partner, nor where they declare a conflict; they see neither each
other's opinions before all have closed, nor anything after their assignment has ended (design, "Who sees what").
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _

from casework.models import Assignment, Step
from casework.panels import marks
from casework.panels.conflicts import conflicts
from casework.steps import persons
from core import clock, ledger
from core.door import Act, Refused
from core.findings import Finding
from regulations import gates
from regulations.rules import check
from regulations.settings import figure
from tenants import grants
from tenants.models import Membership

VIEW = "casework.view_dossier"


def open_for(user, case) -> bool:
    """Whether an assignment of this person on this case is open today: the truth behind guardian's row."""
    return any(assignment.is_open() for assignment in Assignment.about(case).filter(expert=user))


def assign(case, act: Act) -> None:
    """Put an expert on the panel of the open step, until the day given."""
    step: Step = act.subject
    membership = Membership.objects.select_related("user").get(pk=int(act.data["expert"]))
    closes = dt.date.fromisoformat(act.data["closes_on"])
    if closes < clock.today():
        raise Refused(Finding("", "hard", _("评审截止日%(day)s早于今天。") % {"day": closes}, field="closes_on"))
    if step.assignments.filter(expert=membership.user, state__in=Assignment.OPEN).exists():
        raise Refused(_("该专家已在评审名单中。"))
    assignment = Assignment.objects.create(
        step=step,
        case_kind=case.case_kind,
        case_id=case.pk,
        case_title=case.title,
        expert=membership.user,
        membership=membership,
        expert_kind=membership.expert_kind,
        opens_on=clock.today(),
        closes_on=closes,
        assigned_by=act.actor.name,
    )
    grants.give(membership.user, VIEW, case)
    ledger.owe(
        _asked(assignment),
        kind="opinion",
        title=_("评审意见：%(case)s") % {"case": case.title},
        due_on=closes,
        organisation_id=membership.organisation_id,
        role="expert",
        membership=membership,
        case=case,
        remind_days=2,
    )
    act.step_key, act.step_title = step.key, step.title
    act.notify(
        [membership],
        _("评审邀请：%(case)s") % {"case": case.title},
        _("请于%(day)s前完成承诺与评审。") % {"day": closes},
        asks=_asked(assignment),
    )


def _asked(assignment: Assignment) -> str:
    """The name of the review that the expert is asked for, in messages."""
    return f"review:{assignment.pk}"


def assign_findings(case, act: Act) -> list[Finding]:
    """Conflicts of interest, and what the profile's rules say of assigning."""
    chosen = act.data.get("expert")
    if not chosen or not str(chosen).isdigit():
        return []
    membership = experts_for(case, act.subject).filter(pk=int(chosen)).first()
    if membership is None:
        return [Finding("", "hard", _("所选人员不在本单位专家库中。"), field="expert")]
    declared = case.step_declaration(act.subject.key)
    findings = persons.other_person(case, declared, membership, "expert")
    why = conflicts(case, act.subject, membership)
    for gate in (gates.PANEL, f"{gates.PANEL}:{case.case_kind}"):
        findings += check(case.profile, gate, case, clock.today(), overrides=case.overrides())
    if why:
        findings.append(
            Finding(
                declared.clause or "",
                "hard",
                _("应当回避：%(why)s。") % {"why": "；".join(why)},
                {"conflicts": why},
                field="expert",
            )
        )
    if declared.panel and declared.panel.on_campus != "allowed":
        employer = membership.user.employer
        inside = employer is not None and case.university_id in (employer.pk, employer.parent_id)
        if inside != (declared.panel.on_campus == "required"):
            findings.append(
                Finding(declared.clause or "", "hard", _("本环节对校内外专家有限制，所选专家不符合。"), field="expert")
            )
    return findings


def experts_for(case, step: Step):
    """The pool: people with the role of expert in the organisation that runs the panel."""
    return Membership.objects.of(step.unit_id, "expert")


def mine(case, actor):
    """The actor's own open assignments on the case, as subjects of their moves."""
    today = clock.today()
    return [
        a
        for a in Assignment.about(case).filter(
            state__in=Assignment.OPEN,
            opens_on__lte=today,
            closes_on__gte=today,
            expert_id=actor.user_id,
        )
    ]


def unpromised(case):
    """Those of the standing assignments whose expert has not promised yet."""
    return [assignment for assignment in standing(case) if not assignment.promised]


def may_read(user, case) -> bool:
    """Whether an assigned expert may read the dossier: once they have promised to be impartial and silent."""
    if case.prefetched is not None:
        rows = [row for row in case.prefetched.assignments if row.expert_id == user.pk]
    else:
        rows = Assignment.about(case).filter(expert=user)
    return any(row.promised and row.is_open() for row in rows)


def standing(case):
    """Every standing assignment on the case's open panels."""
    if case.prefetched is not None:
        return [
            assignment
            for assignment in case.prefetched.assignments
            if assignment.step.state == "open" and assignment.state in Assignment.OPEN
        ]
    return list(
        Assignment.about(case).filter(step__state="open", state__in=Assignment.OPEN).select_related("expert", "step")
    )


def recuse(case, act: Act) -> None:
    """The expert stands back; what they had drafted is void, and the organiser is told."""
    assignment: Assignment = act.subject
    _end(case, assignment, "recused", act.data["reason"], act)
    act.step_key, act.step_title = assignment.step.key, assignment.step.title
    organisers = Membership.objects.of(assignment.step.unit_id, assignment.step.role)
    act.notify(organisers, _("专家回避：%(case)s") % {"case": case.title}, f"{act.actor.name}：{act.data['reason']}")


def replace(case, act: Act) -> None:
    """The organiser takes an expert off the panel."""
    assignment: Assignment = act.subject
    _end(case, assignment, "withdrawn", act.data["reason"], act)
    act.step_key, act.step_title = assignment.step.key, assignment.step.title


def promise(case, act: Act) -> None:
    """The expert promises to be impartial and silent; only now the dossier opens to them."""
    assignment: Assignment = act.subject
    if assignment.state == "invited":  # an opinion from before promises had a move of their own stands
        assignment.state = "assigned"
    assignment.promised_at = act.now
    assignment.save()
    act.step_key, act.step_title = assignment.step.key, assignment.step.title


def opinion_findings(case, act: Act) -> list[Finding]:
    """Nobody reviews before the promise; what the step's rules only point out is told to the expert and kept."""
    if not act.subject.promised:
        return [Finding("", "hard", _("尚未作出评审承诺。请先点“作出承诺”；应当回避的，请点“声明回避”。"))]
    return opinion_hints(case, act.subject.step)


def opinion_hints(case, step: Step) -> list[Finding]:
    """What the rules of a panel's step point out without holding it back: materials that are missing."""
    findings = check(case.profile, f"step.complete:{step.key}", case, clock.today(), overrides=case.overrides())
    return [finding for finding in findings if not finding.blocks]


def give_opinion(case, act: Act) -> None:
    """The expert hands in opinion and, where asked, marks or a score. May be repeated until the panel closes; what was
    handed in before stays readable for whoever runs the panel, and for its auditors."""
    assignment: Assignment = act.subject
    if assignment.state == "submitted":
        assignment.earlier = [*assignment.earlier, marks.as_kept(assignment)]
    answers = dict(act.data)
    sheet = marks.sheet_for(case, assignment.step)
    if sheet is not None:
        act.facts["marks_sha256"] = marks.take(case, assignment, sheet, answers)
    else:
        score = answers.get("score")
        assignment.score = Decimal(str(score)) if score not in (None, "") else None
    assignment.state, assignment.submitted_at = "submitted", act.now
    assignment.answers, assignment.verdict = answers, answers.get("verdict") or ""
    assignment.save()
    ledger.settle(_asked(assignment))
    act.step_key, act.step_title = assignment.step.key, assignment.step.title
    act.data = {"verdict": assignment.verdict}


def _end(case, assignment: Assignment, state: str, reason: str, act: Act) -> None:
    assignment.state, assignment.reason, assignment.ended_at, assignment.void = (
        state,
        reason,
        act.now,
        True,
    )
    assignment.save()
    ledger.settle(_asked(assignment))
    if not open_for(assignment.expert, case):
        grants.take(assignment.expert, VIEW, case)


def end_all(case, act: Act, reason: str) -> None:
    """End every standing assignment of the case: its panel has closed, or its round is over."""
    for assignment in Assignment.about(case).filter(state__in=Assignment.OPEN, ended_at=None).select_related("expert"):
        if assignment.state != "submitted":
            assignment.state, assignment.void = "withdrawn", True
        assignment.ended_at, assignment.reason = act.now, assignment.reason or reason
        assignment.closes_on = min(assignment.closes_on, clock.today() - dt.timedelta(days=1))
        assignment.save()
        ledger.settle(_asked(assignment))
        grants.take(assignment.expert, VIEW, case)


def closing_findings(case, step: Step, declared) -> list[Finding]:
    """A panel closes with the experts it needs, each of whom has handed in their opinion."""
    rows = list(step.assignments.filter(state__in=Assignment.OPEN).select_related("expert"))
    asked = declared.panel.min_experts if declared.panel else None
    least = figure(case.profile, asked, step.unit, clock.today()) or 1
    findings = []
    if len(rows) < least:
        findings.append(
            Finding(
                declared.clause or "",
                "hard",
                _("评审专家%(have)s人，至少%(need)s人。请先指派专家。") % {"have": len(rows), "need": least},
                {"experts": len(rows), "needed": least},
            )
        )
    missing = [row.expert.name for row in rows if row.state != "submitted"]
    if missing:
        findings.append(
            Finding(
                declared.clause or "",
                "hard",
                _("专家%(who)s尚未提交评审意见。请催办，或更换专家。") % {"who": "、".join(missing)},
                {"missing": missing},
            )
        )
    return findings


def open_ids(user, model, on: dt.date):
    """Ids of the model's cases on which the person has an assignment that is open on a day."""
    return Assignment.objects.filter(
        case_kind=model.case_kind, expert=user, state__in=Assignment.OPEN, opens_on__lte=on, closes_on__gte=on
    ).values("case_id")
