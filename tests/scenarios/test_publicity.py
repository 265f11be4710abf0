"""Publicity: a draft with a preview, who is named with what, proof from the official website, objections by every way, their
papers; the public reads no personal data."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pypdf import PdfReader

from casework.lists import drafting
from casework.models import NoticeProof
from core import clock
from tests.papers_glue.reading import letter, offers, papers_of, printed, whole
from tests.scenarios import house
from tests.scenarios.house import Person, done, fresh, main_of, refused, sent, text_of, unchanged
from tests.scenarios.test_s05 import code, reviewed
from tests.tenants import factories

pytestmark = pytest.mark.django_db
NUMBER = "150102199001011234"


def picture(name: str = "官网.png") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (640, 400), "white").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue())


@pytest.fixture
def region():
    return house.nm_region()


@pytest.fixture
def listed(region):
    """A recommended list with one application, not posted yet."""
    with clock.travel("2027-05-06T09:00"):
        call = house.open_nm_call(region)
        application = reviewed(region, call, "甲基地")
        case_list = house.recommended_list(region, call)
        done(region.office.do(case_list, "add_member", {"case": code(application), "note": "负责人白露"}))
    return case_list


@pytest.fixture
def notice(region, listed):
    with clock.travel("2027-05-10T09:00"):
        done(
            region.office.do(
                listed, "publicise", house.notice_answers("2027-05-10", web_address="www.lanjiang.edu.cn/a.htm")
            )
        )
    return fresh(listed).notice()


def public(notice):
    """The notice as somebody without an account reads it."""
    return Client().get(f"/public/notices/{notice.slug}/")


# --- drafting ------------------------------------------------------------------------------------------------------


def test_the_form_starts_with_what_is_known(region, listed):
    """Today, the text, who takes objections: of the unit's own notice before, else as its data say."""
    with clock.travel("2027-05-10T09:00"):
        page = region.office.get(f"{listed.get_absolute_url()}do/publicise/")
        shown = [field for section in page.context["page"].form.sections for field in section.fields]
        first = {field.spec.key: field.value for field in shown}
        assert first["opens_on"] == "2027-05-10" and "共1项" in first["body"]
        assert first["named"] == ["university", "partner", "category_name"]
        assert first["address"] == region.university.address
        given = house.notice_answers(
            "2027-05-10", contact="温以宁", phone="0471-2233", email="a@b.cn", address="一号楼"
        )
        done(region.office.do(listed, "publicise", given))
        again = drafting.first_notice(fresh(listed))
    assert [again[key] for key in ("contact", "phone", "email", "address")] == [
        "温以宁",
        "0471-2233",
        "a@b.cn",
        "一号楼",
    ]


def test_a_preview_shows_the_public_page_and_keeps_nothing(region, listed):
    address = f"/lists/{listed.pk}/preview/"
    with clock.travel("2027-05-10T09:00"):
        page = region.office.get(f"{listed.get_absolute_url()}do/publicise/")
        assert address in text_of(page)
        given = house.encoded(house.notice_answers("2027-05-10", body="现将名单公示。", named=["partner"]))
        before = fresh(listed).version
        shown = region.office.client.post(address, given)
        assert shown.status_code == 200 and fresh(listed).version == before
        said = text_of(shown)
        assert "现将名单公示。" in said and "预览，未发布" in said and "甲基地" in said and "合作单位" in said
        assert fresh(listed).notice() is None
        assert region.office.client.post(address, given | {"f-opens_on": ""}).status_code == 422
        assert region.office.client.post(address, given | {"f-body": f"身份证{NUMBER}"}).status_code == 422
        auditor = Person(factories.member(region.university, "auditor", factories.user("审计员")))
        assert auditor.client.post(address, given).status_code == 403
        assert region.leader.client.post(address, given).status_code == 404
        assert region.secretary.client.post(address, given).status_code == 404
        assert region.office.client.get(address).status_code == 405


def test_the_public_reads_what_was_chosen_and_nobody_s_data(region, listed, notice):
    with clock.travel("2027-05-11T09:00"):
        said = text_of(public(notice))
        assert "甲基地" in said and "申报单位" in said and "岚江大学" in said and "专业学位类别" in said
        assert "白露" not in said and "备注" not in said
        text, rows = letter(printed(region.office, notice, notice.title))
        assert rows[0] == ["序号", "基地名称", "申报单位", "合作单位", "专业学位类别"] and rows[1][1] == "甲基地"


def test_what_was_posted_stays_as_it_was_posted(region, listed, notice):
    """A unit that is called otherwise later does not change what the public could object to."""
    region.university.name = "改名大学"
    region.university.save()
    with clock.travel("2027-05-11T09:00"):
        table = main_of(public(notice))
    assert "岚江大学" in table


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"body": f"负责人身份证{NUMBER}。"}, "身份证号码（150…34）"),
        ({"body": "联系负责人13812345678。"}, "手机号码（138…78）"),
        ({"web_address": "学校官网"}, "不是网址"),
        ({"web_address": "javascript:alert(1)"}, "不是网址"),
    ],
)
def test_numbers_of_persons_and_what_is_no_address_are_not_posted(region, listed, answers, said):
    with clock.travel("2027-05-10T09:00"), unchanged(listed):
        refused(region.office.do(listed, "publicise", house.notice_answers("2027-05-10", **answers)), said)


def test_the_telephone_for_objections_may_be_a_mobile_and_stand_in_the_text(region, listed):
    with clock.travel("2027-05-10T09:00"):
        given = house.notice_answers("2027-05-10", phone="13812345678", body="有异议请拨打13812345678。")
        done(region.office.do(listed, "publicise", given))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("www.lanjiang.edu.cn/a.htm", "http://www.lanjiang.edu.cn/a.htm"),
        ("https://www.lanjiang.edu.cn/a.htm", "https://www.lanjiang.edu.cn/a.htm"),
        ("www.lanjiang.edu.cn:8080/a.htm", "http://www.lanjiang.edu.cn:8080/a.htm"),
        ("ｗｗｗ。lanjiang。edu。cn", "http://www.lanjiang.edu.cn"),
    ],
)
def test_an_address_without_its_scheme_is_completed(region, listed, typed, kept):
    with clock.travel("2027-05-10T09:00"):
        done(region.office.do(listed, "publicise", house.notice_answers("2027-05-10", web_address=typed)))
        notice = fresh(listed).notice()
        assert notice.web_address == kept
        assert f'href="{kept}"' in public(notice).content.decode()


# --- proof -----------------------------------------------------------------------------------------------------------


def proof(moment: str, day: str, **more) -> dict:
    return {
        "moment": moment,
        "seen_on": day,
        "site": "学校官网通知公告",
        "address": "www.lanjiang.edu.cn/info/1.htm",
        "picture": [picture("列表.png"), picture("正文.png")],
        **more,
    }


def images(content: bytes) -> int:
    return sum(len(page.images) for page in PdfReader(io.BytesIO(content)).pages)


def test_screenshots_of_the_official_page_are_in_the_statement(region, listed, notice):
    with clock.travel("2027-05-10T10:00"):
        assert "公示凭证不齐" in text_of(region.office.page(notice))
        refused(region.office.do(notice, "add_proof", proof("end", "2027-05-10")), "不是期满截图")
        refused(region.office.do(notice, "add_proof", proof("start", "2027-05-11")), "晚于今天")
        refused(region.office.do(notice, "add_proof", proof("start", "2027-05-10", picture=[sent("图.pdf")])))
        refused(region.office.do(notice, "add_proof", proof("start", "2027-05-10", address="官网")), "不是网址")
        assert not NoticeProof.objects.exists()
        done(region.office.do(notice, "add_proof", proof("start", "2027-05-10")))
        assert "公示凭证不齐" not in text_of(region.office.page(notice))
    with clock.travel("2027-05-20T09:00"):
        done(region.office.do(notice, "close"))
        first = printed(region.office, fresh(notice), "公示情况说明")
        assert images(first) == 2
        done(region.office.do(notice, "add_proof", proof("end", "2027-05-20", picture=[picture()])))
        statement = printed(region.office, fresh(notice), "公示情况说明")
        said = whole(statement)
        assert images(statement) == 3
    for words in (
        "公示网址学校官网通知公告：http://www.lanjiang.edu.cn/info/1.htm",
        f"/public/notices/{notice.slug}/",
        "附：公示网页截图",
        "公示开始截图（2027年5月10日，学校官网通知公告）",
        "公示期满截图（2027年5月20日，学校官网通知公告）",
    ):
        assert words in said, said
    old, new = papers_of(notice, "notice_result")
    assert old.voided_at and new.version == 2


def test_a_wrong_screenshot_is_made_void_and_not_deleted(region, listed, notice):
    with clock.travel("2027-05-10T10:00"):
        done(region.office.do(notice, "add_proof", proof("start", "2027-05-10", picture=[picture()])))
        row = NoticeProof.objects.get()
        done(region.office.do(notice, "void_proof", {"proof": str(row.pk), "reason": "截错了网页"}))
        row.refresh_from_db()
        assert row.void_reason == "截错了网页"
        assert "公示凭证不齐" in text_of(region.office.page(notice))
    with clock.travel("2027-05-20T09:00"):
        done(region.office.do(notice, "close"))
        assert "网页截图" not in whole(printed(region.office, fresh(notice), "公示情况说明"))


# --- objections ------------------------------------------------------------------------------------------------------

RAISED = {"channel": "letter", "name": "何某某", "contact": "0471-1234567", "text": "甲基地材料不实。"}


def test_a_letter_that_came_in_time_is_entered_after_the_last_day(region, listed, notice):
    last = notice.closes_on.isoformat()
    with clock.travel(f"{last}T10:00"):
        tomorrow = {**RAISED, "received_on": "2027-05-30"}
        refused(region.office.do(notice, "register_objection", tomorrow), "晚于今天")
        refused(
            region.office.do(notice, "register_objection", {**RAISED, "received_on": "2027-05-09"}), "早于公示开始日"
        )
    with clock.travel("2027-05-18T09:00"):
        assert notice.closes_on < clock.today()
        done(
            region.office.do(notice, "register_objection", {**RAISED, "received_on": last, "file": [sent("来信.pdf")]})
        )
        row = notice.objections.get()
        assert (row.came_on, row.document.name) == (notice.closes_on, "来信.pdf")
        assert "公示期外" not in main_of(region.office.page(notice))


def test_the_papers_of_an_objection_are_for_whoever_deals_with_it(region, listed, notice):
    other = Person(factories.member(region.university, "auditor", factories.user("审计员")))
    with clock.travel("2027-05-11T09:00"):
        done(region.office.do(notice, "register_objection", RAISED))
        row = notice.objections.get()
        entry = whole(printed(region.office, notice, f"异议受理登记表（{row.number}）"))
        assert "何某某" in entry and "0471-1234567" in entry and "甲基地材料不实。" in entry and "来信" in entry
        assert not [title for title in offers(region.office, notice) if title.startswith(("异议核查", "异议答复"))]
        settled = {"objection": str(row.pk), "outcome": "dismissed", "resolution": "经核查，材料属实。"}
        done(region.office.do(notice, "resolve_objection", settled))
        found = whole(printed(region.office, notice, f"异议核查处理意见（{row.number}）"))
        assert "经核查，材料属实。" in found and "异议不成立" in found and "2027年5月11日" in found
        text, _rows = letter(printed(region.office, notice, f"异议答复函（{row.number}）"))
        assert "何某某" in text and "经核查，材料属实。" in text and row.number in text
        assert not [title for title in offers(other, notice) if "异议" in title]
        address = f"{notice.get_absolute_url()}prints/objection_entry_{row.pk}.pdf"
        assert other.client.get(address).status_code == 404
        assert not papers_of(notice)  # the notice's own list of papers names nobody
