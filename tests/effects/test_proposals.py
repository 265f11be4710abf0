"""From a declared consequence to an effect: proposed, confirmed, declined, lifted; and what a base may do then."""

import datetime as dt
from io import BytesIO

import pytest
from pypdf import PdfReader

from bases.intake import intake, intakes
from casework import papers
from casework.models import Effect
from core import clock
from core.models import OutboxMessage, Paper, TransitionLog
from tests.effects.acting import declared, proposed
from tests.scenarios.house import done, fresh, refused, text_of, unchanged

pytestmark = pytest.mark.django_db


def test_what_follows_of_itself_stands_at_once_and_once(base):
    title = declared("title", "示范基地", code="demonstration", automatic=True)
    with clock.travel("2030-10-15T09:00"):
        (effect,) = proposed(base, title)
        assert (effect.state, effect.from_on, effect.until_on) == ("standing", dt.date(2030, 10, 15), None)
        assert proposed(base, title) == [effect]
    assert Effect.objects.filter(kind="title").count() == 1


def test_the_named_role_confirms(region, base):
    with clock.travel("2030-10-15T09:00"):
        (effect,) = proposed(base, declared("suspension", "暂停", years=1))
        assert (effect.state, effect.from_on, effect.unit) == ("proposed", None, region.department)
        assert OutboxMessage.objects.filter(kind="mail", case_id=base.pk, key__contains="").exists()
        with unchanged(base):
            refused(region.office.do(base, "confirm_effect", {}, step=effect.pk), status=403)
        with unchanged(base):
            answers = {"decided_on": "2030-10-16"}
            refused(region.officer.do(base, "confirm_effect", answers, step=effect.pk), "晚于今天")
        with unchanged(base):
            answers = {"decided_on": "2030-10-14"}
            refused(region.officer.do(base, "confirm_effect", answers, step=effect.pk), "早于提出之日")
    with clock.travel("2030-10-20T09:00"):
        answers = {"decided_on": "2030-10-18", "number": "岚教研函〔2030〕3号", "reason": "同意。"}
        done(region.officer.do(base, "confirm_effect", answers, step=effect.pk))
    effect.refresh_from_db()
    assert (effect.state, effect.from_on, effect.until_on) == (
        "standing",
        dt.date(2030, 10, 18),
        dt.date(2031, 10, 17),
    )
    line = TransitionLog.about(base).order_by("-position").first()
    assert (line.transition, line.on, line.reason) == ("confirm_effect", dt.date(2030, 10, 18), "同意。")


def test_declining_needs_a_reason_and_leaves_the_base_as_it_is(region, base):
    with clock.travel("2030-10-15T09:00"):
        (effect,) = proposed(base, declared("revocation", "撤销基地", reason="missed"))
        with unchanged(base):
            refused(region.officer.do(base, "decline_effect", {}, step=effect.pk))
        done(region.officer.do(base, "decline_effect", {"reason": "因不可抗力未参加。"}, step=effect.pk))
    effect.refresh_from_db()
    assert (effect.state, effect.decision_reason) == ("declined", "因不可抗力未参加。")
    assert fresh(base).state == "active"


def test_one_decision_confirms_what_one_source_led_to(region, base):
    """The title goes and the base goes, each for the reason of its own, by one decision."""
    with clock.travel("2030-10-15T09:00"):
        (title,) = proposed(base, declared("title", "示范基地", code="demonstration", automatic=True))
    with clock.travel("2033-11-16T09:00"):
        lost, revoked = proposed(
            base,
            declared("loss_of_title", "撤销示范基地称号", lifts=["title"], reason="missed"),
            declared("revocation", "撤销基地", reason="missed", clause="NM-19c"),
        )
        done(region.officer.do(base, "confirm_effect", {"together": [str(revoked.pk)]}, step=lost.pk))
    title.refresh_from_db()
    assert title.lifted_on == dt.date(2033, 11, 16)
    ended = fresh(base)
    assert (ended.state, ended.ended_on, ended.end_code, ended.end_clause) == (
        "ended",
        dt.date(2033, 11, 16),
        "missed",
        "NM-19c",
    )
    assert not intake(ended, dt.date(2033, 11, 16)).open
    assert intake(ended, dt.date(2033, 11, 15)).open


def test_what_begins_with_its_publication_asks_for_the_day(region, base):
    with clock.travel("2030-10-15T09:00"):
        (effect,) = proposed(base, declared("criticism", "通报", **{"from": "published"}))
    with clock.travel("2030-11-02T09:00"):
        with unchanged(base):
            refused(region.officer.do(base, "confirm_effect", {}, step=effect.pk), "公布日期")
        done(region.officer.do(base, "confirm_effect", {"published_on": "2030-11-01"}, step=effect.pk))
    effect.refresh_from_db()
    assert effect.from_on == dt.date(2030, 11, 1)


def test_the_next_year_counts_from_the_day_of_the_proposal(region, base):
    """Failing again on 2027-10-20 closes 2028, also where it is confirmed late, until it is approved again (C-4)."""
    year = {"from": "next_year", "until": "next_year", "renewal": True}
    with clock.travel("2027-10-20T09:00"):
        (effect,) = proposed(base, declared("suspension", "下年度不得作为培养基地", **year))
    with clock.travel("2028-01-05T09:00"):
        done(region.officer.do(base, "confirm_effect", {}, step=effect.pk))
    effect.refresh_from_db()
    assert (effect.from_on, effect.until_on) == (dt.date(2028, 1, 1), dt.date(2028, 12, 31))
    for day, opened in (("2027-12-31", True), ("2028-01-01", False), ("2028-12-31", False), ("2029-01-10", False)):
        assert intake(fresh(base), dt.date.fromisoformat(day)).open is opened, day
    assert any("2028-01-01" in one.message for one in intake(fresh(base), dt.date(2027, 12, 31)).warnings)
    with clock.travel("2028-12-31T09:00"), unchanged(base):
        refused(region.officer.do(base, "approve_again", {"reason": "同意恢复。"}), "2028-12-31")
    with clock.travel("2029-01-03T09:00"):
        done(region.officer.do(base, "approve_again", {"reason": "同意恢复。"}))
        assert intake(fresh(base), dt.date(2029, 1, 10)).open
        assert not intake(fresh(base), dt.date(2028, 6, 1)).open
        with unchanged(base):
            refused(region.officer.do(base, "approve_again", {"reason": "同意恢复。"}), "没有须经重新批准")


def test_whoever_confirmed_lifts(region, base):
    with clock.travel("2030-10-15T09:00"):
        (effect,) = proposed(base, declared("suspension", "暂停"))
        done(region.officer.do(base, "confirm_effect", {}, step=effect.pk))
        assert not intake(fresh(base), clock.today()).open
        with unchanged(base):
            refused(region.office.do(base, "lift_effect", {"reason": "已改正"}, step=effect.pk), status=403)
        with unchanged(base):
            refused(region.officer.do(base, "lift_effect", {}, step=effect.pk))
        done(region.officer.do(base, "lift_effect", {"reason": "已改正"}, step=effect.pk))
        assert intake(fresh(base), clock.today()).open


def test_many_bases_cost_two_queries(base, django_assert_num_queries):
    with django_assert_num_queries(2):  # effects, incidents
        answers = intakes([base, base], dt.date(2028, 1, 1))
    assert answers[base.pk].open


def test_a_decision_is_told_on_a_paper_of_its_own_and_stands_after_the_base_has_ended(region, base):
    """Measure, ground, reason and issuer stand on it; it stays valid although the base is none any more."""
    told = declared("revocation", "撤销基地", reason="missed", paper="revocation", clause="NM-19c")
    with clock.travel("2030-11-17T09:00"):
        (effect,) = proposed(base, told)
        assert '<p class="act-help">撤销基地</p>' in text_of(region.officer.page(base))
        decision = {"reason": "经催报逾期未报。", "number": "岚教研函〔2030〕31号"}
        done(region.officer.do(base, "confirm_effect", decision, step=effect.pk))
        effect.refresh_from_db()
        paper = Paper.about(base).get(kind=effect.paper)
        answer = region.office.get(f"/cases/recognition/{base.pk}/papers/{paper.pk}/pdf/")
    said = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.getvalue())).pages).replace("\n", "")
    for words in ("岚江省教育厅", "未按规定参加考核", "第十九条", "岚教研函〔2030〕31号", "经催报逾期未报"):
        assert words in said, words
    assert not papers.of(fresh(base)).has_ended(paper)
