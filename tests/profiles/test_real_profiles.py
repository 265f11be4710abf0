"""The two real profiles as data: heads, figures, lists, routes. Figures are those of the printed texts."""

from __future__ import annotations

import datetime as dt

import pytest

from core.papers.layout import bindings, check_bindings, opinion_keys, parse_layout
from regulations.facts import CATALOGUE
from regulations.loader import PROFILES, load
from tests.profiles.samples import form, profile


@pytest.mark.parametrize("code", ["nm", "xcu"])
def test_the_profile_check_finds_nothing(code):
    assert [str(fault) for fault in load(PROFILES / code).faults] == []


@pytest.mark.parametrize("code", ["nm", "xcu"])
def test_every_form_parses_and_every_field_has_both_languages(code):
    for key in profile(code).forms:
        for section in form(code, key).sections:
            for field in (*section.fields, *(column for one in section.fields for column in one.columns)):
                assert field.label.zh
                assert field.label.en, f"{code} {key}.{field.key}"


@pytest.mark.parametrize("code", ["nm", "xcu"])
def test_every_paper_prints_fields_that_its_form_has(code):
    papers = profile(code).papers
    for key, paper in papers.items():
        if paper.layout is None:
            continue  # laid out by the house
        layout = parse_layout(paper.layout, title=str(paper.title))
        assert layout.sheet == paper.sheet
        if paper.form:
            assert check_bindings(layout, form(code, paper.form)) == [], key


@pytest.mark.parametrize("code", ["nm", "xcu"])
def test_opinion_blocks_name_steps(code):
    steps = {step.key for step in profile(code).route("application")}
    by_hand = {"partner_opinion"} if code == "nm" else set()  # no step: the partner writes and seals it on the paper
    assert set(opinion_keys(parse_layout(profile(code).papers["application"].layout))) <= steps | by_hand


# --- NM ---------------------------------------------------------------------------------------------------------


def test_nm_head():
    head = profile("nm").head
    assert (head.number, head.issued_on, head.trial.value, head.level.value) == (
        None,
        None,
        True,
        "provincial",
    )
    assert [one.number for one in head.basis] == ["教研〔2020〕9号", "学位〔2020〕20号", "教研〔2015〕1号"]
    assert len(head.principles.value) == 8
    assert (head.effective.value, head.effective.date) == ("promulgation", None)
    assert head.interpreter.value.zh.endswith("学位管理与研究生教育处")


def test_nm_figures():
    own = profile("nm")
    assert own.apply.call.per_year.value == 1
    assert own.apply.cond.coop_years.value == 2
    assert own.apply.cond.students.value == 5
    assert (own.apply.partner.max.value, own.apply.partner.max.strength) == (1, "default")
    assert own.recognition.construction.years.value == 3
    assert own.recognition.construction.start.value == "published"
    assert own.agreement.term is None
    assert own.agreement.order.value == "before_application"
    assert own.agreement.revise_after_recognition.value is True
    assert {key: grant.amount for key, grant in own.grants.items()} == {"national": 500_000, "innovation": 100_000}
    assert len(own.grants["innovation"].aspects) == 8
    first = own.evaluations["effectiveness"]
    assert {one.amount for one in first.consequences["excellent"] if one.effect == "grant"} == {100_000}
    assert [grade.code for grade in first.grades] == ["excellent", "qualified", "unqualified"]
    assert first.in_a_row.times == 2
    assert (
        len([one for one in own.form_fields if one.startswith("form.effect_heads.")]) == 7
    )  # six heads, the main point
    assert own.rectifications["unqualified"].period.years == 2
    assert len(own.information["expense.categories"].value) == 8


def test_nm_silence_is_local():
    own = profile("nm")
    for key in ("notice.recommend.days", "notice.recognise.days"):
        assert (own.settings[key].local, own.settings[key].value, own.settings[key].unit) == (
            True,
            5,
            "working_day",
        )
    interval = own.settings["evaluation.interval"]
    assert (interval.local, interval.value, interval.unit) == (True, 36, "month")
    assert own.apply.quota.formula is None
    assert all(setting.local for setting in own.settings.values())


@pytest.mark.clause("NM-7.1c")
def test_nm_thirteen_sectors_and_another_one():
    field = form("nm", "application").field("sectors")
    codes = [option.code for option in field.options]
    assert len(codes) == 14
    assert codes[-1] == field.other == "other"
    assert [point.code for point in profile("nm").apply.priority[0].points] == codes[:-1]
    assert profile("nm").rule("priority_sector").params["values"] == codes[:-1]


@pytest.mark.clause("NM-2a")
def test_nm_five_strategy_tags_two_two_one():
    points = profile("nm").apply.tags[0].points
    assert [point.group for point in points] == ["barrier", "barrier", "base", "base", "bridgehead"]
    offered = form("nm", "application").field("strategy_tags").options
    assert [option.code for option in offered] == [point.code for point in points]


def test_nm_five_partner_kinds_everywhere():
    kinds = ["government", "enterprise", "public_institution", "research_institute", "social_organisation"]
    own = profile("nm")
    assert own.apply.partner.kinds.value == kinds
    assert [option.code for option in form("nm", "application").field("partner_kind").options] == kinds
    assert own.rule("partner_kind").params["values"] == {"leaf": "apply.partner.kinds"}


def test_nm_twelve_capacity_points():
    field = form("nm", "application").field("capacity")
    assert len(field.items) == 12
    listed = next(item for item in profile("nm").apply.cond.items if item.key == "partner")
    assert [item.code for item in field.items] == [point.code for point in listed.points]


def test_nm_ten_clauses_in_eight_groups():
    clauses = [clause for clause in profile("nm").agreement.clauses if not clause.local]  # the house adds two
    assert len(clauses) == 10
    assert len({clause.group for clause in clauses}) == 8
    assert {clause.clause for clause in clauses} == {"NM-10c"}
    assert profile("nm").rule("revision_clauses").params["values"] == [clause.key for clause in clauses]


def test_nm_six_aspects():
    keys = ["category", "partner_unit", "reasons", "results", "prospects", "training_role"]
    spec = form("nm", "six_aspects")
    for key in keys:
        assert spec.field(key).required
        assert spec.field(f"{key}_mark").required


def test_nm_route_in_the_order_of_article_8():
    steps = [(step.stage, step.kind, step.unit) for step in profile("nm").route("application")]
    assert steps == [
        ("recommending", "endorse", "university"),
        ("recommending", "notice", "university"),
        ("recommending", "list", "university"),
        ("reviewing", "panel", "authority"),
        ("reviewing", "list", "authority"),
        ("deciding", "decision", "authority"),
        ("deciding", "notice", "authority"),
        ("deciding", "list", "authority"),
    ]
    lists = profile("nm").lists
    assert lists["recommended"].notice == "recommend"
    assert lists["recognition"].notice == "recognise"


def test_nm_attachments_are_three_named_and_others():
    attachments = profile("nm").apply.attachments
    assert [one.key for one in attachments] == ["agreement", "investment", "students", "other"]
    assert [one.open for one in attachments] == [False, False, False, True]


# --- XCU --------------------------------------------------------------------------------------------------------


def test_xcu_head():
    head = profile("xcu").head
    assert head.number.value == "西学院〔2025〕75号"
    assert [one.on for one in head.adopted] == [dt.date(2025, 7, 10), dt.date(2025, 7, 13)]
    assert [one.session.zh for one in head.adopted] == ["第12次", "第35次"]
    assert [one.number for one in head.basis] == ["教研〔2020〕9号", "学位〔2020〕20号", "教研〔2015〕1号"]
    assert (head.issued_on, head.principles, head.trial.value) == (None, None, True)
    assert (head.effective.value, head.effective.date) == ("issue", None)
    assert head.parents[0].level == "provincial"


def test_xcu_figures():
    own = profile("xcu")
    term = own.agreement.term.years
    assert (term.value, term.strength, term.source) == (5, "default", "XCU-7.2c")
    assert own.rule("agreement_term").override.role == "graduate_office"
    assert own.agreement.order.value == "draft_with_application"
    assert own.recognition.plaque.when.value == "after_signing"
    assert own.recognition.construction is None
    assert own.apply.call.per_year is None
    assert own.apply.cond.coop_years is None
    info = {key: leaf.value for key, leaf in own.information.items()}
    assert (info["grant.yearly"], info["grant.years"]) == (10_000, 3)
    bands = {band.grade: band.from_ for band in own.evaluations["triennial"].grading.bands}
    assert bands == {"excellent": 85, "qualified": 60, "unqualified": 0}
    assert info["allowance.amount"] is None


def test_xcu_seven_conditions_and_their_points():
    items = {item.key: item for item in profile("xcu").apply.cond.items}
    assert [item.clause for item in items.values()] == ["XCU-5.0", *(f"XCU-5.{n}" for n in range(1, 8))]
    assert len(items["representative"].points) == 4
    assert len(items["guarantees"].points) == 6
    assert len(items["rules"].points) == 3


def test_xcu_priority_conditions():
    three = {item.key: item for item in profile("xcu").apply.priority}
    assert list(three) == ["stations", "platforms", "long_cooperation"]
    assert (len(three["stations"].points), len(three["platforms"].points), three["platforms"].open) == (
        3,
        5,
        True,
    )


def test_xcu_six_mandatory_clauses():
    clauses = profile("xcu").agreement.clauses
    mandatory = [clause.key for clause in clauses if clause.clause == "XCU-7.2b"]
    assert mandatory == ["goals", "content", "field", "rights_duties", "ip", "term"]
    assert profile("xcu").rule("agreement_clauses").params["values"] == mandatory
    assert len(clauses) == 12
    assert all(clause.local for clause in clauses if clause.key not in mandatory)
    assert all(clause.text for clause in clauses)


def test_xcu_route():
    steps = {step.key: step for step in profile("xcu").route("application")}
    assert list(steps) == [
        "partner_opinion",
        "college_opinion",
        "expert_review",
        "site_visit",
        "review_opinion",
        "formal_agreement",
        "go_opinion",
        "meeting_decision",
    ]
    assert steps["expert_review"].after == steps["site_visit"].after == ["partner_opinion", "college_opinion"]
    assert steps["review_opinion"].after == ["expert_review", "site_visit"]
    assert (steps["formal_agreement"].kind, steps["formal_agreement"].agreement) == ("agreement", "formal")
    assert (steps["meeting_decision"].stage, steps["meeting_decision"].role) == (
        "deciding",
        "meeting_recorder",
    )
    assert steps["college_opinion"].offline
    assert steps["partner_opinion"].offline


def test_xcu_legal_review_only_where_the_text_leaves_the_template():
    own = profile("xcu")
    step = own.step("agreement", "legal_review")
    assert (step.kind, step.role) == ("legal_review", "legal")
    assert (step.when.fact, step.when.equals) == ("agreement.differs_from_template", True)
    assert own.step("agreement", "go_check").when is None


def test_xcu_bodies_have_four_and_three_parties():
    bodies = {body.key: body for body in profile("xcu").recognition.bodies}
    assert len(bodies["committee"].members) == 4
    assert len(bodies["working_group"].members) == 3
    rule = profile("xcu").rule("committee_parties")
    assert rule.params["values"] == [member.code for member in bodies["committee"].members]


def test_xcu_opinions_of_annex_1_stand_at_their_steps():
    steps = {step.key: {step.clause, *step.also} for step in profile("xcu").route("application")}
    assert "XCU-A1.V.1" in steps["college_opinion"]
    assert "XCU-A1.V.2" in steps["partner_opinion"]
    assert "XCU-A1.V.3" in steps["go_opinion"]
    assert "XCU-A1.V.4" in steps["meeting_decision"]


def test_the_annex_prints_no_price():
    layout = parse_layout(profile("xcu").papers["application"].layout)
    assert not any("unit_price" in one for one in bindings(layout))
    assert form("xcu", "annex1").field("equipment").column("unit_price").required


def facts_read(code: str) -> set[str]:
    """Every fact that a profile's rules and conditions read and no form field gives."""
    found: set[str] = set()

    def walk(value) -> None:
        if isinstance(value, dict):
            for one in value.values():
                walk(one)
        elif isinstance(value, list):
            for one in value:
                walk(one)
        elif isinstance(value, str) and value in CATALOGUE:
            found.add(value)

    own = profile(code)
    for rule in own.rules:
        walk(rule.params)
        walk(rule.when.model_dump(exclude_none=True) if rule.when else None)
    for step in (*own.route("application"), *own.route("agreement")):
        walk(step.when.model_dump(exclude_none=True) if step.when else None)
    return found


def test_the_list_of_facts_is_exact():
    listed = {}
    for line in (PROFILES / "README-facts.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 5 and cells[0].startswith("`"):
            listed |= {name.strip("` "): cells[1] for name in cells[0].split(",")}
    read = facts_read("nm") | facts_read("xcu")
    assert not read - set(listed)
    assert {name: CATALOGUE[name].type for name in listed} == listed
