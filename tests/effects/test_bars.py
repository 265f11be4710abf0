"""May a pair apply again? Up to the last day of the bar not, on the anniversary yes; another college is told of."""

import datetime as dt
from types import SimpleNamespace

import pytest

from bases import bars
from core import clock
from regulations.context import RuleContext
from regulations.facts import CATALOGUE
from regulations.rules import evaluate
from tests.effects.acting import declared, proposed
from tests.profiles.samples import profile
from tests.scenarios.house import done

pytestmark = pytest.mark.django_db


def applying(base, **changes) -> SimpleNamespace:
    """A case that asks for a base, as far as the facts read it."""
    columns = {"partner_id": base.partner_id, "college_id": base.college_id, "university_id": base.university_id}
    return SimpleNamespace(**{"pk": 7, "case_kind": "application", **columns, **changes})


def first_day(case, on: str):
    return CATALOGUE["pair.may_apply_from"].read([case], dt.date.fromisoformat(on))[case.pk]


def test_a_bar_of_three_years_ends_on_the_anniversary(region, base):
    with clock.travel("2030-10-15T09:00"):
        (effect,) = proposed(base, declared("bar", "三年内不得重新申报", years=3))
        assert first_day(applying(base), "2030-10-15") is None
        done(region.officer.do(base, "confirm_effect", {}, step=effect.pk))
    again = dt.date(2033, 10, 15)
    assert first_day(applying(base), "2030-10-14") is None
    assert first_day(applying(base), "2030-10-15") == again
    assert first_day(applying(base), "2033-10-14") == again
    assert first_day(applying(base), "2033-10-15") is None


def test_only_the_pair_is_barred_and_another_college_is_told_of(region, base):
    with clock.travel("2030-10-15T09:00"):
        proposed(base, declared("bar", "三年内不得重新申报", years=3, automatic=True))
    elsewhere = applying(base, college_id=base.college_id + 1000)
    assert first_day(elsewhere, "2031-01-01") is None
    told = CATALOGUE["pair.barred_elsewhere"].read([elsewhere], dt.date(2031, 1, 1))
    assert told[elsewhere.pk] is True
    stranger = applying(base, partner_id=base.partner_id + 1000)
    assert bars.bars([stranger], dt.date(2031, 1, 1)) == {stranger.pk: []}


def said(base, key: str, on: str, **changes) -> list[str]:
    """What a rule of LCU says of a case on a day."""
    own = profile("lcu")
    context = RuleContext(own, applying(base, **changes), dt.date.fromisoformat(on))
    return [finding.message for finding in evaluate(own.rule(key), context)]


def test_the_refusal_names_the_first_day_on_which_they_may_apply_again(region, base):
    """Revoked on 2030-10-15: barred to 2033-10-14, open on the anniversary; another college only with a warning."""
    with clock.travel("2030-10-15T09:00"):
        proposed(base, declared("bar", "三年内不得重新申报", years=3, automatic=True))
    assert said(base, "pair_not_barred", "2030-10-14") == []
    (refusal,) = said(base, "pair_not_barred", "2033-10-14")
    assert "2033年10月15日" in refusal
    assert said(base, "pair_not_barred", "2033-10-15") == []
    elsewhere = {"college_id": base.college_id + 1000}
    assert said(base, "pair_not_barred", "2031-01-01", **elsewhere) == []
    assert said(base, "partner_barred_elsewhere", "2031-01-01") == []
    (warning,) = said(base, "partner_barred_elsewhere", "2031-01-01", **elsewhere)
    assert "限制申报期" in warning
