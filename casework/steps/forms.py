"""The input form of a step, put together from its kind, its paper and the form its profile names."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from casework.specs import PAPER, field, form, options
from core.language import bracketed
from regulations import wording

OUTCOMES = {
    "endorse": [("positive", lazy("同意")), ("return", lazy("退回修改")), ("negative", lazy("不同意"))],
    "site_visit": [
        ("positive", lazy("考察通过")),
        ("return", lazy("退回修改")),
        ("negative", lazy("考察不通过")),
    ],
    "panel": [("positive", lazy("评审通过")), ("return", lazy("退回修改")), ("negative", lazy("评审不通过"))],
    "decision": [
        ("positive", lazy("审定通过")),
        ("return", lazy("退回修改")),
        ("negative", lazy("审定不通过")),
    ],
    "legal_review": [("positive", lazy("审查通过")), ("return", lazy("退回修改"))],
    "confirmation": [("positive", lazy("确认内容")), ("negative", lazy("不予确认"))],
    "filing": [("positive", lazy("已备案")), ("return", lazy("退回修改"))],
    "evidence": [("positive", lazy("提交"))],
    "document": [("positive", lazy("登记发文"))],
}


def step_form(case, actor, data) -> dict:
    """The form spec of the step in `data["_subject"]` as its acting person sees it now.

    With the outcome "return" or "negative" only the reason is asked for: nobody has to fill in a review in order to
    send a dossier back.
    """
    step = data["_subject"]
    declared = case.step_declaration(step.key)
    raw = data.get("answers", data)
    outcome = raw.get("outcome") or "positive"
    sections = []
    profile_form = case.profile.forms.get(declared.form) if declared.form else None
    if profile_form and outcome == "positive":
        for section in profile_form["sections"]:
            if declared.section is None or section["key"] == declared.section:
                sections.append({name: value for name, value in section.items() if name not in ("filled_by", "states")})
    own = [field("outcome", "choice", _("办理意见"), options=options(OUTCOMES[step.kind]))]
    own += _decision_fields(declared) if step.kind == "decision" and outcome != "return" else []
    if step.kind == "document":
        from casework.specs import document_fields

        own += document_fields()
    printed = step.kind == "endorse" and declared.paper is not None  # the opinion stands in a block of a paper
    own.append(field("opinion", "longtext", _("意见"), max_chars=2000, required=printed or outcome != "positive"))
    if outcome == "return":
        own.append(field("correction_due", "date", _("补正期限")))
    if outcome != "positive" and actor.organisation_id != step.unit_id:
        own += _offline_fields(case, step, declared, actor, scan=False)
    if outcome == "positive":
        own += _evidence_fields(declared)
        own += _offline_fields(case, step, declared, actor)
        if declared.paper is not None and declared.paper.scan != "none":
            own.append(_scan_field(declared, case.waived(step)))
    sections.append(_cited({"key": "act", "title": wording.words(declared.title), "fields": own}, declared))
    spec = form(f"step_{step.key}", wording.words(declared.title))
    return {**spec, "sections": sections}


def _scan_field(declared, waived) -> dict:
    """The stamped paper; one that was let wait may be left out until its day."""
    help = _("用手机拍照即可，可多张，系统合成一份PDF。")
    if waived is not None:
        help = _("已准予后补（%(n)s），请于%(day)s前补交。") % {"n": waived.number, "day": waived.due_on}
    return field(
        "scan",
        "file",
        _("盖章件扫描件（%(seal)s）") % {"seal": wording.words(declared.paper.seal) or _("公章")},
        accept=PAPER,
        required=waived is None,
        min_files=0 if waived else 1,
        max_files=20,
        help=help,
    )


def _cited(section: dict, declared) -> dict:
    """The section under the step's clause, so that a refusal for what is missing names it."""
    return {**section, **({"clause": declared.clause} if declared.clause else {"local": True})}


def _decision_fields(declared) -> list[dict]:
    body = wording.words(declared.body)
    return [
        field("body", "text", _("会议名称"), max_chars=40, help=body),
        field("session", "text", _("届次"), max_chars=40, help=_("例如：2027年第9次")),
        field("decided_on", "date", _("会议日期")),
        field("resolution", "longtext", _("决议"), max_chars=2000),
        field("minutes", "file", _("会议纪要"), accept=PAPER, min_files=1, max_files=3),
    ]


def _evidence_fields(declared) -> list[dict]:
    return [
        {
            **field(
                f"evidence_{item.code}",
                "file",
                wording.words(item.label),
                accept=[*PAPER, "docx", "xlsx"],
                max_files=10,
            ),
            **({"clause": item.clause, "local": False} if item.clause else {}),
        }
        for item in declared.evidence
    ]


def _offline_fields(case, step, declared, actor, scan: bool = True) -> list[dict]:
    """Who decided and when, for people who never log in: entered by the clerk with the signed paper. `scan`: the form
    asks for the step's stamped paper already, where the profile wants one."""
    for_others = actor.organisation_id != step.unit_id
    if step.kind == "decision" or not declared.offline or (actor.role == step.role and not for_others):
        return []
    fields = [
        field("decided_by", "text", _("作出意见的人"), max_chars=40, help=_("姓名与职务，如：蒋维桢（院长）")),
        field("decided_on", "date", _("签署日期")),
    ]
    if not scan or declared.paper is None or declared.paper.scan == "none":
        fields.append(field("signed", "file", _("签字件"), accept=PAPER, min_files=1, max_files=5))
    return fields


def assign_form(case, actor, data) -> dict:
    """Choose an expert of the organiser's pool, until when."""
    from casework import panels

    found = []
    for membership in panels.experts_for(case, data["_subject"]):
        why = panels.conflicts(case, membership)
        label = bracketed(membership.user.name, membership.user.employer_name or membership.user.employer)
        found.append((membership.pk, label + (_(" 应回避") if why else "")))
    return form(
        "assign",
        _("指派专家"),
        field("expert", "choice", _("专家"), options=options(found)),
        field("closes_on", "date", _("评审截止日")),
    )


def opinion_form(case, actor, data) -> dict:
    """The expert's sheet: the form the panel names, a verdict, a score where asked."""
    assignment = data["_subject"]
    declared = case.step_declaration(assignment.step.key)
    sections = []
    if declared.panel and declared.panel.form:
        for section in case.profile.forms[declared.panel.form]["sections"]:
            sections.append({name: value for name, value in section.items() if name not in ("filled_by", "states")})
    names = {one["key"] for section in sections for one in section["fields"]}
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
    sections.append(_cited({"key": "verdict", "title": _("评审结论"), "fields": own}, declared))
    return {**form("opinion", _("评审意见")), "sections": sections}


def reason_form(case, actor, data) -> dict:
    from casework.specs import reason

    return form("reason", _("说明理由"), reason())


def match_form(case, actor, data) -> dict:
    """Compare the stamped scan with the generated paper."""
    return form(
        "match",
        _("核对盖章件"),
        field(
            "result",
            "choice",
            _("核对结果"),
            options=options([("matched", _("核对一致")), ("mismatch", _("不一致，退回重传"))]),
        ),
        field(
            "note",
            "text",
            _("说明"),
            required=False,
            required_when={"field": "result", "in": ["mismatch"]},
            max_chars=200,
        ),
        field("kept_at", "text", _("原件存放处"), required=False, max_chars=80),
    )
