"""The provincial application: what form and rules refuse, at both sides of every bound (requirements §3.3)."""

from __future__ import annotations

import copy
import datetime as dt

import pytest

from core import clock
from tests.profiles.samples import (
    CAPACITY,
    COLLEGE,
    NM_APPLICATION,
    NM_KNOWN,
    PARTNER,
    at,
    faults,
    form,
    seen,
    with_,
    with_cell,
)

SPEC = form("nm", "application")
GATE = "application.submit"


def found(answers: dict | None = None, **known) -> dict:
    """Findings that block submission, by rule key."""
    given = NM_KNOWN | {key.replace("__", "."): value for key, value in known.items()}
    result = at("nm", GATE, {"application": answers or NM_APPLICATION}, given)
    return {key: finding for key, finding in result.items() if finding.blocks}


def test_the_sample_is_complete():
    assert faults(SPEC, NM_APPLICATION) == []
    assert found() == {}


def row(clause: str, key: str, *rest):
    return pytest.param(clause, key, *rest, marks=pytest.mark.clause(clause), id=f"{clause}-{key}")


@pytest.mark.parametrize(
    ("clause", "key"),
    [
        row("NM-7.1a", "degree_category"),
        row("NM-7.1a", "degree_category_name"),
        row("NM-7.1b", "industry_fit"),
        row("NM-7.2a", "partner_kind"),
        row("NM-7.2b", "partner"),
        row("NM-7.2c", "capacity_statement"),
        row("NM-7.2c", "credit_evidence"),
        row("NM-7.3a", "cooperation_start"),
        row("NM-7.3a", "cooperation_evidence"),
        row("NM-7.3b", "agreement_reference"),
        row("NM-8.1", "agreement_file"),
        row("NM-8.1", "investments"),
        row("NM-8.1", "trained_students"),
        row("NM-7.3e", "quality_statement"),
        row("NM-7.3e", "repute_statement"),
        row("NM-8.1", "base_name"),
        row("NM-8.1", "programme"),
    ],
)
def test_what_is_left_empty_is_named_once_with_its_clause(clause, key):
    assert seen(SPEC, with_(NM_APPLICATION, **{key: None})) == [(clause, key)]


@pytest.mark.parametrize(
    ("clause", "key", "good", "bad"),
    [
        row("NM-7.2a", "partner_kind", "social_organisation", "individual"),
        row("NM-7.2b", "partner", PARTNER, COLLEGE),
        row("NM-7.1a", "degree_category", "0951", "0999"),
        row("NM-7.1a", "degree_category", "0951", "0952"),
        row("NM-7.3a", "cooperation_start", "2025-03-01", "2025-02-29"),
    ],
)
def test_both_sides_of_a_field(clause, key, good, bad):
    assert seen(SPEC, with_(NM_APPLICATION, **{key: good})) == []
    assert seen(SPEC, with_(NM_APPLICATION, **{key: bad})) == [(clause, key)]


@pytest.mark.clause("NM-7.2c")
@pytest.mark.parametrize("point", CAPACITY)
def test_each_point_of_the_partner_is_ticked(point):
    answers = copy.deepcopy(NM_APPLICATION)
    answers["capacity"][point]["checked"] = False
    assert seen(SPEC, answers) == [("NM-7.2c", "capacity")]


@pytest.mark.clause("NM-7.1c")
def test_priority_of_the_named_sectors_only():
    def tags(**changes) -> list[str]:
        result = at("nm", GATE, {"application": with_(NM_APPLICATION, **changes)}, NM_KNOWN)
        return [key for key, finding in result.items() if finding.strength == "priority"]

    for option in SPEC.field("sectors").options:
        assert (tags(sectors=[option.code]) == ["priority_sector"]) is (option.code != "other")
    assert tags(sectors=None) == []
    assert seen(SPEC, with_(NM_APPLICATION, sectors=["other"])) == [("NM-7.1c", "sectors")]
    assert seen(SPEC, with_(NM_APPLICATION, sectors=["other"], sectors_other="零售业")) == []


@pytest.mark.clause("NM-7.3a")
def test_two_years_of_cooperation_on_the_day_of_submission():
    assert found(with_(NM_APPLICATION, cooperation_start="2025-03-01")) == {}
    finding = found(with_(NM_APPLICATION, cooperation_start="2025-03-02"))["cooperation_two_years"]
    assert (finding.clause, finding.field) == ("NM-7.3a", "cooperation_start")


@pytest.mark.clause("NM-7.3b")
def test_the_agreement_was_signed_before():
    assert found(application__agreement_signed_on=dt.date(2027, 3, 1)) == {}
    assert set(found(application__agreement_signed_on=dt.date(2027, 3, 2))) == {"agreement_signed_before"}
    assert set(found(application__agreement_signed_on=None)) == {"agreement_signed_present"}


@pytest.mark.clause("NM-7.3c")
@pytest.mark.parametrize(("row", "rule"), [(0, "university_input"), (1, "partner_input")])
def test_both_sides_have_put_something_in(row, rule):
    assert found(with_cell(NM_APPLICATION, "investments", "amount", "0.01", row)) == {}
    assert set(found(with_cell(NM_APPLICATION, "investments", "amount", "0", row))) == {rule}
    assert set(found(with_(NM_APPLICATION, investments=[NM_APPLICATION["investments"][1 - row]]))) == {rule}


@pytest.mark.clause("NM-7.3c")
def test_inputs_are_not_negative():
    for amount in ("0", "0.01"):
        assert seen(SPEC, with_cell(NM_APPLICATION, "investments", "amount", amount, 1)) == []
    negative = with_cell(NM_APPLICATION, "investments", "amount", "-0.01", 1)
    assert seen(SPEC, negative) == [("NM-7.3c", "investments-1-amount")]


@pytest.mark.clause("NM-7.3d")
def test_five_students_of_the_category():
    finding = found(with_(NM_APPLICATION, trained_students=NM_APPLICATION["trained_students"][:4]))["students_five"]
    assert (finding.clause, finding.form, finding.field) == ("NM-7.3d", "application", "trained_students")
    assert finding.message == "已完成联合培养的本专业学位类别（领域）研究生有4人，要求5人及以上"


@pytest.mark.clause("NM-7.3d")
@pytest.mark.parametrize(
    ("column", "value", "counts"),
    [
        ("category", "0952", False),
        ("student_no", "2024G095101", False),
        ("student_no", " 2024G095101 ", False),
        ("student_no", "2024G095199", True),
        ("period", {"from": "2024-09-01", "to": "2027-03-01"}, True),
        ("period", {"from": "2024-09-01", "to": "2027-03-02"}, False),
        ("period", None, False),
    ],
)
def test_a_trained_student_counts_once_in_the_category_and_only_when_done(column, value, counts):
    """The checks are made on 2027-03-01: a period that ends that day is over, one that ends the day after is not."""
    answers = with_cell(NM_APPLICATION, "trained_students", column, value, 4)
    assert ("students_five" in found(answers)) is not counts


@pytest.mark.clause("NM-7.3c")
@pytest.mark.parametrize("column", ["side", "kind", "amount"])
def test_an_input_says_whose_what_and_how_much(column):
    answers = with_cell(NM_APPLICATION, "investments", column, None, 1)
    assert seen(SPEC, answers) == [("NM-7.3c", f"investments-1-{column}")]


@pytest.mark.clause("NM-7.3d")
@pytest.mark.parametrize("column", ["name", "student_no", "category", "period"])
def test_a_student_row_is_complete(column):
    answers = with_cell(NM_APPLICATION, "trained_students", column, None, 4)
    assert seen(SPEC, answers) == [("NM-7.3d", f"trained_students-4-{column}")]


@pytest.mark.clause("NM-7.2a", "NM-7.2b")
def test_partner_kind_and_number():
    assert set(found(partner__kind="individual")) == {"partner_kind"}
    assert set(found(partner__kind=None)) == {"partner_kind"}
    finding = found(application__partner_count=2)["one_partner"]
    assert (finding.clause, finding.strength) == ("NM-7.2b", "default")
    known = NM_KNOWN | {"application.partner_count": 2}
    for gate in (GATE, "partner.add"):
        passed = at("nm", gate, {"application": NM_APPLICATION}, known, overrides={"one_partner"})
        assert not any(one.blocks for one in passed.values())
        assert passed["one_partner"].overridden


@pytest.mark.clause("NM-6a")
@pytest.mark.parametrize(
    ("known", "rule"),
    [
        ({"applicant__in_region": False}, "applicant_in_region"),
        ({"applicant__has_professional_degree": False}, "applicant_professional_degree"),
    ],
)
def test_who_may_apply(known, rule):
    result = found(**known)
    assert set(result) == {rule}
    assert result[rule].clause == "NM-6a"


# --- Later gates --------------------------------------------------------------------------------------------------


@pytest.mark.clause("NM-5")
def test_one_call_a_year():
    assert at("nm", "call.open", {}, {"call.count_in_year": 1}) == {}
    assert at("nm", "call.open", {}, {"call.count_in_year": 2})["one_call_a_year"].clause == "NM-5"


ASPECTS = ["category", "partner_unit", "reasons", "results", "prospects", "training_role"]
REVIEW = {key: "符合本单位布局。" for key in ASPECTS}


@pytest.mark.clause("NM-8.2a")
@pytest.mark.parametrize("blank", ["layout", *ASPECTS])
def test_none_of_the_six_aspects_is_blank(blank):
    spec = form("nm", "six_aspects")
    whole = REVIEW | {"layout": "已布局三个类别。"} | {f"{key}_mark": "meets" for key in ASPECTS}
    assert faults(spec, whole) == []
    assert seen(spec, with_(whole, **{blank: None})) == [("NM-8.2a", blank)]
    assert seen(spec, with_(whole, **{blank: "  "})) == [("NM-8.2a", blank)]
    if blank in ASPECTS:
        assert seen(spec, with_(whole, **{f"{blank}_mark": None})) == [("NM-8.2a", f"{blank}_mark")]


@pytest.mark.clause("NM-8.3")
@pytest.mark.parametrize("blank", ["verdict", "text"])
def test_an_opinion_says_what_and_why(blank):
    spec, whole = form("nm", "expert_opinion"), {"verdict": "recommend", "text": "建议列入。"}
    assert faults(spec, whole) == []
    assert seen(spec, with_(whole, **{blank: None})) == [("NM-8.3", blank)]


QUOTA = {"call.recommended": 3, "call.quota": 3}


@pytest.mark.clause("NM-6b")
def test_within_the_quota():
    gates = {"application.recommend": QUOTA, "list.send": SEND}
    for gate, known in gates.items():
        assert at("nm", gate, {}, known) == {}
        found = at("nm", gate, {}, known | {"call.recommended": 4})
        assert list(found) == ["within_quota"]
        assert (found["within_quota"].clause, found["within_quota"].facts) == (
            "NM-6b",
            {"call.recommended": 4, "limit": 3},
        )
    assert list(at("nm", "application.recommend", {}, QUOTA | {"call.quota": None})) == ["quota_set"]


NOW = clock.aware("2027-03-01T09:00")
SEND = QUOTA | {
    "list.notice_ends": dt.date(2027, 2, 28),
    "list.open_objections": [],
    "list.sending_at": NOW,
    "call.opens_at": clock.aware("2027-02-01"),
    "call.closes_at": clock.aware("2027-03-01T09:00"),
}


@pytest.mark.parametrize(
    ("clause", "fact", "value", "said"),
    [
        row("NM-8.2b", "list.notice_ends", None, "尚未公示"),
        row("NM-8.2b", "list.notice_ends", dt.date(2027, 3, 1), "2027年3月1日24时"),
        row("NM-8.2b", "list.open_objections", ["YY-2027-0001"], "YY-2027-0001"),
        row("NM-8.2c", "list.sending_at", NOW + dt.timedelta(seconds=1), "2027年3月1日 09:00"),
        row("NM-8.2c", "call.opens_at", NOW + dt.timedelta(seconds=1), "2027年3月1日 09:00"),
    ],
)
def test_sending_the_list(clause, fact, value, said):
    assert at("nm", "list.send", {}, SEND) == {}
    found = list(at("nm", "list.send", {}, SEND | {fact: value}).values())
    assert [one.clause for one in found] == [clause]
    assert said in found[0].message


RECOGNISE = {
    "application.notice_ends": dt.date(2027, 2, 28),
    "application.open_objections": [],
}


@pytest.mark.clause("NM-8.4a")
@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("application.notice_ends", None),
        ("application.notice_ends", dt.date(2027, 3, 1)),
        ("application.open_objections", ["YY-2027-0001"]),
    ],
)
def test_recognising(fact, value):
    assert at("nm", "application.recognise", {}, RECOGNISE) == {}
    assert [one.clause for one in at("nm", "application.recognise", {}, RECOGNISE | {fact: value}).values()] == [
        "NM-8.4a"
    ]


PERSONS = {
    "leader_university": "程望舒",
    "duties_university": "选派研究生。",
    "leader_partner": "马吉宁",
    "duties_partner": "提供岗位。",
    "other_matters": "每年会商两次。",
}


@pytest.mark.clause("NM-10b")
@pytest.mark.parametrize("blank", list(PERSONS))
def test_the_revised_agreement_names_both_sides(blank):
    spec = form("nm", "agreement")
    assert faults(spec, PERSONS) == []
    assert (
        seen(spec, with_(PERSONS, **{blank: None})) == []
    )  # an agreement made before the application need not name them
    assert at("nm", "agreement.revise", {"agreement": PERSONS}, {"agreement.missing_clauses": []}) == {}
    result = at(
        "nm",
        "agreement.revise",
        {"agreement": with_(PERSONS, **{blank: None})},
        {"agreement.missing_clauses": []},
    )
    assert [(one.clause, one.field, one.blocks) for one in result.values()] == [("NM-10b", blank, True)]


@pytest.mark.clause("NM-10c")
@pytest.mark.parametrize(
    ("key", "title"),
    [
        ("mode", "联合培养方式"),
        ("period", "培养期限"),
        ("content", "培养内容"),
        ("conditions", "学习或科研条件"),
        ("practice", "实践训练"),
        ("exchange", "学术交流"),
        ("ip", "知识产权"),
        ("confidentiality", "技术保密"),
        ("benefits", "待遇"),
        ("personal_safety", "人身安全"),
    ],
)
def test_the_revised_agreement_holds_every_clause(key, title):
    result = at("nm", "agreement.revise", {"agreement": PERSONS}, {"agreement.missing_clauses": [key]})
    assert [one.clause for one in result.values()] == ["NM-10c"]
    assert title in result["revision_clauses"].message
