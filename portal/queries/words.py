"""What people call a kind of case and its states, and where its page is."""

from __future__ import annotations

from core import door
from core.states import States


def kind_label(kind: str) -> str:
    """What people call a kind of case; its code where nobody does."""
    model = door.case_model(kind)
    return str(model.kind_label or kind) if model is not None else kind


def state_of(kind: str, code: str) -> str:
    """The state of a kind of case, with its word and style; the code itself where there is none of it."""
    model = door.case_model(kind)
    return model.state_of(code) if model is not None else code


def state_label(kind: str, code: str) -> str:
    """What people call a state of a kind of case; "" for one that does not exist."""
    state = state_of(kind, code)
    return str(state.label) if isinstance(state, States) else ""


def case_url(kind: str, pk: int) -> str:
    """The address of a case's page."""
    return f"/cases/{kind}/{pk}/"
