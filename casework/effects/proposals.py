"""From a declaration to an effect: proposed, then confirmed or declined by the role that the regulation names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from casework import papers
from casework.effects.kinds import kind_of, lift_others
from casework.effects.rows import named
from casework.models import Effect
from core import ledger
from core.calendar import term_end
from core.door import Act, record_event
from regulations.rules import holds
from regulations.schema import Consequence, Ref
from regulations.settings import setting
from tenants.models import Membership


def propose_all(subject, declared: Iterable[Consequence], source, act: Act) -> list[Effect]:
    """Propose several consequences of one thing. Which of them follow is asked of the subject as it is before any of
    them stands (a grant with a title that is new, say); then each as `propose` does."""
    following = [
        consequence
        for consequence in declared
        if consequence.when is None or holds(subject.profile, consequence.when, subject, act.on)[0]
    ]
    return [effect for consequence in following if (effect := _propose(subject, consequence, source, act)) is not None]


def propose(subject, declared: Consequence, source, act: Act) -> Effect | None:
    """Propose what the regulation lets follow for `subject` (a recognition, say) from `source`, the case that leads to it.

    What the regulation lets follow of itself stands at once, begun on the act's day. Everything else waits for the role
    that the declaration names, who are told and have it among what waits for them. Asked again for the same source,
    it changes nothing. Returns None where the declaration's condition does not hold, or where the subject has
    what it can have only once.
    """
    return next(iter(propose_all(subject, [declared], source, act)), None)


def _propose(subject, declared: Consequence, source, act: Act) -> Effect | None:
    code = declared.code or declared.reason or ""
    same = Effect.about(subject).filter(kind=declared.effect, code=code, lifted_on=None).exclude(state="declined")
    if source is not None and (again := same.filter(source_kind=source.case_kind, source_id=source.pk).first()):
        return again
    effect = Effect(
        **named(subject, source),
        state="proposed",
        kind=declared.effect,
        code=code,
        title=declared.title.zh,
        amount=declared.amount,
        reason=declared.reason or "",
        renewal=declared.renewal,
        clause=declared.clause or "",
        declared=declared.model_dump(mode="json", by_alias=True, exclude_defaults=True),
        proposed_on=act.on,
    )
    if kind_of(effect).once and same.exists():
        return None
    if declared.confirm is not None:
        effect.unit, effect.role = subject.route_unit(declared.confirm.unit), declared.confirm.role
    try:
        with transaction.atomic():
            effect.save()
    except IntegrityError:  # somebody was quicker: the row that they made is the one
        return same.filter(source_kind=source.case_kind, source_id=source.pk).get()
    if declared.automatic:
        begin(effect, subject, act, act.on)
    else:
        people = Membership.objects.of(effect.unit, effect.role)
        text = _("待确认：%(effect)s") % {"effect": effect.title}
        act.notify(people, text, effect.case_title, case=subject, asks=effect.asks_for)
    return effect


def declaration(effect: Effect) -> Consequence | None:
    """What the profile declared, as it was proposed; None for an effect that some act laid down by itself."""
    return Consequence.model_validate(effect.declared) if effect.declared else None


def begin(effect: Effect, subject, act: Act, on: dt.date, answers: dict | None = None) -> None:
    """Let a proposed effect stand: its days are counted from `on`, what it lifts ends, and its kind does what follows."""
    declared = declaration(effect)
    effect.from_on, effect.until_on = days(subject, declared, effect.proposed_on, on)
    effect.state, effect.decided_on, effect.decided_by = "standing", act.on, act.actor.name[:80]
    effect.decision_reason = act.reason
    effect.parameters = {**effect.parameters, **(answers or {})}
    effect.save()
    ledger.settle(effect.asks_for)
    facts = {"effect": effect.pk, "kind": effect.kind, "code": effect.code, "from_on": effect.from_on.isoformat()}
    if act.case.case_kind == subject.case_kind and act.case.pk == subject.pk:
        act.facts |= {f"effect_{effect.pk}": facts}
    else:
        record_event(
            subject,
            "effect",
            effect.title,
            act.actor,
            on=act.on,
            facts=facts,
            correlation=act.correlation,
        )
    lift_others(effect, subject, act, list(declared.lifts))
    if declared.paper:
        papers.issue(subject, effect.paper, act.actor.name)
    kind_of(effect).begun(effect, subject, act)


def decline(effect: Effect, act: Act) -> None:
    """Say that a proposed effect does not follow, with the reason."""
    effect.state, effect.decided_on, effect.decided_by = "declined", act.on, act.actor.name[:80]
    effect.decision_reason = act.reason
    effect.save(update_fields=["state", "decided_on", "decided_by", "decision_reason"])
    ledger.settle(effect.asks_for)


def days(subject, declared: Consequence, proposed_on: dt.date, on: dt.date) -> tuple[dt.date, dt.date | None]:
    """First and last day of an effect that is confirmed, or published, on a day (RR-2); None without an end.

    The next year is the one after the day of the proposal, so that a late confirmation moves nothing (C-4).
    """
    first = dt.date(proposed_on.year + 1, 1, 1) if declared.start == "next_year" else on
    if declared.until == "next_year":
        return first, dt.date(proposed_on.year + 1, 12, 31)
    years, months = (_figure(subject, value, on) for value in (declared.years, declared.months))
    return first, term_end(first, years=years, months=months) if years or months else None


def _figure(subject, value: int | Ref | None, on: dt.date) -> int:
    """A number of the declaration, or what the setting that it names says to whom the subject belongs; 0 for none."""
    if not isinstance(value, Ref):
        return value or 0
    owner = subject.authority or subject.university
    return setting(subject.profile, value.setting, owner, on).value or 0
