"""Kinds of evaluation as blocks of the reading page: when they open, who reports, how the grade follows, what it leads to."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.language import listed
from regulations import vocabulary, wording
from regulations.reading import consequences, sheets
from regulations.reading.parts import Row, Writer
from regulations.reading.route import condition_words
from regulations.schema import Ref
from regulations.schema.evaluation import MISSED, EvaluationKind, InARow, Opens, Span


@dataclass(frozen=True)
class Block:
    """One kind of evaluation: its title, how it runs, how it is graded, what follows."""

    title: str
    rows: list[Row]
    grading: list[Row]
    effects: list[tuple[str, list[Row]]]


def blocks(writer: Writer) -> list[Block]:
    """The kinds of evaluation of a profile, in its order."""
    return [_block(writer, kind) for kind in writer.profile.evaluations.values()]


def _block(writer: Writer, kind: EvaluationKind) -> Block:
    titles = {grade.code: wording.words(grade.title) for grade in kind.grades}
    rows = [
        Row(_("开始"), [_opens(writer, kind.opens)], writer.articles(kind), local=kind.local),
        Row(_("组织单位"), [writer.role(kind.unit, kind.role)]),
    ]
    if kind.members is not None:
        rows.append(Row(_("参加范围"), [condition_words(writer.profile, kind.members)]))
    if kind.min_months is not None:
        number = writer.number(kind.min_months, wording.unit_word("month"))
        rows.append(Row(_("参加范围"), [_("建成满%(n)s的基地") % {"n": number}]))
    form = writer.profile.forms[kind.report.form].title
    who = writer.role(kind.report.unit, kind.report.role)
    rows.append(Row(_("自评材料"), [_("%(form)s，由%(who)s报送") % {"form": form, "who": who}]))
    rows.append(Row(_("报送期限"), [_("开始后%(n)s内") % {"n": _span(writer, kind.window)}]))
    rows += [
        Row(titles[grade.code], [_("通过") if grade.passed else _("未通过")], writer.articles(grade), local=grade.local)
        for grade in kind.grades
    ]
    effects = [
        (_("未参加的") if grade == MISSED else _("“%(grade)s”的") % {"grade": titles[grade]}, effects)
        for grade, effects in kind.consequences.items()
    ]
    made = [
        (_("%(whose)s结果运用") % {"whose": label}, consequences.rows(writer, listed_effects))
        for label, listed_effects in effects
    ]
    if kind.in_a_row is not None:
        made.append((_in_a_row(writer, kind.in_a_row), consequences.rows(writer, kind.in_a_row.consequences)))
    return Block(wording.words(kind.title), rows, sheets.grading(writer, kind.grading, titles), made)


def _opens(writer: Writer, opens: Opens) -> str:
    if opens.yearly is not None:
        if isinstance(opens.yearly.month, Ref):
            month = writer.number(opens.yearly.month, "")
            return _("每年，月份%(month)s") % {"month": month}
        return _("每年%(month)s月%(day)s日") % {"month": opens.yearly.month, "day": opens.yearly.day}
    if opens.every is not None:
        unit = "year" if opens.every.years is not None else "month"
        number = opens.every.years if opens.every.years is not None else opens.every.months
        return _("自%(start)s起每%(n)s一次") % {
            "start": vocabulary.EVALUATION_CLOCKS[opens.every.since],
            "n": writer.number(number, wording.unit_word(unit)),
        }
    if opens.after is not None:
        return _("%(end)s之后") % {"end": vocabulary.EVALUATION_ENDS[opens.after]}
    return _("由组织单位启动")


def _span(writer: Writer, span: Span) -> str:
    for number, unit in ((span.days, "day"), (span.months, "month"), (span.years, "year")):
        if number is not None:
            return writer.number(number, wording.unit_word(unit))
    return ""


def _in_a_row(writer: Writer, row: InARow) -> str:
    kinds = listed(wording.words(writer.profile.evaluations[key].title) for key in [*row.count, *row.count_if])
    return _("连续%(n)s次未通过（%(kinds)s）的结果运用") % {"n": row.times, "kinds": kinds}
