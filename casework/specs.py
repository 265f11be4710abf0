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


def add_member(case_list, actor, data, subject) -> dict:
    from casework.lists import publicity

    found = [(f"{c.case_kind}-{c.pk}", f"{c.number} {c.title}") for c in publicity.candidates(case_list)]
    return form(
        "add_member",
        _("列入名单"),
        field("case", "choice", _("项目"), options=options(found)),
        field("rank", "integer", _("推荐排序"), required=False, min=1, max=999),
        field("note", "text", _("备注"), required=False, max_chars=200),
    )


def remove_member(case_list, actor, data, subject) -> dict:
    found = [(entry.pk, f"{entry.rank} {entry.case_title}") for entry in case_list.members()]
    return form("remove_member", _("移出名单"), field("entry", "choice", _("项目"), options=options(found)), reason())


def publicise(case_list, actor, data, subject) -> dict:
    return form(
        "publicise",
        _("公示名单"),
        field("opens_on", "date", _("公示开始日期")),
        field(
            "days",
            "integer",
            _("公示工作日数"),
            required=False,
            min=1,
            max=60,
            help=_("不填则按办法；办法未规定的，按本单位设定。"),
        ),
        field("web_address", "text", _("公示网址"), required=False, max_chars=200),
        field("contact", "text", _("受理异议的联系人"), max_chars=30),
        field("phone", "phone", _("联系电话")),
        field("email", "email", _("电子邮箱"), required=False),
        field("body", "longtext", _("公示说明"), required=False, max_chars=2000),
    )


def send_list(case_list, actor, data, subject) -> dict:
    return form(
        "send_list",
        _("报送"),
        field("cover", "file", _("报送函（盖章件）"), required=False, accept=PAPER, max_files=3),
        field("note", "text", _("说明"), required=False, max_chars=200),
    )


def publish_list(case_list, actor, data, subject) -> dict:
    return form("publish_list", _("公布名单"), *document_fields())


def fix_list(case_list, actor, data, subject) -> dict:
    return form("fix_list", _("确定名单"), field("note", "text", _("说明"), required=False, max_chars=200))


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


def objection(notice, actor, data, subject) -> dict:
    return form(
        "objection",
        _("提出异议"),
        field("name", "text", _("姓名（单位）"), max_chars=40),
        field("contact", "text", _("联系方式"), max_chars=80),
        field("text", "longtext", _("异议内容与依据"), max_chars=3000),
    )


def staff_objection(notice, actor, data, subject) -> dict:
    from casework.models import Objection

    channels = [pair for pair in Objection.CHANNELS if pair[0] != "web"]
    return form(
        "staff_objection",
        _("登记异议"),
        field("channel", "choice", _("来源"), options=options(channels)),
        field("name", "text", _("姓名（单位）"), max_chars=40),
        field("contact", "text", _("联系方式"), max_chars=80),
        field("text", "longtext", _("异议内容"), max_chars=3000),
        field("file", "file", _("材料"), required=False, accept=PAPER, max_files=5),
    )


def resolve_objection(notice, actor, data, subject) -> dict:
    """What was found, and where the objection holds what becomes of the project that it is about."""
    waiting = [(o.pk, f"{o.number} {o.name}：{o.text[:40]}") for o in notice.objections_to_settle()]
    entries = [(entry.pk, f"{entry.rank} {entry.case_title}") for entry in notice.case_list.members()]
    upheld = {"field": "outcome", "in": ["upheld"]}
    return form(
        "resolve_objection",
        _("登记异议处理结果"),
        field("objection", "choice", _("异议"), options=options(waiting)),
        field(
            "outcome",
            "choice",
            _("处理结果"),
            options=options([("dismissed", _("异议不成立")), ("upheld", _("异议成立"))]),
        ),
        field("resolution", "longtext", _("核查处理意见"), max_chars=2000),
        field(
            "entry",
            "choice",
            _("所涉项目"),
            options=options(entries),
            required=False,
            required_when=upheld,
            help=_("异议成立时选择。"),
        ),
        field(
            "consequence",
            "choice",
            _("对名单的处理"),
            options=options([("removed", _("移出名单")), ("stays", _("维持列入（须写明决定和理由）"))]),
            required=False,
            required_when=upheld,
        ),
        field(
            "decision",
            "longtext",
            _("维持列入的决定和理由"),
            required=False,
            required_when={"field": "consequence", "in": ["stays"]},
            max_chars=2000,
        ),
        field("file", "file", _("处理意见盖章件"), required=False, accept=PAPER, max_files=3),
    )


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


def supply_scan(case, actor, data, subject) -> dict:
    return form(
        "supply_scan",
        _("补交盖章件"),
        field(
            "scan",
            "file",
            _("盖章件扫描件（全部页）"),
            accept=PAPER,
            min_files=1,
            max_files=20,
            help=_("用手机拍照即可，可多张，系统合成一份PDF。"),
        ),
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
