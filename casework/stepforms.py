"""The input form of a step, put together from its kind, its paper and the form its profile names."""

from __future__ import annotations

from django.utils.translation import gettext as _

from casework.specs import PAPER, field, form, options

OUTCOMES = {
    "endorse": [("positive", _("同意")), ("return", _("退回修改")), ("negative", _("不同意"))],
    "site_visit": [("positive", _("考察通过")), ("return", _("退回修改")), ("negative", _("考察不通过"))],
    "panel": [("positive", _("评审通过")), ("return", _("退回修改")), ("negative", _("评审不通过"))],
    "decision": [("positive", _("审定通过")), ("return", _("退回修改")), ("negative", _("审定不通过"))],
    "legal_review": [("positive", _("审查通过")), ("return", _("退回修改"))],
    "confirmation": [("positive", _("确认内容")), ("negative", _("不予确认"))],
    "filing": [("positive", _("已备案")), ("return", _("退回修改"))],
    "evidence": [("positive", _("提交"))],
    "document": [("positive", _("登记发文"))],
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
                sections.append(
                    {name: value for name, value in section.items() if name not in ("filled_by", "states")}
                )
    own = [field("outcome", "choice", _("办理意见"), options=options(OUTCOMES[step.kind]))]
    own += _decision_fields(declared) if step.kind == "decision" and outcome != "return" else []
    if step.kind == "document":
        from casework.specs import document_fields

        own += document_fields()
    printed = (
        step.kind == "endorse" and declared.paper is not None
    )  # the opinion stands in a block of a paper
    own.append(
        field("opinion", "longtext", _("意见"), max_chars=2000, required=printed or outcome != "positive")
    )
    if outcome == "return":
        own.append(field("correction_due", "date", _("补正期限")))
    if outcome == "positive":
        own += _evidence_fields(declared)
        own += _offline_fields(case, step, declared, actor)
        if declared.paper is not None and declared.paper.scan != "none":
            own.append(field("scan", "file", _("盖章件扫描件（%(seal)s）") % {"seal": declared.paper.seal or _("公章")},
                             accept=PAPER, min_files=1, max_files=20, help=_("用手机拍照即可，可多张，系统合成一份PDF。")))  # fmt: skip
    sections.append(_cited({"key": "act", "title": str(declared.title), "fields": own}, declared))
    spec = form(f"step_{step.key}", str(declared.title))
    return {**spec, "sections": sections}


def _cited(section: dict, declared) -> dict:
    """The section under the step's clause, so that a refusal for what is missing names it."""
    return {**section, **({"clause": declared.clause} if declared.clause else {"local": True})}


def _decision_fields(declared) -> list[dict]:
    body = str(declared.body) if declared.body else ""
    return [
        field("body", "text", _("会议名称"), max_chars=40, help=body),
        field("session", "text", _("届次"), max_chars=40, help=_("例如：2027年第9次")),
        field("decided_on", "date", _("会议日期")),
        field("resolution", "longtext", _("决议"), max_chars=2000),
        field("minutes", "file", _("会议纪要"), accept=PAPER, min_files=1, max_files=3),
    ]


def _evidence_fields(declared) -> list[dict]:
    return [
        {**field(f"evidence_{item.code}", "file", str(item.label), accept=[*PAPER, "docx", "xlsx"], max_files=10),
         **({"clause": item.clause, "local": False} if item.clause else {})}
        for item in declared.evidence
    ]  # fmt: skip


def _offline_fields(case, step, declared, actor) -> list[dict]:
    """Who decided and when, for people who never log in: entered by the clerk with the signed paper."""
    if step.kind == "decision" or not declared.offline or actor.role == step.role:
        return []
    fields = [
        field(
            "decided_by", "text", _("作出意见的人"), max_chars=40, help=_("姓名与职务，如：蒋维桢（院长）")
        ),
        field("decided_on", "date", _("签署日期")),
    ]
    if declared.paper is None or declared.paper.scan == "none":
        fields.append(field("signed", "file", _("签字件"), accept=PAPER, min_files=1, max_files=5))
    return fields


def assign_form(case, actor, data) -> dict:
    """Choose an expert of the organiser's pool, until when."""
    from casework import panels

    found = []
    for membership in panels.experts_for(case, data["_subject"]):
        why = panels.conflicts(case, membership)
        label = f"{membership.user.name}（{membership.user.employer_name or membership.user.employer or ''}）"
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
            sections.append(
                {name: value for name, value in section.items() if name not in ("filled_by", "states")}
            )
    names = {one["key"] for section in sections for one in section["fields"]}
    own = [
        field("promise", "checklist", _("评审承诺"), items=[
            {"code": "conflict", "label": _("与申报单位、合作单位及负责人无利害关系，不存在应当回避的情形"), "local": True},
            {"code": "secret", "label": _("对评审材料和意见保密"), "local": True},
        ]),
    ]  # fmt: skip
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
        field("result", "choice", _("核对结果"), options=options([("matched", _("核对一致")), ("mismatch", _("不一致，退回重传"))])),
        field("note", "text", _("说明"), required=False, required_when={"field": "result", "in": ["mismatch"]}, max_chars=200),
        field("kept_at", "text", _("原件存放处"), required=False, max_chars=80),
    )  # fmt: skip
