"""How an application goes: its form, submission, exceptions, returns, the decision and what it establishes."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from applications import calls, dossier, facts, training
from bases.services import establish
from casework import exceptions as casework_exceptions
from casework import papers
from casework.models import ListEntry
from casework.steps import engine
from core import clock, ledger
from core.door import Act, Refused
from core.findings import Finding, blocking
from core.forms import store
from core.forms.clean import clean
from regulations import precedence, rules, vocabulary
from regulations.rules import check
from regulations.services import own_rules
from tenants.models import Membership, Organisation, Party

# --- submission ------------------------------------------------------------------------------------------------


def window_findings(application) -> list[Finding]:
    """Inside the call's window, the university's own deadline or, after a return, the date for correction."""
    call, now = application.call, clock.now()
    if application.round > 1:
        if application.correction_due and now.date() > application.correction_due:
            return [
                Finding(
                    "",
                    "hard",
                    _("补正期限%(d)s已过。请联系退回单位重新给定期限。") % {"d": application.correction_due},
                    {"due": application.correction_due.isoformat()},
                )
            ]
        return []
    clause = call.profile.apply.call.window.clause if call.profile.apply.call and call.profile.apply.call.window else ""
    owner = application.university if call.authority_id else application.filer
    opens, closes = call.window_for(owner)
    row = call.units.filter(organisation=application.university).first() if call.authority_id else None
    if row and row.school_deadline:
        closes = row.school_deadline if closes is None else min(closes, row.school_deadline)
    if call.state != "open" or now < opens or (closes is not None and now > closes):
        return [
            Finding(
                clause or "",
                "hard",
                _("申报时间为%(w)s，现在是%(n)s，不在申报期内。")
                % {"w": calls.window_words(opens, closes), "n": _minute(now)},
                {"opens": opens.isoformat(), "closes": closes.isoformat() if closes else None, "now": now.isoformat()},
                fix=_("需要延期的，请联系%(o)s。") % {"o": call.owner},
            )
        ]
    return []


def _minute(moment: dt.datetime) -> str:
    return clock.local(moment).strftime("%Y-%m-%d %H:%M")


def form_findings(application, actor) -> list[Finding]:
    """Everything the forms of the dossier still lack, all at once."""
    findings: list[Finding] = []
    for key in application.form_keys():
        row = store.load(application, key)
        spec = application.form_spec(key)
        _answers, missing = clean(spec, dict(row.answers) if row else {}, resolver=application.resolver(actor))
        findings += missing
    return findings


def rule_findings(application) -> list[Finding]:
    """The findings of the gate "application.submit", overrides considered."""
    return check(
        application.profile, "application.submit", application, clock.today(), overrides=application.overrides()
    )


def recommend_rules(application) -> list[tuple]:
    """What the rules of the gate "application.recommend" say, each with the version it stands in: those of the
    application's own regulation and, where it runs under somebody else's, those of the recommending university's (XCU-4d),
    as far as the application's own does not say otherwise (XCU-31c).
    """
    on, gate, version = clock.today(), "application.recommend", application.regulation_version
    higher = rules.context_for(version.profile, application, on)
    own_findings = rules.check(
        version.profile, gate, application, on, overrides=application.overrides(), context=higher
    )
    findings = [(version, finding) for finding in own_findings]
    if vocabulary.LEVEL_OWNERS[application.level] == application.university.column:
        return findings
    for own in own_rules(application.university, on):
        lower = rules.context_for(own.profile, application, on)
        theirs = rules.check(own.profile, gate, application, on, overrides=application.overrides(own), context=lower)
        findings += [(own, finding) for finding in precedence.settle(theirs, higher, lower, gate)]
    return findings


def submit_findings(application, act: Act) -> list[Finding]:
    """Window, forms and rules together: everything that stands against submission, at once."""
    findings = window_findings(application) + form_findings(application, act.actor) + rule_findings(application)
    return _once(findings)


def _once(findings: list[Finding]) -> list[Finding]:
    """A form field and a rule may say the same of one field: the rule's sentence, which knows the clause, stays."""
    from_rules = {(f.form, f.field, f.clause) for f in findings if f.rule}
    return [f for f in findings if f.rule or (f.form, f.field, f.clause) not in from_rules or not f.field]


def priority_tags(application) -> list[dict]:
    """The priority tags that the rules grant, as plain values for lists."""
    return [
        {"rule": f.rule, "clause": f.clause, "text": f.message}
        for f in rule_findings(application)
        if f.strength == "priority"
    ]


def submit(application, act: Act) -> None:
    """Lock the version, issue its paper, lay out the route and open its first steps."""
    application.submitted_on = application.submitted_on or clock.today()
    application.submitted_at = act.now
    application.priority = priority_tags(application)
    application.correction_due, application.correction_note = None, ""
    ledger.settle(f"correction:{application.pk}")
    if application.form_keys():
        papers.issue(application, papers.of(application).main(), act.actor.name)
    application.goes_to = engine.set_out(application, act)
    application.stage_since = act.now
    _tell_the_office(application, act)


def _tell_the_office(application, act: Act) -> None:
    """The office with which the application is filed hears of it, also where somebody else acts first (CZMC-3.2a)."""
    university = application.call.university_id
    steps = list(application.open_steps())
    if university is None or any(step.unit_id == university for step in steps):
        return
    waiting = "、".join(step.title for step in steps)
    act.notify(
        Membership.objects.of(university, "graduate_office"),
        _("收到申报：%(t)s") % {"t": application.title},
        _("%(o)s已送审，等待：%(s)s") % {"o": application.filer.display_name, "s": waiting},
    )


# --- exceptions ------------------------------------------------------------------------------------------------


def exceptions(application) -> list[tuple]:
    """Rules of strength "default" that stand against the application now and have not been let pass, each as version,
    gate, finding: those of handing in while it is a draft, those of recommending while that is what it waits for."""
    if application.state == "draft":
        candidates = [(application.regulation_version, "application.submit", f) for f in rule_findings(application)]
    else:
        candidates = [(version, "application.recommend", f) for version, f in recommend_rules(application)]
    standing = casework_exceptions.standing([finding for _version, _gate, finding in candidates])
    return [entry for entry in candidates if entry[2] in standing]


def override_findings(application, act: Act) -> list[Finding]:
    return casework_exceptions.asked_already(application, act.data.get("rule") or "")


def request_override(application, act: Act) -> None:
    """Put the request before the role that the profile names: rule, facts and reason, not the draft itself."""
    version, gate, finding = next(entry for entry in exceptions(application) if entry[2].rule == act.data["rule"])
    casework_exceptions.ask(application, gate, finding, act, version)


def partner_request_findings(application, act: Act) -> list[Finding]:
    """Asking makes sense only where a rule stands against the further partner that may be let pass."""
    findings = partner_findings(application, act)
    waiting = casework_exceptions.standing(findings)
    hard = [f for f in findings if f.strength == "hard"]
    if not waiting and not hard and act.data.get("partner"):
        return [Finding("", "hard", _("没有需要例外审批的条件，可直接增加合作单位。"))]
    for finding in waiting:
        hard += casework_exceptions.asked_already(application, finding.rule)
    return hard


def request_partner(application, act: Act) -> None:
    """Ask for a further partner unit, where the regulation wants one only in principle."""
    for finding in casework_exceptions.standing(partner_findings(application, act)):
        casework_exceptions.ask(application, "partner.add", finding, act)


def partner_findings(application, act: Act) -> list[Finding]:
    """The rules of the gate "partner.add", as if the further partner were in already."""
    chosen = act.data.get("partner")
    if not chosen:
        return []
    if (
        application.partner_id == int(chosen)
        or Party.objects.filter(
            case_kind="application",
            case_id=application.pk,
            organisation_id=int(chosen),
            role="partner",
            until_on=None,
        ).exists()
    ):
        return [Finding("", "hard", _("该单位已是本项目的合作单位。"), field="partner")]
    return check(
        application.profile,
        "partner.add",
        application,
        clock.today(),
        overrides=application.overrides(),
        known=facts.with_partner(application, Organisation.objects.get(pk=int(chosen))),
    )


def add_partner(application, act: Act) -> None:
    """Enter the further partner as a dated part in the case."""
    Party.objects.create(
        case_kind="application",
        case_id=application.pk,
        organisation_id=int(act.data["partner"]),
        role="partner",
        from_on=clock.today(),
        reason=act.data["reason"],
    )


# --- the way through the stages ---------------------------------------------------------------------------------


def recall_findings(application, act: Act) -> list[Finding]:
    """Only before anybody has acted (ui-guide: 撤回)."""
    done = application.steps().exclude(state__in=("waiting", "open", "skipped")).first()
    if done is not None:
        return [
            Finding(
                "",
                "hard",
                _("“%(s)s”已于%(d)s办理，不能撤回。可请办理单位退回修改。") % {"s": done.title, "d": done.on},
                {"step": done.key},
            )
        ]
    return not_on_a_list(application, act)


def not_on_a_list(application, act: Act) -> list[Finding]:
    """A case that stands on a list is taken off it first."""
    entry = ListEntry.objects.filter(case_kind="application", case_id=application.pk, removed_at=None).first()
    if entry is not None:
        return [Finding("", "hard", _("本项目已列入“%(l)s”，请先移出名单。") % {"l": entry.case_list.title})]
    return []


def _applicants(application):
    """Whose application it is: the people of the college, of the graduate office or of the unit from outside that applies."""
    also = ("applicant",) if application.filed_by == "college" else ()
    return Membership.objects.of(application.filer, *dossier.FILERS[application.filed_by], *also)


def back_to_draft(application, act: Act, note: str, due: str | None) -> None:
    """A new round for the applicant; round by round everything stays readable."""
    engine.end_round(application, act)
    before = application.round
    application.round += 1
    for key in application.form_keys():
        store.copy_forward(application, key, before, application.round)
    application.correction_note = note
    application.correction_due = clock.day_of(due)
    application.stage_since = act.now
    if application.correction_due:
        ledger.owe(
            f"correction:{application.pk}",
            kind="correction",
            title=_("补正：%(t)s") % {"t": application.title},
            due_on=application.correction_due,
            organisation_id=application.filer.pk,
            role=dossier.FILERS[application.filed_by][0],
            case=application,
            remind_days=2,
        )
    people = _applicants(application)
    act.notify(people, _("退回修改：%(t)s") % {"t": application.title}, note, asks=f"correction:{application.pk}")


def advance(application, act: Act) -> str:
    """The next stage; after the last one establish the base, where the regulation knows bases and the rules of the gate let
    it be recognised."""
    goes_to = engine.next_stage(application, act)
    application.stage_since = act.now
    if goes_to != application.AFTER_LAST:
        return goes_to
    findings = check(
        application.profile,
        "application.recognise",
        application,
        clock.today(),
        overrides=application.overrides(),
    )
    if stopped := blocking(findings):
        raise Refused(stopped)

    if (
        application.profile.recognition is not None
    ):  # else the regulation knows no bases: it allows what was applied for
        application.recognition = establish(application, act)
    else:
        training.begin(application, act.on)
    return goes_to


def end(application, act: Act, reason: str) -> None:
    """Close what is open; the reason is what the applicant reads."""
    engine.end_round(application, act)
    application.outcome_reason = reason
    ledger.settle_case(application)
    people = _applicants(application)
    act.notify(people, _("%(label)s：%(t)s") % {"label": act.move.label, "t": application.title}, reason)
