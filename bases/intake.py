"""May a base take students on a day? Answered from its dates and the effects that stand on it, for many at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bases.models import Recognition
from casework import effects
from casework.models import Effect
from core.findings import Finding

# What rooms above know that a warning is due for: (recognitions, day) -> findings of strength "info" by pk.
WARNINGS: list[Callable[[Sequence[Recognition], dt.date], Mapping[int, list[Finding]]]] = []


@dataclass(frozen=True)
class Intake:
    """The answer for one recognition on one day. `stops` say why it takes nobody new, `warnings` what to know where it
    does; each names its clause and the facts. `limit` is the most persons that it may have, or None. Those who are there
    already stay: the answer is about new ones."""

    on: dt.date
    stops: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()
    limit: int | None = None

    @property
    def open(self) -> bool:
        """Whether new students may come on that day."""
        return not self.stops


def intake(recognition: Recognition, on: dt.date) -> Intake:
    """Whether one recognition may take students on a day, with reasons."""
    return intakes([recognition], on)[recognition.pk]


def intakes(recognitions: Iterable[Recognition], on: dt.date) -> dict[int, Intake]:
    """By pk of several recognitions whether they may take students on a day, with reasons. One query, and those of
    `WARNINGS`."""
    asked = list(recognitions)
    rows: dict[int, list[Effect]] = {}
    for effect in _effects([recognition.pk for recognition in asked]):
        rows.setdefault(effect.case_id, []).append(effect)
    warned: dict[int, list[Finding]] = {}
    for further in WARNINGS:
        for pk, findings in further(asked, on).items():
            warned.setdefault(pk, []).extend(findings)
    return {
        recognition.pk: _answer(recognition, on, rows.get(recognition.pk, []), warned.get(recognition.pk, []))
        for recognition in asked
    }


def _effects(pks: list[int]):
    kinds = {*effects.codes(stops=True), *effects.codes(warns=True), *effects.codes(ends=True)}
    rows = Effect.objects.filter(case_kind=Recognition.case_kind, case_id__in=pks, kind__in=kinds)
    return rows.exclude(state="declined").order_by("from_on", "pk")


def _answer(recognition: Recognition, on: dt.date, rows: list[Effect], warned: list[Finding]) -> Intake:
    stops, warnings, limits = _by_its_dates(recognition, on), list(warned), []
    for effect in rows:
        kind = effects.kind_of(effect)
        if effect.state == "proposed":
            if kind.stops or kind.ends:
                warnings.append(_finding(effect, "info", _("“%(what)s”已提出，待确认。") % {"what": effect.title}))
        elif effect.stands_on(on):
            if kind.stops:
                stops.append(_finding(effect, "hard", _stopped(effect)))
            elif kind.warns:
                words = {"what": effect.title, "day": effect.from_on}
                warnings.append(_finding(effect, "info", _("自%(day)s起：%(what)s。") % words))
            if effect.kind == "intake_limit" and effect.amount is not None:
                limits.append(int(effect.amount))
        elif kind.stops and effect.from_on > on and effect.lifted_on is None:
            words = {"what": effect.title, "day": effect.from_on}
            warnings.append(_finding(effect, "info", _("自%(day)s起：%(what)s，届时不能再安排研究生。") % words))
    return Intake(on, tuple(stops), tuple(warnings), min(limits, default=None))


def _by_its_dates(recognition: Recognition, on: dt.date) -> list[Finding]:
    facts = {"state": str(recognition.state), "on": on.isoformat()}
    if recognition.ended_on is not None and on >= recognition.ended_on:
        text = _("基地已于%(day)s终止（%(why)s），不能再安排研究生。")
        words = {"day": recognition.ended_on, "why": recognition.end_label}
        facts |= {"ended_on": recognition.ended_on.isoformat(), "reason": recognition.end_code}
        return [Finding(recognition.end_clause, "hard", text % words, facts)]
    if recognition.active_on is None:
        return [Finding("", "hard", _("基地尚未生效，不能安排研究生。"), facts)]
    if on < recognition.active_on:
        text = _("基地自%(day)s起生效，此前不能安排研究生。") % {"day": recognition.active_on}
        return [Finding("", "hard", text, facts | {"active_on": recognition.active_on.isoformat()})]
    return []


def _stopped(effect: Effect) -> str:
    words = {"what": effect.title, "from": effect.from_on, "until": effect.until_on}
    if effect.renewal:
        return _("自%(from)s起：%(what)s，须经重新批准方可恢复。") % words
    if effect.until_on:
        return _("%(from)s至%(until)s：%(what)s，其间不能安排研究生。") % words
    return _("自%(from)s起：%(what)s，不能安排研究生。") % words


def _finding(effect: Effect, strength: str, text: str) -> Finding:
    days = {"from_on": effect.from_on, "until_on": effect.until_on}
    seen = {name: day.isoformat() if day else None for name, day in days.items()}
    return Finding(effect.clause, strength, text, {"effect": effect.kind, **seen})
