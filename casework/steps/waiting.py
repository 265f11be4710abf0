"""Steps that wait for another case: one mechanism, whatever the other case is.

A room says with `link` how cases find each other. When a case has reached a state, the door says so once
(`core.door.on_arrival`), and every open step that waits for just this is closed; a step that opens looks whether it is
there already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from casework.models import ListEntry, Notice, Step
from casework.models.lists import CaseList
from casework.steps.kind import kind_of, waiting_for
from core.door import SystemActor, get_case, perform
from regulations import routekinds


@dataclass(frozen=True)
class Link:
    """How the cases of one kind and those whose steps may wait for them find each other.

    `of(case)` gives the cases that a case may wait for, those that count first; `waiting(other)` gives (kind, id) of the
    cases that may wait for it. `waiter`: only cases of this kind wait; "" for any.
    """

    awaited: str
    of: Callable[[object], Iterable]
    waiting: Callable[[object], Iterable[tuple[str, int]]]
    waiter: str = ""


_links: list[Link] = []


def link(awaited: str, *, of: Callable, waiting: Callable, waiter: str = "") -> None:
    """Let steps of `waiter` cases wait for cases of the kind `awaited`; once for each pair."""
    _links[:] = [pairing for pairing in _links if (pairing.awaited, pairing.waiter) != (awaited, waiter)]
    _links.append(Link(awaited, of, waiting, waiter))
    routekinds.LINKS.setdefault(awaited, set()).add(waiter)


def there_already(case, step, declared) -> dict | None:
    """What an opening step that waits would be settled with, if the other case is far enough; None if not."""
    kind = kind_of(step)
    for pairing in _links:
        if pairing.awaited not in kind.awaits or pairing.waiter not in ("", case.case_kind):
            continue
        for other in pairing.of(case):
            if kind.wants(declared, other) and kind.reached(declared, other):
                return {"settle": step.pk, **kind.brings(case, other)}
    return None


def arrived(other, act) -> None:
    """Close, inside the act that brought a case to its state, the steps that waited for it."""
    _close(other, lambda case, data: act.perform(case, "settle_step", data, system=True), act)


def born(other) -> None:
    """The same for a case that was just made: its first state may be what somebody waits for."""
    _close(other, lambda case, data: perform(case, "settle_step", SystemActor(), data))


def _close(other, settle: Callable, act=None) -> None:
    kinds = waiting_for(other.case_kind)
    for pairing in _links if kinds else ():
        if pairing.awaited != other.case_kind:
            continue
        for case_kind, pk in sorted(set(pairing.waiting(other))):  # the house's lock order
            while (settled := _met(case_kind, pk, kinds, other, act)) is not None:
                settle(*settled)


def _met(case_kind: str, pk: int, kinds: list[str], other, act):
    """The first open step of a case that `other` closes: the case, and what settles it."""
    steps = list(Step.objects.filter(case_kind=case_kind, case_id=pk, state="open", kind__in=kinds))
    case = get_case(case_kind, pk) if steps else None
    for step in steps:
        kind, declared = kind_of(step), case.step_declaration(step.key)
        if kind.wants(declared, other) and kind.reached(declared, other):
            return case, {"settle": step.pk, **kind.brings(case, other, act)}
    return None


def _lists_of(case) -> Iterable[CaseList]:
    return CaseList.objects.filter(
        entries__case_kind=case.case_kind, entries__case_id=case.pk, entries__removed_at=None
    ).order_by("-pk")


def _members(case_list: CaseList) -> Iterable[tuple[str, int]]:
    rows = ListEntry.objects.filter(case_list=case_list, removed_at=None)
    return rows.values_list("case_kind", "case_id")


def declare() -> None:
    """Enter the room's own links: any case with the lists it stands on, and with their notices."""
    link("list", of=_lists_of, waiting=_members)
    link(
        "notice",
        of=lambda case: Notice.objects.filter(case_list__in=_lists_of(case)).order_by("-pk"),
        waiting=lambda notice: _members(notice.case_list),
    )
