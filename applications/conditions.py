"""What a regulation asks of an application, condition by condition: how binding it is, whether it is met, what was seen, with
which evidence; and where the application ranks among those that are decided with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from applications.models import Application
from core import clock
from core.forms.reading import Tick, ticks
from core.models import Document
from regulations import rules, vocabulary

GATE = "application.submit"
MET, LET_PASS, UNMET, NOT_MET = (
    "met",
    "let_pass",
    "unmet",
    "not_met",
)  # the last: of a condition that holds nothing back


@dataclass
class Line:
    """One condition as it stands on the day: `points` are the items of the list that it is about, each ticked or not, with
    what was written beside it."""

    title: str
    clause: str
    strength: str
    level: str
    state: str
    said: list[str] = field(default_factory=list)
    points: list[Tick] = field(default_factory=list)
    files: list[Document] = field(default_factory=list)


@dataclass(frozen=True)
class Rank:
    """Where an application stands among those of its call that are being decided: how many meet more priority conditions,
    how many as many."""

    place: int
    beside: int
    among: int


def lines(application: Application) -> list[Line]:
    """The conditions that apply to it, in the order of the text."""
    profile = application.profile
    ctx = rules.context_for(profile, application, clock.today())
    let_pass, files = application.overrides(), _files(application)
    asked = _lists(application)
    made = []
    for rule in rules.rules_at(profile, GATE):
        if not rules.met(rule.when, ctx):
            continue
        findings = rules.evaluate(rule, ctx, overridden=rule.key in let_pass)
        line = Line(
            rules.describe(profile, rule),
            rule.clause or "",
            rule.strength,
            str(vocabulary.STRENGTHS[rule.strength]),
            _state(rule, findings),
            points=asked.get(str(rules.first_fact(rule)), []),
            files=[row for clause in dict.fromkeys(rule.clauses) for row in files.get(clause, ())],
        )
        line.said = [finding.message for finding in findings] if rule.strength != "priority" else []
        made.append(line)
    return made


def _state(rule: Any, findings: list) -> str:
    if rule.strength == "priority":  # its finding is the tag that it gives
        return MET if findings else NOT_MET
    if not findings:
        return MET
    if rule.strength not in ("hard", "default"):
        return NOT_MET
    return LET_PASS if all(finding.overridden for finding in findings) else UNMET


def _lists(application: Application) -> dict[str, list[Tick]]:
    """The dossier's lists to tick, by the name of the fact that a rule asks of them."""
    lists = {}
    for key in application.form_keys():
        spec, answers = application.form_spec(key), application.form_answers(key)
        for asked in spec.index.values():
            if asked.type in ("checklist", "multichoice"):
                lists[f"form.{key}.{asked.key}"] = ticks(asked, answers)
    return lists


def _files(application: Application) -> dict[str, list[Document]]:
    """The files of the dossier by the clause that their fields stand for."""
    wanted: dict[str, list[int]] = {}
    for key in application.form_keys():
        answers = application.form_answers(key)
        for spec in (spec for section in application.form_spec(key).sections for spec in section.fields):
            if spec.type == "file" and spec.clause and answers.get(spec.key):
                for clause in (spec.clause, *(spec.also or ())):
                    wanted.setdefault(clause, []).extend(pk for pk in answers[spec.key] if isinstance(pk, int))
    rows = Document.about(application).in_bulk({pk for pks in wanted.values() for pk in pks})
    return {clause: [rows[pk] for pk in pks if pk in rows] for clause, pks in wanted.items()}


def ranks(application: Application) -> bool:
    """Whether its regulation names conditions that rank at all."""
    return any(rule.strength == "priority" for rule in rules.rules_at(application.profile, GATE))


def rank(application: Application, reader: Any) -> Rank | None:
    """Its rank among those that a reader (a membership) sees being decided in its call, or None while it is not being
    decided: a university learns nothing of how many others apply to the department."""
    if application.state not in Application.STAGES:
        return None
    running = Application.objects.visible_to(reader).filter(call=application.call_id, state__in=Application.STAGES)
    mine = application.precedence
    before = running.filter(precedence__gt=mine).count()
    return Rank(before + 1, running.filter(precedence=mine).count() - 1, running.count())
