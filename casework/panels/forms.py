"""The forms of a panel: choosing an expert, and the expert's sheet."""

from __future__ import annotations

from django.utils.translation import gettext as _

from casework.panels import experts
from casework.specs import cited, field, form, options
from core.language import bracketed


def assign_form(case, actor, data, step) -> dict:
    """Choose an expert of the organiser's pool, until when."""
    choices = []
    for membership in experts.experts_for(case, step):
        why = experts.conflicts(case, membership)
        label = bracketed(membership.user.name, membership.user.employer_name or membership.user.employer)
        choices.append((membership.pk, label + (_(" 应回避") if why else "")))
    return form(
        "assign",
        _("指派专家"),
        field("expert", "choice", _("专家"), options=options(choices)),
        field("closes_on", "date", _("评审截止日")),
    )


def opinion_form(case, actor, data, assignment) -> dict:
    """The expert's sheet: the form the panel names, a verdict, a score where asked."""
    declared = case.step_declaration(assignment.step.key)
    sections = []
    if declared.panel and declared.panel.form:
        sections += [section.for_a_step() for section in case.profile.forms[declared.panel.form].sections]
    names = {field_spec.key for section in sections for field_spec in section.fields}
    own = [
        field(
            "promise",
            "checklist",
            _("评审承诺"),
            items=[
                {
                    "code": "conflict",
                    "label": _("与申报单位、合作单位及负责人无利害关系，不存在应当回避的情形"),
                    "local": True,
                },
                {"code": "secret", "label": _("对评审材料和意见保密"), "local": True},
            ],
        ),
    ]
    if "verdict" not in names:
        verdicts = [("recommend", _("建议通过")), ("revise", _("修改后再审")), ("oppose", _("不建议通过"))]
        own.append(field("verdict", "choice", _("评审结论"), options=options(verdicts)))
    if "text" not in names and "opinion" not in names:
        own.append(field("text", "longtext", _("评审意见"), max_chars=3000))
    if declared.panel and declared.panel.score and "score" not in names:
        own.append(field("score", "decimal", _("评分"), min=0, max=100, decimals=2))
    sections.append(cited({"key": "verdict", "title": _("评审结论"), "fields": own}, declared))
    return {**form("opinion", _("评审意见")), "sections": sections}
