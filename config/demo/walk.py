"""The demo's year: calls, applications in every stage, agreements, bases. Days are those of the story (2026-11-20)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from applications.models import Application, Call
from applications.services.starting import plan_call, start_application
from bases.models import Recognition
from bases.services import draft_agreement
from casework.models import Override
from config.demo.story import Story
from config.stories import answers as written
from config.stories import nm, panels, xcu
from config.stories.hands import Attachment, DoorHand, fresh
from core import clock, outbox
from core.calendar import seed_year
from core.door import PublicActor, perform
from core.forms import store
from regulations import services
from regulations.loader import PROFILES
from regulations.loader import load as load_profile
from tenants.demo.build import ACTOR, create_organisations_and_people
from tenants.models import DegreeProgramme
from tenants.services import members

STORY_TODAY = dt.date(2026, 11, 20)
EFFECTIVE = {
    "NM": "2022-03-01",
    "XCU": "2025-07-13",
    "JLU": "2022-09-01",
    "CZMC": "2022-09-01",
    "LCU": "2022-03-01",
}
PROGRAMMES = [
    ("U1", "0855", "机械", ["U1A"]),
    ("U1", "0857", "资源与环境", ["U1B"]),
    ("U1", "1252", "公共管理", ["U1C"]),
    ("U2", "1051", "临床医学", ["U2A"]),
    ("U2", "1054", "护理", ["U2B"]),
    ("U3", "0451", "教育", ["U3A"]),
    ("U3", "0651", "博物馆", ["U3B"]),
    ("U3", "0854", "电子信息", ["U3C"]),
    ("U4", "0951", "农业", ["U4A"]),
    ("U4", "0854", "电子信息", ["U4B"]),
]


def build() -> Story | None:
    """Build the whole demo; None where it stands already. One transaction: all of it or nothing."""
    if Application.objects.exists():
        return None
    with transaction.atomic():
        world = create_organisations_and_people()
        # Whole weeks, so that the story's weekdays stay what they are.
        weeks = (clock.today() - STORY_TODAY).days // 7
        story = Story(world, dt.timedelta(weeks=max(weeks, 0)))
        seed_year(2026)
        _ground(story)
        _year_2023(story)
        call = _call_2026(story)
        _applications_2026(story, call)
        _xcu(story)
    outbox.drain(2000)
    return story


def _ground(story: Story) -> None:
    """Regulations in force, who runs on which, and the degree programmes."""
    for path in sorted(path for path in PROFILES.iterdir() if path.is_dir()):
        version, _said = services.store(load_profile(path))
        if version.status == "draft":
            version = services.publish(
                version, dt.date.fromisoformat(EFFECTIVE[version.regulation.code]), by="演示数据"
            )
        for row in story.world.facts["organisations"]:
            if row.get("profile") == version.regulation.code:
                level = version.profile.level
                services.adopt(story.unit(row["id"]), level, version.regulation, version.effective_from)
    for university, code, name, colleges in PROGRAMMES:
        programme, _new = DegreeProgramme.objects.get_or_create(
            university=story.unit(university), code=code, defaults={"name": name}
        )
        programme.colleges.set([story.unit(college) for college in colleges])


def _version(story: Story, organisation: str, level: str, on: str):
    return services.governing(story.unit(organisation), level, story.day(on))


# --- NM ------------------------------------------------------------------------------------------------------------


def _plan(
    story: Story,
    login: str,
    *,
    level: str,
    on: str,
    title: str,
    year: int,
    opens: str,
    closes: str,
    paper_by: str | None = None,
) -> Call:
    actor = story.who(login)
    with story.at(on):
        return plan_call(
            actor,
            version=services.governing(actor.organisation, level, clock.today()),
            title=title,
            year=year,
            opens_at=clock.aware(f"{story.iso(opens)}T08:00"),
            closes_at=clock.aware(f"{story.iso(closes)}T17:00"),
            paper_by=story.day(paper_by) if paper_by else None,
            contact="邵怀瑾",
            phone="19900001000",
        )


def _open(story: Story, login: str, call: Call, on: str, quotas: dict[str, int]) -> Call:
    with story.at(on):
        story.do(login, call, "open")
        for unit, number in quotas.items():
            story.do(login, call, "set_quota", {"organisation": str(story.unit(unit).pk), "number": number})
    return fresh(call)


def _nm_draft(
    story: Story,
    call: Call,
    secretary: str,
    partner: str,
    category: tuple[str, str],
    *,
    on: str,
    name: str,
    leader: str,
    since: str,
    trained: int,
    signed: str,
) -> Application:
    hand, unit = story.hand(secretary), story.unit(partner)
    with story.at(on):
        answers = written.nm_application(
            name, unit, category, leader=leader, since=since, trained=trained, year=story.day(on).year
        )
        application = nm.drafted(hand, call, name, answers)
        nm.agreement_on_file(hand, unit, call.regulation_version, signed, application)
    return fresh(application)


def _recommend(
    story: Story,
    call: Call,
    clerk: str,
    secretary: str,
    application: Application,
    *,
    submit: str,
    review: str,
):
    """Handed in, reviewed in six aspects, put on the university's list; returns the list."""
    with story.at(submit):
        story.do(secretary, application, "submit")
    with story.at(review):
        return nm.recommended(story.hand(clerk), call, application)


def _publicise(story: Story, clerk: str, case_list, on: str):
    with story.at(on):
        return nm.publicised(story.hand(clerk), case_list, story.iso(on))


def _year_2023(story: Story) -> None:
    """K1: 岚江大学—恒拓机床, recognised in 2023 and under construction since."""
    call = _plan(
        story,
        "ped.officer",
        level="provincial",
        on="2023-02-20",
        title="2023年岚江省研究生联合培养基地申报",
        year=2023,
        opens="2023-03-01",
        closes="2023-05-31",
        paper_by="2023-06-05",
    )
    call = _open(story, "ped.officer", call, "2023-02-28", {"U1": 3, "U2": 1, "U3": 2, "U4": 1})
    application = _nm_draft(
        story,
        call,
        "u1a.secretary",
        "P2",
        ("0855", "机械"),
        on="2023-03-15",
        name="岚江大学—恒拓机床研究生联合培养基地",
        leader="程望舒",
        since="2019-04-15",
        trained=23,
        signed="2021-03-01",
    )
    case_list = _recommend(
        story, call, "u1.clerk", "u1a.secretary", application, submit="2023-04-10", review="2023-04-17"
    )
    _publicise(story, "u1.clerk", case_list, "2023-05-08")
    with story.at("2023-05-22"):
        story.do("u1.clerk", case_list, "send")
    officer = story.hand("ped.officer")
    for login in ("e1.expert", "e3.expert"):
        expert = story.hand(login, "expert")
        with story.at("2023-06-12"):
            panels.assigned(officer, application, expert, story.iso("2023-06-30"))
        with story.at("2023-06-20"):
            panels.heard(expert, application)
    with story.at("2023-07-03"):
        panels.closed(officer, application, "专家一致建议列入。")
        nm.preliminary(officer, call, application)
    with story.at("2023-07-20"):
        nm.deliberated(officer, application, "2023年第8次", story.iso("2023-07-18"))
        final = nm.listed(officer, call, "recognition", application)
        nm.publicised(officer, final, story.iso("2023-07-24"))
    with story.at("2023-09-08"):
        nm.published(officer, final, "岚教研函〔2023〕18号", story.iso("2023-09-08"))
        officer.do(call, "close")


def _call_2026(story: Story) -> Call:
    call = _plan(
        story,
        "ped.officer",
        level="provincial",
        on="2026-09-07",
        title="2026年岚江省研究生联合培养基地申报",
        year=2026,
        opens="2026-09-14",
        closes="2026-12-11",
        paper_by="2026-12-16",
    )
    call = _open(story, "ped.officer", call, "2026-09-11", {"U1": 3, "U2": 2, "U3": 2, "U4": 1})
    with story.at("2026-10-08"):
        story.do(
            "ped.officer",
            call,
            "extend",
            {
                "organisation": str(story.unit("U4").pk),
                "until": story.iso("2026-12-15"),
                "letter": "岚教研便函〔2026〕31号",
                "reason": "学校搬迁期间无法组织遴选。",
            },
        )
    _plan(
        story,
        "ped.officer",
        level="provincial",
        on="2026-11-16",
        title="2027年岚江省研究生联合培养基地申报（筹备）",
        year=2027,
        opens="2027-03-01",
        closes="2027-05-31",
    )
    return call


def _applications_2026(story: Story, call: Call) -> None:
    """One open application in every stage of the province's call."""
    officer = story.hand("ped.officer")
    a1 = _nm_draft(
        story,
        call,
        "u1b.secretary",
        "P5",
        ("0857", "资源与环境"),
        on="2026-09-28",
        name="岚江大学—鹿汀环境地质基地",
        leader="楚天阔",
        since="2023-03-01",
        trained=7,
        signed="2023-03-01",
    )
    notice = _publicise(
        story,
        "u1.clerk",
        _recommend(story, call, "u1.clerk", "u1b.secretary", a1, submit="2026-10-20", review="2026-11-10"),
        "2026-11-16",
    )
    with story.at("2026-11-18 15:20"):
        perform(
            notice,
            "object",
            PublicActor("某教师"),
            {
                "answers": {
                    "name": "某教师",
                    "contact": "19900001999",
                    "text": "培养研究生名单中有一人未到基地实践，请核查。",
                }
            },
        )
    a2 = _nm_draft(
        story,
        call,
        "u1c.secretary",
        "P4",
        ("1252", "公共管理"),
        on="2026-10-12",
        name="岚江大学—社会治理基地",
        leader="穆青禾",
        since="2023-05-10",
        trained=4,
        signed="2023-06-01",
    )
    a3 = _nm_draft(
        story,
        call,
        "u1a.secretary",
        "P2",
        ("0855", "机械"),
        on="2026-10-08",
        name="岚江大学—恒拓机床二期基地",
        leader="程望舒",
        since="2019-04-15",
        trained=23,
        signed="2021-03-01",
    )
    with story.at("2026-10-22"):
        story.do("u1a.secretary", a3, "submit")
    with story.at("2026-11-05"):
        story.do("u1.clerk", a3, "not_recommend", {"reason": "该合作单位已有同一类别的省级基地，不再重复推荐。"})
    a4 = _nm_draft(
        story,
        call,
        "u2a.secretary",
        "P1",
        ("1051", "临床医学"),
        on="2026-09-25",
        name="望川医科大学—城东医院基地",
        leader="郁可",
        since="2018-09-01",
        trained=46,
        signed="2023-05-04",
    )
    u2_list = _recommend(story, call, "u2.clerk", "u2a.secretary", a4, submit="2026-10-13", review="2026-10-19")
    _publicise(story, "u2.clerk", u2_list, "2026-10-26")
    with story.at("2026-11-09"):
        story.do("u2.clerk", u2_list, "send")
        panels.assigned(officer, a4, story.hand("e2.expert", "expert"), story.iso("2026-12-04"))
    a5 = _nm_draft(
        story,
        call,
        "u3a.secretary",
        "P6",
        ("0451", "教育"),
        on="2026-10-09",
        name="云屿师范学院—南河路实验学校基地",
        leader="单于飞",
        since="2021-09-01",
        trained=31,
        signed="2022-09-01",
    )
    with story.at("2026-10-26"):
        story.do("u3a.secretary", a5, "submit")
    with story.at("2026-11-12"):
        story.step(
            "u3.clerk",
            a5,
            "six_aspects",
            {"opinion": "盖章页版本与系统不一致，请重新打印盖章。", "correction_due": story.iso("2026-11-27")},
            outcome="return",
        )
    a6 = _nm_draft(
        story,
        call,
        "u3b.secretary",
        "P7",
        ("0651", "博物馆"),
        on="2026-10-15",
        name="云屿师范学院—盐道博物馆基地",
        leader="宁远舟",
        since="2022-09-01",
        trained=6,
        signed="2022-09-01",
    )
    with story.at("2026-11-02"):
        story.do("u3b.secretary", a6, "withdraw", {"reason": "合作单位馆舍改造，今年不具备接收条件。"})
    _exceptions(story, a2)
    a7 = _nm_draft(
        story,
        call,
        "u3c.secretary",
        "P8",
        ("0854", "电子信息"),
        on="2026-09-21",
        name="云屿师范学院—云衡软件基地",
        leader="慕容笙",
        since="2022-09-01",
        trained=12,
        signed="2022-09-01",
    )
    u3_list = _recommend(story, call, "u3.clerk", "u3c.secretary", a7, submit="2026-09-29", review="2026-10-09")
    _publicise(story, "u3.clerk", u3_list, "2026-10-12")
    with story.at("2026-10-20"):
        story.do("u3.clerk", u3_list, "send")
        panels.assigned(officer, a7, story.hand("e1.expert", "expert"), story.iso("2026-11-06"))
    with story.at("2026-11-02"):
        panels.heard(story.hand("e1.expert", "expert"), a7)
    with story.at("2026-11-13"):
        panels.closed(officer, a7, "同意列入初步名单。")
        nm.preliminary(officer, call, a7)
    with story.at("2026-11-19"):
        nm.begun_list(officer, call, "recognition")


def _exceptions(story: Story, application: Application) -> None:
    """A second partner: asked for and refused, asked for and granted, asked for and waiting."""
    for number, (partner, verdict) in enumerate((("P10", "refuse"), ("P6", "grant"), ("P8", None))):
        with story.at(f"2026-10-{26 + number}"):
            story.do(
                "u1c.secretary",
                application,
                "request_partner",
                {"partner": story.unit(partner).pk, "reason": "实践内容需要两家单位共同承担，一家难以覆盖。"},
            )

            override = Override.objects.order_by("-pk").first()
            if verdict:
                reason = "一个基地依托一个单位，请择一。" if verdict == "refuse" else "理由充分，同意。"
                story.do("ped.officer", override, verdict, {"reason": reason})
        if verdict == "grant":
            break
    # Another draft of the call asks and still waits.
    with story.at("2026-11-17"):
        other = Application.objects.filter(call=application.call, state="draft").exclude(pk=application.pk).first()
        if other is not None:
            story.do(
                "u3a.secretary",
                other,
                "request_partner",
                {"partner": story.unit("P10").pk, "reason": "社区教育实践由该中心承担，需要共同建设。"},
            )


# --- XCU -----------------------------------------------------------------------------------------------------------


def _xcu(story: Story) -> None:
    """青岐学院: a base in force, one whose agreement is being stamped, and one case in every stage between."""
    call = _plan(
        story,
        "u4.clerk",
        level="school",
        on="2025-08-25",
        title="2025年校级联合培养基地遴选",
        year=2025,
        opens="2025-09-01",
        closes="2026-12-31",
    )
    call = _open(story, "u4.clerk", call, "2025-08-29", {})
    crops, software = ("0951", "农业"), ("0854", "电子信息")
    k7 = _annex1(
        story,
        call,
        "u4a.secretary",
        "P3",
        crops,
        on="2025-09-15",
        name="青岐学院—高原作物试验站研究生联合培养基地",
    )
    _to_meeting(story, k7, "u4a", "p3.contact", start="2025-09-22", visit="2025-10-17", filed="2025-10-27")
    _meeting(story, k7, "2025-11-12", "2025年第18次")
    _sign(story, k7, "p3.contact", "2025-12-01")
    with story.at("2025-12-05"):
        story.do(
            "u4.clerk",
            Recognition.objects.get(application_id=k7.pk),
            "issue_plaque",
            {"issued_on": story.iso("2025-12-05"), "recipient": "试验站 马吉宁", "photo": Attachment("授牌照片")},
        )
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
        start = story.day(on) + dt.timedelta(days=90)
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
        xcu.signed(clerk, agreement, story.iso(on))
