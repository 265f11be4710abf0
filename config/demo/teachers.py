"""云屿师范学院's yearly call: three bases in force, the year's projects at every stage, the base office with what it keeps."""

from __future__ import annotations

from typing import Any

from applications.models import Application, Call
from bases.models import Office, Recognition
from bases.office.services import open_office
from config.demo.calls import opened, planned
from config.demo.story import Story
from config.stories import agreements, lcu
from config.stories import answers_lcu as written
from config.stories.hands import fresh
from core import clock
from core.calendar import term_end
from regulations import services

EDUCATION, MUSEUM, ELECTRONICS = ("0451", "教育"), ("0651", "博物馆"), ("0854", "电子信息")
# Bases of the call of 2025: college, partner, programme, name, leader.
BASES = [
    ("u3a", "P6", EDUCATION, "云屿师范学院—南河路实验学校联培基地", "单于飞"),
    ("u3b", "P7", MUSEUM, "云屿师范学院—盐道博物馆联培基地", "宁远舟"),
    ("u3c", "P8", ELECTRONICS, "云屿师范学院—云衡软件联培基地", "慕容笙"),
]


def teachers_years(story: Story) -> None:
    """The base office opens, the calls of 2025 and 2026 run."""
    office = base_office(story)
    call = yearly_call(story, "2025")
    for row in BASES:
        in_force(story, call, *row)
    kept(story, office)
    _this_year(story)


def base_office(story: Story) -> Office:
    """The base office with the leading group that decides on projects."""
    clerk = story.hand("u3.clerk")
    with story.at("2025-02-24"):
        university = story.unit("U3")
        office = open_office(clerk.membership, services.governing(university, "school", clock.today()))
        clerk.record(office, "leading_group", written.leading_group(story.iso("2025-02-24")))
    return office


def yearly_call(story: Story, year: str) -> Call:
    """The project call of a year, open from March to May."""
    call = planned(
        story,
        "u3.clerk",
        level="school",
        on=f"{year}-02-26",
        title=f"{story.day(f'{year}-03-03').year}年校级联培基地立项",
        year=story.day(f"{year}-03-03").year,
        opens=f"{year}-03-03",
        closes=f"{year}-05-29",
    )
    return opened(story, "u3.clerk", call, f"{year}-02-27", {})


def in_force(
    story: Story, call: Call, college: str, partner: str, programme: Any, name: str, leader: str
) -> Recognition:
    """A project of 2025, approved by the leading group, its agreement of three years in force."""
    recognition = approved(
        story, call, college, partner, programme, name, leader, ("2025-04-14", "2025-06-03", "2025-06-16")
    )
    clerk, secretary = story.hand("u3.clerk"), story.hand(f"{college}.secretary")
    contact = story.hand(f"{partner.lower()}.contact")
    with story.at("2025-09-01"):
        first = story.day("2025-09-01")
        agreement = lcu.agreed(secretary, recognition, first.isoformat(), term_end(first, years=3).isoformat())
        agreements.confirmed(clerk, contact, agreement)
        agreements.signed(clerk, agreement, first.isoformat())
    with story.at("2025-09-04"):
        secretary.record(recognition, "base_officer", written.officer(story.iso("2025-09-04")))
        contact.record(recognition, "partner_manager", written.manager(story.iso("2025-09-04")))
    return recognition


def approved(
    story: Story,
    call: Call,
    college: str,
    partner: str,
    programme: Any,
    name: str,
    leader: str,
    days: tuple[str, str, str],
) -> Recognition:
    """Handed in, handled and approved on these days."""
    application = submitted(story, call, college, partner, programme, name, leader, days[0])
    with story.at(days[1]):
        lcu.handled(story.hand("u3.clerk"), application)
    with story.at(f"{days[2]} 16:00"):
        session = f"{story.day(days[2]).year}年第1次"
        return lcu.decided(story.hand("u3.recorder"), application, session, story.iso(days[2]))


def submitted(
    story: Story, call: Call, college: str, partner: str, programme: Any, name: str, leader: str, on: str
) -> Application:
    """A project handed in."""
    with story.at(on):
        answers = written.proposal(name, story.unit(partner), programme, leader=leader, on=story.iso(on))
        return lcu.submitted(story.hand(f"{college}.secretary"), call, answers)


def kept(story: Story, office: Office) -> None:
    """What the base office and the recorder have entered since."""
    clerk, recorder, on = story.hand("u3.clerk"), story.hand("u3.recorder"), story.iso("2025-12-08")
    with story.at("2025-12-08"):
        colleges = [story.unit(key) for key in ("U3A", "U3B", "U3C")]
        clerk.record(office, "layout_plan", written.layout_plan(on, *colleges))
        clerk.record(office, "budget", written.budget(on, str(story.day("2026-01-05").year), "60000", "40000", "40000"))
        clerk.record(office, "liaison", written.liaison(on, "college", "下年度立项与选派计划"))
        for code, done in (("layout", "完成三年布局规划。"), ("budget", "编制下年度预算。")):
            clerk.record(office, "office_task", written.task(on, code, done))
        recorder.record(office, "group_decision", written.group_decision(on, "planning"))


def _this_year(story: Story) -> None:
    """The call of 2026: approved and waiting for its agreement, before the leading group, with the base office, a draft."""
    call = yearly_call(story, "2026")
    days = ("2026-04-13", "2026-06-01", "2026-06-15")
    approved(story, call, "u3a", "P4", EDUCATION, "云屿师范学院—社会治理联培基地", "祁文渊", days)
    waiting = submitted(story, call, "u3b", "P10", MUSEUM, "云屿师范学院—同善文化服务联培基地", "宁远舟", "2026-05-11")
    with story.at("2026-06-22"):
        lcu.handled(story.hand("u3.clerk"), fresh(waiting))
    submitted(story, call, "u3c", "P3", ELECTRONICS, "云屿师范学院—高原作物信息联培基地", "慕容笙", "2026-05-25")
