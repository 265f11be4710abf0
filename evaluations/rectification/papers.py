"""The papers of a rectification: the order, the ledger of its problems, the opinion of the recheck."""

from __future__ import annotations

import hashlib
import json
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from casework import deliveries, papers
from casework.papers import RoutedPapers, printing
from casework.papers.printing import Print
from core.models import Paper
from core.papers.format import date_text, zh
from core.papers.layout import PaperLayout, parse_layout
from core.spreadsheets import SheetColumn, write_table
from evaluations.models import Rectification
from evaluations.rectification import ordering
from regulations import wording

NOTICE, LEDGER, RESULT = ordering.NOTICE, ordering.LEDGER, ordering.RESULT
RESULTS = {"passed": "经复核，所列问题均已整改到位，准予销号。", "failed": "经复核，整改不合格。"}
# The columns of the ledger of problems: answer key, title, width, kind in a spreadsheet.
COLUMNS = (
    ("text", "存在问题", 4, "text"),
    ("criterion", "核查方式", 3, "text"),
    ("cause", "原因分析", 3, "text"),
    ("plan", "整改措施", 4, "text"),
    ("person", "责任人", 1.5, "text"),
    ("planned_on", "完成时限", 2, "date"),
    ("result", "完成情况", 3, "text"),
    ("evidence", "佐证材料", 2.5, "text"),
    ("closed_on", "销号日期", 2, "date"),
    ("closed_by", "复核人", 1.5, "text"),
)


def answers(case: Rectification) -> dict[str, Any]:
    """What the papers print."""
    law = f"《{zh(case.profile.head.title)}》"
    article = wording.article(case.profile, case.declaration.clause or "")
    evaluation = case.evaluation
    units = [case.unit_of(actor) for actor in case.declaration.responsible]
    return {
        **printing.about(case),
        "base": case.recognition.listed_title,
        "law": f"{law}{article}",
        "evaluation": f"{evaluation.title}（{evaluation.number}）" if evaluation else "考核",
        "notice_number": case.notice_number or case.number,
        "units": "、".join(dict.fromkeys(unit.display_name for unit in units if unit is not None)),
        "person": case.person,
        "ordered_on": date_text(case.ordered_on) if case.ordered_on else "",
        "due_on": date_text(case.due_on) if case.due_on else "",
        "organiser": organiser(case),
        "summary": case.summary,
        "reported_on": date_text(case.reported_on) if case.reported_on else "未提交",
        "result": RESULTS.get(str(case.state), ""),
        "reason": case.outcome_reason,
        "concluded_on": date_text(case.concluded_on) if case.concluded_on else "",
        "problems": rows(case),
    }


def organiser(case: Rectification) -> str:
    """Who orders it, by name."""
    unit = case.unit_of(case.declaration)
    return unit.display_name if unit is not None else ""


def rows(case: Rectification) -> list[dict[str, Any]]:
    """The problems as the ledger prints them."""
    return [
        {
            "text": problem.text,
            "criterion": problem.criterion,
            "cause": problem.cause,
            "plan": problem.plan,
            "person": problem.person,
            "planned_on": problem.planned_on.isoformat() if problem.planned_on else "",
            "result": problem.result,
            "evidence": "、".join(document.name for document in problem.evidence.all()),
            "closed_on": problem.closed_on.isoformat() if problem.closed_on else "",
            "closed_by": problem.closed_by,
            "note": problem.note,
        }
        for problem in case.problems.prefetch_related("evidence").order_by("number")
    ]


def _table(*keys: str) -> dict:
    columns = [
        {"title": title, "value": key, "width": width, **({"format": "date"} if kind == "date" else {})}
        for key, title, width, kind in COLUMNS
        if key in keys
    ]
    return {"rows_table": {"value": "problems", "number": "序号", "columns": columns, "min_rows": 1}}


def notice_layout(title: str) -> PaperLayout:
    """限期整改通知书."""
    return parse_layout(
        {
            "title": title,
            "font": "fangsong",
            "size": 14,
            "elements": [
                {"title": {"title": title, "lines": [{"label": "编号", "value": "notice_number"}]}},
                {
                    "text": {
                        "paragraphs": [
                            "{units}：",
                            "{base}在{evaluation}中被评定为不合格。依据{law}，现要求限期整改，整改期限至{due_on}。"
                            "请对照下列问题逐条分析原因、制定措施、明确责任人和完成时限，按期提交整改报告和佐证材料。"
                            "逾期未整改或复核不合格的，按规定处理。",
                        ]
                    }
                },
                _table("text", "criterion"),
                {"grid": {"columns": [3, 9], "rows": [["责任人", {"value": "person", "align": "left"}]]}},
                {"text": {"paragraphs": ["{organiser}", "{ordered_on}"], "align": "right", "indent": False}},
                {"signing": {"columns": 1, "blocks": [{"seal": "（公章）"}], "min_height": 45}},
            ],
        }
    )


def ledger_layout(title: str) -> PaperLayout:
    """整改方案及台账: every problem with its plan and what became of it."""
    lines = [
        {"label": "基地名称", "value": "base"},
        {"label": "责任单位", "value": "units"},
        {"label": "整改期限", "value": "due_on"},
    ]
    return parse_layout(
        {
            "title": title,
            "landscape": True,
            "size": 9,
            "margins": [18, 14, 18, 14],
            "elements": [
                {"title": {"title": title, "number": "编号", "lines": lines}},
                _table(*(key for key, _title, _width, _kind in COLUMNS)),
                {"signing": {"blocks": [{"label": "责任人签字："}, {"label": "责任单位", "seal": "（公章）"}]}},
            ],
        }
    )


def result_layout(title: str) -> PaperLayout:
    """整改复核意见书, with what was closed."""
    facts = (
        ("通知书编号", "notice_number"),
        ("责任单位", "units"),
        ("整改期限", "due_on"),
        ("整改报告提交日期", "reported_on"),
        ("复核日期", "concluded_on"),
        ("复核结论", "result"),
        ("复核意见", "reason"),
    )
    return parse_layout(
        {
            "title": title,
            "elements": [
                {"title": {"title": title, "number": "编号", "lines": [{"label": "基地名称", "value": "base"}]}},
                {
                    "grid": {
                        "columns": [3, 9],
                        "rows": [[label, {"value": key, "align": "left"}] for label, key in facts],
                    }
                },
                _table("text", "result", "closed_on", "closed_by"),
                {"signing": {"blocks": [{"label": "复核人签字："}, {"label": "复核单位", "seal": "（公章）"}]}},
            ],
        }
    )


LAYOUTS = {NOTICE: notice_layout, LEDGER: ledger_layout, RESULT: result_layout}


def ledger_pdf(case: Rectification, name: str) -> bytes:
    """The ledger as it stands; once the rectification is over, its final edition with number and code."""
    if case.unfinished:
        layout = printing.layout_of(case, LEDGER) or ledger_layout(ordering.TITLES[LEDGER])
        return printing.filled(case, layout, answers=answers(case), state="review")
    title = "" if LEDGER in case.profile.papers else ordering.TITLES[LEDGER]
    return papers.print_now(case, LEDGER, name, title)


def ledger_sheet(case: Rectification) -> bytes:
    """The same as a spreadsheet."""
    columns = [SheetColumn(key, title, kind, width * 6) for key, title, width, kind in COLUMNS]
    said = answers(case)
    lines = [f"基地名称：{said['base']}", f"责任单位：{said['units']}", f"整改期限：{said['due_on']}"]
    return write_table(
        ordering.TITLES[LEDGER], columns, said["problems"], lines=lines, foot=["责任人：", "单位（公章）："]
    )


@papers.kinds.register(Rectification)
class RectificationPapers(RoutedPapers):
    def main(self) -> str:
        return NOTICE

    def issuer(self) -> str:
        return organiser(self.case)

    def content_hash(self) -> str:
        said = json.dumps(answers(self.case), ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(said.encode()).hexdigest()

    def hash_of(self, kind: str) -> str:
        """The order says what is wrong and by when; what is done about it afterwards makes no new version of it."""
        if kind != NOTICE:
            return super().hash_of(kind)
        problems = list(self.case.problems.order_by("number").values_list("text", "criterion"))
        said = json.dumps([self.case.notice_number, self.case.due_on, problems], ensure_ascii=False, default=str)
        return hashlib.sha256(said.encode()).hexdigest()

    def render(self, paper: Paper) -> bytes:
        layout = printing.layout_of(self.case, paper.kind, paper=paper) or LAYOUTS[paper.kind](paper.title)
        return printing.filled(
            self.case, layout, answers=answers(self.case), paper=paper, state=printing.state_of(paper)
        )

    def prints(self, actor=None, reviewer: bool = False) -> list[Print]:
        if reviewer or self.case.state == "planned":
            return []
        title, name = ordering.TITLES[LEDGER], actor.name if actor is not None else ""
        notice = f"{ordering.TITLES[NOTICE]}（{self.case.notice_number or self.case.number}）"
        receipt = partial(deliveries.receipt, self.case, notice, self.case.recognition.listed_title)
        receipts = [Print("receipt", _("送达回证"), receipt)] if ordering.undelivered(self.case) else []
        return [
            *receipts,
            Print("ledger", title, lambda: ledger_pdf(self.case, name), note=_("问题、措施、佐证与销号情况")),
            Print("ledger", title, lambda: ledger_sheet(self.case), "xlsx"),
        ]

    def is_over(self) -> bool:
        return not self.case.unfinished

    def ended_on(self):
        return self.case.concluded_on
