"""Scoring sheets, and how sheets become a grade, as rows of the reading page."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from core.language import amount, bracketed, listed, said
from regulations import vocabulary, wording
from regulations.reading.parts import Row, Writer
from regulations.reading.route import condition_words
from regulations.schema import Grading, Ref, Sheet
from regulations.schema.grading import Combination, GradeCondition, Rounding
from regulations.schema.sheets import Indicator

HOWS = {
    "mean": lazy("取各位专家总分的算术平均"),
    "trimmed": lazy("去掉最高分和最低分后取算术平均"),
    "weighted": lazy("按专家类别分别平均后加权"),
}
MODES = {
    "half_up": lazy("四舍五入"),
    "half_even": lazy("四舍六入五成双"),
    "down": lazy("舍去尾数"),
    "up": lazy("有尾数即进位"),
}
WHENS = {"sheets": lazy("每份评分表"), "combined": lazy("合成得分"), "graded": lazy("登记的得分")}
SHARES = {"all": lazy("全体专家"), "majority": lazy("过半数专家"), "any": lazy("至少一位专家")}


def rows(writer: Writer) -> list[Row]:
    """The sheets of a profile: title and total, every indicator with its points and clause."""
    return [_sheet(writer, sheet) for sheet in writer.profile.sheets.values()]


def _sheet(writer: Writer, sheet: Sheet) -> Row:
    values = [_("满分%(points)s") % {"points": _points(sheet.total)}]
    if sheet.titles is not None:
        values.append(_("指标名称按本单位设定"))
    return Row(
        bracketed(wording.words(sheet.title), wording.words(sheet.heading)),
        values,
        writer.articles(sheet),
        local=sheet.local,
        note=wording.words(sheet.note),
        parts=[_indicator(writer, line) for top in sheet.indicators for line in _walk(top)],
    )


def _walk(indicator: Indicator):
    yield indicator
    for child in indicator.children:
        yield from _walk(child)


def _indicator(writer: Writer, indicator: Indicator) -> Row:
    label = f"{indicator.code} {wording.words(indicator.title)}".strip()
    value = _points(indicator.points)
    if indicator.fact is not None:
        value = bracketed(value, _("按“%(fact)s”计算") % {"fact": wording.fact_label(writer.profile, indicator.fact)})
    return Row(label, [value], writer.articles(indicator), local=indicator.local)


def _points(points: Decimal) -> str:
    return wording.show(points, unit=wording.unit_word("point"))


def grading(writer: Writer, declared: Grading | None, titles: Mapping[str, str]) -> list[Row]:
    """How a kind of evaluation is graded; `titles` of the grades by code."""
    if declared is None or not declared.decides():
        return [Row(_("等次"), [_("由组织方评定")])]
    made: list[Row] = []
    if declared.combine is not None:
        made.append(_combination(writer, declared.combine))
    if declared.min_sheets is not None:
        made.append(Row(_("评分表"), [_("至少%(n)s份") % {"n": writer.number(declared.min_sheets, "")}]))
    made += [_rounding(writer, rounding) for rounding in declared.rounding]
    for band in declared.bands:
        number = writer.number(band.from_, wording.unit_word("point"))
        row = Row(titles[band.grade], [_("%(n)s起") % {"n": number}], writer.articles(band), local=band.local)
        made.append(row)
    for grade, conditions in declared.conditions.items():
        label = _("“%(grade)s”的条件") % {"grade": titles[grade]}
        made.append(Row(label, parts=[_condition(writer, condition) for condition in conditions]))
    for veto in declared.vetoes:
        value = _("触发时最高定为“%(grade)s”") % {"grade": titles[veto.grade]}
        part = _condition(writer, veto)
        made.append(Row(_("否决项"), [value], writer.articles(veto), local=veto.local, parts=[part]))
    return made


def _combination(writer: Writer, combine: Combination) -> Row:
    if isinstance(combine.how, Ref):
        setting = writer.profile.settings[combine.how.setting]
        values = [said(_("按本单位设定"), listed(wording.words(option.label) for option in setting.options))]
    else:
        values = [str(HOWS[combine.how])]
    for kind, weight in combine.weights.items():
        values.append(said(vocabulary.EXPERT_KINDS[kind], weight))
    return Row(_("多位专家的评分"), values, writer.articles(combine), local=combine.local)


def _rounding(writer: Writer, rounding: Rounding) -> Row:
    value = _("%(what)s保留%(places)s，%(mode)s") % {
        "what": WHENS[rounding.when],
        "places": amount(rounding.places, _("位小数")),
        "mode": MODES[rounding.mode],
    }
    return Row(_("取整"), [value], writer.articles(rounding), local=rounding.local)


def _condition(writer: Writer, condition: GradeCondition) -> Row:
    label = wording.words(condition.title)
    return Row(label, [_asked(writer, condition)], writer.articles(condition), local=condition.local)


def _asked(writer: Writer, condition: GradeCondition) -> str:
    if condition.when is not None:
        return condition_words(writer.profile, condition.when)
    wanted = condition.experts
    answers: list[Any] = [wording.show(code) for code in wanted.in_]
    return said(SHARES[wanted.share], listed(answers))
