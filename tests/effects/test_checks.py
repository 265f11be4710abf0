"""What the check of profiles refuses about consequences, grants, incidents and withdrawals, and where it says so."""

from __future__ import annotations

import copy

import pytest

from regulations.loader import PROFILES, load, load_data

TITLE = {"effect": "title", "title": {"zh": "示范基地"}, "code": "demonstration", "clause": "NM-17a", "automatic": True}
OFFICER = {"unit": "authority", "role": "officer"}


@pytest.fixture(scope="module")
def nm() -> dict:
    loaded = load(PROFILES / "nm")
    assert not loaded.faults
    return loaded.source.data


def faults(data: dict, change) -> list[str]:
    content = copy.deepcopy(data)
    change(content)
    return [fault.message for fault in load_data(content).faults]


def incident(*consequences: dict):
    """Let an incident lead to these."""
    return lambda content: content["incident"].update(consequences=list(consequences))


def without(declared: dict, *keys: str, **more) -> dict:
    return {key: value for key, value in declared.items() if key not in keys} | more


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (incident(without(TITLE, "automatic")), "either it is automatic, or somebody confirms it"),
        (incident(TITLE | {"confirm": OFFICER}), "either it is automatic, or somebody confirms it"),
        (incident(without(TITLE, effect="fame")), "'title'"),
        (incident(without(TITLE, "code")), "a title has a code"),
        (incident(TITLE | {"years": 1, "months": 6}), "give one of until, years, months"),
        (incident(TITLE | {"renewal": True}), "renewal needs an end"),
        (incident(TITLE | {"amount": 5}), "an effect of kind title has no amount"),
        (incident(TITLE | {"effect": "grant"}), "a grant has an amount"),
        (incident(TITLE | {"effect": "revocation"}), "a revocation names its reason"),
        (incident(TITLE | {"effect": "revocation", "reason": "bad_luck"}), "'missed'"),
        (incident(TITLE | {"from": "published"}), "what begins with the publication is confirmed"),
        (incident(TITLE | {"paper": "nothing"}), "no paper «nothing» (known:"),
        (incident(TITLE | {"lifts": ["title"]}), "title cannot lift its own kind"),
        (incident(TITLE | {"effect": "loss_of_title"}), "the loss of a title lifts it (lifts: [title])"),
        (incident(TITLE | {"years": {"setting": "no.such"}}), "no setting «no.such»"),
        (incident(without(TITLE, "automatic", confirm={"unit": "authority", "role": "king"})), "no role «king»"),
        (
            incident(TITLE | {"when": {"fact": "recognition.fame", "equals": True}}),
            "recognition.fame",
        ),
        (
            incident(TITLE | {"when": {"fact": "application.partner_count", "gte": 1}}),
            "cannot be read of a case of kind recognition",
        ),
        (lambda c: c["routes"].pop("incident"), "incident needs a route"),
        (lambda c: c["routes"]["incident"][0].pop("on_negative"), "on_negative: continue"),
        (lambda c: c["incident"].update(form="nothing"), "no form «nothing»"),
        (lambda c: c["withdrawal"].update(form="nothing"), "no form «nothing»"),
        (lambda c: c["grants"]["national"].update(open=True), "open needs aspects"),
        (lambda c: c["grants"]["national"]["give"].update(role="king"), "no role «king»"),
        (
            lambda c: c["grants"]["national"].update(when={"fact": "application.partner_count", "gte": 1}),
            "cannot be read of a case of kind recognition",
        ),
    ],
)
def test_what_cannot_work_is_refused(nm, change, words):
    said = faults(nm, change)
    assert any(words in message for message in said), said


def test_the_fault_names_file_and_line(tmp_path):
    """A revocation without its reason, in the file in which it stands."""
    folder = tmp_path / "nm"
    folder.mkdir()
    for path in (PROFILES / "nm").rglob("*.yaml"):
        (folder / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    events = folder / "events.yaml"
    text = events.read_text(encoding="utf-8")
    events.write_text(text.replace("      reason: incident\n", ""), encoding="utf-8")
    (fault,) = [str(fault) for fault in load(folder).faults]
    assert "events.yaml:" in fault and "a revocation names its reason" in fault
