"""The province's call of 2026: an open application in every stage."""

from __future__ import annotations

from applications.models import Application, Call
from casework.models import Override
from config.demo.calls import opened, planned
from config.demo.province import drafted, publicised, recommended
from config.demo.story import Story
from config.stories import nm, panels
from core.door import PublicActor, perform


def call_of_2026(story: Story) -> Call:
    """The province's open call, one university's deadline extended, and the call of the next year in preparation."""
    call = planned(
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
    call = opened(story, "ped.officer", call, "2026-09-11", {"U1": 3, "U2": 2, "U3": 2, "U4": 1})
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
    planned(
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


def applications_of_2026(story: Story, call: Call) -> None:
    """One open application in every stage of the province's call."""
    officer = story.hand("ped.officer")
    a1 = drafted(
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
    notice = publicised(
        story,
        "u1.clerk",
        recommended(story, call, "u1.clerk", "u1b.secretary", a1, submit="2026-10-20", review="2026-11-10"),
        "2026-11-19",
        opens="2026-11-20",
    )
    # The portal's today is the 20th to the 26th of the story (whole weeks apart): this notice runs on every one of them.
    with story.at("2026-11-20 00:05"):
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
    a2 = drafted(
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
    a3 = drafted(
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
    a4 = drafted(
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
    u2_list = recommended(story, call, "u2.clerk", "u2a.secretary", a4, submit="2026-10-13", review="2026-10-19")
    publicised(story, "u2.clerk", u2_list, "2026-10-26")
    with story.at("2026-11-09"):
        story.do("u2.clerk", u2_list, "send")
        panels.assigned(officer, a4, story.hand("e2.expert", "expert"), story.iso("2026-12-04"))
    a5 = drafted(
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
    a6 = drafted(
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
    a7 = drafted(
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
    u3_list = recommended(story, call, "u3.clerk", "u3c.secretary", a7, submit="2026-09-29", review="2026-10-09")
    publicised(story, "u3.clerk", u3_list, "2026-10-12")
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
