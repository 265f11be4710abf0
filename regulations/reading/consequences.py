"""What follows of a grade or an event, and what may be granted, as rows of the reading page."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.language import amount
from regulations import vocabulary, wording
from regulations.reading.parts import Row, Writer
from regulations.reading.route import condition_words
from regulations.schema import Consequence, Grant


def row(writer: Writer, effect: Consequence) -> Row:
    """One consequence: from when, until when, how much, who confirms it."""
    values = [str(vocabulary.EFFECTS[effect.effect])] if effect.effect != "task" else []
    if effect.amount is not None:
        unit = "yuan" if effect.effect == "grant" else "person"
        values.append(wording.show(effect.amount, unit=wording.unit_word(unit)))
    values.append(str(vocabulary.EFFECT_FROM[effect.start]))
    if effect.until is not None:
        values.append(str(vocabulary.EFFECT_UNTIL[effect.until]))
    for number, unit in ((effect.years, "year"), (effect.months, "month")):
        if number is not None:
            values.append(_("为期%(n)s") % {"n": writer.number(number, wording.unit_word(unit))})
    if effect.renewal:
        values.append(_("期满须经重新批准方可恢复"))
    if effect.when is not None:
        values.append(_("仅当%(when)s时") % {"when": condition_words(writer.profile, effect.when)})
    if effect.reason is not None:
        values.append(_("事由：%(reason)s") % {"reason": vocabulary.END_REASONS[effect.reason]})
    who = effect.confirm
    note = _("由%(who)s确认") % {"who": writer.role(who.unit, who.role)} if who else _("按办法直接生效，无须另行确认")
    articles = writer.articles(effect)
    return Row(wording.words(effect.title), values, articles, local=effect.local, note=note)


def rows(writer: Writer, effects: Iterable[Consequence]) -> list[Row]:
    """Several consequences, in the order in which they are declared."""
    return [row(writer, effect) for effect in effects]


def grant(writer: Writer, declared: Grant) -> Row:
    """A grant that a role gives: how much, who, for what, with which file."""
    values = [
        amount(declared.amount, wording.unit_word("yuan")),
        _("由%(who)s确定") % {"who": writer.role(declared.give.unit, declared.give.role)},
    ]
    if declared.document:
        values.append(_("须附%(file)s") % {"file": wording.words(declared.document)})
    if declared.when is not None:
        values.append(_("仅当%(when)s时") % {"when": condition_words(writer.profile, declared.when)})
    points = [wording.words(aspect.label) for aspect in declared.aspects]
    if declared.open:
        points.append(_("等（未列尽，须说明理由）"))
    points += [_("同时：%(what)s") % {"what": wording.words(effect.title)} for effect in declared.consequences]
    return Row(
        wording.words(declared.title),
        values,
        writer.articles(declared),
        local=declared.local,
        note=wording.words(declared.note),
        points=points,
    )


def events(writer: Writer) -> list[Row]:
    """What ends a base from outside: the incident that is reported, the withdrawal that is asked for."""
    events = []
    for event in (writer.profile.incident, writer.profile.withdrawal):
        if event is None:
            continue
        clauses = [getattr(event, name, None) for name in ("judged", "signed")]
        values = [str(writer.profile.forms[event.form].title)]
        if getattr(event, "remind_days", None) is not None:
            number = writer.number(event.remind_days, wording.unit_word("day"))
            values.append(_("登记后%(n)s未报告的提醒") % {"n": number})
        events.append(
            Row(
                wording.words(event.title),
                values,
                writer.articles([*event.clauses, *(clause for clause in clauses if clause)]),
                local=event.local,
                parts=rows(writer, event.consequences),
            )
        )
    return events
