"""What a kind of routed case does where its route leaves a stage, returns or ends: a class for each, registered with
the moves of its room."""

from __future__ import annotations

from typing import Any

from core.door import Act
from core.registry import ByKind


class Lifecycle:
    """Asked by the engine inside the door, under the case's lock."""

    def __init__(self, case: Any):
        self.case = case

    def confirmed(self, step, act: Act) -> None:
        """A side has confirmed the content; the case goes on afterwards."""

    def unconfirmed(self, step, act: Act) -> None:
        """A confirmation is void, because a term that it covered has changed."""

    def ranked(self, rank: int) -> None:
        """A list carries the case on; `rank` is its place there."""

    def advanced(self, act: Act) -> str:
        """The stage that the case leaves its stage for, or the state after the last; with what follows of it."""
        raise NotImplementedError

    def sent_back(self, act: Act) -> None:
        """What a return means: a new round, with the reason in `act.raw["note"]`."""
        raise NotImplementedError

    def turned_down(self, act: Act) -> None:
        """What a negative end means, with the reason in `act.raw["reason"]`."""
        raise NotImplementedError


kinds: ByKind[Lifecycle] = ByKind(Lifecycle)


def of(case: Any) -> Lifecycle:
    """The lifecycle of a case."""
    return kinds.for_case(case)(case)
