"""Order of steps: what each step waits for, with tracks and parallel steps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from regulations.schema import Step

ALL = "*"


def on_track(step: Step, track: str) -> bool:
    """Whether a step belongs to a track; a step without tracks belongs to all."""
    return not step.tracks or track in step.tracks


def waits_for(steps: Sequence[Step], tracks: Iterable[str] = ()) -> dict[str, list[str]]:
    """Step key -> keys of the steps it waits for.

    `after` where it is given (`[]` = nothing), else the step before: on a route with tracks, the last one before
    it on each track it belongs to. A step that is skipped counts as done for those that wait for it.
    """
    names = list(tracks) or [ALL]
    earlier: dict[str, list[str]] = {}
    last: dict[str, str] = {}
    for step in steps:
        mine = [name for name in names if name == ALL or on_track(step, name)]
        if step.after is not None:
            earlier[step.key] = list(step.after)
        else:
            earlier[step.key] = list(dict.fromkeys(last[name] for name in mine if name in last))
        last.update(dict.fromkeys(mine, step.key))
    return earlier


def unreachable(steps: Sequence[Step], tracks: Iterable[str] = ()) -> list[str]:
    """Keys of the steps that can never open, because they wait for themselves, directly or round about."""
    waiting = waits_for(steps, tracks)
    done: set[str] = set()
    while True:
        ready = {
            key
            for key, after in waiting.items()
            if key not in done and all(other in done or other not in waiting for other in after)
        }
        if not ready:
            return [step.key for step in steps if step.key not in done]
        done |= ready


def columns(steps: Sequence[Step], tracks: Iterable[str] = ()) -> list[list[Step]]:
    """The steps of a route as columns for a diagram: a column holds steps that may run side by side."""
    waiting = waits_for(steps, tracks)
    level: dict[str, int] = {}
    blocked = set(unreachable(steps, tracks))
    for step in _sorted(steps, waiting, blocked):
        level[step.key] = max((level[key] + 1 for key in waiting[step.key] if key in level), default=0)
    width = max(level.values(), default=-1) + 1
    return [[step for step in steps if level.get(step.key) == number] for number in range(width)]


def _sorted(steps: Sequence[Step], waiting: dict[str, list[str]], blocked: set[str]) -> list[Step]:
    left = [step for step in steps if step.key not in blocked]
    ordered: list[Step] = []
    done: set[str] = set()
    while left:
        for step in left:
            if all(key in done or key not in waiting for key in waiting[step.key]):
                ordered.append(step)
                done.add(step.key)
                left.remove(step)
                break
    return ordered
