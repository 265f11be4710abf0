"""青岐学院's own call: a base in force, one whose agreement is being stamped, one case in every stage between."""

from __future__ import annotations

import datetime as dt

from applications.models import Call
from applications.services.starting import start_application
from bases.models import Recognition
from bases.services import draft_agreement
from config.demo.calls import opened, planned
from config.demo.story import Story
from config.stories import agreements, panels, xcu
from config.stories import answers as written
from config.stories.hands import Attachment, DoorHand, fresh
from core.forms import store
from tenants.demo.build import ACTOR
from tenants.services import members


def school_years(story: Story) -> None:
    """青岐学院: a base in force, one whose agreement is being stamped, and one case in every stage between."""
    call = call_of_2025(story)
    crops, software = ("0951", "农业"), ("0854", "电子信息")
    in_force(story, call, "u4a", "P3", crops, "青岐学院—高原作物试验站研究生联合培养基地")
    in_force(story, call, "u4b", "P4", software, "青岐学院—云屿市社会治理服务局研究生联合培养基地")
    in_force(story, call, "u4b", "P5", software, "青岐学院—鹿汀环境地质研究所研究生联合培养基地")
    k8 = _annex1(
        story,
        call,
        "u4b.secretary",
        "P8",
        software,
        on="2026-08-31",
        name="青岐学院—云衡软件研究生联合培养基地",
    )
    _to_meeting(
        story,
        k8,
        "u4b",
        "p8.contact",
        start="2026-09-07",
        visit="2026-09-18",
        filed="2026-09-28",
        changed="ip",
    )
    _meeting(story, k8, "2026-10-21", "2026年第16次")
    with story.at("2026-11-02"):
        xcu.confirmed(story.hand("p8.contact"), story.hand("u4.clerk"), fresh(k8).agreement)
    k9 = _annex1(
        story,
        call,
        "u4a.secretary",
        "P6",
        crops,
        on="2026-03-02",
        name="青岐学院—南河路实验学校研究生联合培养基地",
    )
    _to_meeting(story, k9, "u4a", "p6.contact", start="2026-03-09", visit="2026-03-20", filed="2026-03-30")
    _meeting(story, k9, "2026-04-15", "2026年第6次")
    with story.at("2026-04-27"):
        story.step(
            "p6.contact",
            fresh(k9).agreement,
            "partner_confirmation",
            {"opinion": "主管部门调整，今年不能承担实践任务。"},
            outcome="negative",
        )
    with story.at("2026-05-11"):
        story.do(
            "u4.clerk",
            Recognition.objects.get(application_id=k9.pk),
            "cancel",
            {"reason": "合作单位不予确认协议，双方停止合作。"},
        )
    ready = _annex1(
        story,
        call,
        "u4b.secretary",
        "P2",
        software,
        on="2026-09-28",
        name="青岐学院—恒拓机床研究生联合培养基地",
    )
    _to_meeting(story, ready, "u4b", "p2.contact", start="2026-10-09", visit="2026-10-23", filed="2026-11-02")
    checking = _annex1(
        story,
        call,
        "u4a.secretary",
        "P7",
        crops,
        on="2026-10-12",
        name="青岐学院—盐道博物馆研究生联合培养基地",
    )
    _to_meeting(story, checking, "u4a", "p7.contact", start="2026-10-19", visit="2026-10-30", filed=None)
    with story.at("2026-11-16"):
        story.do("u4a.secretary", fresh(checking).agreement, "submit")
    waiting = _annex1(
        story,
        call,
        "u4b.secretary",
        "P1",
        software,
        on="2026-11-02",
        name="青岐学院—城东医院研究生联合培养基地",
    )
    with story.at("2026-11-13"):
        story.do("u4b.secretary", waiting, "submit")
    _annex1(
        story,
        call,
        "u4b.secretary",
        "P9",
        software,
        on="2026-11-09",
        name="青岐学院—恒拓溪亭分公司研究生联合培养基地",
        submitted=False,
    )
    with story.at("2026-11-10"):
        spare = draft_agreement(
            story.who("u4a.secretary"),
            university=story.unit("U4"),
            college=story.unit("U4A"),
            partner=story.unit("P10"),
            version=call.regulation_version,
        )
        story.do("u4a.secretary", spare, "abandon", {"reason": "双方意向未定，先不签订。"})


def call_of_2025(story: Story) -> Call:
    """The school's call, open for more than a year."""
    call = planned(
        story,
        "u4.clerk",
        level="school",
        on="2025-08-25",
        title=f"{story.day('2025-09-01').year}年校级联合培养基地遴选",
        year=story.day("2025-09-01").year,
        opens="2025-09-01",
        closes="2026-12-31",
    )
    call = opened(story, "u4.clerk", call, "2025-08-29", {})
    return call


def in_force(story: Story, call: Call, college: str, partner: str, category: tuple[str, str], name: str) -> None:
    """From Annex 1 to the plaque."""
    contact = f"{partner.lower()}.contact"
    application = _annex1(story, call, f"{college}.secretary", partner, category, on="2025-09-15", name=name)
    _to_meeting(story, application, college, contact, start="2025-09-22", visit="2025-10-17", filed="2025-10-27")
    _meeting(story, application, "2025-11-12", "2025年第18次")
    _sign(story, application, contact, "2025-12-01")
    with story.at("2025-12-05"):
        recipient = story.who(f"{partner.lower()}.leader").user.name
        story.do(
            "u4.clerk",
            Recognition.objects.get(application_id=application.pk),
            "issue_plaque",
            {"issued_on": story.iso("2025-12-05"), "recipient": recipient, "photo": Attachment("授牌照片")},
        )


def _annex1(
    story: Story,
    call: Call,
    secretary: str,
    partner: str,
    category,
    *,
    on: str,
    name: str,
    submitted: bool = True,
):
    actor, unit = story.who(secretary), story.unit(partner)
    with story.at(on):
        application = start_application(actor, call, title=name)
        answers = written.annex1(
            name, actor.organisation, unit, category, leader="沙马·阿牛", contact=actor.user.name, on=story.iso(on)
        )
        story.fill(secretary, application, "annex1", answers)
        agreement = draft_agreement(
            actor,
            university=application.university,
            college=application.college,
            partner=unit,
            version=call.regulation_version,
            application=fresh(application),
        )
        row = store.load(agreement, "agreement")
        start = story.day(on) + dt.timedelta(days=70)  # before the day on which the earliest is signed
        period = {
            "from": start.isoformat(),
            "to": (start.replace(year=start.year + 5) - dt.timedelta(days=1)).isoformat(),
        }
        story.fill(secretary, agreement, "agreement", {**row.answers, "period": period})
    return fresh(application)


def _to_meeting(
    story: Story,
    application,
    college: str,
    contact: str,
    *,
    start: str,
    visit: str,
    filed: str | None,
    changed: str | None = None,
) -> None:
    """From the sealed opinions to the agreement on file; `changed` names a clause that leaves the template."""
    secretary, clerk = story.hand(f"{college}.secretary"), story.hand("u4.clerk")
    expert = _expert_of(story, application.university)
    with story.at(start):
        secretary.do(application, "submit")
        xcu.opinions(story.hand(contact), secretary, clerk, application, story.iso(start))
        panels.assigned(clerk, application, expert, story.iso(visit))
    with story.at(visit):
        panels.heard(expert, application)
        panels.closed(clerk, application, "专家同意设立。")
        xcu.visited(clerk, application, story.iso(visit))
    if filed is None:
        return
    with story.at(filed):
        if changed:
            agreement = fresh(application).agreement
            clause = f"clause_{changed}"
            text = store.load(agreement, "agreement").answers.get(clause, "")
            text += "双方另行约定：软件著作权归乙方，论文署名双方共有。"
            secretary.fill(agreement, "agreement", {clause: text})
        xcu.checked(secretary, clerk, application, story.hand("u4.legal") if changed else None)


def _expert_of(story: Story, university) -> DoorHand:
    """The school's own expert, put into its pool when first needed."""
    user = story.who("e4.expert", "expert").user
    pool = user.memberships.filter(role="expert", organisation=university)
    if not pool.exists():
        members.add_member(ACTOR, user, university, "expert")
    return DoorHand(pool.select_related("user", "organisation").get())


def _meeting(story: Story, application, on: str, session: str) -> None:
    with story.at(f"{on} 16:00"):
        xcu.decided(story.hand("u4.recorder"), application, session, story.iso(on))


def _sign(story: Story, application, contact: str, on: str) -> None:
    with story.at(on):
        agreement, clerk = fresh(application).agreement, story.hand("u4.clerk")
        xcu.confirmed(story.hand(contact), clerk, agreement)
        agreements.signed(clerk, agreement, story.iso(on))
