"""望川医科大学's standing call: a base in force, one whose originals are being handed out, one case in every stage before."""

from __future__ import annotations

from typing import Any

from applications.models import Application, Call
from config.demo.calls import opened, planned
from config.demo.story import Story
from config.stories import answers as written
from config.stories import czmc
from config.stories.hands import fresh
from core.calendar import term_end

NURSING = ("1054", "护理")
BASES = [
    ("P1", "望川医科大学—城东医院护理培养基地"),
    ("P6", "望川医科大学—学校卫生护理培养基地"),
    ("P2", "望川医科大学—职业健康护理培养基地"),
]


def medical_years(story: Story) -> None:
    """望川医科大学: who signs is said once; the college of nursing contacts its bases itself."""
    call = standing_call(story)
    for partner, name in BASES:
        in_force(story, call, partner, name)
    _handed_out(story, call)
    reviewed = _submitted(story, call, "P4", "2026-10-19", "望川医科大学—社区健康管理培养基地")
    _visited(story, reviewed, "2026-10-28")
    with story.at("2026-11-09"):
        czmc.reviewed(story.hand("u2.clerk"), reviewed)
    _submitted(story, call, "P8", "2026-11-16", "望川医科大学—护理信息化培养基地")


def standing_call(story: Story) -> Call:
    """Applications are taken at any time; who signs for which kind of base is said once."""
    call = planned(
        story,
        "u2.clerk",
        level="school",
        on="2025-02-24",
        title="研究生培养基地申报（常年受理）",
        year=story.day("2025-02-24").year,
        opens="2025-03-03",
        closes=None,
    )
    call = opened(story, "u2.clerk", call, "2025-02-28", {})
    signers = {"college": "college", "voluntary": "graduate_office", "clinical": "university"}
    with story.at("2025-02-28 10:00"):
        czmc.signer_named(call.regulation_version, story.unit("U2"), signers, story.day("2025-02-28"))
    return call


def in_force(story: Story, call: Call, partner: str, name: str) -> None:
    """护理学院 with a partner: three years, its working group and mentors named, its files filed."""
    application = _submitted(story, call, partner, "2025-03-03", name)
    recognition = _approved(story, application, ("2025-03-10", "2025-03-17", "2025-03-21"))
    clerk, secretary = story.hand("u2.clerk"), story.hand("u2b.secretary")
    contact = story.hand(f"{partner.lower()}.contact")
    with story.at("2025-03-24"):
        czmc.filed(clerk, recognition, story.iso("2025-03-24"))
    with story.at("2025-04-01"):
        first = story.day("2025-04-01")
        term = first.isoformat(), term_end(first, years=3).isoformat()
        agreement = czmc.agreed(secretary, recognition, *term, story.iso("2025-03-24"))
        czmc.confirmed(clerk, contact, agreement)
        czmc.distributed(clerk, contact, secretary, agreement, story.iso("2025-04-01"))
        czmc.signed(clerk, agreement, story.iso("2025-04-01"))
    with story.at("2025-04-08"):
        secretary.record(recognition, "working_group", written.working_group(story.iso("2025-04-08")))
        for name, discipline in (("纪云舒", "护理学"), ("闻人越", "公共卫生")):
            mentor = written.base_mentor(name, "主任护师", discipline, story.iso("2025-04-08"))
            clerk.record(recognition, "mentor", mentor)


def _handed_out(story: Story, call: Call) -> None:
    """护理学院—同善社会工作服务中心: signed by both sides, one of the three originals still to come."""
    application = _submitted(story, call, "P10", "2026-09-07", "望川医科大学—同善社区护理培养基地")
    recognition = _approved(story, application, ("2026-09-16", "2026-09-28", "2026-10-12"))
    clerk, contact, secretary = story.hand("u2.clerk"), story.hand("p10.contact"), story.hand("u2b.secretary")
    with story.at("2026-11-02"):
        term = story.iso("2026-11-02"), story.iso("2029-11-01")
        agreement = czmc.agreed(secretary, recognition, *term, story.iso("2026-10-19"))
        czmc.confirmed(clerk, contact, agreement)
    with story.at("2026-11-12"):
        clerk.step(agreement, "copy_graduate_office", written.receipt(story.iso("2026-11-12"), "研究生处档案室"))
        secretary.step(agreement, "copy_college", written.receipt(story.iso("2026-11-12"), "院办公室"))


def _submitted(story: Story, call: Call, partner: str, on: str, name: str) -> Application:
    secretary, unit = story.hand("u2b.secretary"), story.unit(partner)
    with story.at(on):
        answers = written.czmc_application(name, unit, NURSING, leader="沈知微", on=story.iso(on))
        application = czmc.drafted(secretary, call, name, answers)
        secretary.do(application, "submit")
    return fresh(application)


def _visited(story: Story, application: Any, on: str) -> None:
    with story.at(on):
        czmc.visited(story.hand("u2b.dean"), application, story.iso(on))


def _approved(story: Story, application: Any, days: tuple[str, str, str]) -> Any:
    """Visit, review and approval on these days; the base that waits for its agreement."""
    visit, review, approval = days
    _visited(story, application, visit)
    with story.at(review):
        czmc.reviewed(story.hand("u2.clerk"), application)
    with story.at(approval):
        return czmc.approved(story.hand("u2.vp"), application)
