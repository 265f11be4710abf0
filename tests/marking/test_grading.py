"""Grading as pure functions: each place of the order, and everything against a second, plain implementation."""

from __future__ import annotations

import statistics
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.marking import HandedIn, fingerprint, sheet_of
from evaluations.grading import Grade, Names, grade, scheme_of, words
from regulations.schema import Grading, Sheet

GRADES = ("excellent", "qualified", "unqualified")
BANDS = [{"grade": "excellent", "from": 85}, {"grade": "qualified", "from": 60}, {"grade": "unqualified", "from": 0}]
BANDS = [{**band, "clause": "TT-29"} for band in BANDS]
NAMES = Names(
    grade=lambda code: code, fact=lambda key, value: f"{key}={value}", article=lambda clause: clause, setting=str
)


def scheme(grades=GRADES, figures=None, **declared):
    return scheme_of(Grading.model_validate(declared), grades, lambda ref: (figures or {}).get(ref.setting))


def scored(**changed):
    declared = {
        "combine": {"how": "mean", "local": True},
        "rounding": {"places": 2, "mode": "down", "when": "combined", "local": True},
        "bands": BANDS,
    }
    return scheme(**{**declared, **changed})


def sheets(*totals, kinds=()):
    kinds = kinds or [""] * len(totals)
    return [HandedIn(kind, {"a": Decimal(str(total))}) for total, kind in zip(totals, kinds, strict=True)]


def kinds_of(result: Grade) -> list[str]:
    return [reason.kind for reason in result.reasons]


@pytest.mark.parametrize(
    ("totals", "score", "code"),
    [
        ((85,), "85.00", "excellent"),
        ((84.99,), "84.99", "qualified"),
        ((84.99, 85), "84.99", "qualified"),  # 84.995 is not rounded up into the next grade
        ((60,), "60.00", "qualified"),
        ((59.99,), "59.99", "unqualified"),
        ((86, 82), "84.00", "qualified"),
        ((0,), "0.00", "unqualified"),
        ((100,), "100.00", "excellent"),
        ((84.66, 84.66, 84.68), "84.66", "qualified"),
    ],
)
def test_bands_are_half_open(totals, score, code):
    result = grade(scored(), sheets(*totals), {})
    assert (str(result.score), result.code) == (score, code)
    assert kinds_of(result) == [*["sheet"] * len(totals), "combined", "rounded", "band", "grade"]


def test_the_place_of_the_rounding_matters():
    half_up = {"places": 0, "mode": "half_up", "local": True}
    each = scored(rounding=[{**half_up, "when": "sheets"}, {**half_up, "when": "graded"}])
    assert grade(each, sheets(84.5, 84.5), {}).code == "excellent"
    combined = scored(rounding={**half_up, "when": "combined"})
    assert grade(combined, sheets(84.4, 84.6), {}).code == "excellent"
    after = grade(scored(rounding={**half_up, "when": "graded"}), sheets(84.5), {})
    assert (after.code, after.score) == ("qualified", Decimal(85))


def test_trimmed_leaves_the_extremes_out_and_needs_enough_sheets():
    trimmed = scored(combine={"how": "trimmed", "local": True})
    result = grade(trimmed, sheets(100, 86, 85, 84, 10), {})
    assert (result.score, result.code) == (Decimal("85.00"), "excellent")
    assert next(one for one in result.reasons if one.kind == "combined").left_out == (1, 5)
    few = grade(trimmed, sheets(90, 90), {})
    assert (few.code, few.score) == (None, None)
    assert few.reasons[-1].plain() == {"kind": "too_few", "have": 2, "needed": 3}


def test_weighted_by_kind_of_expert():
    weighted = scored(combine={"how": "weighted", "weights": {"academic": "0.6", "industry": "0.4"}, "local": True})
    kinds = ("academic", "academic", "industry")
    assert grade(weighted, sheets(90, 80, 70, kinds=kinds), {}).score == Decimal("79.00")
    absent = grade(weighted, sheets(90, 80, kinds=("academic", "management")), {}).reasons[-1].plain()
    assert absent == {"kind": "no_weight", "without_weight": ["management"], "without_sheet": ["industry"]}


def test_least_number_of_sheets():
    least = scored(min_sheets={"setting": "least"})
    two = scored(min_sheets={"setting": "least"}, figures={"least": 2})
    assert grade(least, sheets(90), {}).code == "excellent"
    assert grade(two, sheets(90), {}).code is None
    assert grade(two, sheets(90, 90), {}).code == "excellent"
    assert grade(least, [], {}).code is None


def test_a_setting_that_nobody_gave_leaves_the_grade_open():
    open_ = scored(combine={"how": {"setting": "eval.combine"}, "local": True})
    assert grade(open_, sheets(90), {}).reasons[0].plain() == {"kind": "missing", "settings": ["eval.combine"]}


CONDITIONS = {
    "excellent": [
        {"key": "students", "title": "学生", "when": {"fact": "f.students", "gte": 20}, "clause": "TT-18"},
        {
            "key": "effect",
            "title": "示范",
            "experts": {"field": "effect", "in": ["clear"], "share": "majority"},
            "clause": "TT-18",
        },
    ],
    "qualified": [{"key": "ring", "title": "专款", "when": {"fact": "f.ring", "equals": True}, "clause": "TT-18"}],
}


def answering(*effects):
    return [HandedIn("", {}, {"effect": effect}) for effect in effects]


@pytest.mark.parametrize(
    ("students", "ring", "effects", "code"),
    [
        (20, True, ("clear", "clear", "none"), "excellent"),
        (19, True, ("clear", "clear", "none"), "qualified"),
        (20, True, ("clear", "none"), "qualified"),  # half is no majority
        (20, False, ("clear", "none"), "unqualified"),
        (None, None, (), "unqualified"),
        (20, True, (["clear"], {"clear": {"checked": True}}, {"clear": {"checked": False}}), "excellent"),
    ],
)
def test_conditions_lower_the_grade_until_all_hold(students, ring, effects, code):
    result = grade(scheme(conditions=CONDITIONS), answering(*effects), {"f.students": students, "f.ring": ring})
    assert (result.code, result.score) == (code, None)


def test_bands_and_conditions_together_take_the_lower():
    both = scored(conditions={"excellent": CONDITIONS["excellent"][:1]})
    assert grade(both, sheets(90), {"f.students": 20}).code == "excellent"
    assert grade(both, sheets(90), {"f.students": 19}).code == "qualified"
    assert grade(both, sheets(59), {"f.students": 20}).code == "unqualified"


def test_a_veto_lets_nothing_better_stand_and_never_lifts():
    veto = {"key": "accident", "title": "事故", "grade": "qualified", "clause": "TT-30"}
    vetoed = scored(vetoes=[{**veto, "when": {"fact": "f.accident", "equals": True}}])
    assert grade(vetoed, sheets(95), {"f.accident": False}).code == "excellent"
    assert grade(vetoed, sheets(95), {"f.accident": True}).code == "qualified"
    assert grade(vetoed, sheets(30), {"f.accident": True}).code == "unqualified"


def test_without_bands_and_conditions_somebody_decides():
    assert [one.kind for one in grade(scheme_of(None, GRADES, lambda ref: None), [], {}).reasons] == ["decided"]
    only_score = scheme(combine={"how": "mean", "local": True}, rounding={"places": 1, "when": "graded", "local": True})
    result = grade(only_score, sheets(80.25), {})
    assert (result.code, result.score) == (None, Decimal("80.3"))


def test_a_fact_that_was_not_given_is_a_fault_of_the_caller():
    with pytest.raises(KeyError):
        grade(scheme(conditions=CONDITIONS), [], {"f.ring": True})


def test_facts_are_asked_for_by_name():
    asked = scheme(conditions=CONDITIONS, vetoes=[])
    assert set(asked.refs()) == {"f.students", "f.ring"}


# --- against a second implementation ----------------------------------------------------------------------------------

MODES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_DOWN, "up": ROUND_CEILING}


def plainly(declared: dict, handed: list[dict], facts: dict) -> tuple[str | None, Decimal | None]:
    """The grade once more, as somebody would do it on paper with a long decimal and plain lists."""
    rounding = {one["when"]: one for one in declared["rounding"]}

    def rounded(value: Decimal, when: str) -> Decimal:
        if when not in rounding:
            return value
        return value.quantize(Decimal(1).scaleb(-rounding[when]["places"]), MODES[rounding[when]["mode"]])

    with localcontext() as context:
        context.prec = 60
        totals = [rounded(sum(one["marks"].values(), Decimal(0)), "sheets") for one in handed]
        combine = declared["combine"]
        if combine["how"] == "trimmed":
            if len(totals) < 2 * combine["trim"] + 1:
                return None, None
            score = statistics.mean(sorted(totals)[combine["trim"] : -combine["trim"]])
        elif combine["how"] == "weighted":
            groups = {kind: [t for t, one in zip(totals, handed, strict=True) if one["kind"] == kind] for kind in KINDS}
            groups = {kind: found for kind, found in groups.items() if found or kind in combine["weights"]}
            if set(groups) != set(combine["weights"]) or not all(groups.values()):
                return None, None
            weight = {kind: Decimal(value) for kind, value in combine["weights"].items()}
            score = sum(weight[kind] * statistics.mean(found) for kind, found in groups.items()) / sum(weight.values())
        else:
            score = statistics.mean(totals)
        if len(totals) < declared["min_sheets"]:
            return None, None
        score = rounded(score, "combined")
        names = [band["grade"] for band in declared["bands"]]
        possible = [
            band["grade"]
            for band in declared["bands"]
            if Fraction(str(score.quantize(Decimal("1e-40")))) >= Fraction(band["from"])
            and all(
                facts[one["when"]["fact"]] >= one["when"]["gte"]
                for one in declared["conditions"].get(band["grade"], [])
            )
        ]
        best = possible[0]
        for veto in declared["vetoes"]:
            if facts[veto["when"]["fact"]] >= veto["when"]["gte"]:
                best = names[max(names.index(best), names.index(veto["grade"]))]
        last = rounding.get("graded") or rounding["combined"]
        return best, rounded(score, "graded").quantize(Decimal(1).scaleb(-last["places"]))


KINDS = ("academic", "industry", "management")


@st.composite
def trees(draw, points: int = 0, depth: int = 0, prefix: str = "i") -> list[dict]:
    """Indicators whose points add up by construction."""
    indicators = []
    for number in range(draw(st.integers(1, 3))):
        key = f"{prefix}{number}"
        if depth < 2 and draw(st.booleans()):
            children = draw(trees(depth=depth + 1, prefix=f"{key}_"))
            indicators.append(
                {
                    "key": key,
                    "code": key,
                    "points": sum(c["points"] for c in children),
                    "children": children,
                    "local": True,
                }
            )
        else:
            indicators.append({"key": key, "code": key, "points": draw(st.integers(1, 30)), "local": True})
    return indicators


@st.composite
def worlds(draw):
    """A sheet, what experts handed in, a way of grading, and facts."""
    indicators = draw(trees())
    total = sum(one["points"] for one in indicators)
    sheet = sheet_of(
        "s",
        Sheet.model_validate({"title": "表", "total": total, "indicators": indicators, "local": True}),
        {},
    )
    handed = [
        {
            "kind": draw(st.sampled_from(KINDS)),
            "marks": {
                leaf.key: Decimal(draw(st.integers(0, int(leaf.points) * 100))).scaleb(-2) for leaf in sheet.leaves()
            },
        }
        for _number in range(draw(st.integers(1, 6)))
    ]
    how = draw(st.sampled_from(("mean", "trimmed", "weighted")))
    combine = {"how": how, "local": True}
    if how == "trimmed":
        combine["trim"] = draw(st.integers(1, 2))
    if how == "weighted":
        kinds = draw(st.sets(st.sampled_from(KINDS), min_size=1))
        combine["weights"] = {kind: str(draw(st.integers(1, 9))) for kind in sorted(kinds)}
    whens = draw(
        st.sampled_from(
            (["combined"], ["graded"], ["sheets", "combined"], ["combined", "graded"], ["sheets", "graded"])
        )
    )
    rounding = [
        {
            "when": when,
            "places": draw(st.integers(0, 3)),
            "mode": draw(st.sampled_from(sorted(MODES))),
            "local": True,
        }
        for when in whens
    ]
    names = [f"g{number}" for number in range(draw(st.integers(2, 5)))]
    starts = draw(st.sets(st.integers(1, max(total, 5)), min_size=len(names) - 1, max_size=len(names) - 1))
    bands = [
        {"grade": name, "from": start, "local": True}
        for name, start in zip(names, [*sorted(starts, reverse=True), 0], strict=True)
    ]

    def condition(key: str) -> dict:
        when = {"fact": draw(st.sampled_from(("f.x", "f.y"))), "gte": draw(st.integers(0, 10))}
        return {"key": key, "title": key, "when": when, "local": True}

    declared = {
        "combine": combine,
        "min_sheets": draw(st.integers(1, 3)),
        "rounding": rounding,
        "bands": bands,
        "conditions": {
            name: [condition(f"c{number}") for number in range(draw(st.integers(1, 2)))]
            for name in names[:-1]
            if draw(st.booleans())
        },
        "vetoes": [{**condition("v"), "grade": draw(st.sampled_from(names[1:]))}] if draw(st.booleans()) else [],
    }
    facts = {"f.x": draw(st.integers(0, 10)), "f.y": draw(st.integers(0, 10))}
    return sheet, handed, declared, names, facts


@settings(max_examples=400, deadline=None)
@given(worlds())
def test_a_second_implementation_agrees(world):
    sheet, handed, declared, names, facts = world
    given_in = [HandedIn(one["kind"], one["marks"]) for one in handed]
    assert all(not sheet.out_of_bounds(one.marks) and not sheet.unmarked(one.marks) for one in given_in)
    assert all(
        sum(v for i in sheet.indicators if (v := sheet.totals(one.marks)[i.key])) == one.total for one in given_in
    )
    result = grade(scheme_of(Grading.model_validate(declared), names, lambda ref: None), given_in, facts)
    assert (result.code, result.score) == plainly(declared, handed, facts)
    for reason in result.plain()["reasons"]:
        assert words(reason, NAMES)


def test_the_hash_of_marks_does_not_depend_on_their_order_or_writing():
    marks = {"a1": Decimal("4"), "a2": Decimal("3.50")}
    assert fingerprint(marks) == fingerprint({"a2": Decimal("3.5"), "a1": Decimal("4.00")})
    assert fingerprint(marks) != fingerprint({**marks, "a1": Decimal("4.01")})
