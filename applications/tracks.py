"""The ways of applying that a regulation knows: open to whom, and chosen by what."""

from __future__ import annotations

from typing import Any

from core import clock
from regulations.rules import holds

# Whom a regulation names as applicants (`applicant` of a track), by the column that the organisation stands in.
APPLY_AS = {
    "college": {"college", "programme"},
    "university": {"university", "graduate_office"},
    "partner": {"partner"},
}


def open_to(profile, column: str) -> list[Any]:
    """The ways of applying that are open to the organisation in a column: those that name it, or nobody (CZMC-3.1)."""
    own = APPLY_AS.get(column, set())
    tracks = profile.apply.tracks if profile.apply else []
    return [track for track in tracks if not track.applicant or own & set(track.applicant)]


def by_facts(ways: list[Any]) -> bool:
    """Whether the facts choose among these ways, and nobody else has to."""
    return len(ways) == 1 or any(track.when is not None for track in ways)


def named(profile, column: str) -> bool:
    """Whether the regulation names the organisation in a column for a way of applying, or among those who apply where there
    is but one way."""
    declared = profile.apply
    if declared is not None and not declared.tracks:
        return bool(declared.actor and APPLY_AS.get(column, set()) & set(declared.actor.value))
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
