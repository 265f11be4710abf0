"""A school under a small made-up regulation, with three partner units that are to be parties of one agreement."""

from __future__ import annotations

import copy
from typing import Any

from bases.models import Agreement
from bases.services import draft_agreement
from core import clock
from regulations import services
from regulations.loader import load_data
from tenants.models import Organisation
from tests.scenarios import house
from tests.scenarios.house import Person, done, fresh
from tests.scenarios.test_sixth_profile import profile
from tests.tenants import factories

PERIOD = ("2027-03-02", "2029-03-01")
CHECK = {
    "key": "check",
    "title": "学校审核",
    "stage": "checking",
    "kind": "endorse",
    "unit": "university",
    "role": "graduate_office",
    "local": True,
}


class World:
    """The school, its offices, and three partner units with a contact each."""

    def __init__(self, change=None):
        data = copy.deepcopy(profile())
        data["routes"]["agreement"].insert(0, copy.deepcopy(CHECK))
        if change is not None:
            change(data)
        loaded = load_data(data)
        assert not loaded.faults, [str(fault) for fault in loaded.faults]
        version, _said = services.store(loaded)
        self.version = services.publish(version)
        self.university = factories.university(name="第六大学")
        self.college = factories.college(self.university, "某学院")
        self.units = [house.partner(name, "enterprise") for name in ("甲厂", "乙厂", "丙厂")]
        self.office = Person(factories.member(self.university, "graduate_office", factories.user("研究生处老师")))
        self.secretary = Person(factories.member(self.college, "secretary", factories.user("学院秘书")))
        self.contacts = [
            Person(factories.member(unit, "contact", factories.user(f"{unit.name}联系人"))) for unit in self.units
        ]

    def draft(self, parties: int = 1, **more: Any) -> Agreement:
        """A draft, filled in, with so many partners as parties."""
        agreement = draft_agreement(
            self.secretary.membership,
            university=self.university,
            college=self.college,
            partner=self.units[0],
            version=self.version,
            **more,
        )
        self.write(agreement)
        for unit in self.units[1:parties]:
            self.add(agreement, unit)
        return fresh(agreement)

    def write(self, agreement: Agreement, period: tuple[str, str] = PERIOD, **changes: Any) -> None:
        done(self.secretary.fill(agreement, "agreement", house.agreement_answers(agreement, period, **changes)))

    def add(self, agreement: Agreement, unit: Organisation, **more: Any) -> None:
        given = {"unit": str(unit.pk), "side": "second", "reason": "共同建设。", **more}
        done(self.secretary.do(agreement, "add_party", given))

    def to_confirm(self, agreement: Agreement) -> Agreement:
        """Handed in and checked by the school."""
        done(self.secretary.do(agreement, "submit"))
        done(self.office.step(agreement, "check", {"opinion": "同意。"}))
        return fresh(agreement)

    def confirm(self, agreement: Agreement, number: int, outcome: str = "positive"):
        """The answer to a partner's confirmation."""
        unit = self.units[number]
        step = agreement.steps().filter(kind="confirmation", unit=unit, state="open").first()
        return self.contacts[number].do(
            agreement, "act_on_step", {"outcome": outcome, "opinion": "意见。"}, step=step.pk if step else 0
        )

    def sealed(self, agreement: Agreement, parties: int = 1) -> Agreement:
        """Confirmed by every partner; the final text is being signed."""
        for number in range(parties):
            done(self.confirm(agreement, number))
        done(self.office.do(agreement, "begin_sealing"))
        return fresh(agreement)

    def signed(self, agreement: Agreement, on: str = "2027-03-02", effective: str | None = None, **more: Any):
        """The answer to the entry of the signature, on its day."""
        with clock.travel(f"{on}T10:00"):
            return self.office.do(agreement, "record_signature", house.signature(on, effective, **more))

    def in_force(self, on: str = "2027-03-02") -> Agreement:
        """An agreement with the first partner, signed."""
        agreement = self.sealed(self.to_confirm(self.draft()))
        done(self.signed(agreement, on))
        return fresh(agreement)


def amended(world: World, agreement: Agreement, aware: bool = True, **changes: Any):
    """The answer to a change of a text on its way, by its drafter."""
    answers = house.agreement_answers(agreement, PERIOD)
    given = {**answers, **changes, "reason": "合作单位要求。"}
    return world.secretary.do(agreement, "amend", given | ({"aware": True} if aware else {}))
