"""What the effects that end a base do, and the renewed approval that ends a suspension."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from bases.models import Recognition
from casework import effects
from casework.effects.kinds import EffectKind, register
from casework.models import Effect
from casework.specs import PAPER, field, form, reason
from core import clock, ledger
from core.door import Act
from core.findings import Finding
from regulations import vocabulary

SUSPENSION = "suspension"


_ENDINGS: list[Callable[[Recognition, Act], None]] = []


class Ending(EffectKind):
    """Ends the base on the day on which it begins. Who is there is not touched: their placements are seen to one by one."""

    ends = True

    def fields(self, effect, subject) -> list[dict]:
        return [field("file", "file", _("决定书（盖章件）"), required=False, accept=PAPER, max_files=3)]

    def findings(self, effect, subject, act) -> list[Finding]:
        if subject.state != "ended":
            return []
        text = _("基地已于%(day)s终止，不能再次%(what)s。") % {"day": subject.ended_on, "what": effect.title}
        return [Finding(effect.clause, "hard", text, {"ended_on": str(subject.ended_on)})]

    def begun(self, effect, subject, act: Act) -> None:
        act.then(subject, "revoke", {"effect": effect.pk})


@register
class Revocation(Ending):
    """撤销: the authority takes the recognition back."""

    code = "revocation"


@register
class Cancellation(Ending):
    """取消: the base loses its standing."""

    code = "cancellation"


def revoke(recognition: Recognition, act: Act) -> None:
    """End it for the reason of the effect that is named in the data; what still stands on it ends, history stays."""
    effect = Effect.about(recognition).get(pk=act.raw["effect"])
    recognition.ended_on, recognition.end_code = effect.from_on, effect.reason
    recognition.end_clause = effect.clause
    said = effect.decision_reason or vocabulary.END_REASONS.get(effect.reason, "")
    recognition.end_reason = str(said)
    act.on, act.reason = effect.from_on, recognition.end_reason
    act.facts |= {"reason": effect.reason, "clause": effect.clause, "effect": effect.pk}
    close(recognition, act)


def when_a_base_ends(told: Callable[[Recognition, Act], None]) -> Callable[[Recognition, Act], None]:
    """Decorator, for rooms above: what the end of a base means for what they have begun on it."""
    _ENDINGS.append(told)
    return told


def close(recognition: Recognition, act: Act) -> None:
    """What the end of a base means for what is open on it: nothing more falls due, what was proposed is void, what other
    rooms have begun ends as they say."""
    ledger.settle_case(recognition)
    for told in _ENDINGS:
        told(recognition, act)
    for effect in Effect.about(recognition).filter(state="proposed"):
        if effects.kind_of(effect).stops or effects.kind_of(effect).ends:
            effect.state, effect.decided_on = "declined", act.on
            effect.decision_reason = _("基地已终止，不再适用。")
            effect.save(update_fields=["state", "decided_on", "decision_reason"])


def suspensions(recognition: Recognition) -> list[Effect]:
    """The suspensions that stand or will, and that end only by a renewed approval."""
    rows = effects.not_lifted(recognition, SUSPENSION).filter(renewal=True)
    return list(rows.order_by("from_on"))


def approve_again_form(recognition, actor, data, subject) -> dict:
    return form(
        "approve_again",
        _("重新批准"),
        field("decided_on", "date", _("批准日期（以文书为准）"), required=False, help=_("不填则为今天。")),
        field("number", "text", _("文号"), required=False, max_chars=40),
        field("file", "file", _("批准文件"), required=False, accept=PAPER, max_files=3),
        reason(_("批准意见")),
    )


def approve_again_findings(recognition, act: Act) -> list[Finding]:
    """There is a suspension that asks for it, and the time for which it was imposed is over."""
    rows = suspensions(recognition)
    if not rows:
        return [Finding("", "hard", _("没有须经重新批准才能恢复的暂停。"))]
    day = clock.day_of(act.data.get("decided_on")) or act.on
    findings = []
    for effect in rows:
        if effect.until_on is not None and day <= effect.until_on:
            text = _("“%(what)s”至%(until)s，此日之后方可重新批准。")
            facts = {"until_on": effect.until_on.isoformat(), "on": day.isoformat()}
            words = {"what": effect.title, "until": effect.until_on}
            findings.append(Finding(effect.clause, "hard", text % words, facts, field="decided_on"))
    return findings


def approve_again(recognition: Recognition, act: Act) -> None:
    """Lift the suspension: the base takes students again from the day of the approval on (C-4)."""
    act.on = clock.day_of(act.data.get("decided_on")) or act.on
    for effect in suspensions(recognition):
        effect.lifted_on, effect.lift_reason, effect.lifted_by = act.on, act.reason, act.actor.name[:80]
        effect.save(update_fields=["lifted_on", "lift_reason", "lifted_by"])
        effects.kind_of(effect).ended(effect, recognition, act)
