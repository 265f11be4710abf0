"""The demo's years: regulations in force, calls, applications in every stage, agreements, bases.

Days are those of the story, whose today is 2026-11-20.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from applications.models import Application
from config.demo.evaluations import evaluated
from config.demo.medical import medical_years
from config.demo.province import year_2023
from config.demo.province_2026 import applications_of_2026, call_of_2026
from config.demo.school import school_years
from config.demo.story import Story
from config.demo.students import students
from config.demo.teachers import teachers_years
from core import clock, outbox
from core.calendar import seed_year
from regulations import services
from regulations.loader import PROFILES
from regulations.loader import load as load_profile
from tenants.demo.build import create_organisations_and_people
from tenants.models import DegreeProgramme

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
        ground(story)
        year_2023(story)
        call = call_of_2026(story)
        applications_of_2026(story, call)
        school_years(story)
        medical_years(story)
        teachers_years(story)
        students(story)
        evaluated(story)
    outbox.drain(2000)
    return story


def ground(story: Story) -> None:
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
