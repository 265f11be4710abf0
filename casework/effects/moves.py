"""What can happen to the effects on a case: a room's class of moves inherits them (`core.door.moves_of`)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from casework.effects import forms
from casework.effects.kinds import kind_of
from casework.effects.proposals import begin, declaration, decline
from core import clock
from core.door import Act, move
from core.models import Case


def every_state(model: type[Case]) -> list[str]:
    """All states: what a case led to is decided on also when it has ended."""
    return [code for code, _label in model._meta.get_field("state").choices]


class EffectMoves:
    """Confirming, declining, lifting."""

    @move(
        source=every_state,
        label=_("确认"),
        permission="casework.confirm_effect",
        form=forms.confirm_form,
        subjects=forms.proposed,
        conditions=[forms.confirm_findings],
        primary=True,
    )
    def confirm_effect(self: Case, act: Act) -> None:
        """Let a proposed consequence stand, and with it what else the same decision confirms."""
        decided = clock.day_of(act.data.get("decided_on")) or act.on
        published = clock.day_of(act.data.get("published_on"))
        answers = {key: value for key, value in act.data.items() if key not in ("together", "reason") and value}
        act.on = decided
        for effect in forms.chosen(act.subject, act.data):
            declared = declaration(effect)
            starts = published if declared is not None and declared.start == "published" else decided
            begin(effect, self, act, starts or decided, answers)

    @move(
        source=every_state,
        label=_("不予采用"),
        permission="casework.confirm_effect",
        form=forms.decline_form,
        subjects=forms.proposed,
    )
    def decline_effect(self: Case, act: Act) -> None:
        """Say that a proposed consequence does not follow, with the reason."""
        decline(act.subject, act)

    @move(
        source=every_state,
        label=_("解除"),
        permission="casework.lift_effect",
        form=forms.lift_form,
        subjects=forms.liftable,
        conditions=[forms.lift_findings],
    )
    def lift_effect(self: Case, act: Act) -> None:
        """End a consequence that stands, from a day on, with the reason; it stays readable."""
        effect = act.subject
        effect.lifted_on = clock.day_of(act.data.get("lifted_on")) or act.on
        effect.lift_reason, effect.lifted_by = act.reason, act.actor.name[:80]
        effect.save(update_fields=["lifted_on", "lift_reason", "lifted_by"])
        kind_of(effect).ended(effect, self, act)
