"""Every predicate of the closed vocabulary, at its bounds."""

from __future__ import annotations

import datetime as dt

import pytest

from regulations import facts, loader
from regulations.context import RuleContext
from regulations.predicates import PREDICATES
from regulations.rules import check, check_many, holds
from tests.regulations.samples import Case, data, judge

pytestmark = pytest.mark.django_db

F = "form.application."
ROWS = [
    {
        "side": "university",
        "amount": "100",
        "day": "2024-01-01",
        "good": True,
        "code": "0855",
        "title": "机械",
    },
    {
        "side": "partner",
        "amount": "0.50",
        "day": "2026-12-31",
        "good": False,
        "code": "0951",
        "title": "农业",
    },
]

STAYS = [
    {"side": "university", "stay": {"from": "2026-09-01", "to": "2027-01-15"}},
    {"side": "partner", "stay": {"from": "2027-01-16", "to": "2027-06-30"}},
]
CROSSED = [STAYS[0], {"side": "partner", "stay": {"from": "2027-01-15", "to": "2027-06-30"}}]
APART = {
    "table": F + "rows",
    "column": "stay",
    "where": {"side": "partner"},
    "against": {"side": "university"},
}

# predicate, params, answers that hold, answers that do not
HOLDS = [
    ("present", {"fact": F + "name"}, {"name": "甲"}, {"name": " "}),
    ("present", {"fact": F + "proof"}, {"proof": [1]}, {"proof": []}),
    ("present", {"fact": F + "agrees"}, {"agrees": False}, {}),
    (
        "present",
        {"fact": F + "term"},
        {"term": {"from": "2026-01-01", "to": "2026-02-01"}},
        {"term": {"from": "2026-01-01"}},
    ),
    (
        "present",
        {"fact": F + "safety"},
        {"safety": {"labour": {"checked": True}, "fire": {"checked": True}}},
        {"safety": {"labour": {"checked": True}}},
    ),
    ("absent", {"fact": F + "name"}, {"name": " "}, {"name": "甲"}),
    ("absent", {"fact": F + "sectors"}, {"sectors": []}, {"sectors": ["law"]}),
    ("all_present", {"facts": [F + "name", F + "goal"]}, {"name": "甲", "goal": "乙"}, {"name": "甲"}),
    ("equals", {"fact": F + "agrees", "value": True}, {"agrees": True}, {"agrees": False}),
    ("equals", {"fact": F + "kind", "value": "enterprise"}, {"kind": "enterprise"}, {}),
    (
        "same_as",
        {"fact": F + "name", "other": F + "goal"},
        {"name": "甲", "goal": "甲"},
        {"name": "甲", "goal": "乙"},
    ),
    ("same_as", {"fact": F + "name", "other": F + "goal"}, {"name": "甲"}, {"name": "甲", "goal": "甲乙"}),
    ("not_equals", {"fact": F + "kind", "value": "individual"}, {"kind": "enterprise"}, {"kind": "individual"}),
    (
        "one_of",
        {"fact": F + "kind", "values": ["enterprise", "government"]},
        {"kind": "government"},
        {"kind": "individual"},
    ),
    (
        "one_of",
        {"fact": F + "sectors", "values": ["energy", "law"]},
        {"sectors": ["law"]},
        {"sectors": ["law", "retail"]},
    ),
    ("one_of", {"fact": F + "kind", "values": ["enterprise"]}, {"kind": "enterprise"}, {}),
    ("none_of", {"fact": F + "sectors", "values": ["retail"]}, {"sectors": ["law"]}, {"sectors": ["law", "retail"]}),
    (
        "any_of",
        {"fact": F + "sectors", "values": ["energy", "law"]},
        {"sectors": ["retail", "law"]},
        {"sectors": ["retail"]},
    ),
    ("at_least", {"fact": F + "count", "value": 5}, {"count": 5}, {"count": 4}),
    ("at_least", {"fact": F + "count", "value": 5}, {"count": 6}, {}),
    ("at_least", {"fact": F + "price", "value": 100000}, {"price": "100000.00"}, {"price": "99999.99"}),
    ("at_most", {"fact": F + "count", "value": 5}, {"count": 5}, {"count": 6}),
    ("at_most", {"fact": F + "count", "value": 5}, {}, {"count": 6}),
    ("count_at_least", {"fact": F + "rows", "value": 2}, {"rows": ROWS}, {"rows": ROWS[:1]}),
    ("count_at_least", {"fact": F + "rows", "value": 1, "where": {"good": True}}, {"rows": ROWS}, {"rows": ROWS[1:]}),
    ("count_at_least", {"fact": F + "sectors", "value": 1}, {"sectors": ["law"]}, {}),
    ("count_at_least", {"fact": F + "safety", "value": 1}, {"safety": {"fire": {"checked": True}}}, {"safety": {}}),
    ("count_at_most", {"fact": F + "proof", "value": 1}, {"proof": [1]}, {"proof": [1, 2]}),
    ("sum_at_least", {"table": F + "rows", "column": "amount", "value": 100.5}, {"rows": ROWS}, {"rows": ROWS[:1]}),
    (
        "sum_at_least",
        {"table": F + "rows", "column": "amount", "where": {"side": "partner"}, "value": 0, "above": True},
        {"rows": ROWS},
        {"rows": ROWS[:1]},
    ),
    ("sums_to", {"table": F + "rows", "column": "amount", "value": 100}, {"rows": ROWS[:1]}, {"rows": ROWS}),
    ("each_at_least", {"table": F + "rows", "column": "amount", "value": 100}, {"rows": ROWS[:1]}, {"rows": ROWS}),
    ("all_true", {"facts": [F + "agrees", F + "online"]}, {"agrees": True, "online": True}, {"agrees": True}),
    (
        "all_true",
        {"fact": F + "safety", "items": ["fire"]},
        {"safety": {"fire": {"checked": True}}},
        {"safety": {"labour": {"checked": True}}},
    ),
    (
        "ticked_or_explained",
        {"fact": F + "safety"},
        {"safety": {"fire": {"checked": True}, "labour": {"checked": False, "remark": "由物业负责"}}},
        {"safety": {"fire": {"checked": True}, "labour": {"checked": False, "remark": " "}}},
    ),
    ("any_true", {"facts": [F + "agrees", F + "online"]}, {"online": True}, {"agrees": False}),
    (
        "any_true",
        {"fact": F + "safety"},
        {"safety": {"fire": {"checked": True}}},
        {"safety": {"fire": {"checked": False}}},
    ),
    ("since_at_least", {"fact": F + "since", "years": 2}, {"since": "2025-03-01"}, {"since": "2025-03-02"}),
    (
        "since_at_least",
        {"fact": F + "since", "months": 6, "until": F + "until"},
        {"since": "2026-08-31", "until": "2027-02-28"},
        {"since": "2026-08-31", "until": "2027-02-27"},
    ),
    ("since_at_least", {"fact": F + "since", "years": {"leaf": "apply.cond.coop_years"}}, {"since": "2025-03-01"}, {}),
    ("on_or_before", {"fact": F + "since"}, {"since": "2027-03-01"}, {"since": "2027-03-02"}),
    (
        "on_or_before",
        {"fact": F + "since", "than": F + "until"},
        {"since": "2026-01-02", "until": "2026-01-02"},
        {"since": "2026-01-03", "until": "2026-01-02"},
    ),
    ("on_or_before", {"fact": F + "since", "than": "2026-06-30"}, {"since": "2026-06-30"}, {"since": "2026-07-01"}),
    ("on_or_after", {"fact": F + "until"}, {"until": "2027-03-01"}, {"until": "2027-02-28"}),
    ("on_or_after", {"fact": F + "until"}, {"until": "2028-01-01"}, {}),
    ("before", {"fact": F + "until"}, {"until": "2027-02-28"}, {"until": "2027-03-01"}),
    (
        "before",
        {"fact": F + "since", "than": F + "until"},
        {"since": "2026-01-01", "until": "2026-01-02"},
        {"since": "2026-01-02", "until": "2026-01-02"},
    ),
    ("before", {"fact": F + "until"}, {"until": "2027-02-28"}, {}),
    (
        "inside_window",
        {"fact": F + "until", "from": F + "term.from", "until": F + "term.to"},
        {"until": "2026-05-31", "term": {"from": "2026-05-01", "to": "2026-05-31"}},
        {"until": "2026-06-01", "term": {"from": "2026-05-01", "to": "2026-05-31"}},
    ),
    (
        "outside_none",
        {"table": F + "rows", "column": "day", "years_before": 3},
        {"rows": ROWS},
        {"rows": [{"day": "2023-12-31"}]},
    ),
    (
        "outside_none",
        {"table": F + "rows", "column": "day", "years_before": 3, "anchor": F + "until"},
        {"rows": ROWS, "until": "2027-11-01"},
        {"rows": ROWS, "until": "2026-11-01"},
    ),
    (
        "outside_none",
        {"table": F + "rows", "column": "day", "from": F + "since", "until": F + "until"},
        {"rows": ROWS, "since": "2024-01-01", "until": "2026-12-31"},
        {"rows": ROWS, "since": "2024-01-02", "until": "2026-12-31"},
    ),
    (
        "term_at_least",
        {"period": F + "term", "months": 6},
        {"term": {"from": "2026-09-01", "to": "2027-02-28"}},
        {"term": {"from": "2026-09-01", "to": "2027-02-27"}},
    ),
    (
        "term_at_least",
        {"start": F + "since", "end": F + "until", "years": 1},
        {"since": "2028-02-29", "until": "2029-02-28"},
        {"since": "2028-02-29", "until": "2029-02-27"},
    ),
    (
        "term_equals",
        {"period": F + "term", "years": 3},
        {"term": {"from": "2026-09-01", "to": "2029-08-31"}},
        {"term": {"from": "2026-09-01", "to": "2029-09-01"}},
    ),
    (
        "term_between",
        {"period": F + "term", "min_years": 3, "max_years": 5},
        {"term": {"from": "2026-03-01", "to": "2029-02-28"}},
        {"term": {"from": "2026-03-01", "to": "2028-02-29"}},
    ),
    (
        "term_between",
        {"period": F + "term", "min_years": 3, "max_years": 5},
        {"term": {"from": "2026-03-01", "to": "2031-02-28"}},
        {"term": {"from": "2026-03-01", "to": "2031-03-01"}},
    ),
    (
        "matches_catalogue",
        {"catalogue": "degree_categories_2022", "table": F + "rows", "code": "code", "name": "title"},
        {"rows": ROWS},
        {"rows": [{"code": "0855", "title": "农业"}]},
    ),
    (
        "matches_catalogue",
        {"catalogue": "degree_categories_2022", "code": F + "name", "name": F + "goal"},
        {"name": "0951", "goal": "农业"},
        {"name": "9999", "goal": "农业"},
    ),
    (
        "not_greater_than",
        {"fact": F + "count", "than": F + "total"},
        {"count": 5, "total": 5},
        {"count": 6, "total": 5},
    ),
    ("not_greater_than", {"fact": F + "count", "than": F + "total"}, {"count": 5}, {"count": 6, "total": 5}),
    (
        "share_at_least",
        {"part": F + "count", "whole": F + "total", "value": 0.5},
        {"count": 10, "total": 20},
        {"count": 9, "total": 20},
    ),
    (
        "member_with_role",
        {"table": F + "rows", "column": "side", "values": ["university", "partner"]},
        {"rows": ROWS},
        {"rows": ROWS[:1]},
    ),
    ("periods_apart", APART, {"rows": STAYS}, {"rows": CROSSED}),
    ("mentions_none", {"fact": F + "name", "words": ["研究生"]}, {"name": "企业研修班"}, {"name": "研 究生课程班"}),
    (
        "names_no_place_away",
        {"table": F + "rows", "column": "title"},
        {"rows": ROWS},
        {"rows": [{"title": "机械（培养地点：苏州）"}]},
    ),
]


@pytest.mark.parametrize(("predicate", "params", "good", "bad"), HOLDS)
def test_predicate(predicate, params, good, bad):
    assert judge(predicate, params, good) == []
    found = judge(predicate, params, bad)
    assert found
    for finding in found:
        assert (finding.clause, finding.strength, finding.rule) == ("TT-2", "hard", "one")
        assert finding.blocks
        assert finding.message
        assert "{" not in finding.message


def test_every_predicate_is_tried():
    assert {case[0] for case in HOLDS} == set(PREDICATES)


def test_a_finding_says_what_was_seen_in_chinese():
    (finding,) = judge("since_at_least", {"fact": F + "since", "years": 2}, {"since": "2025-03-02"})
    assert finding.message == "“合作开始日期”为2025年3月2日，至2027年3月1日不满2年（2027年3月2日起满）"
    assert finding.facts == {
        F + "since": "2025-03-02",
        "day": "2027-03-01",
        "reached": "2027-03-02",
    }
    assert (finding.form, finding.section, finding.field) == ("application", "main", "since")
    (finding,) = judge("at_least", {"fact": F + "price", "value": 100000}, {"price": "99999.90"})
    assert finding.message == "“金额”为99999.9元，要求不少于100000元"
    (finding,) = judge("one_of", {"fact": F + "kind", "values": ["enterprise", "government"]}, {"kind": "individual"})
    assert finding.message == "“性质”为个人，限于企业、机关"
    (finding,) = judge(
        "member_with_role",
        {"table": F + "rows", "column": "side", "values": ["university", "partner"]},
        {"rows": ROWS[:1]},
    )
    assert finding.message == "“明细”中尚缺：合作单位"


def test_own_message_and_fix_are_filled_in():
    (finding,) = judge(
        "count_at_least",
        {"fact": F + "rows", "value": 5},
        {"rows": ROWS},
        message="现有{actual}名，要求{value}名及以上",
        fix="请补充{value}名",
    )
    assert (finding.message, finding.fix) == ("现有2名，要求5名及以上", "请补充5名")


def test_one_finding_for_each_row_and_each_text():
    found = judge("each_at_least", {"table": F + "rows", "column": "amount", "value": 1000}, {"rows": ROWS})
    assert [finding.facts["row"] for finding in found] == [1, 2]
    found = judge("all_present", {"facts": [F + "name", F + "goal"]}, {})
    assert [finding.field for finding in found] == ["name", "goal"]


def test_strengths():
    params, bad, good = {"fact": F + "count", "value": 5}, {"count": 1}, {"count": 5}
    (hard,) = judge("at_least", params, bad)
    assert hard.blocks
    override = {"unit": "university", "role": "graduate_office"}
    (default,) = judge("at_least", params, bad, strength="default", override=override)
    assert default.blocks
    assert not judge("at_least", params, bad, strength="priority", tag="优先")
    (tag,) = judge("at_least", params, good, strength="priority", tag="优先（{value}）")
    assert (tag.message, tag.blocks) == ("优先（5人）", False)
    for strength in ("encouraged", "info"):
        (hint,) = judge("at_least", params, bad, strength=strength)
        assert not hint.blocks


def test_an_override_lets_its_own_default_rule_pass_and_no_other():
    content = data()
    override = {"unit": "university", "role": "graduate_office"}
    one = {
        "key": "one",
        "clause": "TT-2",
        "gate": "application.submit",
        "predicate": "at_least",
        "params": {"fact": F + "count", "value": 5},
    }
    content["rules"] = [
        {**one, "strength": "default", "override": override},
        {**one, "key": "two", "strength": "default", "override": override},
        {**one, "key": "three"},
        {**one, "key": "four", "gate": ["application.recommend"]},
    ]
    del content["settings"]
    profile = loader.load_data(content).require()
    found = check(profile, "application.submit", Case(count=1), dt.date(2027, 3, 1), overrides={"one", "three"})
    assert [(finding.rule, finding.overridden, finding.blocks) for finding in found] == [
        ("one", True, False),
        ("two", False, True),
        ("three", False, True),
    ]


def test_when_decides_whether_a_rule_applies():
    params, bad = {"fact": F + "count", "value": 5}, {"count": 1, "kind": "enterprise"}
    assert judge("at_least", params, bad, when={"fact": F + "kind", "equals": "enterprise"})
    assert not judge("at_least", params, bad, when={"fact": F + "kind", "equals": "government"})


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"fact": F + "kind", "equals": "enterprise"}, True),
        ({"fact": F + "kind", "not_equals": "enterprise"}, False),
        ({"fact": F + "kind", "in": ["government", "enterprise"]}, True),
        ({"fact": F + "count", "gte": 3}, True),
        ({"fact": F + "count", "gte": 4}, False),
        ({"fact": F + "count", "lte": 3}, True),
        ({"fact": F + "since", "gte": "2026-01-01"}, True),
        ({"fact": F + "since", "lte": "2025-12-31"}, False),
        ({"fact": F + "goal", "present": True}, False),
        ({"fact": F + "goal", "present": False}, True),
        ({"fact": F + "total", "gte": 1}, False),
        ({"fact": F + "safety.fire", "equals": True}, True),
        ({"setting": "least.students", "equals": 5}, True),
        ({"fact": {"table": F + "rows", "agg": "count"}, "equals": 2}, True),
        ({"fact": {"table": F + "rows", "agg": "sum", "column": "amount"}, "gte": 100.5}, True),
        ({"fact": {"table": F + "rows", "agg": "max", "column": "day"}, "lte": "2026-12-31"}, True),
        ({"fact": {"table": F + "rows", "agg": "min", "column": "amount"}, "lte": 0.5}, True),
        ({"fact": {"table": F + "rows", "agg": "any", "column": "good"}, "equals": True}, True),
        ({"fact": {"table": F + "rows", "agg": "all", "column": "good"}, "equals": True}, False),
        ({"fact": {"table": F + "rows", "agg": "all", "where": {"amount": {"gte": 0.5}}}, "equals": True}, True),
        (
            {
                "fact": {
                    "table": F + "rows",
                    "agg": "any",
                    "where": {"side": {"in": ["partner"]}, "amount": {"lte": 0.4}},
                },
                "equals": True,
            },
            False,
        ),
        ({"all": [{"fact": F + "count", "gte": 3}, {"fact": F + "kind", "equals": "government"}]}, False),
        ({"any": [{"fact": F + "count", "gte": 4}, {"fact": F + "kind", "equals": "enterprise"}]}, True),
        ({"not": {"fact": F + "kind", "equals": "enterprise"}}, False),
    ],
)
def test_conditions(condition, expected):
    content = data()
    content["routes"]["application"][0]["when"] = condition
    profile = loader.load_data(content).require()
    answers = {
        "kind": "enterprise",
        "count": 3,
        "since": "2026-06-01",
        "rows": ROWS,
        "safety": {"fire": {"checked": True}},
    }
    applies, seen = holds(profile, profile.route("application")[0].when, Case(**answers), dt.date(2027, 3, 1))
    assert applies is expected
    assert isinstance(seen, dict)


def test_nonsense_answers_count_as_nothing():
    bad = {
        "count": "many",
        "price": "NaN",
        "since": "31.02.2026",
        "rows": "x",
        "sectors": 3,
        "agrees": "yes",
        "term": 7,
    }
    context = RuleContext(loader.load_data(data()).require(), Case(**bad), dt.date(2027, 3, 1))
    for name in bad:
        assert context.value(F + name) in (None, (None, None)), name


@pytest.fixture
def declare():
    """`facts.fact` for the time of a test."""
    declared = []

    def register(code: str, *more, **named):
        declared.append(code)
        return facts.fact(code, *more, **named)

    yield register
    for code in declared:
        facts.CATALOGUE.pop(code, None)


def test_every_provider_is_asked_once(declare):
    calls = []

    @declare("test.once", "integer", "次数", "application")
    def provider(cases, on):
        calls.append((len(cases), on))
        return {case.pk: case.pk for case in cases}

    content = data()
    rule = {
        "clause": "TT-2",
        "gate": "application.submit",
        "predicate": "at_least",
        "params": {"fact": "test.once", "value": 4},
    }
    content["rules"] += [{**rule, "key": "a"}, {**rule, "key": "b"}]
    profile = loader.load_data(content).require()
    three, four = Case(count=9), Case(count=9)
    three.pk, four.pk = 3, 4
    found = check_many(profile, "application.submit", [three, four], dt.date(2027, 3, 1))
    assert {pk: [finding.rule for finding in findings] for pk, findings in found.items()} == {3: ["a", "b"], 4: []}
    assert calls == [(2, dt.date(2027, 3, 1))]


def test_a_fact_is_read_of_its_own_kind_of_case_only(declare):
    declare("test.of_calls", "boolean", "批次", "call")(facts.each(lambda case: True))
    profile = loader.load_data(data()).require()
    with pytest.raises(facts.FactError, match=r"test\.of_calls belongs to call, not to application"):
        RuleContext(profile, Case(), dt.date(2027, 3, 1)).value("test.of_calls")
    with pytest.raises(facts.FactError, match=r"unknown fact test\.nowhere"):
        RuleContext(profile, Case(), dt.date(2027, 3, 1)).value("test.nowhere")


def test_what_is_being_entered_is_known_to_that_check_only(declare):
    facts.entered("test.signing", "date", "登记日期", "application")
    try:
        profile = loader.load_data(data()).require()
        day = dt.date(2027, 3, 1)
        assert RuleContext(profile, Case(), day, known={"test.signing": day}).value("test.signing") == day
        assert RuleContext(profile, Case(), day).value("test.signing") is None
    finally:
        del facts.CATALOGUE["test.signing"]


def test_a_table_of_facts_is_counted_and_filtered_as_a_forms_table(declare):
    """The profile names what it asks for: the kind of entry, whose it is, from which day."""

    @declare(
        "test.entries",
        "table",
        "登记",
        "application",
        columns=lambda profile: {
            "kind": ("code", "种类", {"safety": "安全制度", "group": "工作小组"}),
            "on": ("date", "日期", {}),
        },
    )
    def provider(cases, on):
        return {case.pk: [{"kind": "safety", "on": dt.date(2027, 1, 1)}] for case in cases}

    def asked(where: dict, gate: str = "application.recommend") -> loader.Loaded:
        content = data()
        params = {"fact": {"table": "test.entries", "agg": "count", "where": where}, "value": 1}
        content["rules"].append(
            {"key": "there", "clause": "TT-2", "gate": gate, "predicate": "at_least", "params": params}
        )
        return loader.load_data(content)

    def findings(where: dict, on: dt.date = dt.date(2027, 3, 1)) -> list:
        return check(asked(where).require(), "application.recommend", Case(count=9), on)

    assert findings({"kind": "safety"}) == []
    assert [one.rule for one in findings({"kind": "group"})] == ["there"]
    assert findings({"on": {"lte": "check"}}, dt.date(2027, 1, 1)) == []
    assert len(findings({"on": {"lte": "check"}}, dt.date(2026, 12, 31))) == 1
    assert "cannot be read of a case of kind call" in str(asked({"kind": "safety"}, "call.open").faults[0])
    for where, message in (
        ({"kind": "fire"}, "has no code «fire»"),
        ({"colour": "red"}, "has no column «colour»"),
    ):
        assert message in str(asked(where).faults[0])
    with pytest.raises(ValueError, match="a table has columns"):
        facts.fact("test.bare", "table", "x", "application")(lambda cases, on: {})


def test_the_registry_refuses_contradictions():
    for code, kind, message in (
        ("partner.kind", "code", "declared twice"),
        ("test.kind", "words", "unknown type"),
        ("form.application.x", "text", "by themselves"),
    ):
        with pytest.raises(ValueError, match=message):
            facts.fact(code, kind, "x", "application")(lambda cases, on: {})
    assert "test.kind" not in facts.CATALOGUE
