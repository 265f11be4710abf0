"""S19: XCU's Annex 1 over HTTP with the clock set: every bound from both sides, warnings, priority tags, the paper."""

import copy
import io

import pytest
from pypdf import PdfReader

from applications.models import Application
from applications.services.starting import start_application
from core import clock
from core.door import Forbidden
from core.forms.store import load
from core.models import Paper, TransitionLog
from tenants.models import Organisation
from tests.profiles import samples
from tests.scenarios import house
from tests.scenarios.house import done, fresh, refused, sent, text_of, unchanged

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ON = "2026-03-01T10:00"


@pytest.fixture
def school():
    with clock.travel("2026-03-01T08:00"):
        return house.xcu_school()


@pytest.fixture
def call(school):
    with clock.travel("2026-03-01T08:00"):
        return house.open_xcu_call(school)


def draft(school, call, **changes) -> Application:
    return house.xcu_draft(school, call, agreement=False, **changes)


def both_sides(school, call, clause: str, bad: dict, good: dict) -> Application:
    """With the bad answers the submission is refused, names the clause and changes nothing; with the good it passes."""
    with clock.travel(ON):
        application = draft(school, call, **bad)
        with unchanged(application):
            refused(school.secretary.do(application, "submit"), clause=clause)
        house.fill_annex1(school, application, **good)
        done(school.secretary.do(application, "submit"))
        assert fresh(application).state == "recommending"
        return fresh(application)


def cell(table: str, column: str, value, row: int = 0) -> dict:
    """The sample's table with one cell changed, as a change of the answers."""
    rows = copy.deepcopy(samples.ANNEX1[table])
    rows[row][column] = value
    return {table: rows}


def without_tick(checklist: str, item: str) -> dict:
    return {checklist: {code: given for code, given in samples.ANNEX1[checklist].items() if code != item}}


# --- 1-4: figures and texts -----------------------------------------------------------------------------------------


@pytest.mark.clause("XCU-A1.I")
def test_the_analysis_has_500_characters(school, call):
    application = both_sides(
        school, call, "XCU-A1.I", {"necessity": samples.text(499)}, {"necessity": samples.text(500)}
    )
    assert len(load(application, "annex1").answers["necessity"]) == 500


@pytest.mark.clause("XCU-A1.II.16")
def test_the_results_have_at_most_500_characters(school, call):
    both_sides(
        school,
        call,
        "XCU-A1.II.16",
        {"collab_results": samples.text(501)},
        {"collab_results": samples.text(500)},
    )


@pytest.mark.clause("XCU-A1.IV.4")
def test_equipment_costs_100000_yuan_or_more(school, call):
    application = both_sides(
        school, call, "XCU-A1.IV.4", cell("equipment", "unit_price", "99999"), cell("equipment", "unit_price", "100000")
    )
    assert load(application, "annex1").answers["equipment"][0]["unit_price"] == "100000"


@pytest.mark.clause("XCU-A1.IV.3")
def test_equipment_is_not_bought_after_the_application(school, call):
    both_sides(
        school,
        call,
        "XCU-A1.IV.3",
        cell("equipment", "acquired_on", "2026-04"),
        cell("equipment", "acquired_on", "2026-03"),
    )


@pytest.mark.clause("XCU-A1.III.8")
def test_senior_staff_within_the_total(school, call):
    both_sides(school, call, "XCU-A1.III.8", {"staff_senior": 59}, {"staff_senior": 58})


@pytest.mark.clause("XCU-A1.III.9")
def test_doctors_within_the_total(school, call):
    both_sides(school, call, "XCU-A1.III.9", {"staff_phd": 59}, {"staff_phd": 58})


@pytest.mark.clause("XCU-A1.III.11")
def test_condition_six_is_answered(school, call):
    both_sides(school, call, "XCU-A1.III.11", {"cond_5_6": ""}, {"cond_5_6": "三项制度均已制定。"})


@pytest.mark.clause("XCU-A1.C2")
def test_the_applicant_is_a_college(school, call):
    both_sides(school, call, "XCU-A1.C2", {"applicant": str(school.partner.pk)}, {"applicant": str(school.college.pk)})


# --- Articles 5 and 7 -----------------------------------------------------------------------------------------------


@pytest.mark.clause("XCU-5.0")
def test_the_partner_is_an_independent_legal_person(school, call):
    """A branch is refused; so is a unit that has not said; a legal person passes."""
    partner = Organisation.objects.filter(pk=school.partner.pk)
    with clock.travel(ON):
        application = draft(school, call)
        for stated in (False, None):
            partner.update(legal_person=stated)
            with unchanged(application):
                refused(school.secretary.do(application, "submit"), clause="XCU-5.0")
        partner.update(legal_person=True)
        done(school.secretary.do(application, "submit"))


def test_the_credit_code_is_the_partners_own(school, call):
    """Another unit's valid code passed (faults W9): it is compared with what the partner's data say, and prefilled."""
    own, other = "12990300DEMP000334", "91990200DEMP00025Y"
    with clock.travel(ON):
        application = draft(school, call)
        Organisation.objects.filter(pk=school.partner.pk).update(uscc=other)
        with unchanged(application):
            answer = school.secretary.do(application, "submit")
            refused(answer, clause="XCU-5.0")
            assert f"申报书所填统一社会信用代码为{own}，与合作单位登记的{other}不一致" in text_of(answer)
        Organisation.objects.filter(pk=school.partner.pk).update(uscc=own)
        done(school.secretary.do(application, "submit"))


def test_what_the_partner_has_said_once_stands_in_its_part_of_the_form(school, call):
    with clock.travel(ON):
        application = start_application(school.secretary.membership, call, title="试验站基地")
        done(school.secretary.fill(application, "annex1", house.annex1_answers(school)))
        Organisation.objects.filter(pk=school.partner.pk).update(uscc="12990300DEMP000334", address="青岐市试验站路1号")
        page = text_of(school.contact.client.get(f"{application.get_absolute_url()}forms/annex1/"))
    for known in ("12990300DEMP000334", "青岐市试验站路1号", school.partner.name):
        assert f'value="{known}"' in page


def test_handing_in_without_a_draft_agreement_is_said_and_not_refused(school, call):
    """No word of it was heard before the experts could not be invited (faults W10)."""
    said = "尚未与合作单位协商草拟协议书"
    with clock.travel(ON):
        without, whole = draft(school, call), house.xcu_draft(school, call)
        assert said in text_of(school.secretary.client.get(without.get_absolute_url()))
        assert said not in text_of(school.secretary.client.get(whole.get_absolute_url()))
        done(school.secretary.do(without, "submit"))


@pytest.mark.clause("XCU-5.1")
def test_will_to_train_jointly(school, call):
    both_sides(school, call, "XCU-5.1", {"will": False}, {"will": True})


@pytest.mark.parametrize(
    ("key", "clause"),
    [
        pytest.param("will", "XCU-5.1", marks=pytest.mark.clause("XCU-5.1")),
        pytest.param("long_term_will", "XCU-5.4", marks=pytest.mark.clause("XCU-5.4")),
    ],
)
def test_a_denied_will_is_no_will(school, call, key, clause):
    """Said "no" in so many words (as the page's own saving sends it), not merely left blank."""
    with clock.travel(ON):
        application = draft(school, call)
        row = load(application, "annex1")
        denied = {"answers": {**row.answers, key: False}, "revision": row.revision}
        url = f"{application.get_absolute_url()}forms/annex1/autosave/"
        assert school.contact.client.post(url, denied, content_type="application/json").status_code == 200
        assert load(application, "annex1").answers[key] is False
        with unchanged(application):
            refused(school.secretary.do(application, "submit"), clause=clause)


@pytest.mark.clause("XCU-5.2")
@pytest.mark.parametrize("good", ["projects", "research", "transfer"])
def test_projects_or_conditions_for_transfer(school, call, good):
    """Neither project nor topic nor transfer condition is refused; any one of them will do."""
    both_sides(school, call, "XCU-5.2", {"practice_basis": []}, {"practice_basis": [good]})


@pytest.mark.clause("XCU-5.2")
def test_methods_of_guidance(school, call):
    both_sides(school, call, "XCU-5.2", {"methods": []}, {"methods": ["case_analysis"]})


@pytest.mark.clause("XCU-5.3")
def test_somebody_has_a_senior_title(school, call):
    both_sides(
        school, call, "XCU-5.3", cell("senior_staff", "rank", "other"), cell("senior_staff", "rank", "associate_senior")
    )


@pytest.mark.clause("XCU-5.4")
@pytest.mark.parametrize(
    ("bad", "good"),
    [
        ({"joint_potential": ""}, {"joint_potential": "联合申报省级重点研发项目"}),
        ({"long_term_will": False}, {"long_term_will": True}),
        ({"cond_5_4": ""}, {"cond_5_4": "设有科研管理科，三年规划已列入联合培养。"}),
    ],
)
def test_organisation_will_and_potential(school, call, bad, good):
    clause = "XCU-A1.III.11" if "cond_5_4" in bad else "XCU-5.4"  # Part III asks for the level of organisation
    both_sides(school, call, clause, bad, good)


@pytest.mark.clause("XCU-5.5")
@pytest.mark.parametrize("item", ["labour", "health", "safety", "study", "work", "living"])
def test_guarantees_and_conditions(school, call, item):
    both_sides(school, call, "XCU-5.5", without_tick("guarantees", item), {"guarantees": samples.ANNEX1["guarantees"]})


@pytest.mark.clause("XCU-5.6")
@pytest.mark.parametrize("item", ["instructors", "students", "consultation"])
def test_three_rule_sets(school, call, item):
    both_sides(
        school,
        call,
        "XCU-5.6",
        without_tick("practice_rules", item),
        {"practice_rules": samples.ANNEX1["practice_rules"]},
    )


@pytest.mark.clause("XCU-5.7")
def test_steady_funds(school, call):
    both_sides(school, call, "XCU-5.7", {"fund_source": " "}, {"fund_source": "财政事业经费"})


@pytest.mark.clause("XCU-7.1a")
@pytest.mark.parametrize("topic", ["construction_content", "construction_basis", "expected_goals", "hallmark_results"])
def test_the_four_topics_are_argued(school, call, topic):
    both_sides(school, call, "XCU-7.1a", {topic: ""}, {topic: samples.ANNEX1[topic]})


@pytest.mark.clause("XCU-7.1b")
def test_proof_of_the_existing_basis(school, call):
    both_sides(school, call, "XCU-7.1b", {"basis_evidence": None}, {"basis_evidence": [sent("依据.pdf")]})


@pytest.mark.clause("XCU-4b")
def test_a_base_has_its_college(school, call):
    """Only a college applies: for the graduate office there is no application to begin, and none without a college."""
    with clock.travel(ON):
        with pytest.raises(Forbidden):
            start_application(school.office.membership, call, title="直属基地")
        application = draft(school, call)
        Application.objects.filter(pk=application.pk).update(college=None)
        assert school.secretary.do(application, "submit").status_code == 404
        Application.objects.filter(pk=application.pk).update(college=school.college)
        done(school.secretary.do(application, "submit"))
    assert fresh(application).college == school.college


# --- 5: catalogue and window ----------------------------------------------------------------------------------------


@pytest.mark.clause("XCU-A1.N1", "XCU-A1.II.2")
def test_a_code_with_a_wrong_name(school, call):
    both_sides(school, call, "XCU-A1.II.2", cell("disciplines", "name", "林业"), cell("disciplines", "name", "农业"))


@pytest.mark.clause("XCU-A1.N1")
def test_a_discipline_outside_the_catalogue_needs_the_graduate_office(school, call):
    """A first-level discipline is "in principle" outside: the graduate office lets it pass with its reason."""
    outside = [{"name": "作物学", "code": "0901", "mentors": 24, "enrol_3y": 146}]
    with clock.travel(ON):
        application = draft(school, call, disciplines=outside)
        with unchanged(application):
            refused(school.secretary.do(application, "submit"), clause="XCU-A1.N1")
        override = house.asked_for(school.secretary, application, "catalogue", "依托作物学一级学科申报，确有需要。")
        assert school.secretary.do(override, "grant", {"reason": "同意。"}).status_code in (403, 404)
        with unchanged(application):
            refused(school.secretary.do(application, "submit"), clause="XCU-A1.N1")
        done(school.office.do(override, "grant", {"reason": "一级学科点，同意。"}))
        done(school.secretary.do(application, "submit"))
    assert fresh(override).decided_by == "苏半夏"


@pytest.mark.clause("XCU-A1.N4")
@pytest.mark.parametrize(
    ("day", "warned"),
    [("2022-12-31", True), ("2023-01-01", False), ("2025-12-31", False), ("2026-01-01", True)],
)
def test_results_outside_the_three_years_are_a_warning(school, call, day, warned):
    """The page warns before submission, the submission passes, and the log keeps what was said."""
    with clock.travel(ON):
        application = draft(school, call, **cell("result_items", "achieved_on", day))
        shown = {one.finding.clause for one in school.secretary.page(application).context["page"].findings}
        assert ("XCU-A1.N4" in shown) is warned
        done(school.secretary.do(application, "submit"))
    line = TransitionLog.objects.get(case_kind="application", case_id=application.pk, transition="submit")
    kept = {one["clause"]: one for one in line.facts["findings"]}
    assert ("XCU-A1.N4" in kept) is warned
    if warned:
        assert kept["XCU-A1.N4"]["strength"] == "info"
        assert "2023-01-01" in str(kept["XCU-A1.N4"]) and "2025-12-31" in str(kept["XCU-A1.N4"])


def warned(school, application, **changes) -> list[str]:
    """What the page says of the application after the changes, without what blocks."""
    house.fill_annex1(school, application, **changes)
    found = [one.finding for one in school.secretary.page(application).context["page"].findings]
    return [one.message for one in found if one.strength == "info"]


@pytest.mark.clause("XCU-A1.N2")
@pytest.mark.parametrize(
    ("item", "said", "none"),
    [
        (
            "mentors",
            "校内导师人数没有填写数据依据",
            {"disciplines": [{"name": "农业", "code": "0951", "mentors": 0, "enrol_3y": 9}]},
        ),
        (
            "enrolment",
            "近3年招生人数没有填写数据依据",
            {"disciplines": [{"name": "农业", "code": "0951", "mentors": 9, "enrol_3y": 0}]},
        ),
        ("national", "国家级科研项目数没有填写数据依据", {"nat_count": 0, "nat_funds": "0"}),
        ("provincial", "省部级科研项目数没有填写数据依据", {"prov_count": 0, "prov_funds": "0"}),
        ("commissioned", "横向科研项目数没有填写数据依据", {"hor_count": 0, "hor_funds": "0"}),
    ],
)
def test_every_count_names_where_it_comes_from(school, call, item, said, none):
    """A count without its reference is a warning; with one, or with nothing counted, there is none."""
    without = [row for row in samples.ANNEX1["evidence"] if row["item"] != item]
    with clock.travel(ON):
        application = house.xcu_draft(school, call)
        assert warned(school, application) == []
        assert warned(school, application, evidence=without) == [said]
        assert warned(school, application, evidence=without, **none) == []
        house.fill_annex1(school, application, evidence=without)
        done(school.secretary.do(application, "submit"))


@pytest.mark.clause("XCU-A1.II.6")
def test_funds_without_a_project_are_a_warning(school, call):
    with clock.travel(ON):
        application = house.xcu_draft(school, call)
        assert warned(school, application, nat_count=0, nat_funds="0") == []
        found = warned(school, application, nat_count=0, nat_funds="0.01")
        assert len(found) == 1 and "0.01" in found[0]


@pytest.mark.clause("XCU-A1.N2", "XCU-A1.II.6", "XCU-A1.II.13")
def test_figures_that_do_not_hang_together_are_warnings(school, call):
    odd = {
        "evidence": [row for row in samples.ANNEX1["evidence"] if row["item"] != "mentors"],
        "nat_count": 0,
        "nat_funds": "10",
        "avg_hor_funds": "18.3",
    }
    with clock.travel(ON):
        application = draft(school, call, **odd)
        shown = {one.finding.clause for one in school.secretary.page(application).context["page"].findings}
        assert {"XCU-A1.N2", "XCU-A1.II.6", "XCU-A1.II.13"} <= shown
        house.fill_annex1(school, application)
        shown = {one.finding.clause for one in school.secretary.page(application).context["page"].findings}
        assert not shown & {"XCU-A1.N2", "XCU-A1.II.6", "XCU-A1.II.13"}
        house.fill_annex1(school, application, **odd)
        done(school.secretary.do(application, "submit"))


# --- 6: priority ----------------------------------------------------------------------------------------------------


def tags(school, call, **changes) -> set[str]:
    """The clauses of the priority tags of an application that was handed in with the changes."""
    with clock.travel(ON):
        application = draft(school, call, **changes)
        done(school.secretary.do(application, "submit"))
        application = fresh(application)
    return {tag["clause"] for tag in application.priority}


@pytest.mark.clause("XCU-6.1")
@pytest.mark.parametrize("station", ["academician", "postdoctoral", "postdoctoral_innovation", None])
def test_a_station_gives_priority(school, call, station):
    assert ("XCU-6.1" in tags(school, call, stations=[station] if station else [])) is (station is not None)


@pytest.mark.clause("XCU-6.2")
@pytest.mark.parametrize(("level", "tagged"), [("municipal", False), ("provincial", True), ("national", True)])
def test_a_platform_of_provincial_rank_gives_priority(school, call, level, tagged):
    platforms = [{"name": "作物育种重点实验室", "kind": "key_laboratory", "level": level}]
    assert ("XCU-6.2" in tags(school, call, rd_platforms=platforms)) is tagged


@pytest.mark.clause("XCU-6.3")
@pytest.mark.parametrize("evidence", [False, True])
def test_long_cooperation_counts_with_evidence_only(school, call, evidence):
    changes = {"long_cooperation": True, "cooperation_since": "2019-05"}
    if evidence:
        changes["cooperation_evidence"] = [sent("合作协议.pdf")]
    assert ("XCU-6.3" in tags(school, call, **changes)) is evidence


# --- 7: the paper ---------------------------------------------------------------------------------------------------

MM = 72 / 25.4


def pdf_pages(answer) -> list[str]:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


def sheets(answer) -> set[tuple[int, int]]:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return {
        (round(page.mediabox.width / MM), round(page.mediabox.height / MM))
        for page in PdfReader(io.BytesIO(content)).pages
    }


@pytest.mark.clause("XCU-A1.C0", "XCU-A1.C1", "XCU-A1.C7", "XCU-A1.C8", "XCU-A1.C9", "XCU-A1.N3")
def test_the_printed_form(school, call):
    """Cover first with both strings, on A3 as a booklet and on A4 page by page, four blocks on the last page."""
    with clock.travel(ON):
        application = draft(school, call)
        done(school.secretary.do(application, "submit"))
        paper = Paper.objects.get(case_kind="application", case_id=application.pk)
        url = f"{application.get_absolute_url()}papers/{paper.pk}/pdf/"
        pages = pdf_pages(school.secretary.get(url))
        for printed in (
            "附件1",
            "西昌学院研究生联合培养基地申报书",
            "西昌学院制",
            "二〇二六年三月",
            "2026年3月1日",
            samples.ANNEX1["base_name"],
            school.college.name,
            school.partner.name,
        ):
            assert printed in pages[0], printed
        last = next(page for page in reversed(pages) if "学校意见：" in page)
        for block in (
            "校内申报单位意见：",
            "院长签章：",
            "基地建设合作单位意见：",
            "负责人签章：",
            "学科与研究生处意见：",
            "学校意见：",
        ):
            assert block in last
        assert sheets(school.secretary.get(url)) == {(210, 297)}
        assert sheets(school.secretary.get(url, booklet="1")) == {(420, 297)}
        assert school.other_secretary.get(url).status_code == 404


@pytest.mark.clause(
    "XCU-A1.II.5", "XCU-A1.II.7", "XCU-A1.II.8", "XCU-A1.II.9", "XCU-A1.II.10", "XCU-A1.II.11", "XCU-A1.II.12"
)
def test_figures_are_stored_and_printed_unchanged(school, call):
    figures = {
        "nat_count": 3,
        "nat_funds": "186.5",
        "prov_count": 11,
        "prov_funds": "420.25",
        "hor_count": 8,
        "hor_funds": "96.25",
        "avg_projects": "1.5",
        "avg_funds": "18.2",
        "avg_hor_funds": "4.7",
    }
    with clock.travel(ON):
        application = draft(school, call, **figures)
        done(school.secretary.do(application, "submit"))
        stored = load(application, "annex1").answers
        assert {key: stored[key] for key in figures} == figures
        paper = Paper.objects.get(case_kind="application", case_id=application.pk)
        pages = pdf_pages(school.secretary.get(f"{application.get_absolute_url()}papers/{paper.pk}/pdf/"))
        part2 = next(page for page in pages if "申报单位基本情况" in page)
        assert "总数(项)3总经费数(万元)186.5总数(项)11总经费数(万元)420.25" in part2
        for printed in (
            "总数(项)8总经费数(万元)96.25",
            "导师年均科研项目数(项)1.5",
            "导师年均科研经费总数(万元)18.2",
            "导师年均横向科研经费数(万元)4.7",
        ):
            assert printed in part2, printed


# --- 8: the draft agreement -----------------------------------------------------------------------------------------


@pytest.mark.clause("XCU-7.2b")
@pytest.mark.parametrize("missing", ["goals", "content", "field", "rights_duties", "ip", "term"])
def test_each_of_the_six_clauses_stands_in_the_agreement(school, call, missing):
    with clock.travel(ON):
        application = house.xcu_draft(school, call)
        agreement = application.agreement
        text = load(agreement, "agreement").answers[f"clause_{missing}"]
        done(
            school.secretary.fill(
                agreement, "agreement", house.agreement_answers(agreement, **{f"clause_{missing}": " "})
            )
        )
        with unchanged(agreement):
            refused(school.secretary.do(agreement, "submit"), clause="XCU-7.2b")
        done(
            school.secretary.fill(
                agreement, "agreement", house.agreement_answers(agreement, **{f"clause_{missing}": text})
            )
        )
        done(school.secretary.do(agreement, "submit"))
        assert fresh(agreement).state == "checking"


@pytest.mark.clause("XCU-7.2b")
def test_the_houses_own_clauses_may_be_left_out(school, call):
    """Only the six that the text names are mandatory; those of the template beyond them are not."""
    with clock.travel(ON):
        agreement = house.xcu_draft(school, call).agreement
        left_out = {
            f"clause_{key}": ""
            for key in ("mentors", "students", "safety", "confidentiality", "assessment", "disputes")
        }
        done(school.secretary.fill(agreement, "agreement", house.agreement_answers(agreement, **left_out)))
        done(school.secretary.do(agreement, "submit"))
