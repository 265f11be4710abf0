"""Students at a base: what the base has before the first comes, a stay planned, mentors and insurance, entry and end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from bases.drafting import columns_of
from casework.permissions import CLERKS
from config.stories import answers as written
from config.stories import answers_lcu as lcu
from config.stories import practice
from config.stories.hands import Attachment, DoorHand, Hand, fresh
from core import clock
from tenants.models import Membership
from trainees.models import Placement, Student
from trainees.services import add_student, apply, plan

RULES = {"edition": "2026年第1版", "file": Attachment("办法全文")}
TITLED = {"title": "联合培养管理办法", "file": Attachment("制度全文")}
STAFF = {"department": "科研科", "staff": [{"name": "降央泽仁", "post": "科长", "phone": "13800000000"}]}

# What a base has on record before the first student comes: type of record -> what is entered on a day.
WANTED: dict[str, Callable[[str], dict[str, Any]]] = {
    "safety_rules": lambda on: {"on": on, **RULES},
    "operating_rules": lambda on: {"on": on, **RULES},
    "working_group": written.working_group,
    "training_rules": lambda on: {"on": on, **TITLED},
    "mentor_procedure": lambda on: {"on": on, **TITLED},
    "base_officer": lcu.officer,
    "partner_manager": lcu.manager,
    "partner_staff": lambda on: {"on": on, **STAFF},
}


def prepared(base: Any, on: str, *hands: Hand, without: Sequence[str] = ()) -> None:
    """Enter what the base's regulation wants before a student comes, each by the first of the hands that may enter it."""
    for kind, declared in fresh(base).profile.records.items():
        if "placement.start" not in declared.gates or kind in without:
            continue
        writer = next(
            hand
            for hand in hands
            if any(
                (author.unit, author.role) == (hand.membership.organisation.column, hand.membership.role)
                for author in declared.authors
            )
        )
        writer.record(base, kind, WANTED[kind](on))


def selected(office: Hand, base: Any, name: str, on: str) -> None:
    """A base mentor is selected under the school's own rules, and the office enters it."""
    office.record(base, "mentor", written.base_mentor(name, "主任医师", "内科学", on))


def student(clerk: Hand, number: str, name: str, *, seat: Any = None, college: Any = None) -> Student:
    """A student entered by their college, or by the university for the college it names."""
    own = columns_of(clerk.membership)
    own["college"] = own["college"] or college
    return add_student(clerk.membership, **own, number=number, name=name, seat=seat)


def planned(clerk: Hand, base: Any, who: Student, *periods: tuple[str, str]) -> Placement:
    """A stay planned in these periods; where its regulation asks for an application, begun as one."""
    days = [(dt.date.fromisoformat(first), dt.date.fromisoformat(last)) for first, last in periods]
    base = fresh(base)
    begin = plan if base.profile.placement is None else apply
    return begin(clerk.membership, base, who, days)


def applied(clerk: Hand, placement: Placement, **changes: Any) -> None:
    """The application filled in and handed in."""
    stay = fresh(placement)
    for form, answers in practice.of(stay).items():
        clerk.fill(stay, form, {key: value for key, value in (answers | changes).items() if key in answers})
    clerk.do(stay, "submit")


def carried_on(hand_of: Callable[[Any], Hand], placement: Placement, state: str, without: Sequence[str] = ()) -> None:
    """Whoever has an open step of the stage does what it asks for, until nothing is left but `without`."""
    while True:
        stay = fresh(placement)
        steps = [step for step in stay.open_steps() if step.stage == state and step.key not in without]
        if stay.state != state or not steps:
            return
        step = steps[0]
        hand = hand_of(acting(step))
        given = practice.STEPS.get(step.key, lambda on: {})(str(clock.today()))
        hand.step(stay, step.key, {"opinion": "同意。", **practice.signed(hand, step), **given})


def approved(clerk: Hand, placement: Placement) -> None:
    """The application handed in, approved, and everything done that comes before the entry."""
    applied(clerk, placement)
    for state in ("checking", "planned"):
        carried_on(DoorHand, placement, state)


def acting(step: Any) -> Membership:
    """Whose a step is, or who enters it for them."""
    if step.assignee_id is not None:
        return step.assignee
    members = list(Membership.objects.of(step.unit_id, step.role)) if step.role != "student" else []
    if not members and step.offline:
        members = list(Membership.objects.of(step.unit_id, CLERKS[step.unit.kind]))
    return members[0]


def guided(clerk: Hand, placement: Placement, university_mentor: Any = None, base_mentor: Any = None) -> None:
    """Its mentors named."""
    named = {"university_mentor": university_mentor, "base_mentor": base_mentor}
    move = "choose_mentors" if fresh(placement).state == "draft" else "assign_mentors"
    clerk.do(placement, move, {key: str(seat.pk) for key, seat in named.items() if seat is not None})


def insured(clerk: Hand, placement: Placement, first: str, last: str) -> None:
    """A policy entered."""
    period = {"from": first, "to": last}
    clerk.do(placement, "insure", {"insurer": "平安保险", "policy": f"PA-{first}", "period": period})


def entered(clerk: Hand, placement: Placement, on: str) -> None:
    """The student goes to the base; what is still an application is handed in, approved and prepared before."""
    if fresh(placement).state == "draft":
        approved(clerk, placement)
    clerk.do(placement, "start", {"entered_on": on})


def left(clerk: Hand, placement: Placement, on: str) -> None:
    """The stay is over; what its regulation wants at the end is handed in and assessed."""
    stay = fresh(placement)
    declared = stay.declaration
    if declared is not None and declared.completion:
        clerk.fill(stay, declared.completion, practice.completion(stay))
    clerk.do(stay, "end", {"left_on": on})
    carried_on(DoorHand, placement, "assessing")
