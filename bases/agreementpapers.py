"""What an agreement is on paper: its text, what it changes, how it ends, who holds an original; letters about its last day."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bases import agreements, amending, drafttext, originals
from bases.models import Agreement
from casework import papers
from casework.papers import printing
from casework.papers.printing import Print
from core import clock
from core.forms import store
from core.forms.reading import EMPTY
from core.models import Paper
from core.papers import elements
from core.papers.context import PaperContext
from core.papers.drafts import write_docx
from core.papers.format import date_text, names_from, zh
from core.papers.layout import PaperLayout, bindings, parse_layout
from core.papers.render import render_paper
from core.papers.standard import agreement_layout, comparison_layout

SIDES = {"first": "甲方", "second": "乙方"}
TERMINATION = gettext_noop("终止协议")
IN_REVIEW = ("checking", "confirming", "sealing")
FOLLOWS = {
    "supplement": "所补充的协议",
    "revision": "所修订的协议",
    "renewal": "所续签的协议",
    "replacement": "所替代的协议",
}


# --- the text ----------------------------------------------------------------------------------------------------


def agreement(case, paper: Paper) -> bytes:
    """The PDF of the agreement's final text: parties, clauses, signing page. The seal comes with the signature."""
    answers = printing.answers_in(case, "agreement", paper.round)
    return printing.filled(
        case,
        _layout(case, answers, paper),
        answers=_answers(case, answers),
        form=case.form_spec("agreement"),
        paper=paper,
        state=printing.state_of(paper),
    )


def draft(case) -> bytes:
    """The text as it stands: marked as a draft while it is drafted, as 送审稿 while it is checked and confirmed."""
    answers = printing.answers_in(case, "agreement", case.round)
    return printing.filled(
        case,
        _layout(case, answers),
        answers=_answers(case, answers),
        form=case.form_spec("agreement"),
        state="review" if case.state in IN_REVIEW else "draft",
    )


def parties(case, answers: dict) -> list[dict[str, Any]]:
    """The parties as the head and the signing page print them, side by side and in order."""
    rows = list(case.parties.select_related("organisation__parent"))
    reached = {line.get("unit"): line for line in answers.get("contacts") or []}
    sides = []
    for party in rows:
        same = [row for row in rows if row.side == party.side]
        label = SIDES[party.side] + (f"（{same.index(party) + 1}）" if len(same) > 1 else "")
        signatory = party.signatory or (answers.get(f"{party.side}_signatory") if party.order == 1 else "") or ""
        unit, contact = party.organisation, reached.get(party.name, {})
        sides.append(
            {
                "label": label,
                "name": party.name,
                "uscc": unit.uscc,
                "address": contact.get("address") or unit.address,
                "contact": contact.get("name") or "",
                "phone": contact.get("phone") or unit.phone,
                "signature": f"法定代表人或授权代表（{signatory}）签字：" if signatory else "",
            }
        )
    return sides


def clauses(case, answers: dict) -> list[dict[str, str]]:
    """The clauses that have a text, in the profile's order, with their figures."""
    texts = []
    for clause in case.profile.agreement.clauses:
        text = drafttext.with_figures(case, answers.get(f"clause_{clause.key}") or "").strip()
        if text:
            texts.append({"heading": zh(clause.title), "text": text})
    return texts


def _answers(case, answers: dict) -> dict[str, Any]:
    template = case.profile.agreement.template
    closing = [
        drafttext.with_figures(case, drafttext.named(case, template.closing)) if template and template.closing else "",
        copies(case, answers),
    ]
    return {
        **answers,
        **head(case),
        "parties": parties(case, answers),
        "clauses": clauses(case, answers),
        "opening": drafttext.named(case, template.opening) if template and template.opening else "",
        "closing": "\n".join(filter(None, closing)),
    }


def copies(case, answers: dict) -> str:
    """How many originals there are and who keeps them: as the regulation says, else as the parties agreed."""
    declared = case.profile.agreement.copies
    if declared is None:
        number = answers.get("copies")
        return f"本协议一式{number}份，各方及存档单位各执一份，具有同等效力。" if number else ""
    holders = "、".join(zh(keeper.label) for keeper in declared.holders)
    kept = f"，由{holders}各存一份" if holders else ""
    return f"本协议一式{declared.number}份{kept}，具有同等效力。"


def head(case) -> dict[str, str]:
    """What the agreement is about and rests on: the base, its category, the regulation and the approval, the text before."""
    recognition, before = case.recognition, case.previous
    application = agreements.application_of(case)
    base = recognition.base if recognition is not None else None
    name, code = (base.category_name, base.category_code) if base is not None else ("", "")
    if base is None and application is not None:
        name, code = application.category_name, application.category_code
    rests = [f"《{zh(case.profile.head.title)}》"]
    if recognition is not None and recognition.decided_on:
        approved = f"{date_text(recognition.decided_on)}批准"
        rests.append(f"{recognition.document_number}（{approved}）" if recognition.document_number else approved)
    return {
        "head_base": base.name if base is not None else (application.title if application is not None else ""),
        "head_category": f"{name}（{code}）" if name and code else name,
        "head_basis": "；".join(rests),
        "head_before": f"{before.number}（{date_text(before.signed_on)}签订）"
        if before is not None and before.signed_on
        else "",
    }


def _head_lines(case, answers: dict) -> tuple[elements.Line, ...]:
    given = head(case)
    lines = [
        elements.Line(label, key)
        for label, key in (
            ("基地名称", "head_base"),
            ("专业学位类别", "head_category"),
            ("订立依据", "head_basis"),
            (FOLLOWS.get(case.type, "原协议"), "head_before"),
        )
        if given[key]
    ]
    if answers.get("period"):
        lines.append(elements.Line("协议期限", "period", format="period"))
    return tuple(lines)


def _layout(case, answers: dict, paper: Paper | None = None) -> PaperLayout:
    """The profile's layout (or the house's) with opening, closing and annexes where it has none, and without tables
    that this agreement leaves empty: nobody signs an empty grid."""
    layout = printing.layout_of(case, "agreement", paper=paper) or agreement_layout(drafttext.title(case))
    bound, made = bindings(layout), []
    for element in layout.elements:
        if isinstance(element, elements.Grid) and not _has_answers(element, answers):
            continue
        if isinstance(element, elements.Title):
            title = f"{element.title}（补充协议）" if case.type == "supplement" else element.title
            element = replace(element, title=title, lines=(*element.lines, *_head_lines(case, answers)))
        if isinstance(element, elements.Clauses) and "opening" not in bound:
            made.append(elements.Box(value="opening", frame=False))
        if isinstance(element, elements.Signing) and answers.get("annexes"):
            made.append(elements.Attachments(title="附件", values=("annexes",)))
        made.append(element)
        if isinstance(element, elements.Clauses) and "closing" not in bound:
            made.append(elements.Box(value="closing", frame=False))
    return replace(layout, elements=tuple(made))


def _has_answers(grid: elements.Grid, answers: dict) -> bool:
    return any(answers.get(cell.value) for row in grid.rows for cell in row.cells if cell.value)


# --- 协议修改对照表 ------------------------------------------------------------------------------------------------


def _compared(case, changes: list[dict], left: str, right: str) -> bytes:
    """Clause by clause, with what was taken out and put in marked. Once the agreement is signed it bears its version's code."""
    paper = papers.current(case, "agreement") if case.state in ("signed", "ended") else None
    state = "final" if paper is not None else "draft" if case.state == "draft" else "review"
    context = PaperContext(
        title="协议修改对照表",
        answers={"agreement": case.title, "changes": changes},
        number=case.number,
        version_code=paper.code if paper is not None else "",
        state=state,
        names=names_from(printing.PaperNames(case)),
    )
    return render_paper(comparison_layout(left, right), context)


def comparison(case) -> bytes:
    """协议修改对照表: the template and this text."""
    reason = drafttext.answers_of(case).get("note") or ""
    changes = [
        {"clause": change["title"], "left": change["template"], "right": change["text"], "reason": "" if at else reason}
        for at, change in enumerate(drafttext.differences(case))
    ]
    return _compared(case, changes, "模板文本", "本协议文本")


def since_before(case) -> bytes:
    """协议修改对照表: the agreement that was signed last and this text."""
    changes = [
        {
            "clause": change.label,
            "left": "" if change.old == EMPTY else change.old,
            "right": "" if change.new == EMPTY else change.new,
            "reason": "",
        }
        for change in amending.since_last(case)
        if change.holds == "term"
    ]
    return _compared(case, changes, f"原协议（{case.previous.number}）", "本协议文本")


# --- its end ---------------------------------------------------------------------------------------------------------


def termination(case, paper: Paper) -> bytes:
    """终止协议: both sides end it; blanks for what is not agreed yet."""
    day = date_text(case.ended_on) if case.ended_on else "　　　　年　　月　　日"
    answers = {
        "parties": parties(case, drafttext.answers_of(case)),
        "agreement": case.title,
        "said": "\n".join(
            [
                f"甲乙双方于{date_text(case.signed_on)}签订的《{case.title}》（编号{case.number}），"
                f"期限{date_text(case.effective_on or case.starts_on)}至{date_text(case.ends_on)}。"
                f"经双方协商一致，自{day}起终止，此前已履行的部分继续有效。",
                f"终止原因：{case.end_reason or '＿' * 24}",
                "在基地的研究生由双方按下列办法妥善安置：" + "＿" * 16,
                "尚未结清的经费、设备和成果归属按原协议办理；原协议中保密和知识产权的约定继续有效。",
                "本终止协议自双方签字并盖章之日起生效。",
            ]
        ),
    }
    layout = parse_layout(
        {
            "title": TERMINATION,
            "font": "fangsong",
            "size": 12,  # on one page: a page of signatures without text is taken by nobody
            "elements": [
                {
                    "title": {
                        "title": "终止协议",
                        "number": "原协议编号",
                        "lines": [{"label": "原协议名称", "value": "agreement"}],
                    }
                },
                {"parties": {"value": "parties"}},
                {"box": {"value": "said", "frame": False}},
                {"signing": {"value": "parties", "hint": "请各方签字并加盖公章，原件与原协议一并存档。"}},
            ],
        }
    )
    return printing.filled(case, layout, answers=answers, paper=paper, state=printing.state_of(paper))


def _names(case) -> tuple[str, str]:
    rows = {side: [] for side in SIDES}
    for party in case.parties.select_related("organisation__parent"):
        rows[party.side].append(party.name)
    return "、".join(rows["first"]), "、".join(rows["second"])


def expiry_letter(case) -> bytes:
    """协议到期提醒与续签意向征询函, to the partner."""
    first, second = _names(case)
    said = [
        f"贵我双方于{date_text(case.signed_on)}签订的《{case.title}》（编号{case.number}）将于{date_text(case.ends_on)}期满。",
        "请贵单位结合实际需要与合作成效，研究是否续签，并于　　月　　日前书面函复。同意续签的，请一并提出修改意见。",
    ]
    if _ends_itself(case):
        said.append(f"按照《{zh(case.profile.head.title)}》，期满未续签的，{zh(case.profile.agreement.expire.value)}。")
    return write_docx("关于协议到期和征询续签意向的函", said, addressee=second, signer=first, date="　　年　　月　　日")


def not_renewed(case) -> bytes:
    """不续签（自动终止）告知书."""
    first, second = _names(case)
    last = date_text(case.ended_on or case.ends_on)
    said = [
        f"贵我双方于{date_text(case.signed_on)}签订的《{case.title}》（编号{case.number}）于{last}期满，双方未续签。",
    ]
    if _ends_itself(case):
        said.append(f"按照《{zh(case.profile.head.title)}》，{zh(case.profile.agreement.expire.value)}。")
    else:
        said.append("自期满次日起，双方不再按该协议安排研究生；是否继续作为基地，按有关办法另行办理。")
    said.append("在基地的研究生请双方妥善安置，尚未结清的事项按原协议办理。感谢贵单位对研究生培养工作的支持。")
    return write_docx("关于协议期满不再续签的告知书", said, addressee=second, signer=first, date="　　年　　月　　日")


def _ends_itself(case) -> bool:
    declared = case.profile.agreement.expire
    return declared is not None and bool(declared.value)


# --- what there is to print --------------------------------------------------------------------------------------------


def hash_of(case, kind: str) -> str:
    """The hash of what one of the further papers prints."""
    if kind == originals.REGISTER:
        return store.content_hash({"rows": originals.rows(case)})
    parties = list(case.parties.order_by("pk").values_list("pk", flat=True))
    return store.content_hash({"ended_on": str(case.ended_on or ""), "why": case.end_reason, "parties": parties})


def render(case, paper: Paper) -> bytes:
    """The PDF of an issued paper of the agreement."""
    made = {"termination": termination, originals.REGISTER: originals.register}.get(paper.kind, agreement)
    return made(case, paper)


def prints(case: Agreement, name: str = "") -> list[Print]:
    """What a reader may print beside the final text."""
    if case.profile.agreement is None:
        return []
    register = partial(papers.print_now, case, originals.REGISTER, name, originals.TITLE)
    return [*_texts(case), *_ends(case, name), *originals.prints(case, register)]


def _texts(case: Agreement) -> list[Print]:
    """The text as it stands, and comparisons where it differs from the template or from the text before."""
    if case.was_on_paper:
        return []
    title, made = drafttext.title(case), []
    if case.state in ("draft", *IN_REVIEW) and papers.current(case, "agreement") is None:
        named = "草稿" if case.state == "draft" else "送审稿"
        note = _("草稿（不得用印）") if case.state == "draft" else _("供审核与确认，定稿后用印")
        made.append(Print("draft", f"{title}（{named}）", lambda: draft(case), note=note))
    sheet = gettext_noop("协议修改对照表")
    if drafttext.differences(case):
        made.append(Print("comparison", sheet, lambda: comparison(case), note=_("与模板不一致的条款")))
    if any(change.holds == "term" for change in amending.since_last(case)):
        note = _("与原协议不一致的内容")
        made.append(Print("since", f"{sheet}（原协议）", lambda: since_before(case), note=note))
    return made


def _ends(case: Agreement, name: str) -> list[Print]:
    """Papers for its end, and letters about its last day."""
    made: list[Print] = []
    if case.signed_on is None or case.state not in ("signed", "ended"):
        return made
    if case.state == "signed" or case.end_code == "mutual":
        make = partial(papers.print_now, case, "termination", name, TERMINATION)
        made.append(Print("termination", TERMINATION, make, note=_("双方协商提前终止时签署")))
    if case.ends_on is None:
        return made
    if case.state == "signed" and case.ends_on >= clock.today():
        title = gettext_noop("协议到期和续签意向征询函")
        made.append(Print("expiry_letter", title, lambda: expiry_letter(case), "docx", _("代拟稿")))
    if case.end_code == "expired" or (case.state == "signed" and not case.later.filter(state="signed").exists()):
        title = gettext_noop("不续签（自动终止）告知书")
        made.append(Print("not_renewed", title, lambda: not_renewed(case), "docx", _("代拟稿")))
    return made
