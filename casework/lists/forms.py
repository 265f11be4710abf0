"""What the moves of lists and notices ask for."""

from __future__ import annotations

from django.utils.translation import gettext as _

from casework.lists import drafting, publicity
from casework.models import Objection
from casework.specs import PAPER, document_fields, field, form, options, reason


def add_member(case_list, actor, data, subject) -> dict:
    choices = [(f"{c.case_kind}-{c.pk}", f"{c.number} {c.title}") for c in publicity.candidates(case_list)]
    return form(
        "add_member",
        _("列入名单"),
        field("case", "choice", _("项目"), options=options(choices)),
        field("rank", "integer", _("推荐排序"), required=False, min=1, max=999),
        field("note", "text", _("备注"), required=False, max_chars=200),
    )


def remove_member(case_list, actor, data, subject) -> dict:
    choices = [(entry.pk, f"{entry.rank} {entry.case_title}") for entry in case_list.members()]
    why = {**reason(), "max_chars": 2200}  # room for what was said of an objection, as its reason
    return form("remove_member", _("移出名单"), field("entry", "choice", _("项目"), options=options(choices)), why)


def publicise(case_list, actor, data, subject) -> dict:
    return form(
        "publicise",
        _("公示名单"),
        field("body", "longtext", _("公示正文"), required=False, max_chars=2000),
        field(
            "named",
            "multichoice",
            _("对外公示的内容"),
            options=options(drafting.COLUMNS.items()),
            required=False,
            help=_("基地名称之外，公众能看到哪些内容。负责人、联系方式等个人信息不对外公示。"),
        ),
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
        field(
            "web_address",
            "text",
            _("官网公示网址"),
            required=False,
            max_chars=190,
            help=_("知道后再填也可以，登记公示凭证时填。"),
        ),
        field("contact", "text", _("受理异议的联系人"), max_chars=30),
        field("phone", "phone", _("联系电话")),
        field("email", "email", _("电子邮箱"), required=False),
        field("address", "text", _("来信地址"), required=False, max_chars=100),
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


def objection(notice, actor, data, subject) -> dict:
    return form(
        "objection",
        _("提出异议"),
        field("name", "text", _("姓名（单位）"), max_chars=40),
        field("contact", "text", _("联系方式"), max_chars=80),
        field("text", "longtext", _("异议内容与依据"), max_chars=3000),
    )


def staff_objection(notice, actor, data, subject) -> dict:
    channels = [pair for pair in Objection.CHANNELS if pair[0] != "web"]
    return form(
        "staff_objection",
        _("登记异议"),
        field("channel", "choice", _("来源"), options=options(channels)),
        field("received_on", "date", _("收到日期"), required=False, help=_("来信以收到日为准；不填则为今天。")),
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
