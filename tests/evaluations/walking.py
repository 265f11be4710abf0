"""An evaluation walked over HTTP to its grade, whatever its regulation's route: every open step by whoever has it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from config.stories import answers as written
from config.stories import filling
from core import clock
from core.ledger import run_due
from evaluations.models import Evaluation
from tests.scenarios.house import Person, _uploads, done, expert, fresh


def filled(spec: Any, **given: Any) -> dict:
    """An answer for every field of a form that is wanted, those given first."""
    return _uploads(filling.filled(spec, **given))


def opened(recognition: Any, kind: str) -> Evaluation:
    """The evaluation of a kind that the day's job has opened."""
    run_due(clock.today())
    return Evaluation.objects.get(recognition=recognition, kind=kind, state="draft")


def reported(case: Evaluation, people: Iterable[Person]) -> None:
    """The self-report handed in by whoever the regulation names."""
    report = case.declaration.report
    person = one_of(people, getattr(case, report.unit), report.role)
    form = case.form_keys()[0]
    done(person.fill(case, form, filled(case.form_spec(form), **case.first_answers(form))))
    done(person.do(case, "submit"))


def graded(case: Evaluation, people: Iterable[Person], grade: str) -> Evaluation:
    """Every step of the route done, an expert heard where there is a panel, and this grade given."""
    people = list(people)
    for _turn in range(12):
        case = fresh(case)
        step = next(iter(case.actable_steps()), None)
        if step is None or case.state not in case.STAGES:
            return case
        person = one_of(people, step.unit, step.role)
        declared = case.step_declaration(step.key)
        answers = filled(case.profile.forms[declared.form]) if declared.form else {}
        if step.kind == "panel":
            heard(case, step, person, declared)
            answers["opinion"] = "专家意见一致。"
        if step.kind == "grade":
            answers["grade"] = grade
        done(person.step(case, step.key, {"opinion": "同意。", **answers}))
    raise AssertionError("the route does not end")


def heard(case: Evaluation, step: Any, organiser: Person, declared: Any) -> None:
    """One expert assigned, promising, giving an opinion."""
    one = expert(organiser.organisation, f"考核专家{case.pk}")
    chosen = {"expert": str(one.membership.pk), "closes_on": clock.today().isoformat()}
    done(organiser.do(case, "assign_expert", chosen, step=step.key))
    mine = step.assignments.get(expert=one.membership.user)
    done(one.do(case, "promise", written.PROMISE, step=mine.pk))
    done(one.do(case, "give_opinion", filled(case.profile.forms[declared.panel.form]), step=mine.pk))


def one_of(people: Iterable[Person], unit: Any, role: str) -> Person:
    """Who acts in a role of an organisation."""
    return next(one for one in people if one.organisation == unit and one.membership.role == role)
