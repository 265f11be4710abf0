"""Reports that come late or not at all: reminded, noted, urged, given time, decided on."""

from __future__ import annotations

import datetime as dt

import pytest

from casework.models import Effect
from config.stories import evaluation as story
from core import clock, ledger
from core.models import InboxMessage, LedgerEntry
from evaluations.models import Round
from tests.evaluations.world import another, build, run
from tests.scenarios.house import done, fresh, main_of, refused, sent, text_of, unchanged

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """A base under NM whose construction period ends on 2030-09-09."""
    return build("nm", "2027-09-10", "2042-09-09", construction="2030-09-09")


def test_reminded_then_noted_and_nothing_decided_by_the_job(world):
    evaluation = world.opened("effectiveness", "2030-09-10")
    assert str(evaluation.report_due) == "2030-10-10"
    run("2030-10-02")
    assert not InboxMessage.objects.filter(title__contains="到期提醒").exists()
    run("2030-10-03")
    assert InboxMessage.objects.filter(title__contains="到期提醒", membership_id=world.reporter.membership.pk).exists()
    run("2030-10-10")
    assert fresh(evaluation).absent_since is None
    with clock.travel("2030-10-10T10:00"), unchanged(evaluation):
        refused(world.organiser.do(evaluation, "miss", {"reason": "未报"}), "2030-10-10", clause="NM-15a")
    run("2030-10-11")
    run("2030-10-12")
    evaluation = fresh(evaluation)
    assert (evaluation.state, str(evaluation.absent_since)) == ("draft", "2030-10-11")
    with clock.travel("2030-10-12T09:00"):
        assert "是否未参加" in text_of(world.organiser.get("/"))
        assert "逾期未报" in text_of(world.reporter.page(evaluation))
        assert world.reporter.do(evaluation, "miss", {"reason": "x"}).status_code == 403


def test_not_noted_before_a_reminder_went_out(world):
    """The job was down from the opening to after the last day: first the reminder, the day after the note (N-5)."""
    evaluation = world.opened("effectiveness", "2030-09-10")
    run("2030-10-20")
    assert fresh(evaluation).absent_since is None
    assert "提醒" in LedgerEntry.objects.get(key=f"report_absent:{evaluation.pk}").error
    run("2030-10-21")
    assert fresh(evaluation).absent_since is not None


def test_a_late_report_is_taken_until_somebody_has_decided(world):
    evaluation = world.opened("effectiveness", "2030-09-10")
    run("2030-10-03")
    run("2030-10-11")
    evaluation = world.reported(evaluation, "2030-10-14")
    assert (evaluation.state, str(evaluation.reported_on), evaluation.absent_since) == ("marking", "2030-10-14", None)
    with clock.travel("2030-10-14T11:00"):
        assert "逾期4天" in text_of(world.organiser.page(evaluation))
        assert not LedgerEntry.objects.filter(key=f"absence:{evaluation.pk}", done_at=None).exists()


def test_more_time(world):
    evaluation = world.opened("effectiveness", "2030-09-10")
    run("2030-10-03")
    run("2030-10-11")
    with clock.travel("2030-10-12T09:00"):
        with unchanged(evaluation):
            refused(world.organiser.do(evaluation, "grant_time", {"due": "2030-10-12", "reason": "疫情"}), "2030-10-12")
        done(world.organiser.do(evaluation, "grant_time", {"due": "2030-10-31", "reason": "疫情"}))
    evaluation = fresh(evaluation)
    assert (str(evaluation.report_due), evaluation.absent_since) == ("2030-10-31", None)
    run("2030-10-31")
    assert fresh(evaluation).absent_since is None
    run("2030-11-01")
    assert str(fresh(evaluation).absent_since) == "2030-11-01"


def test_one_click_urges_everybody_who_is_missing_once_a_day(world):
    for number in (2, 3):
        row = another(world, number, "2027-09-10")
        type(row).objects.filter(pk=row.pk).update(ends_on=dt.date(2030, 9, 9))
    world.opened("effectiveness", "2030-09-10")
    in_round = Round.objects.get()
    first = in_round.evaluations.first()
    world.reported(first, "2030-09-20")
    url = f"/evaluations/rounds/{in_round.pk}/urge/"
    with clock.travel("2030-09-25T09:00"):
        page = text_of(world.organiser.page(in_round))
        assert "一键催报" in page and "未提交 2" in page
        assert world.reporter.client.post(url).status_code == 403
        done(world.organiser.client.post(url))
        done(world.organiser.client.post(url))
        (told,) = InboxMessage.objects.filter(title__startswith="催报")
        assert told.membership_id == world.reporter.membership.pk and "2个基地" in told.body
    with clock.travel("2030-09-26T09:00"):
        done(world.organiser.client.post(url))
    assert InboxMessage.objects.filter(title__startswith="催报").count() == 2


def test_the_page_of_an_open_round_asks_for_what_is_missing_and_finds_no_fault(world):
    """Blue is the urging of all; closing stands grey with what it waits for, until every base has come to be graded."""
    evaluation = world.opened("effectiveness", "2030-09-10")
    in_round = Round.objects.get()
    with clock.travel("2030-09-25T09:00"):
        answer = world.organiser.page(in_round)
        page = answer.context["page"]
        assert (page.primary.code, page.primary.label, page.primary.direct) == ("urge", "一键催报", True)
        assert {choice.code for choice in page.others} == {"add_base"}
        (close,) = page.closed
        assert close.code == "close" and "尚有1个基地未到评定环节" in close.why_not
        assert "未通过" not in main_of(answer) and page.findings == []
        assert main_of(answer).count("一键催报") == 1
        done(world.organiser.client.post(page.primary.url, {"seen": in_round.version}))
        after = world.organiser.page(in_round)
        urge = next(choice for choice in after.context["page"].closed if choice.code == "urge")
        assert "今天已催报" in urge.why_not and after.context["page"].primary is None
    with clock.travel("2030-09-26T09:00"):
        assert world.organiser.page(in_round).context["page"].primary.code == "urge"
        with unchanged(in_round):
            refused(world.organiser.do(in_round, "close"), "1个基地未到评定环节")
    world.reported(evaluation, "2030-09-28")
    with clock.travel("2030-09-29T09:00"):
        page = world.organiser.page(in_round).context["page"]
        assert page.primary is None and "urge" not in {choice.code for choice in page.choices}
        assert world.reporter.page(in_round).context["page"].primary is None


def test_what_the_portal_knows_is_filled_in_and_a_correction_wants_evidence(world):
    evaluation = world.opened("effectiveness", "2030-09-10")
    with clock.travel("2030-09-15T09:00"):
        page = text_of(world.reporter.get(f"{evaluation.get_absolute_url()}forms/effect_report/"))
        assert 'value="2027-09-10"' in page
        given = story.nm_report(agreement_signed_on="2027-08-01")
        done(world.reporter.fill(evaluation, "effect_report", given))
        with unchanged(evaluation):
            refused(world.reporter.do(evaluation, "submit"), "平台记录为2027-09-10", "更正须附佐证材料")
        done(world.reporter.fill(evaluation, "effect_report", {**given, "agreement_signed_on": "2027-09-10"}))
        done(world.reporter.do(evaluation, "submit"))


@pytest.mark.parametrize("missing", ["practice", "mentoring", "integration", "results", "funds", "rules"])
@pytest.mark.clause("NM-16a")
def test_no_head_may_stay_empty(world, missing):
    """The grade is not given while one of the six heads has no opinion."""
    evaluation = world.reported(world.opened("effectiveness", "2030-09-10"), "2030-09-20")
    opinion = story.nm_heads(verdict="qualified", text="总体良好。")
    evaluation = world.heard(evaluation, "2030-10-01", opinion)
    with clock.travel("2030-10-15T09:00"):
        with unchanged(evaluation):
            given = {"grade": "qualified", **story.nm_heads(**{missing: ""})}
            refused(world.organiser.step(evaluation, "give_grade", given), clause="NM-16a")
        done(world.organiser.step(evaluation, "give_grade", {"grade": "qualified", **story.nm_heads()}))
    assert fresh(evaluation).state == "confirmed"


@pytest.mark.clause("NM-16b")
def test_only_the_three_grades(world):
    evaluation = world.reported(world.opened("effectiveness", "2030-09-10"), "2030-09-20")
    evaluation = world.heard(evaluation, "2030-10-01", story.nm_heads(verdict="qualified", text="总体良好。"))
    with clock.travel("2030-10-15T09:00"):
        for code in ("good", ""):
            with unchanged(evaluation):
                answer = world.organiser.step(evaluation, "give_grade", {"grade": code, **story.nm_heads()})
                refused(answer, "考核等次", clause="NM-16b")
        step = evaluation.steps().get(key="give_grade").pk
        page = text_of(world.organiser.get(f"{evaluation.get_absolute_url()}do/act_on_step/", step=step))
        assert all(word in page for word in ("优秀", "合格", "不合格"))
        done(world.organiser.step(evaluation, "give_grade", {"grade": "excellent", **story.nm_heads()}))
    assert fresh(evaluation).grade == "excellent"
    assert Effect.objects.filter(state="proposed", kind="title").count() == 1


def test_the_system_makes_the_note_and_no_decision(world):
    """Whatever day it is, the ledger alone never says that a base did not take part."""
    evaluation = world.opened("effectiveness", "2030-09-10")
    for day in ("2030-10-03", "2030-10-11", "2030-11-11", "2031-03-01"):
        run(day)
    assert fresh(evaluation).state == "draft"
    assert not Effect.objects.exists()
    assert ledger.owed_by(world.organiser.membership).filter(kind="absence").count() == 1


def test_a_department_reads_no_draft_of_a_report(world):
    """Until it is handed in, the self-report is the university's; its files too."""
    evaluation = world.opened("effectiveness", "2030-09-10")
    with clock.travel("2030-09-15T09:00"):
        given = story.nm_report(practice="初稿里的话", materials=[sent("初稿.pdf")])
        done(world.reporter.fill(evaluation, "effect_report", {"agreement_signed_on": "2027-09-10", **given}))
        assert "初稿里的话" in text_of(world.reporter.page(evaluation))
        assert "初稿里的话" not in text_of(world.organiser.page(evaluation))
        assert "初稿.pdf" not in text_of(world.organiser.page(evaluation))
        assert world.organiser.get(f"{evaluation.get_absolute_url()}draft.pdf").status_code == 404
        done(world.reporter.do(evaluation, "submit"))
        assert "初稿里的话" in text_of(world.organiser.page(evaluation))
        assert "初稿.pdf" in text_of(world.organiser.page(evaluation))
