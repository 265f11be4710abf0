"""S09: a titled base under NM does not take part; another one fails twice in a row."""

from __future__ import annotations

import pytest

from casework.models import Effect
from config.stories import evaluation as story
from core import clock
from core.door import chain
from core.models import InboxMessage, TransitionLog
from evaluations.models import Evaluation
from tests.evaluations.world import World, build, run
from tests.scenarios.house import done, fresh, refused, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def graded(world: World, evaluation: Evaluation, grade: str, on: str) -> Evaluation:
    """Reported, looked at, graded on a day."""
    reported = f"{on[:8]}12"
    evaluation = world.reported(evaluation, reported)
    evaluation = world.heard(evaluation, reported, story.nm_heads(verdict=grade, text="见六方面意见。"))
    with clock.travel(f"{on}T09:00"):
        world.organiser.hand.step(evaluation, "give_grade", {"grade": grade, **story.nm_heads()})
    return fresh(evaluation)


def confirmed(world: World, kind: str, on: str, **answers) -> Effect:
    """A proposed consequence on the base, confirmed by the department."""
    effect = Effect.objects.get(case_id=world.base.pk, kind=kind, state="proposed")
    with clock.travel(f"{on}T10:00"):
        done(world.organiser.do(world.base, "confirm_effect", answers, step=effect.pk))
    return Effect.objects.get(pk=effect.pk)


@pytest.mark.clause("NM-17d")
@pytest.mark.clause("NM-19c")
def test_no_show_costs_title_and_base():
    world = build("nm", "2027-09-10", "2042-09-09", construction="2030-09-09")
    graded(world, world.opened("effectiveness", "2030-09-10"), "excellent", "2030-10-15")
    title = confirmed(world, "title", "2030-10-15")
    run("2033-10-14")
    assert not Evaluation.objects.filter(kind="periodic").exists()
    periodic = world.opened("periodic", "2033-10-15")
    assert str(periodic.report_due) == "2033-11-15"
    run("2033-11-07")
    assert not InboxMessage.objects.filter(title__contains="到期提醒", case_id=periodic.pk).exists()
    run("2033-11-08")
    assert InboxMessage.objects.filter(title__contains="到期提醒", case_id=periodic.pk).exists()
    run("2033-11-16")
    periodic = fresh(periodic)
    assert (periodic.state, str(periodic.absent_since)) == ("draft", "2033-11-16")
    assert world.base.state == "active"
    with clock.travel("2033-11-20T09:00"):
        refused(world.organiser.do(periodic, "miss", {"reason": ""}), "认定理由")
        done(
            world.organiser.do(
                periodic, "miss", {"reason": "经催报仍未提交，未按规定参加考核。", "number": "教研〔2033〕9号"}
            )
        )
    assert fresh(periodic).state == "missed"
    lost = confirmed(world, "loss_of_title", "2033-11-20")
    revoked = confirmed(world, "revocation", "2033-11-20")
    title = Effect.objects.get(pk=title.pk)
    base = world.base
    assert (title.state, str(title.lifted_on)) == ("standing", "2033-11-20")
    assert (base.state, base.end_code) == ("ended", "missed")
    assert (lost.clause, revoked.clause) == ("NM-17d", "NM-19c")
    assert lost.title != revoked.title
    with clock.travel("2033-11-25T09:00"):
        done(world.reporter.do(periodic, "state_case", {"text": "因系统交接未收到通知，请予复核。"}))
        assert "因系统交接未收到通知" in text_of(world.organiser.page(periodic))
    assert (fresh(periodic).state, world.base.state) == ("missed", "ended")
    assert list(chain.breaks()) == []


@pytest.mark.clause("NM-19c")
def test_two_failures_in_a_row():
    """Graded 2030-10-15 unqualified, under rectification; the periodic evaluation of the interval of twelve months failed."""
    world = build("nm", "2027-09-10", "2042-09-09", construction="2030-09-09")
    with clock.travel("2030-01-01T09:00"):
        world.setting("evaluation.interval", 12, "2030-01-01")
    first = graded(world, world.opened("effectiveness", "2030-09-10"), "unqualified", "2030-10-15")
    assert not Effect.objects.filter(kind="revocation").exists()
    confirmed(world, "rectification", "2030-11-01", published_on="2030-11-01")
    second = graded(world, world.opened("periodic", "2031-10-15"), "unqualified", "2031-10-20")
    assert (first.passed, second.passed) == (False, False)
    assert world.base.state == "active"
    revoked = confirmed(world, "revocation", "2031-11-10")
    base = world.base
    assert (base.state, base.end_code, revoked.clause) == ("ended", "failed_in_a_row", "NM-19c")
    assert TransitionLog.objects.filter(case_kind="recognition", case_id=base.pk, transition="revoke").count() == 1


@pytest.mark.clause("NM-19c")
def test_a_pass_between_breaks_the_row():
    world = build("nm", "2027-09-10", "2042-09-09", construction="2030-09-09")
    with clock.travel("2030-01-01T09:00"):
        world.setting("evaluation.interval", 12, "2030-01-01")
    graded(world, world.opened("effectiveness", "2030-09-10"), "unqualified", "2030-10-15")
    graded(world, world.opened("periodic", "2031-10-15"), "qualified", "2031-10-20")
    graded(world, world.opened("periodic", "2032-10-20"), "unqualified", "2032-10-25")
    assert not Effect.objects.filter(kind="revocation").exists()
