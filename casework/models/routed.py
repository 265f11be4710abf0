"""A case with a route: the steps that its regulation wants, in the stages that its machine knows."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.db import models

from casework.models.effects import SCAN_RULE, Override
from casework.models.regulated import RegulatedCase
from casework.models.steps import Step
from casework.steps import kind, links
from core.forms import content, store
from core.models import FormAnswer


class RoutedCase(RegulatedCase):
    """Abstract. Subclasses name their stages in order, and the states after the last and of a negative end."""

    STAGES: tuple[str, ...] = ()
    AFTER_LAST = ""
    TURNED_DOWN = ""
    PANEL_DONE: object = ""  # what closing a panel is called where it passes nothing: a later step judges
    HELD: tuple[str, ...] = ()  # stages that a case leaves only by somebody's act, whether they have steps or not
    # Who works on a draft, as kind of organisation and role; None: whoever drafts in the lowest unit of the base's side.
    # Empty where a row of the ledger asks for the draft.
    DRAFTED_BY: frozenset[tuple[str, str]] | None = None
    goes_to = ""  # the stage that a move leads to, said by its body before django-fsm asks for the target

    regulation_version = models.ForeignKey("regulations.RegulationVersion", models.PROTECT, related_name="+", null=True)
    correction_due = models.DateField(null=True)
    correction_note = models.TextField(blank=True)

    class Meta:
        abstract = True

    @property
    def applying_units(self) -> tuple:
        """Whose case it is, as papers name the applicant: the university and its college."""
        return self.university, self.college

    def declared_route(self) -> list:
        """The profile's steps for this kind of case, in order."""
        return self.profile.route(self.case_kind)

    def follows(self, declared) -> bool:
        """Whether a step of the declared route is this case's own: one of certain tracks is not everybody's."""
        return not declared.tracks

    def step_declaration(self, key: str):
        """The profile's step under `key`. Raises StopIteration for one that is not on the route."""
        return next(step for step in self.declared_route() if step.key == key)

    def steps(self):
        """The rows of the current round, in the order of the route."""
        rows = Step.about(self).filter(round=self.round)
        return rows.select_related("unit", "assignee__user", "assignee__organisation")

    def _among(self, wanted):
        """The steps prefetched by a page that `wanted` picks, or None where none are prefetched."""
        prefetched = self.prefetched.current_steps() if self.prefetched is not None else None
        return None if prefetched is None else [row for row in prefetched if wanted(row)]

    def open_steps(self):
        """What waits for somebody now."""
        return self.steps().filter(state="open")

    def actable_steps(self):
        """Open steps that somebody acts on: those that only wait for another case are not."""
        waits = kind.waiting_only()
        prefetched = self._among(lambda row: row.state == "open" and row.kind not in waits)
        return self.open_steps().exclude(kind__in=waits) if prefetched is None else prefetched

    def open_of(self, *kinds: str):
        """The open steps of these kinds."""
        prefetched = self._among(lambda row: row.state == "open" and row.kind in kinds)
        return self.open_steps().filter(kind__in=kinds) if prefetched is None else prefetched

    def unfinished_steps(self, *kinds: str) -> list:
        """Steps that are open or still to come; of these kinds only, where any are named."""
        left = ("open", "waiting")
        prefetched = self._among(lambda row: row.state in left and (not kinds or row.kind in kinds))
        if prefetched is not None:
            return prefetched
        rows = self.steps().filter(state__in=left)
        return list(rows.filter(kind__in=kinds) if kinds else rows)

    def panel_steps(self):
        """Open steps to which experts are assigned."""
        return self.open_of(*kind.with_experts())

    def personal_steps(self):
        """Open steps that belong to a person."""
        prefetched = self._among(lambda row: row.state == "open" and row.assignee_id is not None)
        return self.open_steps().exclude(assignee=None) if prefetched is None else prefetched

    def link_steps(self) -> list[Step]:
        """Open steps that somebody without an account may close by a link."""
        if not any(declared.by_link for declared in self.declared_route()):
            return []
        return [step for step in self.actable_steps() if links.offered(self, step)]

    def linked_steps(self) -> list[Step]:
        """Those for which a link is out that nobody has used or closed."""
        steps = self.link_steps()
        out = set(links.open_of(steps).values_list("about_id", flat=True)) if steps else ()
        return [step for step in steps if step.pk in out]

    def unmatched_steps(self):
        """Steps whose stamped paper has come back and waits to be compared."""
        prefetched = self._among(lambda row: row.state == "done" and row.scan == "to_match")
        return self.steps().filter(state="done", scan="to_match") if prefetched is None else prefetched

    def waivers(self) -> list:
        """The papers of the case that may come later, with the day: exceptions that were granted."""
        if self.state == "draft" and self.round == 1:  # none before it was first handed in
            return []
        if self.prefetched is not None:
            granted = (row for row in self.prefetched.overrides if row.state == "granted")
            return sorted((row for row in granted if row.rule.startswith(SCAN_RULE)), key=lambda row: row.pk)
        rows = Override.about(self).filter(state="granted", rule__startswith=SCAN_RULE)
        return list(rows.select_related("requester", "unit").order_by("pk"))

    def waivable_steps(self) -> list:
        """Open steps whose stamped paper is required and nobody has let wait."""
        return [step for step in self.actable_steps() if self.asks_for_scan(step) and self.waived(step) is None]

    def asks_for_scan(self, step) -> bool:
        paper = next((declared.paper for declared in self.declared_route() if declared.key == step.key), None)
        return paper is not None and paper.scan != "none"

    def waived(self, step):
        """The exception that lets the step's stamped paper come later, or None."""
        asked = (SCAN_RULE + step.key, step.unit_id)
        return next((waiver for waiver in self.waivers() if (waiver.rule, waiver.requester_id) == asked), None)

    def missing_papers(self) -> list:
        """Papers let wait that have not come yet."""
        return [waiver for waiver in self.waivers() if waiver.supplied_on is None]

    def uncompared_papers(self) -> list:
        """Papers that came later and wait to be compared."""
        return [waiver for waiver in self.waivers() if waiver.supplied_on and waiver.settled_on is None]

    def terms(self, form: str, section: str = "") -> dict:
        """The terms in the answers of a form, or of one of its sections: what a confirmation of it covers."""
        spec = self.form_spec(form) if form in self.form_keys() else self.profile.forms[form]
        return content.answers_that(spec, self.form_answers(form), "term", section)

    def content_hash(self) -> str:
        """The hash of the dossier as it stands: what an opinion or a stamp confirms."""
        rows = FormAnswer.about(self).filter(round=self.round, form__in=self.form_keys()).order_by("form")
        joined = "|".join(f"{row.form}:{row.sha256}" for row in rows)
        return hashlib.sha256(joined.encode()).hexdigest()

    def overrides(self, version=None) -> set[str]:
        """Keys of the rules that the named role has let pass for this case: the rules of its own regulation, or of the
        one that `version` is a version of, where another regulation has a say."""
        return self.overrides_of([self], version or self.regulation_version).get(self.pk, set())

    @classmethod
    def overrides_of(cls, cases: Sequence[RoutedCase], version) -> dict[int, set[str]]:
        """By pk of several cases the rules let pass of the regulation that `version` is a version of. One query."""
        granted: dict[int, set[str]] = {}
        for pk, rule in Override.objects.filter(
            subject_kind=cls.case_kind,
            subject_id__in=[case.pk for case in cases],
            state="granted",
            regulation_version__regulation=version.regulation_id,
        ).values_list("subject_id", "rule"):
            granted.setdefault(pk, set()).add(rule)
        return granted

    @classmethod
    def form_answers_of(cls, cases: Sequence[RoutedCase], form: str) -> dict[int, dict]:
        """The answers of a form by pk: of the dossier, or of the step of the present round that gave them last."""
        in_dossier = [case for case in cases if form in case.form_keys()]
        answers = store.answers_of(in_dossier, form) if in_dossier else {}
        asking = {case.pk: case for case in cases if case.pk is not None and case not in in_dossier}
        keys = {
            (pk, declared.key)
            for pk, case in asking.items()
            for declared in case.declared_route()
            if declared.form == form
        }
        if keys:
            rows = Step.objects.filter(
                case_kind=cls.case_kind, case_id__in=list(asking), key__in={key for _pk, key in keys}, state="done"
            ).order_by("closed_at")
            for step in rows:
                if (step.case_id, step.key) in keys and step.round == asking[step.case_id].round:
                    answers[step.case_id] = step.answers
        return answers
