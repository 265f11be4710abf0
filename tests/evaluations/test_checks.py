"""What the check of profiles refuses about kinds of evaluation and outputs, and what it says would work."""

from __future__ import annotations

import copy

import pytest

from regulations.loader import PROFILES, load, load_data


@pytest.fixture(scope="module")
def profiles() -> dict[str, dict]:
    return {code: load(PROFILES / code).source.data for code in ("czmc", "nm", "xcu")}


def faults(data: dict, change) -> list[str]:
    content = copy.deepcopy(data)
    change(content)
    return [fault.message for fault in load_data(content).faults]


def kind(key: str, **changes):
    """One kind of evaluation changed; a value of None takes the key away."""

    def change(content: dict) -> None:
        declared = content["evaluations"][key] = copy.deepcopy(content["evaluations"][key])
        for name, value in changes.items():
            if value is None:
                declared.pop(name)
            else:
                declared[name] = value

    return change


def steps(change_step):
    """Every step of the evaluations' route changed."""

    def change(content: dict) -> None:
        content["routes"]["evaluation"] = [change_step(dict(step)) for step in content["routes"]["evaluation"]]

    return change


def output(**changes):
    def change(content: dict) -> None:
        content["recognition"]["outputs"][0] |= changes

    return change


REPORT = {"form": "annual_report", "unit": "partner", "role": "contact"}
MONTHS = {"setting": "agreement.online_counts_as_seal"}  # a setting that is no number
EFFECT = {"effect": "priority", "title": {"zh": "优先"}, "clause": "CZMC-6.3", "automatic": True}


@pytest.mark.parametrize(
    ("code", "change", "words"),
    [
        ("czmc", kind("annual", clause=None), "cites no clause"),
        ("czmc", kind("annual", role="king"), "no role «king» in unit «university»"),
        ("czmc", kind("annual", window={"days": 3, "months": 1}), "a span is one of days, months, years"),
        ("czmc", kind("annual", window={"days": MONTHS}), "is boolean, not a number"),
        ("czmc", kind("annual", window={"days": {"setting": "no.such"}}), "no setting «no.such»"),
        ("czmc", kind("annual", opens={"yearly": {"month": 13}}), "a month is 1 to 12"),
        ("czmc", kind("annual", opens={"yearly": {"month": 12}, "by_hand": True}), "opens is one of yearly"),
        ("czmc", kind("annual", opens={}), "opens is one of yearly"),
        ("czmc", kind("annual", opens={"after": "breakfast"}), "'construction'"),
        ("czmc", kind("annual", opens={"every": {"from": "agreement"}}), "an interval is one of years, months"),
        (
            "czmc",
            kind("annual", opens={"every": {"years": 1, "from": "evaluation"}}),
            "from: evaluation and key «of» belong together",
        ),
        (
            "czmc",
            kind("annual", opens={"every": {"years": 1, "from": "evaluation", "of": ["weekly"]}}),
            "no kind of evaluation «weekly» (known: annual)",
        ),
        ("czmc", kind("annual", members={"fact": "recognition.fame", "equals": True}), "recognition.fame"),
        ("czmc", kind("annual", members={"fact": "agreement.ends_on", "present": True}), "cannot be read of a case"),
        ("czmc", kind("annual", report=REPORT | {"form": "nothing"}), "no form «nothing»"),
        (
            "czmc",
            kind("annual", report=REPORT | {"prefill": [{"field": "fame", "fact": "recognition.owner_college"}]}),
            "form «annual_report» has no field «fame»",
        ),
        (
            "czmc",
            kind("annual", report=REPORT | {"prefill": [{"field": "students", "fact": "agreement.ends_on"}]}),
            "no fact «agreement.ends_on» of a case of kind recognition",
        ),
        (
            "czmc",
            kind(
                "annual",
                report=REPORT
                | {"prefill": [{"field": "students", "fact": "recognition.owner_college", "evidence": "mentors"}]},
            ),
            "form «annual_report» has no file field «mentors»",
        ),
        ("czmc", kind("annual", grades=[]), "grades, each with a code of its own"),
        (
            "czmc",
            kind("annual", grades=[{"code": "missed", "title": "缺", "passed": False, "local": True}]),
            "«missed» is no grade",
        ),
        ("czmc", kind("annual", consequences={"great": [EFFECT]}), "no grade «great» (known: pass, fail, missed)"),
        ("czmc", steps(lambda step: step | {"kind": "endorse", "form": None}), "no step of kind grade"),
        ("czmc", steps(lambda step: step | {"tracks": ["weekly"]}), "no track «weekly»"),
        (
            "czmc",
            steps(lambda step: step | {"stage": "recommending"}),
            "stage recommending is none of checking, marking",
        ),
        (
            "nm",
            kind("periodic", in_a_row={"times": 1, "count": ["periodic"], "clause": "NM-19c", "consequences": []}),
            "greater than or equal to 2",
        ),
        (
            "nm",
            lambda content: content["evaluations"]["periodic"]["in_a_row"].update(count=["weekly"]),
            "no kind of evaluation «weekly»",
        ),
        (
            "nm",
            lambda content: content["evaluations"]["periodic"]["in_a_row"].update(
                count_if={"reevaluation": {"setting": "evaluation.interval"}}
            ),
            "setting «evaluation.interval» is integer, not a boolean",
        ),
        ("xcu", output(record="nothing"), "output «course»: no record type «nothing» (known:"),
        ("xcu", output(codes=["gold"]), "record type «joint_course» has no code «gold»"),
        ("xcu", output(at_least=0), "a reminder needs a number that is missing"),
        ("xcu", lambda content: content["recognition"]["outputs"][0].pop("record"), "which records are counted?"),
    ],
)
def test_what_cannot_work_is_refused(profiles, code, change, words):
    found = faults(profiles[code], change)
    assert any(words in message for message in found), found


def test_the_profiles_themselves_are_sound(profiles):
    for data in profiles.values():
        assert load_data(data).faults == []
