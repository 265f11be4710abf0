"""Changing a content that others have confirmed or are asked to: one mechanism for every routed case.

An amendment is a list of differences, field by field. Who has to confirm again follows from what it changes: whoever
confirmed a term that changed, and nobody else. That is said before it is saved, and whoever saves it has to have read it.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from casework.models import Amendment, Step
from casework.models.routed import RoutedCase
from casework.permissions import asked
from casework.specs import field, reason
from casework.steps import engine, lifecycle, links
from casework.steps.kind import kind_of
from core.door import Act
from core.findings import Finding
from core.forms import content
from core.forms.content import Change
from core.language import bracketed, listed


def form_of(case: RoutedCase, key: str, title: str, *, holds: str = "") -> dict:
    """The form of an amendment: the fields of the case's form (of one class, where one is named), why, and that it was
    read what becomes void."""
    spec = case.form_spec(key)
    sections = list(content.only(spec, holds)) if holds else list(spec.sections)
    own = [reason(_("修改理由"))]
    if holds in ("", "term"):
        own.append(aware())
    why = {"key": "amendment", "title": _("修改说明"), "local": True, "fields": own}
    return {"key": f"amend_{key}", "title": title, "local": True, "sections": [*sections, why]}


def aware() -> dict:
    """The tick of whoever makes a change that voids confirmations: asked for where there are any."""
    return field(
        "aware",
        "boolean",
        _("已知悉：保存后，已作出的相关确认作废，须重新确认"),
        required=False,
        help=_("改动条款时须选“是”；只改联系方式或事实的，不影响已作出的确认。"),
    )


def answers_in(case: RoutedCase, key: str, act: Act) -> dict:
    """The answers of the form as the amendment leaves them: what it does not ask for stays."""
    given = {name: value for name, value in act.data.items() if name not in ("reason", "aware")}
    return {**case.form_answers(key), **given}


def covering(case: RoutedCase, form: str, changes: Iterable[Change]) -> list[Step]:
    """The confirmations given in this round that cover a changed term, in the order of the route."""
    sections = {change.section for change in changes if change.holds == "term"}
    rows = case.steps().filter(state="done", outcome="positive") if sections else ()
    return [step for step in rows if _covers(case, step, form, sections)]


def _covers(case: RoutedCase, step: Step, form: str, sections: set[str]) -> bool:
    parts = case.step_declaration(step.key).confirms
    if not parts:
        return kind_of(step).vouches
    return form in parts or any(f"{form}.{section}" in parts for section in sections)


def said(step: Step) -> str:
    """A confirmation as people name it: the step, the unit, who and when."""
    unit = step.unit.display_name if step.unit else ""
    who = step.decided_by or step.entered_by
    return bracketed(step.title, listed((part for part in (unit, who, str(step.on or "")) if part), "，"))


def findings(case: RoutedCase, form: str, changes: list[Change], act: Act) -> list[Finding]:
    """That something changes at all, and that whoever saves it knows which confirmations it voids."""
    if not changes:
        return [Finding("", "hard", _("没有改动，无需保存。"), {})]
    void = covering(case, form, changes)
    if not void or act.data.get("aware") is True:
        return []
    terms = listed(change.label for change in changes if change.holds == "term")
    message = _("改动了%(what)s。保存后以下确认作废，须重新确认：%(who)s。知悉后请在“已知悉”选“是”，再保存。")
    who = listed((said(step) for step in void), "；")
    facts = {"changes": [change.as_data() for change in changes], "voids": [step.pk for step in void]}
    return [Finding("", "hard", message % {"what": terms, "who": who}, facts, field="aware")]


def keep(
    case: RoutedCase, act: Act, kind: str, form: str, changes: list[Change], void: Iterable[Step] = ()
) -> Amendment:
    """Write down what was changed and which confirmations are void for it. The case has its new content already."""
    voided = [
        {
            "step": step.key,
            "title": step.title,
            "unit": step.unit.display_name if step.unit else "",
            "by": step.decided_by or step.entered_by,
            "on": step.on.isoformat() if step.on else "",
        }
        for step in void
    ]
    act.facts |= {"changes": [change.as_data() for change in changes], "voided": voided}
    return Amendment.objects.create(
        **Amendment.about_values(case),
        kind=kind,
        form=form,
        round=case.round,
        changes=[change.as_data() for change in changes],
        voided=voided,
        reason=act.reason,
        sha256=case.content_hash(),
        made_at=act.now,
        made_by=act.actor.name,
        made_in=act.actor.organisation_name,
        membership_id=act.actor.membership_id,
    )


def amend(case: RoutedCase, act: Act, kind: str, form: str, changes: list[Change], save) -> str:
    """Make a change: keep it, take back the confirmations that covered it, tell those who gave them. `save()` puts the
    new content in place. Returns the stage in which the case goes on."""
    void = covering(case, form, changes)
    words = listed(change.label for change in changes)
    save()
    links.text_changed(case, act)
    keep(case, act, kind, form, changes, void)  # before the steps forget who said yes and when
    people = {member.pk: member for step in void for member in asked(step)}
    for step in void:
        lifecycle.of(case).unconfirmed(step, act)
    title = _("内容已改动，须重新确认：%(c)s") % {"c": case.title}
    act.notify(people.values(), title, _("改动：%(what)s。%(why)s") % {"what": words, "why": act.reason}, case=case)
    return engine.take_back(case, void, act)
