"""Who signs an agreement and who holds an original: what a profile may say of it, and what is refused, tried on CZMC's."""

from __future__ import annotations

import pytest

from tests.regulations.test_rectifications import faults

PARTY = "agreement", "parties", 0


def at(content: dict, *path):
    for part in path:
        content = content[part]
    return content


@pytest.mark.parametrize(
    "change,said",
    [
        pytest.param(lambda c: at(c, *PARTY).pop("signer_setting"), "several signers", id="no setting chooses"),
        pytest.param(
            lambda c: at(c, *PARTY).update(signer_setting="agreement.online_counts_as_seal"),
            "it has to be a map",
            id="a setting that is no map",
        ),
        pytest.param(
            lambda c: at(c, "settings", "agreement.signer", "options").pop(),
            "offers other signers",
            id="the map knows fewer signers",
        ),
        pytest.param(lambda c: at(c, *PARTY).update(signers=["university", "dean"]), "signers", id="no such signer"),
        pytest.param(
            lambda c: at(c, "agreement", "copies").update(number=2), "3 steps of kind receipt", id="two originals"
        ),
        pytest.param(
            lambda c: at(c, "settings", "agreement.signer").update(value={"nursing": "college"}),
            "nursing",
            id="a kind of base that is none",
        ),
        pytest.param(
            lambda c: at(c, "recognition", "custody", 0).update(role="dean"), "no role «dean»", id="no such keeper"
        ),
    ],
)
def test_what_cannot_work_is_refused(change, said):
    messages = faults("czmc", change)
    assert any(said in message for message in messages), messages


def test_a_map_of_known_kinds_is_taken():
    assert (
        faults("czmc", lambda c: at(c, "settings", "agreement.signer").update(value={"clinical": "university"})) == []
    )


def confirmation(content: dict) -> dict:
    return next(step for step in at(content, "routes", "agreement") if step["kind"] == "confirmation")


@pytest.mark.parametrize(
    "change,said",
    [
        pytest.param(
            lambda c: confirmation(c).update(confirms=["agreement.clause"]), "has the sections", id="no such section"
        ),
        pytest.param(lambda c: confirmation(c).update(confirms=["agrement"]), "no form «agrement»", id="no such form"),
        pytest.param(
            lambda c: confirmation(c).update(unit="partner", quorum={"value": 2, "local": True}),
            "a quorum counts",
            id="a number of one",
        ),
        pytest.param(
            lambda c: confirmation(c).update(quorum={"value": 0, "local": True}),
            "a quorum counts",
            id="a number of none",
        ),
        pytest.param(lambda c: confirmation(c).update(unit="party.bank"), "unit", id="no such party"),
        pytest.param(lambda c: confirmation(c).update(role="dean"), "no role «dean»", id="a role of another side"),
        pytest.param(
            lambda c: at(c, "forms", "agreement", "sections", 0, "fields", 0).update(holds="promise"),
            "not 'promise'",
            id="neither term nor fact nor contact",
        ),
    ],
)
def test_what_a_confirmation_cannot_say_is_refused(change, said):
    messages = faults("czmc", change)
    assert any(said in message for message in messages), messages


@pytest.mark.parametrize("parts", [["agreement"], ["agreement.clauses"], ["agreement.term", "agreement.intent"]])
def test_a_form_or_its_sections_are_taken(parts):
    assert faults("czmc", lambda c: confirmation(c).update(confirms=parts)) == []


def test_what_an_end_leads_to_is_a_consequence_like_any_other():
    half = {"effect": "cancellation", "title": "取消资格", "reason": "agreement_ended", "local": True}
    messages = faults("czmc", lambda c: at(c, "agreement").update(ended=[half]))
    assert any("either it is automatic" in message for message in messages), messages
    assert faults("czmc", lambda c: at(c, "agreement").update(ended=[{**half, "automatic": True}])) == []
