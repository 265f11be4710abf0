"""审议决定: what a meeting decided, with its minutes; one set of minutes may decide many cases (RR-8)."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from casework.models import Decision
from casework.specs import PAPER, field
from casework.steps.kind import RETURN, StepKind, register
from regulations import wording


@register
class DecisionStep(StepKind):
    """The decision of a meeting or of a person named by the profile."""

    code = "decision"
    title = lazy("审议决定")
    outcomes = (("positive", lazy("审定通过")), RETURN, ("negative", lazy("审定不通过")))
    decided_by_body = True
    private = ("minutes",)

    def fields(self, declared, outcome: str) -> list[dict]:
        if outcome == "return":
            return []
        body = wording.words(declared.body)
        return [
            field("body", "text", _("会议名称"), max_chars=40, help=body),
            field("session", "text", _("届次"), max_chars=40, help=_("例如：2027年第9次")),
            field("decided_on", "date", _("会议日期")),
            field("resolution", "longtext", _("决议"), max_chars=2000),
            field("minutes", "file", _("会议纪要"), accept=PAPER, min_files=1, max_files=3),
        ]

    def closed(self, case, step, act) -> None:
        """Keep the meeting's decision, once for all cases that it decides."""
        if step.outcome == "return" or step.by_silence:
            return
        data = act.data
        decision, _created = Decision.objects.get_or_create(
            organisation=step.unit,
            body=data["body"],
            session=data["session"],
            decided_on=data["decided_on"],
            defaults={
                "resolution": data.get("resolution") or "",
                "minutes_id": (data.get("minutes") or [None])[0],
                "entered_by": act.actor.name,
            },
        )
        step.decision, step.decided_by = decision, f"{decision.body} {decision.session}"
        step.save(update_fields=["decision", "decided_by"])
        act.decided_by = step.decided_by
