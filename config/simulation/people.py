"""What the people of a simulation do with what is theirs, at the door like everybody.

A base has a `quality` between 0 and 1 that drifts from year to year; it decides how experts mark, how diligent reports
are, whether a rectification succeeds. Everything else is the regulations' own doing.
"""

from __future__ import annotations

import datetime as dt
import random
from functools import partial
from typing import Any

from bases.models import Recognition
from casework import panels
from casework.models import Effect
from casework.panels import marks
from config.stories import answers as written
from config.stories import placements
from config.stories import rectification as repair
from config.stories.filling import filled
from config.stories.hands import DoorHand, fresh
from core import clock, door
from core.door import DoorError
from evaluations.models import Evaluation, Rectification
from tenants.models import Membership, Organisation
from trainees.models import Placement

EXPERTS = 2  # on a panel, as far as the pool goes
MONTHS = 6  # of a student's stay


def hand_of(unit: Organisation, role: str) -> DoorHand:
    """Somebody in a role of a unit. Raises LookupError where nobody is."""
    person = Membership.objects.of(unit.pk, role).select_related("user", "organisation").order_by("pk").first()
    if person is None:
        raise LookupError(f"nobody is {role} of {unit}")
    return DoorHand(person)


class Keeper:
    """Everybody around one base. `refused` gathers what the portal did not let them do: (day, what, sentences)."""

    def __init__(self, recognition: Recognition, seed: int) -> None:
        self.pk = recognition.pk
        self.random = random.Random(f"{seed}:{recognition.number}")
        self.quality = self.random.uniform(0.4, 0.95)
        self.due: dict[str, dt.date] = {}  # when somebody gets round to something
        self.students = 0
        self.refused: list[tuple[dt.date, str, list[str]]] = []

    @property
    def base(self) -> Recognition:
        return Recognition.objects.select_related("base", "university", "college", "partner").get(pk=self.pk)

    def ready(self, what: str, least: int, most: int) -> bool:
        """Whether somebody gets round to `what` today: between so many days after it was first seen."""
        if what not in self.due:
            self.due[what] = clock.today() + dt.timedelta(days=self.random.randint(least, most))
        return self.due[what] <= clock.today()

    def tried(self, what: str, act: Any) -> bool:
        """Do something that the portal may refuse; a refusal is kept and nothing else happens."""
        try:
            act()
        except DoorError as refusal:
            findings = getattr(refusal, "findings", None) or ()
            self.refused.append((clock.today(), what, [finding.message for finding in findings] or [str(refusal)]))
            return False
        return True

    def day(self) -> None:
        """Everything that is somebody's today."""
        base = self.base
        if clock.today().month == 1 and self.ready(f"year {clock.today().year}", 0, 0):
            self.due[f"year {clock.today().year}"] = dt.date.max
            self.quality = min(1.0, max(0.05, self.quality + self.random.uniform(-0.35, 0.25)))
        for evaluation in Evaluation.objects.filter(recognition=base).exclude(
            state__in=("confirmed", "missed", "cancelled")
        ):
            self.evaluate(evaluation)
        for case in Rectification.objects.filter(recognition=base, state__in=Rectification.UNFINISHED):
            self.rectify(case)
        self.conclude(base)
        self.practise(base)

    # --- evaluations --------------------------------------------------------------------------------------

    def evaluate(self, evaluation: Evaluation) -> None:
        if evaluation.state == "draft":
            self._report(evaluation)
        elif evaluation.state in evaluation.STAGES and self.ready(f"{evaluation.number} {evaluation.state}", 2, 8):
            del self.due[f"{evaluation.number} {evaluation.state}"]
            for step in evaluation.actable_steps():
                self._step(evaluation, step)

    def _report(self, evaluation: Evaluation) -> None:
        who = f"report {evaluation.number}"
        if who not in self.due and self.random.random() > 0.8 + self.quality / 5:
            self.due[who] = dt.date.max  # nobody remembers
        if evaluation.absent_since is not None:
            organiser = hand_of(evaluation.in_round.organiser, evaluation.declaration.role)
            if self.ready(f"absent {evaluation.number}", 5, 12):
                organiser.do(evaluation, "miss", {"reason": "经催报仍未提交，未按规定参加考核。"})
        elif self.ready(who, 2, 9):
            declared = evaluation.declaration.report
            hand = hand_of(getattr(evaluation, declared.unit), declared.role)
            form = evaluation.form_keys()[0]
            first = {key: value for key, value in evaluation.first_answers(form).items() if value not in (None, "")}
            hand.fill(evaluation, form, filled(evaluation.form_spec(form), **first))
            hand.do(evaluation, "submit")

    def _step(self, evaluation: Evaluation, step: Any) -> None:
        declared, organiser = evaluation.step_declaration(step.key), hand_of(step.unit, step.role)
        answers = filled(evaluation.profile.forms[declared.form]) if declared.form else {}
        if step.kind == "panel":
            self._hear(evaluation, step, organiser)
        if step.kind == "grade":
            spec = door.moves(Evaluation)["act_on_step"].spec(evaluation, organiser.membership, {}, step)
            answers = {key: value for key, value in filled(spec).items() if key != "outcome"}
            if "grade" in answers:
                answers["grade"] = self._grade(evaluation)
        organiser.step(evaluation, step.key, {**answers, "opinion": "同意。"})

    def _grade(self, evaluation: Evaluation) -> str:
        grades = evaluation.declaration.grades
        passed = [grade.code for grade in grades if grade.passed]
        failed = [grade.code for grade in grades if not grade.passed]
        mark = self.quality + self.random.uniform(-0.15, 0.15)
        if mark < 0.35 and failed:
            return failed[0]
        return passed[0] if mark > 0.8 else passed[-1]

    def _hear(self, evaluation: Evaluation, step: Any, organiser: DoorHand) -> None:
        pool = Membership.objects.of(step.unit_id, "expert").select_related("user", "organisation").order_by("pk")
        fit = [person for person in pool if not panels.conflicts(evaluation, step, person)][:EXPERTS]
        closes = (clock.today() + dt.timedelta(days=10)).isoformat()
        for person in fit:
            expert = DoorHand(person)
            organiser.do(evaluation, "assign_expert", {"expert": str(person.pk), "closes_on": closes}, step=step.key)
            mine = step.assignments.get(expert=person.user)
            expert.do(evaluation, "promise", written.PROMISE, step=mine.pk)
            spec = door.moves(Evaluation)["give_opinion"].spec(evaluation, person, {}, mine)
            expert.do(evaluation, "give_opinion", filled(spec, self._mark(evaluation, step)), step=mine.pk)

    def _mark(self, evaluation: Evaluation, step: Any):
        """How an expert answers: marks around the base's quality, a verdict that goes with it."""
        sheet = marks.sheet_for(evaluation, step)
        points = {marks.mark_field(leaf.key): leaf.points for leaf in sheet.leaves()} if sheet is not None else {}
        opinion = self.quality

        def choose(field: Any) -> Any:
            if field.key in points:
                share = min(1.0, max(0.0, 0.35 + 0.65 * opinion + self.random.uniform(-0.1, 0.1)))
                return str(round(float(points[field.key]) * share * 2) / 2)
            if field.key == "verdict":
                return field.codes[0] if opinion > 0.35 else field.codes[-1]
            return None

        return choose

    # --- what follows -------------------------------------------------------------------------------------

    def conclude(self, base: Recognition) -> None:
        """Confirm what is proposed; approve again what was barred for a time."""
        for effect in Effect.about(base).filter(state="proposed").select_related("unit").order_by("pk"):
            if self.ready(f"effect {effect.pk}", 3, 20):
                hand = hand_of(effect.unit, effect.role)
                spec = door.moves(Recognition)["confirm_effect"].spec(base, hand.membership, {}, effect)
                confirm = partial(hand.do, base, "confirm_effect", filled(spec), step=effect.pk)
                if not self.tried(effect.title, confirm):
                    self.due[f"effect {effect.pk}"] = clock.today() + dt.timedelta(days=60)
        over = Effect.about(base).filter(state="standing", renewal=True, lifted_on=None, until_on__lt=clock.today())
        if base.state == "active" and over.exists() and self.ready(f"again {base.pk}", 2, 30):
            del self.due[f"again {base.pk}"]
            office = hand_of(base.university, "graduate_office")
            self.tried("重新批准", lambda: office.do(base, "approve_again", {"reason": "整改到位，同意恢复。"}))

    def rectify(self, case: Rectification) -> None:
        """Ordered, repaired and reported in time or not at all, rechecked."""
        declared, base = case.declaration, case.recognition
        organiser = hand_of(getattr(base, declared.unit), declared.role)
        if case.state == "planned":
            if self.ready(f"order {case.number}", 2, 10):
                due = None
                if declared.period is None:  # before the next December
                    due = dt.date(clock.today().year + (clock.today().month > 9), 10, 31).isoformat()
                repair.ordered(organiser, base, due)
        elif case.state == "draft":
            self._repair(case, organiser)
        elif case.actable_steps() and self.ready(f"recheck {case.number}", 3, 10):
            del self.due[f"recheck {case.number}"]
            if any(problem.answered_on for problem in case.open_problems()):
                repair.closed(organiser, case)
            for step in case.actable_steps():
                outcome = "positive" if not case.open_problems() else "negative"
                hand_of(step.unit, step.role).step(case, step.key, {"opinion": "已复核。"}, outcome)

    def _repair(self, case: Rectification, organiser: DoorHand) -> None:
        who = f"repair {case.number}"
        if who not in self.due:
            works = self.random.random() < 0.35 + self.quality / 2
            days = (case.due_on - clock.today()).days
            at = clock.today() + dt.timedelta(days=int(days * self.random.uniform(0.4, 0.9)))
            self.due[who] = at if works else dt.date.max
        if self.due[who] <= clock.today():
            responsible = case.declaration.responsible[0]
            hand = hand_of(getattr(case, responsible.unit), responsible.role)
            repair.repaired(hand, case, clock.today().isoformat())
            repair.reported(hand, case)
            self.quality = min(1.0, self.quality + 0.2)
        elif clock.today() > case.due_on and case.declaration.reevaluation is None:
            organiser.do(case, "recheck_unreported", {"reason": "期满未提交整改报告。"})

    # --- students -----------------------------------------------------------------------------------------

    def practise(self, base: Recognition) -> None:
        """A student each autumn, for half a year, if the portal lets them go; whoever has finished leaves."""
        today = clock.today()
        for stay in Placement.objects.filter(recognition=base, state="active", ends_on__lt=today):
            placements.left(hand_of(stay.college, "secretary"), stay, stay.ends_on.isoformat())
        if (today.month, today.day) >= (9, 10) and today.month < 11 and self.ready(f"students {today.year}", 0, 10):
            self.due[f"students {today.year}"] = dt.date.max
            self._student(base)

    def _student(self, base: Recognition) -> None:
        today, clerk = clock.today(), hand_of(base.college, "secretary")
        if not self.students:
            self._prepare(base, today.isoformat())
        self.students += 1
        last = today + dt.timedelta(days=30 * MONTHS)
        days = today.isoformat(), last.isoformat()
        who = placements.student(clerk, f"{today.year}{base.pk:02}{self.students:02}", f"研究生{self.students}")
        stay: Placement | None = None

        def planned() -> None:
            nonlocal stay
            stay = placements.planned(clerk, base, who, days)

        if not self.tried("安排专业实践", planned) or stay is None:
            return
        mentors = {
            "university_mentor": Membership.objects.of(base.college_id, "mentor").first(),
            "base_mentor": Membership.objects.of(base.partner_id, "base_mentor").first(),
        }
        placements.guided(clerk, stay, **mentors)
        placements.insured(clerk, stay, *days)
        self.tried("进入基地", lambda: placements.entered(clerk, fresh(stay), today.isoformat()))

    def _prepare(self, base: Recognition, on: str) -> None:
        """What the regulation wants on record before a first student comes."""
        hands = [hand_of(base.partner, "contact"), hand_of(base.college, "secretary")]
        office = hand_of(base.university, "graduate_office")
        placements.prepared(base, on, *hands, office)
        mentor = Membership.objects.of(base.partner_id, "base_mentor").first()
        if mentor is not None and "mentor" in base.profile.records:
            placements.selected(office, base, mentor.user.name, on)
