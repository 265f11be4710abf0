"""The ways of applying as data: chosen by facts, open to units from outside, and the step that says whose a case becomes."""

from __future__ import annotations

import copy

import pytest

from regulations import loader

CZMC = loader.load(loader.PROFILES / "czmc").source.data


def faults(*changes) -> list[str]:
    """What the check says of CZMC with these (path, value) changes; a value None takes the key out."""
    content = copy.deepcopy(CZMC)
    for path, value in changes:
        *way, last = path
        holder = content
        for key in way:
            holder = holder[key]
        if value is None:
            del holder[last]
        else:
            holder[last] = value
    return [str(fault) for fault in loader.load_data(content).faults]


def place(key: str) -> int:
    return next(n for n, step in enumerate(CZMC["routes"]["application"]) if step["key"] == key)


ASSIGN, VISIT, COLLEGE_VISIT = (
    ("routes", "application", place(key)) for key in ("assign_colleges", "joint_visit", "college_visit")
)
TRACK = ("apply", "tracks")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        # when: facts of an application, with values they can have, and never behind a way that is always taken
        ([((*TRACK, 1, "when"), {"fact": "application.weather", "equals": 1})], "unknown fact"),
        ([((*TRACK, 1, "when"), {"fact": "application.filed_by", "equals": "moon"})], "has no code «moon»"),
        ([((*TRACK, 1, "when"), {"fact": "recognition.last_grade", "present": True})], "cannot be read of a case"),
        (
            [((*TRACK, 1, "when"), None), ((*TRACK, 2, "when"), {"fact": "application.track", "present": True})],
            "track «voluntary» is never taken: «clinical» before it has no condition",
        ),
        # names: by somebody who acts, before the college acts, where no college applies itself
        ([((*ASSIGN, "names"), "partner")], "Input should be 'college'"),
        ([((*COLLEGE_VISIT, "names"), "college")], "names the college, which applies itself on the track «college»"),
        ([((*ASSIGN, "tracks"), ["college", "voluntary", "clinical"])], "which applies itself on the track «college»"),
        ([((*ASSIGN, "kind"), "await")], "nobody acts on a step of kind await"),
        ([((*ASSIGN, "names"), None)], "no college applies, and no step names one before"),
        ([((*ASSIGN, "tracks"), ["voluntary"])], "step «copy_college»: on the track «clinical» no college applies"),
        ([((*VISIT, "unit"), "college"), ((*VISIT, "role"), "dean")], None),
        (
            [(("routes", "agreement", 0, "names"), "college")],
            "only a step of an application names its college",
        ),
    ],
)
def test_what_the_check_says_of_tracks(changes, said):
    answers = faults(*changes)
    assert (answers == []) if said is None else any(said in answer for answer in answers), answers


def test_a_college_acts_only_after_it_was_named():
    content = copy.deepcopy(CZMC)
    steps = content["routes"]["application"]
    steps.insert(place("unit_seal"), steps.pop(place("joint_visit")) | {"unit": "college", "role": "dean"})
    said = [str(fault) for fault in loader.load_data(content).faults]
    assert any("«joint_visit» is the college's, and comes before anybody has named it" in fault for fault in said), said
