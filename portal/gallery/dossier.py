"""The gallery's case page."""

from __future__ import annotations

from applications.models import Application, Call
from bases.models import Agreement
from core import pages
from portal.gallery.pieces import ARTICLE, COLLEGE, PARTNER, TITLE, UNIT, at, day, findings, papers


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
                day(5),
                at(-3),
                ARTICLE,
                mine=True,
            ),
            pages.CurrentStep("合作单位意见", PARTNER, "尤小舟", "10000000021", day(-2), at(-12)),
        ],
        due=day(5),
        clause=ARTICLE,
        progress=[
            pages.ProgressStep("学院填报", pages.DONE, day(-30), COLLEGE),
            pages.ProgressStep("合作单位意见", pages.NEGATIVE, day(-12), PARTNER, note="已退回"),
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
                title=f"退回修改，补正期限{day(5)}",
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
                saved_at=at(0, 9),
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
                at(-20),
            ),
            pages.DocumentRow(
                "培养研究生名单及去向汇总表_岚江大学_恒拓机床_2023至2026.xlsx",
                "#d2",
                "培养成效",
                48_200,
                "application/vnd.ms-excel",
                "贺小满",
                COLLEGE,
                at(-18),
            ),
        ],
        documents_zip_url="#zip",
        papers=papers(),
        log=[
            pages.LogEntry(
                "温以宁",
                UNIT,
                "退回修改",
                at(-3),
                "研究生处",
                "推荐单位审核",
                "第三部分经费预算与附件2不一致，请修改后重新送审。",
                day(-3),
                to_state=Application.State.DRAFT,
                to_state_label="草稿",
                round=1,
                negative=True,
            ),
            pages.LogEntry(
                "高柏年",
                UNIT,
                "登记线下审批",
                at(-4),
                "研究生处",
                "分管校领导审批",
                "同意推荐。",
                day(-6),
                decided_by="骆思齐（副校长）",
                documents=(pages.DocumentRow("呈批件扫描件.pdf", "#d3"),),
            ),
            pages.LogEntry(
                "贺小满",
                COLLEGE,
                "送审",
                at(-30),
                "研究生秘书",
                on=day(-30),
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
            pages.Opinion("合作单位意见", PARTNER, "戚广陵", "同意", "同意共建基地，按协议落实经费。", day(-14)),
            pages.Opinion("学院审签", COLLEGE, "蒋维桢", "退回", "请补充近三年成果。", day(-26), True, "贺小满"),
        ],
        related=[
            pages.Related("协议", "联合培养协议（2026年）", "#agreement", Agreement.State.SEALING, "用印中"),
            pages.Related("所属批次", "2026年岚江省研究生联合培养基地申报", "#call", Call.State.OPEN, "申报中"),
        ],
        rounds=[pages.RoundLink(1, "?round=1"), pages.RoundLink(2, "", True)],
        contact=f"{UNIT}研究生院 0990-1234567",
    )
