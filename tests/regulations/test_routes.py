"""Order of steps: default, parallel, tracks, columns of the drawing."""

from __future__ import annotations

from regulations import loader, routes
from regulations.schema import Step


def step(key: str, after=None, tracks=(), stage: str = "reviewing") -> Step:
    return Step.model_validate(
        {
            "key": key,
            "title": key,
            "stage": stage,
            "kind": "endorse",
            "unit": "university",
            "role": "graduate_office",
            "clause": "TT-1",
            "after": after,
            "tracks": list(tracks),
        }
    )


def shape(steps, tracks=()):
    return [[one.key for one in column] for column in routes.columns(steps, tracks)]


def test_one_after_the_other_by_default():
    steps = [step("a"), step("b"), step("c")]
    assert routes.waits_for(steps) == {"a": [], "b": ["a"], "c": ["b"]}
    assert shape(steps) == [["a"], ["b"], ["c"]]


def test_side_by_side():
    steps = [
        step("a"),
        step("b", after=["a"]),
        step("c", after="a"),
        step("d", after=["b", "c"]),
        step("e", after=[]),
    ]
    assert shape(steps) == [["a", "e"], ["b", "c"], ["d"]]


def test_tracks_go_their_own_ways():
    steps = [step("a"), step("b", tracks=["x"]), step("c", tracks=["y"]), step("d")]
    assert routes.waits_for(steps, ["x", "y"]) == {"a": [], "b": ["a"], "c": ["a"], "d": ["b", "c"]}


def test_circles_are_unreachable():
    steps = [step("a"), step("b", after=["c"]), step("c", after=["b"]), step("d")]
    assert routes.unreachable(steps) == ["b", "c", "d"]


def test_the_off_site_filings_run_side_by_side():
    profile = loader.load(loader.PROFILES / "jlu").require()
    partial = [one for one in profile.route("application") if routes.on_track(one, "partial")]
    # The decision on a place outside the mainland is skipped for any other, and then both filings open at once
    # (tests/scenarios/test_off_site.py).
    assert shape(partial) == [["vetting"], ["outside_mainland", "filing_host"], ["filing_home"], ["ministry_report"]]


def test_the_three_tracks_of_czmc():
    profile = loader.load(loader.PROFILES / "czmc").require()
    paths = {
        track.key: [one.key for one in profile.route("application") if routes.on_track(one, track.key)]
        for track in profile.apply.tracks
    }
    assert paths == {
        "college": ["college_visit", "office_review", "vice_president"],
        "voluntary": [
            "unit_seal",
            "assign_colleges",
            "joint_visit",
            "college_opinion",
            "office_review",
            "vice_president",
        ],
        "clinical": ["unit_seal", "assign_colleges", "expert_visit", "office_review", "president_meeting"],
    }
