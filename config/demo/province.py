"""The province's call of 2023, and how an application of the province goes its way."""

from __future__ import annotations

from applications.models import Application, Call
from config.demo.calls import opened, planned
from config.demo.story import Story
from config.stories import answers as written
from config.stories import nm, panels
from config.stories.hands import fresh

BASES_OF_2023 = [
    ("u1.clerk", "u1a.secretary", "P2", ("0855", "机械"), "岚江大学—恒拓机床研究生联合培养基地", "程望舒"),
    ("u3.clerk", "u3b.secretary", "P7", ("0651", "博物馆"), "云屿师范学院—盐道博物馆研究生联合培养基地", "宁远舟"),
]


def drafted(
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
    """A draft with its form filled in and its agreement on file."""
    hand, unit = story.hand(secretary), story.unit(partner)
    with story.at(on):
        answers = written.nm_application(
            name, unit, category, leader=leader, since=since, trained=trained, year=story.day(on).year
        )
        application = nm.drafted(hand, call, name, answers)
        nm.agreement_on_file(hand, unit, call.regulation_version, signed, application)
    return fresh(application)


def recommended(
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


def publicised(story: Story, clerk: str, case_list, on: str, opens: str = ""):
    """The list's notice, entered on a day for that day, or for a later one."""
    with story.at(on):
        return nm.publicised(story.hand(clerk), case_list, story.iso(opens or on))


def year_2023(story: Story) -> None:
    """岚江大学—恒拓机床 and 云屿师范学院—盐道博物馆, recognised in 2023 and under construction since."""
    call = planned(
        story,
        "ped.officer",
        level="provincial",
        on="2023-02-20",
        title=f"{story.day('2023-03-01').year}年岚江省研究生联合培养基地申报",
        year=story.day("2023-03-01").year,
        opens="2023-03-01",
        closes="2023-05-31",
        paper_by="2023-06-05",
    )
    call = opened(story, "ped.officer", call, "2023-02-28", {"U1": 3, "U2": 1, "U3": 2, "U4": 1})
    officer = story.hand("ped.officer")
    applications = []
    for clerk, secretary, partner, category, name, leader in BASES_OF_2023:
        application = drafted(
            story,
            call,
            secretary,
            partner,
            category,
            on="2023-03-15",
            name=name,
            leader=leader,
            since="2019-04-15",
            trained=23,
            signed="2021-03-01",
        )
        case_list = recommended(story, call, clerk, secretary, application, submit="2023-04-10", review="2023-04-17")
        publicised(story, clerk, case_list, "2023-05-08")
        with story.at("2023-05-22"):
            story.do(clerk, case_list, "send")
        for login in ("e1.expert", "e3.expert"):
            expert = story.hand(login, "expert")
            with story.at("2023-06-12"):
                panels.assigned(officer, application, expert, story.iso("2023-06-30"))
            with story.at("2023-06-20"):
                panels.heard(expert, application)
        applications.append(application)
    with story.at("2023-07-03"):
        for application in applications:
            panels.closed(officer, application, "专家一致建议列入。")
        preliminary = nm.listed(officer, call, "preliminary", *applications)
        officer.do(preliminary, "fix_list")
    with story.at("2023-07-20"):
        for application in applications:
            nm.deliberated(officer, application, "2023年第8次", story.iso("2023-07-18"))
        final = nm.listed(officer, call, "recognition", *applications)
        nm.publicised(officer, final, story.iso("2023-07-24"))
    with story.at("2023-09-08"):
        nm.published(officer, final, f"岚教研函〔{story.day('2023-09-08').year}〕18号", story.iso("2023-09-08"))
        officer.do(call, "close")
