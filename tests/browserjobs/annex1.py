"""XCU's first half in the browser: the call, Annex 1 in its sections, the printed form and its stamped pages."""

from __future__ import annotations

import copy

from applications.models import Application
from core import clock
from tests.browser import assert_clean
from tests.browserjobs.seat import Seat, Upload, paper
from tests.forms.waiting import says
from tests.ground.browser import NARROW
from tests.papers.pdf import sizes, texts, whole
from tests.papers.scanning import photographed
from tests.profiles import samples

BASE = samples.ANNEX1["base_name"]
AGREEMENT = "青岐学院与青岐市高原作物试验站合作协议"
FORM = "西昌学院研究生联合培养基地申报书"
COLLEGE = ("cover", "part1", "topics", "part2", "results", "long_cooperation")
PARTNER = ("part3", "profile", "conditions", "priority", "part4")
IP = "研究生在基地期间形成的研究成果归甲乙双方共有；个别项目需要另行确定归属的，事先签订补充约定。"
OTHER_IP = "研究生在基地期间形成的研究成果归甲方所有。"


def answers(section: str) -> dict:
    """The sample's answers of one section, as somebody types them; files are chosen beside."""
    parts = [part for part in samples.form("xcu", "annex1").sections if part.key == section]
    keys = [one.key for part in parts for one in part.fields if one.type != "file"]
    return {key: copy.deepcopy(samples.ANNEX1[key]) for key in keys if key in samples.ANNEX1}


def index(seat: Seat, section: str) -> str:
    """What the index of the form says of a section behind its title."""
    return " ".join(seat.page.locator(f'[data-index="{section}"]').inner_text().split()).split(" ")[-1]


def at(moment: str) -> None:
    """Everybody's clock, the server's too, stands at this moment."""
    clock.set_now(moment)


# --- the call --------------------------------------------------------------------------------------------------


def call_opened(office: Seat) -> None:
    """The graduate office opens the selection round."""
    office.menu("通知批次")
    office.press("新建批次")
    office.fill(
        {
            "year": "2026",
            "title": "2026年校级基地遴选",
            "opens_on": "2026-03-01",
            "opens_time": "08:00",
            "closes_on": "2026-03-31",
            "closes_time": "17:00",
            "contact": "苏半夏",
            "phone": "0834-0000100",
        }
    )
    assert "批次已建立" in office.submit()
    office.press("发布申报批次")
    assert office.state == "申报中"
    assert (
        "尚未申报" in office.tab("名额与报送进度")
        and "校内截止时间" not in office.page.locator(".acts-list").inner_text()
    )
    office.picture("xcu-01-call")


# --- Annex 1 ---------------------------------------------------------------------------------------------------


def filled_by_the_college(secretary: Seat, school) -> None:
    """The college's sections: limits counted while typing, saved by themselves, completeness for each section."""
    assert "2026年校级基地遴选" in secretary.text
    at("2026-03-01T09:00")
    secretary.menu("我要申报")
    secretary.press("开始填报")
    page = secretary.page
    assert (index(secretary, "cover"), index(secretary, "part3")) == ("0/7", "0/13")
    assert "本部分由单位联系人" in secretary.text
    assert page.locator("#f-partner_name").count() == 0
    secretary.fill(answers("cover") | {"applicant": str(school.college.pk), "partner": str(school.partner.pk)})
    field, count = page.locator("#f-collab_results"), page.locator('[data-count-for="f-collab_results"]')
    field.fill(samples.text(499))
    assert "现有499字" in count.inner_text()
    field.press_sequentially("两字")
    assert "现有501字，超出1字" in count.inner_text()
    field.fill(samples.text(500))
    assert count.inner_text().startswith("现有500字（不超过500字）")
    says(page, "已暂存")
    page.reload()  # nobody pressed a button, and it is there
    assert field.input_value() == samples.text(500)
    assert page.locator("#f-base_name").input_value() == BASE
    assert index(secretary, "cover") == "已填齐"
    secretary.fill({"necessity": samples.text(499)})
    secretary.press("检查")
    assert "校验结果 共" in secretary.text
    assert "“建立基地的必要性和可行性论证分析”现有499字，要求不少于500字。" in secretary.text
    assert "单位联系人、单位负责人填写的部分有" in secretary.text
    secretary.picture("xcu-02-annex1-checked")
    for section in COLLEGE[1:]:
        secretary.fill(answers(section))
    secretary.fill(
        {
            "basis_evidence": paper("已有建设基础证明材料.pdf", "两项省级课题的立项通知"),
            "long_cooperation": True,
            "cooperation_since": "2023-03",
            "cooperation_evidence": paper("合作协议（2023）.pdf"),
        }
    )
    assert index(secretary, "part2") == "16/16"
    secretary.press("暂存")
    assert {section: index(secretary, section) for section in COLLEGE} == dict.fromkeys(COLLEGE, "已填齐")
    assert_clean(page)
    secretary.picture("xcu-03-annex1-college")
    secretary.submit("暂存并返回")
    assert secretary.state == "草稿"
    assert "由单位联系人、单位负责人填写" in secretary.tab("申报内容")
    assert "已有建设基础证明材料.pdf" in secretary.tab("佐证材料")


def filled_by_the_partner(contact: Seat) -> None:
    """On the phone the partner unit finds its own parts waiting; the college's are folded."""
    at("2026-03-02T09:00")
    contact.home()
    contact.picture("xcu-04-partner-home")
    contact.open_todo(BASE, "填写本单位的部分")
    page = contact.page
    assert not page.locator("#s-part1 .dread").is_visible()
    for section in PARTNER:
        contact.fill(answers(section))
    contact.fill({"legal_person_evidence": paper("事业单位法人证书.pdf"), "condition_files": paper("安全生产制度.pdf")})
    contact.press("暂存")
    assert {section: index(contact, section) for section in PARTNER} == dict.fromkeys(PARTNER, "已填齐")
    assert_clean(page)
    contact.page.set_viewport_size(NARROW)
    contact.picture("xcu-05-annex1-partner")
    contact.submit("暂存并返回")
    contact.home()
    assert contact.todos == []


def agreement_drafted(secretary: Seat) -> None:
    """The agreement is drafted from the office's template, before the application goes in."""
    at("2026-03-02T10:00")
    secretary.home()
    secretary.open_todo(BASE, "填报")
    secretary.press("起草或关联协议")
    secretary.press("起草协议")
    assert secretary.state == "草拟"
    assert IP in secretary.tab("内容")
    secretary.press("填写协议文本")
    secretary.fill({"period": {"from": "2026-05-20", "to": "2031-05-19"}})
    secretary.submit("暂存并返回")
    assert "各项条件均已满足，可以送审" in secretary.text
    secretary.press(BASE)


def handed_in(secretary: Seat) -> None:
    """The application goes in complete: the version is locked and two opinions wait side by side."""
    assert secretary.primary == ["送审"]
    secretary.press("送审")
    assert (secretary.said, secretary.state) == ("已办理：送审。", "推荐中")
    assert "长期合作单位" in secretary.text
    assert not [label for label in secretary.moves if label.startswith("填写")]
    assert_clean(secretary.page)
    secretary.picture("xcu-06-handed-in")


def printed(job) -> None:
    """The final version: A4 with number, code and QR on each page, and the booklet on A3."""
    assert "待打印" in job.secretary.tab("盖章件")
    job.secretary.tab("打印与归档")
    job.final = job.secretary.fetch("PDF", beside=f"{FORM}（第1版）")
    booklet = job.secretary.fetch("打印预览", beside="A3中缝装订")
    pages = texts(job.final)
    assert (sizes(job.final), sizes(booklet)) == ({(210, 297)}, {(420, 297)})
    assert (len(pages), len(texts(booklet))) == (8, 4)
    code = pages[0].split("版本校验码：")[1].split("｜")[0]
    for number, page in enumerate(pages, 1):
        assert f"编号：SB-2026-0001｜版本校验码：{code}｜第{number}页共8页" in page
    for printed_text in (
        "附件1",
        FORM,
        BASE,
        "农业科学学院",
        "青岐市高原作物试验站",
        "2026年3月1日",
        "二〇二六年三月",
    ):
        assert printed_text in pages[0]
    assert samples.text(700) in pages[2]
    for number, words in (
        (3, "形成一套可推广的实践教学案例"),
        (4, "农业095124146"),
        (4, samples.text(480)[:60]),
        (5, "高原马铃薯、苦荞良种繁育与绿色防控"),
        (6, "近红外谷物分析仪NIR-1241（品质测定训练）2024年3月"),
        (7, "院长签章：公章年月日"),
    ):
        assert words in pages[number]
    assert "318000" not in whole(job.final)
    assert texts(booklet)[0].startswith(pages[7][:20]) and pages[0][:30] in texts(booklet)[0]  # last beside first


def opinions_with_stamped_pages(job) -> None:
    """Part V: the partner's opinion from the phone, the dean's entered from the signed page by the secretary."""
    at("2026-03-05T09:00")
    contact, secretary = job.contact, job.secretary
    contact.home()
    assert "盖负责人签章、单位公章，1份" in contact.todos[0]
    contact.open_todo(BASE)
    assert contact.primary == ["已看完，下一步"] and "合作单位意见" in contact.text
    contact.picture("xcu-07-partner-reads")
    contact.press("已看完，下一步")
    assert contact.primary == ["下载打印"] and "内设部门、科室的章不行" in contact.text
    assert whole(contact.fetch("下载打印")) == whole(job.final)
    assert_clean(contact.page)
    contact.page.set_viewport_size(NARROW)
    contact.picture("xcu-07-partner-seals")
    contact.press("已盖好章，去拍照上传")
    assert contact.primary == ["提交"] and "用手机拍照即可" in contact.text
    photos = [
        Upload(f"IMG_{number:04}.jpg", photo, "image/jpeg")
        for number, photo in enumerate(photographed(job.final, dpi=110), 1)
    ]
    contact.fill({"outcome": "positive", "opinion": "同意共建。", "scan": [photos[1], photos[0]]})
    contact.fill({"scan": photos[2:], "courier": "顺丰速运", "courier_number": "SF 1029 3847 56"})
    contact.page.get_by_label("后移：IMG_0002.jpg").click()
    names = contact.page.locator(".photo-list .photo-name").all_inner_texts()
    assert [name.split("（")[0] for name in names] == [f"{n}. IMG_{n:04}.jpg" for n in range(1, len(photos) + 1)]
    assert contact.page.locator(".photo-list canvas:visible").count() == len(photos)
    assert_clean(contact.page)
    contact.page.set_viewport_size(NARROW)
    contact.picture("xcu-07-partner-photos")
    assert contact.submit("提交") == "已办理：合作单位意见（附件1第五部分）。"
    assert f"IMG_0001（共{len(photos)}件）.pdf 待核对" in contact.text and "SF1029384756" in contact.text
    contact.picture("xcu-07-partner-sent")
    at("2026-03-05T11:00")
    secretary.home()
    secretary.open_todo("校内申报单位意见", "登记")
    secretary.press("办理")
    secretary.fill(
        {
            "outcome": "positive",
            "opinion": "材料属实，同意申报。",
            "decided_by": "吉克·拉则（院长）",
            "decided_on": "2026-03-04",
            "scan": paper("院长签章页.pdf"),
        }
    )
    secretary.submit()
    assert "农业科学学院 吉克·拉则（院长） 2026-03-04 游映雪登记 材料属实，同意申报。" in secretary.text


def scans_matched(office: Seat) -> None:
    """The named clerk compares scan and final version side by side: one is sent back, then both match."""
    at("2026-03-06T09:00")
    office.home()
    assert [todo for todo in office.todos if "盖章件核对" in todo] == office.todos and len(office.todos) == 2
    office._go(office.page.locator("section[aria-labelledby=todo-title] .acts a").first)
    office.page.locator("[data-keys]").check()
    for number, seal in enumerate(("负责人签章、单位公章", "院长签章、单位公章"), 1):
        assert f"第1件，共{3 - number}件" in office.text
        assert "每页页脚的版本校验码为" in office.text and f"所盖印章为：{seal}" in office.text
        assert ("SF1029384756" in office.text) == ("扫描件与定稿不符" not in office.text) == (number == 1)
        office.picture(f"xcu-08-match-{number}")
        if number == 2:  # a scan with fewer pages than the paper: the reason is asked for
            office.page.get_by_label("认定一致的理由").fill("签章页单独扫描，其余各页已当面核对。")
        office.page.get_by_label("原件存放处").fill("档案柜3")
        office.page.locator("h1").click()
        for key in "1234":
            office.page.keyboard.press(key)
        assert office.page.locator(".checks input:checked").count() == 4
        with office.page.expect_navigation(wait_until="load"):
            office.page.keyboard.press("y")
        assert office.said == "已办理：核对盖章件。"
    assert "没有待核对的盖章件" in office.text
    office.goto(Application.objects.get().get_absolute_url())
    assert office.state == "评审中"
    assert office.tab("盖章件").count("一致 查看") == 2
    assert "苏半夏" in office.tab("办理记录")
