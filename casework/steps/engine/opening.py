"""Steps that open: those whose predecessors are finished and whose condition holds, each with its unit or its person."""

from __future__ import annotations

from django.utils.translation import gettext as _

from casework.models import Step
from casework.models.routed import RoutedCase
from casework.permissions import CLERKS, asked
from casework.steps import persons, places, waiting
from casework.steps.engine.deadlines import owe
from casework.steps.forms import UNITS
from casework.steps.kind import kind_of
from core import clock
from core.door import Act
from core.findings import Finding
from regulations import vocabulary
from regulations.rules import holds
from tenants.models import Organisation, Party


def all_finished(case: RoutedCase, stage: str) -> bool:
    """Whether nothing of the stage is open or waiting any more."""
    return all(step.finished for step in case.steps().filter(stage=stage))


def not_yet(case: RoutedCase, actor, chosen: str) -> Finding | None:
    """What a step of the actor's still waits for, by the id it will be acted on with; None where it is not the actor's, or
    waits no more."""
    rows = list(case.steps())
    step = next((row for row in rows if str(row.pk) == chosen and row.state == "waiting"), None)
    if step is None or step.unit_id != actor.organisation_id or not actor.acts_as(_may_enter(step)):
        return None
    declared = [declaration for declaration in case.declared_route() if case.follows(declaration)]
    place = next(number for number, declaration in enumerate(declared) if declaration.key == step.key)
    after = declared[place].after
    before = set(after if after is not None else [declared[place - 1].key] if place else [])
    earlier = case.STAGES[: case.STAGES.index(step.stage)]
    first = [row for row in rows if not row.finished and (row.stage in earlier or row.key in before)]
    if not first:
        return None
    titles = "、".join(dict.fromkeys(row.title for row in first))
    message = _("“%(first)s”尚未办结，还不能办理“%(step)s”。") % {"first": titles, "step": step.title}
    return Finding(first[0].clause, "hard", message, {"waits_for": [row.key for row in first]})


def _may_enter(step: Step) -> set[str]:
    """The roles of its unit that will act on a step: its own, and the clerk where a paper opinion may be entered."""
    return {step.role, CLERKS[step.unit.kind]} if step.offline else {step.role}


def open_ready(case: RoutedCase, stage: str, act: Act) -> None:
    """Open every waiting step of the stage whose predecessors are finished; skip those whose condition fails."""
    again = True
    while again:
        again = False
        rows = _by_key(case)
        declared = [declaration for declaration in case.declared_route() if declaration.key in rows]
        for index, declaration in enumerate(declared):
            waits = [step for step in rows[declaration.key] if step.state == "waiting"]
            if not waits or waits[0].stage != stage:
                continue
            before = (
                declaration.after if declaration.after is not None else ([declared[index - 1].key] if index else [])
            )
            if not all(step.finished for key in before if key in rows for step in rows[key]):
                continue
            again = True
            for step in _one_for_each_unit(case, waits, declaration, rows):
                if declaration.when is not None:
                    applies, step.facts = holds(case.profile, declaration.when, case, clock.today())
                    if not applies:
                        step.state, step.closed_at = "skipped", act.now
                        step.save(update_fields=["facts", "state", "closed_at"])
                        continue
                _open(case, step, declaration, act)
            rows = _by_key(case)


def _by_key(case: RoutedCase) -> dict[str, list[Step]]:
    rows: dict[str, list[Step]] = {}
    for step in case.steps():
        rows.setdefault(step.key, []).append(step)
    return rows


def _one_for_each_unit(case: RoutedCase, waits: list[Step], declared, rows: dict[str, list[Step]]) -> list[Step]:
    """The rows that wait; where an earlier step chose the units, one row for each of them."""
    if declared.unit_from is None or len(rows[declared.key]) > 1:  # laid out before
        return waits
    step = waits[0]
    chosen = {int(pk) for earlier in rows.get(declared.unit_from, ()) for pk in earlier.answers.get(UNITS) or ()}
    if case.step_declaration(declared.unit_from).names == declared.unit and (named := case.route_unit(declared.unit)):
        chosen.add(named.pk)
    units = list(Organisation.objects.filter(pk__in=chosen).order_by("pk")) or case.route_units(declared)
    if not units:
        return []
    step.unit = units[0]
    step.save()
    return [step, *(another_row(step, unit) for unit in units[1:])]


def another_row(like: Step, unit: Organisation) -> Step:
    """A further row of a step, for another unit."""
    copied = ("case_kind", "case_id", "case_title", "case_number", "round", "key", "title", "clause", "stage", "kind")
    same = {name: getattr(like, name) for name in (*copied, "position", "role", "offline")}
    return Step.objects.create(**same, unit=unit)


def _open(case: RoutedCase, step: Step, declared, act: Act) -> None:
    step.state, step.opened_at = "open", act.now
    if step.unit_id is None:
        step.unit = case.route_unit(vocabulary.column_of(declared.unit))
    if declared.unit == "authority" and case.authority_id is None:
        case.authority = step.unit  # from now on the authority sees the case: it has something to do
    if (person := persons.assignee(case, declared)) is not None:
        step.assignee, step.unit, step.role = person, person.organisation, person.role
    step.save()
    let_in(case, step.unit, step.title, act)
    owe(case, step, declared, act)
    if kind_of(step).acted_on:
        act.notify(
            asked(step),
            _("待办：%(step)s") % {"step": step.title},
            f"{case.number} {case.title}",
            case=case,
            asks=f"step:{step.pk}",
            url=places.page_of(case, step),
        )
    if kind_of(step).awaits and (brought := waiting.there_already(case, step, declared)) is not None:
        act.then(case, "settle_step", brought)


def let_in(case: RoutedCase, unit: Organisation | None, why: str, act: Act) -> bool:
    """Open the case to a unit that has a step on it, or will have, without having the main part in one of its columns.
    Whether it was not open to it before."""
    columns = (case.authority_id, case.university_id, case.college_id, case.partner_id)
    if unit is None or unit.pk in columns:
        return False
    part = {"case_kind": case.case_kind, "case_id": case.pk, "organisation": unit, "until_on": None}
    if Party.objects.filter(**part).exists():
        return False
    Party.objects.create(**part, role="assessor", from_on=clock.today(), reason=why)
    act.facts.setdefault("let_in", []).append(unit.name)
    return True
