"""望川医科大学's standing call: bases in force, contacted by the college, volunteering, and clinical; one whose originals are
being handed out, one case in every stage before, a hospital that files itself among them."""

from __future__ import annotations

from typing import Any

from applications.models import Application, Call
from applications.services.starting import start_application
from config.demo.calls import opened, planned
from config.demo.story import Story
from config.stories import agreements, czmc
from config.stories import answers as written
from config.stories.hands import fresh
from core.calendar import term_end
from tenants.models import ActionLink
from tenants.services import links, registrations

NURSING, CLINICAL = ("1054", "护理"), ("1051", "临床医学")
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
    clinical_in_force(story, call)
    _volunteering(story, call)
    _unknown(story, call)


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
    mentors = [("纪云舒", "主任护师", "护理学"), ("闻人越", "主任护师", "公共卫生")]
    _comes_into_force(story, recognition, "u2b", partner, mentors, ("2025-03-24", "2025-04-01", "2025-04-08"))


def clinical_in_force(story: Story, call: Call) -> None:
    """湖西医院's base for clinical medicine: selected by the graduate office, seen by experts of the campus, decided by the
    president's office meeting."""
    name, clerk = "望川医科大学—湖西医院临床培养基地", story.hand("u2.clerk")
    with story.at("2025-03-03 10:00"):
        written_by = {"leader": "齐知微", "on": story.iso("2025-03-03")}
        answers = written.czmc_application(name, story.unit("P11"), CLINICAL, **written_by)
        valid = {"residency_valid_to": story.iso("2030-12-31")}
        application = czmc.selected(clerk, call, name, {**answers, **written.NATIONAL, **valid})
        czmc.taken_up(clerk, application, story.unit("U2A"))
    with story.at("2025-03-11"):
        experts = [story.hand(login) for login in ("e7.expert", "e8.expert")]
        czmc.seen_by_experts(clerk, application, experts, story.iso("2025-03-11"))
    with story.at("2025-03-18"):
        czmc.reviewed(clerk, application)
    with story.at("2025-03-25 16:00"):
        recognition = czmc.decided(story.hand("u2.recorder"), application, "第3次", story.iso("2025-03-25"))
    mentors = [("步惊秋", "主任医师", "内科学")]
    _comes_into_force(story, recognition, "u2a", "P11", mentors, ("2025-03-28", "2025-04-02", "2025-04-09"))


def volunteered_in_force(story: Story, call: Call) -> None:
    """湖西医院 filed itself: visited with both colleges, their opinions signed, approved by the vice-president."""
    contact, clerk, name = story.hand("p11.contact"), story.hand("u2.clerk"), "望川医科大学—湖西医院护理培养基地"
    with story.at("2025-03-04"):
        answers = written.czmc_application(
            name, story.unit("P11"), NURSING, leader="齐知微", on=story.iso("2025-03-04")
        )
        application = czmc.applied(contact, call, name, answers)
    with story.at("2025-03-12"):
        czmc.taken_up(clerk, application, story.unit("U2B"))
        czmc.visited_together(clerk, application, story.iso("2025-03-12"))
        czmc.opinion_signed(story.hand("u2b.dean"), application)
    with story.at("2025-03-19"):
        czmc.reviewed(clerk, application)
    with story.at("2025-03-26"):
        recognition = czmc.approved(story.hand("u2.vp"), application)
    mentors = [("水如歌", "主任护师", "康复护理")]
    _comes_into_force(story, recognition, "u2b", "P11", mentors, ("2025-03-31", "2025-04-03", "2025-04-10"))


def _comes_into_force(story: Story, recognition: Any, college: str, partner: str, mentors: list, days: tuple) -> None:
    """Filed, agreed for three years, with working group and mentors named, on these days."""
    filed, first, named = days
    clerk, secretary = story.hand("u2.clerk"), story.hand(f"{college}.secretary")
    contact = story.hand(f"{partner.lower()}.contact")
    with story.at(filed):
        czmc.filed(clerk, recognition, story.iso(filed))
    with story.at(first):
        day = story.day(first)
        term = day.isoformat(), term_end(day, years=3).isoformat()
        agreement = czmc.agreed(secretary, recognition, *term, story.iso(filed))
        agreements.confirmed(clerk, contact, agreement)
        czmc.distributed(clerk, contact, secretary, agreement, story.iso(first))
        agreements.signed(clerk, agreement, story.iso(first))
    with story.at(named):
        secretary.record(recognition, "working_group", written.working_group(story.iso(named)))
        for name, title, discipline in mentors:
            clerk.record(recognition, "mentor", written.base_mentor(name, title, discipline, story.iso(named)))


def _volunteering(story: Story, call: Call) -> None:
    """湖西医院 files itself: handed in, sealed, taken up; its visit is the next thing. A second one is its draft."""
    contact, name = story.hand("p11.contact"), "望川医科大学—湖西医院护理培养基地"
    with story.at("2026-11-18"):
        answers = written.czmc_application(
            name, story.unit("P11"), NURSING, leader="齐知微", on=story.iso("2026-11-18")
        )
        application = czmc.applied(contact, call, name, answers)
    with story.at("2026-11-20"):
        czmc.taken_up(story.hand("u2.clerk"), application, story.unit("U2B"), story.unit("U2A"))
    with story.at("2026-11-27"):
        start_application(contact.membership, call, title="望川医科大学—湖西医院全科培养基地")


def _handed_out(story: Story, call: Call) -> None:
    """护理学院—同善社会工作服务中心: signed by both sides, one of the three originals still to come."""
    application = _submitted(story, call, "P10", "2026-09-07", "望川医科大学—同善社区护理培养基地")
    recognition = _approved(story, application, ("2026-09-16", "2026-09-28", "2026-10-12"))
    clerk, contact, secretary = story.hand("u2.clerk"), story.hand("p10.contact"), story.hand("u2b.secretary")
    with story.at("2026-11-02"):
        term = story.iso("2026-11-02"), story.iso("2029-11-01")
        agreement = czmc.agreed(secretary, recognition, *term, story.iso("2026-10-19"))
        agreements.confirmed(clerk, contact, agreement)
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


def _unknown(story: Story, call: Call) -> None:
    """A hospital that nobody has entered asks to be: the graduate office has to check it."""
    typed = {
        "name": "望川康复医院",
        "partner_kind": "public_institution",
        "uscc_absent_reason": "演示单位，没有代码",
        "division": "990000",
        "address": "望川区建设路8号",
        "office": "科教科",
        "phone": "0990-6770000",
        "seal": "单位公章",
        "contact": "申慧敏",
        "email": "shen.huimin@example.invalid",
        "mobile": "13900005521",
    }
    with story.at("2026-11-20"):
        link = registrations.begin(call.university, call.pk, call.title, typed, "198.51.100.8")
        registrations.confirm(link, links.code_of(ActionLink.objects.get(pk=link.pk)), "198.51.100.8")
