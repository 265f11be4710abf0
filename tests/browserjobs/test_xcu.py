"""The whole main job under XCU in the browser: from the call to the base with its certificate, each role at its own."""

from __future__ import annotations

from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from tests.browser import assert_clean
from tests.browserjobs import annex1
from tests.browserjobs.annex1 import AGREEMENT, BASE, IP, OTHER_IP, at
from tests.browserjobs.seat import Seat, paper, stamped
from tests.ground.browser import NARROW
from tests.papers.pdf import sizes, texts, whole
from tests.profiles import samples
from tests.scenarios import house

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_the_call_to_the_base_with_its_certificate(seat):
    at("2026-02-25T09:00")
    school = house.xcu_school()
    reviewer = house.expert(school.university, "钟离靖")
    office = seat(school.office.membership)
    annex1.call_opened(office)
    job = SimpleNamespace(
        office=office,
        secretary=seat(school.secretary.membership),
        contact=seat(school.contact.membership, phone=True),
    )
    annex1.filled_by_the_college(job.secretary, school)
    annex1.filled_by_the_partner(job.contact)
    annex1.agreement_drafted(job.secretary)
    annex1.handed_in(job.secretary)
    annex1.printed(job)
    annex1.opinions_with_stamped_pages(job)
    annex1.scans_matched(office)
    reviewed(office, seat(reviewer.membership))
    visited(office)
    agreement_checked(job, seat(school.legal.membership))
    confirmed_on_the_phone(job)
    decided(office, seat(school.recorder.membership))
    signed(job)
    base_in_force(job)


# --- review ----------------------------------------------------------------------------------------------------


def reviewed(office: Seat, expert: Seat) -> None:
    """An expert promises, reads and gives an opinion; without it the panel does not close."""
    at("2026-04-01T09:00")
    office.home()
    office.open_todo("专家评审", BASE)
    office.press("办理", beside="专家评审")
    office.fill({"outcome": "positive"})
    assert "暂不能办理" in office.refused()
    office.home()
    office.open_todo("专家评审", BASE)
    office.press("指派专家")
    office.fill(
        {
            "expert": office.page.locator("[data-field=expert] input, [data-field=expert] option").last.get_attribute(
                "value"
            ),
            "closes_on": "2026-04-20",
        }
    )
    office.submit()
    expert.home()
    assert "剩19天" in expert.todos[0]
    expert.open_todo(BASE)
    assert (expert.primary, expert.moves) == (["作出承诺"], ["作出承诺", "声明回避"])
    expert.press("作出承诺")
    expert.fill({})
    assert "评审承诺" in expert.refused()
    expert.fill({"promise": samples.tick("conflict", "secret")})
    assert expert.submit() == "已办理：作出承诺。"
    assert (expert.primary, expert.moves) == (["提交评审意见"], ["提交评审意见", "声明回避"])
    assert "盖章页.pdf" not in expert.tab("佐证材料") and "还没有审批意见" in expert.text
    expert.press("提交评审意见")
    expert.picture("xcu-09-expert")
    expert.fill({"verdict": "recommend", "text": "材料完整，基础扎实，建议设立。"})
    assert expert.submit() == "已办理：提交评审意见。"


def visited(office: Seat) -> None:
    """The site visit is not closed without safety qualification and emergency plan (XCU-7.3b)."""
    at("2026-04-12T09:00")
    office.home()
    office.open_todo("实地考察", BASE)
    office.press("办理", beside="实地考察")
    office.fill(
        {
            "outcome": "positive",
            **house.SITE_VISIT,
            "emergency_plan": "not_seen",
            "safety_qualification_note": "（青）安许证字〔2024〕001号，有效期至2027年",
        }
    )
    refused = office.refused()
    assert "未完成应急预案审查，实地考察不能办结。" in refused and "第七条（三）" in refused
    assert office.page.locator("#f-place").input_value() == "试验站"
    office.fill({"emergency_plan": "checked"})
    assert office.submit() == "已办理：实地考察。"
    office.press("办理", beside="专家评审")
    office.fill({"outcome": "positive", "opinion": "同意。"})
    office.submit()
    office.press("办理", beside="提出评审意见")
    office.fill({"outcome": "positive", "review_text": "建议设立。", "opinion": "同意。"})
    office.submit()
    office.tab("打印与归档")
    sheet = whole(office.fetch("PDF", beside="实地考察记录表（第1版）"))
    assert "应急预案审查√已审查，符合" in sheet and "（青）安许证字〔2024〕001号" in sheet
    office.picture("xcu-10-reviewed")


# --- the agreement ---------------------------------------------------------------------------------------------


def agreement_checked(job, legal: Seat) -> None:
    """A changed clause is shown beside the template's and brings the legal section in; unchanged it is not asked."""
    secretary, office = job.secretary, job.office
    at("2026-04-20T09:00")
    secretary.home()
    secretary.open_todo(BASE, "报送正式协议书审核")
    assert secretary.primary == ["办理合作协议"]
    secretary.press("办理合作协议")
    secretary.press("填写协议文本")
    secretary.fill({"clause_ip": OTHER_IP, "first_signatory": "校长 白玛次仁", "second_signatory": "站长 马吉宁"})
    secretary.submit("暂存并返回")
    assert f"与模板不一致之处 共1条 知识产权归属 模板 {IP} 本协议 {OTHER_IP}" in secretary.text
    secretary.picture("xcu-11-difference")
    secretary.press("送审")
    office.home()
    office.open_todo(AGREEMENT, "学科与研究生处审核")
    office.press("办理")
    office.fill({"outcome": "positive", "opinion": "知识产权条款请法治与督办科审核。"})
    office.submit()
    assert office.state == "审核中"
    legal.home()
    legal.open_todo(AGREEMENT, "法治与督办科审核")
    assert OTHER_IP in legal.tab("内容")
    legal.press("办理")
    legal.fill({"outcome": "return", "opinion": "知识产权归属应按模板约定为双方共有。"})
    assert "“补正期限”尚未填写" in legal.refused()
    legal.fill({"correction_due": "2026-04-27"})
    legal.submit()
    at("2026-04-22T09:00")
    secretary.home()
    assert secretary.counts["退回待改"] == 1
    secretary.open_todo(AGREEMENT, "退回修改", "剩5天")
    assert "知识产权归属应按模板约定为双方共有。" in secretary.text
    secretary.press("填写协议文本")
    secretary.fill({"clause_ip": IP})
    secretary.submit("暂存并返回")
    assert secretary.page.locator("#differences").count() == 0
    secretary.press("送审")
    assert "法治与督办科审核 （不适用）" in secretary.text
    office.home()
    office.open_todo(AGREEMENT, "学科与研究生处审核")
    office.press("办理")
    office.fill({"outcome": "positive", "opinion": "与模板一致。"})
    office.submit()
    legal.home()
    assert legal.todos == []


def confirmed_on_the_phone(job) -> None:
    """The link out of a chat: read, then confirm the content. It is no signature, and the page says so."""
    office, contact = job.office, job.contact
    assert "发给合作单位确认" in office.text and "卓玛央金" in office.text
    assert "校长办公会尚未审定批准，不能签订协议书。" in office.text
    job.link = urlsplit(office.page.locator("#share-url").input_value()).path
    at("2026-04-24T09:00")
    contact.goto(job.link)
    assert IP in contact.text and contact.primary == ["已看完，下一步"]
    assert_clean(contact.page)
    contact.page.set_viewport_size(NARROW)
    contact.press("已看完，下一步")
    assert contact.primary == ["内容确认"] and "此处只确认内容，不是签署。" in contact.text
    contact.picture("xcu-12-confirm")
    contact.page.get_by_label("我已阅读全文，并有权代表本单位确认。").check()
    contact.press("内容确认")
    assert "卓玛央金 于 2026-04-24 09:00 确认。" in contact.text
    assert "届时再请签字盖章，现在无需操作" in contact.text and contact.primary == []
    contact.picture("xcu-13-confirmed")


# --- decision, signature, base ---------------------------------------------------------------------------------


def decided(office: Seat, recorder: Seat) -> None:
    """The president's office meeting decides: entered with minutes by its secretary, never in the future."""
    at("2026-04-27T09:00")
    office.home()
    office.open_todo(BASE, "学科与研究生处意见")
    office.press("办理")
    office.fill({"outcome": "positive", "opinion": "同意提请校长办公会审定。"})
    office.submit()
    assert office.state == "审定中"
    at("2026-05-06T16:00")
    recorder.home()
    recorder.open_todo(BASE, "校长办公会审定")
    recorder.press("办理")
    recorder.fill(
        {
            "outcome": "positive",
            "body": "校长办公会",
            "session": "2026年第9次",
            "decided_on": "2026-05-07",
            "resolution": "同意设立。",
            "opinion": "同意设立。",
            "minutes": paper("会议纪要.pdf", "校长办公会2026年第9次会议纪要"),
        }
    )
    assert "2026-05-07晚于今天2026-05-06" in recorder.refused()
    recorder.fill({"decided_on": "2026-05-06"})
    recorder.submit()
    assert recorder.state == "已通过"
    assert "校长办公会 2026年第9次 2026-05-06" in recorder.text
    recorder.picture("xcu-14-decided")


def signed(job) -> None:
    """Signed on paper: the final version printed, the stamped text scanned and compared, the dates as they stand on it."""
    office, contact = job.office, job.contact
    at("2026-05-08T09:00")
    office.home()
    office.open_todo(AGREEMENT, "进入用印")
    office.press("进入用印")
    assert office.state == "用印中" and "待打印" in office.tab("盖章件")
    office.tab("打印与归档")
    final = office.fetch("PDF", beside="研究生联合培养基地协议书（第1版）")
    pages = texts(final)
    assert len(pages) == 3 and all("版本校验码" in page for page in pages)
    assert "协议期限：2026年5月20日至2031年5月19日" in pages[0] and "请加盖骑缝章" in pages[2]
    contact.goto(job.link)
    assert "请在纸质文本上签字盖章" in contact.text
    assert whole(contact.fetch("下载打印")) == whole(final)
    at("2026-05-18T09:00")
    office.home()
    office.open_todo(AGREEMENT, "登记签订")
    office.press("登记签订")
    office.fill(
        {
            "signed_on": "2026-05-18",
            "effective_on": "2026-05-20",
            "signatories": "校长 白玛次仁、站长 马吉宁",
            "scan": stamped("签署文本.pdf", final),
            "pages_complete": False,
            "kept_at": "综合档案室",
        }
    )
    assert "请逐页核对签署文本与定稿版本一致后再登记" in office.refused()
    office.fill({"pages_complete": True})
    office.submit()
    assert office.state == "已签订"
    assert "签订日期 2026-05-18 生效日期 2026-05-20" in office.text
    assert "签署文本.pdf 一致" in office.tab("盖章件")
    office.picture("xcu-15-signed")
    contact.goto(job.link)
    assert "协议已签订，签订日期2026-05-18" in contact.text


def base_in_force(job) -> None:
    """The base is in force with the agreement: its certificate, its plaque, and everybody's register."""
    office = job.office
    office.press(f"{BASE}（校级）")
    assert office.state == "在建"
    assert "批准日期 2026-05-06" in office.text and "可以安排研究生" in office.text
    office.tab("打印与归档")
    certificate = office.fetch("PDF", beside="证书（第1版）")
    assert sizes(certificate) == {(210, 297)}
    for words in (
        "西昌学院研究生联合培养基地",
        BASE,
        "经校长办公会审定",
        "责任单位：农业科学学院",
        "有效期：2026年5月20日至2031年5月19日",
        "青岐学院（公章）",
        "版本校验码",
    ):
        assert words in whole(certificate)
    at("2026-05-25T09:00")
    office.press("登记授牌")
    office.fill({"issued_on": "2026-05-25", "recipient": "试验站 马吉宁", "photo": paper("授牌.pdf")})
    office.submit()
    assert "授牌 2026-05-25 试验站 马吉宁" in office.text and "登记授牌" not in office.moves
    assert_clean(office.page)
    office.picture("xcu-16-base")
    for seat, label in ((job.secretary, "本院基地"), (job.contact, "基地与研究生")):
        seat.home()
        assert seat.todos == []
        seat.menu(label)
        assert BASE in seat.text and "2031-05-19" in seat.text
