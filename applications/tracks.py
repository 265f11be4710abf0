"""The ways of applying that a regulation knows: open to whom, and chosen by what."""

from __future__ import annotations

from typing import Any

from core import clock
from regulations import vocabulary
from regulations.rules import holds


def open_to(profile, column: str) -> list[Any]:
    """The ways of applying that are open to the organisation in a column: those that name it, or nobody (CZMC-3.1)."""
    return [track for track in (profile.apply.tracks if profile.apply else []) if track.open_to(column)]


def by_facts(ways: list[Any]) -> bool:
    """Whether the facts choose among these ways, and nobody else has to."""
    return len(ways) == 1 or any(track.when is not None for track in ways)


def taken(profile, column: str, chosen: str) -> str:
    """The way of applying that a draft begins on: the chosen one or, where nobody has to choose, the only one, or the first
    of those among which the facts will."""
    ways = open_to(profile, column)
    return ways[0].key if ways and not chosen and by_facts(ways) else chosen


def named(profile, column: str) -> bool:
    """Whether the regulation names the organisation in a column for a way of applying, or among those who apply where there
    is but one way."""
    declared = profile.apply
    if declared is not None and not declared.tracks:
        return bool(declared.actor and vocabulary.APPLY_AS.get(column, set()) & set(declared.actor.value))
    return any(track.applicant for track in open_to(profile, column))


def takes_partners(profile) -> bool:
    """Whether units from outside may apply themselves under a regulation: it names them for a way of applying
    (CZMC-3.3a)."""
    return named(profile, "partner")


def settle(application) -> None:
    """Let the facts say which way of applying a draft goes, where its regulation says so (`when` of a track): the first of
    those open to who applies that has no condition, or whose condition holds. Where none does, it stays as it is."""
    ways = open_to(application.profile, application.filed_by)
    if all(track.when is None for track in ways):
        return
    for track in ways:
        if track.when is None or holds(application.profile, track.when, application, clock.today())[0]:
            break
    else:
        return
    if application.track != track.key:
        application.track = track.key
        type(application).objects.filter(pk=application.pk).update(track=track.key)
