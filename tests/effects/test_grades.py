"""What a grade leads to under NM: proposed by the portal, confirmed by the department, on paper."""

import datetime as dt
from decimal import Decimal

import pytest

from bases.intake import intake
from casework.models import Effect
from core import clock, ledger
from core.models import Paper
from tests.effects.evaluated import graded, opened
from tests.scenarios.house import done, fresh, refused, sent, text_of, unchanged

pytestmark = pytest.mark.django_db


def effects(base, state: str | None = None) -> dict[str, Effect]:
    """The effects on a base by kind (in a state)."""
    rows = Effect.about(base).exclude(kind="task")
    return {effect.kind: effect for effect in (rows.filter(state=state) if state else rows)}


@pytest.mark.clause("NM-17a", "NM-17b")
def test_excellent_brings_commendation_title_grant_and_priority_once(region, base):
    graded(region, base, "excellent")
    found = effects(base, "proposed")
    assert set(found) == {"praise", "title", "grant", "priority"}
    with clock.travel("2030-10-15T12:00"):
        ledger.run_due(clock.today())
        ledger.run_due(clock.today())
        title = found.pop("title")
        together = [str(effect.pk) for effect in found.values()]
        done(region.officer.do(base, "confirm_effect", {"together": together}, step=title.pk))
        with unchanged(base):
            refused(region.officer.do(base, "confirm_effect", {}, step=title.pk), status=403)
        ledger.run_due(clock.today())
    standing = effects(base, "standing")
    assert set(standing) == {"praise", "title", "grant", "priority"}
    assert (standing["grant"].amount, standing["grant"].clause) == (Decimal(100000), "NM-17a")
    assert (standing["title"].from_on, standing["title"].clause) == (dt.date(2030, 10, 15), "NM-17a")
    assert standing["priority"].code == "national"
    assert Effect.about(base).filter(kind__in=set(standing)).count() == 4
    page = text_of(region.office.page(base))
    assert "示范基地" in page and "100000" in page


@pytest.mark.clause("NM-17d")
def test_who_does_not_take_part_loses_the_title_and_the_history_stays(region, base):
    graded(region, base, "excellent")
    with clock.travel("2030-10-15T12:00"):
        title = effects(base, "proposed")["title"]
        done(region.officer.do(base, "confirm_effect", {}, step=title.pk))
    opened(base, "periodic", "2033-10-16T06:00")
    with clock.travel("2033-11-17T06:00"):
        ledger.run_due(clock.today())
        evaluation = opened(base, "periodic", "2033-11-17T06:00")
        done(region.officer.do(evaluation, "miss", {"reason": "逾期未报，经催报仍未参加。"}))
        proposed = effects(base, "proposed")
        assert {"loss_of_title", "revocation"} <= set(proposed)
        title.refresh_from_db()
        assert title.lifted_on is None  # nothing is lost before the department decides
        together = {"together": [str(proposed["revocation"].pk)], "number": "岚教研函〔2033〕30号"}
        done(region.officer.do(base, "confirm_effect", together, step=proposed["loss_of_title"].pk))
        title.refresh_from_db()
        assert title.lifted_on == clock.today()
        ended = fresh(base)
        assert (ended.state, ended.end_code) == ("ended", "missed")
        assert "示范基地" in text_of(region.office.page(base))


@pytest.mark.clause("NM-17d")
def test_a_titled_base_that_is_unqualified_loses_the_title_without_being_revoked(region, base):
    graded(region, base, "excellent")
    with clock.travel("2030-10-15T12:00"):
        title = effects(base, "proposed")["title"]
        done(region.officer.do(base, "confirm_effect", {}, step=title.pk))
    graded(region, base, "unqualified", kind="periodic", month="2033-11", on="2033-12-05")
    with clock.travel("2033-12-06T09:00"):
        loss = effects(base, "proposed")["loss_of_title"]
        assert (loss.clause, "revocation" in effects(base)) == ("NM-17d", False)
        done(region.officer.do(base, "confirm_effect", {}, step=loss.pk))
    title.refresh_from_db()
    assert title.lifted_on == dt.date(2033, 12, 6)
    assert fresh(base).state == "active"


def test_a_criticism_is_published_told_on_paper_and_delivered(region, base):
    graded(region, base, "unqualified")
    with clock.travel("2030-11-02T09:00"):
        found = effects(base, "proposed")
        criticism, rectification = found["criticism"], found["rectification"]
        answers = {"published_on": "2030-11-01", "number": "岚教研函〔2030〕21号"}
        together = {"together": [str(rectification.pk)], **answers}
        done(region.officer.do(base, "confirm_effect", together, step=criticism.pk))
        criticism.refresh_from_db()
        assert criticism.from_on == dt.date(2030, 11, 1)
        paper = Paper.about(base).get(kind=criticism.paper)
        assert region.office.get(f"/cases/recognition/{base.pk}/papers/{paper.pk}/pdf/").status_code == 200
        assert any("整改" in one.message for one in intake(fresh(base), clock.today()).warnings)
        proof = {"unit": "university", "delivered_on": "2030-10-31", "recipient": "温以宁", "file": [sent("回证.pdf")]}
        with unchanged(base):
            refused(region.officer.do(base, "record_delivery", proof, step=criticism.pk), "早于决定日期")
        proof |= {"delivered_on": "2030-11-02", "file": [sent("回证.pdf")]}
        done(region.officer.do(base, "record_delivery", proof, step=criticism.pk))
    criticism.refresh_from_db()
    assert [one["unit"] for one in criticism.parameters["deliveries"]] == ["university"]
