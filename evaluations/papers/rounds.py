"""Drafts for the office system about a round: its notice, the letter to those who have not reported, the results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _

from casework import papers
from casework.models.regulated import with_regulation
from casework.papers import CasePapers, printing
from casework.papers.printing import Print
from core.language import in_source_language
from core.papers.drafts import write_docx
from core.papers.format import date_text, zh
from core.spreadsheets import SheetColumn, write_table
from evaluations.models import Evaluation, Round
from evaluations.services import grading, rounds

DATE = "　　年　　月　　日"
HEAD = ("序号", "基地名称", "学校", "学院", "合作单位")


@papers.kinds.register(Round)
class RoundPapers(CasePapers):
    def prints(self, actor=None, reviewer: bool = False) -> list[Print]:
        """For whoever organises the round: drafts without number and red head, and the table of results."""
        in_round = self.case
        if actor is None or reviewer or not actor.may("evaluations.run_round", in_round):
            return []
        note = _("代拟稿，不含文号和红头")
        offers = [Print("notice", f"关于开展{in_round.title}工作的通知", lambda: notice(in_round), "docx", note)]
        if in_round.state == "open" and rounds.silent(in_round):
            title = f"关于报送{in_round.title}自评材料的催报函"
            offers.append(Print("reminder", title, lambda: reminder(in_round), "docx", note))
        if in_round.evaluations.filter(state="confirmed").exists():
            offers += [
                Print("results", f"关于{in_round.title}结果的通报", lambda: results(in_round), "docx", note),
                Print("table", f"{in_round.title}结果汇总表", lambda: table(in_round), "xlsx"),
            ]
        return offers

    def issuer(self) -> str:
        return self.case.organiser.display_name


def _members(in_round: Round) -> list[Evaluation]:
    rows = in_round.evaluations.exclude(state="cancelled").order_by("recognition__base__name", "pk")
    return list(
        with_regulation(rows).select_related("recognition__base", "university", "college", "partner", "in_round")
    )


def _line(number: int, row: Evaluation) -> list:
    units = (row.university, row.college, row.partner)
    return [number, row.recognition.base.name, *(unit.display_name if unit else "" for unit in units)]


def _law(in_round: Round) -> str:
    return f"《{zh(printing.profile_of(in_round).head.title)}》"


def _draft(in_round: Round, title: str, body: Sequence[str], head: Sequence[str], rows: list[list]) -> bytes:
    return write_docx(
        title,
        body,
        (head, rows),
        signer=in_round.organiser.display_name,
        addressee="各有关单位",
        date=DATE,
        attachments=[f"{in_round.title}基地名单"],
    )


def notice(in_round: Round) -> bytes:
    """关于开展……工作的通知: which bases, by when the self-reports."""
    members = _members(in_round)
    due = date_text(in_round.report_due) if in_round.report_due else DATE
    body = [
        f"根据{_law(in_round)}，现就开展{in_round.title}工作通知如下。",
        "一、考核范围",
        f"附件所列{len(members)}个基地。" if members else "办法规定应参加本次考核的基地。",
        "二、自评材料",
        f"请有关单位于{due}前通过平台提交自评材料及佐证。平台已有的数据请核对，更正的应附佐证材料。",
        "三、有关要求",
        "请如实填报。未按规定参加考核的，按办法处理。",
    ]
    rows = [_line(number, row) for number, row in enumerate(members, 1)]
    return _draft(in_round, f"关于开展{in_round.title}工作的通知", body, HEAD, rows)


def reminder(in_round: Round) -> bytes:
    """催报函: those whose self-report is missing."""
    pks = {row.pk for row in rounds.silent(in_round)}
    rows = [row for row in _members(in_round) if row.pk in pks]
    body = [
        f"{in_round.title}自评材料报送截止日为{date_text(in_round.report_due)}。截至目前，附件所列{len(rows)}个基地尚未提交。",
        "请有关单位尽快通过平台提交。逾期未报的，按办法有关未按规定参加考核的规定处理。",
    ]
    lines = [_line(number, row) for number, row in enumerate(rows, 1)]
    return _draft(in_round, f"关于报送{in_round.title}自评材料的催报函", body, HEAD, lines)


def _graded(in_round: Round) -> list[tuple[Evaluation, str]]:
    """The bases with a result, each with its grade in Chinese."""
    titles = {grade.code: zh(grade.title) for grade in in_round.declaration.grades}
    absent = Evaluation.State.MISSED
    rows = [row for row in _members(in_round) if row.state in ("confirmed", "missed")]
    return [(row, titles.get(row.grade) or ("未参加" if row.state == absent else "")) for row in rows]


def results(in_round: Round) -> bytes:
    """考核结果通报: how many of each grade, and each base with its own."""
    rows = _graded(in_round)
    counts = "，".join(f"{title}{number}个" for title, number in Counter(title for _row, title in rows).items())
    body = [f"根据{_law(in_round)}，{in_round.title}共{len(rows)}个基地有考核结果：{counts}。现予通报。"]
    lines = [[*_line(number, row), title] for number, (row, title) in enumerate(rows, 1)]
    return _draft(in_round, f"关于{in_round.title}结果的通报", body, (*HEAD, "考核等次"), lines)


@in_source_language()
def table(in_round: Round) -> bytes:
    """The results as a spreadsheet: score, grade, why."""
    columns = [
        SheetColumn("base", "基地名称", "text", 28),
        SheetColumn("university", "学校", "text", 20),
        SheetColumn("college", "学院", "text", 20),
        SheetColumn("partner", "合作单位", "text", 24),
        SheetColumn("reported_on", "自评提交", "date", 12),
        SheetColumn("score", "得分", "decimal", 10),
        SheetColumn("grade", "考核等次", "text", 10),
        SheetColumn("reasons", "依据", "text", 60),
    ]
    rows = [
        {
            "base": row.recognition.base.name,
            **{
                key: unit.display_name if (unit := getattr(row, key)) else ""
                for key in ("university", "college", "partner")
            },
            "reported_on": row.reported_on,
            "score": row.score,
            "grade": title,
            "reasons": "；".join(grading.sentences(row, row.reasons)),
        }
        for row, title in _graded(in_round)
    ]
    lines = [f"组织单位：{in_round.organiser.display_name}", f"编号：{in_round.number}"]
    return write_table(f"{in_round.title}结果汇总表", columns, rows, lines=lines, foot=["经办人：", "单位（公章）："])
