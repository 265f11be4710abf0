"""Input forms of the moves that every kind of case shares, as data (see core.forms).

The fields are the house's own (`local`): a regulation adds its fields through the form its profile names.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

PAPER = ["pdf", "jpg", "png"]


def form(key: str, title: str, *fields: dict, **more) -> dict:
    """A one-section form for a move."""
    return {
        "key": key,
        "title": title,
        "local": True,
        "sections": [{"key": "input", "title": title, "local": True, "fields": list(fields)}],
        **more,
    }


def field(key: str, kind: str, label: str, **more) -> dict:
    """One field of the house's own; required unless said otherwise."""
    return {"key": key, "type": kind, "label": label, "required": True, "local": True, **more}


def options(pairs) -> list[dict]:
    """Choice options from (code, label) pairs."""
    return [{"code": str(code), "label": str(label)} for code, label in pairs]


def reason(label: str | None = None, **more) -> dict:
    return field("reason", "longtext", label or _("理由"), max_chars=1000, **more)


def cited(section: dict, declared) -> dict:
    """The section under the step's clause, so that a refusal for what is missing names it."""
    return {**section, **({"clause": declared.clause} if declared.clause else {"local": True})}


def give_reason(case, actor, data, subject) -> dict:
    return form("reason", _("说明理由"), reason())


def decision_fields(file: str, why: str) -> list[dict]:
    """The fields of a decision on paper: its day, number and file (called `file`), and the reason (called `why`)."""
    return [
        field("decided_on", "date", _("决定日期（以文书为准）"), required=False, help=_("不填则为今天。")),
        field("number", "text", _("文号"), required=False, max_chars=40),
        field("file", "file", file, required=False, accept=PAPER, max_files=3),
        reason(why),
    ]


def document_fields() -> list[dict]:
    """The fields of a published document and its three dates."""
    return [
        field("number", "text", _("文号"), max_chars=40),
        field("written_on", "date", _("成文日期"), required=False),
        field("issued_on", "date", _("印发日期"), required=False),
        field("published_on", "date", _("公布日期")),
        field("file", "file", _("文件正文"), accept=PAPER, min_files=1, max_files=3),
    ]


def document_days(data: dict) -> list[tuple[str, str, str | None]]:
    """The dates of a published document in their order, as `core.findings.out_of_order` takes them."""
    labels = (("written_on", _("成文日期")), ("issued_on", _("印发日期")), ("published_on", _("公布日期")))
    return [(key, label, data.get(key)) for key, label in labels]


def decide_override(override, actor, data, subject) -> dict:
    return form("decide_override", _("例外审批"), reason(_("审批意见")))


def grant_override(override, actor, data, subject) -> dict:
    """The reason; for a paper that may come later also until when, if not as asked."""
    spec = decide_override(override, actor, data, subject)
    if override.due_on:
        day = field(
            "due_on",
            "date",
            _("补交期限"),
            required=False,
            help=_("不填则按申请的期限%(day)s。") % {"day": override.due_on},
        )
        spec["sections"][0]["fields"].append(day)
    return spec


def ask_waiver(case, actor, data, subject) -> dict:
    return form(
        "ask_waiver",
        _("申请后补盖章件"),
        field("due_on", "date", _("补交期限"), help=_("最迟何日交来盖章件扫描件。")),
        reason(_("申请理由"), min_chars=10),
    )


def match_form(case, actor, data, subject) -> dict:
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
