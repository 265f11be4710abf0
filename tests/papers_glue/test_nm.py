"""NM's papers as the portal hands them out: application with its tables, six aspects, lists, letters, certificate."""

from __future__ import annotations

import pytest

from bases.models import Recognition
from core import clock
from tests.papers_glue.reading import fetched, letter, offers, papers_of, printed, sheet, texts, whole
from tests.scenarios import house
from tests.scenarios.house import done, fresh, refused, sent, unchanged

pytestmark = pytest.mark.django_db
FORM = "内蒙古自治区研究生联合培养基地申请书"
TABLE = "研究生联合培养基地推荐汇总表"


@pytest.fixture
def region():
    with clock.travel("2027-03-01T09:00"):
        return house.nm_region()


@pytest.fixture
def call(region):
    with clock.travel("2027-03-01T09:00"):
        return house.open_nm_call(region)


@pytest.fixture
def submitted(region, call):
    with clock.travel("2027-03-01T09:00"):
        application = house.nm_draft(region, call)
        done(region.secretary.do(application, "submit"))
    return fresh(application)


@pytest.mark.clause("NM-8.1")
def test_without_the_input_table_nothing_is_handed_in_and_the_tables_go_out_as_spreadsheets(region, call):
    """Form, agreement, input table, student list, other proof; the two tables also as .xlsx with their figures."""
    with clock.travel("2027-03-01T09:00"):
        bare = house.nm_draft(region, call, name="缺表基地", investments=None)
        with unchanged(bare):
            refused(region.secretary.do(bare, "submit"), "投入情况汇总表", clause="NM-8.1")
        bare = house.nm_draft(region, call, name="缺名单基地", trained_students=None)
        refused(region.secretary.do(bare, "submit"), clause="NM-8.1")
        bare = house.nm_draft(region, call, name="缺协议基地", agreement_file=None)
        refused(region.secretary.do(bare, "submit"), clause="NM-8.1")
        application = house.nm_draft(region, call)
        inputs = sheet(printed(region.secretary, application, "投入情况汇总表"))
        students = sheet(printed(region.secretary, application, "培养研究生名单"))
        done(region.secretary.do(application, "submit"))
        assert sheet(printed(region.office, application, "投入情况汇总表")) == inputs
        pages = texts(printed(region.secretary, application, f"{FORM}（第1版）"))
    assert ["序号", "投入方", "投入类型", "金额（元）", "说明"] in inputs
    assert [1, "研究生培养单位", "经费", 600000, "实践经费"] in inputs
    assert [2, "合作单位", "设备", 120000, "仪器折算"] in inputs
    assert any("合计：720,000.00" in str(row[0]) for row in inputs)
    assert [5, "学生5", "2024G095105", "0951", "2025年3月10日至2026年1月20日"] in students
    assert "附表1投入情况汇总表" in pages[-3] and "720,000.00" in pages[-3]
    assert "附表2培养研究生名单" in pages[-2] and "2024G095105" in pages[-2]
    assert "佐证材料目录1.已签署的联合培养协议：agreement_file.pdf" in pages[-2]
    assert "合作单位意见：负责人签字：公章年月日研究生培养单位推荐意见：" in pages[-1]


def test_the_form_names_the_unit_and_leaves_the_block_empty(region, submitted):
    with clock.travel("2027-03-01T10:00"):
        pages = texts(printed(region.secretary, submitted, f"{FORM}（第1版）"))
    for said in ("岚江大学农业学院1", "申报日期：2027年3月1日", "合作单位：高原作物试验站", "农业"):
        assert said in pages[0], said
    assert "研究生培养单位推荐意见：负责人签字：公章年月日" in pages[-1]


def test_a_stamp_that_no_step_wants_back_is_not_waited_for(region, submitted):
    """NM asks for no scan of its application form: neither list nor page say that something is still to come."""
    with clock.travel("2027-03-01T10:00"):
        for place in ("/applications/", submitted.get_absolute_url()):
            page = house.text_of(region.secretary.get(place))
            assert "待打印" not in page
        assert "无需回传" in page and "研究生培养单位公章" in page


def test_the_sheet_of_six_aspects_and_the_edition_with_the_recommendation(region, submitted):
    with clock.travel("2027-05-06T09:00"):
        blank = whole(printed(region.office, submitted, "内部审核意见表（六方面）（空白表）"))
        assert "符合" not in blank and "作物试验站" not in blank
        step = fresh(submitted).steps().get(key="six_aspects")
        asked = house.text_of(region.office.get(f"{submitted.get_absolute_url()}do/act_on_step/", step=step.pk))
        assert "同意推荐" in asked and "不予推荐" in asked
        done(region.office.step(submitted, "six_aspects", house.SIX_ASPECTS))
        told = house.text_of(region.office.page(submitted))
        assert "同意推荐" in told and "由温以宁登记" not in told  # nobody registers for oneself
        content = printed(region.office, submitted, "内部审核意见表（六方面）（第1版）")
        (page,) = texts(content)
        last = texts(printed(region.office, submitted, f"{FORM}（含办理意见）"))[-1]
    for mark, times in (("符合", 3), ("充分", 1), ("良好", 1), ("明显", 1)):
        assert page.count(f"情况属实。{mark}") == times, mark
    assert "基地名称：作物试验站基地" in page and "本校农业硕士点一个" in page and "同意推荐。" in page
    assert "研究生培养单位推荐意见：同意推荐。平台办理记录：温以宁岚江大学2027年5月6日" in last
    assert [(one.kind, one.version) for one in papers_of(submitted)] == [
        ("application", 1),
        ("six_aspects", 1),
        ("application_recorded", 1),
    ]


@pytest.fixture
def listed(region, call, submitted):
    with clock.travel("2027-05-06T09:00"):
        done(region.office.step(submitted, "six_aspects", house.SIX_ASPECTS))
        case_list = house.recommended_list(region, call)
        done(region.office.do(case_list, "add_member", {"case": f"application-{submitted.pk}", "rank": "1"}))
    return case_list


def test_the_recommended_list_draft_final_sheet_and_letters(region, listed, submitted):
    heading = f"岚江大学2027年度{TABLE}"
    with clock.travel("2027-05-06T10:00"):
        draft = whole(printed(region.office, listed, f"{TABLE}（草稿）"))
        assert heading in draft and "草稿（不得用印）" in draft and papers_of(listed) == []
        text, rows = letter(printed(region.office, listed, "关于岚江大学2027年度推荐名单的公示"))
        assert "代拟稿" in text and "　　年　　月　　日至" in text
        assert rows[1] == ["1", "作物试验站基地", "岚江大学", "高原作物试验站", "农业"]
    with clock.travel("2027-05-10T09:00"):
        done(region.office.do(listed, "publicise", house.notice_answers("2027-05-10")))
        text, rows = letter(printed(region.office, fresh(listed).notice(), "关于岚江大学2027年度推荐名单的公示"))
        assert "公示期为2027年5月10日至2027年5月17日，共5个工作日。" in text
        assert "温以宁" in text and "0471-0000001" in text and "程望舒" not in text + str(rows)
    with clock.travel("2027-05-20T09:00"):
        done(region.office.do(listed, "send"))
        (paper,) = papers_of(listed)
        (page,) = texts(printed(region.officer, listed, f"{TABLE}（第1版）"))
        assert heading in page and "1作物试验站基地农业0951岚江大学高原作物试验站程望舒1" in page
        assert f"编号：{listed.number}｜版本校验码：{paper.code}" in page and "草稿" not in page
        assert f"{TABLE}（草稿）" not in offers(region.officer, listed)
        table = sheet(printed(region.officer, listed, TABLE))
        assert [
            1,
            "作物试验站基地",
            "农业",
            "0951",
            "岚江大学",
            "高原作物试验站",
            "程望舒",
            "1",
            None,
        ] in table
        text, _rows = letter(printed(region.office, listed, "关于报送"))
        assert "岚江省教育厅：" in text and "并于2027年5月10日至2027年5月17日进行了公示" in text
        notice = fresh(listed).notice()
        said = whole(printed(region.office, notice, "公示情况说明"))
        assert "公示期间未收到异议。" in said and "5个工作日" in said
        assert list(offers(region.office, notice)) == ["公示情况说明（第1版）", notice.title]
        for stranger in (region.other_office, region.contact):
            for path in ("draft.pdf", "prints/table.xlsx", "prints/letter.docx"):
                assert stranger.client.get(f"/cases/list/{listed.pk}/{path}").status_code == 404


def test_objections_are_told_without_names(region, listed):
    with clock.travel("2027-05-10T09:00"):
        done(region.office.do(listed, "publicise", house.notice_answers("2027-05-10")))
        notice = fresh(listed).notice()
        done(
            region.office.do(
                notice,
                "register_objection",
                {"channel": "phone", "name": "路人甲", "contact": "13900000000", "text": "数据有误。"},
            )
        )
        objection = notice.objections.get()
        done(
            region.office.do(
                notice,
                "resolve_objection",
                {"objection": str(objection.pk), "outcome": "dismissed", "resolution": "经核查数据无误。"},
            )
        )
    with clock.travel("2027-05-20T09:00"):
        done(region.office.do(listed, "send"))
        said = whole(printed(region.office, notice, "公示情况说明"))
    assert f"收到异议1件，均已核查处理：{objection.number}，2027年5月10日办结，异议不成立。" in said
    assert "路人甲" not in said and "13900000000" not in said


def test_the_department_s_list_document_and_certificate(region, call, listed, submitted):
    with clock.travel("2027-05-10T09:00"):
        done(region.office.do(listed, "publicise", house.notice_answers("2027-05-10")))
    with clock.travel("2027-05-20T09:00"):
        done(region.office.do(listed, "send"))
    expert = house.expert(region.department, "钟离靖")
    with clock.travel("2027-06-10T09:00"):
        done(
            region.officer.do(
                submitted,
                "assign_expert",
                {"expert": str(expert.membership.pk), "closes_on": "2027-07-05"},
                step="expert_review",
            )
        )
        assignment = fresh(submitted).steps().get(key="expert_review").assignments.get()
        done(expert.do(submitted, "promise", house.PROMISE, step=assignment.pk))
        done(expert.do(submitted, "give_opinion", house.OPINION, step=assignment.pk))
        own = whole(printed(region.officer, submitted, "专家评审意见表（已提交）"))
        assert "评审专家：钟离靖（沧野理工大学）" in own and "建议列入初步名单" in own and "专家签字：" in own
        base = f"/cases/application/{submitted.pk}/prints/opinions_expert_review.pdf"
        for other in (region.office, region.secretary, region.leader, expert):
            assert other.client.get(base).status_code == 404
        done(region.officer.step(submitted, "expert_review", {"opinion": "专家一致同意。"}))
    with clock.travel("2027-07-05T09:00"):
        preliminary = house.department_list(region, call, "preliminary")
        done(region.officer.do(preliminary, "add_member", {"case": f"application-{submitted.pk}"}))
        done(region.officer.do(preliminary, "fix_list"))
        assert "基地建设初步名单" in whole(
            printed(region.officer, preliminary, "研究生联合培养基地建设初步名单（第1版）")
        )
    with clock.travel("2027-07-20T09:00"):
        done(
            region.officer.step(
                submitted,
                "deliberation",
                {**house.meeting("厅党组会", "2027年第8次", "2027-07-18"), **house.DELIBERATION},
            )
        )
        final = house.department_list(region, call, "recognition")
        done(region.officer.do(final, "add_member", {"case": f"application-{submitted.pk}"}))
        done(region.officer.do(final, "publicise", house.notice_answers("2027-07-21")))
        text, rows = letter(printed(region.officer, final, "关于公布"))
        assert "基地建设期为3年，自本文公布之日起计算。" in text and rows[1][1] == "作物试验站基地"
    with clock.travel("2027-09-12T09:00"):
        done(
            region.officer.do(
                final,
                "publish",
                {"number": "岚教研函〔2027〕18号", "published_on": "2027-09-10", "file": [sent("文件.pdf")]},
            )
        )
        recognition = Recognition.objects.get()
        (page,) = texts(printed(region.secretary, recognition, "研究生联合培养基地证书"))
        for said in (
            "内蒙古自治区研究生联合培养基地",
            "作物试验站基地",
            f"基地编号：{recognition.base.number}",
            "岚教研函〔2027〕18号",
            "建设期：2027年9月10日至2030年9月9日",
            "认定由岚江大学与",
            "共建的上述基地为内蒙古自治区研究生联合培养基地。",
            "岚江省教育厅",
            "二〇二七年九月十日",
        ):
            assert said in page, said
        opinions = texts(printed(region.office, submitted, f"{FORM}（含办理意见）"))[-1]
        assert "同意推荐。" in opinions


def test_a_list_without_the_public_s_days_prints_its_draft_only_to_its_unit(region, listed):
    with clock.travel("2027-05-06T11:00"):
        address = offers(region.office, listed)[f"{TABLE}（草稿）"]
        assert fetched(region.office, address).startswith(b"%PDF-")
        assert region.officer.client.get(address).status_code == 404
