"""NM in the browser: from the department's call to the base's certificate, each role in a browser session of its own.

The clock moves as in tests/scenarios/test_walk_nm.py. NM has no opinion of the partner as a step of the route: the
partner fills in its own part of the application form, and confirms the agreement.
"""

from __future__ import annotations

import copy

import pytest

from applications.models import Call
from core import clock
from tenants.models import Organisation
from tests.browser import assert_clean
from tests.browserjobs.seat import Seat, paper, stamped
from tests.papers import pdf
from tests.profiles import samples
from tests.scenarios import house
from tests.scenarios.house import done

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BASE, OTHER = "岚江大学作物试验站基地", "第二基地"
CALL = "2027年岚江省研究生联合培养基地申报"
PARTNERS_PART = ("capacity", "capacity_statement", "credit_evidence")
NOTHING = {"待办": 0, "逾期": 0, "7日内到期": 0, "退回待改": 0}
REVISED = {
    "period": {"from": "2027-09-20", "to": "2032-09-19"},
    "leader_university": "程望舒",
    "leader_partner": "马吉宁",
    "duties_university": "选派研究生，落实校内导师和经费。",
    "duties_partner": "提供岗位、场地和行业产业导师。",
    "other_matters": "每年召开一次联席会议。",
    **{
        f"clause_{key}": f"双方约定：{key}。"
        for key in (
            "mode",
            "period",
            "content",
            "conditions",
            "practice",
            "exchange",
            "ip",
            "confidentiality",
            "benefits",
            "personal_safety",
        )
    },
}


def test_from_the_call_to_the_certificate(seat, new_page, settings, live_server):
    settings.SITE_URL = live_server.url
    with clock.travel("2027-03-01T09:00"):
        region = house.nm_region()
        Organisation.objects.filter(pk=region.college.pk).update(phone="0471-0000002")
        officer, clerk = seat(region.officer.membership), seat(region.secretary.membership)
        partner = seat(region.contact.membership, phone=True)
        the_call_is_opened(officer, region)
        the_application_is_filled_in(clerk, partner, region)
        the_earlier_agreement_is_recorded(clerk)
        clerk.press("送审")
        assert clerk.state == "推荐中"
        assert "经办：岚江大学 温以宁" in clerk.text
        another_application(region)
    with clock.travel("2027-05-06T09:00"):
        office = seat(region.office.membership)
        the_office_recommends(office, region)
    the_list_is_publicised_and_sent(office)
    experts = [house.expert(region.department, name) for name in ("钟离靖", "阿依努尔")]
    with clock.travel("2027-05-20T10:00"):
        experts_are_assigned(officer, experts)
    with clock.travel("2027-06-10T09:00"):
        for expert in experts:
            an_expert_reviews(seat(expert.membership))
    with clock.travel("2027-07-01T09:00"):
        the_department_closes_the_panel(officer)
    with clock.travel("2027-07-20T09:00"):
        the_department_decides(officer)
    with clock.travel("2027-07-22T09:00"):
        the_public_reads(new_page())
    with clock.travel("2027-09-12T09:00"):
        the_result_is_published(officer)
    with clock.travel("2027-09-20T09:00"):
        the_agreement_is_revised(clerk, office, seat(region.contact.membership, phone=True))
    with clock.travel("2027-10-10T09:00"):
        the_certificate_is_printed(officer)


def the_call_is_opened(officer: Seat, region) -> None:
    officer.menu("申报批次")
    officer.press("新建批次")
    officer.fill(
        {
            "year": 2027,
            "title": CALL,
            "paper_by": "2027-06-05",
            "opens_on": "2027-03-01",
            "opens_time": "08:00",
            "closes_on": "2027-05-31",
            "closes_time": "17:00",
            "contact": "邵怀瑾",
            "phone": "0471-0000001",
        }
    )
    assert officer.submit() == "批次已建立。核对后请点“发布申报批次”。"
    assert (officer.state, officer.primary) == ("筹备", ["发布申报批次"])
    officer.press("分配名额")
    officer.fill({"quotas": [{"organisation": region.university.pk, "number": 1}]})
    assert officer.submit() == "已办理：分配名额。"
    officer.press("发布申报批次")
    assert officer.state == "申报中"
    assert "纸质材料截止日 2027-06-05" in officer.text
    officer.picture("nm-01-call")


def the_application_is_filled_in(clerk: Seat, partner: Seat, region) -> None:
    """The secretary fills in all but the partner's part, which the partner fills in on the phone."""
    clerk.home()
    assert (clerk.counts, "剩91天" in clerk.text) == (NOTHING, True)
    clerk.menu("我要申报")
    clerk.page.get_by_label("基地名称").fill(BASE)
    clerk.press("开始填报")
    answers = {**copy.deepcopy(samples.NM_APPLICATION), "base_name": BASE, "partner": region.partner.pk}
    for key, value in answers.items():
        if isinstance(value, list) and isinstance(value[0], int):
            answers[key] = paper(f"{key}.pdf", "证明材料")
    clerk.fill({key: value for key, value in answers.items() if key not in PARTNERS_PART})
    assert "已暂存" in clerk.submit("暂存并返回")
    assert (clerk.state, clerk.primary) == ("草稿", ["填写：内蒙古自治区研究生联合培养基地申请书"])
    assert "“合作单位情况说明”尚未填写" in clerk.refused("送审")
    clerk.press("返回事项")

    partner.home()
    partner.picture("nm-02-partner-home")
    partner.open_todo(BASE)
    assert partner.page.locator('[data-field="base_name"]').count() == 0, "not the partner's part"
    partner.fill({key: answers[key] for key in PARTNERS_PART})
    partner.picture("nm-03-partner-form")
    partner.submit("暂存并返回")
    assert "三、合作单位 5/5" in partner.text
    partner.home()
    assert partner.todos == [], "the partner's part is complete"


def the_earlier_agreement_is_recorded(clerk: Seat) -> None:
    """It belongs to the only draft that wants one, and is linked to it without another step."""
    assert "请点“起草或关联协议”" in clerk.refused("送审")
    clerk.press("返回事项")
    clerk.press("起草或关联协议")
    clerk.press("补录纸质协议")
    assert f"已关联申报项目“{BASE}”" in clerk.submit()
    clerk.fill(
        {
            "signed_on": "2025-04-01",
            "period": {"from": "2025-04-01", "to": "2030-04-01"},
            "signatories": "程望舒、马吉宁",
            "scan": paper("协议扫描件.pdf", "协议", "签字页"),
            "kept_at": "研究生处档案柜",
        }
    )
    clerk.submit()
    assert clerk.state == "已签订"
    clerk.home()
    assert clerk.counts == {**NOTHING, "待办": 1}
    clerk.open_todo(BASE, "填报")
    assert "未通过" not in clerk.text
    assert_clean(clerk.page)
    clerk.picture("nm-04-ready")


def another_application(region) -> None:
    """A second one of the same university, handed in and reviewed without a browser: the quota is one."""
    second = house.nm_draft(region, Call.objects.get(), name=OTHER)
    done(region.secretary.do(second, "submit"))
    done(region.office.step(second, "six_aspects", house.SIX_ASPECTS))


def the_office_recommends(office: Seat, region) -> None:
    assert office.counts == {**NOTHING, "待办": 2}
    office.picture("nm-05-office-home")
    office.open_todo(BASE, "培养单位审核（六方面）")
    assert office.primary == ["办理"]
    office.press("办理")
    office.fill({"outcome": "positive", **house.SIX_ASPECTS, "layout": ""})
    assert "“本单位学位授权点和联合培养基地布局情况”尚未填写" in office.refused()
    office.fill({"layout": house.SIX_ASPECTS["layout"]})
    assert office.submit() == "已办理：培养单位审核（六方面）。"
    assert office.primary == ["新建推荐名单"]
    office.press("新建推荐名单")
    office.press("新建", beside="推荐名单")
    assert (office.state, office.moves) == ("拟定中", ["列入名单"])
    put_on_the_list(office, BASE)
    office.press("列入名单")
    office.page.get_by_label(OTHER).check()
    assert "推荐数为2项，超过名额1" in office.refused()
    office.press("取消")
    office.press("公示名单")
    office.fill(house.notice_answers("2027-05-10"))
    assert office.submit() == "已办理：公示名单。"
    assert office.state == "公示中"
    office.picture("nm-06-list-publicised")


def put_on_the_list(one: Seat, title: str) -> None:
    one.press("列入名单")
    one.page.get_by_label(title).check()
    one.fill({"rank": 1})
    assert one.submit() == "已办理：列入名单。"


def the_list_is_publicised_and_sent(office: Seat) -> None:
    """Too early it is refused; after the days of the notice, inside the call's window, it goes to the department."""
    with clock.travel("2027-05-12T09:00"):
        office.home()
        assert "2027-05-10 至 2027-05-17" in office.text
        office.open_todo(BASE, "推荐名单公示")
        office.press("打开推荐名单")
        office.press("报送")
        assert "名单公示至2027年5月17日24时届满，尚未期满" in office.refused()
    with clock.travel("2027-05-20T09:00"):
        office.home()
        office.open_todo(BASE, "推荐名单公示")
        office.press("打开推荐名单")
        assert office.primary == ["报送"]
        office.press("报送")
        office.fill({"cover": paper("报送函.pdf", "关于报送推荐名单的函")})
        assert office.submit() == "已办理：报送。"
        assert (office.state, office.moves) == ("已报送", [])
        assert "报送日期 2027-05-20" in office.text
        assert "评审中" in office.tab("名单项目")
        office.tab("打印与归档")
        table = pdf.whole(office.fetch("PDF", beside="推荐汇总表"))
        assert BASE in table
        office.home()
        assert office.counts == {**NOTHING, "待办": 1}, "only the second one is left"


def experts_are_assigned(officer: Seat, experts) -> None:
    officer.home()
    assert officer.counts == {**NOTHING, "待办": 1}
    officer.open_todo(BASE, "专家审核评议", "岚江大学 温以宁")
    assert officer.state == "评审中"
    for expert in experts:
        officer.press("指派专家")
        officer.fill({"expert": expert.membership.pk, "closes_on": "2027-06-30"})
        assert officer.submit() == "已办理：指派专家。"
    assert "评审截止 2027-06-30" in officer.text
    officer.press("办理")
    officer.fill({"outcome": "positive"})
    assert "钟离靖、阿依努尔尚未提交评审意见" in officer.refused()
    officer.press("取消")
    officer.picture("nm-07-assigned")


def an_expert_reviews(expert: Seat) -> None:
    """Sees the dossier and nothing of the other expert."""
    assert expert.counts == {**NOTHING, "待办": 1}
    expert.open_todo(BASE, "2027-06-30")
    other = {"钟离靖": "阿依努尔", "阿依努尔": "钟离靖"}[expert.membership.user.name]
    assert other not in expert.page.content()
    expert.press("作出承诺")
    expert.fill({})
    assert "未勾选" in expert.refused()
    expert.fill(house.PROMISE)
    assert expert.submit() == "已办理：作出承诺。"
    expert.press("提交评审意见")
    expert.fill(house.OPINION)
    assert expert.submit() == "已办理：提交评审意见。"
    expert.home()
    assert (expert.counts, expert.todos) == (NOTHING, [])


def the_department_closes_the_panel(officer: Seat) -> None:
    officer.home()
    officer.open_todo(BASE, "专家审核评议")
    assert officer.text.count("建议列入初步名单") == 2
    assert officer.text.count(house.OPINION["text"]) == 2
    assert_clean(officer.page)
    officer.picture("nm-08-opinions")
    officer.press("办理")
    officer.fill({"outcome": "positive", "opinion": "专家一致同意。"})
    assert officer.submit() == "已办理：专家审核评议。"
    officer.press("新建基地建设初步名单")
    officer.press("新建", beside="基地建设初步名单")
    put_on_the_list(officer, BASE)
    assert officer.primary == ["确定名单"] and "公布" not in officer.moves
    officer.press("确定名单")
    officer.submit()
    assert officer.state == "已确定"


def the_department_decides(officer: Seat) -> None:
    """The meeting with its minutes, then the result before the public."""
    officer.home()
    officer.open_todo(BASE, "教育厅审议")
    assert officer.state == "审定中"
    officer.press("办理")
    meeting = house.meeting("厅党组会", "2027年第8次", "2027-07-18") | house.DELIBERATION
    officer.fill({"outcome": "positive", **meeting, "minutes": paper("纪要.pdf", "厅党组会议纪要")})
    assert officer.submit() == "已办理：教育厅审议。"
    assert "厅党组会" in officer.text
    officer.press("新建认定名单")
    officer.press("新建", beside="认定名单")
    put_on_the_list(officer, BASE)
    officer.press("公示名单")
    officer.fill(house.notice_answers("2027-07-21"))
    officer.submit()
    assert officer.state == "公示中"


def the_public_reads(public) -> None:
    public.goto("/public/")
    with public.expect_navigation():
        public.get_by_role("link", name="认定名单").click()
    assert "2027-07-21" in public.content()
    assert BASE in public.content()


def the_result_is_published(officer: Seat) -> None:
    officer.home()
    officer.open_todo(BASE)
    officer.press("打开认定名单")
    officer.press("公布")
    officer.fill(
        {
            "number": "岚教研函〔2027〕18号",
            "published_on": "2027-09-10",
            "file": paper("认定文件.pdf", "关于公布认定结果的通知"),
        }
    )
    officer.submit()
    assert officer.state == "已公布"
    officer.home()
    assert (officer.counts, officer.todos) == (NOTHING, [])


def the_agreement_is_revised(clerk: Seat, office: Seat, partner: Seat) -> None:
    """Drawn up, checked, confirmed on the phone from the copied link, sealed on paper, matched, in force."""
    clerk.home()
    clerk.menu("本院基地")
    clerk.press(BASE)
    assert clerk.state == "在建"
    assert "建设期 2027-09-10 至 2030-09-09" in clerk.text
    assert "修订完善合作协议" in clerk.text
    assert "NM-10a" not in clerk.text
    assert_clean(clerk.page)
    clerk.picture("nm-09-base")
    clerk.press("起草协议（修订、续签、补充）")
    clerk.page.get_by_label("修订").check()
    clerk.submit()
    assert clerk.state == "草拟"
    clerk.press("填写协议文本")
    clerk.fill(REVISED)
    clerk.submit("暂存并返回")
    clerk.press("送审")
    assert clerk.state == "审核中"
    office.home()
    office.open_todo("培养单位审核协议")
    office.press("办理")
    office.fill({"outcome": "positive", "opinion": "同意。"})
    office.submit()
    assert office.state == "待合作单位确认"
    clerk.home()
    clerk.menu("协议与用印")
    with clerk.page.expect_navigation():
        clerk.page.locator("main tbody a", has_text="合作协议").first.click()
    link = clerk.page.locator("#share-url").input_value()
    clerk.picture("nm-10-share")
    the_partner_confirms(partner, link)
    the_seals_are_set(office)


def the_partner_confirms(partner: Seat, link: str) -> None:
    partner.home()
    assert len(partner.todos) == 1
    partner.picture("nm-11-partner-home")
    partner.goto(link)
    assert partner.primary == ["已看完，下一步"]
    assert "有疑问请联系：农业学院1，贺小满，0471-0000002" in partner.text
    assert_clean(partner.page)
    partner.picture("nm-12-partner-reads")
    partner.press("已看完，下一步")
    assert partner.primary == ["内容确认"]
    assert "公章" not in partner.text.split("3 上传盖章件")[0]
    partner.picture("nm-13-partner-confirms")
    partner.page.get_by_label("我已阅读全文，并有权代表本单位确认。").check()
    partner.press("内容确认")
    assert "卓玛央金 于 2027-09-20" in partner.text
    assert "现在无需操作" in partner.text
    assert "公章" not in partner.text
    assert "下载打印" not in partner.text
    partner.picture("nm-14-partner-confirmed")
    partner.home()
    assert partner.todos == []


def the_seals_are_set(office: Seat) -> None:
    office.home()
    office.open_todo("合作协议", "进入用印")
    assert office.primary == ["进入用印"]
    office.press("进入用印")
    assert office.state == "用印中"
    office.tab("打印与归档")
    printed = office.fetch("PDF", beside="研究生联合培养协议")
    office.picture("nm-15-sealing")
    office.press("登记签订")
    office.fill(
        {
            "signed_on": "2027-09-20",
            "effective_on": "2027-09-20",
            "signatories": "程望舒、马吉宁",
            "kept_at": "档案室",
            "scan": stamped("签署文本.pdf", printed),
            "pages_complete": True,
        }
    )
    office.submit()
    assert office.state == "已签订"
    assert "生效日期 2027-09-20" in office.text
    sealed = office.tab("盖章件")
    assert "一致" in sealed
    assert "档案室" in sealed
    office.picture("nm-16-signed")


def the_certificate_is_printed(officer: Seat) -> None:
    """NM knows no plaque, so none is offered; the certificate names base, parties, document and dates."""
    officer.menu("基地名录")
    officer.press(BASE)
    assert officer.state == "在建"
    assert "登记授牌" not in officer.text
    officer.tab("打印与归档")
    officer.picture("nm-17-base")
    certificate = pdf.whole(officer.fetch("PDF", beside="证书"))
    for said in (BASE, "岚江大学", "高原作物试验站", "岚教研函〔2027〕18号", "岚江省教育厅", "2027年9月10日"):
        assert said in certificate, certificate
