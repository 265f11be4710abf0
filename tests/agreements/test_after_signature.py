"""What changes after an agreement was signed. Whatever happens, no two texts that exclude each other bind on one day, and on no
day none without everybody having been told."""

from __future__ import annotations

import pytest

from casework.models import Amendment
from core import clock
from tenants.models import Party
from tests.agreements.life import TERM, asked, base, bind, drafted, followed, night, told, with_parties, without
from tests.scenarios import house
from tests.scenarios.house import Person, done, fresh, main_of, unchanged
from tests.tenants import factories

pytestmark = pytest.mark.django_db

LATER = ("2027-04-01", "2030-03-31")


def everybody(school) -> tuple[Person, ...]:
    return school.contact, school.secretary, school.office


def another_partner(name: str = "第二实验学校") -> Person:
    """A further partner unit, by its contact."""
    unit = house.partner(name)
    return Person(factories.member(unit, "contact", factories.user(f"{name}联系人")))


def added(school, agreement, person: Person, **more) -> None:
    given = {"unit": str(person.organisation.pk), "side": "second", "reason": "共同建设。", **more}
    done(school.secretary.do(agreement, "add_party", given))


def test_modified_it_binds_to_the_eve_of_its_revision():
    school = base("lcu")
    revision = followed(school, "revision", "2027-03-10", TERM, "2027-04-01", clause_mode="改为双导师制。")
    assert bind(school, "2027-03-31") == ["XY-1"] and bind(school, "2027-04-01") == [revision.number]
    night("2027-04-01")
    before = fresh(school.agreement)
    assert (before.state, str(before.ended_on), before.end_code) == ("ended", "2027-03-31", "replaced")
    assert without(school, "2029-08-31") == []
    night("2029-09-01")  # the revision's own last day ends it, and the base
    assert fresh(revision).end_code == "expired" and fresh(school.recognition).state == "ended"
    assert without(school, "2029-09-01") == ["2029-09-01"]
    assert all(told(person, "协议已终止") for person in everybody(school))


def test_back_to_the_text_that_was_signed_last():
    """Changed, confirmed and taken back before it was signed: the text in force has never stopped binding."""
    school = base("lcu")
    standing = followed(school, "replacement", "2027-03-10", LATER, "2027-04-01")
    night("2027-04-01")
    with clock.travel("2028-01-10T09:00"):
        revision = asked(school, drafted(school, "revision", LATER, clause_mode="改为每年会商两次。"))
        done(school.contact.step(revision, "partner_confirmation", {"opinion": "确认。"}))
        done(school.office.do(revision, "begin_sealing"))
        done(school.secretary.do(revision, "revert", {"reason": "双方商定维持原文。"}))
        assert fresh(revision).state == "draft"
        assert house.load(fresh(revision), "agreement").answers["clause_mode"] == "双方约定如下。"
        assert Amendment.about(revision).get(kind="revert").changes[0]["new"] == "改为每年会商两次。"
        done(school.secretary.do(revision, "abandon", {"reason": "不再修订。"}))
    assert fresh(standing).state == "signed" and without(school, "2030-03-31") == []
    assert {bind(school, day)[0] for day in ("2028-01-09", "2028-01-10", "2030-03-31")} == {standing.number}


@pytest.mark.parametrize("first", ["positive", "negative"])
def test_one_side_confirms_and_the_other_declines(first):
    """In either order: the change is off, and the text in force goes on."""
    school, other = base("lcu"), another_partner()
    with clock.travel("2028-01-10T09:00"):
        revision = drafted(school, "revision", TERM, clause_mode="三方共建。")
        added(school, revision, other)
        revision = asked(school, revision)
        answers = [(school.contact, first), (other, "negative" if first == "positive" else "positive")]
        for person, outcome in answers:
            answer = person.step(revision, "partner_confirmation", {"opinion": "意见。"}, outcome=outcome)
            assert answer.status_code == 302 or (outcome == "positive" and answer.status_code in (403, 409))
        revision = fresh(revision)
        assert revision.state == "declined" and revision.signed_on is None
        assert told(school.secretary, "合作单位不予确认")
        with unchanged(revision):
            assert school.office.do(revision, "begin_sealing").status_code in (403, 409)
    assert without(school, "2029-08-31") == [] and bind(school, "2028-01-10") == ["XY-1"]


def test_a_party_is_replaced_by_a_revision():
    """From the revision on another unit is the partner of the text: it confirms and signs, the one that left does not, and sees
    nothing of it; what it signed binds to the eve and stays its own to read."""
    school, other = base("lcu"), another_partner()
    with_parties(school)
    with clock.travel("2027-03-10T09:00"):
        revision = drafted(school, "revision", TERM)
        old = revision.parties.get(organisation=school.partner)
        added(school, revision, other, instead_of=str(old.pk))
        revision = asked(school, revision)
        assert school.contact.step(revision, "partner_confirmation", {"opinion": "确认。"}).status_code in (
            403,
            404,
            409,
        )
        done(other.step(revision, "partner_confirmation", {"opinion": "确认。"}))
        done(school.office.do(revision, "begin_sealing"))
        done(school.office.do(revision, "record_signature", house.signature("2027-03-10", "2027-04-01")))
    night("2027-04-01")
    with clock.travel("2027-04-01T09:00"):
        assert school.contact.page(revision).status_code == 404
        assert other.organisation.display_name in main_of(other.page(revision))
        assert "XY-1" in main_of(school.contact.page(school.agreement))
        assert other.page(school.agreement).status_code == 404
    assert without(school, "2029-08-31") == [] and bind(school, "2027-04-01") == [revision.number]


def test_back_to_the_signed_text_means_its_parties_and_their_order():
    """Who came in with the change sees the agreement no more; who was left out is a party again, each in its own place."""
    school = base("lcu")
    second, third = another_partner(), another_partner("第三实验学校")
    with clock.travel("2027-03-10T09:00"):
        standing = drafted(school, "replacement", LATER)
        added(school, standing, second)
        standing = asked(school, standing)
        for person in (school.contact, second):
            done(person.step(standing, "partner_confirmation", {"opinion": "确认。"}))
        done(school.office.do(standing, "begin_sealing"))
        ticks = {f"p{party.organisation_id}": {"checked": True, "remark": "校长"} for party in standing.parties.all()}
        done(
            school.office.do(standing, "record_signature", house.signature("2027-03-10", "2027-04-01", signed_by=ticks))
        )
    night("2027-04-01")
    with clock.travel("2028-01-10T09:00"):
        revision = drafted(school, "revision", LATER)
        first = revision.parties.get(organisation=school.partner)
        added(school, revision, third, instead_of=str(first.pk))
        revision = fresh(revision)
        assert [row.organisation for row in revision.parties.all()][1:] == [third.organisation, second.organisation]
        assert revision.partner == third.organisation
        added(school, revision, school.contact)
        revision = asked(school, fresh(revision))
        done(third.step(revision, "partner_confirmation", {"opinion": "确认。"}))
        done(school.secretary.do(revision, "revert", {"reason": "维持原签约方。"}))
        revision = fresh(revision)
    told_of = [(row.side, row.order, row.organisation_id, row.signer) for row in standing.parties.all()]
    assert told_of == [(row.side, row.order, row.organisation_id, row.signer) for row in revision.parties.all()]
    assert revision.partner == school.partner
    assert not Party.about(revision).filter(organisation=third.organisation, until_on=None).exists()
    with clock.travel("2028-01-11T09:00"):
        assert third.page(revision).status_code == 404
        assert third.get("/agreements/").content.decode().count(revision.number) == 0
        for person in (school.contact, second, *everybody(school)):
            assert person.page(revision).status_code == 200
    assert without(school, "2030-03-31") == []


def test_a_corrected_contact_changes_no_text():
    school = base("lcu")
    standing = followed(school, "replacement", "2027-03-10", LATER, "2027-04-01")
    hash_before = standing.content_hash()
    with clock.travel("2028-01-10T09:00"):
        rows = [dict(row) for row in house.load(standing, "agreement").answers["contacts"]]
        rows[-1]["phone"] = "0834-2580009"
        done(school.secretary.do(standing, "correct_contacts", {"contacts": rows, "reason": "电话更换。"}))
        assert told(school.contact, "联系方式有更正")
    assert fresh(standing).content_hash() == hash_before and fresh(standing).state == "signed"
    assert without(school, "2030-03-31") == [] and school.recognition.agreements.count() == 2


def test_ended_by_one_side_while_its_replacement_is_signed_already():
    """Ended before the eve of the text that follows: the days between are told to everybody, with the day on which the other
    begins."""
    school = base("lcu")
    with_parties(school)
    new = followed(school, "replacement", "2028-03-01", ("2028-04-01", "2031-03-31"), "2028-04-01")
    partner = school.agreement.parties.get(side="second")
    given = {"party": str(partner.pk), "notice_on": "2028-03-05"}
    with clock.travel("2028-03-11T09:00"):
        end = house.termination("2028-03-10", "合作单位停办。", "one_side", **given)
        done(school.office.do(school.agreement, "terminate", end))
        assert without(school, "2031-03-31") == ["2028-03-11", "2028-03-31"]
        for person in everybody(school):
            assert told(person, "协议已终止")
            page = main_of(person.get("/inbox/"))
            assert "自2028-03-11起该基地没有有效的协议" in page and f"协议{new.number}自2028-04-01起生效" in page
    night("2028-04-01")
    assert bind(school, "2028-04-01") == [new.number] and fresh(school.recognition).state == "active"
