"""Cases in a state that the test wants and does not walk to.

The database lets no state change without the line of a move that leads there, so each of these writes one.
"""

from __future__ import annotations

import uuid

from django.db import transaction

from core import clock
from core.door import SystemActor, chain, log
from core.models import Case


def place(case: Case, state: str, **columns) -> Case:
    """Bring a case that exists into a state, with further columns; returns it fresh."""
    model = type(case)
    with transaction.atomic():
        case = model._base_manager.select_for_update(of=("self",)).get(pk=case.pk)
        if case.state == state:
            model._base_manager.filter(pk=case.pk).update(**columns)
        else:
            position, seal = chain.next_place(case)
            log.write(
                seal,
                **log.who_and_what(case, "placed", "放置", SystemActor(), uuid.uuid4()),
                position=position,
                version=case.version + 1,
                from_state=case.state,
                to_state=state,
                on=clock.today(),
            )
            model._base_manager.filter(pk=case.pk).update(
                state=state, version=case.version + 1, log_lines=position, **columns
            )
    return model._base_manager.get(pk=case.pk)


def placed(model: type[Case], state: str, **fields) -> Case:
    """A new case in a state."""
    return place(model._base_manager.create(**fields), state)
