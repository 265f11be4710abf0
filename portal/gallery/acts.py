"""The gallery's pages of acts: the input page, a partner's three steps, a scan to compare."""

from __future__ import annotations

from applications.models import Application
from core import pages
from portal.gallery.pieces import ARTICLE, COLLEGE, PARTNER, TITLE, at, day, findings, papers


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
        card=pages.SealingCard(
            paper="联合培养协议",
            version="第1版",
            pdf_url="#pdf",
            seal="公司公章或合同专用章",
            stamp="单位公章（内设部门、科室的章不行）",
            copies="3份",
            keeper="双方各自留存",
            to_unit="岚江大学（演示）",
            to_person="研究生院 温以宁",
            to_address="望川市学府路1号",
            to_phone="0990-1234567",
        ),
        parcels=[pages.ParcelRow("顺丰速运", "SF1029384756", day(-1), PARTNER, "尤小舟")],
        due=day(6),
        contact="岚江大学（演示）研究生院 温以宁 0990-1234567",
        finished_text="盖章件已核对一致，协议已签订。贵单位无需再操作。",
        confirmed_by="尤小舟" if stage > 2 else "",
        confirmed_at=at(0) if stage > 2 else None,
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
        uploaded_at=at(-1),
    )
