"""What NM and XCU state, value by value, as the profiles hold it: figures, codes that may be chosen, who acts at which
step. What follows from a value is tested where it happens; here it is compared with the article that it comes from."""

from __future__ import annotations

import pytest

from tests.profiles.samples import form, profile, record_form

NM_VALUES = [
    ("NM-4a", "head.level", "provincial"),
    ("NM-4a", "head.issuer", "内蒙古自治区教育厅"),
    ("NM-6a", "head.scope", "专业学位研究生"),
    ("NM-0", "head.trial", True),
    ("NM-1", "head.basis", ["教研〔2020〕9号", "学位〔2020〕20号", "教研〔2015〕1号"]),
    ("NM-23", "head.effective", "promulgation"),
    ("NM-4b", "apply.actor", ["programme", "university"]),
    ("NM-6a", "apply.applicant.kinds", ["university", "research_institute"]),
    ("NM-6a", "apply.applicant.region", "15"),
    ("NM-6a", "apply.applicant.professional_degree", True),
    ("NM-5", "apply.call.per_year", 1),
    ("NM-8.2c", "apply.call.window", True),
    ("NM-6b", "apply.quota.factors", ["categories", "scale", "double_first_class", "other"]),
    (
        "NM-7.2a",
        "apply.partner.kinds",
        ["government", "enterprise", "public_institution", "research_institute", "social_organisation"],
    ),
    ("NM-7.2b", "apply.partner.max", 1),
    ("NM-7.1a", "apply.anchor.kinds", ["degree_category"]),
    ("NM-7.1a", "apply.anchor.count", 1),
    ("NM-7.3a", "apply.cond.coop_years", 2),
    ("NM-7.3b", "apply.cond.agreement_first", True),
    ("NM-7.3c", "apply.cond.input_sides", ["university", "partner"]),
    ("NM-7.3d", "apply.cond.students", 5),
    ("NM-7.2c", "apply.cond.facilities", ["work", "living", "study"]),
    ("NM-7.2c", "apply.cond.rules", ["safety", "management"]),
    ("NM-7.2c", "apply.cond.funds", "充裕的实践项目和经费"),
    ("NM-8.1", "apply.attachments", ["agreement", "investment", "students", "other"]),
    ("NM-4a", "recognition.level", "provincial"),
    ("NM-8.4b", "recognition.active_when", "published"),
    ("NM-8.4b", "recognition.document", True),
    ("NM-8.4b", "recognition.construction.start", "published"),
    ("NM-12a", "recognition.construction.years", 3),
    ("NM-7.3b", "agreement.order", "before_application"),
    ("NM-10a", "agreement.revise_after_recognition", True),
    (
        "NM-10c",
        "agreement.clauses",
        [
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
        ],
    ),
]
XCU_VALUES = [
    ("XCU-0", "head.number", "西学院〔2025〕75号"),
    ("XCU-0", "head.issuer", "西昌学院"),
    ("XCU-0", "head.addressees", "校内各单位"),
    ("XCU-0", "head.trial", True),
    ("XCU-1", "head.basis", ["教研〔2020〕9号", "学位〔2020〕20号", "教研〔2015〕1号"]),
    ("XCU-1", "head.scope", "研究生，特别是专业学位研究生"),
    ("XCU-31a", "head.effective", "issue"),
    ("XCU-4b", "head.level", "school"),
    ("XCU-7.1a", "apply.actor", ["college"]),
    ("XCU-7.1a", "apply.form", "annex1"),
    ("XCU-7.1b", "apply.attachments", ["basis"]),
    ("XCU-2", "apply.partner.kinds", ["enterprise", "government", "public_institution", "social_organisation"]),
    ("XCU-5.0", "apply.partner.legal_person", True),
    ("XCU-A1.N1", "apply.anchor.kinds", ["degree_category", "discipline"]),
    ("XCU-A1.N1", "apply.anchor.catalogue", "degree_categories_2022"),
    ("XCU-5.5", "apply.cond.facilities", ["study", "work", "living"]),
    ("XCU-5.6", "apply.cond.rules", ["instructors", "students", "consultation"]),
    ("XCU-5.7", "apply.cond.funds", "稳定的经费来源"),
    ("XCU-7.2a", "agreement.order", "draft_with_application"),
    ("XCU-7.2c", "agreement.term.years", 5),
    ("XCU-4b", "recognition.level", "school"),
    ("XCU-4c", "recognition.name", "西昌学院研究生联合培养基地"),
    ("XCU-4c", "recognition.plaque.certificate", True),
    ("XCU-4d", "recognition.source_recognition", "school"),
    ("XCU-7.4b", "recognition.active_when", "signed"),
    ("XCU-7.5", "recognition.plaque.when", "after_signing"),
    ("XCU-7.5", "recognition.plaque.wording", "西昌学院研究生联合培养基地"),
]


def plain(value):
    """A value as the tables write it: text in Chinese, rows by their code, key or number."""
    if isinstance(value, list):
        return [plain(one) for one in value]
    words = (getattr(value, name, "") for name in ("zh", "code", "key", "number"))
    return next((one for one in words if isinstance(one, str) and one), value)


def rows(tables: dict):
    """Parameter sets marked with their clause: (clause, regulation, …)."""
    return [
        pytest.param(clause, code, *rest, marks=pytest.mark.clause(clause), id=f"{clause}-{rest[0]}")
        for code, table in tables.items()
        for clause, *rest in table
    ]


@pytest.mark.parametrize(("clause", "code", "path", "stated"), rows({"nm": NM_VALUES, "xcu": XCU_VALUES}))
def test_a_value_is_that_of_the_text(clause, code, path, stated):
    holder = profile(code)
    for part in path.split("."):
        holder = getattr(holder, part)
    value = getattr(holder, "value", holder)
    if isinstance(value, list):  # what the house adds of its own cites no clause
        value = [row for row in value if not (getattr(row, "local", False) and not getattr(row, "clause", None))]
    assert plain(value) == stated


@pytest.mark.clause("XCU-2")
def test_a_base_is_defined_by_partners_and_five_functions():
    words = profile("xcu").head.definition.value.zh
    for named in (
        "行业企业",
        "机关事业单位",
        "社会组织",
        "人才培养",
        "科技创新",
        "成果转化",
        "社会服务",
        "文化传承",
    ):
        assert named in words


MARK = ["meets", "partly", "fails"]
CHECK = ["checked", "defective", "not_seen"]
NM_CHOICES = [
    (
        "NM-2a",
        "application.strategy_tags",
        ["barrier_ecology", "barrier_stability", "base_energy", "base_agriculture", "bridgehead_north"],
    ),
    (
        "NM-7.2a",
        "application.partner_kind",
        ["government", "enterprise", "public_institution", "research_institute", "social_organisation"],
    ),
    (
        "NM-7.2c",
        "application.capacity",
        [
            "scale",
            "reputation",
            "sector",
            "team",
            "experts",
            "place",
            "equipment",
            "projects",
            "funds",
            "safety",
            "management",
            "living",
        ],
    ),
    ("NM-7.3c", "application.investments.side", ["university", "partner"]),
    ("NM-7.3c", "application.investments.kind", ["funds", "place", "equipment", "other"]),
    *(
        ("NM-8.2a", f"six_aspects.{aspect}_mark", MARK)
        for aspect in ("category", "partner_unit", "reasons", "results", "prospects", "training_role")
    ),
    ("NM-8.3", "expert_opinion.verdict", ["recommend", "reserve", "oppose"]),
]
XCU_CHOICES = [
    ("XCU-2", "annex1.partner_group", ["enterprise", "organ_institution", "social_organisation", "other"]),
    ("XCU-5.2", "annex1.practice_basis", ["projects", "research", "transfer"]),
    ("XCU-5.2", "annex1.methods", ["teamwork", "case_analysis", "field_study", "simulation", "other"]),
    ("XCU-5.3", "annex1.senior_staff.rank", ["senior", "associate_senior", "other"]),
    ("XCU-5.5", "annex1.guarantees", ["labour", "health", "safety", "study", "work", "living"]),
    ("XCU-5.6", "annex1.practice_rules", ["instructors", "students", "consultation"]),
    ("XCU-6.1", "annex1.stations", ["academician", "postdoctoral", "postdoctoral_innovation"]),
    (
        "XCU-6.2",
        "annex1.rd_platforms.kind",
        ["key_laboratory", "engineering_centre", "technology_centre", "industry_institute", "humanities_base", "other"],
    ),
    ("XCU-6.2", "annex1.rd_platforms.level", ["national", "provincial", "municipal", "other"]),
    (
        "XCU-A1.N2",
        "annex1.evidence.item",
        ["mentors", "enrolment", "national", "provincial", "commissioned", "results"],
    ),
    ("XCU-7.3a", "expert_opinion.verdict", ["recommend", "revise", "oppose"]),
    ("XCU-7.3b", "site_visit.safety_qualification", CHECK),
    ("XCU-7.3b", "site_visit.emergency_plan", CHECK),
    ("XCU-9", "committee.members.party", ["school_leader", "partner", "graduate_office", "college"]),
    ("XCU-10a", "working_group.members.party", ["graduate_office", "college", "partner"]),
    ("XCU-10a", "working_group.tasks", ["plans", "mentors", "assessment"]),
    ("XCU-10b", "working_group.members.position", ["leader", "deputy", "member"]),
]


@pytest.mark.parametrize(("clause", "code", "path", "codes"), rows({"nm": NM_CHOICES, "xcu": XCU_CHOICES}))
def test_what_may_be_chosen_is_what_the_text_names(clause, code, path, codes):
    name, key, *column = path.split(".")
    spec = form(code, name) if name in profile(code).forms else record_form(code, name)
    field = spec.field(key)
    field = field.column(column[0]) if column else field
    assert [one.code for one in (field.items or field.options)] == codes


NM_POINTS = [
    (
        "NM-7.2c",
        "partner",
        [
            "scale",
            "reputation",
            "sector",
            "team",
            "experts",
            "place",
            "equipment",
            "projects",
            "funds",
            "safety",
            "management",
            "living",
        ],
    ),
]
XCU_POINTS = [
    ("XCU-5.2", "representative", ["teamwork", "case_analysis", "field_study", "simulation"]),
    ("XCU-5.5", "guarantees", ["labour", "health", "safety", "study", "work", "living"]),
    ("XCU-5.6", "rules", ["instructors", "students", "consultation"]),
    ("XCU-6.1", "stations", ["academician", "postdoctoral", "postdoctoral_innovation"]),
    (
        "XCU-6.2",
        "platforms",
        ["key_laboratory", "engineering_centre", "technology_centre", "industry_institute", "humanities_base"],
    ),
]


@pytest.mark.parametrize(("clause", "code", "key", "codes"), rows({"nm": NM_POINTS, "xcu": XCU_POINTS}))
def test_the_points_of_a_condition_are_those_of_the_text(clause, code, key, codes):
    apply = profile(code).apply
    (item,) = [one for one in (*apply.cond.items, *apply.priority) if one.key == key]
    assert plain(item.points) == codes
    assert clause in {item.clause, *item.also} | {point.clause for point in item.points}


NM_STEPS = [
    ("NM-8.2a", "six_aspects", "recommending", "university.graduate_office", None, "six_aspects"),
    ("NM-8.2b", "recommend_notice", "recommending", "university.graduate_office", None, None),
    ("NM-8.2c", "recommended_list", "recommending", "university.graduate_office", None, None),
    ("NM-8.3", "expert_review", "reviewing", "authority.officer", None, None),
    ("NM-8.3", "preliminary_list", "reviewing", "authority.officer", None, None),
    ("NM-8.4a", "deliberation", "deciding", "authority.officer", None, "deliberation"),
    ("NM-8.4a", "recognise_notice", "deciding", "authority.officer", None, None),
    ("NM-8.4b", "recognition_list", "deciding", "authority.officer", None, None),
]
XCU_STEPS = [
    ("XCU-A1.V.2", "partner_opinion", "recommending", "partner.contact", [], None),
    ("XCU-A1.V.1", "college_opinion", "recommending", "college.dean", [], None),
    (
        "XCU-7.3a",
        "expert_review",
        "reviewing",
        "university.graduate_office",
        ["partner_opinion", "college_opinion"],
        None,
    ),
    (
        "XCU-7.3b",
        "site_visit",
        "reviewing",
        "university.graduate_office",
        ["partner_opinion", "college_opinion"],
        "site_visit",
    ),
    (
        "XCU-7.3a",
        "review_opinion",
        "reviewing",
        "university.graduate_office",
        ["expert_review", "site_visit"],
        "review_opinion",
    ),
    ("XCU-7.3c", "formal_agreement", "reviewing", "college.secretary", ["review_opinion"], None),
    ("XCU-A1.V.3", "go_opinion", "reviewing", "university.graduate_office", ["formal_agreement"], None),
    ("XCU-7.4a", "meeting_decision", "deciding", "university.meeting_recorder", None, None),
]


@pytest.mark.parametrize(
    ("clause", "code", "key", "stage", "actor", "after", "asks"), rows({"nm": NM_STEPS, "xcu": XCU_STEPS})
)
def test_who_acts_at_a_step_and_after_which(clause, code, key, stage, actor, after, asks):
    (step,) = [one for one in profile(code).route("application") if one.key == key]
    assert clause == step.clause
    assert (step.stage, f"{step.unit}.{step.role}", step.after, step.form) == (stage, actor, after, asks)


def test_the_steps_are_in_the_order_of_the_text():
    for code, table in (("nm", NM_STEPS), ("xcu", XCU_STEPS)):
        assert [step.key for step in profile(code).route("application")] == [key for _clause, key, *_rest in table]


@pytest.mark.parametrize(
    ("clause", "code", "key", "actor"),
    rows(
        {
            "nm": [
                ("NM-10a", "office_check", "university.graduate_office"),
                ("NM-10a", "partner_confirmation", "party.partner.contact"),
            ],
            "xcu": [
                ("XCU-7.3c", "go_check", "university.graduate_office"),
                ("XCU-7.3d", "legal_review", "university.legal"),
                ("XCU-7.4b", "partner_confirmation", "party.partner.contact"),
            ],
        }
    ),
)
def test_who_acts_on_the_agreement(clause, code, key, actor):
    step = profile(code).step("agreement", key)
    assert (step.clause, f"{step.unit}.{step.role}") == (clause, actor)


@pytest.mark.parametrize(
    ("clause", "code", "key", "actor", "notice"),
    rows(
        {
            "nm": [
                ("NM-8.2b", "recommended", "university.graduate_office", "recommend"),
                ("NM-8.3", "preliminary", "authority.officer", None),
                ("NM-8.4a", "recognition", "authority.officer", "recognise"),
            ]
        }
    ),
)
def test_whose_list_it_is_and_who_may_object(clause, code, key, actor, notice):
    own = profile(code)
    case_list = own.lists[key]
    assert (case_list.clause, f"{case_list.unit}.{case_list.role}", case_list.notice) == (
        clause,
        actor,
        notice,
    )
    if notice:
        posted = own.notices[notice]
        assert (posted.clause, f"{posted.unit}.{posted.role}", posted.objections) == (clause, actor, True)


@pytest.mark.parametrize(
    ("clause", "code", "key", "confirmed"),
    rows(
        {
            "nm": [("NM-10a", "partner_confirmation", ["agreement"])],
            "xcu": [("XCU-A1.V.1", "college_opinion", ["annex1"]), ("XCU-A1.V.2", "partner_opinion", ["annex1"])],
        }
    ),
)
def test_what_is_confirmed_with_an_opinion(clause, code, key, confirmed):
    own = profile(code)
    (step,) = [one for one in (*own.route("application"), *own.route("agreement")) if one.key == key]
    assert (step.clause, step.confirms) == (clause, confirmed)


@pytest.mark.parametrize(
    ("clause", "code", "key"),
    rows({"nm": [("NM-8.3", "expert_review")], "xcu": [("XCU-7.3a", "expert_review")]}),
)
def test_experts_give_an_opinion_and_no_marks(clause, code, key):
    (step,) = [one for one in profile(code).route("application") if one.key == key]
    assert (step.clause, step.panel.opinion, step.panel.score) == (clause, True, False)
