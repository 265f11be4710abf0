"""NM 17 and 19: what each grade of each kind of evaluation leads to, as the articles say it, proposed and confirmed."""

from __future__ import annotations

import datetime as dt

import pytest

from casework import effects
from casework.models import Effect
from config.stories import evaluation as story
from core import clock
from evaluations.models import Evaluation, Round
from tests.evaluations.world import World, build, run
from tests.placing import placed
from tests.scenarios.house import done, fresh

pytestmark = pytest.mark.django_db

DECIDED, PUBLISHED = dt.date(2031, 6, 20), dt.date(2031, 6, 19)
# kind, code, amount, ground of the revocation, article, first day once confirmed
PRAISE = ("praise", "", None, "", "NM-17a", DECIDED)
TITLE = ("title", "demonstration", None, "", "NM-17a", DECIDED)
GRANT = ("grant", "excellent", 100000, "", "NM-17a", DECIDED)
PRIORITY = ("priority", "national", None, "", "NM-17b", DECIDED)
CRITICISM = ("criticism", "", None, "", "NM-19a", PUBLISHED)
REPAIR = ("rectification", "unqualified", None, "", "NM-19a", PUBLISHED)
LOSS = ("loss_of_title", "", None, "", "NM-17d", DECIDED)


def revocation(ground: str) -> tuple:
    return ("revocation", ground, None, ground, "NM-19c", DECIDED)


REGULAR = {
    "excellent": {False: [PRAISE, TITLE, GRANT, PRIORITY], True: [PRAISE, PRIORITY]},
    "qualified": {False: []},
    "unqualified": {False: [CRITICISM, REPAIR], True: [CRITICISM, REPAIR, LOSS]},
    "missed": {False: [revocation("missed")], True: [LOSS, revocation("missed")]},
}
FOLLOWS = {
    "effectiveness": REGULAR,
    "periodic": REGULAR,
    "reevaluation": {
        "excellent": {False: []},
        "qualified": {False: []},
        "unqualified": {
            False: [revocation("reevaluation_failed")],
            True: [LOSS, revocation("reevaluation_failed")],
        },
        "missed": {False: [revocation("missed")], True: [LOSS, revocation("missed")]},
    },
}
PASSED = {"excellent": True, "qualified": True, "unqualified": False, "missed": None}
NAMES = ("kind", "code", "amount", "reason", "clause")


def opened(world: World, kind: str) -> Evaluation:
    """Opened by hand, so that every kind can be had on the same day."""
    given = {"f-kind": f"{world.school.version.pk}.{kind}", "f-year": 2031, "f-note": "专项考核"}
    with clock.travel("2031-06-01T09:00"):
        done(world.organiser.client.post("/evaluations/rounds/new/", given))
        done(world.organiser.do(Round.objects.latest("pk"), "open", {"report_due": "2031-06-15"}))
    return Evaluation.objects.get(state="draft")


def ended(world: World, evaluation: Evaluation, outcome: str) -> Evaluation:
    """Graded, or found not to have taken part."""
    if outcome == "missed":
        for day in ("2031-06-08", "2031-06-16"):
            run(day)
        with clock.travel("2031-06-19T09:00"):
            done(world.organiser.do(fresh(evaluation), "miss", {"reason": "经催报仍未提交。"}))
        return fresh(evaluation)
    evaluation = world.reported(evaluation, "2031-06-10")
    evaluation = world.heard(evaluation, "2031-06-12", story.nm_heads(verdict=outcome, text="见六方面意见。"))
    with clock.travel("2031-06-19T09:00"):
        world.organiser.hand.step(evaluation, "give_grade", {"grade": outcome, **story.nm_heads()})
    return fresh(evaluation)


def proposed(world: World) -> list[Effect]:
    return list(Effect.about(world.base).filter(state="proposed").order_by("pk"))


def confirmed(world: World, rows: list[Effect]) -> list[Effect]:
    """All of one decision."""
    answers = {"together": [str(row.pk) for row in rows[1:]], "number": "岚教研函〔2031〕6号"}
    if any(row.kind == "criticism" for row in rows):
        answers["published_on"] = str(PUBLISHED)
    with clock.travel(f"{DECIDED}T09:00"):
        done(world.organiser.do(world.base, "confirm_effect", answers, step=rows[0].pk))
    return list(Effect.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk"))


@pytest.mark.clause("NM-16b", "NM-17a", "NM-17b", "NM-17d", "NM-19a", "NM-19b", "NM-19c")
@pytest.mark.parametrize(
    ("kind", "outcome", "titled"),
    [(kind, outcome, titled) for kind in FOLLOWS for outcome, rows in FOLLOWS[kind].items() for titled in rows],
)
def test_what_follows_from_a_grade(kind, outcome, titled):
    """Exactly that, of no other amount or ground, by the department's word alone; the years before stay as they were."""
    world = build("nm", "2027-09-10", "2042-09-09", construction="2030-09-09")
    before = dt.date(2030, 10, 15)
    title = effects.put(world.base, "title", "示范基地", before, code="demonstration") if titled else None
    evaluation = ended(world, opened(world, kind), outcome)
    assert evaluation.passed is PASSED[outcome]
    rows, wanted = proposed(world), FOLLOWS[kind][outcome][titled]
    assert [tuple(getattr(row, name) for name in NAMES) for row in rows] == [row[:-1] for row in wanted]
    assert {(row.unit, row.role) for row in rows} <= {(world.school.department, "officer")}
    assert not Effect.about(world.base).exclude(state="proposed").exclude(source_id=None).exists()
    if not rows:
        return
    rows = confirmed(world, rows)
    assert [(row.state, row.from_on, row.until_on) for row in rows] == [("standing", row[-1], None) for row in wanted]
    if title is not None:
        title.refresh_from_db()
        assert title.lifted_on == (DECIDED if LOSS in wanted else None)
    base = world.base
    grounds = [row[3] for row in wanted if row[0] == "revocation"]
    assert (base.state, [base.end_code] if base.end_code else []) == ("ended" if grounds else "active", grounds)


@pytest.mark.clause("NM-19c")
@pytest.mark.parametrize(
    ("earlier", "kind", "counted"),
    [
        ("effectiveness", "effectiveness", False),
        ("periodic", "effectiveness", False),
        ("effectiveness", "periodic", False),
        ("periodic", "periodic", False),
        *(("reevaluation", kind, counted) for kind in ("effectiveness", "periodic") for counted in (False, True)),
        *(("effectiveness", "reevaluation", counted) for counted in (False, True)),
        ("periodic", "reevaluation", True),
    ],
)
def test_two_failures_in_a_row(earlier, kind, counted):
    """Evaluations of both kinds count, a re-evaluation only where the department said so (reading N-1)."""
    world = build("nm", "2027-09-10", "2042-09-09", construction="2030-09-09")
    if counted:
        with clock.travel("2030-01-01T09:00"):
            world.setting("evaluation.reevaluations_count", True, "2030-01-01")
    failed(world, earlier)
    ended(world, opened(world, kind), "unqualified")
    rows = [row for row in proposed(world) if row.reason == "failed_in_a_row"]
    assert len(rows) == (1 if counted or "reevaluation" not in (earlier, kind) else 0)
    for row in rows:
        assert (row.kind, row.clause) == ("revocation", "NM-19c")
        assert (row.unit, row.role) == (world.school.department, "officer")
        (row,) = confirmed(world, [row])
        assert (row.state, row.from_on) == ("standing", DECIDED)
        assert (world.base.state, world.base.end_code) == ("ended", "failed_in_a_row")


def failed(world: World, kind: str) -> None:
    """An earlier evaluation that was not passed; the way there is other tests' business."""
    base = world.base
    sides = {"university": base.university, "college": base.college, "partner": base.partner}
    with clock.travel("2030-10-15T09:00"):
        in_round = placed(
            Round,
            "closed",
            title="2030年考核",
            kind=kind,
            period="2030",
            regulation_version=base.regulation_version,
            organiser=base.authority,
            authority=base.authority,
        )
        placed(
            Evaluation,
            "confirmed",
            in_round=in_round,
            recognition=base,
            kind=kind,
            period="2030",
            report_due=dt.date(2030, 10, 10),
            grade="unqualified",
            passed=False,
            confirmed_on=dt.date(2030, 10, 15),
            regulation_version=base.regulation_version,
            authority=base.authority,
            **sides,
        )
