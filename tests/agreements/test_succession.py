"""A base whose only partner is replaced: who sees it and runs it from which day, and who was told."""

from __future__ import annotations

import pytest

from bases import bars, succession
from bases.models import Base, Recognition
from casework.models import Effect
from core import clock, ledger
from core.models import LedgerEntry, TransitionLog
from tenants.models import Party
from tests.agreements.life import TERM, D, asked, base, bind, drafted, night, told, with_parties, without
from tests.agreements.test_after_signature import added, another_partner
from tests.scenarios import house
from tests.scenarios.house import done, fresh, refused, unchanged

pytestmark = pytest.mark.django_db


def another_signed(school, other, on: str = "2027-03-10", effective: str = "2027-04-01"):
    """A revision in which another unit takes the only partner's place, from its draft to its signature on one day."""
    with clock.travel(f"{on}T09:00"):
        revision = drafted(school, "revision", TERM)
        old = revision.parties.get(organisation=school.partner)
        added(school, revision, other, instead_of=str(old.pk))
        revision = asked(school, revision)
        done(other.step(revision, "partner_confirmation", {"opinion": "确认。"}))
        done(school.office.do(revision, "begin_sealing"))
        done(school.office.do(revision, "record_signature", house.signature(on, effective)))
    return fresh(revision)


def sees(person, school, on: str) -> bool:
    """Whether the base exists for a person on a day: on its page and in the list."""
    with clock.travel(f"{on}T09:00"):
        page = person.page(school.recognition).status_code == 200
        listed = str(school.recognition.pk) in {str(row.pk) for row in person.get("/bases/").context["list"].page.rows}
    assert page == listed
    return page


@pytest.mark.both_databases
def test_the_new_partner_has_the_base_from_the_first_day_of_its_text_and_the_old_one_up_to_the_eve():
    school, other = base("lcu"), another_partner()
    with_parties(school)
    another_signed(school, other)
    assert fresh(school.recognition).partner == school.partner, "nothing changes before the day"
    assert not sees(other, school, "2027-03-31") and sees(school.contact, school, "2027-03-31")
    night("2027-03-31")
    assert fresh(school.recognition).partner == school.partner
    night("2027-04-01")
    night("2027-04-01")
    recognition = fresh(school.recognition)
    assert recognition.partner == other.organisation and recognition.base.partner == other.organisation
    assert sees(other, school, "2027-04-01") and not sees(school.contact, school, "2027-04-01")
    line = TransitionLog.about(recognition).get(transition="change_partner")
    assert line.facts["on"] == "2027-04-01" and other.organisation.display_name in line.reason
    for person in (other, school.contact, school.secretary, school.office):
        assert told(person, "基地合作单位更换")
    assert without(school, "2029-08-31") == []
    assert LedgerEntry.objects.get(kind="partner_change").done_at is not None
    with clock.travel("2027-04-02T09:00"):  # what comes next is drafted with the partner that it has now
        assert drafted(school, "replacement", ("2027-05-01", "2030-04-30")).partner == other.organisation


def test_without_a_run_the_next_act_on_the_base_makes_the_change_first_and_its_page_says_it():
    school, other = base("lcu"), another_partner()
    with_parties(school)
    another_signed(school, other)
    with clock.travel("2027-04-03T09:00"):
        shown = school.office.get(school.recognition.get_absolute_url()).content.decode()
        assert "原合作单位的协议执行至2027-03-31" in shown
        assert fresh(school.recognition).partner == school.partner, "a GET writes nothing"
        ledger.run_due(clock.today())
    line = TransitionLog.about(fresh(school.recognition)).get(transition="change_partner")
    assert str(line.on) == "2027-04-01" and fresh(school.recognition).partner == other.organisation
    part = Party.about(school.recognition).get(role=succession.BEFORE)
    assert (part.organisation, str(part.until_on)) == (school.partner, "2027-03-31")


def test_in_force_on_the_day_of_its_signature_it_changes_at_once():
    school, other = base("lcu"), another_partner()
    with_parties(school)
    another_signed(school, other, effective="2027-03-10")
    assert fresh(school.recognition).partner == other.organisation
    assert sees(other, school, "2027-03-10") and not sees(school.contact, school, "2027-03-10")
    assert not LedgerEntry.objects.filter(kind="partner_change").exists()
    night("2027-03-11")
    assert without(school, "2029-08-31") == []


def test_a_text_that_ends_before_it_took_effect_changes_no_partner():
    school, other = base("lcu"), another_partner()
    with_parties(school)
    revision = another_signed(school, other)
    with clock.travel("2027-03-20T09:00"):
        ending = {"how": "mutual", "ended_on": "2027-03-20", "reason": "双方商定。", "document": [house.sent("函.pdf")]}
        done(school.office.do(revision, "terminate", ending))
    night("2027-04-02")
    assert fresh(school.recognition).partner == school.partner and sees(school.contact, school, "2027-04-02")
    assert bind(school, "2027-04-02") == ["XY-1"]


def test_a_partner_that_has_its_own_base_in_the_category_is_refused_before_anybody_signs():
    school, other = base("lcu"), another_partner()
    with_parties(school)
    own = school.recognition.base
    Base.objects.create(
        number="JD-9",
        name="第二基地",
        university=own.university,
        partner=other.organisation,
        category_code=own.category_code,
    )
    with clock.travel("2027-03-10T09:00"):
        revision = drafted(school, "revision", TERM)
        old = revision.parties.get(organisation=school.partner)
        added(school, revision, other, instead_of=str(old.pk))
        revision = asked(school, revision)
        done(other.step(revision, "partner_confirmation", {"opinion": "确认。"}))
        with unchanged(revision):
            refused(school.office.do(revision, "begin_sealing"), "第二基地", "不能再作为本基地的合作单位")


def test_a_bar_stays_with_whoever_was_the_partner_when_it_began():
    school, other = base("lcu"), another_partner()
    with_parties(school)
    another_signed(school, other)
    night("2027-04-01")
    about = {"case_kind": "recognition", "case_id": school.recognition.pk, "kind": "bar", "state": "standing"}
    Effect.objects.create(**about, title="限制申报", proposed_on=D("2027-03-20"), from_on=D("2027-03-20"))
    sides = {"university": school.university, "college": school.college}
    cases = [Recognition(pk=pk, partner=unit, **sides) for pk, unit in ((1, school.partner), (2, other.organisation))]
    with clock.travel("2027-04-02T09:00"):
        standing = bars.bars(cases, clock.today())
    assert [len(standing[pk]) for pk in (1, 2)] == [1, 0]
