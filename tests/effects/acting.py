"""Proposing effects as an evaluation does: inside an act, in one transaction."""

import uuid

from django.db import transaction

from casework import effects
from core import clock
from core.door import Act, SystemActor, moves, perform
from regulations.schema import Consequence
from tests.scenarios.house import fresh

OFFICER = {"unit": "authority", "role": "officer"}


def declared(effect: str, title: str = "", **more) -> Consequence:
    """A consequence as a profile declares it; confirmed by the department's officer unless it is automatic."""
    data = {"effect": effect, "title": title or effect, "clause": "NM-17a", **more}
    if not data.get("automatic"):
        data.setdefault("confirm", OFFICER)
    return Consequence.model_validate(data)


def proposed(case, *consequences: Consequence, source=None) -> list:
    """Propose these for a case, on the clock's day, and make what follows."""
    case = fresh(case)
    now = clock.now()
    declared_move = moves(type(case))["confirm_effect"]
    act = Act(SystemActor(), declared_move, case, {}, {}, now.date(), now, uuid.uuid4())
    with transaction.atomic():
        rows = effects.propose_all(case, consequences, source or case, act)
        for other, code, data, _system in act.followers:
            perform(other, code, SystemActor(), data)
    return rows
