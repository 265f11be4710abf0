"""What lists and notices print: the official table, the same as a spreadsheet, drafts for the office system."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from functools import partial

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from casework import papers
from casework.lists import drafting, objectionpapers, proofs, publicity
from casework.models import CaseList, Notice
from casework.models.lists import RECOGNISED, RECOMMENDED
from casework.papers import CasePapers, printing
from casework.papers.printing import Print
from core.models import Paper
from core.papers.drafts import write_docx
from core.papers.elements import Pictures
from core.papers.format import date_text, zh
from core.papers.standard import one_page_layout

FINAL = ("sent", "fixed", "published")
OPEN_PERIOD = "　　年　　月　　日至　　月　　日"


# --- lists -------------------------------------------------------------------------------------------------------


def declaration(case_list):
    """What the profile says of the list, or None where it knows none of its key."""
    return printing.profile_of(case_list).lists.get(case_list.key)


def owner(case_list):
    """The unit that draws the list up."""
    declared = declaration(case_list)
    authority = declared is not None and declared.unit == "authority"
    return (case_list.authority if authority else case_list.university) or case_list.university or case_list.authority


def list_hash(case_list) -> str:
    """The hash of what stands on the list, in its order."""
    lines = [
        [entry.case_kind, entry.case_id, entry.case_title, entry.rank, entry.note] for entry in case_list.members()
    ]
    content = [case_list.number, case_list.title, case_list.document_number, lines]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def heading(case_list) -> str:
    """Whose table of which year it is: the list's own title with the paper's name in place of the list's."""
    declared = declaration(case_list)
    paper = printing.declared(case_list, declared.paper or "")
    return case_list.title.replace(str(declared.title), "") + zh(paper.title) if paper else case_list.title


def list_pdf(case_list, paper: Paper | None) -> bytes:
    """The table; a draft while the list has not been sent or published."""
    key = papers.base_key(paper.kind) if paper is not None else declaration(case_list).paper
    answers = {"title": heading(case_list), "members": publicity.paper_rows(case_list)}
    state = printing.state_of(paper) if paper is not None else "draft"
    layout = printing.layout_of(case_list, key, paper=paper)
    return printing.filled(case_list, layout, answers=answers, paper=paper, state=state)


def list_sheet(case_list) -> bytes:
    """The table as a spreadsheet, for whoever puts several together."""
    table = printing.table_of(printing.layout_of(case_list, declaration(case_list).paper), "members")
    lines = [f"编号：{case_list.number}", f"填报单位：{owner(case_list).display_name}"]
    rows = publicity.paper_rows(case_list)
    return printing.Sheet(case_list, table, rows).write(heading(case_list), lines, ["经办人：", "单位（公章）："])


def _annex(case_list) -> tuple[list[str], list[list]]:
    """Head and rows of the list behind a notice; telephone numbers and the like are not among them."""
    head = ["序号", "基地名称", "申报单位", "合作单位", "专业学位类别"]
    rows = [
        [at, row.get("base_name", ""), row.get("university", ""), row.get("partner", ""), row.get("category_name", "")]
        for at, row in enumerate(publicity.paper_rows(case_list), 1)
    ]
    return head, rows


def _law(case_list) -> str:
    return f"《{zh(printing.profile_of(case_list).head.title)}》"


def notice_docx(case_list, notice=None) -> bytes:
    """关于……的公示: a draft for the office system, without number and red head."""
    count = case_list.members().count()
    body = [line for line in (notice.body if notice else "").splitlines() if line.strip()]
    body = body or [f"根据{_law(case_list)}，经审核，现将{case_list.title}（共{count}项，见附件）予以公示。"]
    if notice is not None:
        period = f"公示期为{date_text(notice.opens_on)}至{date_text(notice.closes_on)}，共{notice.days}个工作日。"
        mail = f"；电子邮箱：{notice.email}" if notice.email else ""
        post = f"；来信地址：{notice.address}" if notice.address else ""
        contact = f"联系人：{notice.contact}；联系电话：{notice.phone}{mail}{post}。"
    else:
        period, contact = f"公示期为{OPEN_PERIOD}。", "联系人：　　　　；联系电话：　　　　。"
    body += [
        period,
        "公示期内，单位和个人对名单有异议的，可以通过书面、电话或网上方式提出，说明具体情况和依据。单位提出的应加盖公章，"
        "个人提出的应署真实姓名并留下联系方式，以便核查和答复。",
        contact,
    ]
    if notice is not None and notice.web_address:
        body.append(f"网上公示：{notice.web_address}")
    title = notice.title if notice is not None else f"关于{case_list.title}的公示"
    return write_docx(
        title,
        body,
        drafting.table(notice) if notice is not None else _annex(case_list),
        signer=owner(case_list).display_name,
        attachments=[case_list.title],
        date=date_text(notice.opens_on) if notice is not None else "　　年　　月　　日",
    )


def send_docx(case_list) -> bytes:
    """关于报送……的函: a draft to the authority the list goes to."""
    rows, declared = publicity.paper_rows(case_list), declaration(case_list)
    notice = case_list.notice()
    said = f"，并于{date_text(notice.opens_on)}至{date_text(notice.closes_on)}进行了公示" if notice is not None else ""
    body = [
        f"根据{_law(case_list)}和申报通知要求，我单位对申报项目进行了审核{said}。现报送{zh(declared.title)}，共{len(rows)}项，"
        "请予审阅。",
        "申报材料已同时通过平台报送，纸质材料与平台定稿版本一致。",
    ]
    authority = case_list.authority or (owner(case_list).parent if owner(case_list) else None)
    return write_docx(
        f"关于报送{case_list.title}的函",
        body,
        _annex(case_list),
        signer=owner(case_list).display_name,
        addressee=authority.display_name if authority else "",
        date="　　年　　月　　日",
        attachments=[heading(case_list), f"申报材料（{len(rows)}份）"],
    )


def publish_docx(case_list) -> bytes:
    """关于公布……的通知: a draft of the document that publishes the list."""
    count = case_list.members().count()
    body = [f"根据{_law(case_list)}，经评审、审议和公示，现将{case_list.title}（共{count}项，见附件）予以公布。"]
    body += publicity.announced(case_list)
    return write_docx(
        f"关于公布{case_list.title}的通知",
        body,
        _annex(case_list),
        signer=owner(case_list).display_name,
        addressee="各有关单位",
        date="　　年　　月　　日",
        attachments=[case_list.title],
    )


def list_prints(case_list) -> list[Print]:
    """What a list offers: its table as long as it is a draft, the spreadsheet, drafts of letters."""
    declared, prints = declaration(case_list), []
    if declared is None:
        return prints
    if declared.paper and printing.declared(case_list, declared.paper):
        title = zh(printing.declared(case_list, declared.paper).title)
        if case_list.state not in FINAL:
            prints.append(
                Print(
                    "draft",
                    f"{title}（草稿）",
                    lambda: list_pdf(case_list, None),
                    note=_("报送（公布）后生成定稿"),
                )
            )
        prints.append(Print("table", title, lambda: list_sheet(case_list), "xlsx"))
    if declared.notice:
        notice = case_list.notice()
        prints.append(
            Print(
                "notice",
                f"关于{case_list.title}的公示",
                lambda: notice_docx(case_list, notice),
                "docx",
                _("代拟稿"),
            )
        )
    if case_list.kind == RECOMMENDED:
        prints.append(
            Print("letter", f"关于报送{case_list.title}的函", lambda: send_docx(case_list), "docx", _("代拟稿"))
        )
    if case_list.kind == RECOGNISED:
        prints.append(
            Print(
                "document",
                f"关于公布{case_list.title}的通知",
                lambda: publish_docx(case_list),
                "docx",
                _("代拟稿"),
            )
        )
    return prints


def issue_list(case_list, act) -> None:
    """The list's official table, once it is fixed."""
    declared = declaration(case_list)
    if declared is not None and declared.paper:
        papers.issue(case_list, declared.paper, act.actor.name)


@papers.kinds.register(CaseList)
class ListPapers(CasePapers):
    def issuer(self) -> str:
        return owner(self.case).display_name

    def content_hash(self) -> str:
        return list_hash(self.case)

    def render(self, paper: Paper) -> bytes:
        return list_pdf(self.case, paper)

    def prints(self, actor=None, reviewer: bool = False) -> list[Print]:
        return [] if reviewer else list_prints(self.case)


# --- notices -----------------------------------------------------------------------------------------------------

RESULT = "notice_result"


def notice_hash(notice) -> str:
    """The hash of what a statement on the notice says."""
    said = [
        notice.number,
        notice.opens_on,
        notice.closes_on,
        notice.closed_on,
        notice.web_address,
        [[row.moment, row.site, row.address, row.seen_on, row.document.sha256] for row in proofs.standing(notice)],
        list(notice.objections.order_by("pk").values_list("number", "outcome", "consequence", "resolved_on")),
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, default=str).encode()).hexdigest()


def notice_pdf(notice, paper: Paper) -> bytes:
    """公示情况说明: when and where it stood, and what became of the objections (names are not printed)."""
    kept = proofs.standing(notice)
    outcomes = {"dismissed": "异议不成立", "upheld": "异议成立"}
    consequences = {"removed": "，所涉项目已移出名单", "stays": "，经研究决定维持列入"}
    rows = list(notice.objections.order_by("pk"))
    if rows:
        result = f"公示期间收到异议{len(rows)}件，均已核查处理：" + "；".join(
            f"{row.number}，{date_text(row.resolved_on)}办结，{outcomes.get(row.outcome, '')}{consequences.get(row.consequence, '')}"
            for row in rows
        )
    else:
        result = "公示期间未收到异议"
    answers = {
        "list": notice.case_list.title,
        "count": f"{notice.case_list.members().count()}项",
        "period": {"from": notice.opens_on.isoformat(), "to": notice.closes_on.isoformat()},
        "days": f"{notice.days}个工作日",
        "place": proofs.places(notice, kept),
        "platform": f"{settings.SITE_URL}{reverse('portal:public_notice', args=[notice.slug])}",
        "result": f"{result}。",
        "closed_on": notice.closed_on.isoformat() if notice.closed_on else "",
        "shots": proofs.pictures(kept),
    }
    addresses = [("公示网址", "place")] if answers["place"] else []
    layout = one_page_layout(
        paper.title,
        [f"根据{_law(notice.case_list)}，我单位对{{list}}进行了公示，有关情况如下。"],
        facts=[
            ("公示名单", "list"),
            ("项目数", "count"),
            ("公示起止日期", "period"),
            ("公示时间", "days"),
            *addresses,
            ("平台公示页", "platform"),
            ("异议及处理", "result"),
            ("公示办结日期", "closed_on"),
        ],
        sign="经办人：",
        seal="单位（公章）",
    )
    if kept:
        pictures = Pictures("shots", title="附：公示网页截图", new_page=True)
        layout = replace(layout, elements=(*layout.elements, pictures))
    return printing.filled(notice, layout, answers=answers, paper=paper, state=printing.state_of(paper))


def notice_prints(notice, name: str) -> list[Print]:
    """What a notice offers: its own text as a draft; after its end the statement on what came of it."""
    if declaration(notice.case_list) is None:
        return []
    prints = [Print("notice", notice.title, lambda: notice_docx(notice.case_list, notice), "docx", _("代拟稿"))]
    standing = papers.current(notice, RESULT)
    if notice.state == "closed" and (standing is None or standing.content_sha256 != notice_hash(notice)):
        make = partial(papers.print_now, notice, RESULT, name, "公示情况说明")
        prints.append(Print("result", gettext_noop("公示情况说明"), make, note=_("公示结束后使用")))
    return prints


@papers.kinds.register(Notice)
class NoticePapers(CasePapers):
    def issuer(self) -> str:
        return owner(self.case.case_list).display_name

    def content_hash(self) -> str:
        return notice_hash(self.case)

    def render(self, paper: Paper) -> bytes:
        return notice_pdf(self.case, paper)

    def prints(self, actor=None, reviewer: bool = False) -> list[Print]:
        if reviewer:
            return []
        own = notice_prints(self.case, actor.name if actor is not None else "")
        return [*own, *objectionpapers.prints(self.case, actor)]
