"""How the bases of a simulation begin: under each regulation along its own way, in the first year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from bases.models import Recognition
from config.demo import medical, province, school, teachers
from config.demo.story import Story
from config.demo.walk import ground
from core.calendar import seed_year
from tenants.demo.build import World, create_organisations_and_people

# The first day of a beginning in its own story, of which the months keep their place in the year.
BEGINS = {"NM": "2023-02-20", "CZMC": "2025-02-24", "XCU": "2025-08-25", "LCU": "2025-02-24"}


@dataclass
class Beginning:
    """A regulation's code, and its bases in force at the end of the first year."""

    code: str
    bases: list[Recognition]


def _province(story: Story) -> None:
    province.year_2023(story)


def _medical(story: Story) -> None:
    call = medical.standing_call(story)
    medical.in_force(story, call, "P1", "望川医科大学—城东医院护理培养基地")
    medical.clinical_in_force(story, call)
    medical.volunteered_in_force(story, call)


def _school(story: Story) -> None:
    call = school.call_of_2025(story)
    school.in_force(story, call, "u4a", "P3", ("0951", "农业"), "青岐学院—高原作物试验站研究生联合培养基地")
    school.in_force(story, call, "u4b", "P8", ("0854", "电子信息"), "青岐学院—云衡软件研究生联合培养基地")


def _teachers(story: Story) -> None:
    teachers.base_office(story)
    call = teachers.yearly_call(story, "2025")
    for row in (teachers.BASES[0], teachers.BASES[2]):  # whose colleges and partners have mentors
        teachers.in_force(story, call, *row)


WAYS: dict[str, Callable[[Story], None]] = {"NM": _province, "CZMC": _medical, "XCU": _school, "LCU": _teachers}


def begin(year: int) -> tuple[World, list[Beginning]]:
    """Fresh tenants, and under each regulation its bases, in force before the end of `year`."""
    world = create_organisations_and_people()
    seed_year(2026)
    ground(Story(world, dt.timedelta(0)))
    beginnings = []
    for code, way in WAYS.items():
        first = dt.date.fromisoformat(BEGINS[code])
        weeks = (first.replace(year=year) - first).days // 7
        before = set(Recognition.objects.values_list("pk", flat=True))
        way(Story(world, dt.timedelta(weeks=weeks)))
        made = Recognition.objects.exclude(pk__in=before).order_by("pk")
        beginnings.append(Beginning(code, list(made)))
    return world, beginnings
