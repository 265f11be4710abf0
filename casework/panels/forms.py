"""The forms of a panel: choosing an expert, the promise, the opinion with its sheet."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from casework.marking import Indicator, Sheet
from casework.models.panels import mark_field
from casework.panels import experts, marks
from casework.panels.conflicts import conflicts_at, pair
from casework.specs import cited, field, form, options
from core.language import bracketed


def assign_form(case, actor, data, step) -> dict:
    """Choose an expert of the organiser's pool, until when."""
    pool = list(experts.experts_for(case, step).select_related("user__employer", "organisation"))
    against = conflicts_at(case, step, pool)
    choices = []
    for membership in pool:
        label = bracketed(membership.user.name, membership.user.employer_name or membership.user.employer)
        choices.append((membership.pk, label + (_(" 应回避") if against[pair(case, membership)] else "")))
    return form(
        "assign",
        _("指派专家"),
        field("expert", "choice", _("专家"), options=options(choices)),
        field("closes_on", "date", _("评审截止日")),
    )


def promise_form(case, actor, data, assignment) -> dict:
    """What an expert promises before the dossier opens."""
    promises = [
        ("conflict", _("与申报单位、合作单位及负责人无利害关系，不存在应当回避的情形")),
        ("secret", _("对评审材料和意见保密")),
    ]
    items = [{"code": code, "label": label, "local": True} for code, label in promises]
    return form("promise", _("评审承诺"), field("promise", "checklist", _("评审承诺"), items=items))


def opinion_form(case, actor, data, assignment) -> dict:
    """The expert's form: the sheet and the form that the panel names, a verdict, a score where asked."""
    declared = case.step_declaration(assignment.step.key)
    panel = declared.panel
    sections = []
    if (sheet := marks.sheet_for(case, assignment.step)) is not None:
        sections += _sheet_sections(case, sheet)
    if panel and panel.form:
        sections += [section.for_a_step() for section in case.profile.forms[panel.form].sections]
    names = {field_spec.key for section in sections if not isinstance(section, dict) for field_spec in section.fields}
    own = []
    if "verdict" not in names and sheet is None:
        verdicts = [("recommend", _("建议通过")), ("revise", _("修改后再审")), ("oppose", _("不建议通过"))]
        own.append(field("verdict", "choice", _("评审结论"), options=options(verdicts)))
    if "text" not in names and "opinion" not in names:
        own.append(field("text", "longtext", _("评审意见"), max_chars=3000, required=sheet is None))
    if panel and panel.score and "score" not in names:
        own.append(field("score", "decimal", _("评分"), min=0, max=100, decimals=2))
    if own:
        title = _("评审结论") if sheet is None else _("评审意见")
        sections.append(cited({"key": "verdict", "title": title, "fields": own}, declared))
    return {**form("opinion", _("评审意见")), "sections": sections}


def _sheet_sections(case, sheet: Sheet) -> list[dict]:
    """The sheet as form sections: one for each first-level indicator, a field for each leaf within its bounds."""
    from_facts = marks.computed(case, sheet)
    return [
        {
            "key": f"sheet_{group.key}",
            "title": _("%(name)s（%(points)s分）") % {"name": group.label, "points": _figure(group.points)},
            "fields": [_mark_field(leaf, from_facts) for leaf in group.leaves()],
            **_cites(group),
        }
        for group in sheet.indicators
    ]


def _mark_field(leaf: Indicator, from_facts: Mapping[str, Decimal]) -> dict:
    if leaf.computed:
        said = _("%(name)s：系统按材料数据计%(mark)s分（满分%(points)s分）")
        said %= {"name": leaf.label, "mark": _figure(from_facts[leaf.key]), "points": _figure(leaf.points)}
        return {"key": mark_field(leaf.key), "type": "note", "label": said, **_cites(leaf)}
    return {
        "key": mark_field(leaf.key),
        "type": "decimal",
        "label": leaf.label,
        "required": True,
        "min": 0,
        "max": _bound(leaf.points),
        "decimals": 2,
        "help": _("0至%(points)s分") % {"points": _figure(leaf.points)},
        **_cites(leaf),
    }


def _cites(indicator: Indicator) -> dict:
    return {"clause": indicator.clause} if indicator.clause else {"local": True}


def _bound(points: Decimal) -> int | float:
    return int(points) if points == points.to_integral_value() else float(points)


def _figure(points: Decimal) -> str:
    """A figure without idle zeros."""
    text = format(points, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
