"""The lines of the scenarios in which a student's stay is what is tried: S01.6, S07.4, S10.2 and .6, S22.5, over HTTP."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from config.stories import answers as written
from config.stories import placements
from core import clock
from tests.scenarios import house, house_czmc, test_s10, test_s22
from tests.scenarios.house import Person, done, fresh, main_of, refused
from tests.scenarios.test_s10 import base, region  # noqa: F401 - fixtures
from tests.scenarios.test_s22 import world  # noqa: F401 - a fixture
from tests.tenants import factories
from trainees.models import Placement

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@dataclass
class Sender:
    """Whoever sends students to a base, its mentors of both sides, and who enters what the base must have."""

    secretary: Person
    base: object
    people: list[Person]

    def __post_init__(self) -> None:
        def mentor(organisation, role, name):
            return factories.member(organisation, role, factories.user(name))

        self.mentor = mentor(self.secretary.organisation, "mentor", "郁可")
        self.base_mentor = mentor(self.base.partner, "base_mentor", "纪云舒")
        self.count = 0

    def asks(self, first: str, last: str):
        """Plan a new student's stay as a browser sends it."""
        self.count += 1
        student = placements.student(self.secretary.hand, f"9{self.count:04}", f"研究生{self.count}")
        periods = {"f-periods-0-period-from": first, "f-periods-0-period-to": last}
        return self.secretary.client.post(
            "/placements/new/", {"f-base": self.base.pk, "f-number": student.number, **periods}
        )

    def sends(self, first: str, last: str) -> Placement:
        """A student who goes on the first day; the clock stands there."""
        hand = self.secretary.hand
        placements.prepared(self.base, first, *(person.hand for person in self.people))
        done(self.asks(first, last))
        placement = Placement.objects.order_by("-pk")[0]
        placements.guided(hand, placement, self.mentor, self.base_mentor)
        placements.insured(hand, placement, first, last)
        placements.entered(hand, placement, first)
        return fresh(placement)


def test_s01_6_mentors_are_assigned_once_the_group_stands():
    with clock.travel("2026-03-01T09:00"):
        school = house_czmc.school()
    recognition = house_czmc.active(school)
    sender = Sender(school.secretary, recognition, [school.contact, school.secretary, school.office])
    with clock.travel("2026-04-05T10:00"):
        done(sender.asks("2026-04-06", "2026-09-30"))
        placement, named = Placement.objects.get(), {"base_mentor": str(sender.base_mentor.pk)}
        refused(sender.secretary.do(placement, "assign_mentors", named), "遴选", clause="CZMC-5.2a")
        mentor = written.base_mentor("纪云舒", "主任护师", "护理学", "2026-04-05")
        school.office.hand.record(recognition, "mentor", mentor)
        done(sender.secretary.do(placement, "assign_mentors", named))
    with clock.travel("2026-04-06T09:00"):
        entry = {"entered_on": "2026-04-06"}
        refused(sender.secretary.do(placement, "start", entry), "研究生实践安全管理办法", clause="CZMC-6.1a")
        people = (school.contact.hand, school.office.hand)
        placements.prepared(recognition, "2026-04-06", *people, without=("working_group",))
        done(sender.secretary.do(placement, "start", entry))
    assert fresh(placement).state == "active"


@pytest.fixture
def sender(region, base) -> Sender:  # noqa: F811 - fixtures
    return Sender(region.secretary, base, [region.contact, region.secretary, region.office])


def test_s07_4_one_mentor_is_not_enough(sender, base, region):  # noqa: F811 - fixtures
    with clock.travel("2027-10-08T09:00"):
        placements.prepared(base, "2027-10-08", region.secretary.hand)
        done(sender.asks("2027-10-08", "2028-01-15"))
        placement = Placement.objects.get()
        placements.guided(region.secretary.hand, placement, sender.mentor)
        entry = {"entered_on": "2027-10-08"}
        refused(region.secretary.do(placement, "start", entry), "尚未安排基地导师", clause="NM-11a")
        placements.guided(region.secretary.hand, placement, sender.mentor, sender.base_mentor)
        done(region.secretary.do(placement, "start", entry))


def test_s10_2_stays_at_a_base_with_an_accident_carry_a_warning(sender, base, region):  # noqa: F811 - fixtures
    with clock.travel("2027-10-08T09:00"):
        placement = sender.sends("2027-10-08", "2028-06-30")
    incident = test_s10.entered(region, base)
    with clock.travel("2028-02-03T18:00"):
        assert "重大事项" not in main_of(sender.secretary.page(placement))
    with clock.travel("2028-02-04T10:00"):
        done(region.office.do(incident, "report"))
        page = main_of(sender.secretary.page(placement))
        assert "重大事项" in page and "已在基地的研究生不受影响" in page
        assert region.officer.page(incident).status_code == 200
        assert region.officer.page(placement).status_code == 404  # the department sees the accident, not the student
        done(sender.asks("2028-03-01", "2028-06-30"))  # until the department has judged, others may come


@pytest.mark.clause("NM-21c")
def test_s10_6_a_base_takes_students_until_its_withdrawal_is_filed(sender, base, region):  # noqa: F811 - fixtures
    test_s10.graded(region, base, "qualified")
    with clock.travel("2030-10-20T09:00"):
        withdrawal = test_s10.drafted(region, base)
        test_s10.signed(region.office, withdrawal, "university_signs")
        test_s10.signed(region.contact, withdrawal, "partner_signs")
        house.match_all(region.office, withdrawal)
        done(region.office.do(withdrawal, "send"))
    with clock.travel("2030-11-30T09:00"):
        done(sender.asks("2030-11-30", "2031-01-15"))
    with clock.travel("2030-12-01T09:00"):
        done(region.officer.step(withdrawal, "filing"))
        refused(sender.asks("2030-12-01", "2031-01-15"), "终止", clause="NM-21c")
    assert Placement.objects.count() == 1


@pytest.mark.clause("XCU-29f")
def test_s22_5_a_cancelled_base_takes_nobody_and_its_student_goes_on(world):  # noqa: F811 - a fixture
    school = world.school
    sender = Sender(school.secretary, world.base, [school.contact, school.secretary, school.office])
    with clock.travel("2029-03-01T09:00"):
        placement = sender.sends("2029-03-01", "2029-06-30")
    evaluation = test_s22.scored(world, "triennial", "2029-05-18", "59.99")
    with clock.travel("2029-05-19T09:00"):
        done(sender.asks("2029-05-21", "2029-06-30"))
    test_s22.confirmed(world, evaluation, "2029-05-20")
    with clock.travel("2029-05-21T09:00"):
        refused(sender.asks("2029-05-21", "2029-06-30"), "终止", clause="XCU-29f")
        waiting = Placement.objects.latest("pk")
        assert (waiting.state, waiting.end_clause) == ("cancelled", "XCU-29f")
        page = main_of(school.secretary.page(waiting))
        assert "基地已于2029-05-20终止（考核不合格）" in page and "第二十九条" in page
        page = main_of(school.secretary.page(placement))
        assert "已在基地的研究生不受影响" in page and fresh(placement).state == "active"
    with clock.travel("2029-06-30T17:00"):
        placements.left(school.secretary.hand, placement, "2029-06-30")
    assert fresh(placement).state == "ended"
