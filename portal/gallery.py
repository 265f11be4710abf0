"""Invented content for the component gallery: every piece of every page in every state it can have.

The gallery shows how pages are built and is what the browser tests of the frame run over. Nothing here reads the
database.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from applications.models import Application, Call
from bases.models import Agreement
from core import clock, pages, state_styles
from core.findings import Finding
from core.models import PaperState
from core.states import States

UNIT = "岚江大学（演示）"
COLLEGE = "机电与智能装备学院（演示）"
PARTNER = "云屿恒拓精密机床有限公司（演示）"
TITLE = "岚江大学—恒拓机床研究生联合培养基地"
ARTICLE = pages.Clause("办法第八条（二）", "#clause")


def _day(days: int) -> dt.date:
    return clock.today() + dt.timedelta(days=days)


def _at(days: int, hour: int = 10) -> dt.datetime:
    return clock.aware(_day(days)).replace(hour=hour)


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


def case() -> pages.CasePage:
    """A case in the middle of its way, with something in every part of the page."""
    return pages.CasePage(
        kind="application",
        kind_label="申报项目",
        id=1,
        title=TITLE,
        number="NM-2026-0017",
        version=7,
        state=Application.State.RECOMMENDING,
        state_label="推荐中",
        url="#",
        demo=True,
        crumbs=[("申报管理", "#")],
        facts=[
            pages.Fact("申报批次", "2026年岚江省研究生联合培养基地申报", "#call"),
            pages.Fact("牵头学院", COLLEGE),
            pages.Fact("合作单位", PARTNER),
            pages.Fact("负责人", "程望舒"),
            pages.Fact("专业学位类别", "机械（0855）"),
        ],
        current=[
            pages.CurrentStep(
                "推荐单位六方面审核",
                UNIT,
                "温以宁",
                "0990-1234567",
                _day(5),
                _at(-3),
                ARTICLE,
                mine=True,
            ),
            pages.CurrentStep("合作单位意见", PARTNER, "尤小舟", "10000000021", _day(-2), _at(-12)),
        ],
        due=_day(5),
        clause=ARTICLE,
        progress=[
            pages.ProgressStep("学院填报", pages.DONE, _day(-30), COLLEGE),
            pages.ProgressStep("合作单位意见", pages.NEGATIVE, _day(-12), PARTNER, note="已退回"),
            pages.ProgressStep("推荐单位审核", pages.CURRENT, None, UNIT),
            pages.ProgressStep("法务审核", pages.SKIPPED, None, UNIT, note="不适用"),
            pages.ProgressStep("校内公示", pages.AHEAD),
            pages.ProgressStep("报送", pages.AHEAD),
            pages.ProgressStep("专家评审", pages.AHEAD),
            pages.ProgressStep("审定", pages.AHEAD),
        ],
        hints=[
            pages.Hint(
                "第三部分经费预算与附件2不一致，请按附件2修改。",
                "orange",
                title=f"退回修改，补正期限{_day(5)}",
            ),
            pages.Hint("修改申报内容将使1份已盖章的文书作废，需重新打印盖章。", "yellow"),
        ],
        forms=[
            pages.FormPart(
                "application",
                "联合培养基地申请书",
                read=lambda: [
                    (
                        "基本信息",
                        [("基地名称", TITLE), ("合作起始日期", "2019-04-15"), ("累计培养研究生", "23人")],
                    ),
                    (
                        "建设基础",
                        [
                            ("近三年投入", "学校60.00万元，合作单位85.50万元"),
                            (
                                "必要性和可行性论证",
                                "双方自2019年起在精密机床可靠性方向开展合作，联合承担课题六项。" * 4,
                            ),
                        ],
                    ),
                ],
                edit_url="#edit",
                print_url="#print",
                sections=(
                    pages.SectionState("基本信息", 12, 12),
                    pages.SectionState("合作单位情况", 8, 9, 1, "#s2", "合作单位填写"),
                    pages.SectionState("建设基础", 3, 7, 0, "#s3"),
                    pages.SectionState("经费投入", 5, 5),
                ),
                saved_at=_at(0, 9),
                saved_by="贺小满",
                template="portal/gallery_reading.html",
            )
        ],
        documents=[
            pages.DocumentRow(
                "合作协议（2021年）.pdf",
                "#d1",
                "合作基础",
                1_834_221,
                "application/pdf",
                "贺小满",
                COLLEGE,
                _at(-20),
            ),
            pages.DocumentRow(
                "培养研究生名单及去向汇总表_岚江大学_恒拓机床_2023至2026.xlsx",
                "#d2",
                "培养成效",
                48_200,
                "application/vnd.ms-excel",
                "贺小满",
                COLLEGE,
                _at(-18),
            ),
        ],
        documents_zip_url="#zip",
        papers=papers(),
        log=[
            pages.LogEntry(
                "温以宁",
                UNIT,
                "退回修改",
                _at(-3),
                "研究生处",
                "推荐单位审核",
                "第三部分经费预算与附件2不一致，请修改后重新送审。",
                _day(-3),
                to_state=Application.State.DRAFT,
                to_state_label="草稿",
                round=1,
                negative=True,
            ),
            pages.LogEntry(
                "高柏年",
                UNIT,
                "登记线下审批",
                _at(-4),
                "研究生处",
                "分管校领导审批",
                "同意推荐。",
                _day(-6),
                decided_by="骆思齐（副校长）",
                documents=(pages.DocumentRow("呈批件扫描件.pdf", "#d3"),),
            ),
            pages.LogEntry(
                "贺小满",
                COLLEGE,
                "送审",
                _at(-30),
                "研究生秘书",
                on=_day(-30),
                to_state=Application.State.RECOMMENDING,
                to_state_label="推荐中",
                facts=(pages.Fact("合作年限", "7年"), pages.Fact("近三年投入", "145.50万元")),
            ),
        ],
        prints=[
            pages.PrintRow("联合培养基地申请书（第2版）", "#pdf", "#preview", note="A4，定稿，3份"),
            pages.PrintRow("推荐函", docx_url="#docx", note="代拟稿，不含文号和红头"),
        ],
        choices=[
            pages.ActionChoice(
                "act_on_step",
                "填写审核意见",
                True,
                "#act",
                primary=True,
                step_title="推荐单位六方面审核",
                icon="check",
            ),
            pages.ActionChoice("upload", "上传盖章件", True, "#upload", icon="upload"),
            pages.ActionChoice(
                "send_back",
                "退回修改",
                True,
                "#back",
                icon="return",
                careful=True,
                help="须注明退回部分和补正期限",
            ),
            pages.ActionChoice(
                "publish",
                "公示名单",
                False,
                why_not="推荐单位审核尚未完成",
                step_title="校内公示",
            ),
            pages.ActionChoice("seal", "登记用印", False, why_not="本环节由合作单位（尤小舟，电话10000000021）办理"),
        ],
        findings=findings(),
        findings_for="报送",
        opinions=[
            pages.Opinion("合作单位意见", PARTNER, "戚广陵", "同意", "同意共建基地，按协议落实经费。", _day(-14)),
            pages.Opinion("学院审签", COLLEGE, "蒋维桢", "退回", "请补充近三年成果。", _day(-26), True, "贺小满"),
        ],
        related=[
            pages.Related("协议", "联合培养协议（2026年）", "#agreement", Agreement.State.SEALING, "用印中"),
            pages.Related("所属批次", "2026年岚江省研究生联合培养基地申报", "#call", Call.State.OPEN, "申报中"),
        ],
        rounds=[pages.RoundLink(1, "?round=1"), pages.RoundLink(2, "", True)],
        contact=f"{UNIT}研究生院 0990-1234567",
    )


def action() -> pages.ActionPage:
    """The input page of an act that was refused once."""
    return pages.ActionPage(
        case_title=TITLE,
        case_number="NM-2026-0017",
        case_url="#case",
        state=Application.State.RECOMMENDING,
        state_label="推荐中",
        label="填写审核意见",
        post_url="#",
        seen=7,
        help="请从六个方面逐项审核，写明意见。提交后进入校内公示。",
        step_title="推荐单位六方面审核",
        form={"fields": [("opinion", "审核意见", 500), ("on", "审核日期", 0)]},
        findings=findings(),
        phrases=["同意推荐。", "材料齐全，情况属实，同意推荐。", "请按专家意见修改后再报。"],
        voids=papers()[3:5],
        facts=[pages.Fact("牵头学院", COLLEGE), pages.Fact("合作单位", PARTNER)],
        clause=ARTICLE,
        template="portal/gallery_form.html",
    )


def confirm(stage: int = 2) -> pages.ConfirmPage:
    """A partner at one of the three steps."""
    return pages.ConfirmPage(
        title="联合培养协议（2026年）",
        number="XY-2026-031",
        from_unit="岚江大学（演示）机电与智能装备学院",
        to_unit=PARTNER,
        stage=stage,
        what="这是与贵单位共建研究生联合培养基地的协议文本。请先看内容；没有问题的，确认内容后盖章寄回。",
        facts=[
            pages.Fact("协议期限", "2026-12-01 至 2029-11-30"),
            pages.Fact("贵单位投入", "85.50万元"),
            pages.Fact("接收研究生", "每年不超过12人"),
        ],
        reading=[("第一条", [("合作内容", "双方共建研究生联合培养基地，共同制定培养方案。")])],
        reading_template="portal/gallery_reading.html",
        pdf_url="#pdf",
        difference_url="#difference",
        seen_url="#seen",
        confirm_url="#confirm",
        decline_url="#decline",
        handover_url="#handover",
        paper_only_url="#paper",
        upload_url="#upload",
        seal="公司公章或合同专用章",
        where="第8页签署处，并加盖骑缝章",
        copies="3份",
        send_to="望川市学府路1号岚江大学研究生院，温以宁收",
        due=_day(6),
        contact="岚江大学（演示）研究生院 温以宁 0990-1234567",
        finished_text="盖章件已核对一致，协议已签订。贵单位无需再操作。",
        confirmed_by="尤小舟" if stage > 2 else "",
        confirmed_at=_at(0) if stage > 2 else None,
    )


def paper() -> pages.PaperPage:
    """A scan that waits to be compared."""
    return pages.PaperPage(
        paper=papers()[3],
        case_title=TITLE,
        case_number="NM-2026-0017",
        case_url="#case",
        pdf_url="/static/img/logo.svg",
        scans=[("第1页.jpg", "/static/img/logo.svg", True)],
        match_url="#match",
        mismatch_url="#mismatch",
        checks=["页数齐全", "每页校验码与本版本一致", "印章为应盖印章", "签字、日期齐全"],
        history=papers()[6:],
        uploaded_by="尤小舟",
        uploaded_at=_at(-1),
    )


def page(name: str) -> tuple[str | None, dict[str, Any]]:
    """(template, context) of one whole page of the gallery; (None, {}) for a name that does not exist."""
    stale = pages.StalePage(
        "此事项已由温以宁于2026-11-20 09:41办理“退回修改”，您看到的是旧页面，本次操作没有改动任何内容",
        TITLE,
        "#case",
        by="温以宁",
        at=_at(0, 9),
        what="退回修改",
        typed=[("审核意见", "同意推荐。\n请尽快公示。")],
    )
    refused = pages.RefusalPage("报送", findings()[:1], TITLE, "#case", "报送期限问题请联系省教育厅学位处", "#remind")
    samples: dict[str, tuple[str, dict]] = {
        "case": ("casework/case.html", {"page": case()}),
        "action": ("casework/action.html", {"page": action()}),
        "refused": ("casework/refused.html", {"page": refused}),
        "stale": ("casework/stale.html", {"page": stale}),
        "paper": ("casework/paper.html", {"page": paper()}),
        "404": ("404.html", {}),
        "403": ("403.html", {"exception": f"“公示名单”由{UNIT}研究生处办理"}),
        "409": ("409.html", {"url": "#"}),
        "500": ("500.html", {}),
        **{f"confirm{n}": ("casework/confirm.html", {"page": confirm(n)}) for n in (1, 2, 3, 4)},
    }
    return samples.get(name, (None, {}))


PAGES = (
    "case",
    "action",
    "refused",
    "stale",
    "paper",
    "confirm1",
    "confirm2",
    "confirm3",
    "confirm4",
    "403",
    "404",
    "409",
    "500",
)


def every_state() -> list[States]:
    """The states of everything that has some, each colour, icon and word once."""
    known = [state for kind in States.__subclasses__() for state in kind]
    return list({(state.tone, state.icon, str(state.label)): state for state in known}.values())


def context() -> dict[str, Any]:
    """What the gallery's own page shows."""
    made = case()
    return {
        "page": made,
        "pages": PAGES,
        "tones": state_styles.TONES,
        "states": every_state(),
        "dues": [_day(days) for days in (-3, 0, 5, 20, 45, 80, 200)],
        "findings": findings(),
        "papers": papers(),
        "icons": sorted({state.icon for state in every_state()}),
        "crumbs": [("组件", "")],
    }
