"""What goes with an agreement to the lawyers and to the seal: the legal opinion, the authorisation of whoever signs, the data
that an office asks for before it puts a seal on anything. Each is issued with a code when somebody prints it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bases import drafttext
from bases.models import AgreementParty
from casework import papers
from casework.models import Step
from casework.papers import printing
from casework.papers.printing import Print
from casework.steps.kind import kind_of
from core.forms import store
from core.language import in_source_language
from core.models import Paper
from core.papers.format import date_text, zh
from core.papers.layout import PaperLayout, parse_layout

LEGAL, AUTHORISATION, SEAL_REQUEST = "legal_opinion", "authorisation", "seal_request"
TITLES = {
    LEGAL: gettext_noop("合法性审查意见单"),
    AUTHORISATION: gettext_noop("法定代表人授权委托书"),
    SEAL_REQUEST: gettext_noop("用印申请要素单"),
}
BEFORE_SIGNATURE = ("checking", "confirming", "sealing")


def tells(kind: str) -> bool:
    """Whether a paper of this key is one of these; behind the key stands which step or party it is about."""
    return kind.partition(".")[0] in TITLES


@in_source_language()
def answers(case, kind: str) -> dict[str, Any]:
    """What one of these papers prints."""
    key, _dot, about = kind.partition(".")
    parties = "；".join(
        f"{'甲方' if party.side == 'first' else '乙方'}：{party.name}"
        for party in case.parties.select_related("organisation__parent")
    )
    said: dict[str, Any] = {"agreement": case.title, "number": case.number, "parties": parties}
    if key == LEGAL:
        return said | _legal(case, Step.about(case).select_related("unit").get(pk=int(about)))
    if key == AUTHORISATION:
        return said | _authorised(case, case.parties.select_related("organisation__parent").get(pk=int(about)))
    return said | _request(case)


def _legal(case, step: Step) -> dict[str, Any]:
    changed = "；".join(str(change["title"]) for change in drafttext.differences(case))
    return {
        "changed": changed or "与示范文本一致",
        "note": drafttext.answers_of(case).get("note") or "",
        "result": kind_of(step).verdict(step.outcome, case, printing.step_declared(case, step)),
        "opinion": step.opinion,
        "reviewer": f"{step.unit.display_name if step.unit else ''}　{step.decided_by or step.entered_by}".strip(),
        "day": date_text(step.on) if step.on else "",
    }


def _signatory(case, party: AgreementParty) -> str:
    given = drafttext.answers_of(case).get(f"{party.side}_signatory") if party.order == 1 else ""
    return party.signatory or given or ""


def _authorised(case, party: AgreementParty) -> dict[str, Any]:
    return {
        "unit": party.name,
        "uscc": party.organisation.uscc,
        "person": _signatory(case, party) or "＿＿＿＿＿＿",
        "side": "甲方" if party.side == "first" else "乙方",
    }


def _request(case) -> dict[str, Any]:
    final, declared = papers.current(case, "agreement"), case.profile.papers.get("agreement")
    copies = case.profile.agreement.copies
    number = copies.number if copies is not None else drafttext.answers_of(case).get("copies")
    rests = [f"《{zh(case.profile.head.title)}》"]
    if case.recognition is not None and case.recognition.decided_on:
        rests.append(f"{date_text(case.recognition.decided_on)}批准{case.recognition.document_number}")
    term = [date_text(day) for day in (case.starts_on, case.ends_on) if day]
    return {
        "code": final.code if final is not None else "",
        "seal": (final.seal_kind if final is not None else "") or (zh(declared.seal) if declared else ""),
        "copies": f"一式{number}份" if number else "＿＿份",
        "basis": "；".join(rests),
        "term": "至".join(term),
        "legal": _reviewed(case),
        "seam": "多页文本须加盖骑缝章",
    }


def _reviewed(case) -> str:
    step = case.steps().filter(kind="legal_review", state="done").first()
    if step is not None:
        return f"已通过（{date_text(step.on)}）"
    return "与示范文本不一致，未经审查" if case.differs_from_template else "与示范文本一致"


def hash_of(case, kind: str) -> str:
    """The hash of what one of these papers prints."""
    return store.content_hash(answers(case, kind))


def render(case, paper: Paper) -> bytes:
    """The PDF of one of these papers."""
    key = papers.base_key(paper.kind)
    layout = _authorisation_layout(paper.title) if key == AUTHORISATION else _sheet(key, paper.title)
    return printing.filled(case, layout, answers=answers(case, paper.kind), paper=paper, state=printing.state_of(paper))


def _sheet(key: str, title: str) -> PaperLayout:
    facts = [("协议名称", "agreement"), ("当事人", "parties")]
    if key == LEGAL:
        facts += [("与示范文本不一致的条款", "changed"), ("起草单位说明", "note"), ("审查结论", "result")]
        facts += [("审查意见", "opinion"), ("审查部门和人员", "reviewer"), ("审查日期", "day")]
        return _laid_out(title, [], facts, [{"label": "审查人签字："}, {"label": "审查部门", "seal": "（公章）"}])
    facts += [("文本版本校验码", "code"), ("协议期限", "term"), ("份数", "copies"), ("应盖印章", "seal")]
    facts += [("骑缝章", "seam"), ("用印依据", "basis"), ("合法性审查", "legal")]
    return _laid_out(title, [], facts, [{"label": "经办人签字："}, {"label": "用印审批人签字："}])


def _authorisation_layout(title: str) -> PaperLayout:
    said = [
        "兹授权{person}为我单位代理人，代表我单位（{side}）签署《{agreement}》（编号{number}）及其附件。",
        "代理人在上述范围内签署的文件，我单位均予以承认。代理人无转委托权。",
        "授权期限自本委托书签发之日起，至上述协议签署完毕之日止。",
    ]
    facts = [("单位名称", "unit"), ("统一社会信用代码", "uscc"), ("协议当事人", "parties")]
    blocks = [{"label": "法定代表人签字：", "seal": "单位（公章）"}, {"label": "代理人签字："}]
    return _laid_out(title, said, facts, blocks)


def _laid_out(title: str, said: list[str], facts: list[tuple[str, str]], blocks: list[dict]) -> PaperLayout:
    """One page: what is said, the data beside their labels, two places to sign."""
    rows = [[label, {"value": key, "align": "left"}] for label, key in facts]
    elements: list[dict] = [{"title": {"title": title, "number": "协议编号"}}]
    elements += [{"text": {"paragraphs": said}}] if said else []
    elements += [{"grid": {"columns": [3, 9], "rows": rows}}]
    elements += [{"signing": {"columns": 2, "blocks": blocks, "min_height": 48}}]
    return parse_layout({"title": title, "elements": elements})


def prints(case, actor) -> Iterable[Print]:
    """The papers that there is something to say in: of a legal review that is done, for each side its own authorisation, for
    the seals once the text is final."""
    if actor is None or case.was_on_paper:
        return
    for step in case.steps().filter(kind="legal_review", state="done"):
        yield _print(case, f"{LEGAL}.{step.pk}", LEGAL, actor)
    office = actor.may("bases.manage_agreement", case)
    if case.state in BEFORE_SIGNATURE:
        for party in case.parties.select_related("organisation__parent"):
            own = party.organisation_id == actor.organisation_id
            school = party.organisation.column != "partner"
            if own or (office and school):
                note = _("非法定代表人本人签署时使用")
                yield _print(case, f"{AUTHORISATION}.{party.pk}", AUTHORISATION, actor, note)
    if case.state == "sealing" and office:
        yield _print(case, SEAL_REQUEST, SEAL_REQUEST, actor, _("填用印系统或交印章管理人"))


def _print(case, kind: str, key: str, actor, note: str = "") -> Print:
    make = partial(papers.print_now, case, kind, actor.name, TITLES[key])
    return Print(kind.replace(".", "_"), TITLES[key], make, note=note)
