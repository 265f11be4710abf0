"""An invented regulation, as data only: a sheet of 200 points and three levels, indicators computed from the application's
own answers, five grades, a condition over what experts answered, a veto."""

from __future__ import annotations

from decimal import Decimal

import pytest

from casework import panels
from casework.models import Mark
from core import clock
from evaluations.grading import grade, scheme_of, words
from evaluations.grading.names import names_of
from regulations import rules
from regulations.schema import Grading
from tests.marking.test_annex4 import printed, put_on
from tests.papers.pdf import whole
from tests.scenarios import house
from tests.scenarios.house import done, refused, text_of

GRADES = ("outstanding", "good", "fair", "poor", "failed")
GRADING = {
    "combine": {"how": "weighted", "weights": {"academic": "0.7", "industry": "0.3"}, "local": True},
    "min_sheets": 2,
    "rounding": [{"places": 1, "mode": "half_up", "when": "combined", "local": True}],
    "bands": [
        {"grade": name, "from": start, "local": True}
        for name, start in zip(GRADES, (180, 150, 120, 90, 0), strict=True)
    ],
    "conditions": {
        "outstanding": [
            {
                "key": "model",
                "title": "专家过半认为可以示范",
                "experts": {"field": "verdict", "in": ["recommend"], "share": "majority"},
                "local": True,
            }
        ]
    },
    "vetoes": [
        {
            "key": "nobody",
            "title": "没有高级职称人员",
            "grade": "poor",
            "when": {"fact": {"table": "form.annex1.disciplines", "agg": "count"}, "lte": 0},
            "local": True,
        }
    ],
}


def leaf(key: str, points: int, **more) -> dict:
    return {"key": key, "title": f"指标{key}", "points": points, "local": True, **more}


def group(key: str, *children: dict) -> dict:
    return leaf(key, sum(child["points"] for child in children), children=list(children))


def invented(content: dict) -> None:
    computed = leaf(
        "disciplines",
        40,
        fact={"table": "form.annex1.disciplines", "agg": "count"},
        scale={"steps": [{"from": 1, "points": 15}, {"from": 3, "points": 40}]},
    )
    content["sheets"]["invented"] = {
        "title": "基地综合评价表",
        "total": 200,
        "local": True,
        "indicators": [
            group("base", group("people", leaf("staff", 30), computed), leaf("rooms", 30)),
            group("results", leaf("papers", 60), leaf("jobs", 40)),
        ],
    }
    review = next(step for step in content["routes"]["application"] if step["key"] == "expert_review")
    review["panel"] = {"min_experts": {"setting": "panel.min_experts"}, "sheet": "invented", "form": "verdicts"}
    content["forms"]["verdicts"] = {
        "title": "专家意见",
        "local": True,
        "sections": [
            {
                "key": "said",
                "title": "意见",
                "local": True,
                "fields": [
                    {
                        "key": "verdict",
                        "type": "choice",
                        "label": "能否示范",
                        "required": True,
                        "local": True,
                        "options": [{"code": "recommend", "label": "能"}, {"code": "oppose", "label": "不能"}],
                    }
                ],
            }
        ],
    }


HIGHEST = {"mark_staff": "30", "mark_rooms": "30", "mark_papers": "60", "mark_jobs": "40"}


@pytest.mark.django_db
def test_from_the_sheet_to_the_grade_by_data_alone():
    school = house.xcu_school(invented)
    with clock.travel("2026-03-01T10:00"):
        application = house.xcu_submitted(school, house.open_xcu_call(school))
    application = house.xcu_opinions(school, application)
    with clock.travel("2026-04-01T09:00"):
        one, other = put_on(school, application, "钟离靖", "阿依努尔", promised=False)
        for person, kind in ((one, "academic"), (other, "industry")):
            type(person.assignment).objects.filter(pk=person.assignment.pk).update(expert_kind=kind)
            done(person.do(application, "promise", house.PROMISE, step=person.assignment.pk))
        rows = len(application.form_answers("annex1")["disciplines"])
        mark = Decimal(40 if rows >= 3 else 15)
        address = f"{application.get_absolute_url()}do/give_opinion/"
        assert f"系统按材料数据计{mark}分（满分40分）" in text_of(one.get(address, step=one.assignment.pk))
        too_much = {**HIGHEST, "mark_papers": "60.01", "verdict": "recommend"}
        refused(one.do(application, "give_opinion", too_much, step=one.assignment.pk), "60")
        forged = {**HIGHEST, "mark_disciplines": "40", "verdict": "recommend"}
        done(one.do(application, "give_opinion", forged, step=one.assignment.pk))
        lower = {**HIGHEST, "mark_jobs": "0", "verdict": "recommend"}
        done(other.do(application, "give_opinion", lower, step=other.assignment.pk))
        row = Mark.objects.get(assignment=one.assignment, indicator="disciplines")
        assert (row.value, row.computed) == (mark, True)  # what a browser sends for it counts for nothing
        paper = whole(printed(one, application, "own_expert_review", "pdf"))
        assert "三级指标" in paper and "指标disciplines" in paper and str(160 + mark) in paper

        scheme = scheme_of(Grading.model_validate(GRADING), GRADES, lambda ref: None)
        context = rules.context_for(application.profile, application, clock.today())
        facts = {key: context.value(part.fact) for key, part in scheme.refs().items()}
        given = panels.handed_in(application.steps().get(key="expert_review"))
        result = grade(scheme, given, facts)
        score = (Decimal("0.7") * (160 + mark) + Decimal("0.3") * (120 + mark)).quantize(Decimal("0.1"))
        assert (result.score, result.code) == (score, "outstanding" if score >= 180 else "good")
        said = [words(reason, names_of(application.profile, {})) for reason in result.plain()["reasons"]]
        assert any("高校专家 0.7" in text for text in said) and any("未触发" in text for text in said)
        vetoed = grade(scheme, given, dict.fromkeys(facts, 0))
        assert vetoed.code == "poor"
