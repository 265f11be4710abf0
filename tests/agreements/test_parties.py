"""Parties as rows: everybody who takes part is one, confirms and signs (R4)."""

from __future__ import annotations

import pytest

from applications.services.starting import plan_call, start_application
from bases.services import draft_agreement
from casework.models import Override
from casework.views.partner import scans_of
from core import clock
from core.models import StampedCopy
from tenants.models import Party
from tests.agreements.world import World
from tests.scenarios import house
from tests.scenarios.house import done, fresh, main_of, refused, sent, text_of, unchanged
from tests.tenants import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    with clock.travel("2027-03-01T09:00"):
        yield World()


def ticked(*parties) -> dict:
    return {f"p{party.organisation_id}": {"checked": True, "remark": "厂长"} for party in parties}


@pytest.mark.both_databases
def test_three_partners_one_confirms_and_nothing_is_signed(world):
    agreement = world.to_confirm(world.draft(3))
    assert agreement.open_steps().filter(kind="confirmation").count() == 3
    done(world.confirm(agreement, 0))
    assert fresh(agreement).state == "confirming" and not fresh(agreement).is_confirmed
    with unchanged(agreement):
        refused(world.office.do(agreement, "begin_sealing"), "尚有环节未办结")
    done(world.confirm(agreement, 1))
    with unchanged(agreement):
        refused(world.office.do(agreement, "begin_sealing"), "尚有环节未办结")
    done(world.confirm(agreement, 2))
    done(world.office.do(agreement, "begin_sealing"))
    parties = list(agreement.parties.all())
    with unchanged(agreement):  # one seal is missing
        refused(world.signed(agreement, signed_by=ticked(*parties[:3])), "丙厂", "尚未签字盖章")
    done(world.signed(agreement, signed_by=ticked(*parties)))
    agreement = fresh(agreement)
    assert agreement.state == "signed"
    assert {party.signed_on for party in agreement.parties.all()} == {agreement.signed_on}
    assert agreement.parties.get(organisation=world.units[2]).signatory == "厂长"


def test_a_number_that_the_profile_names_is_enough():
    def two_of_them(data):
        data["routes"]["agreement"][1] |= {"unit": "party.partner", "quorum": {"value": 2, "local": True}}

    with clock.travel("2027-03-01T09:00"):
        world = World(two_of_them)
        agreement = world.to_confirm(world.draft(3))
        done(world.confirm(agreement, 1, "negative"))  # one no of three does not stop the two
        assert fresh(agreement).state == "confirming"
        done(world.confirm(agreement, 0))
        assert not fresh(agreement).is_confirmed
        done(world.confirm(agreement, 2))
        assert fresh(agreement).is_confirmed
        done(world.office.do(agreement, "begin_sealing"))
        parties = [party for party in agreement.parties.all() if party.organisation != world.units[1]]
        with unchanged(agreement):
            refused(world.signed(agreement, signed_by=ticked(*parties[:2])), "丙厂")
        done(world.signed(agreement, signed_by=ticked(*parties)))
    assert fresh(agreement).state == "signed"


def test_without_that_number_left_it_is_declined():
    def two_of_them(data):
        data["routes"]["agreement"][1] |= {"unit": "party.partner", "quorum": {"value": 2, "local": True}}

    with clock.travel("2027-03-01T09:00"):
        world = World(two_of_them)
        agreement = world.to_confirm(world.draft(3))
        done(world.confirm(agreement, 1, "negative"))
        done(world.confirm(agreement, 2, "negative"))
    assert fresh(agreement).state == "declined"


def test_who_waits_no_longer_is_asked_no_longer():
    def one_of_them(data):
        data["routes"]["agreement"][1] |= {"unit": "party.partner", "quorum": {"value": 1, "local": True}}

    with clock.travel("2027-03-01T09:00"):
        world = World(one_of_them)
        agreement = world.to_confirm(world.draft(2))
        done(world.confirm(agreement, 0))
        row = agreement.steps().get(kind="confirmation", unit=world.units[1])
        assert (row.state, row.facts["quorum"]) == ("skipped", 1)


def test_a_further_partner_of_the_application_is_a_party(world):
    call = plan_call(
        world.office.membership,
        version=world.version,
        title="遴选",
        year=2027,
        opens_at=clock.aware("2027-03-01"),
        closes_at=clock.aware("2027-12-31"),
    )
    done(world.office.do(call, "open"))
    application = start_application(world.secretary.membership, fresh(call), title="基地")
    answers = {"base_name": "基地", "partner": str(world.units[0].pk), "places": "3", "leader": "某人"}
    done(world.secretary.fill(application, "sheet", answers))
    application = fresh(application)
    done(world.secretary.do(application, "add_partner", {"partner": str(world.units[1].pk), "reason": "两家共建。"}))
    agreement = draft_agreement(
        world.secretary.membership,
        university=world.university,
        college=world.college,
        partner=world.units[0],
        version=world.version,
        application=fresh(application),
    )
    assert [party.organisation for party in agreement.parties.all()] == [world.university, *world.units[:2]]
    assert [party.order for party in agreement.parties.all()] == [1, 1, 2]
    assert main_of(world.contacts[1].page(agreement))  # it sees the agreement
    assert world.contacts[2].page(agreement).status_code == 404


def test_a_party_takes_anothers_place(world):
    """In a draft, and again while it is confirmed: then whoever confirmed confirms again, the one that left sees it no more
    from the next day on."""
    agreement = world.draft(2)
    with unchanged(agreement):
        answer = world.secretary.do(
            agreement, "add_party", {"unit": str(world.units[1].pk), "side": "second", "reason": "共建"}
        )
        refused(answer, "已是本协议的签约方")
    agreement = world.to_confirm(agreement)
    done(world.confirm(agreement, 0))
    old = agreement.parties.get(organisation=world.units[1])
    given = {
        "unit": str(world.units[2].pk),
        "side": "second",
        "instead_of": str(old.pk),
        "reason": "乙厂退出，由丙厂接替。",
    }
    with unchanged(agreement):
        refused(world.secretary.do(agreement, "add_party", given), "保存后以下确认作废", "甲厂", "学校审核")
    done(world.secretary.do(agreement, "add_party", given | {"aware": True}))
    agreement = fresh(agreement)
    assert agreement.state == "checking"
    assert [party.organisation for party in agreement.parties.all()][1:] == [world.units[0], world.units[2]]
    done(world.office.step(agreement, "check", {"opinion": "同意。"}))
    with unchanged(agreement):
        assert world.confirm(agreement, 1).status_code in (403, 409)
    with clock.travel("2027-03-02T09:00"):
        assert world.contacts[1].page(agreement).status_code == 404
    for number in (0, 2):
        done(world.confirm(agreement, number))
    assert fresh(agreement).is_confirmed


def test_the_first_partner_itself_is_replaced(world):
    agreement = world.draft(1)
    old = agreement.parties.get(organisation=world.units[0])
    given = {"unit": str(world.units[2].pk), "side": "second", "instead_of": str(old.pk), "reason": "改由丙厂。"}
    done(world.secretary.do(agreement, "add_party", given))
    assert fresh(agreement).partner == world.units[2]
    with unchanged(agreement):  # a side keeps one party
        only = agreement.parties.get(organisation=world.units[2])
        assert (
            world.secretary.do(agreement, "remove_party", {"party": str(only.pk), "reason": "退出"}).status_code == 422
        )


def test_only_drafters_change_the_parties(world):
    agreement = world.draft(2)
    given = {"unit": str(world.units[2].pk), "side": "second", "reason": "共建"}
    with unchanged(agreement):
        assert world.contacts[0].do(agreement, "add_party", given).status_code == 403
    outsider = house.Person(factories.member(factories.college(world.university, "旁院"), "secretary"))
    assert outsider.do(agreement, "add_party", given).status_code == 404
    assert Party.about(agreement).count() == 1


def test_every_party_stands_on_the_page_and_the_paper(world):
    agreement = world.draft(3)
    page = main_of(world.secretary.page(agreement))
    for unit in world.units:
        assert unit.name in page
    assert "丙厂联系人" in text_of(world.secretary.get(f"{agreement.get_absolute_url()}forms/agreement/"))


STAMP = {
    "key": "stamp",
    "title": "合作单位盖章",
    "stage": "checking",
    "kind": "endorse",
    "unit": "party.partner",
    "role": "contact",
    "paper": {"scan": "original", "seal": {"zh": "单位公章", "en": "Seal"}},
    "local": True,
}


def stamped():
    """The world of an agreement that two partners stamp, and that agreement on its way."""
    world = World(lambda data: data["routes"]["agreement"].insert(0, {**STAMP}))
    agreement = world.draft(2)
    done(world.secretary.do(agreement, "submit"))
    return world, agreement


def test_the_stamped_papers_of_two_partners_are_not_mistaken_for_each_other():
    """Both have a step of one key; each scan is compared with its own, and the reopened step is that of its sender."""

    with clock.travel("2027-03-01T09:00"):
        world, agreement = stamped()
        first, second = (agreement.steps().get(key="stamp", unit=unit) for unit in world.units[:2])
        for number, step in enumerate((first, second)):
            answers = {
                "outcome": "positive",
                "opinion": "同意。",
                "scan": [sent(f"{world.units[number].name}盖章.pdf")],
            }
            done(world.contacts[number].do(agreement, "act_on_step", answers, step=step.pk))
        listed = world.office.get("/scans/").context["list"].page.rows
        assert sorted(row.unit_name for row in listed) == ["乙厂", "甲厂"]
        shown = {}
        for copy in StampedCopy.objects.all():
            at = f"agreement.{agreement.pk}.stamp.{copy.step_id}"
            answer = world.office.get("/scans/compare/", at=at)
            shown[copy.step_id] = answer.context["page"]
            assert copy.document.name in main_of(answer) and answer.context["page"].hidden["step"] == copy.step_id
        assert [row.name for row in scans_of(agreement, first)] == ["甲厂盖章.pdf"]

        page = shown[first.pk]  # the one that came first: the newest of the key is not it
        sent_back = {**page.hidden, "seen": page.seen, "f-result": "mismatch", "f-note": "缺第2页。"}
        assert world.office.client.post(page.mismatch_url, sent_back).status_code == 302
        assert (fresh(first).state, fresh(second).state, fresh(second).scan) == ("open", "done", "to_match")
        states = dict(StampedCopy.objects.values_list("step_id", "state"))
        assert states == {first.pk: "mismatch", second.pk: "to_match"}
        done(world.office.do(agreement, "match_scan", {"result": "matched"}, step=second.pk))
        assert (fresh(first).state, fresh(second).scan) == ("open", "matched")


def test_what_one_partner_may_bring_later_the_other_still_brings_now():
    with clock.travel("2027-03-01T09:00"):
        world, agreement = stamped()
        steps = [agreement.steps().get(key="stamp", unit=unit) for unit in world.units[:2]]
        ask = {"reason": "单位公章在外地，月底带回。", "due_on": "2027-03-20"}
        for number in (0, 1):  # each asks for itself
            done(world.contacts[number].do(agreement, "ask_waiver", ask, step=steps[number].pk))
        first = Override.objects.get(requester=world.units[0])
        done(world.office.do(first, "grant", {"reason": "属实。"}))
        done(
            world.contacts[0].do(
                agreement, "act_on_step", {"outcome": "positive", "opinion": "同意。"}, step=steps[0].pk
            )
        )
        with unchanged(agreement):
            refused(
                world.contacts[1].do(
                    agreement, "act_on_step", {"outcome": "positive", "opinion": "同意。"}, step=steps[1].pk
                ),
                "盖章件",
            )
        given = {"scan": [sent("甲厂补交.pdf")]}
        done(world.contacts[0].do(agreement, "supply_paper", given, step=first.pk))
        assert StampedCopy.objects.get().step_id == steps[0].pk
        assert [row.unit_name for row in world.office.get("/scans/").context["list"].page.rows] == ["甲厂"]
        done(world.office.do(agreement, "match_supplied", {"result": "matched"}, step=first.pk))
        assert StampedCopy.objects.get().state == "matched" and fresh(first).settled_on is not None
