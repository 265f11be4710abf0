"""What becomes of what runs on a base when the base ends: evaluations, rectifications, planned stays."""

from __future__ import annotations

import pytest

from config.stories import placements
from core import clock, ledger
from core.door import chain
from core.models import InboxMessage, LedgerEntry
from evaluations.models import Evaluation
from tests.effects.acting import declared, proposed
from tests.evaluations.world import build
from tests.placing import place
from tests.scenarios.house import Person, done, fresh, main_of, refused, text_of
from tests.scenarios.test_s22 import sheet
from tests.tenants import factories
from trainees.models import Student
from trainees.services import expected

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_nobody_reports_on_a_base_that_is_none_any_more():
    """The yearly check has opened; the triennial assessment ends the base: the check ends with it, and nothing is late."""
    world = build("xcu", "2026-05-18", "2031-05-17")
    check = world.opened("benchmark", "2026-12-01")
    with clock.travel("2029-05-18T08:00"):
        ledger.run_due(clock.today())
    triennial = world.base.evaluations.get(kind="triennial")
    triennial = world.heard(world.reported(triennial, "2029-05-19"), "2029-05-19", sheet("40"))
    with clock.travel("2029-05-20T09:00"):
        done(world.organiser.step(triennial, "give_grade", {"opinion": "确认。"}))
        assert (fresh(triennial).state, world.base.state) == ("confirmed", "ended")
        assert {row.state for row in Evaluation.objects.filter(recognition=world.base).exclude(pk=triennial.pk)} == {
            "cancelled"
        }
        assert fresh(check).missed_reason == "基地已终止，本次考核不再进行。"
        assert not LedgerEntry.objects.filter(case_kind="evaluation", done_at=None).exists()
        assert check.title not in text_of(world.reporter.get("/todos/"))
    assert list(chain.breaks()) == []


def ended(world, on: str) -> None:
    """The base is cancelled on a day, of itself."""
    more = {"automatic": True, "clause": "XCU-29f", "reason": "unqualified"}
    with clock.travel(f"{on}T09:00"):
        proposed(world.base, declared("cancellation", "取消联合培养基地资格", **more))


def test_who_has_not_gone_yet_is_told_that_nobody_comes_any_more():
    """The plan is closed for the reason and by the clause of the base's end, and everybody who plans with it hears of it;
    who is there already goes on, and who was to come before that day may be there: that is somebody's to say."""
    world = build("xcu", "2026-05-18", "2031-05-17")
    made = world.school
    account = factories.user("陆离")
    own = Person(factories.member(made.college, "student", account))
    Student.objects.filter(pk=made.student.pk).update(seat=own.membership)
    with clock.travel("2029-05-01T09:00"):
        there, late, to_come = (
            placements.planned(made.secretary.hand, world.base, student, days)
            for student, days in (
                (placements.student(made.secretary.hand, "1", "沈青"), ("2029-05-02", "2029-12-31")),
                (placements.student(made.secretary.hand, "2", "米雪"), ("2029-06-09", "2029-12-31")),
                (made.student, ("2029-06-10", "2029-12-31")),
            )
        )
        made.guided(to_come)
    place(there, "active", entered_on="2029-05-02")
    for stay in (late, to_come):
        expected(place(stay, "planned"))
    ended(world, "2029-06-10")
    with clock.travel("2029-06-10T10:00"):
        assert [fresh(stay).state for stay in (there, late, to_come)] == ["active", "planned", "cancelled"]
        for person in (own, Person(made.mentor), Person(made.base_mentor), made.secretary):
            note = InboxMessage.objects.get(membership_id=person.membership.pk, title__startswith="专业实践已取消")
            assert "2029-06-10" in note.body and "请另行安排" in note.body
            page = main_of(person.page(to_come))
            assert "已取消" in page and "基地已于2029-06-10终止" in page and "第二十九条" in page
        assert not LedgerEntry.about(to_come).filter(done_at=None).exists()
        listed = main_of(made.secretary.page(world.base))
        assert "米雪" in listed and "陆离" not in listed
        refused(made.secretary.do(to_come, "start", {"entered_on": "2029-06-10"}), status=409)
        assert LedgerEntry.about(late).filter(kind="placement_starts", done_at=None).exists()
    assert list(chain.breaks()) == []
