"""What a profile may say of the office over the bases: what cannot be kept is refused with what would; the page reads it."""

from __future__ import annotations

import copy
import json

import pytest

from regulations import loader
from regulations.loader import PROFILES, load

CONTENT = json.loads(load(PROFILES / "lcu").content)


def faults(change) -> list[str]:
    """The messages on LCU after a change of its data."""
    content = copy.deepcopy(CONTENT)
    change(content)
    return [fault.message for fault in loader.load_data(content).faults]


def office(content: dict) -> dict:
    return content["office"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: office(c).update(role="dean"), "no role «dean» in unit «university»"),
        (lambda c: office(c).update(unit="college"), "Input should be 'university' or 'authority'"),
        (lambda c: office(c).update(record="diary"), "no record «diary»"),
        (lambda c: office(c).update(record=None), "a task list needs the type of record"),
        (lambda c: office(c).update(tasks=[]), "a task list needs the type of record"),
        (lambda c: office(c).update(record="base_plan"), "must be about the unit «university»"),
        (
            lambda c: office(c)["tasks"].append({"code": "parties", "label": "联欢"}),
            "the task «parties» cannot be marked",
        ),
        (lambda c: c["records"]["office_task"].pop("columns"), "no such option in its column code (known: none)"),
        (
            lambda c: c["records"]["liaison"]["authors"].append({"unit": "college", "role": "secretary"}),
            "only members of the unit «university» see",
        ),
        (lambda c: office(c).update(clause=None), "cites no clause"),
        (lambda c: office(c).update(hours="8-17"), "unknown key «hours»"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_what_would(change, said):
    said_of_it = faults(change)
    assert any(said in message for message in said_of_it), said_of_it


def test_a_regulation_needs_no_office():
    assert faults(lambda content: content.pop("office")) == []
