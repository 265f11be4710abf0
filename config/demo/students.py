"""Students at the bases that are in force: under way, expected, and back again; one from another college than the base's."""

from __future__ import annotations

from bases.models import Recognition
from config.demo.story import Story
from config.stories import answers as written
from config.stories import placements
from config.stories.hands import DoorHand
from trainees.models import Placement, Student

AUTUMN = ("2026-09-07", "2027-01-15")
SPRING = ("2027-03-01", "2027-06-30")


def students(story: Story) -> None:
    """Three bases take students, each as its regulation wants it."""
    _machines(story)
    _crops(story)
    _nursing(story)


def _base(story: Story, university: str, partner: str) -> Recognition:
    return Recognition.objects.get(university=story.unit(university), partner=story.unit(partner), state="active")


def _student(story: Story, clerk: str, number: str, name: str, login: str = "", college: str = "") -> Student:
    """A student as their office enters them, with the account by which they look at their own."""
    seat = story.who(login, "student") if login else None
    unit = story.unit(college) if college else None
    return placements.student(story.hand(clerk), number, name, seat=seat, college=unit)


def _stay(story: Story, clerk: DoorHand, base: Recognition, who: Student, period: tuple[str, str]) -> Placement:
    return placements.planned(clerk, base, who, tuple(story.iso(day) for day in period))


def _entered(story: Story, clerk: DoorHand, placement: Placement, on: str) -> None:
    with story.at(on):
        placements.entered(clerk, placement, story.iso(on))


def _machines(story: Story) -> None:
    """岚江大学—恒拓机床: one back since July, one there until January, one expected in March."""
    clerk, base = story.hand("u1a.secretary"), _base(story, "U1", "P2")
    mentors = story.who("m1.mentor", "mentor"), story.who("b1.mentor")
    with story.at("2026-02-23"):
        placements.prepared(base, story.iso("2026-02-23"), clerk, story.hand("u1.clerk"), story.hand("p2.contact"))
        first = _student(story, "u1a.secretary", "2025855001", "向南飞", "s1.student")
        second = _student(story, "u1a.secretary", "2025855002", "那日苏", "s2.student")
        early = _stay(story, clerk, base, second, ("2026-03-02", "2026-07-03"))
        placements.guided(clerk, early, *mentors)
    _entered(story, clerk, early, "2026-03-02")
    with story.at("2026-07-03 17:00"):
        placements.left(clerk, early, story.iso("2026-07-03"))
    with story.at("2026-08-31"):
        autumn, spring = _stay(story, clerk, base, first, AUTUMN), _stay(story, clerk, base, second, SPRING)
        placements.guided(clerk, autumn, *mentors)
        placements.guided(clerk, spring, *mentors)
    _entered(story, clerk, autumn, "2026-09-07")


def _crops(story: Story) -> None:
    """青岐学院—高原作物试验站: one there, insured for every day."""
    clerk, base = story.hand("u4a.secretary"), _base(story, "U4", "P3")
    with story.at("2026-08-31"):
        placements.prepared(base, story.iso("2026-08-31"), story.hand("p3.contact"), clerk, story.hand("u4.clerk"))
        who = _student(story, "u4a.secretary", "2025951001", "曲比·阿支", "s6.student")
        stay = _stay(story, clerk, base, who, AUTUMN)
        placements.guided(clerk, stay, story.who("m6.mentor", "mentor"), story.who("b3.mentor"))
        placements.insured(clerk, stay, story.iso("2026-09-01"), story.iso("2027-01-31"))
    _entered(story, clerk, stay, "2026-09-07")


def _nursing(story: Story) -> None:
    """望川医科大学—城东医院: the base is the nursing college's; the graduate office sends a student of medicine there."""
    clerk, base = story.hand("u2.clerk"), _base(story, "U2", "P1")
    with story.at("2026-08-31"):
        contact, there = story.hand("p1.contact"), ("working_group",)
        placements.prepared(base, story.iso("2026-08-31"), contact, clerk, without=there)
        mentor = story.who("b2.mentor")
        selected = written.base_mentor(mentor.name, "主任医师", "内科学", story.iso("2026-08-31"))
        clerk.record(base, "mentor", selected)
        who = _student(story, "u2.clerk", "2023105101", "陆离", "s4.student", college="U2A")
        stay = _stay(story, clerk, base, who, AUTUMN)
        placements.guided(clerk, stay, story.who("m3.mentor", "mentor"), mentor)
    _entered(story, clerk, stay, "2026-09-07")
