"""Invented pieces that several pages of the gallery show: names, days, findings, papers."""

from __future__ import annotations

import datetime as dt

from core import clock, pages
from core.findings import Finding
from core.models import PaperState

UNIT = "岚江大学（演示）"
COLLEGE = "机电与智能装备学院（演示）"
PARTNER = "云屿恒拓精密机床有限公司（演示）"
TITLE = "岚江大学—恒拓机床研究生联合培养基地"
ARTICLE = pages.Clause("办法第八条（二）", "#clause")


def day(days: int) -> dt.date:
    """The day so many days from today; negative: ago."""
    return clock.today() + dt.timedelta(days=days)


def at(days: int, hour: int = 10) -> dt.datetime:
    """That day at the full hour."""
    return clock.aware(day(days)).replace(hour=hour)


def findings() -> list[pages.PageFinding]:
    """One finding of each strength."""
    return [
        pages.PageFinding(
            Finding(
                "X-1",
                "hard",
                "“建立基地的必要性和可行性论证分析”现有468字，要求不少于500字",
                fix="请补充至少32字",
            ),
            url="#form",
            clause=pages.Clause("附件1第一部分", "#clause"),
        ),
        pages.PageFinding(
            Finding("X-2", "default", "与合作单位的合作始于2025年3月，要求已合作满两年"),
            url="#form",
            clause=pages.Clause("办法第五条"),
            override_url="#override",
        ),
        pages.PageFinding(
            Finding("X-3", "default", "合作单位近三年年均科研经费为96万元，要求不少于100万元", overridden=True),
            clause=pages.Clause("办法第六条（一）"),
        ),
        pages.PageFinding(
            Finding("X-4", "encouraged", "鼓励合作单位提供研究生生活补助，目前未填写"),
            clause=pages.Clause("办法第十条"),
        ),
    ]


def papers() -> list[pages.PaperRow]:
    """One paper in each state of its stamped copy."""
    return [
        pages.PaperRow(
            "联合培养基地申请书" if state != "void" else "联合培养基地申请书（第1版）",
            "第2版" if state != "void" else "第1版",
            state,
            str(state.label),
            seal="单位公章",
            copies="3份",
            pdf_url="#pdf",
            scan_name="盖章扫描件.pdf" if state in ("to_match", "matched", "mismatch") else "",
            scan_url="#scan" if state in ("to_match", "matched", "mismatch") else "",
            compare_url="#compare" if state == "to_match" else "",
            keeper="研究生院档案柜3-2" if state == "matched" else "",
            code="7F3A-9C21",
            note="印章不是单位公章" if state == "mismatch" else "",
        )
        for state in PaperState
    ]
