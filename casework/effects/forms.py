"""Input forms of the moves on effects, as data (see core.forms), and what stands against their answers."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from casework.effects.kinds import kind_of
from casework.effects.proposals import declaration
from casework.models import Effect
from casework.specs import field, form, options, reason
from core import clock
from core.door import Act
from core.findings import Finding


def _has_none(case) -> bool:
    """Whether a page that shows the case has seen already that nothing stands on it or is proposed for it."""
    return case.prefetched is not None and "effects" not in case.prefetched.rare


def proposed(case) -> list[Effect]:
    """What is proposed for a case and waits for its confirmation."""
    if _has_none(case):
        return []
    return list(Effect.about(case).filter(state="proposed").select_related("unit").order_by("pk"))


def liftable(case) -> list[Effect]:
    """What stands on a case, or will, and can be lifted by the role that confirmed it."""
    if _has_none(case):
        return []
    rows = Effect.about(case).filter(state="standing", lifted_on=None).exclude(unit=None)
    return [effect for effect in rows.select_related("unit").order_by("pk") if kind_of(effect).liftable]


def beside(effect: Effect) -> list[Effect]:
    """What else is proposed for the same case by the same source and waits for the same role: one decision may confirm
    it all."""
    rows = Effect.objects.filter(
        state="proposed",
        case_kind=effect.case_kind,
        case_id=effect.case_id,
        source_kind=effect.source_kind,
        source_id=effect.source_id,
        unit_id=effect.unit_id,
        role=effect.role,
    )
    return list(rows.exclude(pk=effect.pk).order_by("pk"))


def _published(effects: list[Effect]) -> bool:
    """Whether any of them begins with its publication."""
    return any((declared := declaration(effect)) is not None and declared.start == "published" for effect in effects)


def confirm_form(case, actor, data, effect) -> dict:
    """The day and words of the decision, what its kind asks for, and what is confirmed with it."""
    others = beside(effect)
    fields = []
    if others:
        labels = [(other.pk, other.title) for other in others]
        fields.append(field("together", "multichoice", _("一并确认"), options=options(labels), required=False))
    if _published([effect, *others]):
        day = _("按公布之日起算的事项必填。")
        fields.append(field("published_on", "date", _("公布日期"), required=_published([effect]), help=day))
    day = _("不填则为今天。")
    fields.append(field("decided_on", "date", _("决定日期（以文书为准）"), required=False, help=day))
    fields.append(field("number", "text", _("文号"), required=False, max_chars=40))
    fields += kind_of(effect).fields(effect, case)
    return form("confirm_effect", effect.title, *fields, reason(_("确认意见"), required=False))


def decline_form(case, actor, data, effect) -> dict:
    return form("decline_effect", effect.title, reason(_("不予采用的理由")))


def lift_form(case, actor, data, effect) -> dict:
    day = _("不填则为今天。")
    return form(
        "lift_effect",
        effect.title,
        field("lifted_on", "date", _("解除日期"), required=False, help=day),
        reason(_("解除理由")),
    )


def chosen(effect: Effect, data: dict) -> list[Effect]:
    """The effect, and what the answers want confirmed with it."""
    wanted = {str(pk) for pk in data.get("together") or []}
    return [effect, *(other for other in beside(effect) if str(other.pk) in wanted)]


def confirm_findings(case, act: Act) -> list[Finding]:
    """What stands against confirming the effect, and what is to be confirmed with it."""
    return decision_findings(case, chosen(act.subject, act.data), act)


def decision_findings(case, effects: list[Effect], act: Act) -> list[Finding]:
    """What stands against confirming these effects on a case by the act's answers: no day lies in the future or before the
    proposal; what begins with its publication has a day; their kinds agree."""
    decided, published = clock.day_of(act.data.get("decided_on")), clock.day_of(act.data.get("published_on"))
    clause = effects[0].clause
    findings = _not_in_the_future("decided_on", decided, clause) + _not_in_the_future("published_on", published, clause)
    first = max((effect.proposed_on for effect in effects if effect.proposed_on), default=None)
    for name, day in (("decided_on", decided), ("published_on", published)):
        if day and first and day < first:
            text = _("日期%(day)s早于提出之日%(first)s。请核对日期。") % {"day": day, "first": first}
            facts = {name: day.isoformat(), "proposed_on": first.isoformat()}
            findings.append(Finding(clause, "hard", text, facts, field=name))
    if published is None and _published(effects):
        text = _("自公布之日起算，请填写公布日期。")
        findings.append(Finding(clause, "hard", text, {"published_on": None}, field="published_on"))
    for effect in effects:
        findings += kind_of(effect).findings(effect, case, act)
    return findings


def lift_findings(case, act: Act) -> list[Finding]:
    """Not lifted from a day that is still to come, nor before it began."""
    lifted = clock.day_of(act.data.get("lifted_on"))
    return _not_in_the_future("lifted_on", lifted, act.subject.clause)


def _not_in_the_future(name: str, day: dt.date | None, clause: str) -> list[Finding]:
    if day is None or day <= clock.today():
        return []
    text = _("日期%(day)s晚于今天。") % {"day": day}
    return [Finding(clause, "hard", text, {name: day.isoformat()}, field=name)]
