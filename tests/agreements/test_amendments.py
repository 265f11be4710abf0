"""What changes after others have confirmed: a term voids the confirmations that covered it, a contact none (must-show 4)."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connections

from bases.services import draft_agreement
from casework.models import Amendment
from core import clock
from core.models import InboxMessage, Paper, TransitionLog
from tests.agreements.world import PERIOD, World, amended
from tests.scenarios import house
from tests.scenarios.house import done, fresh, main_of, refused, text_of, unchanged

pytestmark = pytest.mark.django_db

NEW_TERM = {"period": {"from": "2027-03-02", "to": "2030-03-01"}}


@pytest.fixture
def world():
    with clock.travel("2027-03-01T09:00"):
        yield World()


@pytest.mark.both_databases
def test_a_changed_term_voids_the_confirmations_that_covered_it_and_says_so_before(world):
    agreement = world.to_confirm(world.draft(2))
    done(world.confirm(agreement, 0))
    with unchanged(agreement):
        answer = amended(world, agreement, aware=False, **NEW_TERM)
        refused(answer, "保存后以下确认作废", "甲厂", "甲厂联系人", "学校审核", "协议期限")
    assert fresh(agreement).ends_on.isoformat() == PERIOD[1] and not Amendment.objects.exists()
    told = InboxMessage.objects.filter(title__contains="内容已改动").count()
    done(amended(world, agreement, **NEW_TERM))
    agreement = fresh(agreement)
    assert (agreement.state, agreement.ends_on.isoformat()) == ("checking", "2030-03-01")
    assert agreement.parties.get(organisation=world.units[0]).confirmed_at is None
    made = Amendment.about(agreement).get()
    assert [(row["label"], row["holds"]) for row in made.changes] == [("协议期限", "term")]
    assert made.changes[0]["old"] == "2027年3月2日 至 2029年3月1日" and "2030年3月1日" in made.changes[0]["new"]
    assert {row["unit"] for row in made.voided} == {"甲厂", "第六大学"}
    assert InboxMessage.objects.filter(title__contains="内容已改动").count() > told
    page = main_of(world.contacts[1].page(agreement))
    assert "修改记录" in page and "因此作废、须重新办理" in page and "合作单位要求。" in page
    done(world.office.step(agreement, "check", {"opinion": "同意。"}))
    assert "协议内容有修改（协议期限）" in world.contacts[0].get(f"/p/agreement/{agreement.pk}/").context["page"].what
    for number in (0, 1):
        done(world.confirm(agreement, number))
    assert fresh(agreement).is_confirmed


def test_a_corrected_contact_re_confirms_nobody(world):
    agreement = world.to_confirm(world.draft(2))
    done(world.confirm(agreement, 0))
    before = fresh(agreement).content_hash()
    rows = house.agreement_answers(agreement, PERIOD)["contacts"]
    rows[1] = {**rows[1], "phone": "0834-2580001"}
    done(world.secretary.do(agreement, "correct_contacts", {"contacts": rows, "reason": "电话更换。"}))
    agreement = fresh(agreement)
    assert (agreement.state, agreement.content_hash()) == ("confirming", before)
    assert agreement.parties.get(organisation=world.units[0]).confirmed_at is not None
    made = Amendment.about(agreement).get()
    assert (made.kind, made.voided) == ("contact", []) and "0834-2580001" in made.changes[0]["new"]
    done(world.confirm(agreement, 1))
    agreement = world.office.do(agreement, "begin_sealing") and fresh(agreement)
    done(
        world.signed(
            agreement, signed_by={f"p{party.organisation_id}": {"checked": True} for party in agreement.parties.all()}
        )
    )
    rows[1] = {**rows[1], "phone": "0834-2580002"}
    done(world.secretary.do(agreement, "correct_contacts", {"contacts": rows, "reason": "又更换。"}))
    assert fresh(agreement).state == "signed"
    with unchanged(agreement):  # nothing but contacts can be corrected so, and nothing is no correction
        refused(world.secretary.do(agreement, "correct_contacts", {"contacts": rows, "reason": "无"}), "没有改动")
    assert fresh(agreement).content_hash() == before


def test_a_changed_fact_voids_nothing_and_is_told(world):
    agreement = world.to_confirm(world.draft(1))
    done(world.confirm(agreement, 0))
    done(amended(world, agreement, aware=False, second_signatory="新厂长"))
    agreement = fresh(agreement)
    assert agreement.is_confirmed
    assert "所依据的事实有变动" in main_of(world.office.page(agreement))
    assert Amendment.about(agreement).get().changes[0]["holds"] == "fact"
    done(world.office.do(agreement, "begin_sealing"))


def test_only_what_a_confirmation_covered_makes_it_void():
    """A lawyer who looked at the clauses is not asked again about the days."""

    def lawyers(data):
        step = {
            **data["routes"]["agreement"][0],
            "key": "law",
            "title": "法务",
            "role": "legal",
            "kind": "legal_review",
        }
        data["routes"]["agreement"].insert(1, {**step, "after": [], "confirms": ["agreement.clauses"]})

    with clock.travel("2027-03-01T09:00"):
        world = World(lawyers)
        legal = house.Person(house.factories.member(world.university, "legal"))
        agreement = world.draft(1)
        done(world.secretary.do(agreement, "submit"))
        done(legal.step(agreement, "law", {"opinion": "可行。"}))
        done(world.office.step(agreement, "check", {"opinion": "同意。"}))
        done(amended(world, agreement, **NEW_TERM))
        assert fresh(agreement).steps().get(key="law").state == "done"
        assert fresh(agreement).steps().get(key="check").state == "open"
        done(world.office.step(agreement, "check", {"opinion": "同意。"}))
        done(amended(world, agreement, **NEW_TERM, clause_all="另行约定。"))
        assert {step.key for step in fresh(agreement).open_steps()} == {"law", "check"}


def test_while_it_is_signed_a_change_voids_the_final_text(world):
    agreement = world.sealed(world.to_confirm(world.draft(1)))
    paper = Paper.about(agreement).get(voided_at=None)
    done(amended(world, agreement, **NEW_TERM))
    agreement = fresh(agreement)
    assert agreement.state == "checking"
    paper.refresh_from_db()
    assert paper.voided_at is not None
    with unchanged(agreement):
        assert world.signed(agreement).status_code in (403, 409)
    done(world.office.step(agreement, "check", {"opinion": "同意。"}))
    agreement = world.sealed(agreement)
    done(world.signed(agreement))
    assert Paper.about(agreement).filter(voided_at=None).get().version == 2


def test_a_change_that_could_not_be_handed_in_is_refused(world):
    agreement = world.to_confirm(world.draft(1))
    with unchanged(agreement):
        refused(amended(world, agreement, period={"from": "2027-03-02", "to": "2026-03-01"}), "早于开始")
    with unchanged(agreement):
        refused(amended(world, agreement), "没有改动")
    with unchanged(agreement):
        assert world.contacts[0].do(agreement, "amend", {"reason": "无"}).status_code == 403


def test_an_old_page_never_confirms_a_changed_text(world):
    """The partner read the text and kept the page open; it was changed meanwhile and checked again."""
    agreement = world.to_confirm(world.draft(1))
    url = f"/p/agreement/{agreement.pk}/"
    done(world.contacts[0].client.post(url, {"do": "read"}))
    page = world.contacts[0].get(url).context["page"]
    assert page.hidden["content"] == agreement.content_hash()
    done(amended(world, agreement, **NEW_TERM))
    done(world.office.step(agreement, "check", {"opinion": "同意。"}))
    with unchanged(agreement):
        answer = world.contacts[0].client.post(page.confirm_url, {**page.hidden, "seen": page.version})
        refused(answer, "内容在您阅读之后有改动")
    fresh_page = world.contacts[0].get(url).context["page"]
    assert "协议内容有修改" not in fresh_page.what  # it had not confirmed the text before
    done(world.contacts[0].client.post(fresh_page.confirm_url, {**fresh_page.hidden, "seen": fresh_page.version}))
    assert fresh(agreement).is_confirmed


def test_one_confirms_and_the_other_declines(world):
    agreement = world.to_confirm(world.draft(2))
    done(world.confirm(agreement, 0))
    done(world.confirm(agreement, 1, "negative"))
    agreement = fresh(agreement)
    assert agreement.state == "declined" and agreement.signed_on is None
    with unchanged(agreement):
        assert world.office.do(agreement, "begin_sealing").status_code in (403, 409)


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_both_confirm_at_the_same_moment():
    """Neither is told that the other was quicker: both confirmed the same text of a revision, and both stand. The text before
    binds until the revision is signed, to its eve."""
    with clock.travel("2027-03-01T09:00"):
        world = World()
        before = world.in_force()
    with clock.travel("2027-06-01T09:00"):
        agreement = world.to_confirm(world.draft(2, previous=before, type="revision"))
        pages = []
        for contact in world.contacts[:2]:
            url = f"/p/agreement/{agreement.pk}/"
            done(contact.client.post(url, {"do": "read"}))
            pages.append(contact.get(url).context["page"])
        gate, answers = threading.Barrier(2), {}

        def confirm(number: int) -> None:
            gate.wait()
            try:
                given = {**pages[number].hidden, "seen": pages[number].version}
                answers[number] = world.contacts[number].client.post(pages[number].confirm_url, given).status_code
            finally:
                connections.close_all()

        threads = [threading.Thread(target=confirm, args=(number,)) for number in (0, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert answers == {0: 302, 1: 302}
        agreement = fresh(agreement)
        assert agreement.is_confirmed
        assert not agreement.parties.filter(organisation__kind="partner", confirmed_at=None).exists()
        lines = TransitionLog.objects.filter(case_kind="agreement", case_id=agreement.pk, transition="act_on_step")
        assert lines.filter(role="contact").count() == 2
        assert fresh(before).is_in_force(clock.today())
        done(world.office.do(agreement, "begin_sealing"))
        ticks = {f"p{party.organisation_id}": {"checked": True, "remark": "厂长"} for party in agreement.parties.all()}
        done(world.signed(agreement, "2027-06-01", signed_by=ticks))
    before, days = fresh(before), ("2027-05-31", "2027-06-01")
    assert [before.is_in_force(dt.date.fromisoformat(day)) for day in days] == [True, False]
    assert [fresh(agreement).is_in_force(dt.date.fromisoformat(day)) for day in days] == [False, True]


# --- back to the last signed text ------------------------------------------------------------------------------------


@pytest.fixture
def revising(world):
    """An agreement in force, and its revision that is out for confirmation."""
    before = world.in_force()
    with clock.travel("2027-06-01T09:00"):
        revision = draft_agreement(
            world.secretary.membership,
            university=world.university,
            college=world.college,
            partner=world.units[0],
            version=world.version,
            previous=before,
            type="revision",
        )
        yield world, before, revision


def test_back_to_the_last_signed_text_is_one_act(revising):
    world, before, revision = revising
    world.write(revision, clause_all="改为每年会商两次。")
    revision = world.to_confirm(revision)
    page = main_of(world.contacts[0].page(revision))
    assert "与上次签订的版本" in page and "改为每年会商两次。" in page and "第六大学与甲厂共建基地。" in page
    done(world.confirm(revision, 0))
    done(world.secretary.do(revision, "revert", {"reason": "双方商定维持原文。"}))
    revision = fresh(revision)
    assert (revision.state, revision.round) == ("draft", 2)
    assert house.load(revision, "agreement").answers["clause_all"] == "第六大学与甲厂共建基地。"
    assert revision.parties.get(organisation=world.units[0]).confirmed_at is None
    assert fresh(before).state == "signed" and fresh(before).is_in_force(clock.today())
    assert Amendment.about(revision).get(kind="revert").changes[0]["new"] == "改为每年会商两次。"
    with unchanged(revision):  # a revision that revises nothing is not handed in
        refused(world.secretary.do(revision, "submit"), "与原协议没有差别")
    done(world.secretary.do(revision, "abandon", {"reason": "不再修订。"}))
    assert fresh(before).state == "signed"


def test_nothing_to_go_back_to(world):
    agreement = world.draft(1)
    with unchanged(agreement):
        refused(world.secretary.do(agreement, "revert", {"reason": "恢复"}), "没有上一份已签订的文本")
    assert "恢复到上次签订的版本" not in text_of(world.secretary.page(agreement))
