"""Annex 1 row by row: what the form accepts and refuses, at both sides of every bound (requirements §3.6)."""

from __future__ import annotations

import datetime as dt

import pytest

from core.forms.clean import clean
from tests.profiles.samples import (
    ANNEX1,
    COLLEGE,
    PARTNER,
    XCU_KNOWN,
    House,
    at,
    faults,
    form,
    seen,
    text,
    with_,
    with_cell,
)

SPEC = form("xcu", "annex1")
GATE = "application.submit"


def found(answers: dict) -> dict:
    """Findings of the submission's rules by rule key."""
    return at("xcu", GATE, {"annex1": answers}, XCU_KNOWN)


def test_the_sample_is_complete():
    assert faults(SPEC, ANNEX1) == []
    assert found(ANNEX1) == {}


def row(clause: str, key: str, *rest):
    """A parameter set marked with the row of the matrix it shows."""
    return pytest.param(clause, key, *rest, marks=pytest.mark.clause(clause), id=f"{clause}-{key}")


@pytest.mark.parametrize(
    ("clause", "key"),
    [
        row("XCU-A1.C1", "base_name"),
        row("XCU-A1.C2", "applicant"),
        row("XCU-A1.C3", "partner"),
        row("XCU-A1.C4", "leader"),
        row("XCU-A1.C5", "contact"),
        row("XCU-A1.C6", "phone"),
        row("XCU-A1.C7", "applied_on"),
        row("XCU-A1.I", "necessity"),
        row("XCU-A1.II.1", "disciplines"),
        row("XCU-A1.II.5", "nat_count"),
        row("XCU-A1.II.6", "nat_funds"),
        row("XCU-A1.II.7", "prov_count"),
        row("XCU-A1.II.8", "prov_funds"),
        row("XCU-A1.II.9", "hor_count"),
        row("XCU-A1.II.10", "hor_funds"),
        row("XCU-A1.II.11", "avg_projects"),
        row("XCU-A1.II.12", "avg_funds"),
        row("XCU-A1.II.13", "avg_hor_funds"),
        row("XCU-A1.II.14", "coll_leader"),
        row("XCU-A1.II.14", "coll_leader_phone"),
        row("XCU-A1.II.15", "coll_contact"),
        row("XCU-A1.II.15", "coll_contact_phone"),
        row("XCU-A1.II.15", "coll_contact_email"),
        row("XCU-A1.II.16", "collab_results"),
        row("XCU-A1.III.1", "partner_name"),
        row("XCU-A1.III.2", "partner_address"),
        row("XCU-A1.III.3", "partner_leader"),
        row("XCU-A1.III.3", "partner_leader_phone"),
        row("XCU-A1.III.4", "partner_contact"),
        row("XCU-A1.III.4", "partner_contact_phone"),
        row("XCU-A1.III.4", "partner_contact_email"),
        row("XCU-A1.III.5", "partner_fields"),
        row("XCU-A1.III.6", "intake_per_year"),
        row("XCU-A1.III.7", "staff_total"),
        row("XCU-A1.III.8", "staff_senior"),
        row("XCU-A1.III.9", "staff_phd"),
        row("XCU-A1.III.10", "rd_avg"),
        *(row("XCU-A1.III.11", f"cond_5_{n}") for n in range(8)),
        row("XCU-7.1a", "construction_content"),
        row("XCU-7.1a", "construction_basis"),
        row("XCU-7.1a", "expected_goals"),
        row("XCU-7.1a", "hallmark_results"),
        row("XCU-7.1b", "basis_evidence"),
        row("XCU-5.0", "reg_no"),
        row("XCU-5.1", "will"),
        row("XCU-5.2", "practice_basis"),
        row("XCU-5.2", "methods"),
        row("XCU-5.3", "senior_staff"),
        row("XCU-5.4", "joint_potential"),
        row("XCU-5.4", "long_term_will"),
        row("XCU-5.7", "fund_source"),
        row("XCU-2", "partner_group"),
    ],
)
def test_what_is_left_empty_is_named_once_with_its_clause(clause, key):
    assert seen(SPEC, with_(ANNEX1, **{key: None})) == [(clause, key)]


@pytest.mark.parametrize(
    ("clause", "key", "good", "bad"),
    [
        row("XCU-A1.C2", "applicant", COLLEGE, PARTNER),
        row("XCU-A1.C3", "partner", PARTNER, COLLEGE),
        row("XCU-A1.C6", "phone", "0834-0000123", "电话见邮件"),
        row("XCU-A1.C6", "phone", "13900000000", "abcdefg"),
        row("XCU-A1.C7", "applied_on", "2026-03-01", "2026-02-30"),
        row("XCU-A1.I", "necessity", text(500), text(499)),
        row("XCU-A1.I", "necessity", text(6000), text(1)),
        row("XCU-A1.II.5", "nat_count", 3, -1),
        row("XCU-A1.II.5", "nat_count", 0, "三项"),
        row("XCU-A1.II.6", "nat_funds", "186.5", "-1"),
        row("XCU-A1.II.6", "nat_funds", "0", "-0.01"),
        row("XCU-A1.II.7", "prov_count", 0, -1),
        row("XCU-A1.II.8", "prov_funds", "0", "-1"),
        row("XCU-A1.II.9", "hor_count", 0, -1),
        row("XCU-A1.II.10", "hor_funds", "0", "-1"),
        row("XCU-A1.II.11", "avg_projects", "1.5", "-1"),
        row("XCU-A1.II.11", "avg_projects", "0", "-0.1"),
        row("XCU-A1.II.12", "avg_funds", "1.5", "-1"),
        row("XCU-A1.II.12", "avg_funds", "0", "-0.01"),
        row("XCU-A1.II.13", "avg_hor_funds", "0", "-1"),
        row("XCU-A1.II.15", "coll_contact_email", "a@demo.invalid", "a.demo.invalid"),
        row("XCU-A1.II.16", "collab_results", text(500), text(501)),
        row("XCU-A1.III.4", "partner_contact_email", "a@demo.invalid", "没有"),
        row("XCU-A1.III.6", "intake_per_year", 1, 0),
        row("XCU-A1.III.7", "staff_total", 1, 0),
        row("XCU-A1.III.8", "staff_senior", 1, 0),
        row("XCU-A1.III.9", "staff_phd", 0, -1),
        row("XCU-A1.III.10", "rd_avg", "0", "-0.01"),
        row("XCU-5.0", "reg_no", "12990300DEMP000334", "12990300DEMP000335"),
        row("XCU-7.1b", "basis_evidence", [5], [500]),
    ],
)
def test_both_sides_of_a_bound(clause, key, good, bad):
    assert seen(SPEC, with_(ANNEX1, **{key: good})) == []
    assert seen(SPEC, with_(ANNEX1, **{key: bad})) == [(clause, key)]


@pytest.mark.parametrize(
    ("clause", "table", "column", "good", "bad"),
    [
        row("XCU-A1.II.1", "disciplines", "name", "农业", None),
        row("XCU-A1.II.2", "disciplines", "code", "0951", None),
        row("XCU-A1.II.3", "disciplines", "mentors", 0, -1),
        row("XCU-A1.II.4", "disciplines", "enrol_3y", 0, "一百"),
        row("XCU-A1.II.4", "disciplines", "enrol_3y", 1, -1),
        row("XCU-A1.II.3", "disciplines", "mentors", 24, None),
        row("XCU-A1.II.4", "disciplines", "enrol_3y", 146, None),
        row("XCU-A1.II.16", "result_items", "title", "小麦新品种选育", None),
        row("XCU-A1.N4", "result_items", "achieved_on", "2024-06-30", None),
        row("XCU-A1.N2", "evidence", "item", "mentors", None),
        row("XCU-A1.N2", "evidence", "reference", "人事处名册", None),
        row("XCU-5.3", "senior_staff", "name", "马吉宁", None),
        row("XCU-5.3", "senior_staff", "post", "研究员", None),
        row("XCU-5.3", "senior_staff", "rank", "senior", None),
        row("XCU-6.2", "rd_platforms", "name", "作物重点实验室", None),
        row("XCU-6.2", "rd_platforms", "kind", "key_laboratory", None),
        row("XCU-6.2", "rd_platforms", "level", "provincial", None),
        row("XCU-A1.IV.1", "equipment", "name", "人工气候室", None),
        row("XCU-A1.IV.2", "equipment", "model", "RXZ-1000", None),
        row("XCU-A1.IV.3", "equipment", "acquired_on", "2020-01", "去年"),
        row("XCU-A1.IV.3", "equipment", "acquired_on", "2019-12", None),
        row("XCU-A1.IV.4", "equipment", "unit_price", "100000", "99999"),
        row("XCU-A1.IV.4", "equipment", "unit_price", "100000.00", "99999.99"),
        row("XCU-A1.IV.4", "equipment", "unit_price", "318000", None),
    ],
)
def test_both_sides_of_a_bound_in_a_table(clause, table, column, good, bad):
    whole = with_(ANNEX1, rd_platforms=[{"name": "作物重点实验室", "kind": "key_laboratory", "level": "provincial"}])
    assert seen(SPEC, with_cell(whole, table, column, good)) == []
    assert seen(SPEC, with_cell(whole, table, column, bad)) == [(clause, f"{table}-0-{column}")]


@pytest.mark.clause("XCU-A1.II.11", "XCU-A1.II.5")
def test_figures_are_stored_unchanged():
    answers, _found = clean(SPEC, ANNEX1, resolver=House())
    assert (answers["avg_projects"], answers["nat_count"], answers["nat_funds"]) == ("1.5", 3, "186.5")


@pytest.mark.clause("XCU-A1.IV.1")
def test_equipment_may_be_absent():
    assert seen(SPEC, with_(ANNEX1, equipment=None)) == []
    assert found(with_(ANNEX1, equipment=None)) == {}


@pytest.mark.clause("XCU-5.5")
@pytest.mark.parametrize("item", ["labour", "health", "safety", "study", "work", "living"])
def test_each_guarantee_is_ticked(item):
    answers = with_(ANNEX1)
    answers["guarantees"][item]["checked"] = False
    assert seen(SPEC, answers) == [("XCU-5.5", "guarantees")]


@pytest.mark.clause("XCU-5.6")
@pytest.mark.parametrize("item", ["instructors", "students", "consultation"])
def test_each_of_the_three_rule_sets_is_ticked(item):
    answers = with_(ANNEX1)
    del answers["practice_rules"][item]
    assert seen(SPEC, answers) == [("XCU-5.6", "practice_rules")]


@pytest.mark.clause("XCU-2")
def test_partner_groups_offered():
    field = SPEC.field("partner_group")
    assert [option.label.zh for option in field.options] == ["行业企业", "机关事业单位", "社会组织", "其他"]
    assert seen(SPEC, with_(ANNEX1, partner_group="other", partner_group_other="民办高校")) == []
    assert seen(SPEC, with_(ANNEX1, partner_group="other")) == [("XCU-2", "partner_group")]


# --- What one field alone cannot say ------------------------------------------------------------------------------


@pytest.mark.clause("XCU-5.0")
def test_the_partner_is_an_independent_legal_person():
    for value in (False, None):
        finding = at("xcu", GATE, {"annex1": ANNEX1}, XCU_KNOWN | {"partner.legal_person": value})["legal_person"]
        assert (finding.clause, finding.strength, finding.field) == ("XCU-5.0", "hard", "partner")


@pytest.mark.clause("XCU-4b")
def test_a_college_owns_the_base():
    assert at("xcu", "recognition.activate", {}, {"recognition.owner_college": COLLEGE}) == {}
    result = at("xcu", "recognition.activate", {}, {"recognition.owner_college": None})
    assert set(result) == {"active_owner_college"}


@pytest.mark.clause("XCU-5.1")
def test_will_denied():
    assert found(with_(ANNEX1, will=False))["will"].clause == "XCU-5.1"


@pytest.mark.clause("XCU-5.4")
def test_long_term_will_denied():
    assert found(with_(ANNEX1, long_term_will=False))["long_term_will"].clause == "XCU-5.4"


@pytest.mark.clause("XCU-5.3")
@pytest.mark.parametrize(("rank", "blocked"), [("senior", False), ("associate_senior", False), ("other", True)])
def test_someone_has_a_senior_title(rank, blocked):
    result = found(with_cell(ANNEX1, "senior_staff", "rank", rank))
    assert ("senior_staff" in result) is blocked
    if blocked:
        assert result["senior_staff"].blocks


@pytest.mark.clause("XCU-A1.III.8")
def test_senior_staff_within_the_total():
    assert found(with_(ANNEX1, staff_senior=58)) == {}
    finding = found(with_(ANNEX1, staff_senior=59))["senior_within_total"]
    assert (finding.clause, finding.blocks) == ("XCU-A1.III.8", True)


@pytest.mark.clause("XCU-A1.III.9")
def test_doctors_within_the_total():
    assert found(with_(ANNEX1, staff_phd=58)) == {}
    finding = found(with_(ANNEX1, staff_phd=59))["doctors_within_total"]
    assert (finding.clause, finding.blocks) == ("XCU-A1.III.9", True)


@pytest.mark.clause("XCU-A1.II.6")
def test_funds_without_projects_are_a_warning():
    none = with_(ANNEX1, nat_count=0)
    assert found(with_(none, nat_funds="0")) == {}
    finding = found(with_(none, nat_funds="10"))["funds_without_projects"]
    assert (finding.clause, finding.blocks) == ("XCU-A1.II.6", False)


@pytest.mark.clause("XCU-A1.II.13")
def test_commissioned_average_above_all_funds_is_a_warning():
    assert found(with_(ANNEX1, avg_hor_funds="18.2")) == {}
    finding = found(with_(ANNEX1, avg_hor_funds="18.3"))["commissioned_average"]
    assert (finding.clause, finding.blocks) == ("XCU-A1.II.13", False)


@pytest.mark.clause("XCU-A1.IV.3")
def test_equipment_is_not_bought_after_the_application():
    assert found(with_(ANNEX1, equipment=None)) == {}
    assert found(with_cell(ANNEX1, "equipment", "acquired_on", "2026-03")) == {}
    finding = found(with_cell(ANNEX1, "equipment", "acquired_on", "2026-04"))["equipment_date"]
    assert (finding.clause, finding.blocks, finding.field) == ("XCU-A1.IV.3", True, "equipment")


@pytest.mark.clause("XCU-A1.N1")
def test_catalogue_of_2022():
    wrong_name = with_cell(ANNEX1, "disciplines", "name", "林业")
    assert seen(SPEC, wrong_name) == [("XCU-A1.II.2", "disciplines-0-code")]
    outside = with_cell(with_cell(ANNEX1, "disciplines", "code", "0901"), "disciplines", "name", "作物学")
    assert seen(SPEC, outside) == []
    finding = found(outside)["catalogue"]
    assert (finding.clause, finding.strength, finding.blocks) == ("XCU-A1.N1", "default", True)
    let_pass = at("xcu", GATE, {"annex1": outside}, XCU_KNOWN, overrides={"catalogue"})["catalogue"]
    assert not let_pass.blocks


@pytest.mark.clause("XCU-A1.N2")
@pytest.mark.parametrize("item", ["mentors", "enrolment", "national", "provincial", "commissioned"])
def test_a_figure_without_reference_is_a_warning(item):
    answers = with_(ANNEX1, evidence=[one for one in ANNEX1["evidence"] if one["item"] != item])
    result = found(answers)
    assert list(result) == [f"evidence_{item}"]
    assert not result[f"evidence_{item}"].blocks


@pytest.mark.clause("XCU-A1.N2")
def test_no_figure_needs_no_reference():
    nothing = with_(
        ANNEX1,
        evidence=None,
        nat_count=0,
        nat_funds="0",
        prov_count=0,
        hor_count=0,
        disciplines=[{"name": "农业", "code": "0951", "mentors": 0, "enrol_3y": 0}],
    )
    assert found(nothing) == {}


@pytest.mark.clause("XCU-A1.N4")
@pytest.mark.parametrize(
    ("day", "inside"),
    [("2022-12-31", False), ("2023-01-01", True), ("2025-12-31", True), ("2026-01-01", False)],
)
def test_results_of_the_three_years_before(day, inside):
    result = found(with_cell(ANNEX1, "result_items", "achieved_on", day))
    assert (result == {}) is inside
    if not inside:
        assert list(result) == ["three_year_window"]
        assert not result["three_year_window"].blocks
        assert result["three_year_window"].clause == "XCU-A1.N4"


@pytest.mark.clause("XCU-6.1")
def test_a_station_gives_priority():
    for station in ("academician", "postdoctoral", "postdoctoral_innovation"):
        tag = found(with_(ANNEX1, stations=[station]))["priority_station"]
        assert (tag.strength, tag.blocks) == ("priority", False)


@pytest.mark.clause("XCU-6.2")
@pytest.mark.parametrize(
    ("level", "tagged"), [("national", True), ("provincial", True), ("municipal", False), ("other", False)]
)
def test_a_platform_of_provincial_rank_gives_priority(level, tagged):
    platforms = [{"name": "作物重点实验室", "kind": "key_laboratory", "level": level}]
    assert ("priority_platform" in found(with_(ANNEX1, rd_platforms=platforms))) is tagged


@pytest.mark.clause("XCU-6.3")
def test_long_cooperation_counts_with_evidence_only():
    ticked = with_(ANNEX1, long_cooperation=True)
    assert found(ticked) == {}
    assert list(found(with_(ticked, cooperation_evidence=[7]))) == ["priority_long_cooperation"]
    assert found(with_(ANNEX1, cooperation_evidence=[7])) == {}


# --- Steps, agreement, bodies -------------------------------------------------------------------------------------


@pytest.mark.clause("XCU-7.3b")
@pytest.mark.parametrize("key", ["safety_qualification", "emergency_plan"])
def test_the_visit_contains_both_checks(key):
    spec = form("xcu", "site_visit")
    report = {
        "visited_on": "2026-04-10",
        "place": "青岐市试验站路1号",
        "visitors": "阿依努尔·卡德尔",
        "findings": "设施齐备。",
        "safety_qualification": "checked",
        "emergency_plan": "checked",
    }
    gate = "step.complete:site_visit"
    assert faults(spec, report) == []
    assert at("xcu", gate, {"site_visit": report}) == {}
    assert seen(spec, with_(report, **{key: None})) == [("XCU-7.3b", key)]
    unseen = at("xcu", gate, {"site_visit": with_(report, **{key: "not_seen"})})
    assert [finding.clause for finding in unseen.values()] == ["XCU-7.3b"]
    assert all(finding.blocks for finding in unseen.values())


@pytest.mark.clause("XCU-7.3a")
@pytest.mark.parametrize(
    ("name", "whole"),
    [
        ("expert_opinion", {"verdict": "recommend", "text": "建议设立。"}),
        (
            "site_visit",
            {
                "visited_on": "2026-04-10",
                "place": "青岐市试验站路1号",
                "visitors": "阿依努尔·卡德尔",
                "findings": "设施齐备。",
                "safety_qualification": "checked",
                "emergency_plan": "checked",
            },
        ),
    ],
)
def test_opinion_and_visit_say_what_was_found(name, whole):
    spec = form("xcu", name)
    assert faults(spec, whole) == []
    for blank in whole:
        ((clause, field),) = seen(spec, with_(whole, **{blank: None}))
        assert field == blank
        assert clause == ("XCU-7.3b" if blank in ("safety_qualification", "emergency_plan") else "XCU-7.3a")


@pytest.mark.clause("XCU-7.2a")
@pytest.mark.parametrize("gate", ["assignment.create:application", "step.complete:expert_review"])
def test_no_review_without_a_draft_agreement(gate):
    assert at("xcu", gate, {}, {"application.has_draft_agreement": True}) == {}
    finding = at("xcu", gate, {}, {"application.has_draft_agreement": False})["draft_agreement"]
    assert (finding.clause, finding.blocks) == ("XCU-7.2a", True)


@pytest.mark.clause("XCU-7.3c")
def test_no_meeting_before_the_agreement_is_checked():
    gate = "step.complete:meeting_decision"
    assert at("xcu", gate, {}, {"application.agreement_checked": True}) == {}
    finding = at("xcu", gate, {}, {"application.agreement_checked": False})["agreement_checked"]
    assert (finding.clause, finding.blocks) == ("XCU-7.3c", True)


TERM = {"agreement.starts_on": dt.date(2026, 5, 18), "agreement.ends_on": dt.date(2031, 5, 17)}


@pytest.mark.clause("XCU-7.2b")
@pytest.mark.parametrize("missing", ["goals", "content", "field", "rights_duties", "ip", "term"])
def test_each_mandatory_clause(missing):
    gate = "agreement.submit"
    assert at("xcu", gate, {}, {**TERM, "agreement.missing_clauses": ["mentors", "disputes"]}) == {}
    result = at("xcu", gate, {}, {**TERM, "agreement.missing_clauses": [missing, "mentors"]})
    assert [(one.clause, one.blocks) for one in result.values()] == [("XCU-7.2b", True)]


@pytest.mark.clause("XCU-7.2b")
def test_the_missing_clause_is_named():
    result = at("xcu", "agreement.submit", {}, {**TERM, "agreement.missing_clauses": ["ip"]})
    assert "知识产权归属" in result["agreement_clauses"].message


@pytest.mark.clause("XCU-7.2c")
@pytest.mark.parametrize("end", [dt.date(2029, 5, 17), dt.date(2031, 5, 16), dt.date(2031, 5, 18)])
def test_another_term_than_five_years_needs_the_graduate_office(end):
    known = {**TERM, "agreement.missing_clauses": [], "agreement.ends_on": end}
    finding = at("xcu", "agreement.submit", {}, known)["agreement_term"]
    assert (finding.clause, finding.strength, finding.blocks) == ("XCU-7.2c", "default", True)
    assert not at("xcu", "agreement.submit", {}, known, overrides={"agreement_term"})["agreement_term"].blocks


@pytest.mark.clause("XCU-7.4a", "XCU-7.5")
def test_no_signing_before_the_meeting_and_no_plaque_before_signing():
    assert set(at("xcu", "agreement.seal", {}, {"agreement.application_approved": False})) == {"meeting_before_signing"}
    assert at("xcu", "agreement.seal", {}, {"agreement.application_approved": True}) == {}
    assert set(at("xcu", "plaque.issue", {})) == {"plaque_after_signing"}
    assert at("xcu", "plaque.issue", {}, {"recognition.agreement_signed_on": dt.date(2026, 5, 18)}) == {}


@pytest.mark.clause("XCU-4d")
@pytest.mark.parametrize(
    ("level", "active", "blocked"),
    [
        ("provincial", False, True),
        ("provincial", True, False),
        ("school", False, False),
    ],
)
def test_provincial_candidates_come_from_school_level_bases(level, active, blocked):
    known = {"application.level": level, "application.school_recognition_active": active}
    result = at("xcu", "application.recommend", {}, known)
    assert ("provincial_from_school" in result) is blocked
    if blocked:
        assert (result["provincial_from_school"].clause, result["provincial_from_school"].strength) == (
            "XCU-4d",
            "default",
        )


@pytest.mark.clause("XCU-9")
@pytest.mark.parametrize("absent", ["school_leader", "partner", "graduate_office", "college"])
def test_the_committee_has_four_parties(absent):
    members = [
        {"name": "阿苏·木呷", "party": "school_leader", "post": "副校长"},
        {"name": "马吉宁", "party": "partner", "post": "站长"},
        {"name": "苏半夏", "party": "graduate_office", "post": "处长"},
        {"name": "吉克·拉则", "party": "college", "post": "院长"},
    ]
    gate = "record.save:committee"
    assert at("xcu", gate, {"committee": {"members": members}}) == {}
    less = [member for member in members if member["party"] != absent]
    assert [one.clause for one in at("xcu", gate, {"committee": {"members": less}}).values()] == ["XCU-9"]


GROUP = [
    {"name": "吉克·拉则", "party": "college", "position": "leader", "post": "院长"},
    {"name": "卓玛央金", "party": "partner", "position": "deputy", "post": "科教科科长"},
    {"name": "苏半夏", "party": "graduate_office", "position": "member", "post": "科员"},
]


def group(members: list[dict]) -> set[str]:
    return {
        one.clause for one in at("xcu", "record.save:working_group", {"working_group": {"members": members}}).values()
    }


@pytest.mark.clause("XCU-10a")
@pytest.mark.parametrize("absent", ["college", "partner", "graduate_office"])
def test_the_working_group_has_three_sides(absent):
    assert group(GROUP) == set()
    assert "XCU-10a" in group([member for member in GROUP if member["party"] != absent])


@pytest.mark.clause("XCU-10b")
def test_the_leader_is_of_the_college_and_the_deputy_of_the_partner():
    swapped = [dict(GROUP[0], position="deputy"), dict(GROUP[1], position="leader"), GROUP[2]]
    assert group(swapped) == {"XCU-10b"}
    assert group([GROUP[0], dict(GROUP[1], position="member"), GROUP[2]]) == {"XCU-10b"}
    assert group([*GROUP, dict(GROUP[1], name="马吉宁", position="leader")]) == {"XCU-10b"}
