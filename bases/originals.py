"""原件分发与存放登记表: who holds which original of an agreement, since when and where, as the holders entered it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from casework.papers import printing
from casework.papers.printing import Print
from core.models import StampedCopy
from core.papers.format import zh
from core.papers.layout import PaperLayout, parse_layout

RECEIPT = "receipt"  # the kind of step by which the holder of an original says that it has come
REGISTER = "originals"  # the paper's key
TITLE = gettext_noop("协议原件分发与存放登记表")


def rows(case) -> list[dict[str, Any]]:
    """One row for each holder, in the order of the route; blank where the original has not come yet. Where the regulation
    names no holders: each party, and who keeps the school's."""
    holders = []
    for step in case.steps():
        if step.kind != RECEIPT:
            continue
        unit = step.unit.display_name if step.unit else ""
        came = step.answers if step.state == "done" else {}
        holders.append(
            {
                "holder": f"{unit}{step.unit.office}" if step.role == "graduate_office" and step.unit else unit,
                "received_on": came.get("received_on") or "",
                "kept_at": came.get("kept_at") or "",
                "entered_by": step.entered_by if came else "",
            }
        )
    return holders or _of_the_parties(case)


def _of_the_parties(case) -> list[dict[str, Any]]:
    kept = StampedCopy.objects.filter(
        paper__case_kind=case.case_kind, paper__case_id=case.pk, step_key="signature"
    ).last()
    held = []
    for party in case.parties.select_related("organisation__parent"):
        school = party.organisation.kind != "partner" and kept is not None
        held.append(
            {
                "holder": party.name,
                "received_on": kept.on.isoformat() if school and kept.on else "",
                "kept_at": kept.kept_at if school else "",
                "entered_by": kept.uploaded_by if school else "",
            }
        )
    return held


def layout() -> PaperLayout:
    return parse_layout(
        {
            "title": TITLE,
            "elements": [
                {
                    "title": {
                        "title": TITLE,
                        "number": "协议编号",
                        "lines": [{"label": "协议名称", "value": "agreement"}],
                    }
                },
                {
                    "rows_table": {
                        "value": "originals",
                        "number": "序号",
                        "columns": [
                            {"title": "持有单位", "value": "holder", "width": 4},
                            {"title": "领取日期", "value": "received_on", "format": "date", "width": 2},
                            {"title": "存放处", "value": "kept_at", "width": 3},
                            {"title": "登记人", "value": "entered_by", "width": 2},
                        ],
                    }
                },
                {"text": {"paragraphs": ["{copies}"]}},
            ],
        }
    )


def _held(case) -> list[dict[str, Any]]:
    """The rows once originals are handed out."""
    return rows(case) if case.state in ("sealing", "signed", "ended") else []


def _said(case, held: list[dict[str, Any]]) -> str:
    copies = case.profile.agreement.copies
    holders = "、".join(zh(holder.label) for holder in copies.holders) if copies else ""
    return f"一式{len(held)}份，由{holders}各存一份。" if holders else f"一式{len(held)}份。"


def register(case, paper) -> bytes:
    """The register's PDF, as it is issued."""
    held = _held(case)
    answers = {"agreement": case.title, "originals": held, "copies": _said(case, held)}
    return printing.filled(case, layout(), answers=answers, paper=paper, state=printing.state_of(paper))


def prints(case, make) -> list[Print]:
    """The register on paper (`make` issues it) and as a table, once originals are handed out."""
    held = _held(case)
    if not held:
        return []

    def sheet() -> bytes:
        made = layout()
        table = printing.table_of(made, "originals")
        return printing.Sheet(case, table, held).write(
            TITLE, [f"协议编号：{case.number}", f"协议名称：{case.title}", _said(case, held)]
        )

    return [
        Print(REGISTER, TITLE, make),
        Print("originals_table", f"{TITLE}（电子表格）", sheet, "xlsx", note=_("供存档和统计")),
    ]
