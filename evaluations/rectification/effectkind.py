"""限期整改 as a consequence: where it stands, a rectification runs."""

from __future__ import annotations

from django.utils.translation import gettext as _

from casework.effects import EffectKind, register
from core.door import get_case
from evaluations.models import Evaluation, Rectification
from evaluations.rectification import ordering


@register
class RectificationEffect(EffectKind):
    """The base may go on taking students, with a warning (N-2); `code` is the rectification's key in the profile."""

    code = "rectification"
    warns = True

    def begun(self, effect, subject, act) -> None:
        evaluation = None
        if effect.source_kind == Evaluation.case_kind:
            evaluation = Evaluation.objects.filter(pk=effect.source_id).first()
        ordering.begin(effect, subject, act, evaluation)

    def ended(self, effect, subject, act) -> None:
        for row in Rectification.objects.filter(effect=effect, state__in=Rectification.UNFINISHED):
            reason = effect.lift_reason or _("整改要求已解除。")
            act.then(get_case(row.case_kind, row.pk), "cancel", {"reason": reason})
