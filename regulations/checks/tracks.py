"""Checks on the ways of applying, and on the steps that say whose an application becomes."""

from __future__ import annotations

from collections.abc import Iterator

from regulations import routes
from regulations.checks.references import Problem
from regulations.checks.rulechecks import condition_of_case
from regulations.schema import Profile, Step

NOBODY_ACTS = ("await", "list", "notice")
TRACKED = "application"  # no case: the section of routes whose tracks are those of `apply`


def track_conditions(profile: Profile, data: dict) -> Iterator[Problem]:
    """What a way of applying asks of the facts can be asked of an application. Of the ways that are open to the same
    applicant, one after a way without a condition is never taken."""
    tracks = profile.apply.tracks if profile.apply else []
    if all(track.when is None for track in tracks):
        return
    for number, track in enumerate(tracks):
        for message in condition_of_case(profile, track.when, TRACKED):
            yield ("apply", "tracks", number, "when"), f"track «{track.key}»: {message}"
        for other in tracks[:number]:
            same = not track.applicant or not other.applicant or set(track.applicant) & set(other.applicant)
            if same and other.when is None:
                yield (
                    ("apply", "tracks", number),
                    f"track «{track.key}» is never taken: «{other.key}» before it has no condition",
                )


def named_units(profile: Profile, data: dict) -> Iterator[Problem]:
    """A step that says which unit the case's column holds is acted on, stands before those that the unit acts on, and on no
    way of applying on which that column is the applicant's."""
    for kind, steps in profile.routes.items():
        for number, step in enumerate(steps):
            if step.names is not None:
                for message in _names(profile, kind, steps[:number], step):
                    yield ("routes", kind, number, "names"), f"step «{step.key}»: {message}"


def _names(profile: Profile, kind: str, before: list[Step], step: Step) -> Iterator[str]:
    if kind != TRACKED:
        yield f"only a step of an application names its {step.names}"
        return
    if step.kind in NOBODY_ACTS:
        yield f"nobody acts on a step of kind {step.kind}, so nobody names the {step.names}"
    tracks = profile.apply.tracks if profile.apply else []
    mine = [track for track in tracks if routes.on_track(step, track.key)]
    if not tracks:
        yield f"names the {step.names}, which applies itself (no tracks)"
    for track in mine:
        if track.open_to(step.names):
            yield f"names the {step.names}, which applies itself on the track «{track.key}»"
    for other in before:
        if other.unit == step.names and any(routes.on_track(other, track.key) for track in mine):
            yield f"«{other.key}» is the {step.names}'s, and comes before anybody has named it"


def somebody_acts(profile: Profile, data: dict) -> Iterator[Problem]:
    """Where no college applies, one is named before a college acts, in the application's route or in any after it."""
    for track in profile.apply.tracks if profile.apply else []:
        if track.open_to("college"):
            continue
        named = False
        for kind, steps in sorted(profile.routes.items(), key=lambda route: route[0] != TRACKED):
            for number, step in enumerate(steps):
                if kind == TRACKED and not routes.on_track(step, track.key):
                    continue
                if step.unit == "college" and not step.unit_from and not named:
                    message = f"on the track «{track.key}» no college applies, and no step names one before"
                    yield ("routes", kind, number), f"step «{step.key}»: {message}"
                named = named or step.names == "college"


CHECKS = (track_conditions, named_units, somebody_acts)
