"""What is written of an objection: its entry, what was found, the reply. They name whoever objected, so that they belong to
the objection and not to the notice: nobody but whoever deals with it is led to them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from casework.lists import publicity
from casework.models import Objection
from casework.papers import CasePapers, ensure_file, issue, kinds, printing
from casework.papers.printing import Print
from core.forms.store import content_hash
from core.language import in_source_language
from core.models import Paper
from core.papers.drafts import write_docx
from core.papers.format import date_text
from core.papers.standard import one_page_layout

ENTRY, FINDING = "objection_entry", "objection_finding"
TITLES = {ENTRY: gettext_noop("异议受理登记表"), FINDING: gettext_noop("异议核查处理意见")}


class ObjectionSheet:
    """One objection as something that has papers of its own."""

    case_kind = "objection"
    prefetched = None
    round = 1

    def __init__(self, objection: Objection):
        self.objection, self.pk = objection, objection.pk
        notice = objection.notice
        self.number, self.title = objection.number, notice.title
        self.authority, self.university, self.college, self.partner = notice.authority, notice.university, None, None

    def governing_version(self):
        return self.objection.notice.governing_version()


@kinds.register(ObjectionSheet)
class ObjectionPapers(CasePapers):
    def issuer(self) -> str:
        return publicity.manager(self.case.objection.notice.case_list).display_name

    def content_hash(self) -> str:
        return content_hash(answers(self.case.objection))

    def render(self, paper: Paper) -> bytes:
        objection = self.case.objection
        layout = one_page_layout(
            paper.title, [], facts=_facts(objection, paper.kind), sign="经办人：", seal="单位（公章）"
        )
        return printing.filled(
            self.case, layout, answers=answers(objection), paper=paper, state=printing.state_of(paper)
        )


@in_source_language()
def answers(objection: Objection) -> dict[str, str]:
    """What the papers print."""
    notice, entry = objection.notice, objection.entry
    return {
        "notice": f"{notice.title}（{notice.number}）",
        "period": f"{date_text(notice.opens_on)}至{date_text(notice.closes_on)}",
        "channel": str(objection.get_channel_display()),
        "came": date_text(objection.came_on),
        "name": objection.name,
        "contact": objection.contact,
        "text": objection.text,
        "outcome": str(objection.get_outcome_display()) if objection.outcome else "",
        "resolution": objection.resolution,
        "project": entry.case_title if entry is not None else "",
        "consequence": str(objection.get_consequence_display()) if objection.consequence else "",
        "decision": objection.decision,
        "closed": date_text(objection.resolved_on) if objection.resolved_on else "",
    }


def _facts(objection: Objection, kind: str) -> list[tuple[str, str]]:
    facts = [("公示", "notice"), ("公示期", "period"), ("来源", "channel"), ("收到日期", "came")]
    facts += [("提出人", "name"), ("联系方式", "contact"), ("异议内容与依据", "text")]
    if kind == FINDING:
        facts += [("核查处理意见", "resolution"), ("处理结果", "outcome")]
        if objection.outcome == "upheld":
            facts += [("所涉项目", "project"), ("对名单的处理", "consequence")]
            facts += [("决定和理由", "decision")] if objection.decision else []
        facts.append(("办结日期", "closed"))
    return facts


def printed(objection: Objection, key: str, name: str) -> bytes:
    """The file of one of the papers, issued as the objection stands now."""
    case = ObjectionSheet(objection)
    with transaction.atomic():  # under the objection's lock: two clicks make one paper
        Objection.objects.select_for_update().get(pk=objection.pk)
        paper = issue(case, key, name, TITLES[key])
    with ensure_file(paper, case).file.open("rb") as file:
        return file.read()


def reply(objection: Objection) -> bytes:
    """异议答复函: a draft for the office system, to whoever objected."""
    notice, said = objection.notice, answers(objection)
    body = [
        f"您（贵单位）于{said['came']}对“{notice.title}”提出的异议（编号{objection.number}）收悉。",
        "我单位进行了核查，现将有关情况答复如下。",
        *[line for line in objection.resolution.splitlines() if line.strip()],
        f"处理结果：{said['outcome']}"
        + (f"，{said['project']}{said['consequence']}" if objection.consequence else "")
        + "。",
        "感谢您（贵单位）对研究生联合培养工作的关心和监督。",
    ]
    return write_docx(
        "关于异议的答复函",
        body,
        addressee=objection.name,
        signer=publicity.manager(notice.case_list).display_name,
        date=date_text(objection.resolved_on) if objection.resolved_on else "　　年　　月　　日",
    )


def prints(notice, actor) -> Iterable[Print]:
    """For whoever deals with the notice's objections: of each its entry, and once it is settled what was found, and the reply."""
    if actor is None or not actor.may("casework.manage_list", notice):
        return
    rows = notice.objections.select_related("notice__case_list", "notice__authority", "notice__university", "entry")
    for objection in rows.order_by("pk"):
        keys = [ENTRY] + ([FINDING] if objection.outcome else [])
        for key in keys:
            yield Print(
                f"{key}_{objection.pk}",
                f"{TITLES[key]}（{objection.number}）",
                partial(printed, objection, key, actor.name),
                note=_("含提出人信息，不对外"),
            )
        if objection.outcome:
            title = gettext_noop("异议答复函")
            make = partial(reply, objection)
            yield Print(f"objection_reply_{objection.pk}", f"{title}（{objection.number}）", make, "docx", _("代拟稿"))
